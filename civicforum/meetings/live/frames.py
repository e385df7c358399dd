"""What screens show: one frame for all that show the same meeting in the same way and language."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """The wall of the room, or the page of somebody who takes part."""

    WALL = "wall"
    PERSON = "person"


@dataclass(frozen=True)
class Screen:
    """A way in which a meeting is shown. `locale`: "zh_Hans" or "en".

    `names`: to somebody who is signed in; to all others a resident who came as a resident has no name.
    """

    meeting_id: uuid.UUID
    kind: Kind
    locale: str
    names: bool = False


@dataclass(frozen=True)
class Frame:
    """What such screens show at one moment: HTML. What says the same has the same id, in every process.

    `is_last`: nothing will follow, the meeting is over.
    """

    html: str
    is_last: bool = False

    @cached_property
    def id(self) -> str:
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]

    @cached_property
    def event(self) -> bytes:
        """The frame as a server-sent event, made once for all its screens."""
        data = "\n".join(f"data: {line}" for line in self.html.splitlines())
        return f"event: frame\nid: {self.id}\n{data}\n\n".encode()


@dataclass(frozen=True)
class Drawing:
    """The frames of one meeting, made from one reading.

    `look_again`: after so many seconds it is read again without a signal.
    """

    frames: dict[Screen, Frame]
    look_again: float
