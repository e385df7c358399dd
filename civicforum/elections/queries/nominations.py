"""Reads of nominations: who is put forward, by how many voters on the roll, and who agreed to stand."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.elections.models import Election, Nomination, NominationSigner, Seat
from civicforum.elections.nominations import judge_route, judge_signers
from civicforum.elections.queries.registrations import electors_among
from civicforum.elections.rules import NominationRoute, NominationState
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Household, Person
from civicforum.people.queries import MOST_FOUND
from civicforum.rulebook import Rulebook, Verdict

# A nomination that was neither refused nor withdrawn.
LIVE = (NominationState.FILED, NominationState.ACCEPTED)
LEAST_OF_NAME = 2


@dataclass(frozen=True)
class Line:
    """A nomination and where it stands.

    Attributes:
        signed: voters on the roll who signed, each once; the nominee's own signature is not counted.
        verdict: whether it is complete, by its route; None for a party organisation that may nominate.
        has_signed: the person who looks has signed it.
    """

    nomination: Nomination
    signed: int
    verdict: Verdict | None
    has_signed: bool

    @property
    def is_complete(self) -> bool:
        return self.verdict is None or self.verdict.holds


def get_nomination(session: Session, *, nomination_id: uuid.UUID, election_id: uuid.UUID) -> Nomination:
    """Return a nomination with its seat and people. Raises NotFound."""
    row = session.scalar(
        _nominations(election_id)
        .where(Nomination.id == nomination_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(nomination_id)
    return row


def get_seat(election: Election, seat_id: uuid.UUID | None) -> Seat:
    """Return a seat of the election. Raises NotFound."""
    for seat in election.seats:
        if seat.id == seat_id:
            return seat
    raise NotFound(seat_id)


def list_nominations(
    session: Session,
    *,
    election: Election,
    book: Rulebook,
    states: Collection[NominationState],
    day: date,
    number: int,
) -> Page[Line]:
    """Return a page of the nominations: what waits first, then by seat and nominee."""
    statement = _nominations(election.id).where(Nomination.state.in_(states))
    page = paginate(session, statement, number=number)
    lines = {one.nomination.id: one for one in _lines(session, election, book, page.items, None, day)}
    return page.map(lambda nomination: lines[nomination.id])


def list_open(
    session: Session, *, election: Election, book: Rulebook, person_id: uuid.UUID, day: date, number: int
) -> Page[Line]:
    """Return a page of the joint nominations that voters can sign now."""
    statement = _nominations(election.id).where(
        Nomination.state == NominationState.FILED, Nomination.route == NominationRoute.JOINT
    )
    page = paginate(session, statement, number=number)
    lines = {one.nomination.id: one for one in _lines(session, election, book, page.items, person_id, day)}
    return page.map(lambda nomination: lines[nomination.id])


def get_line(
    session: Session,
    *,
    election: Election,
    book: Rulebook,
    nomination: Nomination,
    person_id: uuid.UUID,
    day: date,
) -> Line:
    """Return where one nomination stands."""
    return _lines(session, election, book, [nomination], person_id, day)[0]


def list_of_nominee(
    session: Session, *, election_id: uuid.UUID, person_id: uuid.UUID
) -> Sequence[Nomination]:
    """Return every nomination of a person, whatever became of it, in the order of the seats."""
    return session.scalars(_nominations(election_id).where(Nomination.person_id == person_id)).all()


def list_live_of(session: Session, *, election_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[Nomination]:
    """Return the nominations of a person that stand."""
    statement = _nominations(election_id).where(Nomination.person_id == person_id, Nomination.state.in_(LIVE))
    return session.scalars(statement).all()


def signers_of(session: Session, nomination_id: uuid.UUID) -> list[NominationSigner]:
    """Return who signed, the first one first."""
    return list(
        session.scalars(
            select(NominationSigner)
            .where(NominationSigner.nomination_id == nomination_id)
            .options(
                joinedload(NominationSigner.person).joinedload(Person.household).joinedload(Household.group)
            )
            .order_by(NominationSigner.signed_at, NominationSigner.id)
        )
    )


def nominated_by(
    session: Session, *, seat_id: uuid.UUID, people: Collection[uuid.UUID], but: uuid.UUID
) -> dict[uuid.UUID, int]:
    """Return how many people each of these voters has nominated for a seat, somebody left out."""
    rows = session.execute(
        select(NominationSigner.person_id, func.count(func.distinct(Nomination.person_id)))
        .join(Nomination, Nomination.id == NominationSigner.nomination_id)
        .where(
            Nomination.seat_id == seat_id,
            Nomination.state.in_(LIVE),
            Nomination.person_id != but,
            NominationSigner.person_id.in_(people),
        )
        .group_by(NominationSigner.person_id)
    )
    return dict(rows.all())


def count_by_state(session: Session, *, election_id: uuid.UUID) -> dict[NominationState, int]:
    """Return how many nominations there are in each state."""
    rows = session.execute(
        select(Nomination.state, func.count())
        .where(Nomination.election_id == election_id)
        .group_by(Nomination.state)
    )
    return dict(rows.all())


def judge_complete(
    book: Rulebook,
    nomination: Nomination,
    *,
    signers: Collection[uuid.UUID],
    electors: Collection[uuid.UUID],
) -> Verdict | None:
    """Judge whether a nomination is complete by its route (art 18); None where nothing is to be counted."""
    if nomination.route is NominationRoute.PARTY:
        return judge_route(book, nomination.route)
    return judge_signers(book, signers, electors, nomination.person_id)


def _nominations(election_id: uuid.UUID) -> Select[Nomination]:
    return (
        select(Nomination)
        .join(Seat, Seat.id == Nomination.seat_id)
        .where(Nomination.election_id == election_id)
        .options(
            joinedload(Nomination.seat),
            joinedload(Nomination.person).joinedload(Person.household).joinedload(Household.group),
            joinedload(Nomination.filed_by),
        )
        .order_by(
            Nomination.state != NominationState.FILED, Seat.position, Nomination.filed_at, Nomination.id
        )
    )


def _lines(
    session: Session,
    election: Election,
    book: Rulebook,
    nominations: Sequence[Nomination],
    person_id: uuid.UUID | None,
    day: date,
) -> list[Line]:
    """Return the lines of these nominations, in two or three statements."""
    signed: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = session.execute(
        select(NominationSigner.nomination_id, NominationSigner.person_id).where(
            NominationSigner.nomination_id.in_([one.id for one in nominations])
        )
    )
    for nomination_id, signer_id in rows:
        signed[nomination_id].add(signer_id)
    everybody = set().union(*signed.values())
    electors = electors_among(session, election=election, people=everybody, day=day)
    return [
        Line(
            one,
            signed=len((signed[one.id] & electors) - {one.person_id}),
            verdict=judge_complete(book, one, signers=signed[one.id], electors=electors),
            has_signed=person_id in signed[one.id],
        )
        for one in nominations
    ]


def find_nominees(session: Session, *, election: Election, text: str, born_by: date) -> Sequence[Person]:
    """Return residents old enough to stand whose name has this text in it, at least two characters of it.

    By name alone: neighbours look for somebody here, and no address or phone leads to a name.
    """
    if len(text) < LEAST_OF_NAME:
        return []
    statement = (
        select(Person)
        .join(Person.household)
        .options(contains_eager(Person.household).joinedload(Household.group))
        .where(
            Person.community_id == election.community_id,
            Person.left_on.is_(None),
            Person.born_on <= born_by,
            Person.name.contains(text, autoescape=True),
        )
        .order_by(Person.name, Person.number)
        .limit(MOST_FOUND)
    )
    if election.group_id is not None:
        statement = statement.where(Household.group_id == election.group_id)
    return session.scalars(statement).all()
