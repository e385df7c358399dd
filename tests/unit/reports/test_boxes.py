"""The boxes: what opens them, what does not, and that browsers make and open the same ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from civicforum.reports import boxes, contents
from civicforum.reports.contents import Content
from civicforum.reports.rules import LONGEST, MOST_PHOTOS, Kind

SECRET, OTHER = bytes.fromhex("11" * 32), bytes.fromhex("22" * 32)
PUBLIC = boxes.public_of(SECRET)
TOLD = Content(Kind.BRIBERY, "有人送油", "昨晚", "某先生", (b"\xff\xd8photo",))
VECTORS = Path(__file__).parents[2] / "vectors" / "reports.json"


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return found


def test_a_key_and_its_fingerprint_are_those_of_the_vectors(vectors: dict[str, Any]) -> None:
    assert PUBLIC.hex() == vectors["public"]
    assert boxes.fingerprint(PUBLIC) == vectors["fingerprint"]


def test_what_a_browser_sealed_is_opened_here(vectors: dict[str, Any]) -> None:
    sealed = bytes.fromhex(vectors["browser"]["sealed"])
    assert boxes.open_sealed(sealed, SECRET).decode() == vectors["browser"]["text"]


def test_what_a_browser_boxed_is_opened_here(vectors: dict[str, Any]) -> None:
    boxed = bytes.fromhex(vectors["browser"]["boxed"])
    assert boxes.open_box(boxed, sender=PUBLIC, secret=OTHER).decode() == vectors["browser"]["text"]


def test_what_was_sealed_here_is_opened_here_and_in_the_browsers_tests(vectors: dict[str, Any]) -> None:
    told = vectors["server"]
    assert boxes.open_sealed(bytes.fromhex(told["sealed"]), SECRET).decode() == told["text"]
    assert boxes.open_box(bytes.fromhex(told["boxed"]), sender=PUBLIC, secret=OTHER).decode() == told["text"]


def test_a_reading_code_gives_the_key_of_the_vectors(vectors: dict[str, Any]) -> None:
    read = vectors["reader"]
    secret = boxes.reader_secret(read["code"], salt=bytes.fromhex(read["salt"]), authority=PUBLIC)
    assert secret.hex() == read["secret"]


def test_a_report_comes_out_as_it_went_in() -> None:
    sealed = contents.seal_report(TOLD, PUBLIC)
    assert contents.open_report(sealed.sealed, secret=SECRET) == (TOLD, sealed.reply)


def test_another_key_opens_no_report() -> None:
    with pytest.raises(boxes.NotOpened):
        contents.open_report(contents.seal_report(TOLD, PUBLIC).sealed, secret=OTHER)


@pytest.mark.parametrize("at", [0, 31, 32, 47, 48, -1])
def test_a_report_that_was_changed_anywhere_does_not_open(at: int) -> None:
    sealed = contents.seal_report(TOLD, PUBLIC).sealed
    with pytest.raises(boxes.NotOpened):
        contents.open_report(changed(sealed, at % len(sealed)), secret=SECRET)


@pytest.mark.parametrize("sealed", [b"", bytes(47), bytes(48)])
def test_what_is_no_box_does_not_open(sealed: bytes) -> None:
    with pytest.raises(boxes.NotOpened):
        boxes.open_sealed(sealed, SECRET)


@pytest.mark.parametrize("public", [bytes(32), b"\1" + bytes(31), b"short"])
def test_nothing_is_sealed_for_a_key_that_anybody_can_open(public: bytes) -> None:
    with pytest.raises(boxes.UnusableKey):
        boxes.seal(b"", public)


def test_an_answer_is_read_with_the_code_alone() -> None:
    sealed = contents.seal_report(TOLD, PUBLIC)
    answer = contents.write_answer("已受理", reply=sealed.reply, secret=SECRET)
    assert contents.read_answer(answer, code=sealed.code, salt=sealed.salt, authority=PUBLIC) == "已受理"
    wrong = "0" * boxes.CODE_CHARACTERS
    with pytest.raises(boxes.NotOpened):
        contents.read_answer(answer, code=wrong, salt=sealed.salt, authority=PUBLIC)
    with pytest.raises(boxes.NotOpened):
        contents.read_answer(changed(answer, 60), code=sealed.code, salt=sealed.salt, authority=PUBLIC)


def test_an_answer_of_somebody_else_is_not_taken_for_the_authoritys() -> None:
    sealed = contents.seal_report(TOLD, PUBLIC)
    forged = contents.write_answer("请到居委会说明情况", reply=sealed.reply, secret=OTHER)
    with pytest.raises(boxes.NotOpened):
        contents.read_answer(forged, code=sealed.code, salt=sealed.salt, authority=PUBLIC)
    # Nor where the forger also puts the own key into the database.
    with pytest.raises(boxes.NotOpened):
        contents.read_answer(forged, code=sealed.code, salt=sealed.salt, authority=boxes.public_of(OTHER))


def test_lengths_say_no_more_than_how_many_photos() -> None:
    short = contents.seal_report(Content(Kind.OTHER, "a"), PUBLIC)
    # The characters that take most room: six bytes of JSON each.
    longest = Content(Kind.OTHER, **{name: "\x01" * most for name, most in LONGEST.items()})
    assert len(short.sealed) == len(contents.seal_report(longest, PUBLIC).sealed)
    photo = bytes(500 * 1024)
    sizes = [
        len(contents.seal_report(Content(Kind.OTHER, longest.text, photos=(photo,) * number), PUBLIC).sealed)
        for number in range(1, MOST_PHOTOS + 1)
    ]
    assert sizes == [contents.SEALED_SIZES[1], contents.SEALED_SIZES[1], contents.SEALED_SIZES[2]]


@pytest.mark.parametrize(
    "message",
    [b"", b"\0\0\0\5ab", b"\0\0\0\2ab\1", b"\0\0\0\2ab", b'\0\0\0\7{"v":2}', b"\0\0\0\2[]"],
)
def test_what_opens_and_is_no_report_is_refused(message: bytes) -> None:
    with pytest.raises(contents.NotAReport):
        contents.open_report(boxes.seal(message, PUBLIC), secret=SECRET)


def test_a_typed_code_may_have_small_letters_and_lookalikes() -> None:
    code = boxes.new_code()
    typed = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower().replace("1", "l").replace("0", "o")
    assert boxes.read_code(typed) == code
