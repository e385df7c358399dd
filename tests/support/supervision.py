"""A supervision committee with something to supervise, made through its services."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db, transaction
from civicforum.matters.rules import FindingKind
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.notices import services as notices
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from civicforum.supervision import services
from civicforum.supervision.rules import OfficeLevel, Period, ReferralGround, SubjectKind, last_period
from tests.factories import NOW, actor_of, make_community, make_officer


@dataclass(frozen=True)
class Desk:
    """A community whose supervision committee has three members."""

    community_id: uuid.UUID
    supervisors: tuple[Actor, Actor, Actor]
    director: Actor
    clerk: Actor
    admin: Actor
    resident: Actor
    notice_id: uuid.UUID
    committee_id: uuid.UUID

    @property
    def supervisor(self) -> Actor:
        return self.supervisors[0]


def make_desk(*, now: datetime = NOW) -> Desk:
    """Make the people, and a notice that the committee posted."""
    community = make_community()
    one, two, three = (
        actor_of(
            make_officer(community, Role.SUPERVISOR, login=f"supervisor{number}", name=name), Role.SUPERVISOR
        )
        for number, name in enumerate(("韩正清", "柳月华", "方国栋"), start=1)
    )
    director = actor_of(
        make_officer(community, Role.COMMITTEE, login="director", name="周志远"), Role.COMMITTEE
    )
    clerk = actor_of(make_officer(community, Role.CLERK, login="clerk"), Role.CLERK)
    notice_id = notices.publish_notice(
        actor=clerk,
        category=NoticeCategory.MONEY_AND_DONATIONS,
        title="第一季度公共收益收支",
        text="停车费收入三万二千元，支出见附表。",
        now=now - timedelta(days=1),
    )
    committee_id = db.session.scalars(
        select(Body.id).where(Body.community_id == community.id, Body.kind == BodyKind.RESIDENTS_COMMITTEE)
    ).one()
    return Desk(
        community_id=community.id,
        supervisors=(one, two, three),
        director=director,
        clerk=clerk,
        admin=actor_of(make_officer(community, Role.ADMIN, login="admin"), Role.ADMIN),
        resident=actor_of(make_officer(community, Role.RESIDENT, login="resident", name="孙小梅")),
        notice_id=notice_id,
        committee_id=committee_id,
    )


def make_session(
    desk: Desk,
    *,
    form: MeetingForm = MeetingForm.JOINT,
    state: MeetingState = MeetingState.PLANNED,
    starts_at: datetime = NOW + timedelta(days=3),
) -> uuid.UUID:
    """Make a session in some state; one that is over lasted for an hour."""
    opened = starts_at if state in (MeetingState.OPEN, MeetingState.CLOSED) else None
    meeting = Meeting(
        community_id=desk.community_id,
        form=form,
        title="两委联席会议",
        place="居委会二楼",
        starts_at=starts_at,
        noticed_at=starts_at - timedelta(days=5),
        state=state,
        chair_id=desk.director.person_id,
        opened_at=opened,
        closed_at=starts_at + timedelta(hours=1) if state is MeetingState.CLOSED else None,
        profile="national-2026",
        profile_version="0" * 64,
    )
    db.session.add(meeting)
    db.session.commit()
    return meeting.id


def file_on_notice(
    desk: Desk,
    *,
    text: str = "收支表缺少支出凭证编号，已当面指出。",
    kind: FindingKind = FindingKind.PROBLEM,
    actor: Actor | None = None,
    corrects_id: uuid.UUID | None = None,
    now: datetime = NOW,
) -> uuid.UUID:
    """File a finding about the desk's notice."""
    found = services.Found(
        subject_kind=SubjectKind.NOTICE,
        subject_id=desk.notice_id,
        kind=kind,
        text=text,
        corrects_id=corrects_id,
    )
    return services.file_finding(found=found, actor=actor or desk.supervisor, now=now)


def ask_committee(desk: Desk, *, finding_id: uuid.UUID | None = None, now: datetime = NOW) -> uuid.UUID:
    """Ask the residents' committee about its accounts."""
    return services.ask_body(
        body_id=desk.committee_id,
        title="第一季度支出的凭证",
        text="请说明第一季度三笔维修支出的凭证存放在哪里，由谁审批。",
        finding_id=finding_id,
        actor=desk.supervisor,
        now=now,
    )


def refer(
    desk: Desk,
    *,
    findings: tuple[uuid.UUID, ...] = (),
    questions: tuple[uuid.UUID, ...] = (),
    text: str = "居民委员会第一季度三笔维修支出没有凭证，书面询问到期没有答复。",
    now: datetime = NOW,
) -> uuid.UUID:
    """Refer to the subdistrict office."""
    wanted = services.Wanted(
        level=OfficeLevel.SUBDISTRICT,
        ground=ReferralGround.MONEY,
        text=text,
        findings=findings,
        questions=questions,
    )
    return services.write_referral(wanted=wanted, actor=desk.supervisor, now=now)


def open_report(desk: Desk, *, now: datetime = NOW) -> uuid.UUID:
    """Open the report on the half-year that was over before `now`."""
    with transaction() as session:
        community = session.get_one(Community, desk.community_id)
        yearly = rulebook.load(community.profile).count("supervision.reports_per_year").least or 1
        period: Period = last_period(day_of(now), yearly)
        report = services.open_report(session, community=community, period=period, now=now)
        assert report is not None
        return report.id


@dataclass(frozen=True)
class Records:
    """One row of everything that the desk has a page for."""

    desk: Desk
    finding_id: uuid.UUID
    question_id: uuid.UUID
    referral_id: uuid.UUID
    report_id: uuid.UUID
    meeting_id: uuid.UUID


def make_records(*, now: datetime) -> Records:
    """Make a finding, a question and a referral, a report that is due, and a session four days later."""
    desk = make_desk(now=now)
    finding_id = file_on_notice(desk, now=now)
    question_id = ask_committee(desk, finding_id=finding_id, now=now)
    return Records(
        desk=desk,
        finding_id=finding_id,
        question_id=question_id,
        referral_id=refer(desk, findings=(finding_id,), questions=(question_id,), now=now),
        report_id=open_report(desk, now=now),
        meeting_id=make_session(desk, starts_at=now + timedelta(days=5)),
    )
