"""The floor in words: stances, motions, ways of voting, and why something is not in order."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.meetings.floor import (
    FloorFault,
    FloorRefused,
    MotionKind,
    MotionState,
    Stance,
    VoteWay,
)
from civicforum.meetings.rules import PresenceChannel

STANCES: dict[Stance, Any] = {
    Stance.FOR: _l("For it"),
    Stance.AGAINST: _l("Against it"),
    Stance.NEUTRAL: _l("For neither side: a question or a fact"),
}
MOTIONS: dict[MotionKind, Any] = {
    MotionKind.MAIN: _l("Motion"),
    MotionKind.AMENDMENT: _l("Amendment"),
    MotionKind.END_DEBATE: _l("Motion to end the debate"),
    MotionKind.POSTPONE: _l("Motion to put it off"),
}
MOTION_NOTES: dict[MotionKind, Any] = {
    MotionKind.MAIN: _l(
        "The item has no text yet: this gives it one. Say who does what, when, with which money."
    ),
    MotionKind.AMENDMENT: _l("Write the whole text as it would read. What changes is marked for everybody."),
    MotionKind.END_DEBATE: _l("Voted on at once. If it is adopted, nobody speaks on the item any more."),
    MotionKind.POSTPONE: _l("Voted on at once. If it is adopted, the item is continued another time."),
}
MOTION_STATES: dict[MotionState, Any] = {
    MotionState.MOVED: _l("Waits for a seconder"),
    MotionState.OPEN: _l("On the table"),
    MotionState.VOTING: _l("Being voted on"),
    MotionState.ADOPTED: _l("Adopted"),
    MotionState.DEFEATED: _l("Not adopted"),
    MotionState.WITHDRAWN: _l("Withdrawn"),
    MotionState.RULED_OUT: _l("Ruled out of order"),
}
MOTION_COLOURS: dict[MotionState, str] = {
    MotionState.MOVED: "yellow",
    MotionState.OPEN: "blue",
    MotionState.VOTING: "green",
    MotionState.ADOPTED: "solid",
    MotionState.DEFEATED: "solid-red",
    MotionState.WITHDRAWN: "grey",
    MotionState.RULED_OUT: "red",
}
WAYS: dict[VoteWay, Any] = {
    VoteWay.HANDS: _l("Raised hands, counted"),
    VoteWay.NAMED: _l("By name"),
    VoteWay.SEALED: _l("Sealed"),
}
WAY_NOTES: dict[VoteWay, Any] = {
    VoteWay.HANDS: _l("Two people count, the clerk enters the numbers. No names are kept."),
    VoteWay.NAMED: _l(
        "On one's own phone; the clerk enters the hands of those without one. Everybody sees afterwards who "
        "voted how."
    ),
    VoteWay.SEALED: _l("On one's own phone, sealed: nobody learns who voted how. The box is opened at once."),
}
CHANNELS: dict[PresenceChannel, Any] = {
    PresenceChannel.SELF: _l("by own word"),
    PresenceChannel.CODE: _l("by the code of the room"),
    PresenceChannel.SCREEN: _l("at the screen"),
    PresenceChannel.CLERK: _l("entered by the clerk"),
}
FAULTS: dict[FloorFault, Any] = {
    FloorFault.NOT_HERE: _l("Only who is entered as present can do that. Check in first."),
    FloorFault.NO_ITEM: _l("No item is in hand. The chair calls one first."),
    FloorFault.NO_MOTION: _l(
        "There is no motion yet, so there is nothing to speak on. Somebody moves a text first."
    ),
    FloorFault.DEBATE_ENDED: _l("The debate on this item was ended. What is moved is voted on now."),
    FloorFault.PRESIDING: _l(
        "Who presides is neutral: leave the chair first to take a side or to move something."
    ),
    FloorFault.OBSERVERS_SILENT: _l("By this session's rules of procedure, who sits in listens."),
    FloorFault.ASKED_ALREADY: _l("The request to speak is in the queue already."),
    FloorFault.TOO_OFTEN: _l(
        "By this session's rules of procedure nobody speaks more than %(most)s times on one motion."
    ),
    FloorFault.OUT_OF_TURN: _l(
        "Somebody else is next. Give a reason for the change of order; it is recorded."
    ),
    FloorFault.SOMEBODY_SPEAKS: _l(
        "Somebody is speaking. Nobody interrupts; raise a point of order if a rule is broken."
    ),
    FloorFault.OF_ANOTHER_MOTION: _l("That request was for another motion, which is not on the table now."),
    FloorFault.MEMBERS_MOVE: _l("Who sits in may speak, and does not move or second."),
    FloorFault.NO_TEXT: _l("Write the text."),
    FloorFault.NOTHING_CHANGED: _l("The text is the same as before. Write what would be different."),
    FloorFault.HAS_TEXT: _l("The item has a text. Move an amendment to it."),
    FloorFault.REPEATED: _l("This session has voted on that text. It is not put again in the same session."),
    FloorFault.TOO_DEEP: _l("An amendment of an amendment is not amended again. Settle it first."),
    FloorFault.ONE_AT_A_TIME: _l("Something else is moved and not settled yet: one matter at a time."),
    FloorFault.OWN_MOTION: _l("Nobody seconds an own motion."),
    FloorFault.NOT_SECONDED: _l("Nobody has seconded it yet, so it is not voted on."),
    FloorFault.SETTLE_FIRST: _l("A motion on it is not settled yet. It is voted on first."),
    FloorFault.NOT_ITS_TURN: _l("Something else comes first, or the item is not in hand any more."),
    FloorFault.SPOKE_ON_IT: _l("The chair spoke on what is being decided, and returns when it is settled."),
    FloorFault.NOT_A_MEMBER: _l("Name somebody who is at the table and entered as present."),
}
VOTE_IS_OPEN = _l("A vote is open. Close it first, or declare it void.")


def fault_text(refusal: FloorRefused) -> str:
    """Return why something is not in order, as a sentence."""
    # The figures are the session's, so they are put in here and not where the sentence is written.
    return str(FAULTS[refusal.fault]) % refusal.figures if refusal.figures else str(FAULTS[refusal.fault])
