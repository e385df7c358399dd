"""Removing a notice, posting it again, and the sheet on the board in the street."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.notices import queries, services
from civicforum.notices.errors import PersonalData
from civicforum.notices.forms import ReasonForm
from civicforum.notices.rules import DRAFTS, POSTS
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.refusing import refuse


@bp.route("/<uuid:notice_id>/remove", methods=["GET", "POST"])
@roles(*POSTS)
def remove(notice_id: uuid.UUID) -> ResponseReturnValue:
    notice = queries.get_notice(db.session(), notice_id=notice_id, community_id=require_community().id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            services.remove_notice(
                notice_id=notice_id, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            flash(_("The notice is removed. It has to be posted again for a whole period."), "success")
            return redirect(url_for(".show", notice_id=notice_id), code=303)
    body = render_template("notices/remove.html", form=form, notice=notice)
    return body, 422 if form.is_submitted() else 200


@bp.post("/<uuid:notice_id>/again")
@roles(*POSTS)
def post_again(notice_id: uuid.UUID) -> ResponseReturnValue:
    try:
        again = services.post_again(notice_id=notice_id, actor=require_actor(), now=datetime.now(UTC))
    except PersonalData:
        flash(_("The text shows somebody's number. Write it anew without it, as a draft."), "error")
        return redirect(url_for(".show", notice_id=notice_id), code=303)
    flash(_("The notice is posted again, for a whole period."), "success")
    return redirect(url_for(".show", notice_id=again), code=303)


@bp.post("/<uuid:notice_id>/hang-up")
@roles(*DRAFTS)
def hang_up(notice_id: uuid.UUID) -> ResponseReturnValue:
    services.hang_up(notice_id=notice_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("Recorded: the sheet hangs on the board."), "success")
    return redirect(url_for(".show", notice_id=notice_id), code=303)


@bp.post("/<uuid:notice_id>/take-down")
@roles(*DRAFTS)
def take_down(notice_id: uuid.UUID) -> ResponseReturnValue:
    services.take_down(notice_id=notice_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("Recorded: the sheet is off the board."), "success")
    return redirect(url_for(".show", notice_id=notice_id), code=303)
