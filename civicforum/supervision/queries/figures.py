"""The figures of a period, computed from what the tables hold and never typed."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleState
from civicforum.bodies.models import Body
from civicforum.matters.models import Finding, Matter
from civicforum.matters.queries.watching import late_task
from civicforum.matters.rules import FindingKind
from civicforum.meetings.models import Attendance, Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.notices.models import DisclosureDue, DraftObjection, Notice, NoticeDraft
from civicforum.rulebook.days import day_of, day_starts
from civicforum.supervision.models import (
    QuestionEntry,
    Referral,
    Sitting,
    SittingRemark,
    SupervisionFinding,
)
from civicforum.supervision.rules import SAT_IN_BODIES, SAT_IN_FORMS, EntryKind, Period


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What happened in a period.

    Attributes:
        sessions, sat_in: sessions that were held and can be sat in on, and those that somebody did.
        in_order, remarks, problems: findings by kind, those about matters among them.
        asked: questions and follow-ups to bodies; answered_in_time, answered_late, unanswered (the time is
            over) and waiting add up to it.
        due: times that something had to be posted; posted_in_time, posted_late and missing add up to those
            whose time is over.
        drafts, objections: drafts of notices that were reviewed, and objections to drafts.
        overdue_matters: matters with a task that is late when the figures are made.
        appraisals: appraisals held, which the committee leads (art 37).
        referrals, referrals_answered: written in the period, and how many of them have their answer.
    """

    sessions: int = 0
    sat_in: int = 0
    in_order: int = 0
    remarks: int = 0
    problems: int = 0
    asked: int = 0
    answered_in_time: int = 0
    answered_late: int = 0
    unanswered: int = 0
    waiting: int = 0
    due: int = 0
    posted_in_time: int = 0
    posted_late: int = 0
    missing: int = 0
    drafts: int = 0
    objections: int = 0
    overdue_matters: int = 0
    appraisals: int = 0
    referrals: int = 0
    referrals_answered: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    @property
    def findings(self) -> int:
        return self.in_order + self.remarks + self.problems


def get_figures(session: Session, *, community_id: uuid.UUID, period: Period, now: datetime) -> Figures:
    """Return the figures of a period as they are at `now`, in one statement."""
    span = _Span(community_id, day_starts(period.first), day_starts(period.last + timedelta(days=1)), now)
    counts = {
        **_sessions(span),
        **_findings(span),
        **_questions(span),
        **_notices(span),
        **_referrals(span),
        "overdue_matters": _count(Matter, Matter.community_id == community_id, late_task(day_of(now))),
        "appraisals": _count(
            Cycle,
            Cycle.community_id == community_id,
            Cycle.held_on.between(period.first, period.last),
            Cycle.state.in_((CycleState.COUNTED, CycleState.CERTIFIED)),
        ),
    }
    names = list(counts)
    row = session.execute(select(*(counts[name].scalar_subquery() for name in names))).one()
    return Figures(**dict(zip(names, row, strict=True)))


@dataclass(frozen=True)
class _Span:
    """A community and a time, from `since` until before `until`."""

    community_id: uuid.UUID
    since: datetime
    until: datetime
    now: datetime

    def holds(self, table: Any, column: Any) -> ColumnElement[bool]:
        return and_(table.community_id == self.community_id, column >= self.since, column < self.until)


Counts = dict[str, Select[int]]


def _count(table: Any, *conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table).where(*conditions)


def can_be_sat_in() -> ColumnElement[bool]:
    """Return the condition that a meeting is one that members sit in on (rules.may_be_sat_in)."""
    of_body = select(Body.id).where(Body.id == Meeting.body_id, Body.kind.in_(SAT_IN_BODIES)).exists()
    return or_(Meeting.form.in_(SAT_IN_FORMS), of_body)


def was_there() -> ColumnElement[bool]:
    """Return the condition that somebody sat in: announced it, and was in the room or left a remark."""
    attended = (
        select(Attendance.id)
        .where(Attendance.meeting_id == Sitting.meeting_id, Attendance.person_id == Sitting.person_id)
        .exists()
    )
    remarked = select(SittingRemark.id).where(SittingRemark.sitting_id == Sitting.id).exists()
    return and_(Sitting.withdrawn_at.is_(None), or_(attended, remarked))


def _sessions(span: _Span) -> Counts:
    held = and_(span.holds(Meeting, Meeting.opened_at), Meeting.state == MeetingState.CLOSED, can_be_sat_in())
    sat_in = select(Sitting.id).where(Sitting.meeting_id == Meeting.id, was_there()).exists()
    return {"sessions": _count(Meeting, held), "sat_in": _count(Meeting, held, sat_in)}


def _findings(span: _Span) -> Counts:
    counts = {}
    for name, kind in (
        ("in_order", FindingKind.IN_ORDER),
        ("remarks", FindingKind.REMARK),
        ("problems", FindingKind.PROBLEM),
    ):
        found = [
            select(table.id).where(span.holds(table, table.at), table.kind == kind)
            for table in (SupervisionFinding, Finding)
        ]
        counts[name] = select(func.count()).select_from(found[0].union_all(found[1]).subquery())
    return counts


def _questions(span: _Span) -> Counts:
    question, answer = aliased(QuestionEntry), aliased(QuestionEntry)
    asked = and_(span.holds(question, question.at), question.kind == EntryKind.QUESTION)

    def count(*conditions: ColumnElement[bool]) -> Select[int]:
        return (
            select(func.count())
            .select_from(question)
            .outerjoin(
                answer,
                and_(
                    answer.question_id == question.question_id,
                    answer.position == question.position + 1,
                    answer.kind == EntryKind.ANSWER,
                ),
            )
            .where(asked, *conditions)
        )

    open_ = answer.id.is_(None)
    return {
        "asked": count(),
        "answered_in_time": count(answer.id.is_not(None), answer.is_late.is_(False)),
        "answered_late": count(answer.is_late.is_(True)),
        "unanswered": count(open_, question.due_at < span.now),
        "waiting": count(open_, question.due_at >= span.now),
    }


def _notices(span: _Span) -> Counts:
    due = and_(span.holds(DisclosureDue, DisclosureDue.due_at), DisclosureDue.due_at < span.now)
    posted = select(Notice.posted_at).where(Notice.id == DisclosureDue.notice_id).scalar_subquery()
    return {
        "due": _count(DisclosureDue, due),
        "posted_in_time": _count(DisclosureDue, due, posted <= DisclosureDue.due_at),
        "posted_late": _count(DisclosureDue, due, posted > DisclosureDue.due_at),
        "missing": _count(DisclosureDue, due, DisclosureDue.notice_id.is_(None)),
        "drafts": _count(
            NoticeDraft,
            span.holds(NoticeDraft, NoticeDraft.reviewed_at),
            NoticeDraft.reviewed_by_id.is_not(None),
        ),
        "objections": _count(DraftObjection, span.holds(DraftObjection, DraftObjection.at)),
    }


def _referrals(span: _Span) -> Counts:
    written = span.holds(Referral, Referral.written_at)
    return {
        "referrals": _count(Referral, written),
        "referrals_answered": _count(Referral, written, Referral.answered_at.is_not(None)),
    }
