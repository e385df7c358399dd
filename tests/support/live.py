"""A meeting in session for screens that follow it, written as rows: how it came to be is tried elsewhere."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from civicforum import rulebook
from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from tests.integration.meetings.scenes import TEXT, Scene, Sitting


def make_session(scene: Scene, *, present: int, now: datetime, items: int = 1) -> Sitting:
    """Make a representative assembly that is open, with its first item in hand and so many members there."""
    book = rulebook.load("national-2026")
    meeting = Meeting(
        community_id=scene.community_id,
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        title="居民代表会议第三次会议",
        place="社区大礼堂",
        starts_at=now,
        noticed_at=now - timedelta(days=12),
        state=MeetingState.OPEN,
        chair_id=scene.director.person_id,
        members_due=len(scene.members),
        opened_at=now,
        profile=book.name,
        profile_version=book.version,
    )
    db.session.add(meeting)
    db.session.flush()
    agenda = [
        AgendaItem(
            community_id=scene.community_id,
            meeting_id=meeting.id,
            position=number,
            title="加装集中充电棚" if number == 1 else f"议题{number}",
            text=TEXT,
            called_at=now if number == 1 else None,
        )
        for number in range(1, items + 1)
    ]
    db.session.add_all(agenda)
    db.session.commit()
    sitting = Sitting(meeting.id, agenda[0].id, None)
    come_in(scene, sitting.meeting_id, scene.member_ids[:present], now=now)
    return sitting


def come_in(scene: Scene, meeting_id: uuid.UUID, person_ids: list[uuid.UUID], *, now: datetime) -> None:
    """Let the clerk tick these members as present."""
    services.tick_present(meeting_id=meeting_id, person_ids=person_ids, actor=scene.clerk, now=now)
