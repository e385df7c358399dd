"""The sheet of a cycle: its figures as plain JSON, and a hash by which anybody sees it is unchanged."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from civicforum.appraisals.confidence import Interval
from civicforum.appraisals.results import Before, Figures, GroupFigures
from civicforum.appraisals.rules import RaterBasis

VERSION = 1
Json = dict[str, Any]


def as_json(figures: Figures) -> Json:
    """Return figures as plain JSON: fractions as text, "n/d"."""
    plain: Json = _plain(asdict(figures))
    return plain


def from_json(kept: Mapping[str, Any]) -> Figures:
    """Return the figures that `as_json` wrote."""
    return Figures(
        **{
            **kept,
            "levels": tuple(kept["levels"]),
            "points": tuple(map(_fraction, kept["points"])),
            "poor": tuple(kept["poor"]),
            "counts": tuple(kept["counts"]),
            "modal": tuple(kept["modal"]),
            "too_few": tuple(kept["too_few"]),
            "score": _fraction(kept["score"]),
            "groups": tuple(map(_group, kept["groups"])),
            "before": _before(kept["before"]),
        }
    )


def sheet_hash(sheet: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a sheet in hex, over its canonical form."""
    return hashlib.sha256(canonical(sheet)).hexdigest()


def canonical(sheet: Mapping[str, Any]) -> bytes:
    """Return a sheet as bytes that depend on nothing but its content: sorted keys, no blanks, UTF-8."""
    return json.dumps(sheet, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sheet_of_use(
    sheet: Mapping[str, Any], subject_id: uuid.UUID, *, sheet_sha256: str, use: Mapping[str, str]
) -> Json:
    """Return what is handed out for a use: one subject of a certified sheet, and the use it is for.

    Raises StopIteration where the sheet has no such subject.
    """
    subject = next(one for one in sheet["subjects"] if one["id"] == str(subject_id))
    head = {name: value for name, value in sheet.items() if name != "subjects"}
    return {**head, "subjects": [subject], "certified_sheet_sha256": sheet_sha256, "use": dict(use)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Fraction | uuid.UUID | RaterBasis):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _group(kept: Mapping[str, Any]) -> GroupFigures:
    return GroupFigures(
        **{
            **kept,
            "basis": RaterBasis(kept["basis"]),
            "weight": Fraction(kept["weight"]),
            "counts": None if kept["counts"] is None else tuple(kept["counts"]),
            "average": _fraction(kept["average"]),
            "intervals": tuple(
                Interval(Fraction(one["low"]), Fraction(one["high"])) for one in kept["intervals"]
            ),
        }
    )


def _before(kept: Mapping[str, Any] | None) -> Before | None:
    if kept is None:
        return None
    return Before(**{**kept, "cycle_id": uuid.UUID(kept["cycle_id"]), "score": _fraction(kept["score"])})
