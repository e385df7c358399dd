"""The page from which a session is led, its items, and its chair."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.meetings import queries, services
from civicforum.meetings.queries.floor import get_floor
from civicforum.meetings.rules import ASSEMBLIES, check_run
from civicforum.meetings.texts_floor import STANCES
from civicforum.meetings.views.blueprint import bp
from civicforum.meetings.views.floor_acts import act
from civicforum.meetings.views.pictures import check_in_picture


@bp.get("/<uuid:meeting_id>/floor")
@signed_in
def floor(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show queue, motions, points of order and presence to whoever leads the session or writes it down."""
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    check_run(actor, chair_id=meeting.presiding_id)
    page = get_floor(db.session(), meeting_id=meeting_id, actor=actor, now=datetime.now(UTC))
    return render_template(
        "meetings/floor.html",
        page=page,
        stances=STANCES,
        is_assembly=meeting.form in ASSEMBLIES,
        check_in_picture=check_in_picture(meeting),
    )


@bp.post("/items/<uuid:item_id>/call")
@signed_in
def call_item(item_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    item = queries.get_item(db.session(), item_id=item_id, community_id=actor.community_id)

    def do() -> None:
        services.call_item(item_id=item_id, actor=actor, now=datetime.now(UTC))

    return act(do, item.meeting_id, done=_("Item %(number)s is in hand.", number=item.position))


@bp.post("/<uuid:meeting_id>/chair/leave")
@signed_in
def leave_chair(meeting_id: uuid.UUID) -> ResponseReturnValue:
    acting_id = request.form.get("acting", type=uuid.UUID) or uuid.UUID(int=0)

    def do() -> None:
        services.leave_chair(
            meeting_id=meeting_id, acting_id=acting_id, actor=require_actor(), now=datetime.now(UTC)
        )

    return act(do, meeting_id, done=_("You have left the chair. You may speak for a side now."))


@bp.post("/<uuid:meeting_id>/chair/return")
@signed_in
def take_chair_again(meeting_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.take_chair_again(meeting_id=meeting_id, actor=require_actor(), now=datetime.now(UTC))

    return act(do, meeting_id, done=_("The chair is back."))
