"""The minutes of a meeting in Chinese, composed from what its rows tell, in one order for every form."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from civicforum.meetings.documents import CLASS, FORM, OUTCOME, moment
from civicforum.meetings.floor import MotionKind, MotionState, Stance, VoteWay
from civicforum.meetings.happened import Happened
from civicforum.meetings.minutes_headings import passages
from civicforum.meetings.models import AgendaItem, Attendance, FollowUp, Motion, PointOfOrder, Speech
from civicforum.meetings.rules import FollowUpKind, Held, ParticipantClass, PresenceChannel, Seat
from civicforum.meetings.rules_after import is_named
from civicforum.polls.models import Poll
from civicforum.polls.rules import Preset
from civicforum.rulebook import SHANGHAI

HELD = {Held.ROOM: "线下", Held.SCREENS: "线上", Held.BOTH: "线下与线上结合"}
CHANNEL = {
    PresenceChannel.SELF: "本人签到",
    PresenceChannel.CODE: "现场签到码",
    PresenceChannel.SCREEN: "线上入会",
    PresenceChannel.CLERK: "工作人员登记",
}
STANCE = {Stance.FOR: "赞成", Stance.AGAINST: "反对", Stance.NEUTRAL: "中立或提问"}
MOTION = {
    MotionKind.MAIN: "动议",
    MotionKind.AMENDMENT: "修正动议",
    MotionKind.END_DEBATE: "结束辩论的动议",
    MotionKind.POSTPONE: "延期的动议",
}
MOTION_STATE = {
    MotionState.MOVED: "已提出，无人附议",
    MotionState.OPEN: "未表决",
    MotionState.VOTING: "未表决",
    MotionState.ADOPTED: "通过",
    MotionState.DEFEATED: "未通过",
    MotionState.WITHDRAWN: "撤回",
    MotionState.RULED_OUT: "主持人裁定不予受理",
}
WAY = {VoteWay.HANDS: "举手表决", VoteWay.NAMED: "记名表决", VoteWay.SEALED: "无记名投票"}
BY_CLERK = "（工作人员代为登记）"
_CLASSES = tuple(ParticipantClass)
_NUMERALS = "零一二三四五六七八九"


def compose(happened: Happened) -> str:
    """Return the minutes as far as the records know them, for chair and clerk to complete and sign."""
    names = names_of(happened)
    lines = [happened.meeting.title, "会议记录", "", *_head(happened)]
    lines += ["", "一、出席情况", *_attendance(happened, names)]
    lines += ["", "二、议题及经过"]
    for item in happened.agenda:
        lines += [*_item(happened, item, names), ""]
    lines += ["三、专项记录", *passages(happened), ""]
    if points := happened.points.get(None):
        lines += ["四、其他程序问题", *_points(points, names), ""]
    return "\n".join(lines).rstrip()


def names_of(happened: Happened) -> dict[uuid.UUID, str]:
    """Return how the minutes name everybody: with name and capacity, or as a resident with a number."""
    names: dict[uuid.UUID, str] = {}
    numbers: Counter[Seat] = Counter()
    form = happened.meeting.form
    said = {Seat.MEMBER: "居民", Seat.PARTICIPANT: "应邀居民", Seat.OBSERVER: "列席居民"}
    for row in sorted(happened.rows, key=lambda row: (row.arrived_at, row.id)):
        if not row.guest_name and not is_named(form, row.seat, row.participant_class):
            numbers[row.seat] += 1
            names[row.id] = f"{said[row.seat]}{numbers[row.seat]}"
            continue
        sits_in = "，列席" if row.seat is Seat.OBSERVER else ""
        names[row.id] = f"{_bare(row)}（{_capacity(row)}{sits_in}）"
    return names


def _head(happened: Happened) -> list[str]:
    meeting = happened.meeting
    opened = meeting.opened_at or meeting.starts_at
    until = f"至{_clock(happened.closed_at)}" if happened.closed_at else ""
    return [
        f"会议形式：{FORM[meeting.form]}（{HELD[meeting.held]}）",
        f"时间：{moment(opened)}{until}",
        f"地点：{meeting.place}",
        f"主持人：{happened.chair or '（待填）'}",
        f"记录人：{happened.clerk or '（待填）'}",
    ]


def _attendance(happened: Happened, names: Mapping[uuid.UUID, str]) -> list[str]:
    meeting, lines = happened.meeting, []
    members = happened.of_seat(Seat.MEMBER)
    if meeting.members_due is not None and (meeting.members_due or members):
        lines.append(f"应到{meeting.members_due}人，实到{len(members)}人。")
    lines += _listed("组成人员", members, names)
    lines += _listed("应邀参加", happened.of_seat(Seat.PARTICIPANT), names)
    lines += _listed("列席", happened.of_seat(Seat.OBSERVER), names)
    if channels := _channels(happened.rows):
        lines.append(f"到会方式：{channels}。")
    if happened.quorum is not None:
        reached = "达到" if happened.quorum.holds else "未达到"
        lines.append(
            f"法定人数：开会时{happened.quorum.arithmetic}（{happened.quorum.rule.article}），{reached}。"
        )
    for turn in happened.turns:
        said = "达到法定人数" if turn.is_reached else "不足法定人数，不能表决"
        lines.append(f"{_clock(turn.at)}，在场{turn.present}人，{said}。")
    return lines or ["（无人签到）"]


def _listed(head: str, rows: Sequence[Attendance], names: Mapping[uuid.UUID, str]) -> list[str]:
    """Return one line for each side of the table: names where they are given, else how many."""
    if not rows:
        return []
    classes: dict[str, list[Attendance]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: _CLASSES.index(row.participant_class)):
        classes[_capacity(row)].append(row)
    lines = [f"{head}{len(rows)}人："]
    for capacity, found in classes.items():
        named = [_bare(row) for row in found if "（" in names[row.id]]
        rest = len(found) - len(named)
        said = "、".join(named) + (f"{'，' if named else ''}不具名{rest}人" if rest else "")
        lines.append(f"　　{capacity}（{len(found)}人）：{said}")
    return lines


def _capacity(row: Attendance) -> str:
    """Return in what capacity somebody is there; who sits in a body for the residents is its member."""
    if row.seat is Seat.MEMBER and row.participant_class is ParticipantClass.RESIDENT:
        return "成员"
    return CLASS[row.participant_class]


def _bare(row: Attendance) -> str:
    return row.guest_name or (row.person.name if row.person else "")


def _channels(rows: Iterable[Attendance]) -> str:
    counted = Counter(row.stays[0].channel for row in rows if row.stays)
    return "，".join(f"{CHANNEL[kind]}{counted[kind]}人" for kind in PresenceChannel if counted[kind])


def _item(happened: Happened, item: AgendaItem, names: Mapping[uuid.UUID, str]) -> list[str]:
    matter = f"（事项 {item.matter.number}）" if item.matter is not None else ""
    lines = [f"议题{numeral(item.position)}：{item.title}{matter}", *_texts(happened, item)]
    if item.papers:
        lines.append("会议材料：" + "；".join(paper.title for paper in item.papers))
    for motion in item.motions:
        lines += _motion(happened, motion, names)
    sitting_in = {row.id for row in happened.of_seat(Seat.OBSERVER)}
    speeches = happened.speeches.get(item.id, [])
    lines += _speeches("发言", [one for one in speeches if one.attendance_id not in sitting_in], names)
    lines += _speeches("列席人员发言", [one for one in speeches if one.attendance_id in sitting_in], names)
    lines += _points(happened.points.get(item.id, []), names)
    if item.poll is not None:
        lines += _vote(happened, item.poll, None)
    return [*lines, *_outcome(happened, item)]


def _texts(happened: Happened, item: AgendaItem) -> list[str]:
    if len(item.versions) <= 1:
        return [f"文本：{item.text}"] if item.text else []
    numbers = {motion.id: motion.number for motion in item.motions}
    opened = happened.meeting.opened_at
    lines = []
    for version in item.versions:
        when = _clock(version.made_at) if opened and version.made_at >= opened else "会前"
        by = f"，依动议{numbers[version.motion_id]}修改" if version.motion_id in numbers else ""
        note = f"，{version.note}" if version.note else ""
        lines.append(f"文本第{version.number}稿（{when}{by}{note}）：{version.text}")
    return lines


def _motion(happened: Happened, motion: Motion, names: Mapping[uuid.UUID, str]) -> list[str]:
    who = f"{names.get(motion.mover_id, '')}提出"
    if motion.seconder_id is not None:
        who += f"，{names.get(motion.seconder_id, '')}附议"
    entered = BY_CLERK if motion.entered_by_id else ""
    lines = [
        f"{MOTION[motion.kind]}{motion.number}（{_clock(motion.moved_at)}）：{who}{entered}。"
        f"{'理由：' + motion.reason if motion.reason else ''}"
    ]
    if motion.text:
        lines.append(f"　　内容：{motion.text}")
    if motion.poll is not None:
        lines += [f"　　{line}" for line in _vote(happened, motion.poll, motion.way)]
    ruling = f"。主持人裁定：{motion.ruling}" if motion.ruling else ""
    return [*lines, f"　　结果：{MOTION_STATE[motion.state]}{ruling}"]


def _speeches(head: str, speeches: Sequence[Speech], names: Mapping[uuid.UUID, str]) -> list[str]:
    if not speeches:
        return []
    times: Counter[uuid.UUID] = Counter()
    lines = [f"{head}（{len(speeches)}次）："]
    for number, speech in enumerate(speeches, start=1):
        times[speech.attendance_id] += 1
        turn = f"，第{times[speech.attendance_id]}次" if times[speech.attendance_id] > 1 else ""
        gist = speech.gist or "（未记要点）"
        entered = BY_CLERK if speech.entered_by_id else ""
        lines.append(
            f"　　{number}. {names.get(speech.attendance_id, '')}，{STANCE[speech.stance]}{turn}"
            f"（{_taken(speech)}）{entered}：{gist}"
        )
    return lines


def _taken(speech: Speech) -> str:
    if speech.started_at is None:
        return ""
    begun = _clock(speech.started_at)
    if speech.ended_at is None:
        return begun
    seconds = round((speech.ended_at - speech.started_at).total_seconds())
    return f"{begun}，{seconds // 60}分{seconds % 60:02d}秒" if seconds >= 60 else f"{begun}，{seconds}秒"


def _points(points: Sequence[PointOfOrder], names: Mapping[uuid.UUID, str]) -> list[str]:
    lines = []
    for point in points:
        entered = BY_CLERK if point.entered_by_id else ""
        ruled = {True: "成立", False: "不成立", None: "未裁定"}[point.is_upheld]
        ruling = f"，{point.ruling}" if point.ruling else ""
        who = f"{names.get(point.attendance_id, '')}{entered}"
        lines.append(f"程序问题（{_clock(point.raised_at)}）：{who}：{point.text}")
        lines.append(f"　　主持人裁定：{ruled}{ruling}")
    return lines


def _vote(happened: Happened, poll: Poll, way: VoteWay | None) -> list[str]:
    if poll.result is None:
        return []
    counts: dict[str, Any] = poll.result.counts
    said = [
        f"{word}{counts[key]}"
        for key, word in (("for", "赞成"), ("against", "反对"), ("abstain", "弃权"))
        if key in counts
    ]
    if counts.get("did_not_vote"):
        said.append(f"到会未表决{counts['did_not_vote']}")
    hands = happened.hands.get(poll.id)
    by = WAY[way or _way_of(poll, is_counted=hands is not None)]
    checked = f"，{hands.checked_by}复核" if hands and hands.checked_by else ""
    present = f"在场{counts['roll']}人，" if "roll" in counts else ""
    lines = [f"表决（{by}{checked}）：{present}{'，'.join(said)}。"]
    for kept in poll.result.verdicts:
        holds = "达到" if kept["holds"] else "未达到"
        lines.append(f"　　{kept['arithmetic']}（{kept['article']}），{holds}")
    return lines


def _way_of(poll: Poll, *, is_counted: bool) -> VoteWay:
    """Return how an item was voted on; a motion keeps it itself."""
    if poll.preset is not Preset.OPEN:
        return VoteWay.SEALED
    return VoteWay.HANDS if is_counted else VoteWay.NAMED


def _outcome(happened: Happened, item: AgendaItem) -> list[str]:
    lines = [f"结果：{OUTCOME[item.outcome]}" if item.outcome else "结果：（未议决）"]
    if item.outcome_text:
        lines.append(f"　　{item.outcome_text}")
    if item.dissent:
        lines.append(f"不同意见：{item.dissent}")
    lines += [_follow_up(follow_up) for follow_up in happened.follow_ups.get(item.id, [])]
    if item.nothing_because:
        lines.append(f"会后工作：无。{item.nothing_because}")
    return lines


def _follow_up(follow_up: FollowUp) -> str:
    if follow_up.kind is FollowUpKind.AGENDA:
        return f"会后工作：列入下一次居民会议或居民代表会议议程：{follow_up.text}"
    owner = follow_up.owner.name if follow_up.owner else ""
    due = f"，{_day(follow_up.due_on)}前完成" if follow_up.due_on else ""
    return f"会后工作：{follow_up.text}（{owner}负责{due}）"


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as Chinese writes it."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones]
    return f"{_NUMERALS[tens] if tens > 1 else ''}十{_NUMERALS[ones] if ones else ''}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M}"
