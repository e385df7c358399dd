"""What is told of who took part: never of fewer than five people, not even by subtraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.polls.turnout import FEWEST, GroupTurnout, told_by_group

G = GroupTurnout


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([], []),
        ([G("一", 4, 9), G("二", 5, 5)], [G("一", 4, 9), G("二", 5, 5)]),
        # The only group is the total again, which stands beside it.
        ([G("一", 4, 9)], []),
        ([G("一", 4, 9), G("二", 1, 2), G("三", 3, 3)], [G("一", 4, 9), G("", 4, 5)]),
        # Four people of small groups: the smallest of the others is told with them.
        (
            [G("一", 4, 9), G("二", 1, 4), G("三", 5, 8), G("四", 6, 9)],
            [G("一", 4, 9), G("四", 6, 9), G("", 6, 12)],
        ),
        ([G("一", 4, 9), G("二", 1, 4)], []),
        ([G("一", 1, 2), G("二", 1, 2)], []),
    ],
)
def test_what_is_told(groups: list[GroupTurnout], told: list[GroupTurnout]) -> None:
    assert told_by_group(groups) == told


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8))
def test_every_line_is_of_five_people_and_together_they_are_all(sizes: list[tuple[int, int]]) -> None:
    groups = [G(str(at), min(pair), max(pair)) for at, pair in enumerate(sizes)]
    told = told_by_group(groups)
    assert all(one.on_roll >= FEWEST for one in told)
    if told:
        assert sum(one.on_roll for one in told) == sum(one.on_roll for one in groups)
        assert sum(one.voted for one in told) == sum(one.voted for one in groups)
