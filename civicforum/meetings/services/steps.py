"""Steps that the use cases of meetings share. They take the session and commit nothing.

Rows are locked in one order: meeting, item, matter, poll, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import ASSEMBLIES, MeetingState
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row

# The channel on which PostgreSQL tells the web processes that a meeting has changed.
SCREENS = "meeting"


def lock_meeting(session: Session, *, meeting_id: uuid.UUID, actor: Actor) -> Meeting:
    """Return the meeting, locked until the commit, which every screen that follows it will hear of.

    Raises NotFound, also for another community's meeting.
    """
    meeting = lock_row(session, Meeting, meeting_id, community_id=actor.community_id)
    tell_screens(session, meeting_id)
    return meeting


def tell_screens(session: Session, meeting_id: uuid.UUID) -> None:
    """Let the screens that follow a meeting be brought up to date when this transaction commits.

    Whoever locks the meeting has done so; a step that changes what screens show without that lock calls it.
    """
    session.execute(select(func.pg_notify(SCREENS, str(meeting_id))))


def lock_item(session: Session, *, item_id: uuid.UUID, actor: Actor) -> tuple[Meeting, AgendaItem]:
    """Return an item of an agenda with its meeting, both locked. Raises NotFound."""
    meeting_id = session.scalar(select(AgendaItem.meeting_id).where(AgendaItem.id == item_id))
    if meeting_id is None:
        raise NotFound(item_id)
    meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
    # Refreshed, because the meeting's lock may have been waited for.
    return meeting, session.get_one(AgendaItem, item_id, with_for_update=True, populate_existing=True)


def require_state(meeting: Meeting, *states: MeetingState) -> None:
    if meeting.state not in states:
        raise TransitionNotAllowed(meeting.state, states)


def rules_of(meeting: Meeting) -> rulebook.Rulebook:
    """Return the rules the meeting was planned under."""
    return rulebook.load(meeting.profile)


def post_document(
    session: Session, meeting: Meeting, document: tuple[str, str], *, actor: Actor, now: datetime
) -> None:
    """Post a notice about a meeting. `document`: title and text, as meetings.documents gives them."""
    title, text = document
    post_notice(
        session,
        community_id=meeting.community_id,
        category=(
            NoticeCategory.ASSEMBLY_DECISIONS if meeting.form in ASSEMBLIES else NoticeCategory.DELIBERATION
        ),
        title=title,
        text=text,
        subject_kind="meeting",
        subject_id=meeting.id,
        posted_by=actor.person_id,
        now=now,
    )


def record_meeting(session: Session, meeting: Meeting, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "meeting.<action>": the last step of a use case."""
    subject = Subject(meeting.community_id, "meeting", meeting.id, meeting.title)
    record_about(session, subject, action=f"meeting.{action}", **entry)
