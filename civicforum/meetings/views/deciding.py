"""What a deliberation comes to."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.meetings import queries, services
from civicforum.meetings.errors import VoteIsOpen
from civicforum.meetings.floor import FloorRefused
from civicforum.meetings.forms import OutcomeForm
from civicforum.meetings.rules import Outcome, check_conclude
from civicforum.meetings.texts_floor import VOTE_IS_OPEN, fault_text
from civicforum.meetings.views.blueprint import bp


@bp.route("/items/<uuid:item_id>/outcome", methods=["GET", "POST"])
@signed_in
def outcome(item_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    item = queries.get_item(db.session(), item_id=item_id, community_id=actor.community_id)
    check_conclude(actor, chair_id=item.meeting.presiding_id)
    has_matter = item.matter_id is not None
    form = OutcomeForm()
    form.set_choices(has_matter=has_matter)
    if form.validate_on_submit():
        try:
            meeting_id = services.conclude_item(
                item_id=item_id,
                outcome=Outcome(form.outcome.data),
                text=form.text.data or "",
                dissent=form.dissent.data or "",
                actor=actor,
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            # The one that the form cannot know: dissent is noted, and nobody wrote it down.
            form[refusal.field or "outcome"].errors = [
                _("Write down the dissent, or choose another outcome.")
            ]
        except FloorRefused as refusal:
            form["outcome"].errors = [fault_text(refusal)]
        except VoteIsOpen:
            form["outcome"].errors = [VOTE_IS_OPEN]
        else:
            flash(_("The outcome is recorded."), "success")
            return redirect(url_for(".show", meeting_id=meeting_id, _anchor=f"item-{item_id}"), code=303)
    elif not form.is_submitted():
        form.text.data = item.text
    room = queries.list_door(db.session(), meeting=item.meeting, now=datetime.now(UTC))[1]
    page = render_template(
        "meetings/outcome.html", form=form, item=item, room=room, hints=form.hints(has_matter=has_matter)
    )
    return page, 422 if form.is_submitted() else 200
