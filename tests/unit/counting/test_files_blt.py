from dataclasses import replace

import pytest

from civicforum.counting import Profile
from civicforum.counting.files import BadFile, BallotFile, CannotWrite, Fault, read_bytes, written

# The example of Hill, Wichmann and Woodall, "Algorithm 123", section 3.1.
PAPER = b"""4 2
-2
3 1 3 4 0
4 1 3 2 0
2 4 1 3 0
1 2 0
2 2 4 3 1 0
1 3 4 2 0
0
"Adam"
"Basil"
"Charlotte"
"Donald"
"Title"
"""


def read(text: str | bytes) -> BallotFile:
    return read_bytes(text if isinstance(text, bytes) else text.encode(), "election.blt")


def refusal(text: str | bytes) -> BadFile:
    with pytest.raises(BadFile) as refused:
        read(text)
    return refused.value


def test_the_example_of_the_paper_is_read_without_who_withdrew() -> None:
    election = read(PAPER)
    assert (election.title, election.seats) == ("Title", 2)
    assert election.options == ("Adam", "Charlotte", "Donald")
    assert election.withdrawn == ("Basil",)
    # Basil left out: `1 2 0` is blank, `2 4 3 1` becomes Donald, Charlotte, Adam.
    assert dict(election.profile.rankings()) == {
        (("Adam",), ("Charlotte",), ("Donald",)): 3,
        (("Adam",), ("Charlotte",)): 4,
        (("Donald",), ("Adam",), ("Charlotte",)): 2,
        (("Donald",), ("Charlotte",), ("Adam",)): 2,
        (("Charlotte",), ("Donald",)): 1,
    }
    assert election.profile.blank == 1


def test_openstv_comments_shared_and_skipped_places_are_read() -> None:
    election = read(
        '# made by hand\n3 1 # sizes\n2 2=3 - 1 0 # two papers\n1 0\n0\n"A"\n"B" # second\n"C"\n"T"'
    )
    assert election.profile.rankings() == [((("B", "C"), ("A",)), 2)]
    assert election.profile.blank == 1


def test_names_keep_their_inner_quotation_marks() -> None:
    assert read('2 1\n1 1 0\n0\n"Will "Liam" O"\n"B"\n"T"').options == ('Will "Liam" O', "B")


@pytest.mark.parametrize(
    ("text", "fault", "line", "words"),
    [
        ("", Fault.EMPTY, None, "empty"),
        ("3\n", Fault.HEADER, 1, "number of options and the number of seats"),
        ("0 1\n", Fault.HEADER, 1, "from 1 to 9999"),
        ("10000 1\n", Fault.HEADER, 1, "from 1 to 9999"),
        ("2 1\n1 3 0\n", Fault.UNKNOWN_OPTION, 2, "option 3 does not exist, the file has 2 options"),
        ("2 1\n1 1 1 0\n", Fault.REPEATED_OPTION, 2, "option 1 stands on the ballot twice"),
        ("2 1\n1 1 2\n", Fault.SHAPE, 2, "ends with 0"),
        ("2 1\n2.5 1 0\n", Fault.COUNT, 2, "whole number"),
        ("2 1\n1 1 0\n-3 1 0\n", Fault.COUNT, 3, "cannot be negative"),
        ("2 1\n0 1 0\n", Fault.COUNT, 2, "a count is from 1"),
        (f"2 1\n{'9' * 5000} 1 0\n", Fault.COUNT, 2, "too large"),
        ("2 1\n1 x 0\n", Fault.NUMBER, 2, "not the number of an option"),
        ("2 1\n-1 -2\n", Fault.HEADER, 2, "every option has withdrawn"),
        ("2 1\n-1 2 0\n", Fault.SHAPE, 2, "withdrawn"),
        ("2 1\n1 1 0\n", Fault.CUT_OFF, 2, "single 0"),
        ('2 1\n1 1 0\n0\n"A"\n', Fault.CUT_OFF, 4, "name of option 2"),
        ('2 1\n1 1 0\n0\n"A"\n"B"\n', Fault.CUT_OFF, 5, "the title"),
        ('2 1\n1 1 0\n0\n"A"\nB\n"T"\n', Fault.QUOTES, 5, "quotation marks"),
        ('2 1\n1 1 0\n0\n"A"\n"B"\n"C"\n"T"\n', Fault.SHAPE, 7, "nothing follows the title"),
    ],
)
def test_bad_files_are_refused(text: str, fault: Fault, line: int | None, words: str) -> None:
    bad = refusal(text)
    assert (bad.fault, bad.line) == (fault, line)
    assert words in bad.reason
    assert str(bad).startswith(f"line {line}: " if line else "the file")


def test_who_withdrew_is_written_after_those_who_stand() -> None:
    again = written(read(PAPER), "again.blt")
    assert again.startswith(b"4 2\n-4\n1 0\n")
    assert read(again).withdrawn == ("Basil",)


def test_what_blt_cannot_say_is_not_written() -> None:
    ballots = BallotFile("T", ("A", "B"), None, Profile.of_rankings("AB", [("A",)]))
    with pytest.raises(CannotWrite, match="number of seats"):
        written(ballots, "x.blt")
    with pytest.raises(CannotWrite, match="1 spoiled"):
        written(replace(ballots, seats=1, profile=Profile.of_rankings("AB", [("A",)], spoiled=1)), "x.blt")
    with pytest.raises(CannotWrite, match="rankings, not approval"):
        written(replace(ballots, seats=1, profile=Profile.of_approvals("AB", [("A",)])), "x.blt")
