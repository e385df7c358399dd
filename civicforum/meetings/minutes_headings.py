"""The passages that the record of each form of session has to have, filled where rows tell them."""

from __future__ import annotations

from collections import Counter

from civicforum.meetings.documents import CLASS, OUTCOME
from civicforum.meetings.floor import Stance
from civicforum.meetings.forms_of_session import TEMPLATES, Heading
from civicforum.meetings.happened import Happened
from civicforum.meetings.rules import Outcome, ParticipantClass

HEADING: dict[Heading, str] = {
    Heading.BACKGROUND: "背景情况",
    Heading.STATEMENT: "申请方陈述",
    Heading.QUESTIONS: "询问与答复",
    Heading.OPINIONS: "各方意见",
    Heading.HEARING_REPORT: "听证报告",
    Heading.AGREED: "达成一致的事项",
    Heading.NOT_AGREED: "未达成一致的事项",
    Heading.PARTIES: "各方当事人",
    Heading.CLAIMS: "各方诉求",
    Heading.OBJECT: "评议对象",
    Heading.SELF_REPORT: "自评报告",
    Heading.MARKS: "评议结果",
    Heading.CORRECTIONS: "整改要求",
    Heading.LAST_TIME: "上次议定事项的落实情况",
    Heading.WISHES: "居民的愿望和关切",
    Heading.ANSWERS: "现场答复和会后答复",
}
# What the course of the meeting tells already: quorum, votes, topics and tasks have their places there.
_TOLD = frozenset({Heading.QUORUM, Heading.VOTES, Heading.TOPICS, Heading.TASKS})
_AGREED = (Outcome.AGREED, Outcome.AGREED_WITH_DISSENT, Outcome.TO_ASSEMBLY)
_NOT_AGREED = (Outcome.CONTINUED, Outcome.DROPPED)
_SAID = {Stance.FOR: "赞成", Stance.AGAINST: "反对", Stance.NEUTRAL: "中立或提问"}


def passages(happened: Happened) -> list[str]:
    """Return the lines of these passages; what nobody can know but the clerk is left to be written."""
    lines: list[str] = []
    for heading in TEMPLATES[happened.meeting.form].record:
        if heading in _TOLD:
            continue
        lines.append(f"{HEADING[heading]}：")
        lines += [f"　　{line}" for line in _lines(heading, happened)] or ["　　（待填）"]
    return lines


def _lines(heading: Heading, happened: Happened) -> list[str]:
    if heading is Heading.OPINIONS:
        return _opinions(happened)
    if heading is Heading.AGREED:
        return _items(happened, _AGREED) or ["无"]
    if heading is Heading.NOT_AGREED:
        return _items(happened, _NOT_AGREED) + _dissent(happened) or ["无"]
    return []


def _opinions(happened: Happened) -> list[str]:
    """Return how often each class spoke for which side (DOMAIN.md row 1-03: opinions by class)."""
    classes = {row.id: row.participant_class for row in happened.rows}
    counted: dict[ParticipantClass, Counter[Stance]] = {}
    for speeches in happened.speeches.values():
        for speech in speeches:
            counted.setdefault(classes[speech.attendance_id], Counter())[speech.stance] += 1
    return [
        f"{CLASS[kind]}：" + "，".join(f"{_SAID[side]}{stances[side]}次" for side in Stance if stances[side])
        for kind in ParticipantClass
        if (stances := counted.get(kind))
    ]


def _items(happened: Happened, outcomes: tuple[Outcome, ...]) -> list[str]:
    return [
        f"{item.title}（{OUTCOME[item.outcome]}）{'：' + item.outcome_text if item.outcome_text else ''}"
        for item in happened.agenda
        if item.outcome in outcomes and item.outcome is not None
    ]


def _dissent(happened: Happened) -> list[str]:
    return [f"{item.title}的不同意见：{item.dissent}" for item in happened.agenda if item.dissent]
