"""Shapes of polls, their papers and their results."""

from __future__ import annotations

import uuid

from pydantic import Field

from civicforum.api.shapes.common import Instant, Path, Sha256, Shape
from civicforum.api.shapes.verdicts import KeptVerdictShape
from civicforum.polls.outcomes import Decision
from civicforum.polls.questions import Marking, QuestionKind
from civicforum.polls.rules import PollState, Preset


class PollLine(Shape):
    """A poll as lists give it; drafts are never among them."""

    id: uuid.UUID
    title: str
    question: str = Field(description="The text voted on, or what voters should know first.")
    preset: Preset = Field(description="How secret it is.")
    state: PollState
    is_statutory: bool
    subject_kind: str | None = Field(description="What put the question; null for a poll on its own.")
    subject: uuid.UUID | None
    by_screen: bool
    by_paper: bool
    by_proxy: bool
    opens_at: Instant | None
    closes_at: Instant | None
    opened_at: Instant | None
    closed_at: Instant | None
    counted_at: Instant | None
    certified_at: Instant | None
    void_ground: str | None
    is_adopted: bool | None = Field(description="Null before the count, and where nothing is decided.")
    path: Path


class AskedShape(Shape):
    """A question as it stands on the paper."""

    kind: QuestionKind
    title: str
    text: str
    options: list[str]
    marking: Marking
    least: int
    most: int
    seats: int
    write_ins: int
    levels: list[str]
    depth: int


class TurnoutShape(Shape):
    """How many have voted of how many on the roll."""

    voted: int
    entitled: int


class GroupTurnoutShape(Shape):
    """The turnout of a residents' group; of smaller groups together the name is null."""

    group: str | None
    voted: int
    on_roll: int


class FiguresShape(Shape):
    """A row of figures; screen and paper apart only where neither is a handful of people."""

    online: list[int] | None
    paper: list[int] | None
    together: list[int]


class LineShape(Shape):
    """An option with its figures, in the order of the question's columns."""

    name: str
    figures: FiguresShape
    is_written_in: bool
    is_chosen: bool
    grades: list[str]
    verdict: KeptVerdictShape | None


class RankingShape(Shape):
    """An order that was voted, best first, and by how many."""

    order: list[str]
    count: int


class QuestionResultShape(Shape):
    """What became of a question."""

    kind: QuestionKind
    title: str
    decision: Decision
    columns: list[str]
    lines: list[LineShape]
    valid: int
    blank: int | None
    invalid: int
    verdict: KeptVerdictShape | None
    seats: int
    chosen: list[str]
    tied: list[str]
    tied_seats: int
    open_seats: int
    method: str
    rankings: list[RankingShape]


class CountShape(Shape):
    """A figure of a named vote, such as "for"."""

    name: str
    count: int


class ResultShape(Shape):
    """The result sheet."""

    made_at: Instant
    counted_from: Sha256 = Field(description="SHA-256 of what was counted, or the head of the ballot record.")
    counts: list[CountShape]
    quorum: KeptVerdictShape | None
    verdicts: list[KeptVerdictShape]
    questions: list[QuestionResultShape]
    objections: int


class PollShape(PollLine):
    """A poll with its paper, turnout and result."""

    questions: list[AskedShape]
    turnout: TurnoutShape | None
    groups: list[GroupTurnoutShape]
    result: ResultShape | None
    archive: Path | None = Field(description="The record of a sealed vote, for `civicforum verify`.")
    rules: str
    rules_version: str
