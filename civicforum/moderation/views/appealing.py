"""Appealing against a hiding, and ruling on the appeal."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.moderation import queries, services
from civicforum.moderation.errors import TooLate
from civicforum.moderation.forms import AppealForm, RulingForm
from civicforum.moderation.queries import Decision
from civicforum.moderation.rules import APPEAL_RULE, RULING_RULE
from civicforum.moderation.views.blueprint import bp, rule
from civicforum.security import POSTING, by_person, limiter


@bp.route("/decisions/<uuid:decision_id>/appeal", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def appeal(decision_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _decision(decision_id), AppealForm()
    if not found.is_own:
        raise NotEligible(decision_id)
    if not found.may_appeal:
        flash(_("An appeal is no longer possible, or you have made it already."), "info")
        return _to(decision_id)
    if form.validate_on_submit():
        try:
            services.appeal(
                decision_id=decision_id, text=form.text.data, actor=require_actor(), now=datetime.now(UTC)
            )
            flash(_("Your appeal is with the supervision committee."), "success")
        except TooLate:
            flash(_("The time for an appeal is over."), "error")
        return _to(decision_id)
    page = render_template(
        "moderation/appeal.html", form=form, decision=found, row=found.row, rule=rule(APPEAL_RULE)
    )
    return page, 422 if form.errors else 200


@bp.route("/decisions/<uuid:decision_id>/rule", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def rule_on(decision_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _decision(decision_id), RulingForm()
    if found.row.appeal is not None and found.row.appeal.outcome is not None:
        flash(_("This appeal has its ruling already."), "info")
        return _to(decision_id)
    if not found.may_rule:
        raise NotEligible(decision_id)
    if form.validate_on_submit():
        try:
            services.rule_on_appeal(
                decision_id=decision_id,
                outcome=form.chosen,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("The ruling is public, and the author is told."), "success")
        except TransitionNotAllowed:
            flash(_("This appeal has its ruling already."), "info")
        return _to(decision_id)
    page = render_template(
        "moderation/rule_on.html", form=form, decision=found, row=found.row, rule=rule(RULING_RULE)
    )
    return page, 422 if form.errors else 200


def _decision(decision_id: uuid.UUID) -> Decision:
    actor = require_actor()
    return queries.get_decision(
        db.session(),
        decision_id=decision_id,
        community_id=actor.community_id,
        actor=actor,
        now=datetime.now(UTC),
    )


def _to(decision_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".decision", decision_id=decision_id), code=303)
