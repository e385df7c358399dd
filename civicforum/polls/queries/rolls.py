"""Drawing a roll from the register of residents, and the posted roll as its pages show it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Capacity, Group, Household, Person
from civicforum.polls.electorates import Basis, Candidate, Draw, DrawFault, Drawn, Held, Terms, compose
from civicforum.polls.models import Mandate, Poll, RollCorrection, RollEntry, RollObjection
from civicforum.polls.queries.polls import get_alone

PER_PAGE = 50


def get_posted(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a poll whose roll everybody may read. Raises NotFound before it is posted."""
    poll = get_alone(session, poll_id=poll_id, community_id=community_id)
    if poll.roll_posted_at is None:
        raise NotFound(poll_id)
    return poll


def draw_people(
    session: Session, *, community_id: uuid.UUID, draw: Draw, terms: Terms
) -> list[Drawn] | DrawFault:
    """Return who goes on the roll, in its order: one statement, whatever their number."""
    if draw.basis is Basis.POSTS:
        candidates = _holders(session, community_id, draw, terms)
    else:
        candidates = _residents(session, community_id, draw)
    return compose(candidates, draw, terms)


def draw_one(session: Session, *, person_id: uuid.UUID, draw: Draw, terms: Terms) -> str | None:
    """Return the ground on which one person would be drawn, or None; of a household only who is drawn."""
    person = session.get_one(Person, person_id)
    found = draw_people(session, community_id=person.community_id, draw=draw, terms=terms)
    if isinstance(found, DrawFault):
        return None
    return next((drawn.ground for drawn in found if drawn.candidate.person_id == person_id), None)


@dataclass(frozen=True)
class Preview:
    """What a draw would give: how many by ground and by residents' group, and in all."""

    grounds: list[tuple[str, int]]
    groups: list[tuple[str, int]]
    total: int


def preview_of(drawn: Iterable[Drawn]) -> Preview:
    """Count a roll that was drawn; groups come in its order."""
    people = list(drawn)
    return _counted((one.ground, one.candidate.group_name) for one in people)


def preview_of_poll(session: Session, *, poll_id: uuid.UUID) -> Preview:
    """Count the roll of a poll as it stands, without whom was struck off."""
    rows = session.execute(
        select(RollEntry.ground, RollEntry.group_name)
        .where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
        .order_by(RollEntry.position)
    )
    return _counted((ground, group) for ground, group in rows)


def _counted(lines: Iterable[tuple[str, str]]) -> Preview:
    grounds: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for ground, group in lines:
        grounds[ground] += 1
        groups[group] += 1
    return Preview(grounds.most_common(), list(groups.items()), grounds.total())


def numbers_of(session: Session, people: Sequence[uuid.UUID]) -> Sequence[str]:
    """Return the roll numbers of people, in order."""
    return session.scalars(select(Person.number).where(Person.id.in_(people)).order_by(Person.number)).all()


def list_seats(
    session: Session, *, community_id: uuid.UUID, terms: Terms
) -> list[tuple[Body, PostKind, int]]:
    """Return the kinds of post in each body that somebody holds when the poll opens, with how many do."""
    rows = session.execute(
        select(Body, Post.kind, func.count(func.distinct(Term.person_id)))
        .join(Post, Post.body_id == Body.id)
        .join(Term, Term.post_id == Post.id)
        .where(Body.community_id == community_id, Body.dissolved_on.is_(None), is_running(terms.opens_on))
        .group_by(Body.id, Post.kind)
        .order_by(Body.name, Body.id, func.min(Post.position), Post.kind)
    ).all()
    return [(body, kind, holders) for body, kind, holders in rows]


def _people(community_id: uuid.UUID, draw: Draw, *columns: Any) -> Select[Any]:
    statement = (
        select(
            Person.id,
            Person.name,
            Person.number,
            Group.name.label("group_name"),
            Person.household_id,
            Person.born_on,
            Person.left_on,
            *columns,
        )
        .join(Household, Household.id == Person.household_id)
        .join(Group, Group.id == Household.group_id)
        .where(Person.community_id == community_id)
        .order_by(Person.number)
    )
    if draw.groups:
        statement = statement.where(Household.group_id.in_(draw.groups))
    if draw.grids:
        statement = statement.where(Household.grid_id.in_(draw.grids))
    return statement


def _residents(session: Session, community_id: uuid.UUID, draw: Draw) -> list[Candidate]:
    statement = _people(community_id, draw, Capacity.kind, Capacity.since, Capacity.until).join(
        Capacity, and_(Capacity.person_id == Person.id, Capacity.kind.in_(draw.capacities))
    )
    people: dict[uuid.UUID, list[Any]] = {}
    held: dict[uuid.UUID, list[Held]] = defaultdict(list)
    for person_id, *facts, kind, since, until in session.execute(statement):
        people[person_id] = facts
        held[person_id].append(Held(kind, since, until))
    return [Candidate(*[who, *facts, tuple(held[who])]) for who, facts in people.items()]


def _holders(session: Session, community_id: uuid.UUID, draw: Draw, terms: Terms) -> list[Candidate]:
    seats = [and_(Post.body_id == body_id, Post.kind == kind) for body_id, kind in draw.posts]
    statement = (
        _people(community_id, draw, Body.kind, Post.kind)
        .join(Term, Term.person_id == Person.id)
        .join(Post, Post.id == Term.post_id)
        .join(Body, Body.id == Post.body_id)
        .where(or_(*seats), is_running(terms.opens_on), Body.dissolved_on.is_(None))
    )
    found: dict[uuid.UUID, Candidate] = {}
    for *who, body_kind, post_kind in session.execute(statement):
        post: tuple[BodyKind, PostKind] = (body_kind, post_kind)
        known = found.get(who[0]) or Candidate(*who)
        found[known.person_id] = replace(known, posts=(*known.posts, post))
    return list(found.values())


def list_barred(session: Session, poll: Poll) -> Sequence[str]:
    """Return the names of those who are not on the roll because the poll grades them."""
    if not poll.barred:
        return []
    graded = select(Person.name).where(
        Person.id.in_(poll.barred_ids), Person.community_id == poll.community_id
    )
    return session.scalars(graded.order_by(Person.number)).all()


def list_entries(
    session: Session, *, poll_id: uuid.UUID, text: str = "", number: int = 1, is_current: bool = False
) -> Page[RollEntry]:
    """Return a page of the roll by its numbers, of those whose name has this text in it.

    Args:
        is_current: leave out whom was struck off.
    """
    statement = select(RollEntry).where(RollEntry.poll_id == poll_id).order_by(RollEntry.position)
    if text:
        statement = statement.where(RollEntry.name.contains(text, autoescape=True))
    if is_current:
        statement = statement.where(RollEntry.struck_off_at.is_(None))
    return paginate(session, statement, number=number, per_page=PER_PAGE)


class SheetLine(NamedTuple):
    """Somebody on the roll, as the sheet on the notice board shows them."""

    id: uuid.UUID
    position: int
    name: str
    struck_off_at: datetime | None


def list_sheet(session: Session, *, poll_id: uuid.UUID) -> list[tuple[str, list[SheetLine]]]:
    """Return everybody on the roll by residents' group, for the sheet on the notice board."""
    groups: dict[str, list[SheetLine]] = {}
    # Not whole entries: the sheet has thousands.
    lines = session.execute(
        select(
            RollEntry.group_name, RollEntry.id, RollEntry.position, RollEntry.name, RollEntry.struck_off_at
        )
        .where(RollEntry.poll_id == poll_id)
        .order_by(RollEntry.position)
    )
    for group, entry_id, position, name, struck_off_at in lines:
        groups.setdefault(group, []).append(SheetLine(entry_id, position, name, struck_off_at))
    return list(groups.items())


def count_entries(session: Session, *, poll_id: uuid.UUID) -> int:
    """Return how many are on the roll now; who was struck off is not counted."""
    counted = session.scalar(
        select(func.count()).where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    )
    return counted or 0


def find_entry(session: Session, *, poll_id: uuid.UUID, entry_id: uuid.UUID) -> RollEntry:
    """Return an entry of the poll's roll. Raises NotFound."""
    entry = session.get(RollEntry, entry_id)
    if entry is None or entry.poll_id != poll_id:
        raise NotFound(entry_id)
    return entry


def find_entry_of(session: Session, *, poll_id: uuid.UUID, person_id: uuid.UUID | None) -> RollEntry | None:
    """Return somebody's entry on the roll, struck off or not."""
    return session.scalar(
        select(RollEntry).where(RollEntry.poll_id == poll_id, RollEntry.person_id == person_id)
    )


def list_corrections(session: Session, *, poll_id: uuid.UUID) -> Sequence[RollCorrection]:
    """Return the dated corrections of a roll, the first one first."""
    return session.scalars(
        select(RollCorrection)
        .join(RollCorrection.entry)
        .options(contains_eager(RollCorrection.entry))
        .where(RollCorrection.poll_id == poll_id)
        .order_by(RollCorrection.made_at, RollCorrection.id)
    ).all()


def list_objections(session: Session, *, poll_id: uuid.UUID, number: int) -> Page[RollObjection]:
    """Return a page of the objections to a roll: those not ruled on first, then by when they were made."""
    statement = (
        select(RollObjection)
        .where(RollObjection.poll_id == poll_id)
        .options(joinedload(RollObjection.entry), joinedload(RollObjection.filed_by))
        .order_by(RollObjection.ruled_at.is_not(None), RollObjection.filed_at, RollObjection.id)
    )
    return paginate(session, statement, number=number)


@dataclass(frozen=True)
class ObjectionCounts:
    filed: int
    ruled: int

    @property
    def unruled(self) -> int:
        return self.filed - self.ruled


def count_objections(session: Session, *, poll_id: uuid.UUID) -> ObjectionCounts:
    """Return how many objections were made to a roll, and how many of them were ruled on."""
    filed, ruled = session.execute(
        select(func.count(RollObjection.id), func.count(RollObjection.ruled_at)).where(
            RollObjection.poll_id == poll_id
        )
    ).one()
    return ObjectionCounts(filed, ruled)


def get_objection(session: Session, *, objection_id: uuid.UUID, poll_id: uuid.UUID) -> RollObjection:
    """Return an objection to the poll's roll. Raises NotFound."""
    objection = session.get(RollObjection, objection_id)
    if objection is None or objection.poll_id != poll_id:
        raise NotFound(objection_id)
    return objection


def list_mandates(session: Session, *, poll_id: uuid.UUID, number: int) -> Page[Mandate]:
    """Return a page of the proxies with both sides, withdrawn ones too, by the number of the principal."""
    statement = (
        select(Mandate)
        .join(RollEntry, RollEntry.id == Mandate.principal_id)
        .options(joinedload(Mandate.principal), joinedload(Mandate.holder))
        .where(Mandate.poll_id == poll_id)
        .order_by(RollEntry.position, Mandate.entered_at, Mandate.id)
    )
    return paginate(session, statement, number=number, per_page=PER_PAGE)


def get_mandate(session: Session, *, mandate_id: uuid.UUID, poll_id: uuid.UUID) -> Mandate:
    """Return a proxy of the poll with both sides. Raises NotFound."""
    mandate = session.scalar(
        select(Mandate)
        .options(joinedload(Mandate.principal), joinedload(Mandate.holder))
        .where(Mandate.id == mandate_id, Mandate.poll_id == poll_id)
    )
    if mandate is None:
        raise NotFound(mandate_id)
    return mandate
