"""Which notices an election needs, when each is due, and what is not there yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from civicforum import rulebook
from civicforum.elections.calendar import plan
from civicforum.elections.notices import (
    Missing,
    Need,
    RoundStanding,
    SeatStanding,
    Standing,
    due_on,
    missing,
    needs,
)
from civicforum.elections.rules import ElectionKind, NoticeKind, RoundKind, Stage, Way

BOOK = rulebook.load("national-2026")
DAY = date(2026, 4, 12)
EARLY = DAY - timedelta(days=40)
PLANNED = Standing(
    kind=ElectionKind.COMMITTEE,
    stage=Stage.PLANNED,
    by_proxy=False,
    dates=plan(DAY, Way.VOTERS),
    is_formed=False,
)
FORMED = replace(PLANNED, is_formed=True)
N = NoticeKind


def decided(number: int, kind: RoundKind, *, is_void: bool = False) -> RoundStanding:
    day = DAY + timedelta(days=7 * (number - 1))
    return RoundStanding(number, kind, day, has_paper=True, is_decided=not is_void, is_void=is_void)


def kinds(standing: Standing) -> list[NoticeKind]:
    return [need.kind for need in needs(standing)]


def lacks(kind: NoticeKind, standing: Standing, *, number: int = 0, today: date = EARLY) -> list[Missing]:
    return missing(Need(kind, number), standing, book=BOOK, today=today)


def test_a_plain_election_needs_no_list_of_proxies_boxes_or_rulings() -> None:
    assert kinds(PLANNED) == [
        N.ELECTION_DAY,
        N.COMMITTEE,
        N.REGISTRATION,
        N.ROLL,
        N.NOMINATION,
        N.PRELIMINARY_LIST,
        N.FORMAL_LIST,
        N.MEETING,
        N.POLLING,
        N.STAFF,
        N.INVALID_PAPERS,
        N.RESULT,
        N.HANDOVER,
    ]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (N.RULINGS, {"objections": 1}),
        (N.ROVING_BOXES, {"roving": [3]}),
        (N.PROXIES, {"by_proxy": True}),
    ],
)
def test_proxies_boxes_and_objections_ask_for_their_notice(
    kind: NoticeKind, changes: dict[str, object]
) -> None:
    assert kind not in kinds(PLANNED)
    assert kind in kinds(replace(PLANNED, **changes))  # type: ignore[arg-type]


def test_a_by_election_has_no_handover_of_a_whole_committee() -> None:
    assert N.HANDOVER not in kinds(replace(PLANNED, kind=ElectionKind.BY_ELECTION))


def test_each_round_is_announced_and_has_its_result_and_the_handover_comes_last() -> None:
    rounds = [decided(1, RoundKind.FIRST), decided(2, RoundKind.FURTHER), decided(3, RoundKind.TIE)]
    assert needs(replace(FORMED, rounds=rounds))[-6:] == [
        Need(N.RESULT, 1),
        Need(N.FURTHER_ROUND, 2),
        Need(N.RESULT, 2),
        Need(N.FURTHER_ROUND, 3),
        Need(N.RESULT, 3),
        Need(N.HANDOVER),
    ]


def test_a_void_poll_is_announced_as_void_and_held_again() -> None:
    rounds = [decided(1, RoundKind.FIRST, is_void=True), decided(2, RoundKind.RERUN)]
    found = needs(replace(FORMED, rounds=rounds))
    assert Need(N.VOID, 1) in found
    assert Need(N.RESULT, 1) not in found
    assert Need(N.RESULT, 2) in found


def test_a_void_election_needs_no_more_than_what_was_issued_and_that_it_is_void() -> None:
    issued = [Need(N.ROLL), Need(N.ELECTION_DAY)]
    assert needs(replace(FORMED, stage=Stage.VOID), issued) == [
        Need(N.ELECTION_DAY),
        Need(N.ROLL),
        Need(N.VOID),
    ]


def test_notices_are_due_by_the_calendar_and_later_rounds_by_their_day() -> None:
    standing = replace(FORMED, rounds=[decided(1, RoundKind.FIRST), decided(2, RoundKind.FURTHER)])
    assert due_on(Need(N.ROLL), standing) == DAY - timedelta(days=28)
    assert due_on(Need(N.FORMAL_LIST), standing) == DAY - timedelta(days=6)
    assert due_on(Need(N.RESULT, 1), standing) == DAY
    assert due_on(Need(N.RESULT, 2), standing) == DAY + timedelta(days=7)
    assert due_on(Need(N.FURTHER_ROUND, 2), standing) == DAY + timedelta(days=7)
    assert due_on(Need(N.VOID), standing) is None


def test_the_old_committee_announces_the_day_before_the_election_committee_is_formed() -> None:
    assert lacks(N.ELECTION_DAY, PLANNED) == []
    assert lacks(N.REGISTRATION, PLANNED) == [Missing.COMMITTEE]
    assert lacks(N.REGISTRATION, FORMED) == []


def test_the_roll_and_the_rulings_wait_for_their_data() -> None:
    assert lacks(N.ROLL, FORMED) == [Missing.ROLL]
    assert lacks(N.ROLL, replace(FORMED, is_roll_posted=True)) == []
    assert lacks(N.RULINGS, replace(FORMED, objections=2, unruled=1)) == [Missing.RULINGS]
    assert lacks(N.RULINGS, replace(FORMED, objections=2)) == []


@pytest.mark.parametrize(
    ("formal", "found"), [(2, [Missing.FORMAL_LIST]), (3, [Missing.FORMAL_LIST]), (4, [])]
)
def test_article_18_more_formal_candidates_than_seats_before_the_list_is_posted(
    formal: int, found: list[Missing]
) -> None:
    standing = replace(FORMED, seats=[SeatStanding("委员", 3, formal, formal)])
    assert lacks(N.FORMAL_LIST, standing) == found
    assert lacks(N.MEETING, standing) == found


def test_a_post_that_nobody_stands_for_holds_up_the_preliminary_list() -> None:
    seats = [SeatStanding("主任", 1, 1, 0), SeatStanding("委员", 3, 0, 0)]
    assert lacks(N.PRELIMINARY_LIST, replace(FORMED, seats=seats)) == [Missing.NOMINEES]
    assert lacks(N.PRELIMINARY_LIST, replace(FORMED, seats=seats[:1])) == []


@pytest.mark.parametrize(("watching", "found"), [(2, [Missing.SUPERVISORS]), (3, []), (4, [])])
def test_a_roving_box_is_announced_with_three_supervisors(watching: int, found: list[Missing]) -> None:
    assert lacks(N.ROVING_BOXES, replace(FORMED, roving=[3, watching])) == found


def test_staff_and_polling_wait_for_stations_with_somebody_at_each() -> None:
    assert lacks(N.POLLING, FORMED) == [Missing.STATIONS]
    assert lacks(N.STAFF, replace(FORMED, halls=2, supervisors=[2, 0])) == [Missing.SUPERVISORS]
    assert lacks(N.STAFF, replace(FORMED, halls=2, supervisors=[2, 1])) == []


def test_the_list_of_proxies_is_posted_after_the_last_day_for_them() -> None:
    standing = replace(FORMED, by_proxy=True, dates=plan(DAY, Way.VOTERS, by_proxy=True))
    assert lacks(N.PROXIES, standing, today=DAY - timedelta(days=4)) == [Missing.PROXIES_RUN]
    assert lacks(N.PROXIES, standing, today=DAY - timedelta(days=3)) == []


def test_a_result_waits_for_its_own_round() -> None:
    second = replace(decided(2, RoundKind.FURTHER), is_decided=False, has_paper=False)
    standing = replace(FORMED, rounds=[decided(1, RoundKind.FIRST), second])
    assert lacks(N.RESULT, standing, number=1) == []
    assert lacks(N.RESULT, standing, number=2) == [Missing.COUNT]
    assert lacks(N.FURTHER_ROUND, standing, number=2) == [Missing.PAPER]


@pytest.mark.parametrize(("things", "handed", "found"), [(0, 0, True), (6, 5, True), (6, 6, False)])
def test_the_handover_is_announced_when_everything_is_handed_over(
    things: int, handed: int, found: bool
) -> None:
    standing = replace(FORMED, handover=things, handed=handed)
    assert (lacks(N.HANDOVER, standing) == [Missing.HANDOVER]) is found
