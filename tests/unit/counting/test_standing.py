from itertools import pairwise

import pytest

from civicforum.counting import Contest, Rule
from civicforum.counting.rules.standing import Reach, agreed, groups, joined, seat, unrelated

ABCD = ("Ana", "Bo", "Cai", "Dee")


def chain(*names: str) -> Reach:
    """Return the standing in which each of these is above the next."""
    reach = unrelated(len(ABCD))
    for upper, lower in pairwise(names):
        reach = joined(reach, ABCD.index(upper), ABCD.index(lower))
    return reach


def contest(seats: int, *lot: str) -> Contest:
    empty = Contest(ABCD, Rule.RANKED_PAIRS, seats=seats)
    return empty.with_lot(*lot) if lot else empty


def test_whoever_is_above_somebody_is_above_all_below() -> None:
    assert joined(chain("Bo", "Cai"), 0, 1) == chain("Ana", "Bo", "Cai")
    assert chain("Ana", "Bo", "Cai")[0].bit_count() == 3


def test_groups_take_those_above_whom_nobody_stands() -> None:
    assert groups(contest(1), chain("Bo", "Cai", "Ana")) == (("Bo", "Dee"), ("Cai",), ("Ana",))


def test_outcomes_agree_on_what_all_of_them_say() -> None:
    outcomes = [chain("Ana", "Bo", "Cai", "Dee"), chain("Bo", "Ana", "Cai", "Dee")]
    assert groups(contest(1), agreed(outcomes)) == (("Ana", "Bo"), ("Cai",), ("Dee",))


def test_one_who_has_a_seat_in_every_outcome_is_elected_and_the_others_are_tied() -> None:
    outcomes = [chain("Ana", "Bo", "Cai", "Dee"), chain("Cai", "Bo", "Ana", "Dee")]
    elected, tie, tied = seat(contest(2), outcomes)
    assert elected == ("Bo",)
    assert tie is not None
    assert tied is not None
    assert (tied.names, tied.seats, tied.certain) == (("Ana", "Cai"), 1, ("Bo",))


@pytest.mark.parametrize(
    ("lot", "elected"),
    [
        (("Ana", "Cai", "Bo", "Dee"), ("Ana", "Bo")),
        (("Bo", "Cai", "Ana", "Dee"), ("Bo", "Ana")),
        (("Dee", "Ana", "Bo", "Cai"), ("Dee", "Cai")),
    ],
)
def test_a_lot_skips_whom_no_outcome_seats_beside_the_luckier(
    lot: tuple[str, ...], elected: tuple[str, ...]
) -> None:
    # One outcome seats Ana and Bo, the other Cai and Dee; the luckiest name decides which it is.
    outcomes = [chain("Ana", "Bo", "Cai", "Dee"), chain("Cai", "Dee", "Ana", "Bo")]
    assert seat(contest(2, *lot), outcomes)[0] == elected


def test_a_lot_seats_one_only_together_with_those_who_stand_above() -> None:
    # Ana is above Bo, and nobody else above anybody: Bo has one of two seats only with Ana.
    assert seat(contest(2, "Cai", "Bo", "Ana", "Dee"), [chain("Ana", "Bo")])[0] == ("Cai", "Ana")
    assert seat(contest(2, "Bo", "Cai", "Ana", "Dee"), [chain("Ana", "Bo")])[0] == ("Bo", "Ana")
