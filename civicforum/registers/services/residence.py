"""Reports at the place of residence: once a term, confirmed by the party organisation.

The journal names nobody: membership of the party is personal data, and the entries are not public.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, require_text
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.records.services import Subject, record_about
from civicforum.registers.errors import AlreadyReported
from civicforum.registers.models import ResidenceReport
from civicforum.registers.queries.residence import term_start
from civicforum.registers.rules import CONFIRMS
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def report_in(*, unit: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Report in where one lives, for the running term. Returns the report's id.

    Raises NotEligible (left the community), AlreadyReported (with the day of the first report), Invalid.
    """
    unit = require_text(unit, most=120, field="unit")
    with transaction() as session:
        get_resident(session, actor=actor, now=now)
        term_from = term_start(session, community_id=actor.community_id, day=day_of(now))
        # Two clicks at once: the constraint lets one of them in.
        report_id: uuid.UUID | None = session.scalar(
            insert(ResidenceReport)
            .values(
                id=uuid.uuid4(),
                community_id=actor.community_id,
                person_id=actor.person_id,
                term_from=term_from,
                unit=unit,
                channel=channel_of(actor),
                reported_at=now,
            )
            .on_conflict_do_nothing()
            .returning(ResidenceReport.id)
        )
        if report_id is None:
            first = session.scalars(
                select(ResidenceReport.reported_at).where(
                    ResidenceReport.person_id == actor.person_id, ResidenceReport.term_from == term_from
                )
            ).one()
            raise AlreadyReported(day_of(first))
        _record(session, actor.community_id, report_id, "report", actor=None, now=now)
        return report_id


def confirm_report(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Confirm another one's report, for the party organisation. Raises NotFound, NotEligible, AlreadyDone."""
    if not actor.holds(*CONFIRMS):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        report = lock_row(session, ResidenceReport, report_id, community_id=actor.community_id)
        if report.person_id == actor.person_id:
            raise NotEligible(actor.person_id)
        if report.confirmed_at is not None:
            raise AlreadyDone(report_id)
        report.confirmed_at, report.confirmed_by_id = now, actor.person_id
        _record(session, report.community_id, report_id, "confirm", actor=actor, now=now)


def _record(
    session: Session,
    community_id: uuid.UUID,
    report_id: uuid.UUID,
    verb: str,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    subject = Subject(community_id, "residence_report", report_id, "")
    record_about(session, subject, action=f"residence_report.{verb}", actor=actor, now=now, is_public=False)
