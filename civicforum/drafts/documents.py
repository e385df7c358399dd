"""The Chinese notices about a draft: put out, closed with its result, withdrawn."""

from __future__ import annotations

from datetime import datetime

from civicforum.drafts.models import Draft
from civicforum.drafts.rules import Counts
from civicforum.rulebook import SHANGHAI


def notice_of_draft(draft: Draft) -> tuple[str, str]:
    """Return title and text of the notice that asks for comments."""
    lines = [
        f"现就“{draft.title}”公开征求意见。居民可以在{_day(draft.until)}（含当日）以前，在本平台提出意见，"
        "也可以把书面意见交给网格员、投入意见箱，或者到居民委员会当面反映。每条意见都会答复是否采纳及其理由。",
    ]
    if draft.reason:
        lines += ["", draft.reason]
    return f"关于“{draft.title}”的征求意见公告", "\n".join([*lines, "", "征求意见稿：", draft.text])


def notice_of_result(draft: Draft, counts: Counts) -> tuple[str, str]:
    """Return title and text of the notice that says what became of the comments."""
    lines = [
        f"“{draft.title}”公开征求意见至{_day(draft.until)}结束，共收到意见{counts.total}条："
        f"采纳{counts.taken}条，部分采纳{counts.partly}条，未采纳{counts.not_taken}条。"
        "每条意见的处理结果和理由，以及修改前后的文本，见本平台该草案页面，也可到居民委员会查阅。",
        "",
        "定稿：",
        draft.final_text,
    ]
    return f"关于“{draft.title}”征求意见结果的公告", "\n".join(lines)


def notice_of_withdrawal(draft: Draft, *, reason: str) -> tuple[str, str]:
    return f"关于撤回“{draft.title}”征求意见稿的公告", f"“{draft.title}”的征求意见稿已撤回。原因：{reason}"


def _day(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"
