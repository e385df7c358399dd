"""The minutes of a meeting: its page, and the form in which they are kept."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import require_community
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.meetings import queries, services
from civicforum.meetings.forms import MinutesForm
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import check_run
from civicforum.meetings.services.minutes import draft_of
from civicforum.meetings.views.blueprint import bp


@bp.get("/<uuid:meeting_id>/minutes")
@public
def minutes(meeting_id: uuid.UUID) -> ResponseReturnValue:
    community = require_community()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=community.id)
    return render_template("meetings/minutes.html", meeting=meeting)


@bp.route("/<uuid:meeting_id>/minutes/edit", methods=["GET", "POST"])
@signed_in
def edit_minutes(meeting_id: uuid.UUID) -> ResponseReturnValue:
    meeting, actor = _meeting_to_run(meeting_id)
    form = MinutesForm()
    if form.validate_on_submit():
        services.write_minutes(
            meeting_id=meeting_id, text=form.text.data or "", actor=actor, now=datetime.now(UTC)
        )
        flash(_("The minutes are kept. They are fixed when the meeting is closed."), "success")
        return redirect(url_for(".show", meeting_id=meeting_id, _anchor="minutes"), code=303)
    wants_draft = "draft" in request.args
    if not form.is_submitted():
        form.text.data = meeting.minutes if meeting.minutes and not wants_draft else _draft(meeting)
    page = render_template("meetings/edit_minutes.html", form=form, meeting=meeting)
    return page, 422 if form.is_submitted() else 200


def _meeting_to_run(meeting_id: uuid.UUID) -> tuple[Meeting, Actor]:
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    check_run(actor, chair_id=meeting.chair_id)
    return meeting, actor


def _draft(meeting: Meeting) -> str:
    session = db.session()
    now = datetime.now(UTC)
    _lines, room = queries.list_door(session, meeting=meeting, now=now)
    return draft_of(session, meeting, meeting.agenda, quorum=room.quorum, closed_at=None)
