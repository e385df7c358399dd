"""The four kinds of question on a ballot paper, and how each is sealed (DESIGN.md section 6).

A question becomes one contest of the manifest, so paper, screen and named votes share its slots:

    motion      for, against, or neither, which abstains
    selection   for / against / neither beside each name with write-ins (`each`), or up to so many ticks
    grade       one level of a scale for each item
    ranking     options in order, best first
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civicforum.sealed import Answer, Contest, Kind

# What stands in the manifest beside the two marks of a motion: fixed words, in the language of the ballot.
MOTION_OPTIONS = ("赞成", "反对")
IN_FAVOUR, AGAINST = 0, 1


class QuestionKind(StrEnum):
    MOTION = "motion"
    SELECTION = "selection"
    GRADE = "grade"
    RANKING = "ranking"


class Marking(StrEnum):
    """How names of a selection are marked: for or against each of them, or ticks beside some."""

    EACH = "each"
    TICKS = "ticks"


@dataclass(frozen=True)
class QuestionSpec:
    """A question as the rules see it; models.Question has the same fields."""

    kind: QuestionKind
    title: str
    text: str = ""
    options: tuple[str, ...] = ()
    marking: Marking = Marking.TICKS
    least: int = 0
    most: int = 1
    seats: int = 1
    write_ins: int = 0
    levels: tuple[str, ...] = ()
    depth: int = 0
    method: str = ""
    majority_rule: str = ""


def contest_record(spec: QuestionSpec) -> dict[str, Any]:
    """Return the question as the manifest states it; `terms` is what counting needs and sealing does not."""
    terms = {"question": spec.kind.value}
    if spec.majority_rule:
        terms["majority"] = spec.majority_rule
    match spec.kind:
        case QuestionKind.MOTION:
            own: dict[str, Any] = {"kind": Kind.CHOOSE, "options": MOTION_OPTIONS, "max": 1}
        case QuestionKind.SELECTION if spec.marking is Marking.EACH:
            own = {"kind": Kind.REVIEW, "options": spec.options, "max": spec.most, "writeins": spec.write_ins}
            terms["seats"] = str(spec.seats)
        case QuestionKind.SELECTION:
            own = {"kind": Kind.CHOOSE, "options": spec.options, "min": spec.least, "max": spec.most}
            terms["seats"] = str(spec.seats)
        case QuestionKind.GRADE:
            own = {"kind": Kind.RATE, "options": spec.options, "levels": spec.levels}
        case QuestionKind.RANKING:
            own = {"kind": Kind.RANK, "options": spec.options, "depth": spec.depth or len(spec.options)}
            terms |= {"method": spec.method, "seats": str(spec.seats)}
    return {**own, "title": spec.title, "terms": terms}


def contest_of(spec: QuestionSpec) -> Contest:
    """Return the contest that the manifest's record of the question is read as."""
    record = contest_record(spec)
    return Contest(
        kind=record["kind"],
        options=tuple(record["options"]),
        title=spec.title,
        least=record.get("min", 0),
        most=record.get("max", 0),
        write_ins=record.get("writeins", 0),
        levels=tuple(record.get("levels", ())),
        depth=record.get("depth", len(record["options"])),
        terms=record["terms"],
    )


def answer_as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as a named ballot keeps it: only what was marked, options in their order."""
    written: dict[str, Any] = {
        "chosen": sorted(answer.chosen),
        "against": sorted(answer.against),
        "names": list(answer.names),
        "levels": {str(row): answer.levels[row] for row in sorted(answer.levels)},
        "order": list(answer.order),
    }
    return {name: value for name, value in written.items() if value}


def answer_from_json(written: Mapping[str, Any]) -> Answer:
    """Return the answer that `answer_as_json` wrote."""
    return Answer(
        chosen=frozenset(written.get("chosen", ())),
        against=frozenset(written.get("against", ())),
        names=tuple(written.get("names", ())),
        levels={int(row): level for row, level in written.get("levels", {}).items()},
        order=tuple(written.get("order", ())),
    )
