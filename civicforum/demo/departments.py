"""The register of the demonstration: who works here, what residents wrote to them, and what was replied.

Days count back from the day of loading. The police reply in time but for once; the cleaning firm does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civicforum.demo.story import Script
from civicforum.departments import services
from civicforum.departments.rules import DepartmentKind
from civicforum.departments.services import Given

# Five years: the register says since when, and was itself entered later.
HERE_FOR = timedelta(days=5 * 365)
ENTERED = -190
DIRECTOR = "林晓燕"


@dataclass(frozen=True)
class Told:
    """An opinion: by whom, on which day, and after how many days which reply; None where there is none."""

    author: str
    day: int
    text: str
    reply_after: int | None = None
    reply: str = ""


@dataclass(frozen=True)
class Outside:
    """A department or a firm, with what was written to it."""

    kind: DepartmentKind
    name: str
    duty: str
    phone: str
    replies_as: str
    opinions: tuple[Told, ...]


OUTSIDE = (
    Outside(
        DepartmentKind.POLICE,
        "柳荫派出所",
        "治安巡逻、户籍办理、电动车登记，每周三下午在社区警务室值班。",
        "0312-555-0110",
        "社区民警 钱警官，来电",
        (
            Told(
                "王秀兰",
                -150,
                "三号楼后面晚上常有人聚集喧哗，希望夜里多巡逻。",
                3,
                "已把该处列入每晚巡逻点。",
            ),
            Told(
                "@grid1",
                -121,
                "警务室周三下午门关着，去了两次都没人。",
                6,
                "值班表已贴在门上，外出时留电话。",
            ),
            Told(
                "@grid4", -96, "电动车登记要跑到所里，老人不方便。", 9, "自下月起每月第一个周三在警务室办理。"
            ),
            Told("@grid2", -77, "槐荫二路违停的车堵了消防通道。", 2, "已会同交警清理，并增设标志。"),
            Told("@elder3", -58, "冒充燃气检查的人又来敲门了。", 1, "已发提醒，请遇到时立即拨打110。"),
            Told("陈志强", -37, "希望来社区给老人讲一次防诈骗。", 19, "已安排在社区活动中心举办。"),
            Told("@grid5", -4, "夜里有摩托车在主路上飞驰。"),
        ),
    ),
    Outside(
        DepartmentKind.SUBDISTRICT,
        "柳荫街道便民服务窗口",
        "低保、残疾人补贴、老年人优待证的受理，每周二、周四驻社区服务站。",
        "0312-555-0188",
        "窗口负责人 邱主任，来函",
        (
            Told("@elder1", -88, "优待证办了一个月还没有消息。", 4, "证件已制好，可到窗口领取或者送上门。"),
            Told("@grid3", -52, "窗口周四常常提前半小时下班。", 7, "已核实并整改，受理时间至17时。"),
            Told("@grid2", -16, "补贴的材料清单能不能贴出来？", 5, "清单已张贴，并放在窗口供取用。"),
        ),
    ),
    Outside(
        DepartmentKind.PROVIDER,
        "清源自来水公司",
        "供水、抄表和管道抢修。",
        "0312-555-0196",
        "客服部 来函",
        (
            Told("@grid1", -140, "五号楼水压太低，六楼上午没有水。", 8, "加压泵已检修，水压恢复。"),
            Told(
                "@grid4", -110, "换表以后水费高了一倍，请查一查。", 12, "已复核，系估抄所致，多收部分已退。"
            ),
            Told("王秀兰", -83, "停水通知当天才贴，来不及存水。", 5, "今后提前二十四小时张贴并告知网格员。"),
            Told("@grid5", -61, "小区门口井盖松动，车一压就响。", 2, "已更换。"),
            Told("@elder2", -30, "希望恢复上门收费，老人不会用手机。", 10, "每月十日在服务站设收费点。"),
        ),
    ),
    Outside(
        DepartmentKind.PROVIDER,
        "洁美环卫有限公司",
        "道路清扫、垃圾清运和公厕保洁。",
        "0312-555-0173",
        "项目经理 来电",
        (
            Told("@grid3", -132, "垃圾桶满了三天没有清运。", 11, "已增加一班清运。"),
            Told("@grid1", -101, "清晨四点倒桶声音太大。", 22, "倒桶时间改在六点以后。"),
            Told("刘德海", -74, "公厕没有洗手液，灯也坏了。"),
            Told("@grid2", -49, "雨后路面积泥没有人扫。", 14, "已安排雨后一小时内清扫。"),
            Told("@elder4", -27, "厨余桶盖子坏了，夏天味道很大。"),
            Told("@grid5", -7, "绿化带里的塑料袋好久没有人捡。"),
        ),
    ),
)


def load_departments(script: Script) -> None:
    """Put the register, the opinions and their replies into the script."""
    for outside in OUTSIDE:
        Box(script, outside).tell()
    last = min(day for outside in OUTSIDE for day in (one.day for one in outside.opinions))
    for day in range(last, 1):
        script.at(day, 0.2, lambda now: services.sweep_clocks(now=now))


class Box:
    """One department and its opinion box."""

    def __init__(self, script: Script, outside: Outside) -> None:
        self.script, self.outside = script, outside
        self._id: uuid.UUID | None = None
        self._opinions: dict[int, uuid.UUID] = {}

    def tell(self) -> None:
        self.script.at(ENTERED, 9.5, self._enter)
        for number, told in enumerate(self.outside.opinions):
            self.script.at(told.day, 19.5, self._send(number, told))
            if told.reply_after is not None:
                self.script.at(told.day + told.reply_after, 15.5, self._reply(number, told))

    def _enter(self, now: datetime) -> None:
        outside = self.outside
        since: date = self.script.today - HERE_FOR
        given = Given(
            kind=outside.kind, name=outside.name, duty=outside.duty, phone=outside.phone, since=since
        )
        self._id = services.add_department(given=given, actor=self.script.actor(DIRECTOR), now=now)

    def _send(self, number: int, told: Told) -> Callable[[datetime], None]:
        def send(now: datetime) -> None:
            assert self._id is not None  # noqa: S101 - the script plays in order
            author = self.script.actor_of(self.script.somebody(told.author))
            self._opinions[number] = services.send_opinion(
                department_id=self._id, text=told.text, actor=author, now=now
            )

        return send

    def _reply(self, number: int, told: Told) -> Callable[[datetime], None]:
        def reply(now: datetime) -> None:
            services.reply_to_opinion(
                opinion_id=self._opinions[number],
                text=told.reply,
                replied_by=self.outside.replies_as,
                actor=self.script.actor(DIRECTOR),
                now=now,
            )

        return reply
