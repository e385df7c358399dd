"""Deputies at the liaison point of a community, made through services."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from civicforum.registers.rules_deputies import DeputyKind, DeputyLevel
from civicforum.registers.services.deputies import DayGiven, DeputyGiven, add_deputy, add_liaison_day
from civicforum.registers.services.opinions import forward_opinion, send_opinion
from civicforum.rulebook.days import day_of
from tests.factories import NOW
from tests.support.asking import Town


def deputy_given(name: str = "方雨") -> DeputyGiven:
    """Return an entry of the register: in office since before the tests' days."""
    return DeputyGiven(
        name=name,
        kind=DeputyKind.CONGRESS,
        level=DeputyLevel.DISTRICT,
        place="社区服务站二楼",
        since=date(2025, 1, 1),
    )


def hours_on(day: date) -> DayGiven:
    """Return a morning at the liaison point."""
    return DayGiven(day=day, begins=time(9), ends=time(11), place="社区服务站二楼")


def make_deputy(town: Town, *, now: datetime = NOW) -> uuid.UUID:
    """Enter a deputy and return the id."""
    return add_deputy(given=deputy_given(), actor=town.clerk, now=now)


def make_liaison(town: Town, *, now: datetime = NOW) -> dict[str, uuid.UUID]:
    """Make a row for every page of the liaison point; return ids by argument.

    "opinion_id" waits to be forwarded, "forwarded_id" for its answer; both are the resident's.
    """
    deputy_id = make_deputy(town, now=now)
    coming = hours_on(day_of(now) + timedelta(days=7))
    day_id = add_liaison_day(deputy_id=deputy_id, given=coming, actor=town.clerk, now=now)
    waits, forwarded = (
        send_opinion(deputy_id=deputy_id, text=text, actor=town.resident, now=now)
        for text in ("希望增加公交班次。", "希望公园增加路灯。")
    )
    forward_opinion(opinion_id=forwarded, on=day_of(now), actor=town.clerk, now=now)
    return {"deputy_id": deputy_id, "day_id": day_id, "opinion_id": waits, "forwarded_id": forwarded}
