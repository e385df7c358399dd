"""The floor of a session: how one speaks and moves (DOMAIN.md C9), on plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from civicforum.errors import CivicForumError


class Stance(StrEnum):
    """What a speaker says first: for it, against it, or neither, such as a question."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class SpeechState(StrEnum):
    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class MotionKind(StrEnum):
    """A main motion gives an item its text, an amendment changes it; the others end or put off the debate."""

    MAIN = "main"
    AMENDMENT = "amendment"
    END_DEBATE = "end_debate"
    POSTPONE = "postpone"


class MotionState(StrEnum):
    MOVED = "moved"
    OPEN = "open"
    VOTING = "voting"
    ADOPTED = "adopted"
    DEFEATED = "defeated"
    WITHDRAWN = "withdrawn"
    RULED_OUT = "ruled_out"


class VoteWay(StrEnum):
    """How a question is put: hands counted, by name on devices or called, or sealed."""

    HANDS = "hands"
    NAMED = "named"
    SEALED = "sealed"


class FloorFault(StrEnum):
    """Why something is not in order on the floor now; texts_floor.py has the words."""

    NOT_HERE = "not_here"
    NO_ITEM = "no_item"
    NO_MOTION = "no_motion"
    DEBATE_ENDED = "debate_ended"
    PRESIDING = "presiding"
    OBSERVERS_SILENT = "observers_silent"
    ASKED_ALREADY = "asked_already"
    TOO_OFTEN = "too_often"
    OUT_OF_TURN = "out_of_turn"
    SOMEBODY_SPEAKS = "somebody_speaks"
    OF_ANOTHER_MOTION = "of_another_motion"
    MEMBERS_MOVE = "members_move"
    NO_TEXT = "no_text"
    NOTHING_CHANGED = "nothing_changed"
    HAS_TEXT = "has_text"
    REPEATED = "repeated"
    TOO_DEEP = "too_deep"
    ONE_AT_A_TIME = "one_at_a_time"
    OWN_MOTION = "own_motion"
    NOT_SECONDED = "not_seconded"
    SETTLE_FIRST = "settle_first"
    NOT_ITS_TURN = "not_its_turn"
    SPOKE_ON_IT = "spoke_on_it"
    NOT_A_MEMBER = "not_a_member"


class FloorRefused(CivicForumError):
    """The rules of procedure do not allow it now. `figures` are what its sentence says, by placeholder."""

    def __init__(self, fault: FloorFault, **figures: int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.figures = figures


@dataclass(frozen=True)
class FloorRules:
    """The numbers of a session's rules of procedure."""

    speech_seconds: int
    speeches_each: int
    first_speakers_first: bool = True
    sides_alternate: bool = True
    motion_first: bool = True
    needs_seconder: bool = True
    observers_speak: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
