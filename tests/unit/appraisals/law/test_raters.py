"""Who rates: the chair, how many are there, the residents' panel, and which part is too small to be shown."""

from __future__ import annotations

import pytest

from civicforum.appraisals.law import (
    judge_chair,
    judge_least,
    judge_panel_ordinary,
    judge_panel_size,
    judge_quorum,
    judge_rank,
)
from civicforum.polls.small_groups import judge_ways
from tests.support.law import BOOK, book_with


@pytest.mark.law("D1", "appraisal.chaired_by_supervision")
def test_art_37_the_supervision_committee_chairs() -> None:
    verdict = judge_chair(BOOK, is_supervisor=False)
    assert not verdict.holds
    assert "第三十七条" in verdict.rule.article
    assert judge_chair(BOOK, is_supervisor=True).holds


@pytest.mark.law("D4", "appraisal.quorum")
@pytest.mark.parametrize(
    ("present", "members", "holds", "arithmetic"),
    [
        (39, 60, False, "39 < 2/3 × 60 = 40"),
        (40, 60, True, "40 ≥ 2/3 × 60 = 40"),
        (41, 60, True, "41 ≥ 2/3 × 60 = 40"),
        (40, 61, False, "40 < 2/3 × 61 = 40 2/3"),
        (41, 61, True, "41 ≥ 2/3 × 61 = 40 2/3"),
    ],
)
def test_local_two_thirds_of_the_assembly_are_in_the_room(
    present: int, members: int, holds: bool, arithmetic: str
) -> None:
    verdict = judge_quorum(BOOK, present, members)
    assert (verdict.holds, verdict.arithmetic) == (holds, arithmetic)


@pytest.mark.law("D4", "appraisal.quorum")
def test_local_an_empty_room_has_no_quorum_even_of_nobody() -> None:
    assert not judge_quorum(BOOK, 0, 0).holds


@pytest.mark.law("D5", "appraisal.panel")
@pytest.mark.parametrize(("size", "holds"), [(49, False), (50, True), (51, True)])
def test_local_the_residents_panel_has_fifty_people(size: int, holds: bool) -> None:
    assert judge_panel_size(BOOK, size).holds is holds


@pytest.mark.law("D5", "appraisal.panel.ordinary")
@pytest.mark.parametrize(
    ("ordinary", "size", "holds"),
    [
        (34, 50, False),
        (35, 50, True),
        (36, 50, True),
        # 70 of 100 of 51 are 35.7.
        (35, 51, False),
        (36, 51, True),
    ],
)
def test_local_seven_tenths_of_the_panel_are_ordinary_representatives(
    ordinary: int, size: int, holds: bool
) -> None:
    assert judge_panel_ordinary(BOOK, ordinary, size).holds is holds


@pytest.mark.law("D8", "privacy.least")
@pytest.mark.parametrize(("raters", "holds"), [(4, False), (5, True), (6, True)])
def test_default_fewer_than_five_raters_are_not_shown_apart(raters: int, holds: bool) -> None:
    assert judge_least(BOOK, raters).holds is holds


@pytest.mark.law("D8", "privacy.least")
@pytest.mark.parametrize(
    ("screen", "paper", "holds"),
    [
        (36, 4, False),
        (4, 36, False),
        (35, 5, True),
        (5, 35, True),
        # Nobody used paper: the part is the total.
        (40, 0, True),
        (0, 40, True),
    ],
)
def test_default_grading_does_not_end_while_few_took_one_way(screen: int, paper: int, holds: bool) -> None:
    assert judge_ways(BOOK, screen=screen, paper=paper).holds is holds


@pytest.mark.law("D11", "appraisal.rank")
@pytest.mark.parametrize(("raters", "holds"), [(9, False), (10, True), (11, True)])
def test_default_nobody_is_ranked_under_the_least_number_of_raters(raters: int, holds: bool) -> None:
    assert judge_rank(BOOK, raters).holds is holds
    assert judge_rank(book_with("appraisal.rank", least=20), raters).holds is False
