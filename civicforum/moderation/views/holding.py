"""What is done with a held text: posted, refused, or taken back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import TransitionNotAllowed
from civicforum.moderation import queries, services
from civicforum.moderation.forms import ReasonForm
from civicforum.moderation.rules import HeldState, check_moderate
from civicforum.moderation.views.blueprint import bp


@bp.post("/held/<uuid:held_id>/release")
@roles(Role.COMMITTEE, Role.CLERK)
def release(held_id: uuid.UUID) -> ResponseReturnValue:
    try:
        state = services.release(held_id=held_id, actor=require_actor(), now=datetime.now(UTC))
    except TransitionNotAllowed:
        flash(_("Somebody has already decided on this text."), "info")
    else:
        if state is HeldState.RELEASED:
            flash(_("The text is posted in its author's name."), "success")
        else:
            flash(_("It could not be posted: what it belongs to has ended. Its author is told."), "info")
    return redirect(url_for(".queue"), code=303)


@bp.route("/held/<uuid:held_id>/refuse", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.CLERK)
def refuse(held_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), ReasonForm()
    held = queries.get_held(db.session(), held_id=held_id, actor=actor)
    check_moderate(actor, author_id=held.author_id, helper_id=held.entered_by_id)
    form.offer(held.kind)
    if form.validate_on_submit():
        try:
            services.refuse(
                held_id=held_id,
                reason=form.chosen,
                note=form.note.data,
                actor=actor,
                now=datetime.now(UTC),
            )
            flash(_("The text is not posted. Its author is told why, and how to appeal."), "success")
        except TransitionNotAllowed:
            flash(_("Somebody has already decided on this text."), "info")
        return redirect(url_for(".queue"), code=303)
    page = render_template("moderation/refuse.html", form=form, held=held)
    return page, 422 if form.errors else 200


@bp.post("/held/<uuid:held_id>/take-back")
@signed_in
def take_back(held_id: uuid.UUID) -> ResponseReturnValue:
    services.take_back(held_id=held_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("You have taken the text back. It is not posted."), "success")
    return redirect(url_for(".mine"), code=303)
