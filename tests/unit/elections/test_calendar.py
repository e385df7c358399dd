"""The calendar planned back from election day: lawful as planned, and what a change of one date breaks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from civicforum.elections.calendar import CLOCKS, Milestone, breaches, milestones, moved, plan
from civicforum.elections.rules import Way
from tests.support.law import BOOK, POLLING_DAY

_M = Milestone


@pytest.mark.parametrize("by_proxy", [True, False])
@pytest.mark.parametrize("way", Way)
def test_a_planned_calendar_keeps_every_clock_and_the_order(way: Way, by_proxy: bool) -> None:
    dates = plan(POLLING_DAY, way, by_proxy=by_proxy)
    assert breaches(BOOK, dates) == []
    assert list(dates.values()) == sorted(dates.values())


def test_dates_of_proxies_and_of_those_chosen_to_elect_stand_only_where_there_are_any() -> None:
    proxies = {_M.PROXIES_CLOSE, _M.PROXY_LIST}
    assert proxies.isdisjoint(milestones(Way.VOTERS, by_proxy=False))
    assert proxies < set(milestones(Way.VOTERS, by_proxy=True))
    assert _M.ELECTORS_CHOSEN not in milestones(Way.VOTERS, by_proxy=True)
    assert _M.ELECTORS_CHOSEN in milestones(Way.HOUSEHOLDS, by_proxy=True)


def test_moving_the_day_moves_what_is_ahead_and_leaves_what_is_done() -> None:
    dates = plan(POLLING_DAY, Way.VOTERS)
    later = moved(dates, {_M.COMMITTEE_FORMED, _M.ROLL_POSTED}, by=timedelta(days=7))
    assert later[_M.POLLING_DAY] == date(2026, 4, 19)
    assert later[_M.ROLL_POSTED] == dates[_M.ROLL_POSTED]
    assert later[_M.NOMINATION_OPENS] == dates[_M.NOMINATION_OPENS] + timedelta(days=7)


def test_an_election_day_moved_forward_breaks_the_posting_of_a_roll_that_is_up() -> None:
    dates = plan(POLLING_DAY, Way.VOTERS)
    # Posted 28 days before; nine days earlier, it stands for nineteen.
    earlier = moved(dates, {_M.ROLL_POSTED, _M.OBJECTIONS_CLOSE}, by=timedelta(days=-9))
    found = [one for one in breaches(BOOK, earlier) if one.verdict is not None]
    assert [(one.milestone, one.after) for one in found] == [(_M.ROLL_POSTED, _M.POLLING_DAY)]
    assert found[0].verdict is not None
    assert found[0].verdict.arithmetic == "2026-04-03 − 2026-03-15 = 19 < 20"


def test_a_date_before_what_has_to_be_done_first_is_named() -> None:
    dates = plan(POLLING_DAY, Way.VOTERS)
    dates[_M.NOMINATION_OPENS] = dates[_M.NOMINATION_CLOSES] + timedelta(days=1)
    found = breaches(BOOK, dates)
    assert [(one.milestone, one.after, one.verdict) for one in found] == [
        (_M.NOMINATION_CLOSES, _M.NOMINATION_OPENS, None)
    ]


@pytest.mark.parametrize(("rule_id", "first", "then"), CLOCKS)
def test_every_clock_of_the_calendar_is_in_the_rulebook(
    rule_id: str, first: Milestone, then: Milestone
) -> None:
    assert BOOK.clock(rule_id).days > 0
    assert list(Milestone).index(first) < list(Milestone).index(then)
