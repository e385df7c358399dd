"""Shapes of elections."""

from __future__ import annotations

import uuid
from datetime import date

from pydantic import Field

from civicforum.api.shapes.common import Instant, Named, Path, Shape
from civicforum.api.shapes.verdicts import VerdictShape
from civicforum.elections.calendar import Milestone
from civicforum.elections.rules import CandidateState, ElectionKind, RoundKind, Stage, Way, WinnerState


class ElectionLine(Shape):
    """An election as lists give it."""

    id: uuid.UUID
    kind: ElectionKind
    way: Way
    title: str
    stage: Stage
    body: Named
    group: str | None = Field(description="The residents' group that chooses its representatives.")
    by_screen: bool
    screen_ground: str
    by_proxy: bool
    opens_at: Instant
    closes_at: Instant
    place: str
    closed_at: Instant | None
    void_ground: str | None
    path: Path


class OfficeShape(Shape):
    """A post that is filled, and how many are elected to it."""

    id: uuid.UUID
    title: str
    seats: int


class DateShape(Shape):
    """A date of the calendar: the day on which it was done, else for which it is planned."""

    milestone: Milestone
    day: date
    is_done: bool


class CandidateShape(Shape):
    """Who stands; on a day of voting the names alone."""

    id: uuid.UUID
    office: uuid.UUID
    name: str
    group: str
    state: CandidateState
    position: int = Field(description="The place on the ballot paper; 0 before the formal list.")
    statement: str | None


class RoundShape(Shape):
    """A round of voting; its figures are those of its poll."""

    number: int
    kind: RoundKind
    poll: uuid.UUID


class WinnerShape(Shape):
    """Somebody elected, and what became of it."""

    office: uuid.UUID
    name: str
    votes: int
    state: WinnerState
    ground: str | None


class ElectionShape(ElectionLine):
    """An election with its offices, calendar, candidates, rounds and winners."""

    offices: list[OfficeShape]
    calendar: list[DateShape]
    candidates: list[CandidateShape]
    may_present: VerdictShape = Field(description="Whether candidates may be presented now.")
    rounds: list[RoundShape]
    winners: list[WinnerShape]
    rules: str
    rules_version: str
