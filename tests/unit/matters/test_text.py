"""Words of a matter, and how alike two matters are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.matters.text import ALIKE, TOKEN_LENGTH, similarity, tokens, weight

WORDS = st.sets(st.sampled_from(["路灯", "电梯", "停车", "充电", "楼道", "噪音", "花园", "门禁"]))


def test_words_are_unique_and_neither_single_nor_empty_of_meaning() -> None:
    found = tokens("3号楼的电动车在楼道里充电，我们建议增设充电棚。", "充电")
    assert found.count("充电") == 1
    assert {"电动车", "楼道", "充电", "增设"} <= set(found)
    assert not {"的", "我们", "建议", "，", "里"} & set(found)


def test_latin_words_are_lower_case_and_keep_accents_and_hyphens() -> None:
    assert tokens("E-Bike charging, está L'été") == ["e-bike", "charging", "está", "l'été"]


def test_a_word_is_found_where_the_run_could_be_cut_in_two_ways() -> None:
    assert "路灯" in tokens("东门路灯不亮")


@pytest.mark.parametrize("query", ["路灯", "居民代表", "垃圾桶", "加装电梯", "elevator"])
def test_what_is_searched_for_gives_only_words_that_its_text_gives(query: str) -> None:
    text = f"关于{query}的事，请社区帮助。"
    assert set(tokens(query)) <= set(tokens(text))


def test_a_long_word_is_cut_to_what_the_column_holds() -> None:
    assert tokens("a" * 100) == ["a" * TOKEN_LENGTH]


@pytest.mark.parametrize(
    ("frequency", "total", "expected"),
    [(0, 0, 1), (20, 20, 1), (10, 20, 1), (5, 20, 2), (1, 20, 4), (0, 20, 5), (99, 20, 1)],
)
def test_a_rarer_word_weighs_more(frequency: int, total: int, expected: int) -> None:
    assert weight(frequency, total) == expected


def test_likeness_is_the_weight_shared_over_the_whole_weight() -> None:
    weights = {"路灯": 4, "东侧": 2, "坏": 1}
    assert similarity(["路灯", "东侧"], ["路灯", "坏"], weights) == Fraction(4, 7)


def test_two_matters_without_words_are_not_alike() -> None:
    assert similarity([], [], {}) == 0


@given(WORDS, WORDS, st.dictionaries(st.sampled_from(["路灯", "电梯", "停车"]), st.integers(1, 9)))
def test_likeness_is_symmetric_and_between_none_and_all(
    one: set[str], other: set[str], weights: dict[str, int]
) -> None:
    found = similarity(one, other, weights)
    assert found == similarity(other, one, weights)
    assert 0 <= found <= 1
    assert (found == 1) == (one == other != set())


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("3号楼电动车楼道充电太危险", "电动车进楼道充电，存在火灾隐患", True),
        ("加装电梯", "3号楼加装电梯的费用分摊", True),
        ("东门路灯不亮", "北门路灯坏了两个月", True),
        ("东门路灯不亮", "东门停车位被占", False),
        ("广场舞太吵", "给老年活动室装助听电话", False),
    ],
)
def test_titles_about_the_same_thing_are_alike(one: str, other: str, alike: bool) -> None:
    first, second = tokens(one), tokens(other)
    weights = {word: weight(1, 20) for word in (*first, *second)}
    assert (similarity(first, second, weights) >= ALIKE) is alike
