"""The stages of a ranking as pictures and figures, for the page of a result."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from civicforum.counting import Result, Rule
from civicforum.polls.outcomes import QuestionResult
from civicforum.polls.outcomes.stages import result_from_json, second_from_json
from civicforum.tabulation.language import Language, change, figure
from civicforum.tabulation.pictures import flow_picture, pairs_picture, stage_picture
from civicforum.tabulation.rules_in_words import RULE_WORDS, quota_sum
from civicforum.tabulation.second_in_words import SecondWords, second_words
from civicforum.tabulation.standing import Standing, final_order, standings
from civicforum.tabulation.words import STANDINGS, stage_sentence, stage_title, tie_sentences


@dataclass(frozen=True)
class StageShown:
    """One stage: its picture, and the same figures as rows of (name, gain or loss, total, standing)."""

    title: str
    sentence: str
    picture: Markup
    rows: list[tuple[str, str, str, str]]


@dataclass(frozen=True)
class RankingShown:
    """How a ranking was counted: rule and quota in words, stages, where the votes went."""

    rule: str
    how: str
    source: str
    total: str
    quota: str
    stages: list[StageShown]
    flow: Markup
    pairs: Markup
    ties: list[str]
    second: SecondWords


def pictures_of(question: QuestionResult, language: Language, number: int) -> RankingShown | None:
    """Return what is to be drawn of question `number` of the page; None for one without stages."""
    if question.count is None or question.second is None:
        return None
    result = result_from_json(question.count)
    words = RULE_WORDS[Rule(question.method)]
    return RankingShown(
        rule=language.gettext(words.name),
        how=language.gettext(words.how),
        source=language.gettext(words.source),
        total=language.gettext(words.total),
        quota=quota_sum(result, language) or "",
        stages=[
            _stage(result, at, language, f"q{number}-stage-{at + 1}") for at in range(len(result.stages))
        ],
        flow=flow_picture(result, language, name=f"q{number}-flow"),
        pairs=pairs_picture(result, language, name=f"q{number}-pairs"),
        ties=[tie_sentences(tie, language) for tie in result.ties],
        second=second_words(second_from_json(question.second), language),
    )


def _stage(result: Result, at: int, language: Language, name: str) -> StageShown:
    stage, table = result.stages[at], standings(result)[at]
    rows = []
    for option in final_order(result):
        if table[option] is Standing.OUT:
            continue
        changed = stage.changes.get(option, 0) if at else 0
        said = language.gettext(STANDINGS[table[option]]) if STANDINGS[table[option]] else ""
        rows.append((option, change(changed) if changed else "", figure(stage.totals[option]), said))
    return StageShown(
        stage_title(result, stage, language),
        stage_sentence(result, stage, language),
        stage_picture(result, stage, language, name=name),
        rows,
    )
