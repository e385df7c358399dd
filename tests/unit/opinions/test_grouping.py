"""Opinion groups: found where they are planted, the same each time, steady between two computations."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from civicforum.opinions import Grouping, Matrix, Plane, dots_of, group_people, matrix_of
from civicforum.opinions.cluster import Split, names_of
from civicforum.opinions.grouping import MARGIN, PATIENCE, SMALLEST, Memory, _chosen

STATEMENTS = range(1, 13)


def camps(*sizes: int, seed: int = 1, answered: float = 0.85) -> list[tuple[str, int, int]]:
    """Return the votes of camps: each agrees with a part of the statements, and disagrees with the rest.

    One answer in twelve is against the camp's own, and some are missing.
    """
    chance = np.random.default_rng(seed)
    votes = []
    for camp, size in enumerate(sizes):
        for person in range(size):
            for number in STATEMENTS:
                if chance.random() < answered:
                    own = 1 if (number - 1) % len(sizes) == camp else -1
                    value = -own if chance.random() < 1 / 12 else own
                    votes.append((f"{camp}-{person}", number, value))
    return votes


def matrix(votes: list[tuple[str, int, int]]) -> Matrix:
    return matrix_of(votes, statements=STATEMENTS)


def group_of(grouping: Grouping) -> dict[str, int]:
    return {str(person): int(label) for person, label in zip(grouping.people, grouping.labels, strict=True)}


def by_camp(grouping: Grouping) -> dict[str, Counter[int]]:
    found: dict[str, Counter[int]] = {}
    for person, name in group_of(grouping).items():
        found.setdefault(person.split("-")[0], Counter())[name] += 1
    return found


def test_later_vote_replaces_the_earlier_one() -> None:
    found = matrix_of([("a", 1, 1), ("a", 2, 0), ("a", 1, -1)], statements=[1, 2])
    assert found.values.tolist() == [[-1.0, 0.0]]


def test_votes_on_what_is_not_shown_are_left_out() -> None:
    found = matrix_of([("a", 1, 1), ("b", 9, 1)], statements=[1, 2])
    assert list(found.people) == ["a"]
    assert np.isnan(found.values[0, 1])


def test_planted_camps_are_found_and_the_largest_is_named_first() -> None:
    grouping = group_people(matrix(camps(12, 30)))
    assert by_camp(grouping) == {"0": Counter({1: 12}), "1": Counter({0: 30})}


def test_three_camps_are_three_groups() -> None:
    grouping = group_people(matrix(camps(20, 22, 24)))
    assert len(grouping.names) == 3
    most = {camp: names.most_common(1)[0] for camp, names in by_camp(grouping).items()}
    assert len({name for name, _count in most.values()}) == 3
    assert sum(count for _name, count in most.values()) >= 0.9 * 66


def test_order_of_votes_and_of_people_decides_nothing() -> None:
    votes = camps(15, 18)
    one, other = group_people(matrix(votes)), group_people(matrix(votes[::-1]))
    assert group_of(one) == group_of(other)
    assert np.allclose(one.points, other.points)


def test_who_answered_little_is_left_out_and_counted() -> None:
    votes = camps(15, 18) + [("new", number, 1) for number in range(1, 7)]
    grouping = group_people(matrix(votes))
    assert grouping.left_out == 1
    assert "new" not in group_of(grouping)
    seventh = group_people(matrix([*votes, ("new", 7, 1)]))
    assert seventh.left_out == 0


def test_few_statements_ask_for_all_of_them() -> None:
    votes = [(f"p{person}", number, 1) for person in range(6) for number in (1, 2, 3)]
    grouping = group_people(matrix_of([*votes, ("short", 1, 1)], statements=[1, 2, 3]))
    assert len(grouping.people) == 6
    assert grouping.left_out == 1


@pytest.mark.parametrize("few", [1, 4])
def test_camp_of_fewer_than_five_is_no_group(few: int) -> None:
    grouping = group_people(matrix(camps(few, 40, answered=1.0)))
    assert min(Counter(grouping.labels.tolist()).values()) >= SMALLEST


def test_camp_of_five_is_a_group() -> None:
    assert by_camp(group_people(matrix(camps(5, 40, answered=1.0))))["0"] == Counter({1: 5})


def test_nine_people_are_one_group_and_four_are_none() -> None:
    assert group_people(matrix(camps(4, 5))).names == [0]
    nobody = group_people(matrix(camps(2, 2)))
    assert nobody.names == []
    assert nobody.memory is None


def test_all_of_one_mind_are_one_group() -> None:
    votes = [(f"p{person}", number, 1) for person in range(30) for number in STATEMENTS]
    assert group_people(matrix(votes)).names == [0]


def test_groups_keep_their_names_when_sizes_turn_round() -> None:
    first = group_people(matrix(camps(12, 14)))
    later = group_people(matrix(camps(40, 14)), previous=first.memory)
    assert by_camp(first)["1"] == Counter({0: 14})
    assert by_camp(later)["1"] == Counter({0: 14})
    assert by_camp(later)["0"] == Counter({1: 40})
    assert by_camp(group_people(matrix(camps(40, 14))))["0"] == Counter({0: 40})


def test_picture_keeps_its_place_when_answers_are_added() -> None:
    first = group_people(matrix(camps(15, 18)))
    later = group_people(matrix(camps(15, 18, answered=0.95)), previous=first.memory)
    apart = np.linalg.norm(first.centres[0] - first.centres[1])
    for name in first.names:
        assert np.linalg.norm(first.centres[name] - later.centres[name]) < apart / 5


def test_statements_may_come_and_go_between_two_computations() -> None:
    first = group_people(matrix(camps(15, 18)))
    without_one = [vote for vote in camps(15, 18) if vote[1] != 1]
    more = [(f"0-{person}", 99, 1) for person in range(15)]
    later = group_people(
        matrix_of(without_one + more, statements=[*list(STATEMENTS)[1:], 99]), previous=first.memory
    )
    assert by_camp(later) == by_camp(first)


def split(number: int, silhouette: float) -> Split:
    return Split(np.zeros((number, 2)), np.zeros(1, np.int64), silhouette)


def memory(number: int, challenger: int = 0, waited: int = 0) -> Memory:
    plane = Plane([1], np.zeros(1), np.zeros((2, 1)), 1.0)
    return Memory(plane, {name: np.zeros(1) for name in range(number)}, challenger, waited)


def test_number_of_groups_changes_only_when_another_is_better_three_times_in_a_row() -> None:
    splits = {2: split(2, 0.40), 3: split(3, 0.40 + 2 * MARGIN)}
    chosen, challenger, waited = _chosen(splits, memory(2))
    assert (chosen, challenger, waited) == (splits[2], 3, 1)
    chosen, challenger, waited = _chosen(splits, memory(2, challenger, waited))
    assert (chosen, challenger, waited) == (splits[2], 3, 2)
    chosen, challenger, waited = _chosen(splits, memory(2, challenger, waited))
    assert (chosen, challenger, waited) == (splits[3], 0, 0)
    assert PATIENCE == 3


def test_a_small_lead_or_another_challenger_begins_the_count_anew() -> None:
    close = {2: split(2, 0.40), 3: split(3, 0.40 + MARGIN / 2)}
    assert _chosen(close, memory(2, challenger=3, waited=2)) == (close[2], 0, 0)
    other = {2: split(2, 0.40), 4: split(4, 0.60)}
    assert _chosen(other, memory(2, challenger=3, waited=2)) == (other[2], 4, 1)


def test_number_that_no_longer_exists_gives_way_at_once() -> None:
    splits = {2: split(2, 0.30)}
    assert _chosen(splits, memory(3)) == (splits[2], 0, 0)


def test_centres_take_the_names_of_the_nearest_before_and_new_ones_the_lowest_free() -> None:
    before = {0: np.array([0.0, 0.0]), 2: np.array([5.0, 0.0])}
    assert names_of(np.array([[5.1, 0.0], [0.2, 0.0], [0.0, 9.0]]), before) == [2, 0, 1]


def test_plane_places_who_answered_half_as_far_out_as_who_answered_all() -> None:
    plane = Plane([1, 2, 3, 4], np.zeros(4), np.array([[0.5] * 4, [0.5, -0.5, 0.5, -0.5]]), 1.0)
    whole = plane.place(np.array([[1.0, 1, 1, 1]]))[0]
    half = plane.place(np.array([[1.0, 1, np.nan, np.nan]]))[0]
    # 4 x 0.5, and 2 x 0.5 x sqrt(4 / 2)
    assert whole.tolist() == [2.0, 0.0]
    assert half[0] == pytest.approx(2**0.5)


def test_plane_stretches_nobody_further_than_the_usual_person() -> None:
    plane = Plane([1, 2, 3, 4], np.zeros(4), np.array([[0.5] * 4, [0.5, -0.5, 0.5, -0.5]]), 4.0)
    assert plane.place(np.array([[1.0, np.nan, np.nan, np.nan]]))[0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("people", "expected"), [(5, [5]), (9, [9]), (10, [5, 5]), (13, [5, 8])])
def test_no_dot_stands_for_fewer_than_five(people: int, expected: list[int]) -> None:
    points = np.random.default_rng(3).normal(size=(people, 2))
    dots = dots_of(points, 0, smallest=5)
    assert sorted(dot.people for dot in dots) == expected
    middle = sum(np.array([dot.x, dot.y]) * dot.people for dot in dots) / people
    assert np.allclose(middle, points.mean(axis=0))
