"""The law as data: thresholds, counts, clocks, switches and forbidden pairs of posts, dated, with articles.

    book = load("national-2026")
    verdict = judge(book.threshold("assembly.representatives.quorum"), 41, {"members": 60})
    verdict.holds, verdict.arithmetic        # True, "41 ≥ 2/3 × 60 = 40"
    verdict.least, verdict.rule.article      # 40, "城市居民委员会组织法 第二十九条"

    book.clock("matter.review").deadline(seconded_at)            # the last instant, in UTC
    book.clock("assembly.residents.notice").judge(posted_at, opens_at)
    book.count("committee.size").judge(7)
    book.switch("election.online").on
    first, second = "residents_committee.member", "supervision_committee.member"
    [rule for rule in book.pairs() if rule.forbids(first, second, related=False)]

Posts are named `<BodyKind>.<PostKind>` with the values of `civicforum.bodies.rules`. The library knows no
framework, no database and no clock of its own: times are arguments. Texts live in the profiles, in Chinese
and in English (`rule.text("zh_Hans")`, `rule.citation("en")`).
"""

from collections.abc import Mapping

from .book import Group, Rulebook
from .days import SHANGHAI
from .errors import ProfileInvalid, RuleNotFound
from .loading import BASE, load, profiles
from .rules import (
    Clock,
    Compare,
    Count,
    Level,
    Of,
    Pairs,
    Ratio,
    Rule,
    Source,
    Span,
    Switch,
    Threshold,
    Verdict,
)

__all__ = [
    "BASE",
    "SHANGHAI",
    "Clock",
    "Compare",
    "Count",
    "Group",
    "Level",
    "Of",
    "Pairs",
    "ProfileInvalid",
    "Ratio",
    "Rule",
    "RuleNotFound",
    "Rulebook",
    "Source",
    "Span",
    "Switch",
    "Threshold",
    "Verdict",
    "judge",
    "load",
    "profiles",
]


def judge(rule: Threshold, numerator: int, denominators: Mapping[str, int]) -> Verdict:
    """Compare a number with a threshold; `denominators` may hold more counts than the rule asks for.

    Raises ValueError when the count it asks for is missing, or the numbers are impossible.
    """
    return rule.judge(numerator, denominators)
