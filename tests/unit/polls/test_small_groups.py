"""Small groups: never shown, and never to be worked out from the total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civicforum.polls.small_groups import hidden_names


def test_parts_of_five_are_shown() -> None:
    assert hidden_names({"一": 5, "二": 9}, least=5) == frozenset()


def test_one_small_part_takes_the_next_smallest_with_it() -> None:
    assert hidden_names({"一": 30, "二": 4, "三": 12}, least=5) == {"二", "三"}


def test_two_small_groups_that_are_few_together_take_another() -> None:
    assert hidden_names({"一": 2, "二": 2, "三": 7, "四": 8}, least=5) == {"一", "二", "三"}
    assert hidden_names({"一": 3, "二": 2, "三": 7}, least=5) == {"一", "二"}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 12), max_size=8))
def test_what_is_hidden_can_never_be_worked_out(sizes: dict[str, int]) -> None:
    hidden = hidden_names(sizes, least=5)
    assert all(size >= 5 for name, size in sizes.items() if name not in hidden)
    if hidden and hidden != sizes.keys():
        assert len(hidden) > 1
        assert sum(sizes[name] for name in hidden) >= 5
