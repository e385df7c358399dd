"""What stands between an election and its next stage, read in a number of statements that does not grow."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind, PostKind, post_name
from civicforum.elections import blockers
from civicforum.elections.blockers import Blocker, Facts, PollFact, SeatFact
from civicforum.elections.committees import APART, Place, judge_apart, leavings
from civicforum.elections.law import Kin
from civicforum.elections.models import (
    Candidate,
    CommitteePlace,
    Election,
    HandoverItem,
    Nomination,
    Registration,
    Round,
    Seat,
    Winner,
)
from civicforum.elections.queries.committee import kin_among, list_places, nominated_people, place_of
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.results import list_staying
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationState,
    RegistrationState,
    Way,
    WinnerState,
)
from civicforum.elections.services.steps import rules_of
from civicforum.people.models import Household, Person
from civicforum.people.rules import Sex
from civicforum.polls.models import Poll, RollObjection
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

STANDING = (CandidateState.PRELIMINARY, CandidateState.FORMAL)


def list_blockers(session: Session, election: Election, *, now: datetime) -> list[Blocker]:
    """Return what stands against the stage that follows."""
    return blockers.blockers_of(gather(session, election, now=now), rules_of(election), now)


def gather(session: Session, election: Election, *, now: datetime) -> Facts:
    """Return what is known of an election."""
    book, today = rules_of(election), day_of(now)
    dates = get_dates(session, election)
    committee = _committee(session, election, book)
    put_forward = _put_forward(session, election.id)
    standing = _standing(session, election.id)
    winners = _winners(session, election, book)
    latest = current_round(session, election.id)
    items, open_items = _handover(session, election.id)
    return Facts(
        stage=election.stage,
        kind=election.kind,
        way=election.way,
        body=election.body.kind,
        by_proxy=election.by_proxy,
        dates=dates.days,
        done=dates.done,
        is_formed=election.presiding_id is not None,
        members=committee.members,
        kin_on_committee=committee.kin,
        nominated_members=committee.nominated,
        electors=_electors(session, election, today),
        applications=_applications(session, election.id),
        households_without_voter=_households_without_voter(session, election),
        round_number=latest.number if latest else 0,
        is_decided=latest is not None and latest.decided_at is not None,
        poll=_poll_fact(session, latest),
        seats=_seats(session, election.id, put_forward, standing),
        nominations_undecided=put_forward.undecided,
        in_two_posts=put_forward.in_two_posts,
        checks_missing=standing.checks_missing,
        disqualified=standing.disqualified,
        elected=winners.number,
        staying=winners.staying,
        women=winners.women,
        kin_elected=winners.kin,
        uncertified=winners.uncertified,
        without_term=winners.without_term,
        handover_items=items,
        handover_open=open_items,
    )


def current_round(session: Session, election_id: uuid.UUID) -> Round | None:
    """Return the latest round with its poll, or None before the roll is made."""
    return session.scalars(
        select(Round)
        .options(joinedload(Round.poll))
        .where(Round.election_id == election_id)
        .order_by(Round.number.desc())
        .limit(1)
    ).one_or_none()


@dataclass(frozen=True)
class _Sitting:
    members: int
    kin: tuple[tuple[str, str], ...]
    nominated: tuple[str, ...]


def _committee(session: Session, election: Election, book: Rulebook) -> _Sitting:
    places = list_places(session, election.id)
    sitting = {place.person_id: place.person.name for place in places if _sits(place)}
    nominated = nominated_people(session, election.id)
    kin = kin_among(session, {*sitting, *nominated})
    # Absences end a place when they are entered, not here.
    attending = [Place(one.person_id, one.position, one.is_member) for one in map(place_of, places)]
    leaving = leavings(book, [one for one in attending if one.person_id in sitting], nominated, kin)
    return _Sitting(
        members=len(sitting),
        kin=_pairs_of(sitting, kin) if not judge_apart(book, sitting, kin).holds else (),
        nominated=tuple(sitting[one.person_id] for one in leaving),
    )


def _sits(place: CommitteePlace) -> bool:
    return place.joined_at is not None and place.left_at is None


def _pairs_of(names: dict[uuid.UUID, str], kin: Kin) -> tuple[tuple[str, str], ...]:
    pairs = [sorted(names[one] for one in pair) for pair in kin if pair <= names.keys()]
    return tuple((first, second) for first, second in sorted(pairs))


@dataclass
class _PutForward:
    undecided: int = 0
    in_two_posts: tuple[str, ...] = ()
    # People accepted for each seat, without those who chose another.
    accepted: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))


def _put_forward(session: Session, election_id: uuid.UUID) -> _PutForward:
    rows = session.execute(
        select(
            Nomination.person_id, Person.name, Nomination.seat_id, Nomination.state, Nomination.consented_at
        )
        .join(Person, Person.id == Nomination.person_id)
        .where(
            Nomination.election_id == election_id,
            Nomination.state.in_((NominationState.FILED, NominationState.ACCEPTED)),
        )
    ).all()
    found = _PutForward(undecided=sum(row.state is NominationState.FILED for row in rows))
    chosen = {row.person_id: row.seat_id for row in rows if row.consented_at is not None}
    seats: dict[tuple[uuid.UUID, str], set[uuid.UUID]] = defaultdict(set)
    for row in rows:
        if row.state is NominationState.ACCEPTED:
            seats[row.person_id, row.name].add(row.seat_id)
            if chosen.get(row.person_id, row.seat_id) == row.seat_id:
                found.accepted[row.seat_id].add(row.person_id)
    found.in_two_posts = tuple(
        sorted(name for (person, name), of in seats.items() if len(of) > 1 and person not in chosen)
    )
    return found


@dataclass
class _Standing:
    checks_missing: tuple[str, ...]
    disqualified: tuple[str, ...]
    all: dict[uuid.UUID, int]
    formal: dict[uuid.UUID, int]


def _standing(session: Session, election_id: uuid.UUID) -> _Standing:
    rows = session.execute(
        select(Candidate.seat_id, Candidate.state, Candidate.checks, Person.name)
        .join(Person, Person.id == Candidate.person_id)
        .where(Candidate.election_id == election_id, Candidate.state.in_(STANDING))
        .order_by(Person.name)
    ).all()
    everybody: dict[uuid.UUID, int] = defaultdict(int)
    formal: dict[uuid.UUID, int] = defaultdict(int)
    for row in rows:
        everybody[row.seat_id] += 1
        formal[row.seat_id] += row.state is CandidateState.FORMAL
    return _Standing(
        checks_missing=tuple(row.name for row in rows if len(row.checks) < len(Disqualification)),
        disqualified=tuple(
            row.name for row in rows if any(check.get("applies") for check in row.checks.values())
        ),
        all=everybody,
        formal=formal,
    )


def _seats(
    session: Session, election_id: uuid.UUID, put_forward: _PutForward, standing: _Standing
) -> tuple[SeatFact, ...]:
    rows = session.execute(
        select(Seat, Post.kind)
        .join(Post, Post.id == Seat.post_id)
        .where(Seat.election_id == election_id)
        .order_by(Seat.position)
    ).all()
    return tuple(
        SeatFact(
            seat.title,
            kind,
            seat.seats,
            nominated=len(put_forward.accepted.get(seat.id, ())),
            candidates=standing.all.get(seat.id, 0),
            formal=standing.formal.get(seat.id, 0),
        )
        for seat, kind in rows
    )


def _electors(session: Session, election: Election, today: date) -> int:
    """Return how many have a vote as things stand: registered, for a household, or as representatives."""
    if election.way is Way.REPRESENTATIVES:
        statement = (
            select(func.count(Term.person_id.distinct()))
            .join(Post, Post.id == Term.post_id)
            .where(
                Post.community_id == election.community_id,
                Post.kind == PostKind.REPRESENTATIVE,
                Post.body.has(kind=BodyKind.REPRESENTATIVE_ASSEMBLY),
                is_running(today),
            )
        )
    else:
        statement = select(func.count()).where(
            Registration.election_id == election.id, Registration.state == RegistrationState.REGISTERED
        )
        if election.way is Way.HOUSEHOLDS:
            statement = statement.where(Registration.for_household)
    return session.scalar(statement) or 0


def _applications(session: Session, election_id: uuid.UUID) -> int:
    statement = select(func.count()).where(
        Registration.election_id == election_id, Registration.state == RegistrationState.APPLIED
    )
    return session.scalar(statement) or 0


def _households_without_voter(session: Session, election: Election) -> int:
    """Return how many households have somebody registered, and nobody who stands for them."""
    if election.way is not Way.HOUSEHOLDS:
        return 0
    registered = and_(
        Registration.election_id == election.id, Registration.state == RegistrationState.REGISTERED
    )
    other = aliased(Person)
    has_voter = exists().where(
        registered,
        Registration.for_household,
        Registration.person_id == other.id,
        other.household_id == Household.id,
    )
    statement = (
        select(func.count(Household.id.distinct()))
        .join(Person, Person.household_id == Household.id)
        .where(
            Person.id.in_(select(Registration.person_id).where(registered)), ~has_voter.correlate(Household)
        )
    )
    return session.scalar(statement) or 0


def _poll_fact(session: Session, latest: Round | None) -> PollFact | None:
    if latest is None:
        return None
    poll: Poll = latest.poll
    waiting = select(func.count()).where(RollObjection.poll_id == poll.id, RollObjection.ruled_at.is_(None))
    return PollFact(poll.state, poll.opens_at, poll.roll_posted_at, session.scalar(waiting) or 0)


@dataclass(frozen=True)
class _Elected:
    number: int
    staying: int
    women: int
    kin: tuple[tuple[str, str], ...]
    uncertified: int
    without_term: int


def _winners(session: Session, election: Election, book: Rulebook) -> _Elected:
    rows = session.execute(
        select(Winner.person_id, Person.name, Person.sex, Post.kind, Winner.certificate, Winner.term_id)
        .join(Person, Person.id == Winner.person_id)
        .join(Seat, Seat.id == Winner.seat_id)
        .join(Post, Post.id == Seat.post_id)
        .where(Winner.election_id == election.id, Winner.state == WinnerState.ELECTED)
    ).all()
    staying = list_staying(session, election, but={row.person_id for row in rows})
    return _Elected(
        number=len(rows),
        staying=len(staying),
        women=[*(row.sex for row in rows), *(one.sex for one in staying)].count(Sex.FEMALE),
        kin=_kin_elected(session, election.body.kind, rows, book),
        uncertified=sum(not row.certificate for row in rows),
        without_term=sum(row.term_id is None for row in rows),
    )


def _kin_elected(
    session: Session, body: BodyKind, rows: Sequence[Any], book: Rulebook
) -> tuple[tuple[str, str], ...]:
    """Return near relatives elected together whom a rule keeps apart."""
    names = {row.person_id: row.name for row in rows}
    posts = {row.person_id: post_name(body, row.kind) for row in rows}
    kin = [pair for pair in kin_among(session, names) if _kept_apart(pair, posts, book)]
    return _pairs_of(names, kin)


def _kept_apart(pair: frozenset[uuid.UUID], posts: dict[uuid.UUID, str], book: Rulebook) -> bool:
    first, second = (posts[one] for one in pair)
    return any(rule.forbids(first, second, related=True) for rule in book.pairs() if rule.id != APART)


def _handover(session: Session, election_id: uuid.UUID) -> tuple[int, int]:
    """Return how many things are handed over in all, and how many are not yet."""
    total, open_items = session.execute(
        select(func.count(), func.count().filter(HandoverItem.done_at.is_(None))).where(
            HandoverItem.election_id == election_id
        )
    ).one()
    return total, open_items
