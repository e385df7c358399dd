"""Residents say whether a corrective action that was reported done is mended.

An answer has no hour and no journal entry, and who gave it is known only while the round runs.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.actions import (
    LONGEST_COMMENT,
    Outcome,
    judge_rechecks,
    move,
    takes_rechecks,
)
from civicforum.appraisals.models import ActionRecheck, CorrectiveAction
from civicforum.appraisals.rules import ActionState, Recheck
from civicforum.appraisals.services.action_steps import (
    book_of,
    is_graded,
    lock_action,
    owns,
    record_action,
)
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_of


def recheck(*, action_id: uuid.UUID, verdict: Recheck, comment: str, actor: Actor, now: datetime) -> bool:
    """Say whether it is mended, or change what one said in this round. Returns whether it was a change.

    Raises NotFound, Invalid ("comment"), NotEligible (no adult resident here, the own work or grade),
    TransitionNotAllowed (not reported, or the time is over).
    """
    with transaction() as session:
        action = lock_action(session, action_id=action_id, community_id=actor.community_id)
        if not takes_rechecks(action.state, action.recheck_until, now):
            raise TransitionNotAllowed(action.state, "recheck")
        _check_may_recheck(session, action, actor, now)
        words = comment.strip()
        if len(words) > LONGEST_COMMENT:
            raise Invalid("comment", "comment")
        row = session.scalar(
            select(ActionRecheck).where(
                ActionRecheck.action_id == action.id,
                ActionRecheck.round == action.round,
                ActionRecheck.person_id == actor.person_id,
            )
        )
        is_change = row is not None
        if row is None:
            row = ActionRecheck(
                community_id=action.community_id,
                action_id=action.id,
                round=action.round,
                person_id=actor.person_id,
            )
            session.add(row)
        row.verdict, row.comment = verdict, words
        return is_change


def end_round(session: Session, action: CorrectiveAction, *, now: datetime) -> bool:
    """Count a locked action's round whose time is over; return whether that opened it again.

    Who said what is taken out of every row of the round in one transaction, and the rows are written anew in
    the order of their random ids: neither number nor place tells afterwards in what order people answered.
    """
    counts = count_verdicts(session, action)
    of_round = (ActionRecheck.action_id == action.id, ActionRecheck.round == action.round)
    for row in session.scalars(select(ActionRecheck).where(*of_round).order_by(ActionRecheck.id)):
        row.person_id = None
    action.counted_round = action.round
    book = book_of(session, action)
    answers = counts.total()
    payload: dict[str, object] = {"round": action.round, "answers": answers}
    if law.judge_least(book, answers).holds:
        payload["counts"] = {verdict.value: counts[verdict] for verdict in Recheck}
    reopens = judge_rechecks(counts) is Outcome.NOT_MENDED
    if reopens:
        open_again(session, action, now=now)
    verb = "reopen" if reopens else "count_rechecks"
    record_action(session, action, verb=verb, actor=None, payload=payload, now=now)
    return reopens


def open_again(session: Session, action: CorrectiveAction, *, now: datetime) -> None:
    """Open a locked action again: its owner has the same time as at first to say what is done now."""
    due_at = law.plan_due_at(book_of(session, action), now)
    action.state = move(action.state, ActionState.OPEN)
    action.due_on, action.overdue_at = day_of(due_at), None
    action.times_reopened += 1


def count_verdicts(session: Session, action: CorrectiveAction) -> Counter[Recheck]:
    """Return what the answers of the present round say. For deciding, not for showing: they may be few."""
    rows = session.execute(
        select(ActionRecheck.verdict, func.count())
        .where(ActionRecheck.action_id == action.id, ActionRecheck.round == action.round)
        .group_by(ActionRecheck.verdict)
    )
    return Counter(dict(rows.all()))


def outcome_of(session: Session, action: CorrectiveAction) -> Outcome:
    """Return what the present round says."""
    return judge_rechecks(count_verdicts(session, action))


def _check_may_recheck(session: Session, action: CorrectiveAction, actor: Actor, now: datetime) -> None:
    person, today = session.get_one(Person, actor.person_id), day_of(now)
    has_left = person.left_on is not None and person.left_on < today
    is_own = owns(session, action, person.id, now) or is_graded(action, person.id)
    if has_left or not is_adult(person.born_on, today) or is_own:
        raise NotEligible(actor.person_id)
