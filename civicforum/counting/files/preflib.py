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
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from ..profile import MOST_BALLOTS, BallotKind
from .ballot_file import BallotFile
from .box import BallotBox, Groups
from .errors import BadFile, Fault, shown
from .marks import scale_of
from .names import clean_name, distinct_names
from .numbers import ballot_count, option_number
from .preflib_head import Head
from .source import Source

EXTENSIONS = ("soc", "soi", "toc", "toi", "cat")
FEWEST_GRADES = 3  # with fewer categories the ballots are approvals
_BRACES = re.compile(r"\{([^{}]*)\}")


def read_preflib(source: Source, extension: str) -> BallotFile:
    """Read a PrefLib file of this extension. Raises BadFile."""
    head, first, lines = Head(), source.lines, source.numbered()
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


def _scale(head: Head, line: int) -> tuple[str, ...]:
    return scale_of(BallotKind.GRADES, line, [name for _, name in sorted(head.categories.items())])


def _check_sum(head: Head, cast: int, line: int) -> None:
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
        return BallotKind.GRADES if self.categories >= FEWEST_GRADES else BallotKind.APPROVAL

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
