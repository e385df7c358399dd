"""What an operator does: let a job that was given up run again; and what is thrown away at night."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about

KEEP_FAILED = timedelta(days=90)
# Of a number in the database.
LARGEST = 2**63 - 1
LOCK = text("SELECT task_name FROM procrastinate_jobs WHERE id = :id AND status = 'failed' FOR UPDATE")
AGAIN = text("SELECT procrastinate_retry_job_v2(:id, CAST(:now AS timestamptz), NULL, NULL, NULL)")
FORGET = text(
    """
    DELETE FROM procrastinate_jobs AS job
    WHERE job.status = 'failed' AND NOT EXISTS (
        SELECT FROM procrastinate_events AS event WHERE event.job_id = job.id AND event.at > :since
    )
    """
)


def retry_job(*, job_id: int, actor: Actor, now: datetime) -> None:
    """Let a job that was given up run again, now.

    Raises NotEligible (no administrator), NotFound (it was not given up, or runs again already), AlreadyDone
    (another of its kind waits, and does the same).
    """
    if not actor.has(Role.ADMIN) or actor.assisted_by is not None:
        raise NotEligible(actor.person_id)
    if job_id > LARGEST:
        raise NotFound(job_id)
    with transaction() as session:
        task = session.scalar(LOCK, {"id": job_id})
        if task is None:
            raise NotFound(job_id)
        try:
            with session.begin_nested():
                session.execute(AGAIN, {"id": job_id, "now": now})
        except IntegrityError as error:
            raise AlreadyDone(job_id) from error
        community = session.get_one(Community, actor.community_id)
        record_about(
            session,
            Subject(community.id, "community", community.id, community.name),
            actor=actor,
            action="community.retry_job",
            payload={"job": job_id, "task": task},
            is_public=False,
            now=now,
        )


def forget_failed(*, now: datetime) -> None:
    """Delete jobs that were given up three months ago."""
    with transaction() as session:
        session.execute(FORGET, {"since": now - KEEP_FAILED})
