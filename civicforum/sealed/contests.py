"""The kinds of question, and what each puts into a ballot (docs/sealed-protocol.md section 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .checks import Check, require
from .fields import array, exactly, text, whole
from .races import Claim, Rule, sum_in
from .texts import LONGEST_TEXT

MOST_RANKED = 36  # one character each, 0-9 and a-z
MOST_SEATS = 1000  # each is a case of a rule


class Kind(StrEnum):
    """The kinds of question; the values are written in manifests."""

    CHOOSE = "choose"
    REVIEW = "review"
    RATE = "rate"
    TABLE = "table"
    RANK = "rank"


@dataclass(frozen=True)
class Contest:
    """One question.

    Attributes:
        options: candidates, answers or items, in the order of the ballot.
        least, most: how many may be marked (`choose`), or be in favour, write-ins included (`review`).
        write_ins: lines for other names (`review`).
        levels: grades, best first (`rate`).
        depth: how many places a ranking may name (`rank`).
        terms: what counting needs and sealing does not look at, such as seats and the counting rule.
    """

    kind: Kind
    options: tuple[str, ...]
    title: str = ""
    least: int = 0
    most: int = 0
    write_ins: int = 0
    levels: tuple[str, ...] = ()
    depth: int = 0
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def marks(self) -> int:
        """Return the number of mark slots."""
        options = len(self.options)
        return {
            Kind.CHOOSE: options,
            Kind.REVIEW: 2 * options + self.write_ins,
            Kind.RATE: options * len(self.levels),
            Kind.TABLE: options * options,
            Kind.RANK: 0,
        }[self.kind]

    @property
    def texts(self) -> int:
        """Return the number of text slots."""
        return 1 if self.kind is Kind.RANK else self.write_ins

    def rules(self, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
        """Return what must hold of this contest's slots, given their numbers in the race."""
        return _RULES[self.kind](self, marks, texts)


def _choose(contest: Contest, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
    return [sum_in(marks, range(contest.least, contest.most + 1))]


def _review(contest: Contest, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
    """For, against or neither per candidate; a write-in takes a seat, and has a name only when marked."""
    options = len(contest.options)
    in_favour, against, write_ins = marks[:options], marks[options : 2 * options], marks[2 * options :]
    rules = [sum_in(pair, (0, 1)) for pair in zip(in_favour, against, strict=True)]
    rules.append(sum_in((*in_favour, *write_ins), range(contest.most + 1)))
    for mark, name in zip(write_ins, texts, strict=True):
        rules.append(((Claim((mark,), 0), Claim((name,), 0)), (Claim((mark,), 1),)))
    return rules


def _rate(contest: Contest, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
    levels = len(contest.levels)
    return [sum_in(marks[at : at + levels], (0, 1)) for at in range(0, len(marks), levels)]


def _table(contest: Contest, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
    """Rows are options, columns are places: an option has one place at most, and a place one option."""
    options, rules = len(contest.options), []
    for at in range(options):
        rules.append(sum_in(marks[at * options : (at + 1) * options], (0, 1)))
        rules.append(sum_in(marks[at::options], (0, 1)))
    return rules


def _rank(contest: Contest, marks: Sequence[int], texts: Sequence[int]) -> list[Rule]:
    return []  # whether a ranking is valid is judged after opening, as on paper


_RULES: dict[Kind, Callable[[Contest, Sequence[int], Sequence[int]], list[Rule]]] = {
    Kind.CHOOSE: _choose,
    Kind.REVIEW: _review,
    Kind.RATE: _rate,
    Kind.TABLE: _table,
    Kind.RANK: _rank,
}
_FIELDS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.CHOOSE: (("max",), ("min",)),
    Kind.REVIEW: (("max",), ("writeins",)),
    Kind.RATE: (("levels",), ()),
    Kind.TABLE: ((), ()),
    Kind.RANK: ((), ("depth",)),
}


def parse_contest(record: Any) -> Contest:
    """Return the contest that a manifest describes; raise Refused when it makes no sense."""
    require(isinstance(record, dict) and record.get("kind") in list(Kind), Check.MANIFEST_TERMS, "kind")
    kind = Kind(record["kind"])
    needed, optional = _FIELDS[kind]
    exactly(record, ("kind", "options", *needed), ("title", "terms", *optional))
    options = _names(record["options"], least=1)
    contest = Contest(
        kind=kind,
        options=options,
        title=text(record["title"]) if "title" in record else "",
        least=whole(record.get("min", 0)),
        most=whole(record.get("max", 0)),
        write_ins=whole(record.get("writeins", 0)),
        levels=_names(record.get("levels", []), least=2 if kind is Kind.RATE else 0),
        depth=whole(record.get("depth", min(len(options), LONGEST_TEXT))),
        terms=exactly(record.get("terms", {}), (), record.get("terms", {})),
    )
    require(_makes_sense(contest), Check.MANIFEST_TERMS, "limits of a question")
    return contest


def _makes_sense(contest: Contest) -> bool:
    match contest.kind:
        case Kind.CHOOSE:
            return contest.least <= contest.most and 1 <= contest.most <= len(contest.options)
        case Kind.REVIEW:
            return 1 <= contest.most <= MOST_SEATS and contest.write_ins <= contest.most
        case Kind.RANK:
            longest = min(len(contest.options), LONGEST_TEXT)
            return len(contest.options) <= MOST_RANKED and 1 <= contest.depth <= longest
        case _:
            return True


def _names(value: Any, least: int) -> tuple[str, ...]:
    names = tuple(array(value, text))
    require(len(set(names)) == len(names) >= least, Check.MANIFEST_TERMS, "options")
    return names
