"""What stands between two stages, one case for each rule, from plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from civicforum import rulebook
from civicforum.bodies.rules import PostKind
from civicforum.elections.blockers import BlockerKind, Facts, PollFact, SeatFact, blockers_of
from civicforum.elections.calendar import Milestone, plan
from civicforum.elections.rules import Stage, Way
from civicforum.polls.rules import PollState
from civicforum.rulebook.days import day_starts

BOOK = rulebook.load("national-2026")
DAY = date(2026, 4, 12)
DATES = plan(DAY, Way.VOTERS, by_proxy=True)
_K, _M = BlockerKind, Milestone


def noon(day: date) -> datetime:
    return day_starts(day) + timedelta(hours=12)


def seats(**people: int) -> tuple[SeatFact, ...]:
    return (SeatFact("主任", PostKind.DIRECTOR, 1, **people),)


def poll(state: PollState, posted: date | None = DATES[_M.ROLL_POSTED], unruled: int = 0) -> PollFact:
    return PollFact(state, noon(DAY), noon(posted) if posted else None, unruled)


FORMED: dict[str, Any] = {"is_formed": True, "members": 5}
# Facts with which nothing stands in the way of each stage, and when.
CLEAR: dict[Stage, tuple[dict[str, Any], date]] = {
    Stage.PLANNED: ({"done": frozenset({_M.PLAN_APPROVED})}, DATES[_M.PLAN_APPROVED]),
    Stage.COMMITTEE: (FORMED, DATES[_M.COMMITTEE_FORMED]),
    Stage.REGISTRATION: ({"electors": 40}, DATES[_M.REGISTRATION_CLOSES] + timedelta(days=1)),
    Stage.ROLL: ({"poll": poll(PollState.ROLL_POSTED)}, DATES[_M.OBJECTIONS_CLOSE] + timedelta(days=1)),
    Stage.NOMINATION: (
        {**FORMED, "seats": seats(nominated=2)},
        DATES[_M.NOMINATION_CLOSES] + timedelta(days=1),
    ),
    Stage.REVIEW: ({**FORMED, "seats": seats(candidates=2)}, DATES[_M.REVIEW_DONE]),
    Stage.CANDIDATES: (
        {
            "seats": seats(formal=2),
            "poll": poll(PollState.READY),
            "by_proxy": True,
            "done": frozenset({_M.FORMAL_LIST, _M.CANDIDATES_MET, _M.STAFF_POSTED, _M.PROXY_LIST}),
        },
        DAY,
    ),
    Stage.POLLING: ({"poll": poll(PollState.CLOSED)}, DAY),
    Stage.COUNT: (
        {"poll": poll(PollState.CERTIFIED), "is_decided": True, "seats": seats(), "elected": 1},
        DAY,
    ),
    Stage.RESULT: (
        {"done": frozenset({_M.RESULT_ANNOUNCED, _M.RESULT_FILED}), "women": 1},
        DATES[_M.RESULT_FILED],
    ),
    Stage.HANDOVER: ({"handover_items": 6}, DATES[_M.HANDED_OVER]),
}


def found(stage: Stage, *, on: date | None = None, **changed: Any) -> list[BlockerKind]:
    values, day = CLEAR[stage]
    facts = replace(Facts(stage=stage, dates=DATES), **{**values, **changed})
    return [one.kind for one in blockers_of(facts, BOOK, noon(on or day))]


@pytest.mark.parametrize("stage", CLEAR)
def test_stage_with_everything_done_leads_on(stage: Stage) -> None:
    assert found(stage) == []


def test_over_is_over() -> None:
    for stage in (Stage.CLOSED, Stage.VOID):
        assert blockers_of(Facts(stage=stage), BOOK, noon(DAY)) == []


FOURTH_DAY = DATES[_M.ROLL_POSTED] + timedelta(days=4)
SHORT = {_M.OBJECTIONS_CLOSE: FOURTH_DAY, _M.RULINGS_PUBLISHED: FOURTH_DAY + timedelta(days=3)}
CASES: list[tuple[Stage, dict[str, Any], list[BlockerKind]]] = [
    (Stage.PLANNED, {"done": frozenset()}, [_K.PLAN_NOT_APPROVED]),
    (Stage.PLANNED, {"dates": DATES | {_M.FORMAL_LIST: date(2026, 4, 8)}}, [_K.DATES_BROKEN]),
    # Objections are possible on each of the five days of art 17, not on the first four.
    (Stage.PLANNED, {"dates": DATES | SHORT}, [_K.DATES_BROKEN]),
    (Stage.COMMITTEE, {"is_formed": False}, [_K.COMMITTEE_NOT_FORMED]),
    (Stage.COMMITTEE, {"members": 3}, [_K.COMMITTEE_SIZE]),
    (Stage.COMMITTEE, {"members": 6}, [_K.COMMITTEE_EVEN]),
    (Stage.COMMITTEE, {"kin_on_committee": (("甲", "乙"),)}, [_K.COMMITTEE_KIN]),
    (Stage.REGISTRATION, {"on": DATES[_M.REGISTRATION_CLOSES]}, [_K.REGISTRATION_RUNNING]),
    (Stage.REGISTRATION, {"electors": 0}, [_K.NO_ELECTORS]),
    (Stage.REGISTRATION, {"applications": 1}, [_K.APPLICATIONS_OPEN]),
    (Stage.REGISTRATION, {"households_without_voter": 1}, []),
    (
        Stage.REGISTRATION,
        {"way": Way.HOUSEHOLDS, "households_without_voter": 1},
        [_K.HOUSEHOLDS_WITHOUT_VOTER],
    ),
    (Stage.REGISTRATION, {"on": date(2026, 3, 23)}, []),
    (Stage.REGISTRATION, {"on": date(2026, 3, 24)}, [_K.TOO_LATE_FOR_ROLL]),
    (
        Stage.ROLL,
        {"poll": None, "on": date(2026, 3, 24)},
        [_K.ROLL_NOT_POSTED, _K.TOO_LATE_FOR_ROLL],
    ),
    (Stage.ROLL, {"poll": poll(PollState.DRAFT, None), "on": date(2026, 3, 15)}, [_K.ROLL_NOT_POSTED]),
    (
        Stage.ROLL,
        {"poll": poll(PollState.ROLL_POSTED, date(2026, 3, 23)), "on": date(2026, 3, 29)},
        [],
    ),
    (
        Stage.ROLL,
        {"poll": poll(PollState.ROLL_POSTED, date(2026, 3, 24)), "on": date(2026, 3, 30)},
        [_K.TOO_LATE_FOR_ROLL],
    ),
    (Stage.ROLL, {"on": date(2026, 3, 20)}, [_K.OBJECTIONS_RUNNING]),
    (Stage.ROLL, {"poll": poll(PollState.ROLL_POSTED, unruled=1)}, [_K.OBJECTIONS_UNRULED]),
    (Stage.NOMINATION, {"on": DATES[_M.NOMINATION_CLOSES]}, [_K.NOMINATION_RUNNING]),
    (Stage.NOMINATION, {"nominations_undecided": 1}, [_K.NOMINATIONS_UNDECIDED]),
    (Stage.NOMINATION, {"in_two_posts": ("甲",)}, [_K.IN_TWO_POSTS]),
    (Stage.NOMINATION, {"seats": seats(nominated=1)}, [_K.TOO_FEW_NOMINATED]),
    (Stage.NOMINATION, {"seats": seats(nominated=7)}, []),
    (Stage.NOMINATION, {"nominated_members": ("甲",)}, [_K.MEMBER_NOMINATED]),
    (Stage.NOMINATION, {"members": 4}, [_K.COMMITTEE_SIZE, _K.COMMITTEE_EVEN]),
    (Stage.REVIEW, {"checks_missing": ("甲",)}, [_K.CHECKS_MISSING]),
    (Stage.REVIEW, {"disqualified": ("甲",)}, [_K.DISQUALIFIED]),
    (Stage.REVIEW, {"seats": seats(candidates=1)}, [_K.TOO_FEW_CANDIDATES]),
    (Stage.CANDIDATES, {"seats": seats(formal=1)}, [_K.TOO_FEW_CANDIDATES, _K.TOO_FEW_CANDIDATES]),
    (
        Stage.CANDIDATES,
        {"done": frozenset()},
        [_K.NO_FORMAL_LIST, _K.CANDIDATES_NOT_MET, _K.STAFF_NOT_POSTED, _K.PROXIES_NOT_POSTED],
    ),
    (Stage.CANDIDATES, {"dates": DATES | {_M.FORMAL_LIST: date(2026, 4, 7)}}, []),
    (Stage.CANDIDATES, {"dates": DATES | {_M.FORMAL_LIST: date(2026, 4, 8)}}, [_K.FORMAL_LIST_LATE]),
    (Stage.CANDIDATES, {"poll": None}, [_K.POLL_NOT_READY]),
    (Stage.CANDIDATES, {"poll": poll(PollState.ROLL_POSTED)}, [_K.POLL_NOT_READY]),
    (Stage.CANDIDATES, {"poll": poll(PollState.VOID)}, [_K.POLL_VOID]),
    (Stage.CANDIDATES, {"done": frozenset(), "round_number": 2}, []),
    (Stage.POLLING, {"poll": poll(PollState.OPEN)}, [_K.POLLING_RUNNING]),
    (Stage.POLLING, {"poll": poll(PollState.VOID)}, [_K.POLL_VOID]),
    (Stage.COUNT, {"poll": poll(PollState.COUNTED)}, [_K.NOT_COUNTED]),
    (Stage.COUNT, {"poll": poll(PollState.VOID)}, [_K.POLL_VOID]),
    (Stage.COUNT, {"is_decided": False}, [_K.NOT_TAKEN_OVER]),
    (Stage.COUNT, {"elected": 0}, [_K.SEATS_EMPTY]),
    (
        Stage.COUNT,
        {"elected": 3, "seats": (SeatFact("委员", PostKind.MEMBER, 5),)},
        [],
    ),
    (
        Stage.COUNT,
        {"elected": 2, "seats": (SeatFact("委员", PostKind.MEMBER, 5),)},
        [_K.SEATS_EMPTY],
    ),
    (Stage.RESULT, {"done": frozenset()}, [_K.NOT_ANNOUNCED, _K.NOT_FILED]),
    (Stage.RESULT, {"women": 0}, [_K.NO_WOMAN]),
    (Stage.RESULT, {"kin_elected": (("甲", "乙"),)}, [_K.KIN_ELECTED]),
    (Stage.RESULT, {"uncertified": 1}, [_K.UNCERTIFIED]),
    (Stage.HANDOVER, {"without_term": 1}, [_K.TERMS_NOT_BEGUN]),
    (Stage.HANDOVER, {"handover_open": 1}, [_K.HANDOVER_OPEN]),
    (Stage.HANDOVER, {"handover_items": 0}, [_K.HANDOVER_OPEN]),
]


@pytest.mark.parametrize(("stage", "changed", "kinds"), CASES)
def test_what_is_missing_stands_in_the_way(
    stage: Stage, changed: dict[str, Any], kinds: list[BlockerKind]
) -> None:
    assert found(stage, **changed) == kinds


def test_every_blocker_is_met_by_a_case() -> None:
    assert {kind for _stage, _changed, kinds in CASES for kind in kinds} == set(BlockerKind)


def test_blocker_of_a_rule_carries_its_article_and_its_sum() -> None:
    facts = Facts(stage=Stage.NOMINATION, **FORMED, seats=seats(nominated=1))
    (blocker,) = blockers_of(facts, BOOK, datetime(2026, 4, 1, tzinfo=UTC))
    assert blocker.rule is not None
    assert (blocker.rule.id, blocker.rule.articles) == ("election.excess", (18,))
    assert blocker.arithmetic == "1 − 1 = 0; 0 < 1"
    assert blocker.endpoint == "elections.nominations"
