"""What all readers share: the choice of the format, encodings, line ends, names."""

from dataclasses import replace
from pathlib import Path

import pytest

from civicforum.counting import BallotKind, Profile
from civicforum.counting.files import (
    BadFile,
    BallotFile,
    CannotWrite,
    Fault,
    read_ballots,
    read_bytes,
    write_ballots,
    written,
)
from civicforum.counting.files.box import BallotBox
from civicforum.counting.files.names import distinct_names

ROWS = "kind,ranking\ntitle,{title}\ncount,{name},Bob\n3,1,2\n"


def refusal(data: bytes, name: str = "trees.csv") -> BadFile:
    with pytest.raises(BadFile) as refused:
        read_bytes(data, name)
    return refused.value


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_do_not_matter(ends: str, mark: str) -> None:
    rows = mark + ROWS.format(title="Élan", name="Zoë").replace("\n", " \t" + ends)
    ballots = read_bytes(rows.encode(), "trees.csv")
    assert (ballots.options, ballots.title, ballots.encoding) == (("Zoë", "Bob"), "Élan", "utf-8")
    assert ballots.profile.texts() == [("1>2", 3)]


@pytest.mark.parametrize("name", ["张三", "朱镕基", "A座", "李·四", "王（二）"])
def test_gb18030_is_read_and_told(name: str) -> None:
    ballots = read_bytes(ROWS.format(title="小区绿化", name=name).encode("gb18030"), "trees.csv")
    assert (ballots.options[0], ballots.encoding) == (name, "gb18030")


@pytest.mark.parametrize(
    "name", ["Zoë", "Renée Slater", "Müller", "Größe", "Ängström", "ÅSA", "José", "GRÖSSE"]
)
def test_latin_1_is_never_taken_for_chinese(name: str) -> None:
    bad = refusal(ROWS.format(title="Trees", name=name).encode("latin-1"))
    assert (bad.fault, bad.line) == (Fault.ENCODING, 3)


def test_signs_that_no_font_has_are_not_taken_for_chinese() -> None:
    # GB18030 reads these four bytes, as a sign for private use and a rare character.
    assert refusal(b"kind,ranking\ncount,po\xad\xd9\xc2\x8d,Bob\n3,1,2\n").fault is Fault.ENCODING


def test_utf_16_and_nul_bytes_are_refused() -> None:
    assert refusal(ROWS.encode("utf-16")).fault is Fault.ENCODING
    bad = refusal(b"kind,ranking\r\ncount,A\r\n1,\0\r\n")
    assert (bad.fault, bad.line) == (Fault.NUL, 3)


@pytest.mark.parametrize("data", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.blt", "x.soi", "x.cat"])
def test_an_empty_file_is_refused(data: bytes, name: str) -> None:
    assert refusal(data, name).fault is Fault.EMPTY


def test_the_end_of_the_name_chooses_the_format() -> None:
    assert read_bytes(b'1 1\n1 1 0\n0\n"A"\n"T"\n', "/home/clerk/X.BLT").title == "T"
    for name in ("ballots", "ballots.xlsx", "csv", ""):
        assert refusal(b"1 1\n", name).fault is Fault.FORMAT


def test_a_csv_of_neither_shape_is_told_both() -> None:
    bad = refusal(b"Ann,Bob\n1,2\n")
    assert (bad.fault, bad.line) == (Fault.HEADER, 1)
    assert "kind" in bad.reason
    assert "Scottish" in bad.reason


@pytest.mark.parametrize("path", ["absent.csv", ".", "x\0.csv"])
def test_what_cannot_be_opened_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        read_ballots(f"{tmp_path}/{path}")
    assert refused.value.fault is Fault.UNREADABLE


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicforum.counting.files.source.MOST_BYTES", 10)
    assert refusal(b"kind,ranking\n").fault is Fault.TOO_LARGE


def test_too_many_different_ballots_are_refused_before_they_take_memory() -> None:
    box = BallotBox(9_999)
    for number in range(1, 10_003):
        box.put(f"{number % 9_999 + 1}>{number // 9_999 + 1}")
    with pytest.raises(BadFile, match="too many different ballots"):
        box.profile([str(number) for number in range(9_999)])


def test_a_message_shows_little_of_a_long_or_strange_text() -> None:
    bad = refusal(("kind,ranking\ncount,A\n" + "9\x1b[31m" * 10_000 + ",1\n").encode())
    assert bad.line == 3
    assert len(str(bad)) < 120
    assert str(bad).isprintable()


def test_names_are_told_apart_by_party_only_if_that_tells_all_apart() -> None:
    assert distinct_names(["J", "J", ""], ["Red", "Green", ""]) == ("J (Red)", "J (Green)", "Candidate 3")
    assert distinct_names(["J", "J", "K"], ["Red", "Red", "Red"]) == ("J (1)", "J (2)", "K")
    assert distinct_names(["J", "J", "K"], ["Red", "", "Red"]) == ("J (1)", "J (2)", "K")
    assert distinct_names(["J", "J", "J (1)", "Candidate 5", ""]) == (
        "J (1) (1)",
        "J (2)",
        "J (1)",
        "Candidate 5 (4)",
        "Candidate 5 (5)",
    )


@pytest.mark.parametrize("name", ["", "two\nlines", " blank", "bell\x07", "\ud800", "Bob"])
def test_names_that_could_not_be_read_again_are_not_written(name: str) -> None:
    options = (name, "Bob")
    ballots = BallotFile("", options, 1, Profile.of_marks(BallotKind.RANKING, options, []))
    for ending in ("blt", "csv", "jsonl", "soi"):
        with pytest.raises(CannotWrite):
            written(ballots, f"x.{ending}")


def test_a_file_is_written_and_read_by_its_path(tmp_path: Path) -> None:
    ballots = BallotFile("树", ("张三", "Bob"), 1, Profile.of_rankings(("张三", "Bob"), {("Bob",): 3}))
    told: list[tuple[int, int]] = []
    for ending in ("blt", "csv", "jsonl", "toi"):
        path = tmp_path / f"trees.{ending}"
        write_ballots(ballots, path)
        again = read_ballots(str(path), progress=lambda done, whole: told.append((done, whole)))
        assert again.profile.rankings() == [((("Bob",),), 3)]
        assert told[-1] == (path.stat().st_size, path.stat().st_size)


def test_ballots_that_contradict_their_file_are_not_written() -> None:
    profile = Profile.of_marks(BallotKind.GRADES, ("A", "B"), [((1, 3), 2)])
    ballots = BallotFile("", ("A", "B"), 1, profile, scale=("good", "fair", "poor"))
    assert written(ballots, "x.csv")
    wrong: dict[str, BallotFile] = {
        "scale does not have": replace(ballots, scale=("good", "poor")),
        "need a scale": replace(ballots, scale=()),
        "other options": replace(ballots, options=("A", "C")),
        "9999 seats": replace(ballots, seats=0),
        "different names": replace(ballots, withdrawn=("A",)),
    }
    for words, file in wrong.items():
        with pytest.raises(CannotWrite, match=words):
            written(file, "x.csv")
