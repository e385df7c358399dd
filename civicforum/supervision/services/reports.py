"""The half-yearly report: its conclusions are written, members sign, and with enough of them it is posted."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_members, post_text
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, RuleRefused, TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.notices.services.checking import check_numbers
from civicforum.people.models import Community
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_ends, day_of
from civicforum.supervision.models import ReportSignature, SupervisionReport
from civicforum.supervision.queries.figures import get_figures
from civicforum.supervision.reporting import hash_of, notice_of_report
from civicforum.supervision.rules import (
    APPROVAL_RULE,
    LONGEST_CONCLUSIONS,
    REPORT_RULE,
    Period,
    ReportState,
    check_supervisor,
    move,
    require_words,
)
from civicforum.supervision.services.steps import about_report, lock, record_act


def open_report(
    session: Session, *, community: Community, period: Period, now: datetime
) -> SupervisionReport | None:
    """Open the report on a period that is over, or return None when there is one already.

    Its time runs from the end of the period, whenever it is opened.
    """
    due_at = rulebook.load(community.profile).clock(REPORT_RULE).deadline(day_ends(period.last))
    opened = session.scalar(
        insert(SupervisionReport)
        .values(
            id=uuid.uuid4(),
            community_id=community.id,
            period_from=period.first,
            period_until=period.last,
            profile=community.profile,
            due_at=due_at,
            state=ReportState.DRAFT,
            conclusions="",
            figures={},
            text_sha256="",
            arithmetic="",
        )
        .on_conflict_do_nothing(index_elements=["community_id", "period_from"])
        .returning(SupervisionReport.id)
    )
    if opened is None:
        return None
    report = session.get_one(SupervisionReport, opened)
    payload = {"due_at": due_at.isoformat()}
    record_act(session, about_report(report), action="open_report", actor=None, payload=payload, now=now)
    return report


def write_conclusions(*, report_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Keep the conclusions while the report is not up for signature.

    Raises NotFound, NotEligible, Invalid ("missing", "long"), PersonalData, TransitionNotAllowed.
    """
    check_supervisor(actor)
    words = require_words(text, most=LONGEST_CONCLUSIONS, field="conclusions")
    with transaction() as session:
        report = lock(session, SupervisionReport, report_id, actor=actor)
        if report.state is not ReportState.DRAFT:
            raise TransitionNotAllowed(report.state, ReportState.DRAFT)
        check_numbers(session, community_id=actor.community_id, conclusions=words)
        report.conclusions, report.written_by_id, report.written_at = words, actor.person_id, now
        record_act(session, about_report(report), action="write_report", actor=actor, now=now)


def put_up(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Compute the figures, fix them with the conclusions, and let members sign.

    Raises NotFound, NotEligible, Invalid ("missing": no conclusions), TransitionNotAllowed.
    """
    check_supervisor(actor)
    with transaction() as session:
        report = lock(session, SupervisionReport, report_id, actor=actor)
        require_words(report.conclusions, most=LONGEST_CONCLUSIONS, field="conclusions")
        state = move(report.state, ReportState.SIGNING)
        period = Period(report.period_from, report.period_until)
        figures = get_figures(session, community_id=report.community_id, period=period, now=now)
        report.figures = figures.as_json()
        report.text_sha256 = hash_of(period, report.figures, report.conclusions)
        report.state, report.put_up_at = state, now
        payload = {"text_sha256": report.text_sha256}
        record_act(session, about_report(report), action="put_up", actor=actor, payload=payload, now=now)


def take_back(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take a report back to change it; signatures so far count only should it come back as it was.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    check_supervisor(actor)
    with transaction() as session:
        report = lock(session, SupervisionReport, report_id, actor=actor)
        report.state = move(report.state, ReportState.DRAFT)
        report.text_sha256, report.put_up_at, report.figures = "", None, {}
        record_act(session, about_report(report), action="take_back", actor=actor, now=now)


def sign_report(*, report_id: uuid.UUID, text_sha256: str, actor: Actor, now: datetime) -> None:
    """Sign what one has read: the words and figures with this hash.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not up for signature, or changed since
    the page was read).
    """
    check_supervisor(actor)
    with transaction() as session:
        report = lock(session, SupervisionReport, report_id, actor=actor)
        if report.state is not ReportState.SIGNING or report.text_sha256 != text_sha256:
            raise TransitionNotAllowed(report.state, "sign")
        if actor.person_id in {one.person_id for one in standing(report)}:
            raise AlreadyDone(report_id)
        session.add(
            ReportSignature(
                community_id=report.community_id,
                report_id=report.id,
                person_id=actor.person_id,
                post=post_text(session, person_id=actor.person_id, day=day_of(now)),
                text_sha256=report.text_sha256,
                at=now,
            )
        )
        session.flush()
        payload = {"text_sha256": report.text_sha256}
        record_act(session, about_report(report), action="sign_report", actor=actor, payload=payload, now=now)


def post_report(*, report_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Post the report, signed by more than half of the members. Returns the notice's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, RuleRefused (too few have signed).
    """
    check_supervisor(actor)
    with transaction() as session:
        report = lock(session, SupervisionReport, report_id, actor=actor)
        state = move(report.state, ReportState.POSTED)
        verdict = judge(session, report, day=day_of(now))
        if not verdict.holds:
            raise RuleRefused(verdict)
        report.arithmetic = verdict.arithmetic
        community = session.get_one(Community, report.community_id)
        title, text = notice_of_report(report, community=community.name)
        notice = post_notice(
            session,
            community_id=report.community_id,
            category=NoticeCategory.COMMON_CONCERN,
            title=title,
            text=text,
            posted_by=actor.person_id,
            subject_kind="supervision_report",
            subject_id=report.id,
            now=now,
        )
        report.notice_id, report.posted_by_id, report.posted_at = notice.id, actor.person_id, now
        report.state = state
        payload = {
            "notice_id": str(notice.id),
            "text_sha256": report.text_sha256,
            "arithmetic": verdict.arithmetic,
            "is_late": now > report.due_at,
        }
        record_act(session, about_report(report), action="post_report", actor=actor, payload=payload, now=now)
        return notice.id


def standing(report: SupervisionReport) -> list[ReportSignature]:
    """Return the signatures under the report as it is now."""
    return [one for one in report.signatures if one.text_sha256 == report.text_sha256]


def judge(session: Session, report: SupervisionReport, *, day: date) -> Verdict:
    """Return whether more than half of those who are members on a day have signed."""
    members = members_on(session, report.community_id, day)
    signed = {one.person_id for one in standing(report)} & members
    rule = rulebook.load(report.profile).threshold(APPROVAL_RULE)
    return rulebook.judge(rule, len(signed), {"members": len(members)})


def members_on(session: Session, community_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Return the members of the supervision committee on a day."""
    found = list_members(session, community_id=community_id, kinds=(BodyKind.SUPERVISION_COMMITTEE,), day=day)
    return {person.id for person in found}
