"""Reads for the results of a cycle: for everybody once it is counted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalObjection, AppraisalSubject, Cycle, ResultUse, SubjectResult
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.rankings import Change, change_of
from civicforum.appraisals.result_sheets import from_json
from civicforum.appraisals.results import Figures, GroupFigures
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services.steps import rules_of
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate

PUBLIC = (CycleState.COUNTED, CycleState.CERTIFIED)


@dataclass(frozen=True)
class ResultLine:
    """The result of one subject, and how it differs from the last one."""

    subject: AppraisalSubject
    figures: Figures

    @property
    def change(self) -> Change:
        """Return what changed since the last certified cycle of this kind."""
        new, old = self.figures, self.figures.before
        if old is None:
            return Change(None, None)
        return change_of(rank=new.rank, score=new.score, old_rank=old.rank, old_score=old.score)


@dataclass(frozen=True)
class ResultPage:
    """What the page of results shows.

    Attributes:
        lines: in the order of the form; empty until the cycle is counted, and of a void one.
        due_at: until when the result is told and posted; None before the count.
        posted_until, objections_until: None before it is posted.
    """

    cycle: Cycle
    lines: list[ResultLine]
    due_at: datetime | None
    posted_until: datetime | None
    objections_until: datetime | None
    objections: int
    unanswered: int
    uses: int

    @property
    def groups(self) -> tuple[GroupFigures, ...]:
        """Return the groups of raters with their turnout."""
        return self.lines[0].figures.groups if self.lines else ()

    @property
    def rankings(self) -> list[list[ResultLine]]:
        """Return those with a place, the best first, for each scale on which somebody has one."""
        tables = []
        for scale in self.cycle.scales:
            own = [one for one in self.lines if one.subject.scale_id == scale.id and one.figures.rank]
            if own:
                tables.append(sorted(own, key=lambda one: one.figures.rank or 0))
        return tables

    def may_object(self, now: datetime) -> bool:
        """Tell whether objections are taken."""
        if self.cycle.state not in PUBLIC:
            return False
        return self.objections_until is None or now <= self.objections_until


def get_results(
    session: Session, *, cycle_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None = None
) -> ResultPage:
    """Return the page of results. Raises NotFound as `get_cycle`."""
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=community_id, actor=actor)
    book, posted_at = rules_of(cycle), cycle.result_posted_at
    objections, unanswered = session.execute(
        select(func.count(), func.count().filter(AppraisalObjection.answered_at.is_(None))).where(
            AppraisalObjection.cycle_id == cycle.id
        )
    ).one()
    return ResultPage(
        cycle=cycle,
        lines=_lines(session, cycle) if cycle.state in PUBLIC else [],
        due_at=law.result_due_at(book, cycle.counted_at) if cycle.counted_at else None,
        posted_until=law.posting_until(book, posted_at) if posted_at else None,
        objections_until=law.objections_until(book, posted_at) if posted_at else None,
        objections=objections,
        unanswered=unanswered,
        uses=_count_uses(session, cycle.id),
    )


def get_line(
    session: Session, *, cycle_id: uuid.UUID, subject_id: uuid.UUID, community_id: uuid.UUID
) -> ResultLine:
    """Return one subject of a counted cycle with its result. Raises NotFound."""
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=community_id)
    found = session.scalars(
        select(SubjectResult)
        .join(AppraisalSubject, AppraisalSubject.id == SubjectResult.subject_id)
        .where(SubjectResult.subject_id == subject_id, AppraisalSubject.cycle_id == cycle.id)
        .options(joinedload(SubjectResult.subject))
    ).one_or_none()
    if found is None or cycle.state not in PUBLIC:
        raise NotFound(subject_id)
    return ResultLine(found.subject, from_json(found.figures))


def list_objections(session: Session, *, cycle_id: uuid.UUID, number: int) -> Page[AppraisalObjection]:
    """Return a page of what was said against a result, with the answers, the latest first."""
    return paginate(
        session,
        select(AppraisalObjection)
        .where(AppraisalObjection.cycle_id == cycle_id)
        .options(joinedload(AppraisalObjection.subject))
        .order_by(AppraisalObjection.filed_at.desc(), AppraisalObjection.id),
        number=number,
    )


def get_objection(session: Session, *, cycle_id: uuid.UUID, objection_id: uuid.UUID) -> AppraisalObjection:
    """Return an objection with who made it. Raises NotFound."""
    found = session.get(AppraisalObjection, objection_id, options=[joinedload(AppraisalObjection.filed_by)])
    if found is None or found.cycle_id != cycle_id:
        raise NotFound(objection_id)
    return found


def _lines(session: Session, cycle: Cycle) -> list[ResultLine]:
    rows = session.scalars(
        select(SubjectResult).where(SubjectResult.subject_id.in_([one.id for one in cycle.subjects]))
    )
    figures = {row.subject_id: from_json(row.figures) for row in rows}
    return [ResultLine(one, figures[one.id]) for one in cycle.subjects if one.id in figures]


def _count_uses(session: Session, cycle_id: uuid.UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(ResultUse)
            .join(AppraisalSubject, AppraisalSubject.id == ResultUse.subject_id)
            .where(AppraisalSubject.cycle_id == cycle_id)
        )
        or 0
    )
