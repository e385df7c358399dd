"""What stands against opening a poll, each thing alone, and against the steps after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from civicforum.polls.blockers import (
    BlockerKind,
    Facts,
    LaterFacts,
    Requirement,
    StationFact,
    Who,
    blockers_of,
    next_blockers_of,
    requirements,
)
from civicforum.polls.rules import PollState, Preset, StationKind
from civicforum.rulebook import load
from civicforum.sealed import Phase

BOOK = load("national-2026")
DAY = timedelta(days=1)
# Posted on 1 March in Shanghai; the vote opens on 21 March, twenty days later, and lasts for two days.
POSTED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
OPENS = datetime(2026, 3, 21, 0, 0, tzinfo=UTC)
CLOSES = OPENS + 2 * DAY
HALL = StationFact("社区会议室", StationKind.HALL, supervisors=2)
BOX = StationFact("一号流动票箱", StationKind.ROVING, supervisors=3)
# An election with everything in order: paper, roving box, proxies. Nobody votes on a screen.
ELECTION = Facts(
    preset=Preset.SEALED,
    by_screen=False,
    by_paper=True,
    by_proxy=True,
    is_statutory=True,
    opens_at=OPENS,
    closes_at=CLOSES,
    roll_posted_at=POSTED,
    roll_frozen_at=POSTED + 6 * DAY,
    objection_days=5,
    least=5,
    trustees=3,
    questions=1,
    candidates=frozenset({"王建国", "李秀英"}),
    on_roll=40,
    rulings_due=(),
    trustees_named=(),
    is_key_made=False,
    is_drilled=False,
    cards=0,
    phase=None,
    has_keys=False,
    stations=(HALL, BOX),
    proxies=(("赵敏", 3),),
    last_proxy_at=OPENS - 3 * DAY,
)
# A resolution on the screen, its key kept by three officers.
SEALED = replace(
    ELECTION,
    is_statutory=False,
    by_screen=True,
    by_paper=False,
    by_proxy=False,
    stations=(),
    proxies=(),
    last_proxy_at=None,
    trustees_named=("甲", "乙", "丙"),
    is_key_made=True,
    is_drilled=True,
    cards=40,
    phase=Phase.CASTING,
    has_keys=True,
)
PLATFORM = replace(
    SEALED, preset=Preset.POLL, trustees_named=("civicforum",), objection_days=0, roll_frozen_at=POSTED
)
NAMED = replace(PLATFORM, preset=Preset.OPEN, trustees_named=(), phase=None, has_keys=False, cards=0)
K = BlockerKind


def kinds(facts: Facts, now: datetime = OPENS) -> list[BlockerKind]:
    return [one.kind for one in blockers_of(facts, BOOK, now)]


@pytest.mark.parametrize("facts", [ELECTION, SEALED, PLATFORM, NAMED])
def test_nothing_stands_against_a_poll_that_has_everything(facts: Facts) -> None:
    assert kinds(facts) == []


@pytest.mark.parametrize(
    ("facts", "changes", "found"),
    [
        (NAMED, {"questions": 0}, [K.NO_QUESTION]),
        (NAMED, {"opens_at": None, "closes_at": None}, [K.NO_TIMES]),
        (NAMED, {"closes_at": OPENS}, [K.ALREADY_OVER]),
        (NAMED, {"on_roll": 0}, [K.NO_ROLL]),
        (NAMED, {"roll_posted_at": None}, [K.ROLL_NOT_POSTED]),
        (NAMED, {"roll_frozen_at": None}, [K.ROLL_NOT_FROZEN]),
        (NAMED, {"on_roll": 4}, [K.FEWER_THAN_LEAST]),
        (NAMED, {"rulings_due": (OPENS,)}, [K.OBJECTIONS_UNRULED]),
        (NAMED, {"objection_days": 20}, [K.OBJECTIONS_RUNNING]),
        (ELECTION, {"roll_posted_at": POSTED + DAY}, [K.POSTED_TOO_LATE]),
        (ELECTION, {"stations": ()}, [K.NO_STATION]),
        (ELECTION, {"stations": (HALL, replace(BOX, supervisors=2))}, [K.BOX_UNWATCHED]),
        (ELECTION, {"last_proxy_at": OPENS - DAY}, [K.PROXIES_LATE]),
        (ELECTION, {"proxies": (("赵敏", 4), ("赵敏", 1))}, [K.TOO_MANY_PROXIES]),
        (ELECTION, {"proxies": (("李 秀英", 1),)}, [K.CANDIDATE_HOLDS_PROXY]),
        (SEALED, {"is_statutory": True}, [K.SCREEN_NOT_ALLOWED]),
        (SEALED, {"trustees_named": ("甲", "乙")}, [K.TRUSTEES_NOT_NAMED]),
        (SEALED, {"is_key_made": False, "is_drilled": False}, [K.CEREMONY_UNFINISHED]),
        (SEALED, {"is_drilled": False}, [K.DRILL_NOT_DONE]),
        (SEALED, {"trustees_named": ("甲", "乙", "王建国")}, [K.TRUSTEE_IS_CANDIDATE]),
        (SEALED, {"cards": 37}, [K.CARDS_MISSING]),
        (SEALED, {"phase": None}, [K.BOARD_NOT_FOUNDED]),
        (SEALED, {"has_keys": False}, [K.KEYS_MISSING]),
        (PLATFORM, {"phase": None}, [K.BOARD_NOT_FOUNDED]),
        (PLATFORM, {"has_keys": False}, [K.KEYS_MISSING]),
    ],
)
def test_each_thing_that_is_missing_is_named(
    facts: Facts, changes: dict[str, Any], found: list[BlockerKind]
) -> None:
    assert kinds(replace(facts, **changes)) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"roll_posted_at": POSTED + DAY},
        {"last_proxy_at": OPENS},
    ],
)
def test_clocks_of_the_law_bind_elections_alone(changes: dict[str, Any]) -> None:
    assert kinds(replace(ELECTION, is_statutory=False, **changes)) == []


def test_a_roll_posted_a_day_late_is_told_with_article_and_arithmetic() -> None:
    (found,) = blockers_of(replace(ELECTION, roll_posted_at=POSTED + DAY), BOOK, OPENS)
    assert found.arithmetic == "2026-03-21 − 2026-03-02 = 19 < 20"
    assert found.rule is not None
    assert found.rule.article == "城市居民委员会组织法 第十七条"


def test_objections_run_until_the_last_instant_of_their_last_day() -> None:
    # Posted on 1 March with five days: 6 March in Shanghai is the last, and ends at 16:00 UTC.
    midnight = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    facts = replace(ELECTION, roll_frozen_at=POSTED)
    assert kinds(facts, midnight - timedelta(microseconds=1)) == [K.OBJECTIONS_RUNNING]
    assert kinds(facts, midnight) == []


def test_rulings_that_are_overdue_are_counted_apart() -> None:
    (found,) = blockers_of(replace(NAMED, rulings_due=(OPENS - DAY, OPENS, OPENS + DAY)), BOOK, OPENS)
    assert found.figures == {"num": 3, "overdue": 1}


def test_a_new_poll_lacks_everything_and_each_line_of_the_page_says_what() -> None:
    new = replace(
        SEALED,
        opens_at=None,
        closes_at=None,
        questions=0,
        on_roll=0,
        roll_posted_at=None,
        roll_frozen_at=None,
        trustees_named=(),
        is_key_made=False,
        is_drilled=False,
        cards=0,
        phase=None,
        has_keys=False,
    )
    found = requirements(new, BOOK, OPENS)
    assert {which: [one.kind for one in missing] for which, missing in found.items()} == {
        Requirement.BALLOT: [K.NO_QUESTION],
        Requirement.TIMES: [K.NO_TIMES],
        Requirement.ROLL: [K.NO_ROLL],
        Requirement.OBJECTIONS: [],
        Requirement.KEY: [K.TRUSTEES_NOT_NAMED],
        Requirement.CARDS: [K.CARDS_MISSING],
        Requirement.BOARD: [K.BOARD_NOT_FOUNDED],
    }


LATER = LaterFacts(
    state=PollState.CLOSED,
    closes_at=CLOSES,
    is_sealed=True,
    has_trustees=True,
    threshold=2,
    shares=0,
    is_opened=True,
    stations=(replace(HALL, is_signed=True),),
    unanswered=0,
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"state": PollState.OPEN}, [(K.STILL_OPEN, Who.CLOCK)]),
        ({"state": PollState.OPEN, "closes_at": OPENS}, []),
        ({"is_sealed": False}, []),
        (
            {"is_sealed": False, "stations": (replace(BOX, is_list_awaited=True),)},
            [(K.LISTS_AWAITED, Who.DOOR)],
        ),
        ({"stations": (HALL,)}, [(K.STATIONS_UNSIGNED, Who.DOOR)]),
        ({"is_opened": False}, [(K.SHARES_MISSING, Who.TRUSTEES)]),
        ({"is_opened": False, "has_trustees": False}, []),
        ({"state": PollState.COUNTED}, []),
        ({"state": PollState.COUNTED, "unanswered": 2}, [(K.OBJECTIONS_UNANSWERED, Who.RUNNERS)]),
        ({"state": PollState.CERTIFIED, "unanswered": 2}, []),
    ],
)
def test_what_stands_against_each_later_step(
    changes: dict[str, Any], found: list[tuple[BlockerKind, Who]]
) -> None:
    blockers = next_blockers_of(replace(LATER, **changes), OPENS + DAY)
    assert [(one.kind, one.who) for one in blockers] == found
