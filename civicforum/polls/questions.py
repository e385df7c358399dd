"""The four kinds of question on a ballot paper, and how each is sealed (DESIGN.md section 6).

A question becomes one contest of the manifest, so paper, screen and named votes share its slots:

    motion      for, against, or neither, which abstains
    selection   for / against / neither beside each name with write-ins (`each`), or up to so many ticks
    grade       one level of a scale for each item
    ranking     options in order, best first
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from civicforum.counting import Rule
from civicforum.errors import Invalid
from civicforum.sealed import Answer, Contest, Kind
from civicforum.sealed.contests import MOST_RANKED
from civicforum.sealed.manifest import MOST_CONTESTS, MOST_SLOTS
from civicforum.sealed.texts import LONGEST_TEXT

# What stands in the manifest beside the two marks of a motion: fixed words, in the language of the ballot.
MOTION_OPTIONS = ("赞成", "反对")
IN_FAVOUR, AGAINST = 0, 1


LONGEST_TITLE = 200
LONGEST_TEXT_OF_QUESTION = 4000
LONGEST_OPTION = 200
LONGEST_LEVEL = 40
MOST_LEVELS = 10
# How many places a ranking has at most: one byte each in a text that is sealed.
MOST_PLACES = LONGEST_TEXT
# The rules of counting that read a ranking, the one for a compromise first.
METHODS = (
    Rule.SCHULZE,
    Rule.RANKED_PAIRS,
    Rule.BORDA,
    Rule.IRV,
    Rule.SCOTTISH_STV,
    Rule.MEEK_STV,
)


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


class SpecFault(StrEnum):
    """Why a question cannot stand on a ballot paper."""

    NO_TITLE = "no_title"
    TITLE_TOO_LONG = "title_too_long"
    TEXT_TOO_LONG = "text_too_long"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    OPTION_EMPTY = "option_empty"
    OPTION_TOO_LONG = "option_too_long"
    OPTION_TWICE = "option_twice"
    LEAST_OVER_MOST = "least_over_most"
    MOST_OUT_OF_RANGE = "most_out_of_range"
    SEATS_OUT_OF_RANGE = "seats_out_of_range"
    ONE_SEAT_ONLY = "one_seat_only"
    WRITE_INS_ONLY_WITH_EACH = "write_ins_only_with_each"
    WRITE_INS_OVER_MOST = "write_ins_over_most"
    TOO_FEW_LEVELS = "too_few_levels"
    TOO_MANY_LEVELS = "too_many_levels"
    LEVEL_EMPTY = "level_empty"
    LEVEL_TOO_LONG = "level_too_long"
    LEVEL_TWICE = "level_twice"
    TOO_MANY_TO_RANK = "too_many_to_rank"
    DEPTH_OUT_OF_RANGE = "depth_out_of_range"
    NO_METHOD = "no_method"
    NO_QUESTION = "no_question"
    TOO_MANY_QUESTIONS = "too_many_questions"
    TOO_MANY_SLOTS = "too_many_slots"


def normal(spec: QuestionSpec) -> QuestionSpec:
    """Return the question with its texts in Unicode's normal form C, which a manifest is written in."""
    return replace(
        spec,
        title=_nfc(spec.title),
        text=_nfc(spec.text),
        options=tuple(map(_nfc, spec.options)),
        levels=tuple(map(_nfc, spec.levels)),
    )


def check_spec(spec: QuestionSpec) -> None:
    """Raise Invalid(SpecFault, field) when the question makes no sense, or cannot be sealed."""
    _require(bool(spec.title), SpecFault.NO_TITLE, "title")
    _require(len(spec.title) <= LONGEST_TITLE, SpecFault.TITLE_TOO_LONG, "title")
    _require(len(spec.text) <= LONGEST_TEXT_OF_QUESTION, SpecFault.TEXT_TOO_LONG, "text")
    if spec.kind is not QuestionKind.MOTION:
        _check_options(spec)
    _CHECKS[spec.kind](spec)
    contest = contest_of(spec)
    _require(contest.marks + contest.texts <= MOST_SLOTS, SpecFault.TOO_MANY_SLOTS, "options")


def check_paper(specs: Sequence[QuestionSpec]) -> None:
    """Raise Invalid when these questions do not go on one ballot paper."""
    _require(bool(specs), SpecFault.NO_QUESTION)
    _require(len(specs) <= MOST_CONTESTS, SpecFault.TOO_MANY_QUESTIONS)
    contests = [contest_of(spec) for spec in specs]
    slots = sum(contest.marks + contest.texts for contest in contests)
    _require(slots <= MOST_SLOTS, SpecFault.TOO_MANY_SLOTS, "options")


def _check_options(spec: QuestionSpec) -> None:
    alone = spec.kind is QuestionKind.GRADE or spec.marking is Marking.EACH
    _require(len(spec.options) >= (1 if alone else 2), SpecFault.TOO_FEW_OPTIONS, "options")
    _require(len(spec.options) <= MOST_SLOTS, SpecFault.TOO_MANY_OPTIONS, "options")
    _require(all(spec.options), SpecFault.OPTION_EMPTY, "options")
    _require(max(map(len, spec.options)) <= LONGEST_OPTION, SpecFault.OPTION_TOO_LONG, "options")
    _require(len(set(spec.options)) == len(spec.options), SpecFault.OPTION_TWICE, "options")


def _check_motion(spec: QuestionSpec) -> None:
    """A motion has neither options nor limits of its own."""


def _check_selection(spec: QuestionSpec) -> None:
    each = spec.marking is Marking.EACH
    _require(each or not spec.write_ins, SpecFault.WRITE_INS_ONLY_WITH_EACH, "write_ins")
    names = len(spec.options) + max(spec.write_ins, 0)
    _require(1 <= spec.most <= names, SpecFault.MOST_OUT_OF_RANGE, "most")
    _require(0 <= spec.write_ins <= spec.most, SpecFault.WRITE_INS_OVER_MOST, "write_ins")
    # Where each name is marked, leaving all of them empty abstains: nobody is forced to be for somebody.
    _require(0 <= spec.least <= (0 if each else spec.most), SpecFault.LEAST_OVER_MOST, "least")
    _require(1 <= spec.seats <= names, SpecFault.SEATS_OUT_OF_RANGE, "seats")


def _check_grade(spec: QuestionSpec) -> None:
    _require(len(spec.levels) >= 2, SpecFault.TOO_FEW_LEVELS, "levels")
    _require(len(spec.levels) <= MOST_LEVELS, SpecFault.TOO_MANY_LEVELS, "levels")
    _require(all(spec.levels), SpecFault.LEVEL_EMPTY, "levels")
    _require(max(map(len, spec.levels)) <= LONGEST_LEVEL, SpecFault.LEVEL_TOO_LONG, "levels")
    _require(len(set(spec.levels)) == len(spec.levels), SpecFault.LEVEL_TWICE, "levels")


def _check_ranking(spec: QuestionSpec) -> None:
    _require(len(spec.options) <= MOST_RANKED, SpecFault.TOO_MANY_TO_RANK, "options")
    longest = min(len(spec.options), MOST_PLACES)
    _require(1 <= (spec.depth or len(spec.options)) <= longest, SpecFault.DEPTH_OUT_OF_RANGE, "depth")
    _require(spec.method in METHODS, SpecFault.NO_METHOD, "method")
    _require(1 <= spec.seats <= len(spec.options), SpecFault.SEATS_OUT_OF_RANGE, "seats")
    _require(spec.seats == 1 or spec.method != Rule.IRV, SpecFault.ONE_SEAT_ONLY, "seats")


_CHECKS: dict[QuestionKind, Callable[[QuestionSpec], None]] = {
    QuestionKind.MOTION: _check_motion,
    QuestionKind.SELECTION: _check_selection,
    QuestionKind.GRADE: _check_grade,
    QuestionKind.RANKING: _check_ranking,
}


def _require(holds: bool, fault: SpecFault, field: str | None = None) -> None:
    if not holds:
        raise Invalid(fault, field)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


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
