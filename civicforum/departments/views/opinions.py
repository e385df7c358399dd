"""The opinion box: writing an opinion, entering its reply, and hiding it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments import queries, services
from civicforum.departments.errors import TooManyWaiting
from civicforum.departments.forms import HideForm, OpinionForm, ReplyForm
from civicforum.departments.models import DepartmentOpinion
from civicforum.departments.texts import REFUSALS
from civicforum.departments.views.blueprint import bp
from civicforum.departments.views.showing import show_page
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.security import by_person, limiter

# A person writes; a script floods.
MANY_OPINIONS = "10 per minute"


@bp.post("/<uuid:department_id>/opinions")
@signed_in
@limiter.limit(MANY_OPINIONS, key_func=by_person)
def send(department_id: uuid.UUID) -> ResponseReturnValue:
    form = OpinionForm()
    if form.validate_on_submit():
        try:
            services.send_opinion(
                department_id=department_id,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        except TooManyWaiting:
            add_error(form, "text", _("As many of your opinions wait here as may: wait for a reply first."))
        else:
            flash(_("Thank you. Your opinion is in the box, and a reply is due."), "success")
            return redirect(url_for(".show", department_id=department_id, _anchor="own"), code=303)
    return show_page(department_id, form), 422


@bp.route("/opinions/<uuid:opinion_id>/reply", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def reply(opinion_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what the department replied."""
    opinion, form = _opinion(opinion_id), ReplyForm()
    if form.validate_on_submit():
        try:
            services.reply_to_opinion(
                opinion_id=opinion_id,
                text=form.text.data,
                replied_by=form.replied_by.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        except AlreadyDone:
            flash(_("This opinion already has a reply."), "error")
            return _to_opinion(opinion)
        else:
            flash(_("The reply is entered and can be read."), "success")
            return _to_opinion(opinion)
    body = render_template("departments/reply.html", form=form, opinion=opinion)
    return body, 422 if form.is_submitted() else 200


@bp.route("/opinions/<uuid:opinion_id>/hide", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def hide(opinion_id: uuid.UUID) -> ResponseReturnValue:
    opinion, form = _opinion(opinion_id), HideForm()
    if form.validate_on_submit():
        try:
            services.hide_opinion(
                opinion_id=opinion_id,
                reason=form.reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("This opinion is already hidden."), "error")
        else:
            flash(_("The opinion is hidden; its number and the reason stay."), "success")
        return _to_opinion(opinion)
    body = render_template("departments/hide.html", form=form, opinion=opinion)
    return body, 422 if form.is_submitted() else 200


def _opinion(opinion_id: uuid.UUID) -> DepartmentOpinion:
    return queries.get_opinion(db.session(), opinion_id=opinion_id, community_id=require_community().id)


def _to_opinion(opinion: DepartmentOpinion) -> ResponseReturnValue:
    anchor = f"opinion-{opinion.number}"
    return redirect(url_for(".show", department_id=opinion.department_id, _anchor=anchor), code=303)
