"""The Chinese notice that posts a certified result. It names grades and figures, and nothing of raters."""

from __future__ import annotations

from collections.abc import Iterator

from civicforum.appraisals import law
from civicforum.appraisals.documents import moment_words
from civicforum.appraisals.figures import decimal
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.result_sheets import from_json
from civicforum.appraisals.results import Figures
from civicforum.elections.wording.dates import past_day as day_words
from civicforum.rulebook import Rulebook


def notice_of_result(cycle: Cycle, book: Rulebook, community: str) -> tuple[str, str]:
    """Return title and text of the notice that posts a result as it was certified."""
    assert cycle.result_posted_at is not None  # noqa: S101 - it is posted now
    until = law.posting_until(book, cycle.result_posted_at)
    objections = law.objections_until(book, cycle.result_posted_at)
    parts = [
        f"{day_words(cycle.held_on)}进行的“{cycle.title}”已计票并经居务监督委员会确认，现将结果公示如下。",
        "",
        *(line for one in cycle.subjects if one.result for line in _subject(from_json(one.result.figures))),
        "",
        f"公示至{moment_words(until)}。对结果有异议的，请在{moment_words(objections)}前提出，"
        "由居务监督委员会答复。",
        f"结果表校验码（SHA-256）：{cycle.result_hash}",
        "",
        f"{community}居务监督委员会",
    ]
    return f"关于{cycle.title}结果的公示", "\n".join(parts)


def _subject(figures: Figures) -> Iterator[str]:
    counts = "，".join(
        f"{level}{count}票" for level, count in zip(figures.levels, figures.counts, strict=True)
    )
    yield f"{figures.name}：{_grade(figures)}。{counts}；未评{figures.ungraded}票，无效{figures.invalid}票。"
    if figures.arithmetic:
        yield f"　　加权得分：{figures.arithmetic}。"
    if figures.rank is not None and figures.score is not None:
        yield f"　　得分{decimal(figures.score)}，在{figures.ranked}个参加排名的对象中列第{figures.rank}名。"


def _grade(figures: Figures) -> str:
    if not figures.has_enough:
        return f"评议人不足{figures.least}人，不确定等次"
    if not figures.grade:
        return f"{'、'.join(figures.modal)}票数相同，不确定等次"
    return f"评议等次为“{figures.grade}”" + ("（票数相同，按本地规定取较低等次）" if figures.tie_rule else "")
