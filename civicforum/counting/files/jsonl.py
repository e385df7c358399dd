"""JSON Lines: the contest on the first line, then one object for a ballot or for several equal ones.

    {"title": "Trees", "options": ["Ann", "Bob"], "seats": 1, "kind": "ranking", "blank": 3, "spoiled": 1}
    {"ranking": ["Ann", "Bob"], "count": 12}
    {"ranking": [["Ann", "Bob"]]}

`options` and `kind` (ranking, approval, choices, grades) are required; `withdrawn` is a list of names,
`scale` the grades, the best first. A place is a name or a list of names that share it. By kind a ballot says
`{"approved": ["Ann"]}`, `{"choices": {"Ann": "for", "Bob": "abstain"}}` or `{"grades": {"Ann": "good"}}`; one
that names nobody is a blank paper. `count` is 1 where it is left out. Nothing else may be said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..profile import MOST_BALLOTS, BallotKind
from .ballot_file import BallotFile
from .box import MOST_OPTIONS, BallotBox
from .errors import BadFile, Fault, shown
from .marks import listed, mark_words, scale_of
from .names import clean_name
from .numbers import checked_count
from .source import Source
from .strict_json import Json, parse_object

_HEADER = {"title", "options", "seats", "kind", "blank", "spoiled", "scale", "withdrawn"}
_SAYS = {
    BallotKind.RANKING: "ranking",
    BallotKind.APPROVAL: "approved",
    BallotKind.CHOICES: "choices",
    BallotKind.GRADES: "grades",
}


def read_jsonl(source: Source) -> BallotFile:
    """Read JSON Lines. Raises BadFile."""
    lines = source.numbered()
    line, text = next(lines)
    header = _Header(parse_object(text, line), line)
    header.check()
    options, scale, kind = header.names("options"), header.scale, header.kind
    box = BallotBox(len(options))
    ballots = _BallotReader(kind, options, scale)
    known: dict[str, tuple[str, int]] = {}
    for line, text in lines:
        ballot = known.get(text)
        if ballot is None:
            groups, count = ballots.read(parse_object(text, line), line)
            ballot = known[text] = box.text(line, groups), count
        box.put(*ballot)
    return BallotFile(
        title=header.title,
        options=options,
        seats=header.number("seats", lowest=1, most=MOST_OPTIONS) if "seats" in header.values else None,
        profile=box.profile(options, kind, blank=header.number("blank"), spoiled=header.number("spoiled")),
        withdrawn=header.names("withdrawn"),
        scale=scale,
        encoding=source.encoding,
    )


@dataclass(frozen=True)
class _Header:
    """The first line."""

    values: Json
    line: int

    def check(self) -> None:
        """Check what the keys say together. Raises BadFile."""
        strange = sorted(self.values.keys() - _HEADER)
        if strange:
            raise self._fault(f"the first line has no key {shown(strange[0])}")
        options = self.names("options")
        if not 0 < len(options) <= MOST_OPTIONS:
            raise self._fault(f"the first line needs options, a list of 1 to {MOST_OPTIONS} names")
        everybody = options + self.names("withdrawn")
        if len(set(everybody)) < len(everybody):
            raise self._fault("two options have one name, and ballots tell them apart by names")

    @property
    def kind(self) -> BallotKind:
        try:
            return BallotKind(self.values.get("kind", ""))
        except ValueError as error:
            kinds = ", ".join(kind.value for kind in BallotKind)
            raise BadFile(Fault.KIND, f"the first line needs a kind: {kinds}", self.line) from error

    @property
    def title(self) -> str:
        return self._texts("title", [self.values.get("title", "")])[0]

    @property
    def scale(self) -> tuple[str, ...]:
        return scale_of(self.kind, self.line, self._list("scale"))

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of names; none is empty. Raises BadFile."""
        names = self._list(key)
        if not all(names):
            raise BadFile(Fault.NAME, f"an empty name in {key}", self.line)
        return tuple(names)

    def number(self, key: str, *, lowest: int = 0, most: int = MOST_BALLOTS) -> int:
        """Return a whole number, 0 where the key is left out. Raises BadFile."""
        number = self.values.get(key, 0)
        if type(number) is not int or not lowest <= number <= most:
            raise self._fault(f"{key} is a whole number from {lowest} to {most}")
        return number

    def _list(self, key: str) -> list[str]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self._fault(f"{key} is a list of names in square brackets")
        return self._texts(key, values)

    def _texts(self, key: str, values: list[Any]) -> list[str]:
        if not all(isinstance(value, str) for value in values):
            raise self._fault(f"{key} holds texts in quotation marks")
        return [clean_name(value, self.line) for value in values]

    def _fault(self, reason: str) -> BadFile:
        return BadFile(Fault.HEADER, reason, self.line)


class _BallotReader:
    """Reads the objects below the first line."""

    def __init__(self, kind: BallotKind, options: tuple[str, ...], scale: tuple[str, ...]) -> None:
        self.kind = kind
        self.says = _SAYS[kind]
        self.number = {name: number for number, name in enumerate(options, start=1)}
        self.marks = {name: mark for mark, name in enumerate(mark_words(kind, scale), start=1)}

    def read(self, ballot: Json, line: int) -> tuple[list[list[int]], int]:
        """Return the numbers of the options by place or mark, and how many ballots. Raises BadFile."""
        if self.says not in ballot or not ballot.keys() <= {self.says, "count"}:
            raise BadFile(
                Fault.SHAPE, f"a ballot here says {self.says} and may say count, nothing else", line
            )
        count = ballot.get("count", 1)
        if type(count) is not int:
            raise BadFile(Fault.COUNT, "count is a whole number", line)
        return self._groups(ballot[self.says], line), checked_count(count, line)

    def _groups(self, value: Any, line: int) -> list[list[int]]:
        if self.kind is BallotKind.RANKING:
            return [self._place(place, line) for place in self._of_type(value, list, line)]
        if self.kind is BallotKind.APPROVAL:
            return [[self._option(name, line) for name in self._of_type(value, list, line)]]
        groups: list[list[int]] = [[] for _ in self.marks]
        for name, mark in self._of_type(value, dict, line).items():
            if not isinstance(mark, str) or mark not in self.marks:
                raise BadFile(Fault.MARK, f"no mark here, which are {listed(self.marks)}", line)
            groups[self.marks[mark] - 1].append(self._option(name, line))
        return groups

    def _place(self, place: Any, line: int) -> list[int]:
        names = place if isinstance(place, list) else [place]
        if not names:
            raise BadFile(Fault.SHAPE, "an empty place in the ranking", line)
        return [self._option(name, line) for name in names]

    def _option(self, name: Any, line: int) -> int:
        if not isinstance(name, str):
            raise BadFile(Fault.SHAPE, "an option is its name in quotation marks", line)
        number = self.number.get(name) or self.number.get(" ".join(name.split()))
        if number is None:
            raise BadFile(Fault.UNKNOWN_OPTION, f"there is no option {shown(name)}", line)
        return number

    def _of_type(self, value: Any, wanted: type, line: int) -> Any:
        if not isinstance(value, wanted):
            brackets = "square brackets" if wanted is list else "braces"
            raise BadFile(Fault.SHAPE, f"what {self.says} says stands in {brackets}", line)
        return value


def write_jsonl(ballots: BallotFile) -> str:
    """Return the text of the file."""
    profile = ballots.profile
    header: Json = {"title": ballots.title, "options": ballots.options, "kind": profile.kind.value}
    optional = {"seats": ballots.seats, "scale": ballots.scale, "withdrawn": ballots.withdrawn}
    header |= {key: value for key, value in optional.items() if value}
    header |= {"blank": profile.blank, "spoiled": profile.spoiled}
    says = _SAYS[profile.kind]
    rows = (({says: said, "count": count}) for said, count in _said(ballots))
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in (header, *rows))


def _said(ballots: BallotFile) -> Iterator[tuple[object, int]]:
    profile = ballots.profile
    if profile.kind is BallotKind.RANKING:
        yield from profile.rankings()
        return
    words = mark_words(profile.kind, ballots.scale)
    for row, count in zip(profile.marks.tolist(), profile.weights.tolist(), strict=True):
        marked = {name: words[mark - 1] for name, mark in zip(ballots.options, row, strict=True) if mark}
        yield list(marked) if profile.kind is BallotKind.APPROVAL else marked, count
