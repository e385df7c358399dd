"""Writing PrefLib's files; `preflib.py` says what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ..profile import BallotKind, Profile
from .ballot_file import BallotFile
from .errors import CannotWrite
from .preflib import FEWEST_GRADES

_APPROVED = ("Approved", "Not approved")


def write_preflib(ballots: BallotFile, extension: str) -> str:
    """Return the text of the file. Raises CannotWrite."""
    _check_writable(ballots, extension)
    profile = ballots.profile
    lines = [*_category_lines(ballots)] if extension == "cat" else _order_lines(profile)
    head = {
        "TITLE": ballots.title,
        "DATA TYPE": extension,
        "NUMBER ALTERNATIVES": len(ballots.options),
        "NUMBER VOTERS": profile.valid + profile.blank,
        f"NUMBER UNIQUE {'PREFERENCES' if extension == 'cat' else 'ORDERS'}": len(lines),
    }
    if extension == "cat":
        names = ballots.scale or _APPROVED
        head |= {"NUMBER CATEGORIES": len(names)}
        head |= {f"CATEGORY NAME {number}": name for number, name in enumerate(names, start=1)}
    head |= {f"ALTERNATIVE NAME {number}": name for number, name in enumerate(ballots.options, start=1)}
    return "\n".join([*(f"# {key}: {value}" for key, value in head.items()), *lines, ""])


def _check_writable(ballots: BallotFile, extension: str) -> None:
    profile, name = ballots.profile, f"a .{extension} file"
    if profile.spoiled:
        raise CannotWrite(f"{name} has no place for {profile.spoiled} spoiled papers")
    if not profile.cast:
        raise CannotWrite(f"{name} needs a ballot")
    if extension == "cat":
        if profile.kind not in (BallotKind.APPROVAL, BallotKind.GRADES):
            raise CannotWrite(f"{name} holds approvals or grades, not {profile.kind.value}")
        if profile.kind is BallotKind.GRADES and len(ballots.scale) < FEWEST_GRADES:
            raise CannotWrite(f"{name} with two grades would be read as approvals")
        return
    if profile.kind is not BallotKind.RANKING:
        raise CannotWrite(f"{name} holds rankings, not {profile.kind.value}")
    if profile.blank:
        raise CannotWrite(f"{name} has no place for {profile.blank} blank papers")
    if extension.endswith("c") and not profile.marks.all():
        raise CannotWrite(f"{name} holds complete rankings only")
    if extension.startswith("s") and any("=" in text for text, _ in profile.texts()):
        raise CannotWrite(f"in {name} no two options share a place")


def _order_lines(profile: Profile) -> list[str]:
    return [
        f"{count}: " + ",".join(_braced(place.split("=")) for place in text.split(">"))
        for text, count in profile.texts()
    ]


def _category_lines(ballots: BallotFile) -> Iterator[str]:
    profile = ballots.profile
    categories = len(ballots.scale or _APPROVED)
    rows = zip(profile.marks.tolist(), profile.weights.tolist(), strict=True)
    blank = [([0] * len(ballots.options), profile.blank)] if profile.blank else []
    for row, count in chain(rows, blank):
        if profile.kind is BallotKind.APPROVAL:
            row = [mark or categories for mark in row]
        groups = [
            [str(number) for number, mark in enumerate(row, start=1) if mark == category]
            for category in range(1, categories + 1)
        ]
        yield f"{count}: " + ",".join(map(_braced, groups))


def _braced(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else "{" + ",".join(numbers) + "}"
