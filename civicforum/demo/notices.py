"""The notice board of the demonstration: quarterly items in time, one late, one missing, two drafts.

The catalogue was entered two hundred days ago; days count back from the day of loading.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.database import db
from civicforum.demo.story import Script
from civicforum.notices import services
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import GivenDraft, GivenMeeting
from civicforum.rulebook.days import day_of

ENTERED = -200
# Its clocks run every few nights: what they find is the same.
EACH = 3
DIRECTOR, CLERK, SUPERVISOR = "林晓燕", "赵敏", "郑国华"
# Of these nothing is posted, so that a visitor sees what is missing; of the others the latest is.
MISSING = ("fund_raising",)
LATE = ("help_given",)
WORDS = {
    "carrying_out": (
        "居民会议决定事项落实情况",
        "上期居民会议决定的楼道扶手、错时停车和充电棚三项，前两项已完成，第三项按计划推进。",
    ),
    "accounts": (
        "居民委员会收支情况",
        "本月收入：街道拨付办公经费四千元。\n本月支出：印刷费三百二十元、水电费四"
        "百一十五元、活动材料费六百八十元。\n结余见票据，可到服务站查阅。",
    ),
    "government_money": (
        "政府拨付经费使用情况",
        "社区公益金四万六千元，用于老仓库改造；居家养老项目款二万六千八百元，用于安装扶手。",
    ),
    "donations": (
        "捐赠款物使用情况",
        "收到辖区单位捐赠图书一百二十册，已放入共享会客厅，供居民借阅。",
    ),
    "facilities": (
        "社区用房和设施使用情况",
        "社区活动中心共开放六十二天，接待居民一千三百余人次。\n健身器材检修两次，更换部件四件。",
    ),
    "service_projects": (
        "服务项目开展情况",
        "老年助餐、儿童托管、便民维修三个项目照常开展，收费标准与上季度相同。",
    ),
    "follow_through": (
        "协商议事成果落实情况",
        "南门轮椅坡道已开工；晾晒区的位置按协商意见调整。",
    ),
    "help_given": (
        "协助政府工作情况",
        "协助开展人口登记、老年人优待证办理和燃气安全检查。",
    ),
    "low_income": (
        "最低生活保障名单",
        "张桂英、刘福来、周小满三户继续享受最低生活保障。只公布姓名，不公布住址和证件号码。",
    ),
    "appraisal_results": (
        "民主评议结果",
        "上半年居民委员会工作评议结果已经公布，详见评议页面。",
    ),
}


def tell_notices(script: Script) -> None:
    """Put the catalogue, its clocks each night, notices in time and late, and drafts into the script."""
    for day in range(ENTERED, 1, EACH):
        script.at(day, 0.3, lambda now: services.sweep_clocks(now=now))
        script.at(day, 9.2, Board(script).post_what_is_due)
    script.at(0, 0.3, lambda now: services.sweep_clocks(now=now))
    drafts = Drafts(script)
    script.at(-3, 10.0, drafts.hand_in)
    script.at(-2, 16.0, drafts.object)
    script.at(-1, 11.0, drafts.write)
    script.at(-5, 8.5, lambda now: _publish(script, now))
    script.at(-4, 9.5, lambda now: _remove(script, now))


@dataclass(frozen=True)
class Board:
    """The committee, which posts nine days before something is due, and one item four days after."""

    script: Script

    def post_what_is_due(self, now: datetime) -> None:
        """Take what is due through its way, at most four a time."""
        dues = db.session.execute(
            select(DisclosureDue.id, DisclosureItem.code, DisclosureDue.due_at)
            .join(DisclosureItem, DisclosureDue.item_id == DisclosureItem.id)
            .where(DisclosureDue.community_id == self.script.community_id, DisclosureDue.notice_id.is_(None))
            .order_by(DisclosureItem.code)
        ).all()
        ready = [due for due in dues if self._is_ready(due.code, due.due_at, now)]
        for due in ready[:4]:
            self._post(due.id, due.code, now)

    def _is_ready(self, code: str, due_at: datetime, now: datetime) -> bool:
        wait = timedelta(days=4) if code in LATE else timedelta(days=-9)
        return code in WORDS and code not in MISSING and now >= due_at + wait

    def _post(self, due_id: uuid.UUID, code: str, now: datetime) -> None:
        script, title = self.script, WORDS[code][0]
        given = GivenDraft(title=title, text=WORDS[code][1], due_id=due_id)
        clerk, director = script.actor(CLERK), script.actor(DIRECTOR)
        draft_id = services.start_draft(given=given, actor=clerk, now=now)
        services.hand_in(draft_id=draft_id, actor=clerk, now=now)
        services.clear_draft(draft_id=draft_id, actor=script.actor(SUPERVISOR), now=now)
        met = GivenMeeting(met_on=day_of(now), note="联席会议同意公布。")
        services.record_meeting(draft_id=draft_id, given=met, actor=director, now=now)
        services.post_draft(draft_id=draft_id, actor=director, now=now)


class Drafts:
    """Two drafts under way: one with an objection to answer, one that is being written."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._objected: uuid.UUID | None = None

    def _item(self, code: str) -> uuid.UUID:
        statement = select(DisclosureItem.id).where(
            DisclosureItem.community_id == self.script.community_id, DisclosureItem.code == code
        )
        return db.session.scalars(statement).one()

    def hand_in(self, now: datetime) -> None:
        given = GivenDraft(
            title="离任会计经济责任审计结果",
            text="审计期间账目清楚，票据齐全。一笔活动经费缺少签收单，已补齐。",
            item_id=self._item("audit_results"),
            formed_on=day_of(now) - timedelta(days=2),
        )
        self._objected = services.start_draft(given=given, actor=self.script.actor(CLERK), now=now)
        services.hand_in(draft_id=self._objected, actor=self.script.actor(CLERK), now=now)

    def object(self, now: datetime) -> None:
        assert self._objected is not None  # noqa: S101 - the script plays in order
        services.object_to_draft(
            draft_id=self._objected,
            text="请写明缺少签收单的那笔经费的金额和补齐的日期。",
            actor=self.script.actor(SUPERVISOR),
            now=now,
        )

    def write(self, now: datetime) -> None:
        given = GivenDraft(
            title="共享会客厅议事会结果",
            text="议事会同意共享会客厅每天开放到晚上九点，由值班志愿者轮流管理。",
            item_id=self._item("deliberation"),
            formed_on=day_of(now) - timedelta(days=1),
        )
        services.start_draft(given=given, actor=self.script.actor(CLERK), now=now)


def _publish(script: Script, now: datetime) -> None:
    services.publish_notice(
        actor=script.actor(DIRECTOR),
        category=NoticeCategory.COMMON_CONCERN,
        title="三号楼至六号楼停水通知",
        text="因更换加压泵，明日九时至十六时三号楼至六号楼停水，请各户提前储水。咨询可拨打12345。",
        now=now,
    )


def _remove(script: Script, now: datetime) -> None:
    """Remove the urgent notice before its time, and post it again for a whole period."""
    wrong = db.session.scalars(
        select(Notice)
        .where(Notice.community_id == script.community_id, Notice.title == "三号楼至六号楼停水通知")
        .order_by(Notice.posted_at.desc())
    ).first()
    assert wrong is not None  # noqa: S101 - the script plays in order
    services.remove_notice(
        notice_id=wrong.id, reason="公告栏检修时取下，须重新公布。", actor=script.actor(DIRECTOR), now=now
    )
    services.post_again(notice_id=wrong.id, actor=script.actor(DIRECTOR), now=now + timedelta(hours=1))
