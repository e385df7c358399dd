"""Meetings and the ends of votes as a calendar (RFC 5545) to which phones subscribe."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from civicforum.api.kinds.kind import Scope
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState

# How far back it reaches; what is coming is all in it.
BEHIND = timedelta(days=90)
MOST = 500
LONGEST_LINE = 75
COMING = (PollState.ROLL_POSTED, PollState.READY, PollState.OPEN)


@dataclass(frozen=True)
class Event:
    """A date: `changed_at` is when it was last announced, `minutes` how long it lasts."""

    id: uuid.UUID
    title: str
    starts_at: datetime
    minutes: int
    changed_at: datetime
    place: str
    url: str
    is_cancelled: bool = False


def write_calendar(scope: Scope) -> str:
    """Return the calendar of a community; the same rows give the same text."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//civicforum//open data//ZH",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(scope.community.name)}",
    ]
    for event in [*_meetings(scope), *_votes(scope)]:
        lines += _lines(event)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) for line in lines)


def escape(text: str) -> str:
    """Write a text as RFC 5545, 3.3.11 asks; control characters have no place there."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for found, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(found, written)
    return "".join(sign for sign in plain if sign.isprintable())


def fold(line: str) -> str:
    """Break a line after at most 75 octets, never within a sign, and end it."""
    parts, length = [""], 0
    for sign in line:
        size = len(sign.encode())
        if length + size > LONGEST_LINE:
            parts.append(" ")
            length = 1
        parts[-1] += sign
        length += size
    return "".join(f"{part}\r\n" for part in parts)


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id.urn}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    if event.minutes:
        yield f"DURATION:PT{event.minutes}M"
    yield f"SUMMARY:{escape(event.title)}"
    if event.place:
        yield f"LOCATION:{escape(event.place)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _meetings(scope: Scope) -> Iterable[Event]:
    statement = (
        select(Meeting)
        .where(Meeting.community_id == scope.community_id, Meeting.starts_at >= scope.now - BEHIND)
        .options(selectinload(Meeting.agenda))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    for meeting in scope.session.scalars(statement):
        yield Event(
            id=meeting.id,
            title=meeting.title,
            starts_at=meeting.starts_at,
            minutes=sum(item.minutes for item in meeting.agenda),
            changed_at=meeting.noticed_at,
            place=meeting.place,
            url=url_for("meetings.show", meeting_id=meeting.id, _external=True),
            is_cancelled=meeting.state is MeetingState.CANCELLED,
        )


def _votes(scope: Scope) -> Iterable[Event]:
    statement = (
        select(Poll)
        .where(Poll.community_id == scope.community_id, Poll.state.in_(COMING), Poll.closes_at.is_not(None))
        .order_by(Poll.closes_at, Poll.id)
        .limit(MOST)
    )
    for poll in scope.session.scalars(statement):
        if poll.closes_at is not None:
            yield Event(
                id=poll.id,
                title=f"投票截止：{poll.title}",
                starts_at=poll.closes_at,
                minutes=0,
                changed_at=poll.opened_at or poll.created_at,
                place="",
                url=url_for("polls.show", poll_id=poll.id, _external=True),
            )
