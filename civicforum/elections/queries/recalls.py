"""Reads of recalls: who is entitled to demand one, and what their pages show."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import ELECTED_BODIES
from civicforum.elections.models import Departure, Election, Recall, RecallSigner, Registration, Winner
from civicforum.elections.recalls import DepartureState, RecallState
from civicforum.elections.rules import RegistrationState, Way
from civicforum.elections.services.rolls import GROUNDS, seats_of_representatives
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import Basis, Draw, DrawFault, Drawn, terms_of
from civicforum.polls.models import Poll
from civicforum.polls.queries.rolls import draw_people
from civicforum.rulebook import Rulebook

PER_PAGE = 50


def get_recall(session: Session, *, recall_id: uuid.UUID, community_id: uuid.UUID) -> Recall:
    """Return a recall with the member, the post and its poll. Raises NotFound."""
    row = session.scalar(_recalls().where(Recall.id == recall_id, Recall.community_id == community_id))
    if row is None:
        raise NotFound(recall_id)
    return row


def list_recalls(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Recall]:
    """Return a page of the recalls of a community, the newest first."""
    statement = _recalls().where(Recall.community_id == community_id)
    return paginate(session, statement.order_by(Recall.filed_at.desc(), Recall.id), number=number)


def find_live(session: Session, term_id: uuid.UUID, live: Collection[RecallState]) -> uuid.UUID | None:
    """Return the demand that is under way against the holder of a post."""
    return session.scalar(select(Recall.id).where(Recall.term_id == term_id, Recall.state.in_(live)))


def find_failed(session: Session, term_id: uuid.UUID) -> Recall | None:
    """Return the last recall from this post that failed."""
    return session.scalars(
        select(Recall)
        .where(Recall.term_id == term_id, Recall.state == RecallState.FAILED)
        .order_by(Recall.decided_at.desc())
        .limit(1)
    ).first()


def list_elected(session: Session, *, community_id: uuid.UUID, day: date) -> Sequence[Term]:
    """Return who holds an elected post today, with post and body, the highest post first."""
    return session.scalars(
        select(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .join(Person, Term.person_id == Person.id)
        .options(contains_eager(Term.post).contains_eager(Post.body), contains_eager(Term.person))
        .where(
            Body.community_id == community_id,
            Body.kind.in_(ELECTED_BODIES),
            Body.dissolved_on.is_(None),
            is_running(day),
            # Whose last day it is has been recalled or has resigned.
            Term.ended_on.is_(None),
        )
        .order_by(Body.name, Post.position, Person.number)
    ).all()


def origin_of(session: Session, term_id: uuid.UUID) -> Election | None:
    """Return the election by which a term began, where it was run here."""
    return session.scalar(
        select(Election).join(Winner, Winner.election_id == Election.id).where(Winner.term_id == term_id)
    )


def draw_of(session: Session, row: Recall, book: Rulebook, *, opens_at: datetime, now: datetime) -> Draw:
    """Return of whom the roll of a recall consists: of those who elect in its way (arts 14 and 16)."""
    if row.way is Way.REPRESENTATIVES:
        return Draw(Basis.POSTS, posts=seats_of_representatives(session, row.community_id))
    usual = book.switch("roll.usual_residents").on
    grounds = tuple(kind for kind in GROUNDS if usual or kind is not CapacityKind.USUAL_RESIDENCE)
    everybody = Draw(Basis.CAPACITIES, capacities=grounds)
    if row.way is Way.VOTERS:
        return everybody
    drawn = _drawn(session, row, everybody, book, opens_at=opens_at, now=now)
    return Draw(Basis.HOUSEHOLDS, capacities=grounds, chosen=_chosen(session, row, drawn))


def entitled_to(session: Session, row: Recall, book: Rulebook, *, now: datetime) -> frozenset[uuid.UUID]:
    """Return who may sign today."""
    draw = draw_of(session, row, book, opens_at=now, now=now)
    if draw.basis is Basis.POSTS and not draw.posts:
        return frozenset()
    drawn = _drawn(session, row, draw, book, opens_at=now, now=now)
    return frozenset(one.candidate.person_id for one in drawn)


def signers_of(session: Session, recall_id: uuid.UUID) -> set[uuid.UUID]:
    return set(session.scalars(select(RecallSigner.person_id).where(RecallSigner.recall_id == recall_id)))


def list_signers(session: Session, *, recall_id: uuid.UUID, number: int) -> Page[RecallSigner]:
    """Return a page of those who signed, in their order, for officers and the member."""
    statement = (
        select(RecallSigner)
        .options(joinedload(RecallSigner.person).joinedload(Person.household))
        .where(RecallSigner.recall_id == recall_id)
        .order_by(RecallSigner.signed_at, RecallSigner.id)
    )
    return paginate(session, statement, number=number, per_page=PER_PAGE)


@dataclass(frozen=True)
class Vacancy:
    """A body with an empty seat: how many are left, since when, and after which election.

    `seats` are its posts with how many seats of each are empty.
    """

    body: Body
    left: int
    seats: list[tuple[Post, int]]
    since: date
    election_id: uuid.UUID | None

    @property
    def empty(self) -> int:
        return sum(number for _post, number in self.seats)


def list_vacancies(session: Session, *, community_id: uuid.UUID, day: date) -> list[Vacancy]:
    """Return the elected bodies in which a term has ended and a seat is empty since."""
    bodies = session.scalars(
        select(Body)
        .where(Body.community_id == community_id, Body.kind.in_(ELECTED_BODIES), Body.dissolved_on.is_(None))
        .order_by(Body.name)
    ).all()
    found = [_vacancy(session, body, day) for body in bodies]
    return [one for one in found if one is not None and one.empty > 0]


def _vacancy(session: Session, body: Body, day: date) -> Vacancy | None:
    since = session.scalar(
        select(func.max(Term.ended_on)).join(Post).where(Post.body_id == body.id, Term.ended_on <= day)
    )
    if since is None:
        return None
    # Whose last day it is does not hold the post any more from tomorrow on.
    stays = and_(Term.post_id == Post.id, is_running(day), or_(Term.ended_on.is_(None), Term.ended_on > day))
    rows = session.execute(
        select(Post, func.count(Term.id))
        .outerjoin(Term, stays)
        .where(Post.body_id == body.id)
        .group_by(Post.id)
        .order_by(Post.position)
    ).all()
    seats = [(post, max(post.seats - held, 0)) for post, held in rows]
    left = sum(held for _post, held in rows)
    return Vacancy(body, left, seats, since, _last_election(session, body.id))


def _last_election(session: Session, body_id: uuid.UUID) -> uuid.UUID | None:
    """Return the election by which the youngest term in a body began, where it was run here."""
    return session.scalar(
        select(Winner.election_id)
        .join(Term, Term.id == Winner.term_id)
        .join(Post, Post.id == Term.post_id)
        .where(Post.body_id == body_id)
        .order_by(Term.since.desc())
        .limit(1)
    )


def get_departure(session: Session, *, departure_id: uuid.UUID, community_id: uuid.UUID) -> Departure:
    """Return a departure with the member and the post. Raises NotFound."""
    row = session.scalar(
        _departures().where(Departure.id == departure_id, Departure.community_id == community_id)
    )
    if row is None:
        raise NotFound(departure_id)
    return row


def list_departures(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Departure]:
    """Return a page of the departures of a community: what waits for a decision first, then the newest."""
    waits = case((Departure.state == DepartureState.FILED, 0), else_=1)
    statement = _departures().where(Departure.community_id == community_id)
    return paginate(
        session, statement.order_by(waits, Departure.filed_at.desc(), Departure.id), number=number
    )


def _departures() -> Select[Departure]:
    return select(Departure).options(
        joinedload(Departure.term).joinedload(Term.person),
        joinedload(Departure.term).joinedload(Term.post).joinedload(Post.body),
    )


def _recalls() -> Select[Recall]:
    return select(Recall).options(
        joinedload(Recall.term).joinedload(Term.person),
        joinedload(Recall.term).joinedload(Term.post).joinedload(Post.body),
        joinedload(Recall.poll).joinedload(Poll.result),
    )


def _drawn(
    session: Session, row: Recall, draw: Draw, book: Rulebook, *, opens_at: datetime, now: datetime
) -> list[Drawn]:
    terms = terms_of(book, opens_at=opens_at, now=now)
    found = draw_people(session, community_id=row.community_id, draw=draw, terms=terms)
    return [] if isinstance(found, DrawFault) else found


def _chosen(session: Session, row: Recall, drawn: Sequence[Drawn]) -> tuple[uuid.UUID, ...]:
    """Return who stood for their household when the member was elected, and still can."""
    election = origin_of(session, row.term_id)
    if election is None:
        return ()
    stood = set(
        session.scalars(
            select(Registration.person_id).where(
                Registration.election_id == election.id,
                Registration.for_household,
                Registration.state == RegistrationState.REGISTERED,
            )
        )
    )
    of_home: dict[uuid.UUID, uuid.UUID] = {}
    for one in drawn:
        if one.candidate.person_id in stood:
            of_home.setdefault(one.candidate.household_id, one.candidate.person_id)
    return tuple(of_home.values())
