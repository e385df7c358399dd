"""Each defect of py-vote-core 2.0.0 by its number, and the right answer of the guarded call."""

from __future__ import annotations

import ast
import copy
import random
from pathlib import Path

import pytest

from civicforum.config import ROOT
from civicforum.counting.second import adapter
from civicforum.counting.second.adapter import ImpossibleQuestion, Question, answer

ADAPTER = ROOT / "civicforum" / "counting" / "second" / "adapter.py"


def question(
    system: str, *ballots: tuple[int, str], options: int, seats: int = 1, lot: str | None = None
) -> Question:
    """Return a question; without a lot the first option is the luckiest."""
    order = [str(number + 1) for number in range(options)] if lot is None else lot.split(">")
    return {"system": system, "options": options, "seats": seats, "lot": order, "ballots": list(ballots)}


def modules_imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def test_only_the_adapter_imports_the_second_engine() -> None:
    importing = {
        path
        for path in (ROOT / "civicforum").rglob("*.py")
        if any(name.split(".")[0] == "py3votecore" for name in modules_imported(path))
    }
    assert importing == {ADAPTER}


def test_the_process_of_the_second_engine_needs_nothing_of_ours() -> None:
    assert not any(name.startswith("civicforum") for name in modules_imported(ADAPTER))


@pytest.mark.parametrize(
    ("system", "winner"), [("plurality", "3"), ("irv", "1"), ("schulze", "2"), ("ranked-pairs", "2")]
)
def test_each_system_answers_by_its_own_rule(system: str, winner: str) -> None:
    # First places 4, 3, 5: plurality 3. Without 2 it is 7 to 5: instant-runoff 1. Pairs: 2 beats 1 by 8 to 4
    # and 3 by 7 to 5.
    ballots = [(4, "1>2>3"), (3, "2>1>3"), (5, "3>2>1")]
    if system == "plurality":
        ballots = [(4, "1"), (3, "2"), (5, "3")]
    assert answer(question(system, *ballots, options=3))["winners"] == [winner]


def test_1_the_transferable_vote_fills_its_seats_by_a_rule_of_its_own() -> None:
    # Quota floor(10 / 3) + 1 = 4. Of the 6 of 1 a third is over: 4/3 for 2, 2/3 for 3, who has 4 already.
    told = answer(question("stv", (4, "1>2"), (2, "1>3"), (4, "3"), options=3, seats=2))
    assert told["winners"] == ["1", "3"]


def test_2_papers_brought_back_are_told() -> None:
    # Three seats, quota floor(4 / 4) + 1 = 2: 1 and 3 are elected with all papers of both, none is left, and
    # the engine starts again with all papers for 2 and 4.
    told = answer(question("stv", (2, "1>2"), (2, "3>4"), options=4, seats=3))
    assert told["reset"]
    assert {"1", "3"} <= set(told["winners"])


def test_2_one_seat_never_brings_papers_back() -> None:
    # All papers are used up once 1 and 2 are out, and 3 is left alone.
    assert not answer(question("irv", (2, "1"), (3, "2"), (4, "3"), options=3))["reset"]


def test_3_a_tie_falls_as_the_lot_says_whatever_chance_does() -> None:
    tied = [(2, "1>2"), (2, "2>1")]
    for seed in range(5):
        random.seed(seed)
        assert answer(question("irv", *tied, options=2, lot="2>1")) == {
            "winners": ["2"],
            "tie": True,
            "reset": False,
        }


@pytest.mark.parametrize("lot", ["1>2", "1>2>2", "1>2>4", "1>2>3>3"])
def test_4_a_lot_has_to_name_every_option_once(lot: str) -> None:
    with pytest.raises(ImpossibleQuestion, match="lot"):
        answer(question("irv", (1, "1"), (1, "2"), (1, "3"), options=3, lot=lot))


@pytest.mark.parametrize("ballot", ["1>1", "1=1", "2>1=2", "1>4", "x", "1>>2"])
def test_5_an_option_twice_or_a_stranger_is_refused(ballot: str) -> None:
    with pytest.raises(ImpossibleQuestion, match="twice"):
        answer(question("stv", (1, ballot), options=3))


@pytest.mark.parametrize("system", adapter.SYSTEMS)
def test_6_blank_ballots_change_nothing(system: str) -> None:
    with_blanks = answer(question(system, (2, "1"), (9, ""), (1, "2"), options=2))
    assert with_blanks == answer(question(system, (2, "1"), (1, "2"), options=2))
    assert with_blanks["winners"] == ["1"]


@pytest.mark.parametrize("system", adapter.SYSTEMS)
def test_6_without_a_ballot_nobody_wins(system: str) -> None:
    assert answer(question(system, (3, ""), (0, "1"), options=2))["winners"] == []


@pytest.mark.parametrize("system", ["irv", "schulze", "ranked-pairs", "stv"])
def test_7_an_option_on_no_paper_is_known(system: str) -> None:
    assert answer(question(system, (2, "2"), options=3))["winners"] == ["2"]


def test_7_a_pair_of_options_on_no_paper_leaves_the_others_as_they_are() -> None:
    # 1 beats 2 by 7 of 9, 2 beats 3 by 6, 3 beats 1 by 5, the weakest; 4 and 5, on no paper, are last.
    circle = [(4, "1>2>3"), (3, "3>1>2"), (2, "2>3>1")]
    alone = answer(question("schulze", *circle, options=3))
    assert answer(question("schulze", *circle, options=5)) == alone
    assert alone["winners"] == ["1"]


def test_7_fewer_options_with_votes_than_seats_leave_seats_empty() -> None:
    told = answer(question("block-plurality", (2, "1=2"), (1, "2"), options=5, seats=4))
    assert told["winners"] == ["1", "2"]
    assert not told["tie"]


def test_7_more_seats_than_options_elect_them_all() -> None:
    assert answer(question("stv", (2, "1"), options=2, seats=5))["winners"] == ["1", "2"]


@pytest.mark.parametrize("system", adapter.SYSTEMS)
def test_8_what_is_asked_stays_as_it_was(system: str) -> None:
    asked = question(system, (2, "1"), (1, "2"), (1, "3"), options=3)
    before = copy.deepcopy(asked)
    assert answer(asked) == answer(asked)
    assert asked == before
    assert [type(count) for count, _ in asked["ballots"]] == [int, int, int]


@pytest.mark.parametrize("count", [-1, 1.0, 0.5, float("nan"), True, "2", None])
def test_9_papers_are_counted_in_whole_numbers(count: object) -> None:
    with pytest.raises(ImpossibleQuestion, match="whole numbers"):
        answer(question("irv", (count, "1"), (1, "2"), options=2))  # type: ignore[arg-type]


def test_9_a_number_that_a_float_cannot_hold_is_refused() -> None:
    # 2**53 + 1 is 2**53 as a float: by one paper 2 would be level with 1.
    with pytest.raises(ImpossibleQuestion, match="papers"):
        answer(question("irv", (2**53, "1"), (2**53 + 1, "2"), options=2))
    half = 2**52
    assert answer(question("irv", (half - 1, "1"), (half, "2"), options=2))["winners"] == ["2"]


@pytest.mark.parametrize("system", ["schulze-stv", "schulze-pr", "schulze-npr", "", "STV"])
def test_10_12_13_the_wrong_systems_are_not_asked(system: str) -> None:
    with pytest.raises(ImpossibleQuestion, match="not asked"):
        answer(question(system, (1, "1"), options=1))


def test_10_12_13_the_wrong_systems_are_not_even_imported() -> None:
    wrong = {f"py3votecore.schulze_{name}" for name in ("stv", "pr", "npr", "by_graph")}
    assert not wrong & modules_imported(ADAPTER)


def test_14_ids_break_ties_of_options_and_of_pairs() -> None:
    # 1 beats 2, 2 beats 3 and 3 beats 1 by 2 to 1: the lot 3 > 1 > 2 locks 3 over 1 first, then 1 over 2.
    circle = [(1, "1>2>3"), (1, "2>3>1"), (1, "3>1>2")]
    told = answer(question("ranked-pairs", *circle, options=3, lot="3>1>2"))
    assert (told["winners"], told["tie"]) == (["3"], True)


def test_14_ten_options_and_more_keep_their_numbers_apart() -> None:
    told = answer(question("irv", (5, "11>1"), (4, "1>10"), (2, "10>12"), options=12))
    # 10 is out first with 2 papers that go to 12; 12 with 2 goes out next, and 11 has 5 to 4.
    assert told["winners"] == ["11"]


def test_15_equal_ballots_reach_the_engine_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, int]] = []
    schulze = adapter.SYSTEMS["schulze"]

    def watched(ballots: dict[str, int], seats: int, lot: list[str]) -> object:
        seen.append(dict(ballots))
        return schulze(ballots, seats, lot)

    monkeypatch.setitem(adapter.SYSTEMS, "schulze", watched)
    papers = [(1, "1>2=3"), (1, "1>3=2"), (2, "3>1"), (1, "1>2=3"), (4, "")]
    assert answer(question("schulze", *papers, options=3))["winners"] == ["1"]
    assert seen == [{"1>2=3": 3, "3>1": 2}]


@pytest.mark.parametrize("system", adapter.SYSTEMS)
def test_the_order_of_the_ballots_plays_no_part(system: str) -> None:
    by_marks = system.endswith("plurality")
    ballots = [(3, "1"), (3, "2"), (1, "3")] if by_marks else [(3, "1>2"), (2, "2>3"), (2, "3>1"), (1, "2")]
    told = answer(question(system, *ballots, options=3))
    assert answer(question(system, *reversed(ballots), options=3)) == told
