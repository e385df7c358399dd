r"""PrefLib's files (preflib.org/format): orders, and approvals or grades in categories.

    # TITLE: 2006 Burlington Mayoral Election
    # DATA TYPE: toi
    # NUMBER ALTERNATIVES: 6
    # NUMBER VOTERS: 9788
    # ALTERNATIVE NAME 1: Bob Kiss
    1095: 3,4
    12: {1,2},5

.soc and .soi are strict, .toc and .toi may have shared places; .soc and .toc are complete. Options are
numbered from 1, or all from 0. A .cat file puts options in categories, `{}` where one is empty: with two
categories (or one) the first means approved, with more they are grades, the best first. PrefLib says nothing
about seats, parties and who withdrew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ..profile import BallotKind, Profile
from .ballot_file import BallotFile
from .box import MOST_BALLOTS, MOST_OPTIONS, BallotBox, Groups
from .errors import BadFile, CannotWrite, Fault, shown
from .marks import MOST_GRADES, scale_of
from .names import clean_name, distinct_names
from .numbers import ballot_count, heading_number, option_number
from .source import Source

EXTENSIONS = ("soc", "soi", "toc", "toi", "cat")
_META = re.compile(r"#\s*([A-Z][A-Z ]*[A-Z])(?: ([0-9]{1,5}))?\s*:(.*)")
_BRACES = re.compile(r"\{([^{}]*)\}")
_FEWEST_GRADES = 3
_APPROVED = ("Approved", "Not approved")


@dataclass(frozen=True)
class _Head:
    """What the lines with # say, each value with the line it stands on."""

    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    options: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)

    def take(self, line: int, text: str) -> None:
        """Keep one line; one of another shape is a comment. Raises BadFile."""
        found = _META.fullmatch(text)
        if not found:
            return
        key, number, value = found[1], found[2], found[3].strip()
        named = {"ALTERNATIVE NAME": self.options, "CATEGORY NAME": self.categories}.get(key)
        if named is None:
            self.values[key] = (line, value)
        elif not number or int(number) in named:
            raise BadFile(Fault.HEADER, f"a name without a number of its own: {shown(text)}", line)
        else:
            named[int(number)] = clean_name(value, line)

    def number(self, key: str, line: int, *, most: int) -> tuple[int, int]:
        """Return the line and the number of this key. Raises BadFile; `line` is where it should be by."""
        if key not in self.values:
            raise BadFile(Fault.HEADER, f"the line # {key} is missing above the ballots", line)
        at, value = self.values[key]
        return at, heading_number(value, at, key, most=most)

    def check(self, extension: str, line: int) -> None:
        """Check the head against itself and the name of the file. Raises BadFile."""
        self._check_names("NUMBER ALTERNATIVES", self.options, line, lowest=min(self.options, default=1))
        at, kind = self.values.get("DATA TYPE", (line, extension))
        if kind != extension:
            reason = f"the file says that it is {shown(kind)}, its name says {extension}"
            raise BadFile(Fault.HEADER, reason, at)
        if extension == "cat":
            self._check_names("NUMBER CATEGORIES", self.categories, line, most=MOST_GRADES)

    def _check_names(
        self, key: str, names: dict[int, str], line: int, *, lowest: int = 1, most: int = MOST_OPTIONS
    ) -> None:
        at, number = self.number(key, line, most=most)
        if lowest > 1 or sorted(names) != list(range(lowest, lowest + number)):
            reason = f"{key} is {number}, but the lines with the names are not numbered 1 to {number}"
            raise BadFile(Fault.HEADER, reason, at)


def read_preflib(source: Source, extension: str) -> BallotFile:
    """Read a PrefLib file of this extension. Raises BadFile."""
    head, first, lines = _Head(), source.lines, source.numbered()
    ballots: list[tuple[int, str]] = []
    for line, text in lines:
        if not text.startswith("#"):
            first, ballots = line, [(line, text)]
            break
        head.take(line, text)
    head.check(extension, first)
    box = BallotBox(len(head.options), lowest=min(head.options))
    parse = _Parser(extension, len(head.options), len(head.categories))
    _check_sum(head, _read_ballots(chain(ballots, lines), box, parse), first)
    names = distinct_names([name for _, name in sorted(head.options.items())])
    at, title = head.values.get("TITLE", (first, ""))
    return BallotFile(
        title=clean_name(title, at),
        options=names,
        seats=None,
        profile=box.profile(names, parse.kind),
        scale=_scale(head, first) if parse.kind is BallotKind.GRADES else (),
        encoding=source.encoding,
    )


def _read_ballots(ballots: Iterable[tuple[int, str]], box: BallotBox, parse: _Parser) -> int:
    """Put the ballots into the box and return how many there are."""
    cast = 0
    for line, text in ballots:
        count, groups = parse(line, text)
        box.add(line, groups, count)
        cast += count
    return cast


def _scale(head: _Head, line: int) -> tuple[str, ...]:
    return scale_of(BallotKind.GRADES, line, [name for _, name in sorted(head.categories.items())])


def _check_sum(head: _Head, cast: int, line: int) -> None:
    at, voters = head.number("NUMBER VOTERS", line, most=MOST_BALLOTS)
    if cast != voters:
        raise BadFile(Fault.SUM, f"NUMBER VOTERS is {voters}, but the ballots add up to {cast}", at)


@dataclass(frozen=True)
class _Parser:
    """Reads one ballot by the rules of the extension."""

    extension: str
    options: int
    categories: int

    @property
    def kind(self) -> BallotKind:
        if self.extension != "cat":
            return BallotKind.RANKING
        return BallotKind.GRADES if self.categories >= _FEWEST_GRADES else BallotKind.APPROVAL

    def __call__(self, line: int, text: str) -> tuple[int, Groups]:
        """Return how many ballots say this, and what. Raises BadFile."""
        count, colon, order = text.partition(":")
        if not colon:
            raise BadFile(Fault.SHAPE, f"a ballot is a count, a colon and an order, not {shown(text)}", line)
        groups = _groups(order, line)
        self._check(groups, line)
        approved_only = self.kind is BallotKind.APPROVAL
        return ballot_count(count.strip(), line), groups[:1] if approved_only else groups

    def _check(self, groups: list[list[int]], line: int) -> None:
        if self.extension == "cat":
            if len(groups) != self.categories:
                reason = f"{len(groups)} categories on the ballot, {self.categories} in the file"
                raise BadFile(Fault.SHAPE, reason, line)
            return
        if not all(groups):
            raise BadFile(Fault.SHAPE, "an empty place in the order", line)
        listed = sum(map(len, groups))
        if self.extension.startswith("s") and listed > len(groups):
            raise BadFile(
                Fault.SHARED_PLACE, f"in a .{self.extension} file no two options share a place", line
            )
        if self.extension.endswith("c") and listed < self.options:
            reason = f"a .{self.extension} ballot ranks all {self.options} options, this one {listed}"
            raise BadFile(Fault.INCOMPLETE, reason, line)


def _groups(order: str, line: int) -> list[list[int]]:
    """Return `1,{2,3},{}` as [[1], [2, 3], []]. Raises BadFile."""
    if "=" in order:
        raise BadFile(Fault.SHAPE, "an order has numbers, commas and braces only", line)
    # Each pair of braces becomes one part between commas: {2,3} is =2=3} until it is read below.
    parts = _BRACES.sub(lambda braces: "=" + braces[1].replace(",", "=") + "}", order).split(",")
    return [_group(part.strip(), line) for part in parts]


def _group(part: str, line: int) -> list[int]:
    if not (part.startswith("=") and part.endswith("}")):
        return [option_number(part, line)]
    inside = part[1:-1].strip()
    return [option_number(number.strip(), line) for number in inside.split("=")] if inside else []


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
        if profile.kind is BallotKind.GRADES and len(ballots.scale) < _FEWEST_GRADES:
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
