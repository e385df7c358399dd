"""What the minutes of an assembly say of the hearing of an appraisal, in Chinese, as minutes are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from civicforum.appraisals.forms_of_rating import Hearing


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What was noted of one report. `questions`: each with its answer."""

    name: str
    hearing: Hearing
    text: str = ""
    unheard_reason: str = ""
    questions: Sequence[tuple[str, str]] = ()


def passage_of_hearing(title: str, spoken: Iterable[Spoken], *, quorum: str = "", article: str = "") -> str:
    """Return the passage: who reported, what was asked and answered, who did not, and the quorum."""
    lines = [f"述职和评议：{title}"]
    for at, one in enumerate(spoken, 1):
        lines.append(f"{at}．{one.name}：{_said(one)}")
        lines += _asked(one)
    if quorum:
        lines.append(f"发放评议表时清点人数：{quorum}（{article}），符合规定人数。评议采用无记名方式。")
    return "\n".join(lines)


def _said(one: Spoken) -> str:
    match one.hearing:
        case Hearing.HEARD:
            return f"到会口头述职。{one.text}"
        case Hearing.NOT_GIVEN:
            return f"未到会口头述职，原因：{one.unheard_reason}。不影响对其进行评议。"
        case Hearing.MISSING:
            return "未提交书面述职报告，也未口头述职。不影响对其进行评议。"
        case Hearing.AWAITED:
            return "已提交书面述职报告，尚未口头述职。"


def _asked(one: Spoken) -> Iterator[str]:
    for question, answer in one.questions:
        yield f"　　代表问：{question}"
        yield f"　　答：{answer}"
