"""Where each option stands at the end of each stage, and the order that pictures and tables show them in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from civicforum.counting import Result


class Standing(StrEnum):
    CONTINUING = "continuing"
    ELECTED_NOW = "elected_now"
    ELECTED = "elected"
    OUT_NOW = "out_now"
    OUT = "out"


def standings(result: Result) -> list[Mapping[str, Standing]]:
    """Return the standing of every option, one table for each stage."""
    now = dict.fromkeys(result.contest.options, Standing.CONTINUING)
    tables: list[Mapping[str, Standing]] = []
    for stage in result.stages:
        now = {name: _AFTER.get(standing, standing) for name, standing in now.items()}
        now |= dict.fromkeys(stage.excluded, Standing.OUT_NOW)
        now |= dict.fromkeys(stage.elected, Standing.ELECTED_NOW)
        if stage is result.stages[-1]:
            # Rules that order all options at once name the elected in the result alone.
            late = [name for name in result.elected if now[name] is Standing.CONTINUING]
            now |= dict.fromkeys(late, Standing.ELECTED_NOW)
        tables.append(now)
    return tables


_AFTER = {Standing.ELECTED_NOW: Standing.ELECTED, Standing.OUT_NOW: Standing.OUT}


def final_order(result: Result) -> tuple[str, ...]:
    """Return all options, the elected first and whoever went out first at the end.

    The elected come in the order of election, the others by the stage that they reached, their votes at the
    end and their name.
    """
    if result.order:
        ranked = [name for level in result.order for name in level]
        return (*ranked, *(name for name in result.contest.options if name not in ranked))
    went_out = {name: stage.number for stage in result.stages for name in stage.excluded}
    last = result.stages[-1].totals if result.stages else {}

    def place(name: str) -> tuple[object, ...]:
        stage = went_out.get(name)
        votes = last.get(name, 0) if stage is None else result.stages[stage - 2].totals[name]
        return (-(stage or len(result.stages) + 1), -votes, name)

    others = [name for name in result.contest.options if name not in result.elected]
    return (*result.elected, *sorted(others, key=place))
