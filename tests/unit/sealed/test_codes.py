"""What people read, type and scan."""

from __future__ import annotations

import pytest

from civicforum.sealed import Mistyped, Slip, new_code, read_code, read_qr_text, read_seed, spell
from civicforum.sealed.base32 import ALPHABET, read_digits
from civicforum.sealed.cards import code_of, credential_of, secret_of
from tests.support.sealed_election import UUID

CODE = read_code(code_of([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]))


def test_a_card_code_is_three_groups_of_seven_and_never_twice_the_same() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all([len(group) for group in code.split("-")] == [7, 7, 7] for code in codes)
    assert all(read_code(code) == code.replace("-", "") for code in codes)


def test_every_single_wrong_character_is_noticed() -> None:
    for at, right in enumerate(CODE):
        for wrong in ALPHABET:
            if wrong != right:
                with pytest.raises(Mistyped):
                    read_code(CODE[:at] + wrong + CODE[at + 1 :])


def test_every_two_exchanged_characters_are_noticed() -> None:
    for first in range(21):
        for second in range(first):
            if CODE[first] != CODE[second]:
                swapped = list(CODE)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                with pytest.raises(Mistyped):
                    read_code("".join(swapped))


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "0", "U" + CODE[1:], "é" + CODE[1:]])
def test_other_lengths_and_characters_are_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        read_code(typed)


@pytest.mark.parametrize("typed", ["U", "!", "二", "AB", ""])
def test_only_characters_of_the_alphabet_have_a_value(typed: str) -> None:
    """Before any check character: a code without one must not take them either."""
    assert read_digits("z", 1) == [31]
    with pytest.raises(Mistyped):
        read_digits(typed, 1)


def test_lookalikes_small_letters_and_spaces_are_read() -> None:
    code = code_of([0, 1] * 10)
    typed = code.lower().replace("0", "o").replace("1", "i").replace("-", " ")
    assert read_code(typed) == code.replace("-", "")


def test_a_code_is_another_credential_in_another_election() -> None:
    assert credential_of(UUID, CODE) != credential_of(UUID[:-1] + "9", CODE)
    assert secret_of(UUID, CODE) != secret_of(UUID, read_code(new_code()))


def test_a_slip_is_52_characters_and_comes_back_typed_or_scanned() -> None:
    slip = Slip(3, bytes(range(32)))
    assert len(slip.code.replace("-", "")) == 52
    assert read_seed(slip.code.lower()) == slip.seed
    assert read_qr_text(slip.qr_text) == slip


def test_a_wrong_last_character_of_a_slip_is_noticed() -> None:
    slip = Slip(3, bytes(range(32)))
    noticed = 0
    for wrong in ALPHABET:
        if wrong != slip.code[-1]:
            try:
                read_seed(slip.code[:-1] + wrong)
            except Mistyped:
                noticed += 1
    # Of the 31 wrong ones, those with the four check bits right and another last bit of the seed may pass.
    assert noticed >= 30


@pytest.mark.parametrize("text", ["", "SEALED-V1:SLIP:", "SEALED-V1:SLIP:x:000", "https://example.org", "x"])
def test_other_qr_codes_are_not_slips(text: str) -> None:
    with pytest.raises(Mistyped):
        read_qr_text(text)


def test_spelling_takes_the_first_bits() -> None:
    assert spell(b"\xff" * 32, 20) == "Z" * 20
    assert spell(bytes(32), 8) == "0" * 8
    assert spell(b"\x08" + bytes(31), 4) == "1000"
