"""The liaison point of the demonstration: two deputies, their days, and three opinions left for one."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from civicforum.demo.story import Script
from civicforum.registers.rules_deputies import DeputyKind, DeputyLevel
from civicforum.registers.services.deputies import DayGiven, DeputyGiven, add_deputy, add_liaison_day
from civicforum.registers.services.opinions import answer_opinion, enter_paper, forward_opinion, send_opinion

CLERK, AUTHOR = "赵敏", "王秀兰"
PLACE = "社区服务站二楼代表联系点"
DEPUTIES = (
    ("方雨", DeputyKind.CONGRESS, DeputyLevel.DISTRICT),
    ("宋知远", DeputyKind.CONSULTATIVE, DeputyLevel.CITY),
)
LIGHTS = "河边步道晚上太暗，希望区里增设路灯。"
BUS = "12路公交晚高峰间隔太长，老人接孩子等得久。"
CLINIC = "希望社区卫生站周末也能开药。"


def tell_deputies(script: Script) -> None:
    """Put two deputies, a liaison day each, an answered opinion, a forwarded and a waiting one."""
    deputies: list[uuid.UUID] = []
    opinions: list[uuid.UUID] = []

    def add(now: datetime) -> None:
        clerk = script.actor(CLERK)
        for place, (name, kind, level) in enumerate(DEPUTIES):
            given = DeputyGiven(name=name, kind=kind, level=level, place=PLACE, since=date(2024, 1, 1))
            deputies.append(add_deputy(given=given, actor=clerk, now=now))
            day = script.today + timedelta(days=6 + 7 * place)
            hours = DayGiven(day=day, begins=time(9), ends=time(11, 30), place=PLACE)
            add_liaison_day(deputy_id=deputies[place], given=hours, actor=clerk, now=now)

    def send(text: str, now: datetime) -> None:
        sent = send_opinion(deputy_id=deputies[0], text=text, actor=script.actor(AUTHOR), now=now)
        opinions.append(sent)

    def forward(place: int, days_ago: int, now: datetime) -> None:
        on = script.today - timedelta(days=days_ago)
        forward_opinion(opinion_id=opinions[place], on=on, actor=script.actor(CLERK), now=now)

    def answer(now: datetime) -> None:
        text = "已向区城管局提出建议，答复为列入下半年照明改造计划。"
        answer_opinion(
            opinion_id=opinions[0],
            text=text,
            answered_by="方雨，书面答复",
            actor=script.actor(CLERK),
            now=now,
        )

    def paper(now: datetime) -> None:
        enter_paper(deputy_id=deputies[0], text=CLINIC, actor=script.actor(CLERK), now=now)

    script.at(-60, 9.3, add)
    script.at(-45, 19.6, lambda now: send(LIGHTS, now))
    script.at(-42, 10.1, lambda now: forward(0, 42, now))
    script.at(-27, 15.2, answer)
    script.at(-20, 20.4, lambda now: send(BUS, now))
    script.at(-11, 9.8, lambda now: forward(1, 11, now))
    script.at(-2, 10.5, paper)
