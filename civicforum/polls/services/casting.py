"""Casting a sealed ballot. Nothing about a person is written: the board alone remembers (docs/adr/0011)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.errors import NotFound
from civicforum.polls import keyring
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import (
    CredentialLink,
    Mandate,
    Poll,
    RollEntry,
    TestedBallot,
)
from civicforum.polls.rules import PollFault, PollState, Preset
from civicforum.polls.services import boards
from civicforum.polls.services.appending import Waiting, Way, append_ballot
from civicforum.polls.services.boards import Appended
from civicforum.sealed import Answer, Receipt, Refused, Standing


@dataclass(frozen=True)
class Cast:
    """Where the ballot stands on the board; `is_new` is False where the same bytes were there before."""

    tracker: bytes
    number: int
    head: bytes
    receipt: Receipt
    is_new: bool


def cast_sealed_ballot(
    *, poll_id: uuid.UUID, entry_id: uuid.UUID, ballot: bytes, actor: Actor, settings: Settings, now: datetime
) -> Cast:
    """Put a sealed ballot on the board. The same bytes sent again get the same answer, and count once.

    `entry_id` is the voter's place on the roll, or that of a principal whose proxy the actor holds.
    Raises NotFound, BallotRefused, KeysMissing.
    """
    # First of all: a ballot that cannot be acknowledged, the keys being lost, is not taken.
    receipt_secret = keyring.read_keys(settings.instance, poll_id).receipt_secret
    tracker = sealed.tracker_of(ballot)
    try:
        where = _put_in(poll_id, entry_id, ballot, tracker, actor=actor, now=now)
        is_new = True
    except BallotRefused as refusal:
        found = boards.find_ballot(db.session(), poll_id, tracker) if refusal.fault in MAY_BE_IN else None
        if found is None:
            raise
        where, is_new = found, False
    receipt = sealed.issue_receipt(receipt_secret, str(poll_id), where.number, tracker, where.head)
    return Cast(tracker, where.number, where.head, receipt, is_new)


def seal_and_cast(
    *,
    poll_id: uuid.UUID,
    entry_id: uuid.UUID,
    answers: Sequence[Answer],
    sequence: int,
    nonce: bytes,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Cast:
    """Seal a ballot for a browser without a script, and cast it: for the preset `poll` alone.

    The same form sent again makes the same bytes, and counts once. Raises NotFound, BallotRefused,
    KeysMissing, sealed.BreaksTheRules (answers that were not checked).
    """
    with transaction() as session:
        # Only whose place it is gets its code used; the rest is asked again when the ballot is cast.
        if not holds_place(session, poll_id=poll_id, entry_id=entry_id, actor=actor):
            raise BallotRefused(PollFault.NOT_ON_ROLL)
        manifest = boards.manifest_of(session, poll_id)
    keys = keyring.read_keys(settings.instance, poll_id)
    secret = sealed.secret_of(str(poll_id), keys.code_of(entry_id))
    picks = sealed.picks_of(manifest.contests, answers)
    ballot = sealed.seal(manifest.race, picks, secret, sequence, keys.seed_of(entry_id, sequence, nonce))
    return cast_sealed_ballot(
        poll_id=poll_id, entry_id=entry_id, ballot=ballot, actor=actor, settings=settings, now=now
    )


def holds_place(session: Session, *, poll_id: uuid.UUID, entry_id: uuid.UUID, actor: Actor) -> bool:
    """Tell whether the place is the actor's, or that of a principal whose proxy the actor holds."""
    if actor.assisted_by is not None:
        return False
    asked = {"entry_id": entry_id, "person_id": actor.person_id}
    return session.scalar(select(_ENTRY.c.poll_id), asked) == poll_id


# What the same bytes meet when they are sent again, because the first answer was lost on its way.
MAY_BE_IN = frozenset({PollFault.NOT_OPEN, PollFault.OUT_OF_STEP, PollFault.NO_REVOTE, PollFault.TOO_MANY})


def _put_in(
    poll_id: uuid.UUID, entry_id: uuid.UUID, ballot: bytes, tracker: bytes, *, actor: Actor, now: datetime
) -> Appended:
    # Only read, so nothing is committed: the connection is kept for the append.
    session = db.session()
    way = _way_to_the_board(session, poll_id=poll_id, entry_id=entry_id, actor=actor, now=now)
    race = boards.manifest_of(session, poll_id).race
    # Read and proved before the lock: the others need not wait for it.
    if _checked(race, ballot) != way.public:
        raise BallotRefused(PollFault.WRONG_CREDENTIAL)
    return append_ballot(Waiting(way, ballot, tracker))


def standing_of(
    *, poll_id: uuid.UUID, entry_id: uuid.UUID, actor: Actor, now: datetime
) -> tuple[bytes, Standing]:
    """Return the credential that the actor may use, and how it stands: its next sequence is one more.

    Raises NotFound, BallotRefused.
    """
    with transaction() as session:
        way = _way_to_the_board(session, poll_id=poll_id, entry_id=entry_id, actor=actor, now=now)
        return way.public, boards.read_standing(session, poll_id, way.public)


def keep_as_tested(
    *, poll_id: uuid.UUID, entry_id: uuid.UUID, ballot: bytes, actor: Actor, now: datetime
) -> bytes:
    """Remember a ballot as one that its voter opens as a test, before the seed is shown. Returns its tracker.

    Raises NotFound, BallotRefused (also where it has been cast).
    """
    with transaction() as session:
        way = _way_to_the_board(session, poll_id=poll_id, entry_id=entry_id, actor=actor, now=now)
        race = boards.manifest_of(session, poll_id).race
        if _checked(race, ballot) != way.public:
            raise BallotRefused(PollFault.WRONG_CREDENTIAL)
        tracker = sealed.tracker_of(ballot)
        # Locked: the same ballot may be on its way to the board at this moment.
        boards.lock_board(session, poll_id)
        if boards.find_ballot(session, poll_id, tracker) is not None:
            raise BallotRefused(PollFault.OUT_OF_STEP)
        tested = insert(TestedBallot).values(
            poll_id=poll_id, tracker=tracker, community_id=actor.community_id
        )
        session.execute(tested.on_conflict_do_nothing())
        return tracker


def _way_to_the_board(
    session: Session, *, poll_id: uuid.UUID, entry_id: uuid.UUID, actor: Actor, now: datetime
) -> Way:
    # At the help desk somebody else presses the button, and would see the vote.
    if actor.assisted_by is not None:
        raise BallotRefused(PollFault.NOT_ON_ROLL)
    asked = {"poll_id": poll_id, "entry_id": entry_id, "person_id": actor.person_id}
    found = session.connection().execute(_WAY, asked).one_or_none()
    if found is None or found.community_id != actor.community_id or not found.has_board:
        raise NotFound(poll_id)
    if found.state is not PollState.OPEN or (found.closes_at and now >= found.closes_at):
        raise BallotRefused(PollFault.NOT_OPEN)
    if found.entry_id is None:
        raise BallotRefused(PollFault.NOT_ON_ROLL)
    if found.gave_proxy:
        raise BallotRefused(PollFault.PROXY_STANDS)
    if found.public is None:
        raise BallotRefused(PollFault.STRUCK_OFF if found.struck_off_at else PollFault.NO_CREDENTIAL)
    return Way(poll_id, found.community_id, found.public)


_HOLDS_PROXY = (
    select(Mandate.id)
    .join(RollEntry, RollEntry.id == Mandate.holder_id)
    .where(
        Mandate.principal_id == bindparam("entry_id"),
        Mandate.withdrawn_at.is_(None),
        RollEntry.person_id == bindparam("person_id"),
    )
    .exists()
)
# While a proxy stands its holder votes, and not whoever gave it.
_GAVE_PROXY = and_(
    RollEntry.person_id == bindparam("person_id"),
    select(Mandate.id)
    .where(Mandate.principal_id == RollEntry.id, Mandate.withdrawn_at.is_(None))
    .correlate(RollEntry)
    .exists(),
)
_ENTRY = (
    select(RollEntry.id, RollEntry.poll_id, RollEntry.struck_off_at, _GAVE_PROXY.label("gave_proxy"))
    .where(
        RollEntry.id == bindparam("entry_id"),
        or_(RollEntry.person_id == bindparam("person_id"), _HOLDS_PROXY),
    )
    .subquery()
)
# Built once, as in boards.py: a ballot is cast in few statements that cost little to build.
_WAY = (
    select(
        Poll.community_id,
        Poll.state,
        Poll.closes_at,
        and_(Poll.preset != Preset.OPEN, Poll.by_screen).label("has_board"),
        _ENTRY.c.id.label("entry_id"),
        _ENTRY.c.struck_off_at,
        _ENTRY.c.gave_proxy,
        CredentialLink.public,
    )
    .outerjoin(_ENTRY, _ENTRY.c.poll_id == Poll.id)
    .outerjoin(CredentialLink, CredentialLink.roll_entry_id == _ENTRY.c.id)
    .where(Poll.id == bindparam("poll_id"))
)


def _checked(race: sealed.Race, ballot: bytes) -> bytes:
    try:
        return bytes(sealed.verify_ballot(race, ballot).credential)
    except Refused as refusal:
        raise BallotRefused(PollFault.BAD_BALLOT) from refusal


def find_receipt(
    session: Session, *, poll_id: uuid.UUID, tracker: bytes, settings: Settings
) -> Receipt | None:
    """Return the signed receipt of a ballot on the board, or None where there is no such ballot."""
    found = boards.find_ballot(session, poll_id, tracker)
    if found is None:
        return None
    secret = keyring.read_keys(settings.instance, poll_id).receipt_secret
    return sealed.issue_receipt(secret, str(poll_id), found.number, tracker, found.head)
