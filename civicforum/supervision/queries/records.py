"""Reads of sittings, questions, referrals, reports and copies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.errors import NotFound
from civicforum.matters.models import Finding, Matter
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.paging import Page, paginate
from civicforum.supervision.models import (
    ArchiveCopy,
    BodyQuestion,
    QuestionEntry,
    Referral,
    ReferralBasis,
    ReportSignature,
    Sitting,
    SupervisionFinding,
    SupervisionReport,
)
from civicforum.supervision.queries.figures import can_be_sat_in
from civicforum.supervision.rules import ReportState

OFFERED = 30


@dataclass(frozen=True)
class SessionLine:
    """A session with those who sit in on it."""

    meeting: Meeting
    sittings: Sequence[Sitting]


@dataclass(frozen=True)
class Offer:
    """What a referral can rest on, the latest first."""

    findings: Sequence[SupervisionFinding]
    matter_findings: Sequence[tuple[Finding, Matter]]
    questions: Sequence[BodyQuestion]


def list_sessions(
    session: Session, *, community_id: uuid.UUID, is_over: bool, number: int
) -> Page[SessionLine]:
    """Return a page of sessions that members sit in on: what comes, the next first, or what is over."""
    live = Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN))
    order = Meeting.starts_at.desc() if is_over else Meeting.starts_at
    over = Meeting.state == MeetingState.CLOSED
    page = paginate(
        session,
        select(Meeting)
        .where(Meeting.community_id == community_id, can_be_sat_in(), over if is_over else live)
        .order_by(order, Meeting.id),
        number=number,
    )
    found = _sittings(session, [meeting.id for meeting in page.items])
    return page.map(lambda meeting: SessionLine(meeting, found.get(meeting.id, [])))


def list_sittings(session: Session, *, meeting_id: uuid.UUID) -> Sequence[Sitting]:
    """Return who sits in on a session, with their remarks."""
    return _sittings(session, [meeting_id]).get(meeting_id, [])


def list_questions(
    session: Session, *, community_id: uuid.UUID, is_waiting: bool = False, number: int
) -> Page[BodyQuestion]:
    """Return a page of questions to bodies: what waits comes first, by its deadline, then the latest."""
    statement = select(BodyQuestion).where(BodyQuestion.community_id == community_id)
    if is_waiting:
        statement = statement.where(BodyQuestion.due_at.is_not(None))
    return paginate(
        session,
        statement.options(joinedload(BodyQuestion.asked_by)).order_by(
            BodyQuestion.due_at.nulls_last(), BodyQuestion.asked_at.desc(), BodyQuestion.id
        ),
        number=number,
    )


def get_question(session: Session, *, question_id: uuid.UUID, community_id: uuid.UUID) -> BodyQuestion:
    """Return a question with its thread. Raises NotFound."""
    row = session.scalars(
        select(BodyQuestion)
        .where(BodyQuestion.id == question_id, BodyQuestion.community_id == community_id)
        .options(
            selectinload(BodyQuestion.entries).joinedload(QuestionEntry.person),
            joinedload(BodyQuestion.finding),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(question_id)
    return row


def list_bodies_to_ask(session: Session, *, community_id: uuid.UUID) -> Sequence[Body]:
    """Return the bodies that can be asked, by name: all but the supervision committee itself."""
    return session.scalars(
        select(Body)
        .where(
            Body.community_id == community_id,
            Body.dissolved_on.is_(None),
            Body.kind != BodyKind.SUPERVISION_COMMITTEE,
        )
        .order_by(Body.name)
    ).all()


def list_referrals(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Referral]:
    """Return a page of referrals, the latest first."""
    statement = select(Referral).where(Referral.community_id == community_id)
    return paginate(session, statement.order_by(Referral.written_at.desc(), Referral.id), number=number)


def get_referral(session: Session, *, referral_id: uuid.UUID, community_id: uuid.UUID) -> Referral:
    """Return a referral with what it rests on. Raises NotFound."""
    row = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id, Referral.community_id == community_id)
        .options(
            joinedload(Referral.written_by),
            joinedload(Referral.handed_over_by),
            selectinload(Referral.basis).options(
                joinedload(ReferralBasis.finding),
                joinedload(ReferralBasis.matter_finding),
                joinedload(ReferralBasis.question),
            ),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(referral_id)
    return row


def get_package(session: Session, *, referral_id: uuid.UUID, community_id: uuid.UUID) -> Referral:
    """Return a referral with its package loaded. Raises NotFound."""
    row = session.scalars(
        select(Referral)
        .where(Referral.id == referral_id, Referral.community_id == community_id)
        .options(undefer(Referral.package))
    ).one_or_none()
    if row is None:
        raise NotFound(referral_id)
    return row


def list_offer(session: Session, *, community_id: uuid.UUID) -> Offer:
    """Return the latest findings and questions that a referral can rest on."""
    findings = session.scalars(
        select(SupervisionFinding)
        .where(SupervisionFinding.community_id == community_id)
        .order_by(SupervisionFinding.at.desc(), SupervisionFinding.id)
        .limit(OFFERED)
    ).all()
    matter_findings = session.execute(
        select(Finding, Matter)
        .join(Matter, Matter.id == Finding.matter_id)
        .where(Finding.community_id == community_id)
        .order_by(Finding.at.desc(), Finding.id)
        .limit(OFFERED)
    ).all()
    questions = session.scalars(
        select(BodyQuestion)
        .where(BodyQuestion.community_id == community_id)
        .order_by(BodyQuestion.asked_at.desc(), BodyQuestion.id)
        .limit(OFFERED)
    ).all()
    return Offer(findings, [(finding, matter) for finding, matter in matter_findings], questions)


def list_reports(
    session: Session, *, community_id: uuid.UUID, with_open: bool, number: int
) -> Page[SupervisionReport]:
    """Return a page of half-yearly reports, the latest first; without those that are being written."""
    statement = select(SupervisionReport).where(SupervisionReport.community_id == community_id)
    if not with_open:
        statement = statement.where(SupervisionReport.state == ReportState.POSTED)
    return paginate(session, statement.order_by(SupervisionReport.period_from.desc()), number=number)


def get_report(session: Session, *, report_id: uuid.UUID, community_id: uuid.UUID) -> SupervisionReport:
    """Return a report with its signatures. Raises NotFound."""
    row = session.scalars(
        select(SupervisionReport)
        .where(SupervisionReport.id == report_id, SupervisionReport.community_id == community_id)
        .options(selectinload(SupervisionReport.signatures).joinedload(ReportSignature.person))
    ).one_or_none()
    if row is None:
        raise NotFound(report_id)
    return row


def list_copies(session: Session, *, community_id: uuid.UUID, number: int) -> Page[ArchiveCopy]:
    """Return a page of the copies of the archive, the latest first."""
    return paginate(
        session,
        select(ArchiveCopy)
        .where(ArchiveCopy.community_id == community_id)
        .options(joinedload(ArchiveCopy.asked_by))
        .order_by(ArchiveCopy.asked_at.desc(), ArchiveCopy.id),
        number=number,
    )


def get_copy(session: Session, *, copy_id: uuid.UUID, community_id: uuid.UUID) -> ArchiveCopy:
    """Return a copy with its content. Raises NotFound."""
    row = session.scalars(
        select(ArchiveCopy)
        .where(ArchiveCopy.id == copy_id, ArchiveCopy.community_id == community_id)
        .options(undefer(ArchiveCopy.content))
    ).one_or_none()
    if row is None:
        raise NotFound(copy_id)
    return row


def _sittings(session: Session, meeting_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Sitting]]:
    found: dict[uuid.UUID, list[Sitting]] = {}
    for sitting in session.scalars(
        select(Sitting)
        .where(Sitting.meeting_id.in_(meeting_ids), Sitting.withdrawn_at.is_(None))
        .options(joinedload(Sitting.person), selectinload(Sitting.remarks))
        .order_by(Sitting.announced_at, Sitting.id)
    ):
        found.setdefault(sitting.meeting_id, []).append(sitting)
    return found
