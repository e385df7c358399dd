"""A question's result as JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from civicforum.polls.outcomes.shapes import Decision, Line, Merge, Papers, QuestionResult, Split
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import KeptVerdict

_NAMES = ("columns", "chosen", "tied")


def as_json(question: QuestionResult) -> dict[str, Any]:
    """Return the result as the result sheet keeps it, one key per field."""
    return asdict(question)


def question_from_json(written: dict[str, Any]) -> QuestionResult:
    """Return the result that `as_json` wrote."""
    return QuestionResult(
        **{
            **written,
            **{name: tuple(written[name]) for name in _NAMES},
            "kind": QuestionKind(written["kind"]),
            "lines": tuple(map(_line, written["lines"])),
            "papers": Split(**{way: Papers(**papers) for way, papers in written["papers"].items()}),
            "decision": Decision(written["decision"]),
            "verdict": _verdict(written["verdict"]),
            "set_aside": tuple((name, found) for name, found in written["set_aside"]),
            "merges": tuple(Merge(**merge) for merge in written["merges"]),
            "rankings": tuple((tuple(order), *found) for order, *found in written["rankings"]),
        }
    )


def _line(written: dict[str, Any]) -> Line:
    return Line(
        **{
            **written,
            "figures": Split(**{way: tuple(figures) for way, figures in written["figures"].items()}),
            "grades": tuple(written["grades"]),
            "verdict": _verdict(written["verdict"]),
        }
    )


def _verdict(written: dict[str, Any] | None) -> KeptVerdict | None:
    return KeptVerdict(**written) if written else None
