"""The page of a poll, voting on it, and the page that says it is done."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, TransitionNotAllowed
from civicforum.meetings.queries import find_item_of_poll
from civicforum.meetings.queries.floor import find_hands
from civicforum.polls.queries import named as queries
from civicforum.polls.queries.standing import find_alone
from civicforum.polls.rules import Choice
from civicforum.polls.services import named as services
from civicforum.polls.views.blueprint import bp
from civicforum.polls.views.showing import session_of, show_alone


@bp.get("/<uuid:poll_id>")
@public
def show(poll_id: uuid.UUID) -> ResponseReturnValue:
    community = require_community()
    actor = current_actor()
    if alone := find_alone(db.session(), poll_id=poll_id, community_id=community.id, actor=actor):
        return show_alone(alone)
    page = queries.get_page(
        db.session(),
        poll_id=poll_id,
        community_id=community.id,
        person_id=actor.person_id if actor else None,
    )
    return render_template(
        "polls/show.html",
        page=page,
        hands=find_hands(db.session(), page.poll),
        **session_of(page.poll, actor),
    )


@bp.post("/<uuid:poll_id>/vote")
@signed_in
def vote(poll_id: uuid.UUID) -> ResponseReturnValue:
    choice = request.form.get("choice")
    if choice not in list(Choice):
        abort(400)
    try:
        services.cast_open_ballot(
            poll_id=poll_id, choice=Choice(choice), actor=require_actor(), now=datetime.now(UTC)
        )
    except AlreadyDone:
        flash(_("You have voted before. That vote stands, and this one was not counted."), "info")
    except TransitionNotAllowed:
        flash(_("The vote is not open. Your vote was not counted."), "error")
        return redirect(url_for(".show", poll_id=poll_id), code=303)
    return redirect(url_for(".done", poll_id=poll_id), code=303)


@bp.get("/<uuid:poll_id>/done")
@signed_in
def done(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = queries.get_page(
        db.session(),
        poll_id=poll_id,
        community_id=require_actor().community_id,
        person_id=require_actor().person_id,
    )
    if page.own_choice is None:
        return redirect(url_for(".show", poll_id=poll_id))
    return render_template(
        "polls/done.html", page=page, item=find_item_of_poll(db.session(), poll_id=poll_id)
    )
