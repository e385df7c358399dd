"""The result as JSON, for other programs."""

from __future__ import annotations

import json
from typing import Any

from civicforum.counting import Amount, Result, Tie, decimal_text

from .words import elected_for_certain


def result_json(result: Result) -> str:
    """Return the result as one JSON object.

    Amounts are decimal text; the quota is a number where it is whole, and null for a rule without one. The
    elected come in the order of election, and after them whoever an open tie cannot keep out.
    """
    answer = {
        "rule": result.contest.rule.value,
        "seats": result.contest.seats,
        "quota": None if result.quota is None else _number(result.quota),
        "valid": result.valid,
        "stages": [
            {"totals": {name: decimal_text(total) for name, total in stage.totals.items()}}
            for stage in result.stages
        ],
        "elected": list(elected_for_certain(result)),
        "ties": [_tie(result, tie) for tie in result.ties],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _number(amount: Amount) -> int | str:
    return int(amount) if amount == int(amount) else decimal_text(amount)


def _tie(result: Result, tie: Tie) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "stage": tie.stage,
        "about": tie.about.value,
        "names": list(tie.names),
        "settled": tie.settled.value if tie.settled else None,
        "chosen": list(tie.chosen),
        "by_stage": tie.by_stage,
    }
    if tie.settled is None and result.tied:
        tied = result.tied
        entry |= {"remedy": tied.remedy.value, "seats": tied.seats, "certain": list(tied.certain)}
    return entry
