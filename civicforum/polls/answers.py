"""What a plain form says, as answers; the script of the page reads and refuses the same (casting/answers.js).

The fields of question 3 are `q3`, or `q3-0`, `q3-1`, ... beside each option, and `q3-name-0`, ... for names
written in:

    motion      q3: for, against, abstain or nothing
    selection   q3: numbers of options ticked; or q3-0: for, against or nothing, with names
    grade       q3-0: number of the level given to the first item
    ranking     q3-0: place given to the first option, from 1
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from civicforum.errors import Invalid
from civicforum.polls.questions import AGAINST, IN_FAVOUR, Marking, QuestionKind, QuestionSpec
from civicforum.sealed import Answer
from civicforum.sealed.texts import LONGEST_TEXT

Form = Mapping[str, Sequence[str]]

MOST_DIGITS = 4
FOR, AGAINST_IT, ABSTAIN = "for", "against", "abstain"


class AnswerFault(StrEnum):
    """Why an answer cannot be sealed; polls.texts_answers has the words."""

    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    NAME_TOO_LONG = "name_too_long"
    NAME_LISTED = "name_listed"
    NAME_TWICE = "name_twice"
    NAME_WITHOUT_AGAINST = "name_without_against"
    PLACE_TWICE = "place_twice"
    PLACE_MISSING = "place_missing"
    UNREADABLE = "unreadable"


def read_answer(spec: QuestionSpec, form: Form, at: int, *, names_need_against: bool = False) -> Answer:
    """Return the answer to question number `at`, from 1. Raises Invalid(an AnswerFault, the field).

    Args:
        names_need_against: a name is written in beside a vote against somebody listed, one for one
            (the switch ballot.write_in_after_against).
    """
    name = f"q{at}"
    match spec.kind:
        case QuestionKind.MOTION:
            return _motion(form, name)
        case QuestionKind.SELECTION if spec.marking is Marking.EACH:
            return _each(spec, form, name, names_need_against=names_need_against)
        case QuestionKind.SELECTION:
            return _ticks(spec, form, name)
        case QuestionKind.GRADE:
            rows = range(len(spec.options))
            given = {row: _number(form, f"{name}-{row}", len(spec.levels)) for row in rows}
            return Answer(levels={row: level for row, level in given.items() if level is not None})
        case QuestionKind.RANKING:
            return Answer(order=_order(spec, form, name))


def is_blank(answer: Answer) -> bool:
    """Tell whether nothing is marked."""
    return answer == Answer()


def form_of(spec: QuestionSpec, answer: Answer, at: int) -> dict[str, list[str]]:
    """Return the fields that say this answer: what `read_answer` reads."""
    name = f"q{at}"
    if spec.kind is QuestionKind.MOTION:
        marks = [FOR] * (IN_FAVOUR in answer.chosen) + [AGAINST_IT] * (AGAINST in answer.chosen)
        return {name: marks} if marks else {}
    if spec.kind is QuestionKind.SELECTION and spec.marking is Marking.TICKS:
        return {name: [str(option) for option in sorted(answer.chosen)]}
    written = {f"{name}-{option}": [FOR] for option in answer.chosen}
    written |= {f"{name}-{option}": [AGAINST_IT] for option in answer.against}
    written |= {f"{name}-name-{place}": [text] for place, text in enumerate(answer.names)}
    written |= {f"{name}-{row}": [str(level)] for row, level in answer.levels.items()}
    return written | {f"{name}-{option}": [str(place)] for place, option in enumerate(answer.order, 1)}


def _motion(form: Form, name: str) -> Answer:
    match _value(form, name):
        case "" | "abstain":
            return Answer()
        case "for":
            return Answer(chosen=frozenset({IN_FAVOUR}))
        case "against":
            return Answer(chosen=frozenset({AGAINST}))
        case _:
            raise Invalid(AnswerFault.UNREADABLE, name)


def _ticks(spec: QuestionSpec, form: Form, name: str) -> Answer:
    chosen = frozenset(
        option for text in form.get(name, ()) if (option := _whole(text, len(spec.options), name)) is not None
    )
    if len(chosen) > spec.most:
        raise Invalid(AnswerFault.TOO_MANY, name)
    if len(chosen) < spec.least:
        raise Invalid(AnswerFault.TOO_FEW, name)
    return Answer(chosen=chosen)


def _each(spec: QuestionSpec, form: Form, name: str, *, names_need_against: bool) -> Answer:
    marks = {option: _value(form, f"{name}-{option}") for option in range(len(spec.options))}
    for option, mark in marks.items():
        if mark not in (FOR, AGAINST_IT, ABSTAIN, ""):
            raise Invalid(AnswerFault.UNREADABLE, f"{name}-{option}")
    chosen = frozenset(option for option, mark in marks.items() if mark == FOR)
    against = frozenset(option for option, mark in marks.items() if mark == AGAINST_IT)
    names = _names(spec, form, name)
    if len(chosen) + len(names) > spec.most:
        raise Invalid(AnswerFault.TOO_MANY, name)
    if names_need_against and len(names) > len(against):
        raise Invalid(AnswerFault.NAME_WITHOUT_AGAINST, f"{name}-name-{len(against)}")
    return Answer(chosen=chosen, against=against, names=names)


def _names(spec: QuestionSpec, form: Form, name: str) -> tuple[str, ...]:
    listed = {_clean(option) for option in spec.options}
    names: list[str] = []
    for place in range(spec.write_ins):
        field = f"{name}-name-{place}"
        text = _clean(_value(form, field))
        if not text:
            continue
        if len(text.encode()) > LONGEST_TEXT:
            raise Invalid(AnswerFault.NAME_TOO_LONG, field)
        if text in listed:
            raise Invalid(AnswerFault.NAME_LISTED, field)
        if text in names:
            raise Invalid(AnswerFault.NAME_TWICE, field)
        names.append(text)
    return tuple(names)


def _order(spec: QuestionSpec, form: Form, name: str) -> tuple[int, ...]:
    options = {}
    for option in range(len(spec.options)):
        place = _number(form, f"{name}-{option}", (spec.depth or len(spec.options)) + 1)
        if place is None:
            continue
        if place == 0:
            raise Invalid(AnswerFault.UNREADABLE, f"{name}-{option}")
        if place in options:
            raise Invalid(AnswerFault.PLACE_TWICE, f"{name}-{option}")
        options[place] = option
    if options and max(options) != len(options):
        missing = min(set(range(1, max(options))) - set(options))
        following = min(place for place in options if place > missing)
        raise Invalid(AnswerFault.PLACE_MISSING, f"{name}-{options[following]}")
    return tuple(options[place] for place in sorted(options))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _value(form: Form, field: str) -> str:
    return next(iter(form.get(field, ())), "").strip()


def _number(form: Form, field: str, size: int) -> int | None:
    return _whole(_value(form, field), size, field)


def _whole(text: str, size: int, field: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) < size):
        raise Invalid(AnswerFault.UNREADABLE, field)
    return int(text)
