"""A preview as it waits in the database, and back: plain JSON, without any identity number."""

from __future__ import annotations

from datetime import date
from typing import Any

from civicforum.people.importing.columns import Field
from civicforum.people.importing.preview import Change, Code, Decision, Entry, Problem
from civicforum.people.rules import CapacityKind, Sex


def to_json(decision: Decision) -> dict[str, Any]:
    """Return a decision as JSON: what is shown of the row, and all that is needed to decide it again."""
    return {
        "line": decision.entry.line,
        "kind": decision.kind.value,
        "warning": decision.has_warning,
        "entry": _entry_json(decision.entry),
        "problems": [_problem_json(problem) for problem in decision.problems],
        "changes": [[change.field.value, change.before, change.after] for change in decision.changes],
    }


def entry_from(stored: dict[str, Any]) -> Entry:
    """Return the row as it was read."""
    values = dict(stored["entry"])
    return Entry(
        line=stored["line"],
        number=values["number"],
        name=values["name"],
        sex=Sex(values["sex"]) if values["sex"] else None,
        born_on=_day(values["born_on"]),
        identity_hash=values["identity_hash"],
        phone=values["phone"],
        household=values["household"],
        address=values["address"],
        grid=values["grid"],
        group=values["group"],
        capacities={CapacityKind(kind): said for kind, said in values["capacities"].items()},
        since=_day(values["since"]),
        problems=tuple(_problem(each) for each in values["problems"]),
    )


def problems_from(stored: dict[str, Any]) -> list[Problem]:
    return [_problem(each) for each in stored["problems"]]


def changes_from(stored: dict[str, Any]) -> list[Change]:
    return [Change(Field(column), before, after) for column, before, after in stored["changes"]]


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "name": entry.name,
        "sex": entry.sex.value if entry.sex else None,
        "born_on": entry.born_on.isoformat() if entry.born_on else None,
        "identity_hash": entry.identity_hash,
        "phone": entry.phone,
        "household": entry.household,
        "address": entry.address,
        "grid": entry.grid,
        "group": entry.group,
        "capacities": {kind.value: said for kind, said in entry.capacities.items()},
        "since": entry.since.isoformat() if entry.since else None,
        "problems": [_problem_json(problem) for problem in entry.problems],
    }


def _problem_json(problem: Problem) -> list[str | None]:
    return [problem.code.value, problem.field.value if problem.field else None, problem.detail]


def _problem(stored: list[Any]) -> Problem:
    code, column, detail = stored
    return Problem(Code(code), Field(column) if column else None, detail)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
