"""A calendar planned back, drawn together, and moved: by hand from the clocks of national-2026."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

import pytest

from civicforum import rulebook
from civicforum.bodies.rules import BodyKind
from civicforum.elections.calendar import Milestone, breaches, plan
from civicforum.elections.plans import (
    Plan,
    check_plan,
    first_day,
    fitted,
    moved_to,
    new_breaches,
    screen_ground,
)
from civicforum.elections.rules import ElectionKind, Way
from civicforum.errors import Invalid, RuleRefused

BOOK = rulebook.load("national-2026")
TODAY = date(2026, 3, 2)
_M = Milestone


def on(day: date, way: Way = Way.VOTERS, *, by_proxy: bool = True) -> dict[Milestone, date]:
    return fitted(BOOK, day=day, way=way, by_proxy=by_proxy, today=TODAY)


def make_plan(**terms: Any) -> Plan:
    values: dict[str, Any] = {
        "kind": ElectionKind.COMMITTEE,
        "way": Way.VOTERS,
        "body_id": uuid.uuid4(),
        "group_id": None,
        "title": "换届选举",
        "day": date(2026, 4, 12),
        "opens": time(8),
        "closes": time(18),
        "place": "大厅",
        "by_proxy": False,
        "by_screen": False,
        "screen_ground": "",
        "seats": {uuid.uuid4(): 1, uuid.uuid4(): 4},
        **terms,
    }
    return Plan(**values)


def test_calendar_that_has_its_time_is_the_usual_one() -> None:
    day = date(2026, 4, 12)
    assert on(day) == plan(day, Way.VOTERS, by_proxy=True)


@pytest.mark.parametrize("way", Way)
def test_election_day_twenty_days_ahead_still_keeps_every_clock_art_17(way: Way) -> None:
    dates = on(date(2026, 3, 22), way, by_proxy=way is not Way.REPRESENTATIVES)
    assert breaches(BOOK, dates) == []
    assert dates[_M.ROLL_POSTED] == TODAY
    # Five whole days for objections and three for rulings, however little time is left.
    assert dates[_M.OBJECTIONS_CLOSE] == date(2026, 3, 7)
    assert dates[_M.RULINGS_PUBLISHED] == date(2026, 3, 10)
    assert dates[_M.NOMINATION_OPENS] == date(2026, 3, 10)


def test_election_day_nineteen_days_ahead_breaks_the_posting_of_the_roll_art_17() -> None:
    verdicts = [one.verdict for one in new_breaches(BOOK, on(date(2026, 3, 21)), ()) if one.verdict]
    assert [verdict.rule.id for verdict in verdicts] == ["roll.posting"]
    assert verdicts[0].arithmetic == "2026-03-21 − 2026-03-02 = 19 < 20"
    assert first_day(BOOK, on, today=TODAY) == date(2026, 3, 22)


def test_moving_the_day_moves_what_is_ahead_and_leaves_what_is_done() -> None:
    dates = plan(date(2026, 4, 12), Way.VOTERS, by_proxy=True)
    done = {_M.PLAN_APPROVED, _M.COMMITTEE_FORMED}
    moved = moved_to(BOOK, dates, done, day=date(2026, 4, 19), today=TODAY)
    assert moved[_M.PLAN_APPROVED] == date(2026, 3, 8)
    assert moved[_M.REGISTRATION_OPENS] == date(2026, 3, 17)
    assert moved[_M.HANDED_OVER] == date(2026, 4, 29)


def test_objections_stay_with_a_roll_that_is_posted_when_the_day_moves() -> None:
    dates = plan(date(2026, 4, 12), Way.VOTERS, by_proxy=True)
    done = {one for one in dates if dates[one] <= date(2026, 3, 15)}
    moved = moved_to(BOOK, dates, done, day=date(2026, 4, 19), today=date(2026, 3, 16))
    assert moved[_M.OBJECTIONS_CLOSE] == date(2026, 3, 20)
    assert moved[_M.RULINGS_PUBLISHED] == date(2026, 3, 23)
    assert moved[_M.NOMINATION_OPENS] == date(2026, 3, 31)
    assert new_breaches(BOOK, moved, done) == []


def test_day_that_moves_nearer_than_the_posted_roll_allows_is_found_with_the_first_that_would_do() -> None:
    dates = plan(date(2026, 4, 12), Way.VOTERS, by_proxy=True)
    done = {one for one in dates if dates[one] <= date(2026, 3, 15)}
    today = date(2026, 3, 16)

    def calendar_on(day: date) -> dict[Milestone, date]:
        return moved_to(BOOK, dates, done, day=day, today=today)

    found = new_breaches(BOOK, calendar_on(date(2026, 4, 3)), done)
    assert [one.verdict.arithmetic for one in found if one.verdict] == ["2026-04-03 − 2026-03-15 = 19 < 20"]
    assert first_day(BOOK, calendar_on, today=today, done=done) == date(2026, 4, 4)


@pytest.mark.parametrize(("number", "is_lawful"), [(4, False), (5, True), (9, True), (10, False)])
def test_committee_has_five_to_nine_members_art_8(number: int, is_lawful: bool) -> None:
    plan = make_plan(seats={uuid.uuid4(): 1, uuid.uuid4(): number - 1})
    if is_lawful:
        check_plan(BOOK, plan, BodyKind.RESIDENTS_COMMITTEE)
        return
    with pytest.raises(RuleRefused) as refused:
        check_plan(BOOK, plan, BodyKind.RESIDENTS_COMMITTEE)
    assert refused.value.verdict.rule.id == "committee.size"


def test_by_election_fills_what_is_empty_whatever_the_size() -> None:
    plan = make_plan(kind=ElectionKind.BY_ELECTION, seats={uuid.uuid4(): 1})
    check_plan(BOOK, plan, BodyKind.RESIDENTS_COMMITTEE)


def test_screens_are_refused_without_a_ground_while_the_profile_has_none() -> None:
    with pytest.raises(RuleRefused) as refused:
        check_plan(BOOK, make_plan(by_screen=True), BodyKind.RESIDENTS_COMMITTEE)
    assert refused.value.verdict.rule.id == "election.online"
    allowed = make_plan(by_screen=True, screen_ground="街道办〔2026〕3号")
    check_plan(BOOK, allowed, BodyKind.RESIDENTS_COMMITTEE)
    assert screen_ground(BOOK, allowed) == "街道办〔2026〕3号"
    assert screen_ground(BOOK, make_plan(screen_ground="街道办〔2026〕3号")) == ""


def test_representatives_vote_without_proxies_art_19() -> None:
    with pytest.raises(RuleRefused) as refused:
        check_plan(BOOK, make_plan(way=Way.REPRESENTATIVES, by_proxy=True), BodyKind.RESIDENTS_COMMITTEE)
    assert refused.value.verdict.rule.id == "proxy.by_representatives"


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"closes": time(8)}, "hours"),
        ({"seats": {}}, "no_seat"),
        ({"seats": {uuid.uuid4(): -1, uuid.uuid4(): 6}}, "seats"),
        ({"kind": ElectionKind.REPRESENTATIVES}, "unit"),
        (
            {
                "kind": ElectionKind.REPRESENTATIVES,
                "group_id": uuid.uuid4(),
                "way": Way.REPRESENTATIVES,
            },
            "way",
        ),
    ],
)
def test_plan_that_means_nothing_is_refused(terms: dict[str, Any], reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_plan(BOOK, make_plan(**terms), BodyKind.REPRESENTATIVE_ASSEMBLY)
    assert refused.value.reason == reason
