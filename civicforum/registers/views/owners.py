"""What owners decided: the list, an entry, notifying, and remarking."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.registers.forms import DecisionForm, RemarkForm
from civicforum.registers.queries.owners import count_waiting, get_decision, list_decisions
from civicforum.registers.rules import REMARKS, RemarkState
from civicforum.registers.services.owners import may_notify, notify_decision, remark_on
from civicforum.registers.texts import REFUSALS, STATES
from civicforum.registers.views.blueprint import bp


@bp.app_template_filter()
def remark_state(state: RemarkState) -> str:
    return str(STATES[state])


@bp.get("/owners")
@public
def decisions() -> ResponseReturnValue:
    community, actor, session = require_community(), current_actor(), db.session()
    return render_template(
        "registers/decisions.html",
        page=list_decisions(session, community_id=community.id, number=page_number()),
        waiting=count_waiting(session, community_id=community.id),
        may_notify=actor is not None and may_notify(session, actor=actor, now=datetime.now(UTC)),
    )


@bp.get("/owners/<uuid:decision_id>")
@public
def decision(decision_id: uuid.UUID) -> ResponseReturnValue:
    return _page(decision_id, RemarkForm(formdata=None))


@bp.route("/owners/notify", methods=["GET", "POST"])
@signed_in
def notify() -> ResponseReturnValue:
    actor, form, now = require_actor(), DecisionForm(), datetime.now(UTC)
    if not may_notify(db.session(), actor=actor, now=now):
        raise NotEligible(actor.person_id)
    if form.validate_on_submit():
        try:
            decision_id = notify_decision(
                owners=form.owners.data,
                title=form.title.data,
                text=form.text.data,
                decided_on=form.decided_on.data,
                actor=actor,
                now=now,
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("The residents' committee is notified, from this instant."), "success")
            return redirect(url_for(".decision", decision_id=decision_id), code=303)
    return render_template("registers/notify.html", form=form), 422 if form.errors else 200


@bp.post("/owners/<uuid:decision_id>/remark")
@roles(Role.COMMITTEE)
def remark(decision_id: uuid.UUID) -> ResponseReturnValue:
    form = RemarkForm()
    if form.validate():
        try:
            remark_on(
                decision_id=decision_id,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("Somebody of the committee has looked at it already."), "info")
            return redirect(url_for(".decision", decision_id=decision_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("It is recorded, with your name and post."), "success")
            return redirect(url_for(".decision", decision_id=decision_id), code=303)
    return _page(decision_id, form)


def _page(decision_id: uuid.UUID, form: RemarkForm) -> ResponseReturnValue:
    community, actor = require_community(), current_actor()
    line = get_decision(db.session(), decision_id=decision_id, community_id=community.id)
    page = render_template(
        "registers/decision.html",
        line=line,
        form=form,
        may_remark=line.state is RemarkState.WAITING
        and actor is not None
        and actor.assisted_by is None
        and actor.has(*REMARKS),
    )
    return page, 422 if form.errors else 200
