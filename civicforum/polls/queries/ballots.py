"""What the page of a ballot needs: whose ballot it is, whether it can be cast, and what it is sealed with."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from civicforum import rulebook, sealed
from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import BoardLine, Credential, Mandate, Poll, RollEntry, Station, TestedBallot
from civicforum.polls.queries.polls import WITH_QUESTIONS, get_alone
from civicforum.polls.questions import QuestionSpec, answer_from_json
from civicforum.polls.rules import PollFault, PollState, Preset
from civicforum.polls.services import boards, casting
from civicforum.polls.standings import fault_of_standing
from civicforum.polls.trackers import read_tracker
from civicforum.sealed import Answer, Standing, Why

NAMES_NEED_AGAINST = "ballot.write_in_after_against"


@dataclass(frozen=True)
class Place:
    """A place on the roll that the visitor may vote for: the own one, or a principal's."""

    entry_id: uuid.UUID
    name: str
    is_own: bool


@dataclass(frozen=True)
class BallotPage:
    """A ballot to be filled in, or `fault`, which says why there is none. `sequence` is the next ballot's."""

    poll: Poll
    specs: Sequence[QuestionSpec]
    places: Sequence[Place]
    place: Place | None
    fault: PollFault | None
    credential: bytes = b""
    sequence: int = 0
    given: Sequence[Answer] | None = None

    @property
    def has_voted(self) -> bool:
        """Tell whether a ballot of this place is in the box."""
        return self.sequence > 0 or self.given is not None

    @property
    def names_need_against(self) -> bool:
        """Tell whether a name is written in only beside a vote against somebody listed."""
        return rulebook.load(self.poll.profile).switch(NAMES_NEED_AGAINST).on


def get_ballot_page(
    session: Session, *, poll_id: uuid.UUID, actor: Actor, entry_id: uuid.UUID | None, now: datetime
) -> BallotPage:
    """Return the ballot for this place on the roll, or for the visitor's own. Raises NotFound."""
    poll = get_alone(session, poll_id=poll_id, community_id=actor.community_id, options=WITH_QUESTIONS)
    specs = poll.specs
    places = list_places(session, poll_id=poll.id, person_id=actor.person_id)
    place = next((one for one in places if entry_id in (None, one.entry_id)), None)
    if entry_id is not None and place is None:
        raise NotFound(entry_id)
    if poll.preset is Preset.OPEN:
        return _named_page(session, poll, specs, places, place, now)
    if place is None:
        return BallotPage(poll, specs, places, None, _fault_outside(poll, now))
    try:
        credential, standing = casting.standing_of(
            poll_id=poll.id, entry_id=place.entry_id, actor=actor, now=now
        )
    except BallotRefused as refusal:
        return BallotPage(poll, specs, places, place, refusal.fault)
    fault = fault_of_standing(standing, revote=poll.revote)
    return BallotPage(poll, specs, places, place, fault, credential, standing.sequence + 1)


def list_places(session: Session, *, poll_id: uuid.UUID, person_id: uuid.UUID) -> list[Place]:
    """Return the person's own place on the roll and those of principals, the own one first."""
    own = session.execute(
        select(RollEntry.id, RollEntry.name).where(
            RollEntry.poll_id == poll_id, RollEntry.person_id == person_id
        )
    ).one_or_none()
    if own is None:
        return []
    principal = aliased(RollEntry)
    principals = session.execute(
        select(principal.id, principal.name)
        .join(Mandate, Mandate.principal_id == principal.id)
        .where(Mandate.holder_id == own.id, Mandate.withdrawn_at.is_(None))
        .order_by(principal.position)
    )
    return [Place(own.id, own.name, True), *(Place(row.id, row.name, False) for row in principals)]


def list_stations(session: Session, poll_id: uuid.UUID) -> Sequence[Station]:
    """Return where a paper ballot is had."""
    return session.scalars(select(Station).where(Station.poll_id == poll_id).order_by(Station.name)).all()


def manifest_line(session: Session, poll_id: uuid.UUID) -> str:
    """Return the line that a ballot is sealed for. Raises NotFound."""
    raw = session.scalar(
        select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.number == boards.FOUNDING_LINES)
    )
    if raw is None:
        raise NotFound(poll_id)
    return raw


@dataclass(frozen=True)
class Tracked:
    """What became of a ballot: `number` is its line, None where it was only a test."""

    tracker: bytes
    number: int | None
    is_superseded: bool = False
    void: Why | None = None


def find_tracked(session: Session, *, poll_id: uuid.UUID, typed: str) -> Tracked | None:
    """Return what became of the ballot with this tracker, None for an unknown one. Raises sealed.Mistyped."""
    least, greatest = read_tracker(typed)
    line = session.execute(
        select(BoardLine.number, BoardLine.raw, BoardLine.tracker).where(
            BoardLine.poll_id == poll_id, BoardLine.tracker.between(least, greatest)
        )
    ).first()
    if line is None:
        tested = session.scalar(
            select(TestedBallot.tracker).where(
                TestedBallot.poll_id == poll_id, TestedBallot.tracker.between(least, greatest)
            )
        )
        return Tracked(tested, None) if tested else None
    race = boards.manifest_of(session, poll_id).race
    ballot = sealed.parse_ballot(race, sealed.from_base64(sealed.read_line(line.raw.encode())["ballot"]))
    row = session.get_one(Credential, (poll_id, bytes(ballot.credential)))
    standing = Standing(1, row.sequence, row.void, row.is_replaced)
    return Tracked(line.tracker, line.number, standing.sequence > ballot.sequence, standing.void)


def _named_page(
    session: Session,
    poll: Poll,
    specs: Sequence[QuestionSpec],
    places: Sequence[Place],
    place: Place | None,
    now: datetime,
) -> BallotPage:
    entry = session.get(RollEntry, place.entry_id) if place else None
    given = (
        [answer_from_json(written) for written in entry.ballot.answers] if entry and entry.ballot else None
    )
    fault = _fault_outside(poll, now) if entry is None or not _is_open(poll, now) else None
    if entry is not None and fault is None:
        if entry.struck_off_at is not None:
            fault = PollFault.STRUCK_OFF
        elif given is not None and not poll.revote:
            fault = PollFault.NO_REVOTE
    return BallotPage(poll, specs, places, place, fault, given=given)


def _fault_outside(poll: Poll, now: datetime) -> PollFault:
    """Return what to say to somebody who has no place, or comes before or after the voting."""
    return PollFault.NOT_ON_ROLL if _is_open(poll, now) else PollFault.NOT_OPEN


def _is_open(poll: Poll, now: datetime) -> bool:
    return poll.state is PollState.OPEN and not (poll.closes_at and now >= poll.closes_at)
