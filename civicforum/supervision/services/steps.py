"""Steps that the use cases of supervision share. They take the session and commit nothing.

Rows are locked in one order: the community (where a number is given), the row itself, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypeVar, Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.people.models import Community
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import (
    ArchiveCopy,
    BodyQuestion,
    Referral,
    Sitting,
    SupervisionFinding,
    SupervisionReport,
)

Lockable = TypeVar("Lockable", BodyQuestion, Referral, SupervisionReport, Sitting, ArchiveCopy)


def next_number(
    session: Session,
    table: type[SupervisionFinding] | type[BodyQuestion] | type[Referral],
    *,
    community_id: uuid.UUID,
    now: datetime,
) -> str:
    """Return the next number of the year in Shanghai, as in 2026-0007, without gap or repetition.

    The community's row stays locked until the commit, in a way that hinders nobody who refers to it.
    """
    session.execute(select(Community.id).where(Community.id == community_id).with_for_update(key_share=True))
    year = day_of(now).year
    last = session.scalar(
        select(func.max(table.number)).where(
            table.community_id == community_id, table.number.startswith(f"{year}-")
        )
    )
    return f"{year}-{int(last.partition('-')[2]) + 1 if last else 1:04}"


def lock(session: Session, table: type[Lockable], row_id: uuid.UUID, *, actor: Actor) -> Lockable:
    """Return a row, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, table, row_id, community_id=actor.community_id)


def record_act(session: Session, subject: Subject, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "supervision.<action>": the last step of a use case."""
    record_about(session, subject, action=f"supervision.{action}", **entry)


def about_question(question: BodyQuestion) -> Subject:
    return Subject(question.community_id, "supervision_question", question.id, question.title)


def about_referral(referral: Referral) -> Subject:
    title = f"{referral.number} {referral.office}"
    return Subject(referral.community_id, "supervision_referral", referral.id, title)


def about_report(report: SupervisionReport) -> Subject:
    title = f"{report.period_from.isoformat()} – {report.period_until.isoformat()}"
    return Subject(report.community_id, "supervision_report", report.id, title)


def about_copy(copy: ArchiveCopy) -> Subject:
    title = f"{copy.period_from.isoformat()} – {copy.period_until.isoformat()}"
    return Subject(copy.community_id, "supervision_copy", copy.id, title)
