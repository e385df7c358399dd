"""What a format can say is read as it was written, for any ballots; what it cannot say is not written."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import BallotKind, Profile
from civicforum.counting.files import BallotFile, CannotWrite, read_bytes, written

SCALE = ("excellent", "fair, or so", '"poor"')
HIGHEST = {BallotKind.APPROVAL: 1, BallotKind.CHOICES: 3, BallotKind.GRADES: len(SCALE)}
ORDERS = ("soc", "soi", "toc", "toi")
SIGNS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('"",;#{}=->0\u5f20')
NAMES = st.text(SIGNS, max_size=8).map(lambda text: " ".join(text.split()))


@st.composite
def ballot_files(draw: st.DrawFn) -> BallotFile:
    kind = draw(st.sampled_from([BallotKind.RANKING, *BallotKind]))
    names = draw(st.lists(NAMES.filter(bool), min_size=1, max_size=5, unique=True))
    options = tuple(names[draw(st.integers(0, len(names) - 1)) * draw(st.booleans()) :])
    rows = draw(st.lists(st.tuples(_rows(kind, len(options)), st.integers(1, 10**9)), max_size=6))
    spoiled = draw(st.integers(0, 3)) * draw(st.booleans())
    return BallotFile(
        title=draw(NAMES),
        options=options,
        seats=draw(st.integers(1, 5)),
        profile=Profile.of_marks(kind, options, rows, spoiled=spoiled),
        withdrawn=tuple(names[: len(names) - len(options)]),
        scale=SCALE if kind is BallotKind.GRADES else (),
    )


def _rows(kind: BallotKind, options: int) -> st.SearchStrategy[list[int]]:
    """Give rows of marks; half of the rankings are strict and complete, so that each format has its turn."""
    free = st.lists(st.integers(0, HIGHEST.get(kind, options)), min_size=options, max_size=options)
    strict = st.permutations(range(1, options + 1))
    return strict | free if kind is BallotKind.RANKING else free


def said(ballots: BallotFile) -> Counter[object]:
    """Return each different ballot with its count, places closed up."""
    profile, counts = ballots.profile, Counter[object]()
    ranked = profile.kind is BallotKind.RANKING
    rows = [text for text, _ in profile.texts()] if ranked else [*map(tuple, profile.marks.tolist())]
    for row, count in zip(rows, profile.weights.tolist(), strict=True):
        counts[row] += count
    return counts


def can_say(ending: str, ballots: BallotFile) -> bool:
    """Tell by the rules of each format, as its module states them, whether it can hold the ballots."""
    profile, texts = ballots.profile, [text for text, _ in ballots.profile.texts()]
    if ending in ("csv", "jsonl"):
        return True
    if ending == "cat":
        wanted = profile.kind in (BallotKind.APPROVAL, BallotKind.GRADES)
        return wanted and not profile.spoiled and profile.cast > 0
    if profile.kind is not BallotKind.RANKING or profile.spoiled:
        return False
    strict = not any("=" in text for text in texts)
    complete = bool(profile.marks.all())
    return {
        "blt": True,
        "soc": strict and complete and not profile.blank and bool(texts),
        "soi": strict and not profile.blank and bool(texts),
        "toc": complete and not profile.blank and bool(texts),
        "toi": not profile.blank and bool(texts),
    }[ending]


@pytest.mark.parametrize("ending", [*ORDERS, "cat", "blt", "csv", "jsonl"])
@given(ballots=ballot_files())
def test_what_can_be_said_is_read_as_written(ending: str, ballots: BallotFile) -> None:
    if not can_say(ending, ballots):
        with pytest.raises(CannotWrite):
            written(ballots, f"x.{ending}")
        return
    again = read_bytes(written(ballots, f"x.{ending}"), f"x.{ending}")
    assert (again.title, again.options, again.scale) == (ballots.title, ballots.options, ballots.scale)
    assert again.profile.kind is ballots.profile.kind
    assert said(again) == said(ballots)
    assert (again.profile.blank, again.profile.spoiled) == (ballots.profile.blank, ballots.profile.spoiled)
    if ending not in (*ORDERS, "cat"):
        assert (again.seats, again.withdrawn) == (ballots.seats, ballots.withdrawn)


@given(ballots=ballot_files())
def test_a_scottish_csv_is_read_as_written_or_not_written(ballots: BallotFile) -> None:
    try:
        data = written(ballots, "ward.csv", scottish=True)
    except CannotWrite:
        texts = [text for text, _ in ballots.profile.texts()]
        quoted = any('"' in name for name in (*ballots.options, ballots.title))
        refused = ballots.profile.kind is not BallotKind.RANKING or any("=" in text for text in texts)
        assert refused or quoted or ballots.profile.spoiled or ballots.withdrawn or not ballots.title
        return
    again = read_bytes(data, "ward.csv")
    assert (again.title, again.options, again.seats) == (ballots.title, ballots.options, ballots.seats)
    assert (said(again), again.profile.blank) == (said(ballots), ballots.profile.blank)
