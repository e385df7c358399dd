"""Recommending somebody, entering what the inspection found, and letting a candidate leave."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.reserve import queries, services
from civicforum.reserve.forms import InspectForm, LeaveForm, RecommendForm
from civicforum.reserve.texts import REFUSALS
from civicforum.reserve.views.blueprint import back_to, bp, selection_to_run


@bp.route("/<uuid:selection_id>/recommend", methods=["GET", "POST"])
@roles(Role.PARTY)
def recommend(selection_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), RecommendForm()
    if form.validate_on_submit():
        try:
            services.recommend(
                selection_id=selection_id,
                person=form.person.data,
                recommended_by=form.recommended_by.data,
                recommendation=form.recommendation.data,
                bonus=form.bonus.data,
                bonus_reason=form.bonus_reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        except AlreadyDone:
            add_error(form, "person", _("This person is recommended already."))
        else:
            flash(_("The recommendation is entered. Here is the next one."), "success")
            return redirect(url_for(".recommend", selection_id=selection_id), code=303)
    body = render_template("reserve/recommend.html", form=form, selection=selection)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:selection_id>/candidates/<uuid:candidate_id>/inspect", methods=["GET", "POST"])
@roles(Role.PARTY)
def inspect(selection_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), InspectForm()
    candidate = queries.get_candidate(selection, candidate_id)
    if form.validate_on_submit():
        try:
            services.enter_inspection(
                selection_id=selection_id,
                candidate_id=candidate_id,
                text=form.text.data,
                passed=form.passed.data == "yes",
                reason=form.reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(_("The inspection is entered."), "success")
            return back_to(selection_id)
    elif not form.is_submitted() and candidate.passed_inspection is not None:
        form.text.data, form.passed.data = candidate.inspection, "yes"
    body = render_template("reserve/inspect.html", form=form, selection=selection, candidate=candidate)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:selection_id>/candidates/<uuid:candidate_id>/leave", methods=["GET", "POST"])
@roles(Role.PARTY)
def leave(selection_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), LeaveForm()
    candidate = queries.get_candidate(selection, candidate_id)
    if form.validate_on_submit():
        services.leave(
            selection_id=selection_id,
            candidate_id=candidate_id,
            reason=form.reason.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("It is recorded that %(name)s left.", name=candidate.person.name), "success")
        return back_to(selection_id)
    body = render_template("reserve/leave.html", form=form, selection=selection, candidate=candidate)
    return body, 422 if form.is_submitted() else 200
