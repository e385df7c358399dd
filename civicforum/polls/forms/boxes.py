"""The count of a box: the fields that the questions ask for, what was typed, and two counts side by side."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from civicforum.polls.models import Question
from civicforum.polls.questions import Marking, QuestionKind, contest_of
from civicforum.polls.rules_paper import (
    BoxFault,
    BoxSheet,
    Ground,
    NotLines,
    blanks,
    check_box,
    read_names,
    read_rankings,
    write_in_marks,
)
from civicforum.polls.texts_paper import GROUNDS, impossible_text
from civicforum.sealed import Contest, read_ranking

MOST_PAPERS = 999_999


@dataclass(frozen=True)
class QuestionFields:
    """The fields of one question.

    Attributes:
        columns: heads of the numbers; rows: a label with a mark slot for each column.
        write_ins: mark slots of lines for names, which follow from the names.
        pool: number of its list of names or orders, or None.
    """

    question: Question
    contest: Contest
    columns: list[str]
    rows: list[tuple[str, list[int]]]
    write_ins: range
    pool: int | None

    @property
    def ranks(self) -> bool:
        return self.question.kind is QuestionKind.RANKING


def fields_of(questions: Sequence[Question]) -> list[QuestionFields]:
    """Return the fields of a ballot paper, in the order of its slots."""
    fields, slot, pool = [], 0, 0
    for question in questions:
        contest = contest_of(question.spec)
        columns, rows = _table(question, contest, slot)
        written = range(slot + contest.marks - contest.write_ins, slot + contest.marks)
        own = pool if contest.texts else None
        fields.append(QuestionFields(question, contest, columns, rows, written, own))
        slot, pool = slot + contest.marks, pool + bool(contest.texts)
    return fields


def _table(question: Question, contest: Contest, first: int) -> tuple[list[str], list[tuple[str, list[int]]]]:
    options = list(enumerate(question.options))
    match question.kind:
        case QuestionKind.MOTION:
            return [_("Marks")], [(_("For"), [first]), (_("Against"), [first + 1])]
        case QuestionKind.SELECTION if question.marking is Marking.EACH:
            size = len(options)
            rows = [(name, [first + at, first + size + at]) for at, name in options]
            return [_("For"), _("Against")], rows
        case QuestionKind.SELECTION:
            return [_("Marks")], [(name, [first + at]) for at, name in options]
        case QuestionKind.GRADE:
            width = len(contest.levels)
            rows = [(name, [first + at * width + level for level in range(width)]) for at, name in options]
            return list(contest.levels), rows
        case QuestionKind.RANKING:
            return [], []


@dataclass
class BoxForm:
    """What was typed of a count, field by field, and what is wrong with it beside each field.

    Fields are "found", "invalid", "ground-<ground>", "mark-<slot>", "lines-<pool>" and "more_found".
    """

    fields: list[QuestionFields]
    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    # That the only fault left is more papers than were handed out, which a second count may confirm.
    may_confirm: bool = False

    def read(self, *, issued: int) -> BoxSheet | None:
        """Return the count, or None where `errors` says what is wrong."""
        found, invalid = self._whole("found"), self._whole("invalid")
        grounds = {ground.value: self._whole(f"ground-{ground}", may_be_empty=True) for ground in Ground}
        counts, texts = self._counts(found - invalid)
        if self.errors:
            return None
        kept = {ground: number for ground, number in grounds.items() if number}
        sheet = BoxSheet(found, invalid, tuple(counts), tuple(texts), kept)
        return sheet if self._is_possible(sheet, issued) else None

    @property
    def confirms(self) -> bool:
        """Tell whether the box was counted again, and really holds more papers than were handed out."""
        return bool(self.typed.get("more_found"))

    def _is_possible(self, sheet: BoxSheet, issued: int) -> bool:
        wrong = check_box([one.contest for one in self.fields], sheet, issued=issued)
        self.may_confirm = bool(wrong) and all(one.fault is BoxFault.MORE_FOUND for one in wrong)
        for one in wrong:
            self.errors.setdefault(self._field_of(one.where), impossible_text(one))
        if self.may_confirm and self.confirms:
            self.errors.clear()
        return not self.errors

    def _field_of(self, where: str) -> str:
        kind, _dash, number = where.partition("-")
        if kind == "pool":
            return f"lines-{number}"
        if kind == "mark":
            pools = (one.pool for one in self.fields if int(number) in one.write_ins)
            return next((f"lines-{pool}" for pool in pools), where)
        return where

    def _counts(self, valid: int) -> tuple[list[int], list[dict[str, int]]]:
        counts: list[int] = []
        texts: list[dict[str, int]] = []
        for one in self.fields:
            own = {slot: self._whole(f"mark-{slot}") for _label, slots in one.rows for slot in slots}
            counts += [own[slot] for slot in sorted(own)]
            if one.pool is not None:
                lines = self._lines(one)
                counts += write_in_marks(one.contest, lines, valid)
                texts.append(blanks(one.contest, lines, valid))
        return counts, texts

    def _lines(self, one: QuestionFields) -> dict[str, int]:
        name = f"lines-{one.pool}"
        typed = self.typed.get(name, "")
        try:
            return read_rankings(typed, one.contest) if one.ranks else read_names(typed)
        except NotLines as error:
            self.errors[name] = _(
                "This line cannot be read: “%(line)s”. The number of papers stands at its end.",
                line=error.args[0],
            )
            return {}

    def _whole(self, name: str, *, may_be_empty: bool = False) -> int:
        typed = unicodedata.normalize("NFKC", self.typed.get(name, "")).strip()
        if not typed and may_be_empty:
            return 0
        if not typed.isdecimal() or int(typed) > MOST_PAPERS:
            self.errors[name] = _("Enter a whole number, 0 for none.")
            return 0
        return int(typed)


def typed_of(fields: Sequence[QuestionFields], sheet: BoxSheet) -> dict[str, str]:
    """Return a count as it is typed, to be corrected."""
    typed = {"found": str(sheet.found), "invalid": str(sheet.invalid)}
    typed |= {f"ground-{ground}": str(number) for ground, number in sheet.grounds.items()}
    typed |= {f"mark-{slot}": str(number) for slot, number in enumerate(sheet.counts)}
    for one in fields:
        if one.pool is not None:
            pool = sheet.texts[one.pool]
            lines = [f"{_shown(one, text)} = {number}" for text, number in pool.items() if text]
            typed[f"lines-{one.pool}"] = "\n".join(lines)
    return typed


@dataclass(frozen=True)
class Pair:
    """The same number in both counts. `is_computed` follows from others; `part` is the question's title."""

    part: str
    label: str
    first: int
    second: int
    is_computed: bool = False

    @property
    def difference(self) -> int:
        return self.second - self.first


def pairs_of(fields: Sequence[QuestionFields], first: BoxSheet, second: BoxSheet) -> list[Pair]:
    """Return both counts number by number, in the order of the paper."""
    papers = _("Papers in the box")
    pairs = [
        Pair(papers, _("Found"), first.found, second.found),
        Pair(papers, _("Invalid"), first.invalid, second.invalid),
    ]
    for ground, words in GROUNDS.items():
        numbers = first.grounds.get(ground.value, 0), second.grounds.get(ground.value, 0)
        if any(numbers):
            pairs.append(Pair(papers, _("Invalid: %(ground)s", ground=words), *numbers))
    pairs.append(Pair(papers, _("Valid"), first.valid, second.valid, is_computed=True))
    for one in fields:
        pairs += _pairs_of_question(one, first, second)
    return pairs


def _pairs_of_question(one: QuestionFields, first: BoxSheet, second: BoxSheet) -> list[Pair]:
    title, pairs = one.question.title, []
    for label, slots in one.rows:
        for column, slot in zip(one.columns, slots, strict=True):
            words = label if len(one.columns) == 1 else _("%(name)s: %(mark)s", name=label, mark=column)
            pairs.append(Pair(title, words, first.counts[slot], second.counts[slot]))
    if one.question.kind is QuestionKind.MOTION:
        slots = [slot for _label, own in one.rows for slot in own]
        neither = [sheet.valid - sum(sheet.counts[slot] for slot in slots) for sheet in (first, second)]
        pairs.append(Pair(title, _("Neither, an abstention"), neither[0], neither[1], is_computed=True))
    if one.pool is not None:
        pools = first.texts[one.pool], second.texts[one.pool]
        for text in sorted({*pools[0], *pools[1]}, key=lambda text: (text == "", text)):
            numbers = [pool.get(text, 0) for pool in pools]
            words = _shown(one, text) if text else _("Nothing ranked")
            pairs.append(Pair(title, words, numbers[0], numbers[1], is_computed=not text))
    return pairs


def _shown(one: QuestionFields, text: str) -> str:
    if not one.ranks:
        return text
    order = read_ranking(text, len(one.contest.options), one.contest.depth) or ()
    return " ".join(str(option + 1) for option in order)
