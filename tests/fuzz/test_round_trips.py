"""What our writers write, our readers read as it was: for values that Hypothesis makes up."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from civicforum.api.cursors import read_cursor, write_cursor
from civicforum.counting.files import BallotFile, CannotWrite, read_bytes, written
from civicforum.people.importing.columns import read_day
from civicforum.people.importing.reading import read_rows
from civicforum.reports import boxes, contents
from civicforum.reports.rules import Kind
from civicforum.sealed import (
    Slip,
    code_of,
    from_base64,
    point_of_text,
    read_code,
    read_line,
    read_qr_text,
    read_ranking,
    read_seed,
    to_base64,
    write_line,
    write_ranking,
)
from civicforum.sealed.group import encode, parse_scalar
from civicforum.sealed.lines import GREATEST_WHOLE
from civicforum.sealed.texts import text_of_point
from tests.resident_lists import lines, text
from tests.support.counting import Poll, contests_with_rankings

EXAMPLES = 400
SECRET = bytes(range(32))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-GREATEST_WHOLE, GREATEST_WHOLE) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_a_line_of_a_board(record: dict[str, object]) -> None:
    assert read_line(write_line(record)) == record


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_in_a_line(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**252), st.binary(max_size=29))
def test_scalars_and_texts_of_a_ballot(scalar: int, words: bytes) -> None:
    assert parse_scalar(encode(scalar)) == scalar
    assert text_of_point(point_of_text(words)) == words


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.permutations(range(12)), st.integers(0, 12))
def test_a_ranking(order: list[int], length: int) -> None:
    ranking = tuple(order[:length])
    assert read_ranking(write_ranking(ranking), 12, 12) == ranking


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.integers(1, 9),
    st.binary(min_size=32, max_size=32),
    st.lists(st.integers(0, 31), min_size=20, max_size=20),
)
def test_codes_that_people_type(trustee: int, seed: bytes, digits: list[int]) -> None:
    slip = Slip(trustee, seed)
    assert read_seed(slip.code.lower().replace("-", " ")) == seed
    assert read_qr_text(slip.qr_text) == slip
    code = code_of(digits)
    assert read_code(code.lower().replace("-", "")) == code.replace("-", "")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**31 - 1), st.uuids(), st.datetimes(timezones=st.just(UTC)), st.dates())
def test_a_cursor(number: int, key: uuid.UUID, at: datetime, day: date) -> None:
    types = (int, uuid.UUID, datetime, date)
    assert read_cursor(write_cursor((number, key, at, day)), types) == [number, key, at, day]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dates(date(1000, 1, 1)))
def test_a_day_of_a_list(day: date) -> None:
    assert read_day(day.isoformat()) == read_day(f"{day.year}年{day.month}月{day.day}日") == day


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_a_list_in_each_encoding(count: int, encoding: str) -> None:
    rows = list(lines(count))
    read = read_rows(text(rows, encoding=encoding))
    assert [list(row.cells) for row in read[1:]] == rows


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    contests_with_rankings(), st.text(max_size=12), st.sampled_from(["a.blt", "a.csv", "a.jsonl", "a.toi"])
)
def test_a_file_of_ballots(poll: Poll, title: str, name: str) -> None:
    profile = poll.profile()
    ballots = BallotFile(title, profile.options, 1, profile)
    try:
        content = written(ballots, name)
    except CannotWrite:
        return
    again = read_bytes(content, name)
    assert again.options == ballots.options
    assert sorted(again.profile.texts()) == sorted(profile.merged().texts())


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(), st.text(), st.lists(st.binary(max_size=20), max_size=3))
def test_a_sealed_report(words: str, where: str, photos: list[bytes]) -> None:
    content = contents.Content(Kind.BRIBERY, words, where, "", tuple(photos))
    reply = boxes.public_of(bytes(32))
    padded = contents.pad(contents.written(content, reply), contents.REPORT_SIZES)
    sealed = boxes.seal(padded, boxes.public_of(SECRET))
    assert contents.open_report(sealed, secret=SECRET) == (content, reply)
