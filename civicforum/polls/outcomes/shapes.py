"""The shape of a result: questions, their options, and the figures of each way of voting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from civicforum.polls.outcomes.stages import Kept
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import KeptVerdict
from civicforum.sealed import ContestCount

T = TypeVar("T")


class Decision(StrEnum):
    """What became of one question."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    CHOSEN = "chosen"
    TOO_FEW = "too_few"
    TIED = "tied"
    COUNTED = "counted"  # a consultation or an appraisal: figures that decide nothing by themselves
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True)
class Way:
    """What came in by one way, on screen or on paper.

    Attributes:
        counts: of each question, in the order of the paper.
        valid: ballots that count, those without a mark too; invalid: papers that do not.
    """

    counts: tuple[ContestCount, ...]
    valid: int
    invalid: int = 0


@dataclass(frozen=True)
class Merge:
    """A spelling that the committee read as another name, with its reason."""

    question: int  # from 0
    spelling: str
    name: str
    reason: str


@dataclass(frozen=True)
class Split(Generic[T]):
    """Something on screen, on paper, and of both together."""

    online: T
    paper: T
    together: T


@dataclass(frozen=True)
class Papers:
    """Ballots of one question; `blank` is None where sums of marks cannot tell."""

    valid: int
    blank: int | None
    invalid: int


@dataclass(frozen=True)
class Line:
    """One option: its figures in the order of `QuestionResult.columns`.

    `grades` are the levels given most often; several where they are level, and nothing decides between them.
    """

    name: str
    figures: Split[tuple[int, ...]]
    is_written_in: bool = False
    is_chosen: bool = False
    grades: tuple[str, ...] = ()
    verdict: KeptVerdict | None = None


@dataclass(frozen=True)
class QuestionResult:
    """One question, as the result sheet keeps it.

    Attributes:
        columns: what the figures of a line are: "votes"; "for", "against", "neither"; "first", "ranked"; or
            the levels of a scale and "ungraded".
        tied: who is level for `tied_seats` places; open_seats: places that nobody reached.
        set_aside: names written in that stand on the paper: one ballot may hold mark and name, so that they
            are shown and not added. unreadable: written-in lines that are no text.
        count: stages of a ranking (polls.kept_counts), second: what the other engine said.
        rankings: [option numbers from 0, best first; how many online; how many on paper].
    """

    kind: QuestionKind
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    papers: Split[Papers]
    decision: Decision
    verdict: KeptVerdict | None = None
    seats: int = 0
    chosen: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    tied_seats: int = 0
    open_seats: int = 0
    set_aside: tuple[tuple[str, int], ...] = ()
    unreadable: int = 0
    merges: tuple[Merge, ...] = ()
    method: str = ""
    count: Kept | None = None
    second: Kept | None = None
    rankings: tuple[tuple[tuple[int, ...], int, int], ...] = ()


def split(figures: Sequence[tuple[int, ...]]) -> Split[tuple[int, ...]]:
    """Return the figures of both ways, and their sums."""
    online, paper = figures
    return Split(online, paper, sums(figures))


def sums(figures: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the sum of each column."""
    return tuple(sum(column) for column in zip(*figures, strict=True))
