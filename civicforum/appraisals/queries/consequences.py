"""Reads about what grades lead to: the results of one term of office that count towards article 37."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum.appraisals.consequences import Graded
from civicforum.appraisals.models import AppraisalSubject, Cycle, SubjectResult
from civicforum.appraisals.rules import CycleState


def list_counting(
    session: Session, *, term_ids: Collection[uuid.UUID], also: uuid.UUID | None = None
) -> dict[uuid.UUID, list[Graded]]:
    """Return by term what its certified cycles that count towards article 37 said, the earliest first.

    A cycle that was void, does not count, or graded the same person in another term is not among them.
    One statement. `also` is a cycle that is being certified.
    """
    found: dict[uuid.UUID, list[Graded]] = defaultdict(list)
    if not term_ids:
        return found
    rows = session.execute(
        select(
            AppraisalSubject.term_id,
            Cycle.id,
            Cycle.title,
            Cycle.held_on,
            SubjectResult.grade,
            SubjectResult.is_unfit,
        )
        .join(Cycle, AppraisalSubject.cycle_id == Cycle.id)
        .join(SubjectResult, SubjectResult.subject_id == AppraisalSubject.id)
        .where(
            AppraisalSubject.term_id.in_(term_ids),
            Cycle.counts_for_37,
            or_(Cycle.state == CycleState.CERTIFIED, Cycle.id == also),
        )
        .order_by(Cycle.held_on, Cycle.title)
    )
    for term_id, cycle_id, title, held_on, grade, is_unfit in rows:
        if term_id is not None:
            found[term_id].append(Graded(cycle_id, title, held_on, grade, is_unfit))
    return found
