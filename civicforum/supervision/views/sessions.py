"""Sessions that members sit in on: saying so, and remarks afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.meetings.models import Meeting
from civicforum.paging import page_number
from civicforum.supervision import services
from civicforum.supervision.forms import RemarkForm
from civicforum.supervision.queries.records import list_sessions, list_sittings
from civicforum.supervision.rules import SITS_IN_RULE, may_supervise
from civicforum.supervision.texts import REFUSALS
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.saying import say


@bp.get("/sessions")
@public
def sessions() -> ResponseReturnValue:
    community, actor, session = require_community(), current_actor(), db.session()
    is_over = request.args.get("show") == "over"
    return render_template(
        "supervision/sessions.html",
        page=list_sessions(session, community_id=community.id, is_over=is_over, number=page_number()),
        is_over=is_over,
        rule=rulebook.load(community.profile).rule(SITS_IN_RULE),
        may_write=may_supervise(actor),
        own_id=actor.person_id if actor else None,
    )


@bp.post("/sessions/<uuid:meeting_id>/sit-in")
@roles(Role.SUPERVISOR)
def sit_in(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return _announce(meeting_id, services.sit_in, _("It stands on the meeting's page that you sit in."))


@bp.post("/sessions/<uuid:meeting_id>/stay-away")
@roles(Role.SUPERVISOR)
def stay_away(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return _announce(meeting_id, services.stay_away, _("You are no longer expected at this session."))


@bp.route("/sessions/<uuid:meeting_id>/remark", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def remark(meeting_id: uuid.UUID) -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    meeting = session.get(Meeting, meeting_id)
    sittings = list_sittings(session, meeting_id=meeting_id)
    own = next((one for one in sittings if one.person_id == actor.person_id), None)
    if meeting is None or meeting.community_id != actor.community_id or own is None:
        raise NotFound(meeting_id)
    form = RemarkForm()
    if form.validate_on_submit():
        try:
            services.remark(meeting_id=meeting_id, text=form.text.data, actor=actor, now=datetime.now(UTC))
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone:
            flash(_("This remark is already there."), "info")
            return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="sittings"), code=303)
        except TransitionNotAllowed:
            form.form_errors.append(_("The session has not begun, or it was called off."))
        else:
            flash(_("Your remark is public and stays as it is."), "success")
            return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="sittings"), code=303)
    body = render_template("supervision/remark.html", form=form, meeting=meeting, sitting=own)
    return body, 422 if form.is_submitted() else 200


def _announce(meeting_id: uuid.UUID, service: Callable[..., object], words: str) -> ResponseReturnValue:
    actor: Actor = require_actor()
    try:
        service(meeting_id=meeting_id, actor=actor, now=datetime.now(UTC))
        flash(words, "success")
    except AlreadyDone:
        flash(_("You have already said so."), "info")
    except Invalid as refused:
        flash(str(REFUSALS[refused.reason]), "error")
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="sittings"), code=303)
