"""Reads of the rounds in which residents grade a matter. Grades are never shown with a name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.matters.models import Grade, GradeRound, Matter
from civicforum.matters.rules import Act, GradeLevel, Stage, may
from civicforum.matters.rules_after import is_shown
from civicforum.matters.services.people import has_left
from civicforum.matters.services.steps import rules_of
from civicforum.people.models import Person
from civicforum.people.rules import is_adult
from civicforum.rulebook import Threshold
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class RoundLine:
    """A round: `counts` and `comments` only when it is closed and enough took part to hide behind."""

    grading: GradeRound
    cast: int
    is_running: bool
    counts: Sequence[tuple[GradeLevel, int]]
    comments: Sequence[str]


@dataclass(frozen=True)
class Grades:
    """Everything the page says about grading: rounds, newest first, the rule, and the viewer's own grade."""

    rounds: Sequence[RoundLine]
    rule: Threshold
    least: int
    mine: Grade | None
    may_grade: bool


def get_grades(session: Session, *, matter: Matter, actor: Actor | None, now: datetime) -> Grades:
    """Return the rounds of a matter; a running round tells only how many have taken part."""
    book = rules_of(matter)
    rounds = session.scalars(
        select(GradeRound)
        .where(GradeRound.matter_id == matter.id)
        .options(joinedload(GradeRound.photo))
        .order_by(GradeRound.number.desc())
    ).all()
    running = rounds[0] if rounds and rounds[0].closed_at is None else None
    cast = _count_cast(session, running)
    shown = {
        found.id
        for found in rounds
        if found.closed_at is not None and is_shown(book, sum(found.counts.values()))
    }
    comments = _comments(session, shown)
    return Grades(
        rounds=[
            RoundLine(
                grading=found,
                cast=cast if found is running else sum(found.counts.values()),
                is_running=found is running and now <= found.closes_at,
                counts=[(level, found.counts.get(level.value, 0)) for level in GradeLevel]
                if found.id in shown
                else [],
                comments=comments.get(found.id, []),
            )
            for found in rounds
        ],
        rule=book.threshold("matter.grade.poor"),
        least=book.count("privacy.least").least or 0,
        mine=_own_grade(session, running, actor),
        may_grade=running is not None
        and now <= running.closes_at
        and may_grade(session, matter=matter, actor=actor, now=now),
    )


def may_grade(session: Session, *, matter: Matter, actor: Actor | None, now: datetime) -> bool:
    """Tell whether the viewer is an adult resident here and the matter waits for grades."""
    if actor is None or matter.stage is not Stage.DONE or not may(Act.GRADE, actor.roles):
        return False
    person = session.get_one(Person, actor.person_id)
    today = day_of(now)
    return (
        person.community_id == matter.community_id
        and is_adult(person.born_on, today)
        and not has_left(person, today)
    )


def _count_cast(session: Session, running: GradeRound | None) -> int:
    if running is None:
        return 0
    return session.scalar(select(func.count()).select_from(Grade).where(Grade.round_id == running.id)) or 0


def _comments(session: Session, rounds: set[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Return the comments of rounds in the order of random ids, which tells nothing of their authors."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    if rounds:
        rows = session.execute(
            select(Grade.round_id, Grade.comment)
            .where(Grade.round_id.in_(rounds), Grade.comment != "")
            .order_by(Grade.id)
            .limit(200)
        )
        for round_id, comment in rows:
            found[round_id].append(comment)
    return found


def _own_grade(session: Session, running: GradeRound | None, actor: Actor | None) -> Grade | None:
    if running is None or actor is None:
        return None
    return session.scalar(
        select(Grade).where(Grade.round_id == running.id, Grade.person_id == actor.person_id)
    )
