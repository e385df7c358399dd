"""A vote that is open now, made by the services so that no test has to walk there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import Plan, PlannedItem
from tests.support.town import Neighbour, Town


@dataclass(frozen=True)
class Vote:
    """An assembly that votes: the members present, and where the meeting and the poll stand."""

    members: list[Neighbour]
    meeting: str
    poll: str
    poll_id: uuid.UUID


def open_vote(town: Town, *, members: int) -> Vote:
    director = town.officer(Role.COMMITTEE, "陈主任")
    people = [town.officer(Role.REPRESENTATIVE, f"代表{serial}") for serial in range(1, members + 1)]
    now = datetime.now(UTC)
    with town.app.app_context():
        meeting_id = services.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=Plan(
                title="居民代表会议",
                place="社区活动室",
                starts_at=now,
                items=[PlannedItem(title="通过居民公约", text="楼道不堆放杂物，宠物外出系绳。")],
            ),
            actor=director.actor,
            now=now - timedelta(days=10),
        )
        services.open_meeting(meeting_id=meeting_id, actor=director.actor, now=now)
        for one in people:
            services.check_in(meeting_id=meeting_id, actor=one.actor, now=now)
        item_id = db.session.get_one(Meeting, meeting_id).agenda[0].id
        poll_id = services.open_vote(item_id=item_id, actor=director.actor, now=now)
    return Vote(people, f"/meetings/{meeting_id}", f"/polls/{poll_id}", poll_id)
