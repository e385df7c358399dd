"""Public registers: councils with rules and turns, what was coordinated, what has to be deliberated on."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.meetings.forms import ReasonForm
from civicforum.meetings.forms.preparing import DutyForm, TurnsForm
from civicforum.meetings.queries.register import (
    get_council,
    get_duty,
    list_coordinated,
    list_councils,
    list_duties,
)
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import duties as duty_services
from civicforum.meetings.services import turns as turn_services
from civicforum.meetings.texts_before import TURN_REFUSALS
from civicforum.meetings.turns import chair_on, next_after
from civicforum.meetings.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.people.queries import rules_in
from civicforum.rulebook.days import day_of


@bp.get("/councils")
@public
def councils() -> ResponseReturnValue:
    community = require_community()
    lines = list_councils(db.session(), community_id=community.id, day=day_of(datetime.now(UTC)))
    return render_template("meetings/councils.html", councils=lines)


@bp.get("/councils/<uuid:body_id>")
@public
def council(body_id: uuid.UUID) -> ResponseReturnValue:
    return _council_page(body_id, TurnsForm(formdata=None)), 200


@bp.post("/councils/<uuid:body_id>/turns")
@roles(Role.COMMITTEE)
def add_turns(body_id: uuid.UUID) -> ResponseReturnValue:
    form = TurnsForm()
    if form.validate():
        table = turn_services.Table(form.lines(), form.start_on.data, int(form.months.data))
        try:
            turn_services.add_turns(
                body_id=body_id, table=table, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(TURN_REFUSALS[refusal.reason]))
        else:
            flash(_("The turns are in the table."), "success")
            return redirect(url_for(".council", body_id=body_id), code=303)
    return _council_page(body_id, form), 422


@bp.post("/turns/<uuid:turn_id>/skip")
@roles(Role.COMMITTEE)
def skip_turn(turn_id: uuid.UUID) -> ResponseReturnValue:
    try:
        body_id = turn_services.skip_turn(
            turn_id=turn_id,
            reason=request.form.get("reason", "").strip()[:300],
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except Invalid:
        flash(_("Give the reason why the unit does not take its turn."), "error")
        return redirect(url_for(".council", body_id=request.form.get("body_id", type=uuid.UUID)), code=303)
    flash(_("The turn is passed over. The next unit has the chair."), "success")
    return redirect(url_for(".council", body_id=body_id), code=303)


@bp.get("/coordinated")
@public
def coordinated() -> ResponseReturnValue:
    """Show the register of parties' meetings: matter, sides, result (DOMAIN.md row 2-18)."""
    page, sides = list_coordinated(db.session(), community_id=require_community().id, number=page_number())
    return render_template("meetings/coordinated.html", page=page, sides=sides)


@bp.get("/duties")
@public
def duties() -> ResponseReturnValue:
    return _duties_page(DutyForm(formdata=None)), 200


@bp.post("/duties")
@roles(Role.COMMITTEE)
def add_duty() -> ResponseReturnValue:
    form = DutyForm()
    form.offer()
    if form.validate():
        duty = duty_services.NewDuty(
            form.title.data, MeetingForm(form.kind.data), form.ground.data, form.chosen_category()
        )
        try:
            duty_services.add_duty(duty=duty, actor=require_actor(), now=datetime.now(UTC))
        except AlreadyDone:
            add_error(form, "title", _("This subject is in the catalogue already."))
        else:
            flash(_("The subject is in the catalogue."), "success")
            return redirect(url_for(".duties"), code=303)
    return _duties_page(form), 422


@bp.post("/duties/start")
@roles(Role.COMMITTEE)
def start_duties() -> ResponseReturnValue:
    number = duty_services.start_catalogue(actor=require_actor(), now=datetime.now(UTC))
    flash(
        ngettext("%(num)s subject is in the catalogue.", "%(num)s subjects are in the catalogue.", number),
        "success",
    )
    return redirect(url_for(".duties"), code=303)


@bp.route("/duties/<uuid:duty_id>/end", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def end_duty(duty_id: uuid.UUID) -> ResponseReturnValue:
    duty = get_duty(db.session(), duty_id=duty_id, community_id=require_community().id)
    form = ReasonForm()
    if form.validate_on_submit():
        duty_services.end_duty(
            duty_id=duty_id, reason=form.reason.data or "", actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The subject is out of the catalogue."), "success")
        return redirect(url_for(".duties"), code=303)
    page = render_template("meetings/end_duty.html", duty=duty, form=form)
    return page, 422 if form.is_submitted() else 200


def _council_page(body_id: uuid.UUID, form: TurnsForm) -> str:
    community, actor, now = require_community(), current_actor(), datetime.now(UTC)
    today = day_of(now)
    page = get_council(
        db.session(), body_id=body_id, community_id=community.id, day=today, number=page_number()
    )
    current = chair_on(page.turns, today)
    if not form.is_submitted() or form.start_on.data is None:
        form.start_on.data = form.start_on.data or today
    return render_template(
        "meetings/council.html",
        page=page,
        form=form,
        current=current,
        following=next_after(page.turns, current) if page.turns else None,
        today=today,
        may_plan=actor is not None and actor.has(Role.COMMITTEE),
    )


def _duties_page(form: DutyForm) -> str:
    community, actor = require_community(), current_actor()
    form.offer()
    return render_template(
        "meetings/duties.html",
        duties=list_duties(db.session(), community_id=community.id),
        form=form,
        rule=rules_in(db.session(), community.id).switch("council.required"),
        may_plan=actor is not None and actor.has(Role.COMMITTEE),
    )
