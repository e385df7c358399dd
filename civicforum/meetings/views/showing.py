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
from civicforum.meetings.rules import DELIBERATIONS
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
    return render_template(
        "meetings/show.html", page=page, is_deliberation=page.meeting.form in DELIBERATIONS, now=now
    )
