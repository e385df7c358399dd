"""What waits at the desk of the supervision committee, and for those it asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import select_bodies_of_posts
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, TODAY, values_of
from civicforum.matters.models import Matter
from civicforum.matters.queries.watching import late_task
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.notices.models import DisclosureDue, DraftObjection, NoticeDraft, NoticeQuery
from civicforum.notices.rules import DraftState
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import BodyQuestion, Referral, SupervisionReport
from civicforum.supervision.queries.figures import can_be_sat_in
from civicforum.supervision.rules import ReportState, may_supervise
from civicforum.supervision.texts import REPORT_DUE

MOST_NEEDS = 20


@dataclass(frozen=True)
class Waiting:
    """How much of what waits: all of it, and what is late."""

    all: int
    late: int


def count_waiting(session: Session, *, community_id: uuid.UUID, now: datetime) -> dict[str, Waiting]:
    """Return what waits, by what it is, in one statement."""
    conditions: dict[str, tuple[type, list[ColumnElement[bool]], ColumnElement[bool]]] = {
        "drafts": (
            NoticeDraft,
            [NoticeDraft.state == DraftState.IN_REVIEW],
            NoticeDraft.review_due_at < now,
        ),
        "objections": (
            DraftObjection,
            [DraftObjection.answered_at.is_(None)],
            DraftObjection.due_at < now,
        ),
        "missing": (
            DisclosureDue,
            [DisclosureDue.notice_id.is_(None), DisclosureDue.due_at < now],
            DisclosureDue.due_at < now,
        ),
        "queries": (
            NoticeQuery,
            [NoticeQuery.due_at.is_not(None), NoticeQuery.hidden_at.is_(None)],
            NoticeQuery.due_at < now,
        ),
        "questions": (BodyQuestion, [BodyQuestion.due_at.is_not(None)], BodyQuestion.due_at < now),
        "referrals": (
            Referral,
            [Referral.handed_over_at.is_not(None), Referral.answered_at.is_(None)],
            Referral.due_at < now,
        ),
        "reports": (
            SupervisionReport,
            [SupervisionReport.state != ReportState.POSTED],
            SupervisionReport.due_at < now,
        ),
        "matters": (Matter, [late_task(day_of(now))], late_task(day_of(now))),
        "sessions": (
            Meeting,
            [
                Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
                Meeting.starts_at >= now,
                can_be_sat_in(),
            ],
            literal(False),
        ),
    }
    columns = [
        select(func.count(), func.count().filter(late))
        .select_from(table)
        .where(table.community_id == community_id, *which)  # type: ignore[attr-defined]
        .add_columns(literal(name).label("name"))
        for name, (table, which, late) in conditions.items()
    ]
    rows = {name: Waiting(every, late) for every, late, name in session.execute(union_all(*columns))}
    return {name: rows[name] for name in conditions}


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what the committee has to do, and the questions somebody's body has to answer. One statement."""
    rows: Any = session.execute(_waiting(may_supervise(actor)).limit(MOST_NEEDS), values_of(actor, now))
    return [_need(what, key, title, due_at) for what, key, title, due_at in rows]


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the committee or such an actor's body has something to do."""
    found: Exists = _waiting(may_supervise(actor)).exists()
    return found


@cache
def _waiting(supervises: bool) -> Any:
    asked = select(
        literal("question").label("what"), BodyQuestion.id, BodyQuestion.title, BodyQuestion.due_at
    ).where(
        BodyQuestion.community_id == HERE,
        BodyQuestion.due_at.is_not(None),
        BodyQuestion.body_id.in_(select_bodies_of_posts(ME, TODAY)),
    )
    if not supervises:
        return asked
    reports = select(literal("report"), SupervisionReport.id, literal(""), SupervisionReport.due_at).where(
        SupervisionReport.community_id == HERE, SupervisionReport.state != ReportState.POSTED
    )
    return asked.union_all(reports)


def _need(what: str, key: uuid.UUID, title: str, due_at: datetime | None) -> Need:
    if what == "report":
        return Need(
            NeedKind.WRITE_SUPERVISION_REPORT,
            str(REPORT_DUE),
            "supervision.report",
            {"report_id": key},
            due_at=due_at,
        )
    return Need(
        NeedKind.ANSWER_SUPERVISION, title, "supervision.question", {"question_id": key}, due_at=due_at
    )
