"""Meetings: the list, and one with its agenda, attendance and minutes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from civicforum.api.filters import ListFilters
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.shapes.common import Named
from civicforum.api.shapes.meetings import (
    AttendanceShape,
    ItemShape,
    MeetingLine,
    MeetingShape,
    MinutesShape,
    SideCount,
    SignatureShape,
)
from civicforum.api.shapes.verdicts import write_kept, write_verdict
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries import Room, ShownItem, get_page
from civicforum.meetings.queries.minutes import get_minutes
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.polls.rules import PollState

WITH_ROOM = (MeetingState.OPEN, MeetingState.CLOSED)


class MeetingFilters(ListFilters):
    """Which meetings."""

    form: MeetingForm | None = None
    state: MeetingState | None = None


def select_meetings(scope: Scope, filters: MeetingFilters) -> Select[Any]:
    """Return the meetings of a community with body, chair and agenda."""
    statement = (
        select(Meeting)
        .where(Meeting.community_id == scope.community_id)
        .options(joinedload(Meeting.body), joinedload(Meeting.chair), selectinload(Meeting.agenda))
    )
    if filters.form is not None:
        statement = statement.where(Meeting.form == filters.form)
    if filters.state is not None:
        statement = statement.where(Meeting.state == filters.state)
    return statement


def _write(_scope: Scope, meetings: Sequence[Meeting]) -> list[MeetingLine]:
    return [MeetingLine(**_fields(meeting)) for meeting in meetings]


def _fields(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "form": meeting.form,
        "title": meeting.title,
        "place": meeting.place,
        "held": meeting.held,
        "state": meeting.state,
        "starts_at": meeting.starts_at,
        "noticed_at": meeting.noticed_at,
        "urgent_reason": meeting.urgent_reason or None,
        "opened_at": meeting.opened_at,
        "closed_at": meeting.closed_at,
        "body": Named(id=meeting.body.id, name=meeting.body.name) if meeting.body else None,
        "chair": meeting.chair.name if meeting.chair else None,
        "items": len(meeting.agenda),
        "path": url_for("meetings.show", meeting_id=meeting.id),
    }


def get_meeting_shape(scope: Scope, meeting_id: uuid.UUID) -> MeetingShape:
    """Return a meeting as its page shows it to a visitor. Raises NotFound."""
    page = get_page(
        scope.session, meeting_id=meeting_id, community_id=scope.community_id, actor=None, now=scope.now
    )
    meeting = page.meeting
    return MeetingShape(
        **_fields(meeting),
        agenda=[_item(shown) for shown in page.items],
        attendance=_attendance(page.room) if meeting.state in WITH_ROOM else None,
        minutes=_minutes(scope, meeting_id),
    )


def _item(shown: ShownItem) -> ItemShape:
    item = shown.item
    is_put = item.poll is not None and item.poll.state is not PollState.DRAFT
    return ItemShape(
        id=item.id,
        position=item.position,
        title=item.title,
        text=item.text,
        minutes=item.minutes,
        matter=item.matter_id,
        poll=item.poll_id if is_put else None,
        outcome=item.outcome,
        outcome_text=item.outcome_text,
        dissent=item.dissent,
        verdicts=[write_kept(verdict) for verdict in shown.verdicts],
    )


def _attendance(room: Room) -> AttendanceShape:
    return AttendanceShape(
        present=room.present,
        due=room.due,
        observers=room.observers,
        sides=[SideCount(side=side, present=number) for side, number in sorted(room.classes.items())],
        quorum=write_verdict(room.quorum) if room.quorum else None,
    )


def _minutes(scope: Scope, meeting_id: uuid.UUID) -> MinutesShape | None:
    page = get_minutes(scope.session, meeting_id=meeting_id, community_id=scope.community_id, actor=None)
    posted_at = page.meeting.minutes_posted_at
    if not page.may_read or posted_at is None:
        return None
    return MinutesShape(
        text=page.meeting.minutes,
        sha256=page.text_hash,
        posted_at=posted_at,
        signatures=[
            SignatureShape(signer=signer, by=signature.person.name, signed_at=signature.signed_at)
            for signer, signature in page.signatures.items()
        ],
    )


MEETING = One(
    name="meeting",
    of="meetings",
    summary="A meeting with its agenda, attendance and minutes",
    shape=MeetingShape,
    write=get_meeting_shape,
)
MEETINGS = Kind(
    name="meetings",
    summary="Meetings, the latest first",
    shape=MeetingLine,
    filters=MeetingFilters,
    select=select_meetings,
    key=(Meeting.starts_at, Meeting.id),
    write=_write,
    whole=MEETING,
)
