"""A poll of the preset `sealed` for tests of voting: cards printed, its key with one trustee, open."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from civicforum import sealed
from civicforum.database import transaction
from civicforum.people.models import Community, Person
from civicforum.polls import keyring
from civicforum.polls.models import CredentialLink, KeyCeremony, Poll, Trustee
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.services import founding
from civicforum.sealed import Ceremony
from tests.support.polls import YES_NO, SealedPoll, make_poll, settings_now


def make_carded_poll(
    community: Community,
    *,
    people: Sequence[Person],
    now: datetime,
    questions: Sequence[QuestionSpec] = (YES_NO,),
    **terms: Any,
) -> tuple[SealedPoll, list[str]]:
    """Return the poll, and the codes of the voters' cards in their order."""
    poll = make_poll(community, people=people, questions=questions, preset=Preset.SEALED, **terms)
    codes = [sealed.new_code() for _ in poll.entries]
    with transaction() as session:
        row = session.get_one(Poll, poll.id)
        keys = keyring.make_keys(settings_now().instance, poll.id, is_platform_trustee=False)
        session.add_all(
            CredentialLink(
                roll_entry_id=entry,
                poll_id=poll.id,
                community_id=community.id,
                public=bytes(sealed.credential_of(str(poll.id), sealed.read_code(code))),
            )
            for entry, code in zip(poll.entries, codes, strict=True)
        )
        session.flush()
        founding.found(session, poll=row, ceremony=_ceremony(row, now), keys=keys)
    return poll, codes


def _ceremony(poll: Poll, now: datetime) -> KeyCeremony:
    protocol = Ceremony(secrets.token_bytes(16), 1, 1)
    trustee = sealed.Trustee(protocol, 1, secrets.token_bytes(32))
    hello = trustee.hello()
    deal = trustee.deal([hello])
    confirm = trustee.confirm([hello], [deal])
    line = sealed.read_line(sealed.ceremony_line(protocol, [hello], [deal], [confirm]))
    return KeyCeremony(
        community_id=poll.community_id,
        poll_id=poll.id,
        sealed_id=protocol.id,
        threshold=1,
        size=1,
        started_at=now,
        finished_at=now,
        trustees=[
            Trustee(
                community_id=poll.community_id,
                number=1,
                name="监督员",
                hello=line["hellos"][0],
                deal=line["deals"][0],
                confirm=line["confirms"][0],
                has_heard=True,
            )
        ],
    )
