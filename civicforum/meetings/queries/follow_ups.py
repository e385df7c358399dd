"""Reads of what follows meetings: the public list, what waits for an assembly, and for whom tasks wait."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_bodies_held, select_bodies_of_posts
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import NotFound
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, TODAY, has_rows, like, values_of
from civicforum.meetings.models import AgendaItem, FollowUp, Meeting
from civicforum.meetings.rules import FollowUpKind
from civicforum.meetings.rules_after import check_run_after, is_left_open
from civicforum.paging import Page, paginate
from civicforum.rows import get_row
from civicforum.rulebook.days import day_ends, day_of

MOST = 20
# Who nobody gives tasks to: an assembly decides, and the office runs the platform.
OWN_NOTHING = (BodyKind.RESIDENTS_ASSEMBLY, BodyKind.REPRESENTATIVE_ASSEMBLY, BodyKind.PLATFORM_OFFICE)


@dataclass(frozen=True)
class Line:
    """A follow-up on a list, with whether the viewer can report it done."""

    follow_up: FollowUp
    is_late: bool
    may_finish: bool

    @property
    def due_at(self) -> datetime | None:
        return day_ends(self.follow_up.due_on) if self.follow_up.due_on else None


@dataclass(frozen=True)
class Figures:
    """How many follow-ups a community has."""

    waiting: int
    late: int
    done: int


@dataclass(frozen=True)
class AfterItem:
    """An item with what follows it. `is_open`: it was agreed on, and nothing is said yet."""

    item: AgendaItem
    lines: Sequence[Line]
    is_open: bool


def list_follow_ups(
    session: Session,
    *,
    community_id: uuid.UUID,
    is_done: bool,
    actor: Actor | None,
    now: datetime,
    number: int,
) -> Page[Line]:
    """Return a page of what waits, the first due first; or of what is done, the latest first."""
    statement = _whole().where(FollowUp.community_id == community_id, _is_done(is_done))
    order = (FollowUp.done_at.desc(),) if is_done else (FollowUp.due_on, FollowUp.text)
    page = paginate(session, statement.order_by(*order, FollowUp.id), number=number)
    held = _held(session, actor, now)
    return page.map(lambda follow_up: _line(follow_up, actor, held, now))


def count_follow_ups(session: Session, *, community_id: uuid.UUID, now: datetime) -> Figures:
    """Return how many wait, are late, and are done. One statement."""
    is_late = FollowUp.done_at.is_(None) & (FollowUp.due_on < day_of(now))
    waiting, late, done = session.execute(
        select(
            func.count().filter(FollowUp.done_at.is_(None)),
            func.count().filter(is_late),
            func.count().filter(FollowUp.done_at.is_not(None)),
        ).where(FollowUp.community_id == community_id)
    ).one()
    return Figures(waiting, late, done)


def list_after(session: Session, *, meeting: Meeting, actor: Actor | None, now: datetime) -> list[AfterItem]:
    """Return the items of a meeting, by position, with what follows each. Two statements."""
    held = _held(session, actor, now)
    found: dict[uuid.UUID, list[Line]] = {}
    for follow_up in session.scalars(
        _whole().where(FollowUp.meeting_id == meeting.id).order_by(FollowUp.due_on, FollowUp.id)
    ):
        found.setdefault(follow_up.item_id, []).append(_line(follow_up, actor, held, now))
    return [
        AfterItem(
            item,
            found.get(item.id, []),
            is_left_open(
                item.outcome,
                has_matter=item.matter_id is not None,
                follow_ups=len(found.get(item.id, [])),
                nothing_because=item.nothing_because,
            ),
        )
        for item in meeting.agenda
    ]


def list_waiting_for_agenda(session: Session, community_id: uuid.UUID) -> Sequence[FollowUp]:
    """Return what waits for the next assembly, with the item and meeting it comes from, the oldest first."""
    return session.scalars(
        _whole()
        .where(
            FollowUp.community_id == community_id,
            FollowUp.kind == FollowUpKind.AGENDA,
            FollowUp.done_at.is_(None),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    ).all()


def get_follow_up(session: Session, *, follow_up_id: uuid.UUID, community_id: uuid.UUID) -> FollowUp:
    """Return a follow-up with its item, meeting and owner. Raises NotFound."""
    found = session.scalars(_whole().where(FollowUp.id == follow_up_id)).one_or_none()
    if found is None or found.community_id != community_id:
        raise NotFound(follow_up_id)
    return found


def get_item_to_follow(session: Session, *, item_id: uuid.UUID, actor: Actor) -> AgendaItem:
    """Return an item for whoever answers for what follows it. Raises NotFound, NotEligible."""
    item = get_row(
        session,
        AgendaItem,
        item_id,
        community_id=actor.community_id,
        options=[joinedload(AgendaItem.meeting), joinedload(AgendaItem.matter)],
    )
    check_run_after(actor, chair_id=item.meeting.answering_id, clerk_id=item.meeting.clerk_id)
    return item


def list_owners(session: Session, *, community_id: uuid.UUID) -> Sequence[Body]:
    """Return the bodies that can be given a task, by name."""
    return session.scalars(
        select(Body)
        .where(Body.community_id == community_id, Body.dissolved_on.is_(None), Body.kind.not_in(OWN_NOTHING))
        .order_by(Body.kind != BodyKind.RESIDENTS_COMMITTEE, Body.name)
    ).all()


def list_follow_up_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the tasks of the actor's bodies, and what waits for an assembly for those who plan one.

    One statement.
    """
    if actor.assisted_by is not None:
        return []
    rows = session.execute(_waiting(like(actor)), values_of(actor, now))
    return [_need(*row) for row in rows]


def may_need_follow_up(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition that a task waits for such an actor; None where none ever does."""
    return has_rows(_waiting(actor)) if actor.assisted_by is None else None


@lru_cache
def _waiting(actor: Actor) -> Select[uuid.UUID, FollowUpKind, str, date | None]:
    held = select_bodies_of_posts(ME, TODAY)
    mine: ColumnElement[bool] = FollowUp.owner_id.in_(held)
    if actor.has(Role.COMMITTEE):
        mine |= FollowUp.kind == FollowUpKind.AGENDA
    return (
        select(FollowUp.id, FollowUp.kind, FollowUp.text, FollowUp.due_on)
        .where(FollowUp.community_id == HERE, FollowUp.done_at.is_(None), mine)
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(MOST)
    )


def _need(follow_up_id: uuid.UUID, kind: FollowUpKind, text: str, due_on: date | None) -> Need:
    due_at = day_ends(due_on) if due_on else None
    if kind is FollowUpKind.AGENDA:
        return Need(NeedKind.PUT_ON_AGENDA, text, "meetings.follow_ups", due_at=due_at)
    arguments = {"follow_up_id": follow_up_id}
    return Need(NeedKind.FINISH_TASK, text, "meetings.finish_follow_up", arguments, due_at=due_at)


def _whole() -> Select[FollowUp]:
    return select(FollowUp).options(
        joinedload(FollowUp.owner),
        joinedload(FollowUp.meeting),
        joinedload(FollowUp.item),
        joinedload(FollowUp.photo),
        joinedload(FollowUp.done_item).joinedload(AgendaItem.meeting),
    )


def _is_done(is_done: bool) -> ColumnElement[bool]:
    return FollowUp.done_at.is_not(None) if is_done else FollowUp.done_at.is_(None)


def _held(session: Session, actor: Actor | None, now: datetime) -> frozenset[uuid.UUID]:
    if actor is None or actor.assisted_by is not None:
        return frozenset()
    return list_bodies_held(session, person_id=actor.person_id, day=day_of(now))


def _line(follow_up: FollowUp, actor: Actor | None, held: frozenset[uuid.UUID], now: datetime) -> Line:
    is_open = follow_up.done_at is None
    is_committee = actor is not None and actor.holds(Role.COMMITTEE)
    return Line(
        follow_up,
        is_late=is_open and follow_up.due_on is not None and follow_up.due_on < day_of(now),
        may_finish=is_open
        and follow_up.kind is FollowUpKind.TASK
        and (is_committee or follow_up.owner_id in held),
    )
