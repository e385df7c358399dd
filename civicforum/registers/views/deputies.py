"""The deputies' liaison point: the list, a deputy, and keeping the register with its liaison days."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments.rules import works_here
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.registers.forms_deputies import DeputyForm, LiaisonDayForm, OpinionForm
from civicforum.registers.queries import deputies as queries
from civicforum.registers.rules_deputies import FORWARD_RULE, Forwarded, may_enter_paper, may_keep
from civicforum.registers.services import deputies as services
from civicforum.registers.texts_deputies import KINDS, LEVELS, REFUSALS
from civicforum.registers.views.blueprint import bp
from civicforum.rulebook.days import day_of


@bp.get("/deputies")
@public
def deputies() -> ResponseReturnValue:
    community, now = require_community(), datetime.now(UTC)
    return render_template(
        "registers/deputies.html",
        page=queries.list_deputies(db.session(), community_id=community.id, now=now, number=page_number()),
        today=day_of(now),
        rule=rulebook.load(community.profile).rule(FORWARD_RULE),
        kinds=KINDS,
        levels=LEVELS,
        may_keep=may_keep(current_actor()),
    )


@bp.get("/deputies/<uuid:deputy_id>")
@public
def deputy(deputy_id: uuid.UUID) -> ResponseReturnValue:
    return deputy_page(deputy_id, OpinionForm(formdata=None))


def deputy_page(deputy_id: uuid.UUID, form: OpinionForm) -> str:
    """Return the page of a deputy with the form for an opinion."""
    session, community, actor, now = db.session(), require_community(), current_actor(), datetime.now(UTC)
    found = queries.get_deputy(session, deputy_id=deputy_id, community_id=community.id)
    counts = queries.count_forwarded(session, deputy_ids=[deputy_id], now=now)
    own = (
        queries.list_own_opinions(session, deputy_id=deputy_id, person_id=actor.person_id, now=now)
        if actor
        else []
    )
    return render_template(
        "registers/deputy.html",
        deputy=found,
        form=form,
        now=now,
        counts=counts.get(deputy_id, Forwarded()),
        days=queries.list_coming_days(session, deputy_id=deputy_id, today=day_of(now)),
        opinions=queries.list_opinions(session, deputy_id=deputy_id, now=now, number=page_number()),
        own=own,
        is_in_office=works_here(found.since, found.until, day_of(now)),
        rule=rulebook.load(community.profile).rule(FORWARD_RULE),
        kinds=KINDS,
        levels=LEVELS,
        may_keep=may_keep(actor),
        may_enter_paper=may_enter_paper(actor),
    )


@bp.route("/deputies/new", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def add_deputy() -> ResponseReturnValue:
    form, actor, now = DeputyForm(), require_actor(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            added = services.add_deputy(given=form.given(), actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("It is in the register."), "success")
            return to_deputy(added)
    return _form_page("registers/add_deputy.html", form, None)


@bp.route("/deputies/<uuid:deputy_id>/change", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def change_deputy(deputy_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = DeputyForm(), require_actor()
    found = queries.get_deputy(db.session(), deputy_id=deputy_id, community_id=actor.community_id)
    if not form.is_submitted():
        form.fill(found)
    elif form.validate() and _does(
        form,
        lambda: services.change_deputy(
            deputy_id=deputy_id, given=form.given(), actor=actor, now=datetime.now(UTC)
        ),
    ):
        flash(_("The register is changed."), "success")
        return to_deputy(deputy_id)
    return _form_page("registers/change_deputy.html", form, found)


@bp.route("/deputies/<uuid:deputy_id>/days", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def add_liaison_day(deputy_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = LiaisonDayForm(), require_actor()
    found = queries.get_deputy(db.session(), deputy_id=deputy_id, community_id=actor.community_id)
    if not form.is_submitted():
        form.place.data = found.place
    elif form.validate() and _does(
        form,
        lambda: services.add_liaison_day(
            deputy_id=deputy_id, given=form.given(), actor=actor, now=datetime.now(UTC)
        ),
    ):
        flash(_("The liaison day is announced."), "success")
        return to_deputy(deputy_id)
    return _form_page("registers/add_liaison_day.html", form, found)


@bp.route("/deputies/days/<uuid:day_id>", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def change_liaison_day(day_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = LiaisonDayForm(), require_actor()
    day = queries.get_liaison_day(db.session(), day_id=day_id, community_id=actor.community_id)
    if not form.is_submitted():
        form.fill(day)
    elif form.validate() and _does(
        form,
        lambda: services.change_liaison_day(
            day_id=day_id, given=form.given(), actor=actor, now=datetime.now(UTC)
        ),
    ):
        flash(_("The liaison day is changed."), "success")
        return to_deputy(day.deputy_id)
    return _form_page("registers/change_liaison_day.html", form, day.deputy)


def to_deputy(deputy_id: uuid.UUID, anchor: str | None = None) -> ResponseReturnValue:
    """Return to the page of a deputy."""
    return redirect(url_for(".deputy", deputy_id=deputy_id, _anchor=anchor), code=303)


def _does(form: FlaskForm, act: Callable[[], object]) -> bool:
    """Tell whether `act` was done; a refusal stands beside its field."""
    try:
        act()
    except Invalid as refusal:
        add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        return False
    return True


def _form_page(template: str, form: FlaskForm, deputy: object) -> ResponseReturnValue:
    return render_template(template, form=form, deputy=deputy), 422 if form.is_submitted() else 200
