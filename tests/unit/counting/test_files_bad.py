"""Ten thousand different bad files for each reader: each is refused with a reason, nothing else happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from time import perf_counter

import pytest

from civicforum.counting.files import BadFile, Fault, read_bytes

WANTED = 10_000
LONGEST_SECONDS = 5.0
# What the text alone is refused for, the same for all readers: such files are checked, and counted besides.
BEFORE_THE_READER = {Fault.ENCODING, Fault.NUL, Fault.EMPTY}
WITHOUT_A_LINE = {Fault.EMPTY, Fault.TOO_LARGE}

PREFLIB = """# TITLE: Trees
# DATA TYPE: {type}
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: good
# CATEGORY NAME 2: fair
# CATEGORY NAME 3: poor
# ALTERNATIVE NAME 1: Ash
# ALTERNATIVE NAME 2: 山毛榉
# ALTERNATIVE NAME 3: Cedar
"""
VALID: dict[str, dict[str, str]] = {
    "blt": {
        "x.blt": '# c\n4 2\n-2\n3 1 3 4 0\n4 1=3 2 0\n1 - 4 0\n0\n"Ann"\n"Bob"\n"张三"\n"Dan"\n"Title"\n'
    },
    "preflib": {
        "x.toi": PREFLIB.format(type="toi")
        + "2: 1,{2,3}\n"
        + "1: 2,1\n1: 3\n1: {1,3},2\n" * 2
        + "1: 3,1,2\n",
        "x.soc": PREFLIB.format(type="soc") + "1: 1,2,3\n1: 2,1,3\n1: 3,2,1\n" * 3,
        "x.cat": PREFLIB.format(type="cat") + "1: 1,{2,3},{}\n1: {},{},{1,2,3}\n1: 3,1,2\n" * 3,
    },
    "scottish": {
        "x.csv": '3,2,\n14,1,\n5,2,3,1,\n"Candidate 1","Ann","G",\n"Candidate 2","张三","L",\n'
        '"Candidate 3","Cem","",\n"Ward",\n'
    },
    "own csv": {
        "x.csv": 'kind,ranking\ntitle,"Trees, two"\nseats,2\ncount,Ann,张三,Cem\n'
        "12,1,2,\n7,1,1,2\n2,spoiled,,\n",
        "y.csv": "kind,grades\nscale,good,poor\nballot,Ann,Bob\n1,good,\n2,poor,good\n",
    },
    "jsonl": {
        "x.jsonl": '{"title": "Trees", "options": ["Ann", "张三", "Cem"], "seats": 2, "kind": "ranking"}\n'
        '{"ranking": ["Ann", ["张三", "Cem"]], "count": 12}\n{"ranking": []}\n',
        "y.jsonl": '{"options": ["Ann", "Bob"], "kind": "choices", "blank": 2}\n'
        '{"choices": {"Ann": "for", "Bob": "abstain"}, "count": 3}\n',
    },
}
NUMBERS = [
    b"0",
    b"-1",
    b"1.5",
    b"1e9",
    b"NaN",
    b"Infinity",
    b"true",
    b"",
    b"4",
    b"10000",
    b"9" * 15,
    b"9" * 5000,
]
INSERTS = [
    b'"',
    b"{",
    b"}",
    b"[" * 3000,
    b'{"a":' * 3000,
    b"=",
    b",",
    b">",
    b"#",
    b"-",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
]

Change = Callable[[Random, bytes], bytes]


def cut_short(draw: Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def cut_out(draw: Random, data: bytes) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + data[at + draw.randint(1, 12) :]


def swap_bytes(draw: Random, data: bytes) -> bytes:
    one, other = sorted((draw.randrange(len(data)), draw.randrange(len(data))))
    swapped = bytearray(data)
    swapped[one], swapped[other] = data[other], data[one]
    return bytes(swapped)


def scribble(draw: Random, data: bytes) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + draw.randbytes(draw.randint(1, 4)) + data[at + draw.randint(0, 4) :]


def insert_sign(draw: Random, data: bytes) -> bytes:
    at = draw.randrange(len(data) + 1)
    return data[:at] + draw.choice(INSERTS) + data[at:]


def change_number(draw: Random, data: bytes) -> bytes:
    digits = [at for at, byte in enumerate(data) if chr(byte).isdigit()] or [0]
    at = draw.choice(digits)
    return data[:at] + draw.choice(NUMBERS) + data[at + 1 :]


def change_lines(draw: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    how = draw.randrange(3)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(one, lines[other])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def change_encoding(draw: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(draw.choice(["utf-16", "utf-16-le", "utf-32", "cp500"]), "replace")


def rubbish(draw: Random, data: bytes) -> bytes:
    return draw.randbytes(draw.randint(1, len(data)))


CHANGES: list[Change] = [
    *[cut_short, cut_out, swap_bytes, scribble, insert_sign, change_number, change_lines] * 4,
    change_encoding,
    rubbish,
]


def changed(draw: Random, data: bytes) -> bytes:
    for _ in range(draw.randint(1, 3)):
        data = draw.choice(CHANGES)(draw, data or b"\n")
    return data


def refusal(data: bytes, name: str) -> BadFile | None:
    """Return the refusal, or None for a good file; any other exception is left to fail the test."""
    begun = perf_counter()
    bad = None
    try:
        read_bytes(data, name)
    except BadFile as refused:
        bad = refused
    assert perf_counter() - begun < LONGEST_SECONDS, data
    return bad


def check(bad: BadFile, data: bytes) -> None:
    """Check that a clerk can find the fault by what the refusal says."""
    assert bad.reason
    assert str(bad).isprintable()
    assert len(str(bad)) < 250
    if bad.fault not in WITHOUT_A_LINE:
        assert bad.line is not None, (bad, data)
        assert 1 <= bad.line <= data.count(b"\n") + data.count(b"\r") + 1, (bad, data)


@pytest.mark.parametrize("reader", VALID)
def test_the_files_that_are_spoiled_are_good_before(reader: str) -> None:
    for name, text in VALID[reader].items():
        assert refusal(text.encode(), name) is None


@pytest.mark.parametrize("reader", VALID)
def test_ten_thousand_bad_files_are_refused_and_nothing_else_happens(reader: str) -> None:
    draw = Random(f"bad files for {reader}")  # noqa: S311  # the same files at each run
    seen: set[bytes] = set()
    faults: Counter[Fault] = Counter()
    files = sorted(VALID[reader].items())
    for _ in range(10 * WANTED):
        name, text = draw.choice(files)
        data = changed(draw, text.encode())
        bad = refusal(data, name)
        if bad:
            check(bad, data)
        if bad and bad.fault not in BEFORE_THE_READER and data not in seen:
            seen.add(data)
            faults[bad.fault] += 1
        if len(seen) == WANTED:
            break
    assert len(seen) == WANTED, "too many changes leave the file good"
    assert len(faults) >= 8, f"the changes break too few things: {faults}"
