"""The first three lines of a board: who keeps the key, which credentials may vote, and on what terms."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.config import Settings
from civicforum.polls import keyring
from civicforum.polls.keyring import PollKeys
from civicforum.polls.models import CredentialLink, KeyCeremony, Poll, RollEntry, Trustee
from civicforum.polls.questions import contest_record
from civicforum.polls.rules import Preset
from civicforum.polls.services import boards
from civicforum.sealed import Ceremony

PLATFORM = "civicforum"
ONLY_TRUSTEE = 1


def found_platform_poll(session: Session, *, poll: Poll, settings: Settings, now: datetime) -> sealed.Board:
    """Found the board of a poll whose key and codes the platform keeps (preset `poll`), roll frozen."""
    keys = keyring.make_keys(settings.instance, poll.id, is_platform_trustee=True)
    entries = session.scalars(
        select(RollEntry.id).where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
    )
    rows = [
        {
            "roll_entry_id": entry_id,
            "poll_id": poll.id,
            "community_id": poll.community_id,
            "public": bytes(sealed.credential_of(str(poll.id), keys.code_of(entry_id))),
        }
        for entry_id in entries
    ]
    session.execute(insert(CredentialLink), rows)
    ceremony = _platform_ceremony(session, poll=poll, keys=keys, now=now)
    return found(session, poll=poll, ceremony=ceremony, keys=keys)


def found(session: Session, *, poll: Poll, ceremony: KeyCeremony, keys: PollKeys) -> sealed.Board:
    """Found the board from a finished ceremony and the credentials linked to the roll.

    Raises sealed.Refused where the ceremony does not hold.
    """
    credentials = session.scalars(
        select(CredentialLink.public).where(CredentialLink.poll_id == poll.id)
    ).all()
    first, second = line_of_ceremony(ceremony), sealed.roll_line(credentials=list(credentials))
    terms = manifest_terms(poll, key=key_of_ceremony(ceremony), keys=keys)
    return boards.found_board(
        session, poll=poll, founding=[first, second, sealed.manifest_line(first, second, **terms)]
    )


def line_of_ceremony(ceremony: KeyCeremony) -> bytes:
    """Return line 1 from what the trustees' browsers sent in each round."""
    records: dict[str, list[Any]] = {
        "hellos": [trustee.hello for trustee in ceremony.trustees],
        "deals": [trustee.deal for trustee in ceremony.trustees],
        "confirms": [trustee.confirm for trustee in ceremony.trustees],
    }
    return sealed.write_line(
        {"type": "ceremony", "id": bytes(ceremony.sealed_id), "t": ceremony.threshold, **records}
    )


def key_of_ceremony(ceremony: KeyCeremony) -> bytes:
    """Return the joint key. Raises sealed.Refused where the ceremony does not hold."""
    board = sealed.Board()
    board.take(line_of_ceremony(ceremony))
    return bytes(board.trustees.key)


def manifest_terms(poll: Poll, *, key: bytes, keys: PollKeys) -> dict[str, Any]:
    """Return what the manifest states of a poll, beside the two lines that it names.

    Needs the planned times: a poll without them cannot be founded.
    """
    assert poll.opens_at is not None and poll.closes_at is not None  # noqa: S101, PT018
    return {
        "uuid": str(poll.id),
        "title": poll.title,
        "contests": [contest_record(spec) for spec in poll.specs],
        "key": key,
        "revote": poll.revote,
        "least": poll.least,
        "opens": sealed.write_instant(poll.opens_at),
        "closes": sealed.write_instant(poll.closes_at),
        "receipt_key": bytes(sealed.receipt_key(keys.receipt_secret)),
        "terms": {
            "preset": poll.preset.value,
            "rules": f"{poll.profile}@{poll.profile_version}",
            "destroyed": sealed.write_instant(poll.planned_destruction),
        },
    }


def _platform_ceremony(session: Session, *, poll: Poll, keys: PollKeys, now: datetime) -> KeyCeremony:
    assert poll.preset is Preset.POLL and keys.seed is not None  # noqa: S101, PT018
    protocol = Ceremony(secrets.token_bytes(16), 1, 1)
    platform = sealed.Trustee(protocol, ONLY_TRUSTEE, keys.seed)
    hello = platform.hello()
    deal = platform.deal([hello])
    confirm = platform.confirm([hello], [deal])
    line = sealed.read_line(sealed.ceremony_line(protocol, [hello], [deal], [confirm]))
    ceremony = KeyCeremony(
        community_id=poll.community_id,
        poll_id=poll.id,
        sealed_id=protocol.id,
        threshold=protocol.threshold,
        size=protocol.size,
        started_at=now,
        finished_at=now,
        trustees=[
            Trustee(
                community_id=poll.community_id,
                number=ONLY_TRUSTEE,
                name=PLATFORM,
                hello=line["hellos"][0],
                deal=line["deals"][0],
                confirm=line["confirms"][0],
                has_heard=True,
            )
        ],
    )
    session.add(ceremony)
    session.flush()
    return ceremony
