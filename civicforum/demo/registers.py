"""The registers of the demonstration: two decisions of owners, and residents who reported in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from civicforum.demo.story import Script
from civicforum.registers.services.owners import notify_decision, remark_on
from civicforum.registers.services.residence import confirm_report, report_in

DIRECTOR, CLERK, SECRETARY = "林晓燕", "赵敏", "周立民"
UNITS = {"刘德海": "云州市第三中学", "李国栋": "河西区水务局", "卢守田": "云州市人民医院"}


def tell_registers(script: Script) -> None:
    """Put two notifications, one remark and three reports into the script."""
    decisions: list[uuid.UUID] = []
    reports: list[uuid.UUID] = []

    def notify(title: str, text: str, days_ago: int, now: datetime) -> None:
        decisions.append(
            notify_decision(
                owners="槐荫东苑业主委员会",
                title=title,
                text=text,
                decided_on=script.today - timedelta(days=days_ago),
                actor=script.actor(CLERK),
                now=now,
            )
        )

    def remark(now: datetime) -> None:
        text = "建议施工前在公开栏公布工期和夜间停梯时间，方便老人安排。"
        remark_on(decision_id=decisions[0], text=text, actor=script.actor(DIRECTOR), now=now)

    def confirm(now: datetime) -> None:
        confirm_report(report_id=reports[0], actor=script.actor(SECRETARY), now=now)

    def report(name: str) -> Callable[[datetime], object]:
        return lambda now: reports.append(report_in(unit=UNITS[name], actor=script.actor(name), now=now))

    lifts = "同意使用维修资金更换3号楼两部电梯，预算三十八万元，表决结果已在小区公示。"
    gates = "同意在北门增设非机动车充电棚，费用从小区公共收益列支。"
    script.at(-33, 10.2, lambda now: notify("更换3号楼电梯", lifts, 36, now))
    script.at(-31, 15.4, remark)
    script.at(-3, 9.7, lambda now: notify("北门增设充电棚", gates, 5, now))
    for number, name in enumerate(UNITS):
        script.at(-50 + number * 9, 19.2, report(name))
    script.at(-48, 9.5, confirm)
