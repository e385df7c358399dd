"""The report of a count: one HTML file that opens anywhere, without a network and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from civicforum.config import ROOT
from civicforum.counting import Result, Stage

from .counted import Counted
from .language import Language, change, figure, short_figure
from .pictures import flow_picture, pairs_picture, stage_picture
from .rules_in_words import RULE_WORDS, quota_sum
from .second_in_words import second_words
from .standing import Standing, final_order, standings
from .words import STANDINGS, elected_for_certain, stage_sentence, stage_title, tie_sentences, what_next

OPEN_STAGES = 6  # a count with no more stages shows all of them at once


@dataclass(frozen=True)
class Line:
    """One option in a stage."""

    number: int
    name: str
    change: str
    total: str
    standing: str
    is_elected: bool


@dataclass(frozen=True)
class StageView:
    number: int
    title: str
    sentence: str
    picture: Markup
    lines: list[Line]
    quota: str
    non_transferable: str
    is_open: bool


def render_report(counted: Counted, language: Language) -> str:
    """Return the report as HTML."""
    result = counted.result
    return (
        _environment(language)
        .get_template("tabulation/report.html")
        .render(
            counted=counted,
            result=result,
            contest=result.contest,
            language=language,
            rule=RULE_WORDS[result.contest.rule],
            quota_sum=quota_sum(result, language),
            elected=elected_for_certain(result),
            stages=list(_stages(result, language)),
            number=_numbers(result),
            order=final_order(result),
            standings=standings(result),
            flow=flow_picture(result, language, name="flow"),
            pairs_picture=pairs_picture(result, language, name="pairs"),
            ties=[tie_sentences(tie, language) for tie in result.ties],
            what_next=what_next(result, language),
            second=second_words(counted.second, language),
        )
    )


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=True
    )
    environment.filters["figure"] = figure
    environment.filters["short_figure"] = short_figure
    return environment


def _stages(result: Result, language: Language) -> Iterator[StageView]:
    for stage, table in zip(result.stages, standings(result), strict=True):
        shown = [name for name in final_order(result) if table[name] is not Standing.OUT]
        yield StageView(
            number=stage.number,
            title=stage_title(result, stage, language),
            sentence=stage_sentence(result, stage, language),
            picture=stage_picture(result, stage, language, name=f"stage-{stage.number}"),
            lines=[_line(result, stage, name, table[name], language) for name in shown],
            quota="" if stage.quota is None else figure(stage.quota),
            non_transferable=figure(stage.non_transferable) if stage.non_transferable else "",
            is_open=_is_open(result, stage),
        )


def _line(result: Result, stage: Stage, name: str, standing: Standing, language: Language) -> Line:
    changed = stage.changes.get(name, 0) if stage.number > 1 else 0
    return Line(
        number=_numbers(result)[name],
        name=name,
        change=change(changed) if changed else "",
        total=figure(stage.totals[name]),
        standing=language.gettext(STANDINGS[standing]) if STANDINGS[standing] else "",
        is_elected=standing in (Standing.ELECTED_NOW, Standing.ELECTED),
    )


def _is_open(result: Result, stage: Stage) -> bool:
    """Tell whether a stage is shown unfolded: all of a short count; else the ends and elections."""
    is_edge = stage.number in (1, len(result.stages))
    return len(result.stages) <= OPEN_STAGES or is_edge or bool(stage.elected)


def _numbers(result: Result) -> dict[str, int]:
    return {name: number for number, name in enumerate(result.contest.options, start=1)}
