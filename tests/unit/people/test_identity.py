from __future__ import annotations

from datetime import date

import pytest

from civicforum.people.identity import IdentityInvalid, check_character, is_valid, read_identity
from civicforum.people.rules import Sex
from tests.resident_lists import identity_number

# The example of GB 11643-1999 itself.
OF_THE_STANDARD = "11010519491231002X"


def test_check_character_of_the_standards_example() -> None:
    assert check_character(OF_THE_STANDARD[:17]) == "X"
    assert is_valid(OF_THE_STANDARD)


@pytest.mark.parametrize(
    "spelling", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_spellings_of_one_number_have_one_hash(spelling: str) -> None:
    assert read_identity(spelling, key="k") == read_identity(OF_THE_STANDARD, key="k")


def test_number_tells_birth_date_and_sex() -> None:
    identity = read_identity(OF_THE_STANDARD, key="k")
    assert (identity.born_on, identity.sex) == (date(1949, 12, 31), Sex.FEMALE)
    male = read_identity(identity_number(7, date(1980, 2, 29), is_male=True), key="k")
    assert (male.born_on, male.sex) == (date(1980, 2, 29), Sex.MALE)


def test_hash_depends_on_the_key_and_holds_nothing_of_the_number() -> None:
    first, second = read_identity(OF_THE_STANDARD, key="a"), read_identity(OF_THE_STANDARD, key="b")
    assert first.hash != second.hash
    assert len(first.hash) == 64
    assert "1105194912" not in first.hash


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # another check character
        "11010519491331002X",  # no such month
        "110105491231002",  # fifteen places, of before 1999
        "",
        "X1010519491231002X",
    ],
)
def test_impossible_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(IdentityInvalid) as refused:
        read_identity(text, key="k")
    assert not text or text not in str(refused.value)


def test_every_wrong_digit_is_noticed() -> None:
    for place in range(17):
        wrong = (int(OF_THE_STANDARD[place]) + 1) % 10
        assert not is_valid(OF_THE_STANDARD[:place] + str(wrong) + OF_THE_STANDARD[place + 1 :])
