"""The list of meetings, the page of one, and its minutes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.meetings import queries
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries.demands import list_to_call
from civicforum.meetings.queries.due import list_due
from civicforum.meetings.queries.floor import FloorPage, get_floor
from civicforum.meetings.queries.follow_ups import list_after
from civicforum.meetings.rules import ASSEMBLIES, DELIBERATIONS, MeetingState
from civicforum.meetings.rules_after import minutes_due_at
from civicforum.meetings.services.steps import rules_of
from civicforum.meetings.texts_after import FOLLOW_UPS
from civicforum.meetings.views.blueprint import bp
from civicforum.paging import page_number


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    community = require_community()
    actor = current_actor()
    return render_template(
        "meetings/index.html",
        coming=queries.list_coming(db.session(), community_id=community.id),
        past=queries.list_past(db.session(), community_id=community.id, number=page_number()),
        may_plan=actor is not None and actor.has(Role.COMMITTEE),
        due=list_due(db.session(), community_id=community.id, now=datetime.now(UTC)),
        to_call=list_to_call(db.session(), community_id=community.id),
        now=datetime.now(UTC),
    )


@bp.get("/<uuid:meeting_id>")
@public
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    community = require_community()
    now = datetime.now(UTC)
    page = queries.get_page(
        db.session(), meeting_id=meeting_id, community_id=community.id, actor=current_actor(), now=now
    )
    meeting = page.meeting
    return render_template(
        "meetings/show.html",
        page=page,
        floor=_floor(meeting, now=now),
        is_assembly=meeting.form in ASSEMBLIES,
        is_deliberation=meeting.form in DELIBERATIONS,
        after=list_after(db.session(), meeting=meeting, actor=current_actor(), now=now),
        follow_up_kinds=FOLLOW_UPS,
        minutes_due_at=minutes_due_at(rules_of(meeting), meeting.closed_at) if meeting.closed_at else None,
        now=now,
    )


def _floor(meeting: Meeting, *, now: datetime) -> FloorPage | None:
    """Return the floor of a session while it is open."""
    if meeting.state is not MeetingState.OPEN:
        return None
    return get_floor(db.session(), meeting_id=meeting.id, actor=current_actor(), now=now)
