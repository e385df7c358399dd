"""Planning a selection, posting it, and declaring it void."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, RuleRefused
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.reserve import services
from civicforum.reserve.forms import PlanForm, VoidForm
from civicforum.reserve.rules import SelectionState, move
from civicforum.reserve.texts import REFUSALS
from civicforum.reserve.views.blueprint import back_to, bp, selection_to_run
from civicforum.rulebook.days import day_of


@bp.route("/new", methods=["GET", "POST"])
@roles(Role.PARTY)
def plan() -> ResponseReturnValue:
    form = PlanForm()
    if not form.is_submitted():
        form.year.data = day_of(datetime.now(UTC)).year
    elif form.validate():
        try:
            made = services.plan_selection(given=form.given(), actor=require_actor(), now=datetime.now(UTC))
        except (Invalid, RuleRefused) as refused:
            _say(form, refused)
        else:
            flash(_("The selection is planned. Check it, then post it."), "success")
            return redirect(url_for(".show", selection_id=made), code=303)
    body = render_template("reserve/plan.html", form=form, selection=None)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:selection_id>/change", methods=["GET", "POST"])
@roles(Role.PARTY)
def change(selection_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), PlanForm()
    # Refused here already: a posted plan is not opened to be changed.
    move(selection.state, SelectionState.POSTED)
    if not form.is_submitted():
        form.fill(selection)
    elif form.validate():
        try:
            services.change_selection(
                selection_id=selection_id, given=form.given(), actor=require_actor(), now=datetime.now(UTC)
            )
        except (Invalid, RuleRefused) as refused:
            _say(form, refused)
        else:
            flash(_("The plan of the selection is changed."), "success")
            return back_to(selection_id)
    body = render_template("reserve/plan.html", form=form, selection=selection)
    return body, 422 if form.is_submitted() else 200


@bp.post("/<uuid:selection_id>/post")
@roles(Role.PARTY)
def post(selection_id: uuid.UUID) -> ResponseReturnValue:
    services.post_selection(selection_id=selection_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("Criteria and weights are posted. Now organisations can recommend."), "success")
    return back_to(selection_id)


@bp.route("/<uuid:selection_id>/void", methods=["GET", "POST"])
@roles(Role.PARTY)
def void(selection_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), VoidForm()
    move(selection.state, SelectionState.VOID)
    if form.validate_on_submit():
        services.void_selection(
            selection_id=selection_id,
            ground=form.ground.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("The selection is void."), "success")
        return back_to(selection_id)
    body = render_template("reserve/void.html", form=form, selection=selection)
    return body, 422 if form.is_submitted() else 200


def _say(form: PlanForm, refused: Invalid | RuleRefused) -> None:
    if isinstance(refused, RuleRefused):
        add_error(form, "year", verdict_text(refused.verdict))
    else:
        add_error(form, refused.field, str(REFUSALS[refused.reason]))
