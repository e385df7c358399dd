"""Reads of the whole installation, for operators: jobs, clocks, messages, ballots. None names a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from civicforum.appraisals.models import CorrectiveAction, DutyReport
from civicforum.appraisals.rules import ActionState
from civicforum.departments.models import DepartmentOpinion
from civicforum.matters.models import Matter, Query, Task
from civicforum.matters.rules import LIVE, Stage, TaskState
from civicforum.meetings.models import FollowUp
from civicforum.moderation.models import HideAppeal
from civicforum.notices.models import DisclosureDue, NoticeQuery
from civicforum.polls.models import BoardLine, OpenBallot, PaperIssue
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.queries.grades import is_live
from civicforum.records.models import JournalHead
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import BodyQuestion, Referral, SupervisionReport
from civicforum.supervision.rules import ReportState
from civicforum.transfer.models import DeletionRequest
from civicforum.transfer.rules import RequestState

SOON = timedelta(days=1)
MOST_FAILED = 50

JOBS = text(
    """
    SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
           count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS due,
           count(*) FILTER (WHERE status = 'doing') AS running,
           count(*) FILTER (WHERE status = 'failed') AS failed
    FROM procrastinate_jobs
    """
)
# A job that waits to be tried again is due from then on, one without a time since it was queued.
OLDEST = text(
    """
    SELECT extract(epoch FROM now() - min(coalesce(job.scheduled_at, (
        SELECT min(event.at) FROM procrastinate_events AS event WHERE event.job_id = job.id
    ))))
    FROM procrastinate_jobs AS job
    WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
    """
)
HEARTBEAT = text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
FAILED = text(
    """
    SELECT job.id, job.task_name, job.attempts, max(event.at) AS failed_at
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_events AS event
        ON event.job_id = job.id AND event.type = 'failed'
    WHERE job.status = 'failed'
    GROUP BY job.id ORDER BY job.id DESC LIMIT :most
    """
)


@dataclass(frozen=True)
class Jobs:
    """The queue: jobs that wait, of these due now, running, given up; how long the oldest one due waits."""

    waiting: int
    due: int
    running: int
    failed: int
    oldest_seconds: float | None


@dataclass(frozen=True)
class FailedJob:
    """A job that was given up after all its attempts. Its arguments stay in the database."""

    id: int
    task: str
    attempts: int
    failed_at: datetime | None


@dataclass(frozen=True)
class Clocks:
    """Deadlines of one feature in all communities: within a day from now, and past without the act."""

    feature: str
    due: int
    overdue: int


def get_jobs(session: Session) -> Jobs:
    row = session.execute(JOBS).one()
    oldest = session.scalar(OLDEST)
    return Jobs(row.waiting, row.due, row.running, row.failed, None if oldest is None else float(oldest))


def list_failed_jobs(session: Session) -> list[FailedJob]:
    """Return the newest jobs that were given up."""
    rows = session.execute(FAILED, {"most": MOST_FAILED})
    return [FailedJob(row.id, row.task_name, row.attempts, row.failed_at) for row in rows]


def get_heartbeat_seconds(session: Session) -> float | None:
    """Return how long ago a worker last said that it lives, by the database's clock; None: never."""
    seconds = session.scalar(HEARTBEAT)
    return None if seconds is None else float(seconds)


def list_clocks(session: Session, *, now: datetime) -> list[Clocks]:
    """Count the deadlines of each feature, in one statement."""
    soon = now + SOON
    counts = [
        select(
            literal(feature).label("feature"),
            func.count().filter(due >= _as(due, now), due < _as(due, soon)).label("due"),
            func.count().filter(due < _as(due, now)).label("overdue"),
        ).where(is_open)
        for feature, due, is_open in _clocks()
    ]
    rows = session.execute(union_all(*counts)).all()
    return sorted((Clocks(row.feature, row.due, row.overdue) for row in rows), key=lambda one: one.feature)


def _as(due: SQLColumnExpression[Any], at: datetime) -> Any:
    """Return an instant as what it is compared with: a day is over at midnight in Shanghai."""
    return day_of(at) if isinstance(getattr(due, "type", None), Date) else at


def _clocks() -> list[tuple[str, SQLColumnExpression[Any], ColumnElement[bool]]]:
    """Return the feature, the deadline, and the condition that it still runs."""
    worked_on = (ActionState.OPEN, ActionState.PLANNED)
    to_call = and_(ServiceRating.contact_due_at.is_not(None), ServiceRating.contacted_at.is_(None))
    to_answer = and_(ServiceRating.answer_due_at.is_not(None), ServiceRating.answered_at.is_(None))
    call_or_answer = case((to_call, ServiceRating.contact_due_at), else_=ServiceRating.answer_due_at)
    return [
        ("matters", Matter.due_at, and_(Matter.stage.in_(LIVE - {Stage.DONE}), Matter.due_at.is_not(None))),
        ("matter_tasks", Task.due_on, and_(Task.state != TaskState.DONE, Task.done_at.is_(None))),
        ("matter_queries", Query.due_at, Query.answered_at.is_(None)),
        ("meetings", FollowUp.due_on, and_(FollowUp.done_at.is_(None), FollowUp.due_on.is_not(None))),
        ("notices", DisclosureDue.due_at, DisclosureDue.notice_id.is_(None)),
        (
            "notice_queries",
            NoticeQuery.due_at,
            and_(NoticeQuery.due_at.is_not(None), NoticeQuery.hidden_at.is_(None)),
        ),
        ("appraisal_reports", DutyReport.due_at, DutyReport.submitted_at.is_(None)),
        ("corrective_actions", CorrectiveAction.due_on, CorrectiveAction.state.in_(worked_on)),
        (
            "departments",
            DepartmentOpinion.due_at,
            and_(DepartmentOpinion.replied_at.is_(None), DepartmentOpinion.hidden_at.is_(None)),
        ),
        ("ratings", call_or_answer, and_(is_live(), or_(to_call, to_answer))),
        ("moderation", HideAppeal.due_at, HideAppeal.outcome.is_(None)),
        ("supervision_questions", BodyQuestion.due_at, BodyQuestion.due_at.is_not(None)),
        (
            "supervision_referrals",
            Referral.due_at,
            and_(Referral.due_at.is_not(None), Referral.answered_at.is_(None)),
        ),
        ("supervision_reports", SupervisionReport.due_at, SupervisionReport.state != ReportState.POSTED),
        ("deletion_requests", DeletionRequest.due_at, DeletionRequest.state == RequestState.ASKED),
    ]


def count_journal(session: Session) -> int:
    """Return how many entries the journals of all communities have."""
    return int(session.scalar(select(func.sum(JournalHead.sequence))) or 0)


def count_ballots(session: Session) -> dict[str, int]:
    """Count ballots of all polls by the way they came. It reads the boards whole: once an hour is enough."""
    sealed = session.scalar(select(func.count()).select_from(BoardLine).where(BoardLine.tracker.is_not(None)))
    counts = {"sealed": int(sealed or 0)}
    for name, model in (("named", OpenBallot), ("paper", PaperIssue)):
        rows = session.execute(select(model.channel, func.count()).group_by(model.channel))
        counts |= {f"{name}_{channel.value}": count for channel, count in rows}
    return counts
