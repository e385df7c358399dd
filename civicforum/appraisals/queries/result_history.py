"""What came out for the same subject before: somebody in one post, a body, a department or a provider."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.appraisals.figures import decimal
from civicforum.appraisals.models import AppraisalSubject, Cycle, SubjectResult
from civicforum.appraisals.rankings import Change, change_of
from civicforum.appraisals.result_sheets import from_json
from civicforum.appraisals.results import Before, Figures
from civicforum.appraisals.rules import CycleState

# A history reaches back so many cycles.
MOST = 24
Key = tuple[str, uuid.UUID, uuid.UUID | None]


def key_of(subject: AppraisalSubject) -> Key:
    """Return what makes a subject the same in another cycle: a person is so in the same post only."""
    if subject.person_id is not None:
        return ("person", subject.person_id, subject.term.post_id if subject.term else None)
    if subject.department_id is not None:
        return ("department", subject.department_id, None)
    assert subject.body_id is not None  # noqa: S101 - a constraint of the table
    return ("body", subject.body_id, None)


@dataclass(frozen=True)
class HistoryLine:
    """One certified result of a subject, and how it differs from the one before it."""

    cycle_id: uuid.UUID
    subject_id: uuid.UUID
    title: str
    held_on: date
    figures: Figures
    change: Change

    @property
    def score_text(self) -> str:
        """Return the score as decimals, "" where there is none."""
        return decimal(self.figures.score) if self.figures.score is not None else ""


def list_before(session: Session, cycle: Cycle) -> dict[uuid.UUID, Before]:
    """Return the last certified result of each subject of a cycle in an earlier one of its kind."""
    found: dict[Key, Before] = {}
    for row, result in _rows(session, cycle, cycle.subjects):
        found[key_of(row)] = Before(
            cycle_id=row.cycle_id,
            title=row.cycle.title,
            grade=result.grade,
            score=Fraction(result.score) if result.score else None,
            rank=result.rank,
        )
    return {one.id: found[key_of(one)] for one in cycle.subjects if key_of(one) in found}


def list_history(session: Session, subject: AppraisalSubject) -> list[HistoryLine]:
    """Return the certified results of a subject in this kind of cycle, the earliest first, the last MOST."""
    rows = [
        (row, result)
        for row, result in _rows(session, subject.cycle, [subject], with_own=True)
        if key_of(row) == key_of(subject)
    ]
    lines: list[HistoryLine] = []
    for row, result in rows[-MOST:]:
        figures = from_json(result.figures)
        old = lines[-1].figures if lines else None
        lines.append(
            HistoryLine(
                row.cycle_id, row.id, row.cycle.title, row.cycle.held_on, figures, _change(figures, old)
            )
        )
    return lines


def _change(new: Figures, old: Figures | None) -> Change:
    if old is None:
        return Change(None, None)
    return change_of(rank=new.rank, score=new.score, old_rank=old.rank, old_score=old.score)


def _rows(
    session: Session, cycle: Cycle, subjects: Sequence[AppraisalSubject], *, with_own: bool = False
) -> list[tuple[AppraisalSubject, SubjectResult]]:
    """Return certified results of these subjects, the earliest first, of earlier cycles unless `with_own`."""
    earlier = and_(Cycle.id != cycle.id, Cycle.held_on <= cycle.held_on)
    rows = session.execute(
        select(AppraisalSubject, SubjectResult)
        .join(Cycle, Cycle.id == AppraisalSubject.cycle_id)
        .join(SubjectResult, SubjectResult.subject_id == AppraisalSubject.id)
        .where(
            Cycle.community_id == cycle.community_id,
            Cycle.kind == cycle.kind,
            Cycle.state == CycleState.CERTIFIED,
            *(() if with_own else (earlier,)),
            _is_one_of(subjects),
        )
        .order_by(Cycle.held_on, Cycle.certified_at, AppraisalSubject.id)
        .options(joinedload(AppraisalSubject.cycle), joinedload(AppraisalSubject.term))
    )
    return [(subject, result) for subject, result in rows]


def _is_one_of(subjects: Sequence[AppraisalSubject]) -> ColumnElement[bool]:
    people = [one.person_id for one in subjects if one.person_id]
    departments = [one.department_id for one in subjects if one.department_id]
    bodies = [one.body_id for one in subjects if one.body_id and not one.person_id and not one.department_id]
    return or_(
        AppraisalSubject.person_id.in_(people),
        AppraisalSubject.department_id.in_(departments),
        and_(AppraisalSubject.person_id.is_(None), AppraisalSubject.body_id.in_(bodies)),
    )
