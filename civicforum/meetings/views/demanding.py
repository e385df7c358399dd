"""Demands for an assembly or an appraisal: made, signed, entered from paper, and answered."""

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
from civicforum.matters.forms.supporting import refuse_lines
from civicforum.meetings import queries
from civicforum.meetings.forms.preparing import CalledForm, DemandForm, SignaturesForm, SignForm
from civicforum.meetings.preparation import DemandFigures
from civicforum.meetings.queries.demands import DemandPage, get_demand, list_demands
from civicforum.meetings.rules import MeetingForm, answers_demand, may_answer_demand
from civicforum.meetings.services import demands as services
from civicforum.meetings.texts_before import DEMAND_REFUSALS
from civicforum.meetings.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.people.queries import rules_in

_RULES = (
    "assembly.residents.demand",
    "assembly.residents.demand_by_households",
    "assembly.residents.demand_by_representatives",
    "assembly.representatives.demand",
    "appraisal.demand.voters",
    "appraisal.demand.representatives",
)


@bp.get("/demands")
@public
def demands() -> ResponseReturnValue:
    community = require_community()
    book = rules_in(db.session(), community.id)
    return render_template(
        "meetings/demands.html",
        page=list_demands(db.session(), community_id=community.id, number=page_number()),
        rules=[book.threshold(rule) for rule in _RULES],
        now=datetime.now(UTC),
    )


@bp.get("/demands/<uuid:demand_id>")
@public
def demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    return _page(demand_id, SignForm(formdata=None), SignaturesForm(formdata=None)), 200


@bp.route("/demands/make", methods=["GET", "POST"])
@signed_in
def make_demand() -> ResponseReturnValue:
    form = DemandForm()
    if form.validate_on_submit():
        try:
            demand_id = services.make_demand(
                form=MeetingForm(form.kind.data),
                title=form.title.data,
                reason=form.reason.data,
                for_household=form.for_household.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except NotEligible:
            add_error(form, "kind", _not_entitled())
        except Invalid as refusal:
            add_error(form, refusal.field, str(DEMAND_REFUSALS[refusal.reason]))
        else:
            flash(_("The demand is made, with your signature as its first."), "success")
            return redirect(url_for(".demand", demand_id=demand_id), code=303)
    page = render_template("meetings/make_demand.html", form=form)
    return page, 422 if form.errors else 200


@bp.post("/demands/<uuid:demand_id>/sign")
@signed_in
def sign_demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    form = SignForm()
    try:
        figures = services.sign_demand(
            demand_id=demand_id,
            for_household=form.for_household.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except NotEligible:
        add_error(form, "for_household", _not_entitled())
    except Invalid as refusal:
        add_error(form, refusal.field, str(DEMAND_REFUSALS[refusal.reason]))
    except AlreadyDone:
        flash(_("You have signed already."), "info")
        return redirect(url_for(".demand", demand_id=demand_id), code=303)
    else:
        _tell(figures)
        return redirect(url_for(".demand", demand_id=demand_id), code=303)
    return _page(demand_id, form, SignaturesForm(formdata=None)), 422


@bp.post("/demands/<uuid:demand_id>/signatures")
@roles(Role.CLERK)
def enter_signatures(demand_id: uuid.UUID) -> ResponseReturnValue:
    form = SignaturesForm()
    if form.validate():
        try:
            figures = services.enter_paper_signatures(
                demand_id=demand_id,
                lines=form.lines.data.splitlines(),
                for_households=form.for_households.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            refuse_lines(form, refusal)
        else:
            _tell(figures)
            return redirect(url_for(".demand", demand_id=demand_id), code=303)
    return _page(demand_id, SignForm(formdata=None), form), 422


@bp.post("/demands/<uuid:demand_id>/called")
@roles(Role.COMMITTEE, Role.SUPERVISOR)
def answer_demand(demand_id: uuid.UUID) -> ResponseReturnValue:
    """Name the assembly that was called, or at which the appraisal is held."""
    form = CalledForm()
    _offer(form, _get(demand_id))
    if form.validate():
        try:
            services.answer_demand(
                demand_id=demand_id,
                meeting_id=uuid.UUID(form.meeting.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(DEMAND_REFUSALS[refusal.reason]))
        else:
            flash(_("The assembly is named."), "success")
            return redirect(url_for(".demand", demand_id=demand_id), code=303)
    return _page(demand_id, SignForm(formdata=None), SignaturesForm(formdata=None), called=form), 422


def _get(demand_id: uuid.UUID) -> DemandPage:
    actor = current_actor()
    return get_demand(
        db.session(),
        demand_id=demand_id,
        community_id=require_community().id,
        person_id=actor.person_id if actor else None,
        now=datetime.now(UTC),
    )


def _page(
    demand_id: uuid.UUID, sign: SignForm, signatures: SignaturesForm, *, called: CalledForm | None = None
) -> str:
    page, actor = _get(demand_id), current_actor()
    if called is None:
        called = CalledForm(formdata=None)
        _offer(called, page)
    return render_template(
        "meetings/demand.html",
        page=page,
        sign=sign,
        signatures=signatures,
        called=called,
        may_enter=actor is not None and actor.has(Role.CLERK) and page.demand.meeting_id is None,
        may_call=actor is not None
        and may_answer_demand(actor, page.demand.form)
        and page.demand.meeting_id is None,
        now=datetime.now(UTC),
    )


def _offer(form: CalledForm, page: DemandPage) -> None:
    """List the assemblies called since that can be what was demanded."""
    coming = queries.list_coming(db.session(), community_id=page.demand.community_id)
    form.meeting.choices = [
        (str(meeting.id), meeting.title)
        for meeting in coming
        if answers_demand(meeting.form, page.demand.form) and meeting.noticed_at >= page.demand.made_at
    ]


def _tell(figures: DemandFigures) -> None:
    if figures.is_enough:
        flash(_("There are enough signatures: what they demand has to be called."), "success")
    else:
        flash(_("The demand is recorded. The sums below show how many are still needed."), "success")


def _not_entitled() -> str:
    return str(
        _(
            "Adult residents and representatives can demand the residents' assembly or an appraisal, "
            "representatives alone their own assembly."
        )
    )
