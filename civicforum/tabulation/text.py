"""The count as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civicforum.counting import Result, Stage

from .counted import Counted
from .language import Language, figure
from .pictures.drawing import cut, text_width
from .rules_in_words import RULE_WORDS, quota_sum
from .second_in_words import second_words
from .standing import Standing, final_order, standings
from .words import elected_for_certain, stage_title, tie_sentences, what_next

NAME_WIDTH = 28
MARKS = {Standing.ELECTED_NOW: "✓", Standing.OUT_NOW: "✕"}


def count_text(counted: Counted, language: Language, *, width: int) -> str:
    """Return what came out in lines that fit a terminal of this many columns."""
    result = counted.result
    blocks = [
        _head(counted, language),
        *_stage_tables(result, language, width),
        _stage_list(result, language),
        [tie_sentences(tie, language) for tie in result.ties],
        _order(result, language),
        what_next(result, language),
        _elected(result, language),
        _second(counted, language),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _head(counted: Counted, language: Language) -> list[str]:
    _, result = language.gettext, counted.result
    rule = _(RULE_WORDS[result.contest.rule].name)
    seats = language.ngettext("%(num)s seat", "%(num)s seats", result.contest.seats)
    papers = _("%(valid)s valid papers, %(blank)s blank, %(spoiled)s spoiled") % {
        "valid": figure(result.valid),
        "blank": figure(result.blank),
        "spoiled": figure(result.spoiled),
    }
    lines = [counted.title, f"{rule} · {seats % {'num': result.contest.seats}} · {papers}"]
    if quota := quota_sum(result, language):
        lines.append(_("Quota: %(sum)s") % {"sum": quota})
    return lines


def _stage_tables(result: Result, language: Language, width: int) -> Iterator[list[str]]:
    """Yield tables of options and stages, as many stages beside each other as fit."""
    options = final_order(result)
    heads = [*options, language.gettext("Non-transferable")] if result.quota is not None else list(options)
    columns = [_column(result, stage, options) for stage in result.stages]
    name_width = max((text_width(cut(head, NAME_WIDTH)) for head in heads), default=0)
    cell = max((len(text) for column in columns for text in column), default=0) + 2
    fit = max((width - name_width) // cell, 1)
    for begin in range(0, len(columns), fit):
        yield _table(heads, columns[begin : begin + fit], name_width, cell)


def _column(result: Result, stage: Stage, names: Sequence[str]) -> list[str]:
    """Return the head of a stage and what everybody has in it."""
    table = standings(result)[stage.number - 1]
    cells = [
        "-" if table[name] is Standing.OUT else f"{figure(stage.totals[name])}{MARKS.get(table[name], ' ')}"
        for name in names
    ]
    return [f"{stage.number} ", *cells, f"{figure(stage.non_transferable)} "]


def _table(names: Sequence[str], columns: Sequence[Sequence[str]], name_width: int, cell: int) -> list[str]:
    heads = ["", *names]
    return [
        _padded(cut(head, NAME_WIDTH), name_width) + "".join(column[row].rjust(cell) for column in columns)
        for row, head in enumerate(heads)
    ]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text))


def _stage_list(result: Result, language: Language) -> list[str]:
    return [stage_title(result, stage, language) for stage in result.stages[1:]]


def _order(result: Result, language: Language) -> list[str]:
    if not result.order:
        return []
    levels = (f"{place}. {' = '.join(level)}" for place, level in enumerate(result.order, start=1))
    return [language.gettext("The order of all options"), *levels]


def _elected(result: Result, language: Language) -> list[str]:
    elected = elected_for_certain(result)
    if not elected and result.tied:
        return []
    if not elected:
        return [language.gettext("Nobody is elected.")]
    return [
        language.gettext("Who is elected"),
        *(f"{place}. {name}" for place, name in enumerate(elected, start=1)),
    ]


def _second(counted: Counted, language: Language) -> list[str]:
    words = second_words(counted.second, language)
    return [language.sentences(words.head, words.text)]
