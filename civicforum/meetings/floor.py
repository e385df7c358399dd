"""The floor of a session: how one speaks and moves (DOMAIN.md C9), on plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


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
