"""Where an election stands on its way, and which pages its officers work on there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from civicforum.elections.calendar import STAGE_OF, Milestone
from civicforum.elections.rules import ORDER, Stage

Days = Mapping[Milestone, date]


@dataclass(frozen=True)
class StageMark:
    """A stage on the way. `standing` is "done", "current", "next" or "ended"; `due` its next date."""

    stage: Stage
    standing: str
    due: date | None


def stages_of(stage: Stage, days: Days, done: Collection[Milestone]) -> list[StageMark]:
    """Return the way of an election. One that is void ended after the last stage that left a date."""
    if stage is Stage.VOID:
        reached = {STAGE_OF[one] for one in done}
        passed = [StageMark(one, "done", _due(one, days, done)) for one in ORDER if one in reached]
        return [*passed, StageMark(Stage.VOID, "ended", None)]
    here = ORDER.index(stage)
    return [StageMark(one, _standing(at, here), _due(one, days, done)) for at, one in enumerate(ORDER)]


def due_of(stage: Stage, days: Days, done: Collection[Milestone]) -> date | None:
    """Return the first date of a stage that is still to come, or None."""
    return min((day for one, day in days.items() if STAGE_OF[one] is stage and one not in done), default=None)


def _due(stage: Stage, days: Days, done: Collection[Milestone]) -> date | None:
    """Return the next date of a stage, or the last one where nothing is to come."""
    every = [day for one, day in days.items() if STAGE_OF[one] is stage]
    return due_of(stage, days, done) or max(every, default=None)


def _standing(at: int, here: int) -> str:
    # Nothing comes after the last stage: it is done when it is reached.
    if at < here or at == len(ORDER) - 1 == here:
        return "done"
    return "current" if at == here else "next"


_DATES = ("elections.set_dates", "elections.move_day")
_PAPERS = ("elections.notices", "elections.archive")
# The endpoints that officers work on at each stage, the most used first.
PAGES: dict[Stage, tuple[str, ...]] = {
    Stage.PLANNED: ("elections.edit_plan", *_DATES, "elections.committee", *_PAPERS),
    Stage.COMMITTEE: ("elections.committee", "elections.edit_plan", *_DATES, *_PAPERS),
    Stage.REGISTRATION: (
        "elections.registrations",
        "elections.enter_registration",
        "elections.committee",
        *_DATES,
        *_PAPERS,
    ),
    Stage.ROLL: ("elections.rounds", "elections.registrations", "elections.committee", *_DATES, *_PAPERS),
    Stage.NOMINATION: (
        "elections.nominations",
        "elections.nominate",
        "elections.rounds",
        "elections.committee",
        *_DATES,
        *_PAPERS,
    ),
    Stage.REVIEW: (
        "elections.review",
        "elections.nominations",
        "elections.rounds",
        "elections.committee",
        *_DATES,
        *_PAPERS,
    ),
    Stage.CANDIDATES: (
        "elections.formal_list",
        "elections.candidates",
        "elections.rounds",
        "elections.committee",
        *_DATES,
        *_PAPERS,
    ),
    Stage.POLLING: ("elections.rounds", "elections.candidates", "elections.committee", *_PAPERS),
    Stage.COUNT: ("elections.rounds", "elections.result", *_PAPERS),
    Stage.RESULT: ("elections.winners", "elections.result", "elections.rounds", *_PAPERS),
    Stage.HANDOVER: ("elections.handover", "elections.winners", "elections.result", *_PAPERS),
    Stage.CLOSED: ("elections.result", "elections.winners", "elections.handover", *_PAPERS),
    Stage.VOID: ("elections.rounds", *_PAPERS),
}
# What residents find at each stage beside the notices.
PUBLIC_PAGES: dict[Stage, tuple[str, ...]] = {
    Stage.REGISTRATION: ("elections.register",),
    Stage.ROLL: ("elections.am_i_on",),
    Stage.NOMINATION: ("elections.am_i_on", "elections.nominate"),
    Stage.REVIEW: ("elections.am_i_on", "elections.candidates"),
    Stage.CANDIDATES: ("elections.candidates", "elections.am_i_on"),
    Stage.POLLING: ("elections.candidates", "elections.am_i_on"),
    Stage.COUNT: ("elections.result", "elections.candidates"),
    Stage.RESULT: ("elections.result", "elections.candidates"),
    Stage.HANDOVER: ("elections.result", "elections.candidates"),
    Stage.CLOSED: ("elections.result", "elections.candidates"),
}
