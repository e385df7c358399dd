"""Demands for a further item of disclosure: made, signed, entered from paper, taken back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.matters.forms.supporting import LinesForm, refuse_lines
from civicforum.matters.queries.demands import DemandFigures
from civicforum.notices.forms.demanding import ItemDemandForm
from civicforum.notices.queries.demanding import get_item_demand, list_item_demands
from civicforum.notices.rules import NoticeCategory, Rhythm
from civicforum.notices.rules_asking import REPRESENTATIVES_RULE, RESIDENTS_RULE, DemandState
from civicforum.notices.services import demanding as services
from civicforum.notices.texts import RHYTHMS
from civicforum.notices.texts_asking import REFUSALS
from civicforum.notices.views.blueprint import bp
from civicforum.paging import page_number


@bp.get("/demands")
@public
def demands() -> ResponseReturnValue:
    community = require_community()
    book = rulebook.load(community.profile)
    return render_template(
        "notices/demands.html",
        page=list_item_demands(db.session(), community_id=community.id, number=page_number()),
        rules=[book.threshold(RESIDENTS_RULE), book.threshold(REPRESENTATIVES_RULE)],
    )


@bp.get("/demands/<uuid:demand_id>")
@public
def demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    return _page(demand_id, LinesForm(formdata=None))


@bp.route("/demands/make", methods=["GET", "POST"])
@signed_in
def make_demand() -> ResponseReturnValue:
    form = ItemDemandForm()
    if form.validate_on_submit():
        try:
            demand_id = services.demand_item(
                title=form.title.data,
                reason=form.reason.data,
                category=NoticeCategory(form.category.data),
                rhythm=Rhythm(form.rhythm.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except NotEligible:
            add_error(form, "title", str(REFUSALS["not entitled"]))
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("The demand is made, with your signature as its first."), "success")
            return redirect(url_for(".demand", demand_id=demand_id), code=303)
    page = render_template(
        "notices/make_demand.html",
        form=form,
        back=_("Demands for further items"),
        back_url=url_for(".demands"),
    )
    return page, 422 if form.errors else 200


@bp.post("/demands/<uuid:demand_id>/sign")
@signed_in
def sign_demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    try:
        figures = services.sign_item_demand(demand_id=demand_id, actor=require_actor(), now=datetime.now(UTC))
    except NotEligible:
        flash(str(REFUSALS["not entitled"]), "error")
    except AlreadyDone:
        flash(_("You have signed already."), "info")
    else:
        _tell(figures)
    return redirect(url_for(".demand", demand_id=demand_id), code=303)


@bp.post("/demands/<uuid:demand_id>/signatures")
@roles(Role.CLERK)
def enter_signatures(demand_id: uuid.UUID) -> ResponseReturnValue:
    form = LinesForm()
    if form.validate():
        try:
            figures = services.enter_paper_signatures(
                demand_id=demand_id,
                lines=form.lines.data.splitlines(),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            refuse_lines(form, refusal)
        else:
            _tell(figures)
            return redirect(url_for(".demand", demand_id=demand_id), code=303)
    return _page(demand_id, form)


@bp.post("/demands/<uuid:demand_id>/withdraw")
@signed_in
def withdraw_demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    services.withdraw_item_demand(demand_id=demand_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("Your demand is taken back."), "success")
    return redirect(url_for(".demand", demand_id=demand_id), code=303)


def _page(demand_id: uuid.UUID, form: LinesForm) -> ResponseReturnValue:
    actor, now = current_actor(), datetime.now(UTC)
    page = get_item_demand(
        db.session(),
        demand_id=demand_id,
        community_id=require_community().id,
        person_id=actor.person_id if actor else None,
        now=now,
    )
    is_open = page.state is DemandState.COLLECTING
    shown = render_template(
        "notices/demand.html",
        page=page,
        form=form,
        rhythms=RHYTHMS,
        may_enter=is_open and actor is not None and not actor.assisted_by and actor.has(Role.CLERK),
        may_sign=is_open and not page.has_signed,
        now=now,
    )
    return shown, 422 if form.errors else 200


def _tell(figures: DemandFigures) -> None:
    if figures.is_enough:
        flash(_("There are enough signatures: the item now has to be posted."), "success")
    else:
        flash(_("The demand is recorded. The sums below show how many are still needed."), "success")
