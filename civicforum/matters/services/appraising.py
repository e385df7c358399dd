"""Appraising a matter: residents' grades, the end of a round, and the closing of the matter."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.matters.models import Grade, GradeRound, Matter, Task
from civicforum.matters.rules import Act, GradeLevel, check
from civicforum.matters.rules_after import is_shown, judge_grades
from civicforum.matters.services.carrying_out import append_task
from civicforum.matters.services.people import get_resident
from civicforum.matters.services.steps import advance, lock_matter, record_matter, rules_of
from civicforum.people.queries import count_adults
from civicforum.people.rules import is_adult
from civicforum.rulebook.days import day_of


def cast_grade(*, matter_id: uuid.UUID, actor: Actor, level: GradeLevel, comment: str, now: datetime) -> bool:
    """Grade a matter that was reported done, or change the own grade. Returns whether it was a change.

    Raises NotFound, NotEligible (not an adult resident here), TransitionNotAllowed (no round, or it is over).
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.GRADE, matter.stage, actor.roles)
        if not is_adult(get_resident(session, actor=actor, now=now).born_on, day_of(now)):
            raise NotEligible("not an adult")
        grading = session.scalars(_open_round_of(matter)).one()
        # Until the sweep has come by, a round that is over still waits to be counted.
        if now > grading.closes_at:
            raise TransitionNotAllowed(matter.stage, Act.GRADE)
        grade = session.scalar(
            select(Grade).where(Grade.round_id == grading.id, Grade.person_id == actor.person_id)
        )
        is_change = grade is not None
        if grade is None:
            grade = Grade(community_id=matter.community_id, round_id=grading.id, person_id=actor.person_id)
            session.add(grade)
        grade.level, grade.comment, grade.at = level, comment, now
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.grade",
            payload={**advance(session, matter=matter, act=Act.GRADE, now=now), "round": grading.number},
            now=now,
            # Who graded, and when, is for nobody to read in the register.
            is_public=False,
        )
        return is_change


def end_round(session: Session, *, matter: Matter, now: datetime) -> bool:
    """Count the grades of a locked matter whose round is over, and send it back or on.

    Returns whether the grade was poor; then the body that had the last task gets one of rework.
    """
    grading = session.scalars(_open_round_of(matter)).one()
    entitled = count_adults(session, community_id=matter.community_id, day=day_of(grading.closes_at))
    levels = Counter(session.scalars(select(Grade.level).where(Grade.round_id == grading.id)))
    book = rules_of(matter)
    verdict = judge_grades(book, levels)
    cast = levels.total()
    grading.counts = {level.value: levels[level] for level in GradeLevel}
    grading.arithmetic = verdict.arithmetic
    grading.is_poor = verdict.holds
    grading.closed_at, grading.entitled = now, entitled
    step = advance(
        session, matter=matter, act=Act.GRADED_POORLY if verdict.holds else Act.GRADED_WELL, now=now
    )
    if verdict.holds:
        _open_rework(session, matter=matter, now=now)
    shown = {"counts": grading.counts, "arithmetic": verdict.arithmetic} if is_shown(book, cast) else {}
    record_matter(
        session,
        matter,
        actor=None,
        action=f"matter.{step['act']}",
        payload={
            **step,
            "round": grading.number,
            "cast": cast,
            "entitled": entitled,
            "is_poor": verdict.holds,
            **shown,
        },
        now=now,
    )
    return verdict.holds


def close_matter(*, matter_id: uuid.UUID, actor: Actor, text: str, now: datetime) -> None:
    """Close an appraised matter with a closing text; only now is it finished.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.CLOSE, matter.stage, actor.roles)
        step = advance(session, matter=matter, act=Act.CLOSE, now=now)
        matter.closing_text = text
        matter.closed_at = now
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.close",
            reason=text,
            payload=step,
            now=now,
        )


def _open_round_of(matter: Matter) -> Select[GradeRound]:
    return select(GradeRound).where(GradeRound.matter_id == matter.id, GradeRound.closed_at.is_(None))


def _open_rework(session: Session, *, matter: Matter, now: datetime) -> None:
    """Add the task of rework, due when the plan for it is."""
    last = session.scalar(
        select(Body)
        .join(Task, Task.body_id == Body.id)
        .where(Task.matter_id == matter.id)
        .order_by(Task.position.desc())
        .limit(1)
    )
    if last is None or last.dissolved_on is not None:
        last = session.scalars(
            select(Body)
            .where(
                Body.community_id == matter.community_id,
                Body.kind == BodyKind.RESIDENTS_COMMITTEE,
                Body.dissolved_on.is_(None),
            )
            .order_by(Body.founded_on, Body.name)
        ).first()
    due_on = day_of(rules_of(matter).clock("matter.plan").deadline(now))
    append_task(
        session,
        matter=matter,
        task=Task(title=matter.title, body=last, starts_on=day_of(now), due_on=due_on, is_rework=True),
    )
