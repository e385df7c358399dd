"""The half-yearly report in Chinese, as it is signed and posted: computed figures, and conclusions."""

from __future__ import annotations

import json
from collections.abc import Mapping

from civicforum.elections.wording.dates import past_day as day_words
from civicforum.records.rules import hash_of_text
from civicforum.supervision.models import SupervisionReport
from civicforum.supervision.rules import Period


def signed_text(period: Period, figures: Mapping[str, int], conclusions: str) -> str:
    """Return what each member signs, in one form: its SHA-256 changes with every figure and every word."""
    values = [period.first.isoformat(), period.last.isoformat(), dict(figures), conclusions]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(period: Period, figures: Mapping[str, int], conclusions: str) -> str:
    """Return the SHA-256 of what is signed, in hex."""
    return hash_of_text(signed_text(period, figures, conclusions))


def title_of(period: Period) -> str:
    """Return the report's title, as in 2026年上半年; a period that is no half-year by its months."""
    year, months = period.first.year, (period.first.month, period.last.month)
    halves = {(1, 6): "上半年", (7, 12): "下半年"}
    return f"{year}年{halves.get(months, f'{months[0]}—{months[1]}月')}居务监督工作报告"


def notice_of_report(report: SupervisionReport, *, community: str) -> tuple[str, str]:
    """Return title and text of the notice that posts a report as it was signed."""
    period = Period(report.period_from, report.period_until)
    names = "、".join(one.person.name for one in report.signatures if one.text_sha256 == report.text_sha256)
    parts = [
        f"{day_words(period.first)}至{day_words(period.last)}，居务监督委员会开展监督的情况如下。",
        "",
        *figure_lines(report.figures),
        "",
        report.conclusions,
        "",
        f"签字通过的成员：{names}（{report.arithmetic}）。",
        f"报告校验码（SHA-256）：{report.text_sha256}",
        "",
        f"{community}居务监督委员会",
    ]
    return title_of(period), "\n".join(parts)


def figure_lines(figures: Mapping[str, int]) -> list[str]:
    """Return the figures in sentences, one for each kind of work."""
    found = figures["in_order"] + figures["remarks"] + figures["problems"]
    return [
        f"列席会议：可以列席的会议{figures['sessions']}次，列席{figures['sat_in']}次。",
        f"监督意见：{found}条，其中情况正常{figures['in_order']}条、提醒{figures['remarks']}条、"
        f"发现问题{figures['problems']}条。",
        f"书面询问：{figures['asked']}次，按时答复{figures['answered_in_time']}次、"
        f"逾期答复{figures['answered_late']}次、到期未答复{figures['unanswered']}次、"
        f"尚在期限内{figures['waiting']}次。",
        f"居务公开：到期应当公布{figures['due']}项次，按时公布{figures['posted_in_time']}项次、"
        f"逾期公布{figures['posted_late']}项次、未公布{figures['missing']}项次。",
        f"审核公开稿：{figures['drafts']}件，提出意见{figures['objections']}条。",
        f"事项办理：任务逾期的事项{figures['overdue_matters']}件。",
        f"民主评议：主持{figures['appraisals']}次。",
        f"向上反映：{figures['referrals']}件，已收到答复{figures['referrals_answered']}件。",
    ]
