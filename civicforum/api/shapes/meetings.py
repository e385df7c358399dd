"""Shapes of meetings."""

from __future__ import annotations

import uuid

from pydantic import Field

from civicforum.api.shapes.common import Instant, Named, Path, Sha256, Shape
from civicforum.api.shapes.verdicts import KeptVerdictShape, VerdictShape
from civicforum.meetings.rules import Held, MeetingForm, MeetingState, Outcome, ParticipantClass, Signer


class MeetingLine(Shape):
    """A meeting as lists give it."""

    id: uuid.UUID
    form: MeetingForm
    title: str
    place: str
    held: Held
    state: MeetingState
    starts_at: Instant
    noticed_at: Instant
    urgent_reason: str | None
    opened_at: Instant | None
    closed_at: Instant | None
    body: Named | None
    chair: str | None
    items: int
    path: Path


class ItemShape(Shape):
    """An item of an agenda with what came of it."""

    id: uuid.UUID
    position: int
    title: str
    text: str
    minutes: int = Field(description="Planned length.")
    matter: uuid.UUID | None
    poll: uuid.UUID | None
    outcome: Outcome | None
    outcome_text: str
    dissent: str
    verdicts: list[KeptVerdictShape]


class SideCount(Shape):
    """How many sit at the table for a side."""

    side: ParticipantClass
    present: int


class AttendanceShape(Shape):
    """How many are, or were, there; names stay in the room."""

    present: int
    due: int = Field(description="How many belong to the meeting; 0 for a deliberation without a body.")
    observers: int
    sides: list[SideCount]
    quorum: VerdictShape | None


class SignatureShape(Shape):
    """Who signed the minutes as what."""

    signer: Signer
    by: str
    signed_at: Instant


class MinutesShape(Shape):
    """The minutes as they were signed and posted."""

    text: str
    sha256: Sha256
    posted_at: Instant
    signatures: list[SignatureShape]


class MeetingShape(MeetingLine):
    """A meeting with its agenda, who was there, and its minutes once they are posted."""

    agenda: list[ItemShape]
    attendance: AttendanceShape | None
    minutes: MinutesShape | None
