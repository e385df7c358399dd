from dataclasses import replace

import pytest

from civicforum.counting import BallotKind, Profile
from civicforum.counting.files import BadFile, BallotFile, CannotWrite, Fault, read_bytes, written

HEAD = """# TITLE: Trees
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: {voters}
# ALTERNATIVE NAME 1: Ash
# ALTERNATIVE NAME 2: Beech
# ALTERNATIVE NAME 3: Cedar
"""
CATEGORIES = """# NUMBER CATEGORIES: {number}
# CATEGORY NAME 1: good
# CATEGORY NAME 2: fair
"""


def read(ballots: str, extension: str, *, voters: int = 1, head: str = HEAD) -> BallotFile:
    return read_bytes((head.format(voters=voters) + ballots).encode(), f"trees.{extension}")


def test_orders_with_shared_places_are_read() -> None:
    trees = read("4: 2, {1,3}\n3: {2},1\n", "toi", voters=7)
    assert trees.title == "Trees"
    assert dict(trees.profile.rankings()) == {
        (("Beech",), ("Ash", "Cedar")): 4,
        (("Beech",), ("Ash",)): 3,
    }


def test_options_may_be_numbered_from_zero() -> None:
    head = "# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 5\n# ALTERNATIVE NAME 0: A\n# ALTERNATIVE NAME 1: B\n"
    assert read("5: 1,0\n", "soc", head=head).profile.rankings() == [((("B",), ("A",)), 5)]


def test_two_categories_are_approvals() -> None:
    head = HEAD + CATEGORIES.format(number=2)
    trees = read("2: {1,3},2\n1: {},{1,2,3}\n", "cat", voters=3, head=head)
    assert trees.profile.kind is BallotKind.APPROVAL
    assert trees.profile.marks.tolist() == [[1, 0, 1]]
    assert (trees.profile.weights.tolist(), trees.profile.blank) == ([2], 1)


@pytest.mark.parametrize("lowest", [0, 1])
def test_three_categories_are_grades_and_their_names_the_scale(lowest: int) -> None:
    names = "".join(f"# ALTERNATIVE NAME {lowest + place}: {name}\n" for place, name in enumerate("ABC"))
    head = "# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 2\n" + names + CATEGORIES.format(number=3)
    trees = read(f"2: {{}},{{{lowest},{lowest + 2}}},{{}}\n", "cat", head=head + "# CATEGORY NAME 3: poor\n")
    assert trees.profile.kind is BallotKind.GRADES
    assert trees.scale == ("good", "fair", "poor")
    assert trees.profile.marks.tolist() == [[2, 0, 2]]


@pytest.mark.parametrize(
    ("ballots", "extension", "fault", "line"),
    [
        ("1: 1,4\n", "soi", Fault.UNKNOWN_OPTION, 7),
        ("1: 0,1\n", "soi", Fault.UNKNOWN_OPTION, 7),
        ("1: 1,1\n", "soi", Fault.REPEATED_OPTION, 7),
        ("1: {1,2},{2,3}\n", "toc", Fault.REPEATED_OPTION, 7),
        ("1: 1,{2,3}\n", "soi", Fault.SHARED_PLACE, 7),
        ("1: 1,2\n", "soc", Fault.INCOMPLETE, 7),
        ("1: {1,2}\n", "toc", Fault.INCOMPLETE, 7),
        ("2: 1,2\n", "soi", Fault.SUM, 3),
        ("", "soi", Fault.SUM, 3),
        ("0: 1,2\n", "soi", Fault.COUNT, 7),
        ("-1: 1,2\n", "soi", Fault.COUNT, 7),
        ("1.0: 1,2\n", "soi", Fault.COUNT, 7),
        ("1: 1,{2\n", "toi", Fault.NUMBER, 7),
        ("1: {1}2\n", "toi", Fault.NUMBER, 7),
        ("1: 1,{}\n", "toi", Fault.SHAPE, 7),
        ("1: =1}\n", "toi", Fault.SHAPE, 7),
        ("1: 1 2\n", "soi", Fault.NUMBER, 7),
        ("1: 1,,2\n", "soi", Fault.NUMBER, 7),
        ("1: \n", "soi", Fault.NUMBER, 7),
        ("1,2\n", "soi", Fault.SHAPE, 7),
        ("1: 1,2,3\n", "cat", Fault.HEADER, 7),
    ],
)
def test_bad_ballots_are_refused(ballots: str, extension: str, fault: Fault, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read(ballots, extension)
    assert (refused.value.fault, refused.value.line) == (fault, line)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("ALTERNATIVES: 3", "ALTERNATIVES: 4", 2),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 99999999", 2),
        ("ALTERNATIVES: 3", "ALTERNATIVES: three", 2),
        ("# NUMBER ALTERNATIVES: 3\n", "", 6),
        ("# NUMBER VOTERS: {voters}\n", "", 6),
        ("NAME 3", "NAME 2", 6),
        ("NAME 3", "NAME 7", 2),
        ("# TITLE: Trees", "# DATA TYPE: toc", 1),
    ],
)
def test_a_head_that_contradicts_itself_is_refused(old: str, new: str, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read("1: 1\n", "soi", head=HEAD.replace(old, new))
    assert (refused.value.fault, refused.value.line) == (Fault.HEADER, line)


def test_a_ballot_with_too_few_categories_is_refused() -> None:
    with pytest.raises(BadFile, match="line 10: 1 categories on the ballot, 2 in the file"):
        read("1: {1,2,3}\n", "cat", head=HEAD + CATEGORIES.format(number=2))


def test_what_each_extension_cannot_say_is_not_written() -> None:
    trees = read("4: 2,{1,3}\n3: 2,1\n", "toi", voters=7)
    for extension, words in {"soi": "share a place", "toc": "complete", "cat": "approvals or grades"}.items():
        with pytest.raises(CannotWrite, match=words):
            written(trees, f"trees.{extension}")
    blank = replace(trees, profile=Profile.of_rankings(trees.options, [(), ("Ash",)]))
    with pytest.raises(CannotWrite, match="1 blank papers"):
        written(blank, "trees.toi")
