"""Reads of corrective actions: the public list, one with its whole way, and the criticisms that wait."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.actions import (
    WORKED_ON,
    Outcome,
    Show,
    is_late,
    is_owner,
    judge_rechecks,
    may_close,
    takes_rechecks,
)
from civicforum.appraisals.models import ActionRecheck, CorrectiveAction, Criticism, Cycle
from civicforum.appraisals.rules import ActionState, CycleState, Recheck
from civicforum.appraisals.services.action_steps import is_graded
from civicforum.bodies.queries import list_bodies_held
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_ends, day_of

# From then on criticisms are public: while grades are given, nothing read here sways them.
SHOWN_IN = (CycleState.COUNTED, CycleState.CERTIFIED)


@dataclass(frozen=True)
class Line:
    """An action on a list. `due_at`: until when the owner acts, or residents say whether it is mended.

    It is None where it is closed, or waits only for the supervision committee, whose look has no clock.
    """

    action: CorrectiveAction
    is_late: bool
    due_at: datetime | None


@dataclass(frozen=True)
class Round:
    """What residents said after one report that it is done.

    `counts` is None while the round runs, and where so few answered that they might be known; comments are
    in no order that tells when they came.
    """

    number: int
    answers: int
    is_over: bool
    counts: dict[Recheck, int] | None
    outcome: Outcome | None
    comments: Sequence[str]


@dataclass(frozen=True)
class Acts:
    """What the viewer can do with an action now; `mine` is what they said in this round."""

    plan: bool = False
    report: bool = False
    recheck: bool = False
    close: bool = False
    mine: ActionRecheck | None = None


def list_actions(
    session: Session, *, community_id: uuid.UUID, show: Show, number: int, now: datetime
) -> Page[Line]:
    """Return a page of actions: the first due first, or of those that are closed the latest first."""
    today = day_of(now)
    statement = _whole().where(CorrectiveAction.community_id == community_id, _is(show, today))
    order = CorrectiveAction.closed_at.desc() if show is Show.CLOSED else CorrectiveAction.due_on
    page = paginate(session, statement.order_by(order, CorrectiveAction.number), number=number)
    return page.map(lambda action: line_of(action, today))


def count_actions(session: Session, *, community_id: uuid.UUID, now: datetime) -> dict[Show, int]:
    """Return how many actions are open, overdue, and closed. One statement."""
    shows = list(Show)
    row = session.execute(
        select(*(func.count().filter(_is(show, day_of(now))) for show in shows)).where(
            CorrectiveAction.community_id == community_id
        )
    ).one()
    return dict(zip(shows, row, strict=True))


def list_of_cycle(session: Session, *, cycle_id: uuid.UUID, now: datetime) -> list[Line]:
    """Return the actions that came out of a cycle, by number. One statement."""
    statement = _whole().where(CorrectiveAction.cycle_id == cycle_id).order_by(CorrectiveAction.number)
    return [line_of(action, day_of(now)) for action in session.scalars(statement)]


def get_action(session: Session, *, action_id: uuid.UUID, community_id: uuid.UUID) -> CorrectiveAction:
    """Return an action with its owner, proof, cycle and subject. Raises NotFound."""
    action = session.scalars(
        _whole().where(CorrectiveAction.id == action_id, CorrectiveAction.community_id == community_id)
    ).one_or_none()
    if action is None:
        raise NotFound(action_id)
    return action


def line_of(action: CorrectiveAction, today: date) -> Line:
    """Return an action as lists show it."""
    due_at = None if action.state is ActionState.CLOSED else day_ends(action.due_on)
    if action.state is ActionState.REPORTED:
        due_at = action.recheck_until if action.counted_round < action.round else None
    return Line(action, is_late(action.state, action.due_on, today), due_at)


def list_rounds(session: Session, action: CorrectiveAction, book: Rulebook) -> list[Round]:
    """Return the rounds of rechecks, the latest first. One statement."""
    counts: dict[int, Counter[Recheck]] = defaultdict(Counter)
    comments: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(ActionRecheck.round, ActionRecheck.verdict, ActionRecheck.comment).where(
            ActionRecheck.action_id == action.id
        )
    )
    for number, verdict, comment in rows:
        counts[number][verdict] += 1
        if comment:
            comments[number].append(comment)
    return [
        _round(number, counts[number], comments[number], number <= action.counted_round, book)
        for number in range(action.round, 0, -1)
    ]


def get_acts(session: Session, action: CorrectiveAction, actor: Actor | None, now: datetime) -> Acts:
    """Return what the viewer can do, in at most three statements."""
    if actor is None or action.state is ActionState.CLOSED:
        return Acts()
    held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
    owns = is_owner(
        actor.person_id, owner_id=action.owner_id, owner_person_id=action.owner_person_id, held=held
    )
    works = owns and actor.assisted_by is None
    graded = is_graded(action, actor.person_id)
    takes = takes_rechecks(action.state, action.recheck_until, now) and not owns and not graded
    is_over = action.state is ActionState.REPORTED and action.counted_round == action.round
    return Acts(
        plan=works and action.state in WORKED_ON,
        report=works and action.state is ActionState.PLANNED,
        recheck=takes and _is_adult_here(session, actor, now),
        close=is_over and may_close(actor, owns=owns, is_graded=graded),
        mine=_mine(session, action, actor) if takes else None,
    )


def list_criticisms(session: Session, *, cycle: Cycle, leads: bool, number: int) -> Page[Criticism]:
    """Return a page of a cycle's criticisms, those nobody has answered first; public from the count on."""
    statement = (
        select(Criticism)
        .options(joinedload(Criticism.subject), joinedload(Criticism.action))
        .where(Criticism.cycle_id == cycle.id)
        .order_by(~is_unanswered(), Criticism.entered_on, Criticism.id)
    )
    if not leads and cycle.state not in SHOWN_IN:
        statement = statement.where(Criticism.id.is_(None))
    return paginate(session, statement, number=number, argument="criticisms")


def list_unanswered(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Criticism]:
    """Return a page of the criticisms that nobody has answered, the longest waiting first."""
    statement = (
        select(Criticism)
        .join(Cycle, Criticism.cycle_id == Cycle.id)
        .options(joinedload(Criticism.subject), joinedload(Criticism.cycle))
        .where(Criticism.community_id == community_id, is_unanswered(), Cycle.state.in_(SHOWN_IN))
        .order_by(Criticism.entered_on, Criticism.id)
    )
    return paginate(session, statement, number=number)


def get_criticism(session: Session, *, criticism_id: uuid.UUID, community_id: uuid.UUID) -> Criticism:
    """Return a criticism with its cycle and subject. Raises NotFound."""
    found = session.scalars(
        select(Criticism)
        .options(joinedload(Criticism.subject), joinedload(Criticism.cycle))
        .where(Criticism.id == criticism_id, Criticism.community_id == community_id)
    ).one_or_none()
    if found is None:
        raise NotFound(criticism_id)
    return found


def is_unanswered() -> ColumnElement[bool]:
    """Return the condition that a criticism has neither an action nor a reason why not."""
    return and_(Criticism.action_id.is_(None), Criticism.dismissal == "")


def _whole() -> Select[CorrectiveAction]:
    return select(CorrectiveAction).options(
        joinedload(CorrectiveAction.owner),
        joinedload(CorrectiveAction.owner_person),
        joinedload(CorrectiveAction.cycle),
        joinedload(CorrectiveAction.subject),
        joinedload(CorrectiveAction.photo),
        joinedload(CorrectiveAction.closed_by),
    )


def _is(show: Show, today: date) -> ColumnElement[bool]:
    if show is Show.CLOSED:
        return CorrectiveAction.state == ActionState.CLOSED
    if show is Show.OVERDUE:
        return and_(CorrectiveAction.state.in_(WORKED_ON), CorrectiveAction.due_on < today)
    return CorrectiveAction.state != ActionState.CLOSED


def _round(
    number: int, counts: Counter[Recheck], comments: Sequence[str], is_over: bool, book: Rulebook
) -> Round:
    answers = counts.total()
    shows = is_over and law.judge_least(book, answers).holds
    return Round(
        number=number,
        answers=answers,
        is_over=is_over,
        counts={verdict: counts[verdict] for verdict in Recheck} if shows else None,
        outcome=judge_rechecks(counts) if is_over else None,
        comments=sorted(comments) if is_over else (),
    )


def _is_adult_here(session: Session, actor: Actor, now: datetime) -> bool:
    person, today = session.get_one(Person, actor.person_id), day_of(now)
    return is_adult(person.born_on, today) and (person.left_on is None or person.left_on >= today)


def _mine(session: Session, action: CorrectiveAction, actor: Actor) -> ActionRecheck | None:
    return session.scalars(
        select(ActionRecheck).where(
            ActionRecheck.action_id == action.id,
            ActionRecheck.round == action.round,
            ActionRecheck.person_id == actor.person_id,
        )
    ).one_or_none()
