"""Reporting a text, hiding it, and settling reports of one that stays."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, NotEligible, NotFound
from civicforum.moderation import services
from civicforum.moderation.forms import ReasonForm
from civicforum.moderation.registry import Thing, adapter_of
from civicforum.moderation.rules import NEEDS_TWO, DecisionState, Kind, check_moderate, may_read
from civicforum.moderation.views.blueprint import bp, kind_of
from civicforum.security import POSTING, by_person, limiter


@bp.route("/report/<kind>/<uuid:subject_id>", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def report(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    chosen, actor = kind_of(kind), require_actor()
    thing, form = _thing(chosen, subject_id), ReasonForm()
    form.offer(chosen)
    if thing.author_id == actor.person_id:
        raise NotEligible(actor.person_id)
    # The page repeats the words: neither those that are hidden, nor those that are not out yet.
    if not may_read(actor, is_public=thing.is_public):
        raise NotFound(subject_id)
    if thing.is_hidden:
        return _hidden_already(thing)
    if form.validate_on_submit():
        try:
            services.report(
                kind=chosen,
                subject_id=subject_id,
                reason=form.chosen,
                note=form.note.data,
                actor=actor,
                now=datetime.now(UTC),
            )
            flash(_("Thank you. Somebody looks at it; nobody learns that it was you."), "success")
        except AlreadyDone:
            flash(_("You have reported this already, or it is hidden."), "info")
        return redirect(url_of(thing), code=303)
    page = render_template("moderation/report.html", form=form, thing=thing, url=url_of(thing))
    return page, 422 if form.errors else 200


@bp.route("/hide/<kind>/<uuid:subject_id>", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.CLERK)
def hide(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    chosen, actor = kind_of(kind), require_actor()
    thing, form = _thing(chosen, subject_id), ReasonForm()
    form.offer(chosen)
    check_moderate(actor, author_id=thing.author_id, helper_id=thing.helper_id)
    if thing.is_hidden:
        return _hidden_already(thing)
    if form.validate_on_submit():
        try:
            made = services.hide(
                kind=chosen,
                subject_id=subject_id,
                reason=form.chosen,
                note=form.note.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            return _hidden_already(thing)
        if made.state is DecisionState.PROPOSED:
            flash(
                _("Your proposal is noted. Somebody of another body has to agree before it is hidden."),
                "info",
            )
        else:
            flash(_("The text is hidden, and its author is told how to appeal."), "success")
        return redirect(url_for(".decision", decision_id=made.id), code=303)
    page = render_template(
        "moderation/hide.html", form=form, thing=thing, url=url_of(thing), needs_two=chosen in NEEDS_TWO
    )
    return page, 422 if form.errors else 200


@bp.post("/cases/<uuid:case_id>/keep")
@roles(Role.COMMITTEE, Role.CLERK)
def keep(case_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.keep(case_id=case_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The reports are settled: the text stays."), "success")
    except AlreadyDone:
        flash(_("Somebody has already settled these reports."), "info")
    return redirect(url_for(".queue"), code=303)


@bp.post("/decisions/<uuid:decision_id>/confirm")
@roles(Role.COMMITTEE, Role.CLERK, Role.PARTY)
def confirm(decision_id: uuid.UUID) -> ResponseReturnValue:
    services.confirm_hiding(decision_id=decision_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("The text is hidden, and its author is told how to appeal."), "success")
    return redirect(url_for(".decision", decision_id=decision_id), code=303)


@bp.post("/decisions/<uuid:decision_id>/drop")
@roles(Role.COMMITTEE, Role.CLERK, Role.PARTY)
def drop(decision_id: uuid.UUID) -> ResponseReturnValue:
    services.drop_hiding(decision_id=decision_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("The text stays. Reports of it still wait to be settled."), "success")
    return redirect(url_for(".queue"), code=303)


def url_of(thing: Thing) -> str:
    """Return where a text is read."""
    return url_for(thing.endpoint, **thing.arguments, _anchor=thing.anchor or None)


def _hidden_already(thing: Thing) -> ResponseReturnValue:
    flash(_("This text is hidden already, or somebody has proposed to hide it."), "info")
    return redirect(url_of(thing), code=303)


def _thing(kind: Kind, subject_id: uuid.UUID) -> Thing:
    return adapter_of(kind).find(
        db.session(), subject_id=subject_id, community_id=require_actor().community_id
    )
