"""Motions in the Chinese of the documents: they are voted on, posted and filed in it."""

from __future__ import annotations

from civicforum.meetings.floor import MotionKind
from civicforum.meetings.models import AgendaItem, Motion

MOTION: dict[MotionKind, str] = {
    MotionKind.MAIN: "动议",
    MotionKind.AMENDMENT: "修正案",
    MotionKind.END_DEBATE: "结束讨论的动议",
    MotionKind.POSTPONE: "延期再议的动议",
}
LONGEST_TITLE = 200


def title_of_motion(item: AgendaItem, motion: Motion) -> str:
    """Return what a motion is called on the paper of its vote."""
    return f"第{motion.number}号{MOTION[motion.kind]}：{item.title}"[:LONGEST_TITLE]


def words_of_motion(item: AgendaItem, motion: Motion) -> str:
    """Return what is voted on. Of an amendment it is the whole text as it would read."""
    match motion.kind:
        case MotionKind.END_DEBATE:
            return f"结束对“{item.title}”的讨论，随即进行表决。"
        case MotionKind.POSTPONE:
            because = f"理由：{motion.reason}" if motion.reason else ""
            return f"“{item.title}”本次会议不再审议，留待以后的会议再议。{because}"
        case _:
            return motion.text
