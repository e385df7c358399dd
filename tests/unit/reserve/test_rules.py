"""Scores worked by hand, places and ties, exact numbers, and the order of stages."""

from __future__ import annotations

import uuid
from fractions import Fraction

import pytest

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.reserve.rules import (
    NEXT_STAGE,
    Score,
    SelectionState,
    Stage,
    check_run,
    check_weights,
    choose,
    exact,
    move,
    plain,
    ranks,
    read_points,
)

A, B, C, D = (uuid.UUID(int=number) for number in range(1, 5))


def test_a_score_is_the_weighted_sum_and_the_bonus() -> None:
    score = Score(
        appraisal_weight=Fraction(2, 5),
        appraisal=Fraction(86),
        exam_weight=Fraction(3, 5),
        exam=Fraction("90.5"),
        bonus=Fraction(2),
    )
    # 34.4 + 54.3 + 2
    assert score.value == Fraction("90.7")
    assert score.arithmetic == "0.4 × 86 + 0.6 × 90.5 + 2 = 90.7"


def test_a_score_that_is_no_decimal_stays_exact() -> None:
    score = Score(
        appraisal_weight=Fraction(1, 2),
        appraisal=Fraction(253, 3),
        exam_weight=Fraction(1, 2),
        exam=Fraction(90),
        bonus=Fraction(0),
    )
    # 253/6 + 45 = 523/6
    assert score.arithmetic == "0.5 × 253/3 + 0.5 × 90 = 523/6 ≈ 87.17"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(90), "90"),
        (Fraction(0), "0"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 16), "0.0625"),
        (Fraction(1, 20), "0.05"),
        (Fraction(1, 3), "1/3"),
        (Fraction(7, 30), "7/30"),
    ],
)
def test_a_number_is_written_exactly(number: Fraction, text: str) -> None:
    assert plain(number) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("40%", "2/5"), ("40％", "2/5"), ("2/5", "2/5"), ("0.4", "2/5"), (" 88.5 ", "177/2")],
)
def test_what_is_typed_is_read_exactly(text: str, number: str) -> None:
    assert exact(text, "x") == Fraction(number)


@pytest.mark.parametrize("text", ["", "-1", "1e3", "3/0", "1/2/3", "八十", "88.", "1٢"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        exact(text, "exam")
    assert (refused.value.reason, refused.value.field) == ("number", "exam")


def test_points_end_at_a_hundred_and_weights_are_the_whole() -> None:
    assert read_points("100", "x") == 100
    with pytest.raises(Invalid):
        read_points("100.1", "x")
    check_weights(Fraction(2, 5), Fraction(3, 5))
    for pair in ((Fraction(2, 5), Fraction(1, 2)), (Fraction(0), Fraction(1))):
        with pytest.raises(Invalid):
            check_weights(*pair)


def test_equal_scores_share_a_place_and_the_next_one_is_left_out() -> None:
    scores = {A: Fraction(90), B: Fraction(85), C: Fraction(85), D: Fraction(70)}
    assert ranks(scores) == {A: 1, B: 2, C: 2, D: 4}


@pytest.mark.parametrize(
    ("places", "chosen", "tied"),
    [
        (1, {A}, set()),
        (2, {A}, {B, C}),
        (3, {A, B, C}, set()),
        (4, {A, B, C, D}, set()),
        (9, {A, B, C, D}, set()),
    ],
)
def test_a_tie_across_the_last_place_chooses_none_of_the_tied(
    places: int, chosen: set[uuid.UUID], tied: set[uuid.UUID]
) -> None:
    scores = {A: Fraction(90), B: Fraction(85), C: Fraction(85), D: Fraction(70)}
    choice = choose(scores, places=places)
    assert (choice.chosen, choice.tied) == (chosen, tied)
    again = choose(dict(reversed(scores.items())), places=places)
    assert again == choice, "the order of candidates decides nothing"


def test_stages_have_one_order_and_a_decided_selection_stays() -> None:
    order = [Stage.RECOMMENDATION]
    while order[-1] in NEXT_STAGE:
        order.append(NEXT_STAGE[order[-1]])
    assert order == list(Stage)
    allowed = {(a, b) for a in SelectionState for b in SelectionState if _moves(a, b)}
    assert allowed == {
        (SelectionState.DRAFT, SelectionState.POSTED),
        (SelectionState.DRAFT, SelectionState.VOID),
        (SelectionState.POSTED, SelectionState.DECIDED),
        (SelectionState.POSTED, SelectionState.VOID),
    }


def _moves(state: SelectionState, to: SelectionState) -> bool:
    try:
        return move(state, to) is to
    except TransitionNotAllowed:
        return False


def test_the_party_committee_runs_a_selection_and_never_a_candidate() -> None:
    party = Actor(A, B, frozenset({Role.RESIDENT, Role.PARTY}))
    check_run(party, [C])
    for actor, candidates in (
        (party, [A]),
        (Actor(A, B, frozenset({Role.COMMITTEE})), []),
        (Actor(A, B, frozenset({Role.PARTY}), assisted_by=D), []),
    ):
        with pytest.raises(NotEligible):
            check_run(actor, candidates)
