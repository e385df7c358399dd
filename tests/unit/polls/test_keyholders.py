"""Whose turn it is in a key ceremony, and who may not keep a part of the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from civicforum.polls.keyholders import Candidate, Round, has_spoken, round_of, stands_on_paper

SAID: dict[str, Any] = {"i": 1}


@dataclass
class Row:
    hello: dict[str, Any] | None = None
    has_heard: bool = False
    deal: dict[str, Any] | None = None
    confirm: dict[str, Any] | None = None


STAGES = [
    Row(),
    Row(SAID),
    Row(SAID, True),
    Row(SAID, True, SAID),
    Row(SAID, True, SAID, SAID),
]
ROUNDS = [Round.HELLO, Round.HEARD, Round.DEAL, Round.CONFIRM, Round.DRILL]


@pytest.mark.parametrize(("slowest", "round_"), list(zip(range(5), ROUNDS, strict=True)))
def test_the_round_is_that_of_the_slowest(slowest: int, round_: Round) -> None:
    rows = [STAGES[-1], STAGES[slowest], STAGES[-1]]
    assert round_of(rows, complaint="", is_drilled=False) is round_


@pytest.mark.parametrize("row", STAGES)
def test_a_complaint_ends_it_in_every_round(row: Row) -> None:
    assert round_of([row], complaint="口令条丢了", is_drilled=False) is Round.ENDED


def test_it_is_done_after_the_drill() -> None:
    assert round_of([STAGES[-1]], complaint="", is_drilled=True) is Round.DONE


@pytest.mark.parametrize("stage", range(5))
def test_who_has_spoken_in_a_round_has_spoken_in_those_before(stage: int) -> None:
    said = [has_spoken(STAGES[stage], round_) for round_ in ROUNDS[:4]]
    assert said == [True] * stage + [False] * (4 - stage)


@pytest.mark.parametrize(
    ("name", "relatives", "is_listed"),
    [
        ("王五", set(), False),
        ("张三", set(), True),
        ("张 三", set(), True),
        ("王五", {"李四"}, True),
        ("张三丰", {"李四光"}, False),
    ],
)
def test_candidates_and_their_relatives_stand_on_the_paper(
    name: str, relatives: set[str], is_listed: bool
) -> None:
    assert stands_on_paper(Candidate(name, frozenset(relatives)), ["张三", "李　四"]) is is_listed


def test_somebody_of_a_name_that_two_candidates_bear_is_taken_for_one_of_them() -> None:
    assert stands_on_paper(Candidate("王芳", frozenset()), ["王芳（名单第1号）", "王芳（名单第8号）"])
    assert not stands_on_paper(Candidate("王方", frozenset()), ["王芳（名单第1号）"])
