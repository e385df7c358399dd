"""The Chinese documents that meetings produce: notices, resolutions and the draft of the minutes.

They are written in Chinese whatever the language of the page, because they are posted and filed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from civicforum.meetings.models import AgendaItem, Meeting, Procedure
from civicforum.meetings.rules import MeetingForm, Outcome, ParticipantClass
from civicforum.rulebook import SHANGHAI

FORM: dict[MeetingForm, str] = {
    MeetingForm.COUNCIL: "居民议事会",
    MeetingForm.HEARING: "听证会",
    MeetingForm.OPEN_TALK: "恳谈会",
    MeetingForm.COORDINATION: "协调会",
    MeetingForm.APPRAISAL: "评议会",
    MeetingForm.JOINT: "联席会议",
    MeetingForm.RESIDENTS_ASSEMBLY: "居民会议",
    MeetingForm.REPRESENTATIVE_ASSEMBLY: "居民代表会议",
}
OUTCOME: dict[Outcome, str] = {
    Outcome.AGREED: "协商一致",
    Outcome.AGREED_WITH_DISSENT: "达成一致，保留不同意见",
    Outcome.TO_ASSEMBLY: "提请居民代表会议表决",
    Outcome.DROPPED: "不再推进",
    Outcome.CONTINUED: "留待下次会议继续商议",
    Outcome.ADOPTED: "表决通过",
    Outcome.NOT_ADOPTED: "表决未通过",
    Outcome.NO_QUORUM: "到会人数不足，未进行表决",
}
CLASS: dict[ParticipantClass, str] = {
    ParticipantClass.RESIDENT: "居民",
    ParticipantClass.REPRESENTATIVE: "居民代表",
    ParticipantClass.PARTY: "社区党组织",
    ParticipantClass.COMMITTEE: "居民委员会",
    ParticipantClass.STATION: "社区服务站",
    ParticipantClass.OWNERS: "业主委员会",
    ParticipantClass.PROPERTY_FIRM: "物业服务企业",
    ParticipantClass.STATIONED_UNIT: "驻区单位",
    ParticipantClass.SOCIAL_ORGANISATION: "社会组织",
    ParticipantClass.GOVERNMENT: "政府部门",
    ParticipantClass.EXPERT: "专家",
    ParticipantClass.SUPERVISION: "居务监督委员会",
}
_WEEKDAYS = "一二三四五六日"


def moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def notice_of_plan(meeting: Meeting, agenda: Sequence[AgendaItem]) -> tuple[str, str]:
    """Return title and text of the notice that calls a meeting."""
    form = FORM[meeting.form]
    lines = [
        f"现定于{moment(meeting.starts_at)}在{meeting.place}召开{form}，请有关人员准时参加，欢迎居民列席并发表意见。",
        "",
        *_agenda(agenda),
    ]
    if meeting.urgent_reason:
        lines += ["", f"本次会议因紧急情况召集，未满提前通知的期限。理由：{meeting.urgent_reason}"]
    return f"关于召开{form}的通知：{meeting.title}", "\n".join(lines)


def notice_of_change(meeting: Meeting, agenda: Sequence[AgendaItem], *, reason: str) -> tuple[str, str]:
    form = FORM[meeting.form]
    lines = [
        f"“{meeting.title}”的安排有变更。原因：{reason}",
        "",
        f"变更后：{moment(meeting.starts_at)}，{meeting.place}。",
        "",
        *_agenda(agenda),
    ]
    if meeting.urgent_reason:
        lines += ["", f"本次会议因紧急情况召集，未满提前通知的期限。理由：{meeting.urgent_reason}"]
    return f"关于变更{form}安排的通知：{meeting.title}", "\n".join(lines)


def notice_of_cancellation(meeting: Meeting, *, reason: str) -> tuple[str, str]:
    form = FORM[meeting.form]
    text = f"原定于{moment(meeting.starts_at)}在{meeting.place}召开的“{meeting.title}”取消。原因：{reason}"
    return f"关于取消{form}的通知：{meeting.title}", text


def notice_of_procedure(procedure: Procedure, *, body_name: str) -> tuple[str, str]:
    """Return title and text of the notice that posts a version of the rules of procedure."""
    start = procedure.in_force_from
    lines = [
        f"{procedure.title}（第{procedure.number}版）经{procedure.adopted_by}通过，"
        f"自{start.year}年{start.month}月{start.day}日起施行，适用于{body_name or '本社区各类议事会议'}。",
        "",
        procedure.text,
    ]
    return f"关于施行{procedure.title}的公告", "\n".join(lines)


def notice_of_outcomes(meeting: Meeting, agenda: Sequence[AgendaItem]) -> tuple[str, str]:
    """Return title and text of what a deliberation came to (art 34, item 5)."""
    opened = moment(meeting.opened_at or meeting.starts_at)
    lines = [f"{opened}，在{meeting.place}召开了{FORM[meeting.form]}。协商情况公布如下："]
    for item in agenda:
        lines += ["", *_outcome(item)]
    return f"{FORM[meeting.form]}协商结果：{meeting.title}", "\n".join(lines)


def resolution(
    meeting: Meeting,
    item: AgendaItem,
    *,
    counts: Mapping[str, int],
    due: int,
    arithmetic: str,
    article: str,
    is_adopted: bool,
) -> tuple[str, str]:
    """Return title and text of the notice that publishes a vote, carried or not."""
    invalid = f"，无效票{counts['invalid']}张" if counts.get("invalid") else ""
    said = "表决通过，形成决议如下" if is_adopted else "表决未通过。付诸表决的文本如下"
    lines = [
        f"{moment(meeting.opened_at or meeting.starts_at)}，在{meeting.place}召开{FORM[meeting.form]}，"
        f"应到{due}人，实到{counts['roll']}人。会议对“{item.title}”进行了表决，{said}：",
        "",
        item.text,
        "",
        f"表决结果：赞成{counts['for']}票，反对{counts['against']}票，弃权{counts['abstain']}票，"
        f"到会未表决{counts['did_not_vote']}人{invalid}。",
        f"依据：{article}（{arithmetic}）。",
    ]
    return f"关于“{item.title}”的{'决议' if is_adopted else '表决结果'}", "\n".join(lines)


def _agenda(agenda: Sequence[AgendaItem]) -> list[str]:
    lines = ["议题："]
    for item in agenda:
        number = f"（事项 {item.matter.number}）" if item.matter is not None else ""
        lines.append(f"{item.position}. {item.title}{number}")
        if item.text:
            lines.append(item.text)
    return lines


def _outcome(item: AgendaItem) -> list[str]:
    lines = [f"议题{item.position}：{item.title}"]
    if item.outcome is not None:
        lines.append(f"结果：{OUTCOME[item.outcome]}")
    if item.outcome_text:
        lines.append(item.outcome_text)
    if item.dissent:
        lines.append(f"不同意见：{item.dissent}")
    return lines
