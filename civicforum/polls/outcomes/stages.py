"""The stages of a count as a result sheet keeps them: exact amounts as text, and back again for pictures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from civicforum.counting import (
    About,
    Amount,
    Contest,
    Pairs,
    Remedy,
    Result,
    Rule,
    Settled,
    Stage,
    Step,
    Tie,
    Tied,
    decimal_text,
)
from civicforum.counting.second import Reason, SecondCount, Status

Kept = dict[str, Any]


def result_as_json(result: Result) -> Kept:
    """Return everything that a page shows of a count; `result_from_json` reads it."""
    return {
        "options": list(result.contest.options),
        "rule": result.contest.rule.value,
        "seats": result.contest.seats,
        "valid": result.valid,
        "blank": result.blank,
        "spoiled": result.spoiled,
        "stages": [_stage_as_json(stage) for stage in result.stages],
        "elected": list(result.elected),
        "quota": _text(result.quota),
        "ties": [_tie_as_json(tie) for tie in result.ties],
        "tied": _tied_as_json(result.tied) if result.tied else None,
        "order": [list(level) for level in result.order],
        "pairs": {name: dict(row) for name, row in result.pairs.over.items()} if result.pairs else None,
    }


def result_from_json(kept: Kept) -> Result:
    """Return the result that `result_as_json` wrote."""
    return Result(
        contest=Contest(tuple(kept["options"]), Rule(kept["rule"]), seats=kept["seats"]),
        valid=kept["valid"],
        blank=kept["blank"],
        spoiled=kept["spoiled"],
        stages=tuple(_stage_from_json(stage) for stage in kept["stages"]),
        elected=tuple(kept["elected"]),
        quota=_amount(kept["quota"]),
        ties=tuple(_tie_from_json(tie) for tie in kept["ties"]),
        tied=_tied_from_json(kept["tied"]) if kept["tied"] else None,
        order=tuple(tuple(level) for level in kept["order"]),
        pairs=Pairs(kept["pairs"]) if kept["pairs"] else None,
    )


def second_as_json(second: SecondCount) -> Kept:
    """Return what the second engine said, without how long it took."""
    return {
        "engine": second.engine,
        "version": second.version,
        "status": second.status.value,
        "winners": list(second.winners),
        "reason": second.reason.value if second.reason else None,
        "detail": second.detail,
    }


def second_from_json(kept: Kept) -> SecondCount:
    """Return what `second_as_json` wrote."""
    return SecondCount(
        kept["engine"],
        kept["version"],
        Status(kept["status"]),
        tuple(kept["winners"]),
        Reason(kept["reason"]) if kept["reason"] else None,
        kept["detail"],
    )


def _stage_as_json(stage: Stage) -> Kept:
    return {
        "number": stage.number,
        "step": stage.step.value,
        "totals": _texts(stage.totals),
        "changes": _texts(stage.changes),
        "source": list(stage.source),
        "non_transferable": _text(stage.non_transferable),
        "exhausted": stage.exhausted,
        "quota": _text(stage.quota),
        "elected": list(stage.elected),
    }


def _stage_from_json(kept: Kept) -> Stage:
    return Stage(
        number=kept["number"],
        step=Step(kept["step"]),
        totals=_amounts(kept["totals"]),
        changes=_amounts(kept["changes"]),
        source=tuple(kept["source"]),
        non_transferable=_amount(kept["non_transferable"]) or 0,
        exhausted=kept["exhausted"],
        quota=_amount(kept["quota"]),
        elected=tuple(kept["elected"]),
    )


def _tie_as_json(tie: Tie) -> Kept:
    return {
        "stage": tie.stage,
        "about": tie.about.value,
        "names": list(tie.names),
        "settled": tie.settled.value if tie.settled else None,
        "chosen": list(tie.chosen),
        "by_stage": tie.by_stage,
    }


def _tie_from_json(kept: Kept) -> Tie:
    settled = Settled(kept["settled"]) if kept["settled"] else None
    return Tie(
        kept["stage"],
        About(kept["about"]),
        tuple(kept["names"]),
        settled,
        tuple(kept["chosen"]),
        kept["by_stage"],
    )


def _tied_as_json(tied: Tied) -> Kept:
    return {
        "names": list(tied.names),
        "about": tied.about.value,
        "seats": tied.seats,
        "remedy": tied.remedy.value,
        "certain": list(tied.certain),
    }


def _tied_from_json(kept: Kept) -> Tied:
    return Tied(
        tuple(kept["names"]),
        About(kept["about"]),
        kept["seats"],
        Remedy(kept["remedy"]),
        tuple(kept["certain"]),
    )


def _text(amount: Amount | None) -> str | None:
    return None if amount is None else decimal_text(amount)


def _amount(text: str | None) -> Amount | None:
    if text is None:
        return None
    if "/" in text:
        return Fraction(text)
    return Decimal(text) if "." in text else int(text)


def _texts(amounts: Mapping[str, Amount]) -> dict[str, str]:
    return {name: decimal_text(amount) for name, amount in amounts.items()}


def _amounts(texts: Mapping[str, str]) -> dict[str, Amount]:
    return {name: _amount(text) or 0 for name, text in texts.items()}
