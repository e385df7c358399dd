"""The Chinese notices about a selection for the reserve list: plan, result, declared void."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import Score, TieDecision, plain


def notice_of_plan(selection: Selection) -> tuple[str, str]:
    """Return title and text of the notice that stands before anybody is recommended."""
    lines = [
        f"{selection.year}年度后备干部评选现予公布。本次评选名额{selection.places}名，"
        "依次进行组织推荐、民主测评、公开考试、严格考察，择优录取。",
        "",
        "评选条件：",
        selection.criteria,
        "",
        f"计分办法：总分＝民主测评得分×{_number(selection.appraisal_weight)}"
        f"＋考试成绩×{_number(selection.exam_weight)}＋加分。加分依据评选条件，在推荐时确定。",
    ]
    if Fraction(selection.exam_least):
        lines.append(f"考试成绩低于{_number(selection.exam_least)}分的，不进入考察。")
    lines.append(
        "总分相同的名次并列；末位并列而名额不足时，不按先后或者抽签决定，由社区党组织书面说明理由，决定全部录取或者全部不录取。"
    )
    return f"关于“{selection.title}”的公告", "\n".join(lines)


def notice_of_result(
    selection: Selection, chosen: Sequence[tuple[ReserveCandidate, Score]], *, considered: int
) -> tuple[str, str]:
    """Return title and text of the notice of who was chosen, each with the sum of the score."""
    lines = [f"“{selection.title}”进入择优录取的共{considered}人，录取{len(chosen)}人："]
    lines += [
        f"第{candidate.rank}名 {candidate.person.name}：{score.arithmetic}" for candidate, score in chosen
    ]
    if selection.tie_decision is not None:
        what = "均予录取" if selection.tie_decision is TieDecision.ALL else "均不录取"
        lines += ["", f"末位总分并列的人员{what}。理由：{selection.tie_reason}"]
    return f"关于“{selection.title}”结果的公告", "\n".join(lines)


def notice_of_void(selection: Selection) -> tuple[str, str]:
    return f"关于“{selection.title}”作废的公告", f"“{selection.title}”作废。原因：{selection.void_ground}"


def _number(text: str) -> str:
    return plain(Fraction(text))
