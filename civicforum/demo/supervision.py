"""The desk of the demonstration's supervision committee: findings, questions, a referral, its report, a copy.

Days count back from the day of loading; what is found is about notices and sessions of the other stories.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select

from civicforum import rulebook
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind
from civicforum.database import db, transaction
from civicforum.demo.story import Script
from civicforum.matters.rules import FindingKind
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from civicforum.supervision import services
from civicforum.supervision.models import Sitting, SupervisionFinding, SupervisionReport
from civicforum.supervision.queries.figures import can_be_sat_in
from civicforum.supervision.rules import (
    REPORTS_RULE,
    OfficeLevel,
    Period,
    ReferralGround,
    ReferralOutcome,
    SubjectKind,
    last_period,
)

CHAIR, MEMBER, OTHER, DIRECTOR = "郑国华", "宋玉珍", "唐文彬", "林晓燕"
# How many days back the committee sat in on every session.
SITS_IN_SINCE = -70
REPORT_AFTER = 10
REMARK = "按时开会，到会人数符合规定，表决结果当场宣布。请把签到表附在记录后面。"
CONCLUSIONS = (
    "半年来，居务公开大体按时，事项办理有人跟、有人答。\n"
    "存在的问题：个别公开内容晚贴；小额维修支出的凭证没有编号。\n"
    "建议：每笔支出随附验收单；公开稿在到期前十日送审。"
)


def tell_supervision(script: Script) -> None:
    """Plan what the committee did in the last months."""
    _Desk(script).tell()


class _Desk:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.findings: list[uuid.UUID] = []
        self.questions: list[uuid.UUID] = []

    def tell(self) -> None:
        self._report()
        at = self.script.at
        at(-62, 15, lambda now: self._find(now, FindingKind.IN_ORDER, "内容与票据相符，张贴位置醒目。"))
        at(-48, 15, lambda now: self._find(now, FindingKind.PROBLEM, "三笔维修支出没有验收单，凭证未编号。"))
        at(-47, 10, self._ask_about_vouchers)
        at(-41, 16, self._answer)
        at(-40, 9, lambda now: self._correct(now, "验收单已补两份，尚缺一份；第二条意见以此为准。"))
        at(-30, 10, self._ask_about_lift)
        at(-12, 10, self._refer)
        at(-11, 15, self._hand_over)
        at(-3, 16, self._enter_answer)
        at(-2, 10, self._copy)
        for day in range(SITS_IN_SINCE, 1):
            at(day, 7.5, self._sit_in)
        for day in range(-15, 1):
            at(day, 0.2, lambda now: services.sweep_clocks(now=now))

    def _report(self) -> None:
        """Write the report on the last half-year ten days after its end, if that day has come."""
        with transaction() as session:
            community = session.get_one(Community, self.script.community_id)
            yearly = rulebook.load(community.profile).count(REPORTS_RULE).least or 1
        today = day_of(self.script.now)
        period = last_period(today, yearly)
        day = (period.last + timedelta(days=REPORT_AFTER) - today).days
        if day < 0:
            self.script.at(day, 10, lambda now: self._write_report(period, now))

    def _write_report(self, period: Period, now: datetime) -> None:
        with transaction() as session:
            community = session.get_one(Community, self.script.community_id)
            report = services.open_report(session, community=community, period=period, now=now)
            report_id = report.id if report else uuid.UUID(int=0)
        chair = self.script.actor(CHAIR)
        services.write_conclusions(report_id=report_id, text=CONCLUSIONS, actor=chair, now=now)
        services.put_up(report_id=report_id, actor=chair, now=now)
        digest = self._digest(report_id)
        for name in (CHAIR, MEMBER):
            services.sign_report(
                report_id=report_id, text_sha256=digest, actor=self.script.actor(name), now=now
            )
        services.post_report(report_id=report_id, actor=chair, now=now)

    def _digest(self, report_id: uuid.UUID) -> str:
        return db.session.get_one(SupervisionReport, report_id).text_sha256

    def _notice(self, now: datetime) -> uuid.UUID:
        """Return the notice posted last, one about money where there is one."""
        is_about_money = Notice.category == NoticeCategory.MONEY_AND_DONATIONS
        return db.session.scalars(
            select(Notice.id)
            .where(Notice.community_id == self.script.community_id, Notice.posted_at < now)
            .order_by(is_about_money.desc(), Notice.posted_at.desc(), Notice.id)
            .limit(1)
        ).one()

    def _find(self, now: datetime, kind: FindingKind, text: str) -> None:
        found = services.Found(
            subject_kind=SubjectKind.NOTICE, subject_id=self._notice(now), kind=kind, text=text
        )
        self.findings.append(services.file_finding(found=found, actor=self.script.actor(MEMBER), now=now))

    def _correct(self, now: datetime, text: str) -> None:
        earlier = db.session.get_one(SupervisionFinding, self.findings[-1])
        found = services.Found(
            subject_kind=earlier.subject_kind,
            subject_id=earlier.subject_id,
            kind=FindingKind.REMARK,
            text=text,
            corrects_id=earlier.id,
        )
        services.file_finding(found=found, actor=self.script.actor(MEMBER), now=now)

    def _body(self, kind: BodyKind) -> uuid.UUID:
        return db.session.scalars(
            select(Body.id)
            .where(Body.community_id == self.script.community_id, Body.kind == kind)
            .order_by(Body.name)
            .limit(1)
        ).one()

    def _ask_about_vouchers(self, now: datetime) -> None:
        self.questions.append(
            services.ask_body(
                body_id=self._body(BodyKind.RESIDENTS_COMMITTEE),
                title="三笔维修支出的验收单",
                text="请说明三笔维修支出由谁验收，验收单存放在哪里，何时补齐。",
                finding_id=self.findings[-1],
                actor=self.script.actor(CHAIR),
                now=now,
            )
        )

    def _answer(self, now: datetime) -> None:
        services.answer_question(
            question_id=self.questions[0],
            text="由网格员和楼长共同验收，两份验收单已补，另一份施工方月底前送来。",
            actor=self.script.actor(DIRECTOR),
            now=now,
        )

    def _ask_about_lift(self, now: datetime) -> None:
        self.questions.append(
            services.ask_body(
                body_id=self._body(BodyKind.SERVICE_STATION),
                title="便民窗口的服务时间",
                text="公示的周六上午窗口连续两周没有开，请说明原因和今后的安排。",
                actor=self.script.actor(OTHER),
                now=now,
            )
        )

    def _refer(self, now: datetime) -> None:
        wanted = services.Wanted(
            level=OfficeLevel.SUBDISTRICT,
            ground=ReferralGround.UNANSWERED,
            text="服务站周六窗口连续两周没有开，书面询问到期没有答复，请予督促。",
            questions=(self.questions[-1],),
        )
        self.referral_id = services.write_referral(wanted=wanted, actor=self.script.actor(CHAIR), now=now)

    def _hand_over(self, now: datetime) -> None:
        services.hand_over(
            referral_id=self.referral_id,
            to="街道办事处党政办公室，当面签收",
            actor=self.script.actor(CHAIR),
            now=now,
        )

    def _enter_answer(self, now: datetime) -> None:
        letter = services.Letter(
            outcome=ReferralOutcome.ORDERED,
            text="已约谈服务站，本周六起恢复开放，并向居民说明原因。",
            letter_on=day_of(now) - timedelta(days=1),
        )
        services.enter_answer(
            referral_id=self.referral_id, letter=letter, actor=self.script.actor(CHAIR), now=now
        )

    def _copy(self, now: datetime) -> None:
        last = day_of(now) - timedelta(days=1)
        period = Period(date(last.year, last.month, 1), last)
        copy_id = services.ask_for_copy(period=period, actor=self.script.actor(CHAIR), now=now)
        services.make_copy(copy_id=copy_id, now=now)

    def _sit_in(self, now: datetime) -> None:
        """Announce it for sessions of the next two days, and leave a remark on those that are over."""
        actor = self.script.actor(CHAIR)
        of_here = Meeting.community_id == self.script.community_id
        planned = select(Meeting.id).where(
            of_here,
            can_be_sat_in(),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at.between(now, now + timedelta(days=2)),
            ~select(Sitting.id).where(Sitting.meeting_id == Meeting.id).exists(),
        )
        for meeting_id in db.session.scalars(planned).all():
            services.sit_in(meeting_id=meeting_id, actor=actor, now=now)
        over = (
            select(Sitting.meeting_id)
            .join(Meeting, Meeting.id == Sitting.meeting_id)
            .where(of_here, Meeting.state == MeetingState.CLOSED, ~Sitting.remarks.any())
        )
        for meeting_id in db.session.scalars(over).all():
            services.remark(meeting_id=meeting_id, text=REMARK, actor=actor, now=now)
