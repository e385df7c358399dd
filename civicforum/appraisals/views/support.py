"""Pages of support plans: that there are some, for everybody; what they say, for those concerned."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals.follow_documents import trigger_of
from civicforum.appraisals.forms.support import AgainForm, SupportForm
from civicforum.appraisals.models import SupportPlan
from civicforum.appraisals.queries import support as queries
from civicforum.appraisals.queries.follow import get_poor_subject
from civicforum.appraisals.services import support as services
from civicforum.appraisals.support import may_open, may_see
from civicforum.appraisals.texts_follow import PLAN_NEXT, PLAN_OUTCOMES
from civicforum.appraisals.views.actions import form_page, put_refusal
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import CivicForumError, NotEligible, NotFound
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of


@bp.get("/support")
@public
def support_plans() -> ResponseReturnValue:
    """That there are plans, and how they ended; whoever may read one finds the way to it."""
    session, actor = db.session(), current_actor()
    page = queries.list_plans(session, community_id=require_community().id, number=page_number())
    readable = {
        plan.id for plan in page.items if may_see(actor, person_id=plan.person_id, helper_id=plan.helper_id)
    }
    return render_template(
        "appraisals/support_plans.html", page=page, readable=readable, outcomes=PLAN_OUTCOMES
    )


@bp.get("/support/<uuid:plan_id>")
@signed_in
def support_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = require_actor(), datetime.now(UTC)
    plan = queries.get_plan(db.session(), plan_id=plan_id, community_id=actor.community_id)
    if not may_see(actor, person_id=plan.person_id, helper_id=plan.helper_id):
        raise NotEligible(actor.person_id)
    may_link = plan.closed_at is None and may_open(actor, plan.person_id)
    return render_template(
        "appraisals/support_plan.html",
        plan=plan,
        may_link=may_link,
        later=queries.list_again(db.session(), plan) if may_link else [],
        may_plan=may_link and actor.has(Role.SUPERVISOR),
        outcomes=PLAN_OUTCOMES,
        what_next=PLAN_NEXT,
        today=day_of(now),
        now=now,
    )


@bp.route("/subjects/<uuid:subject_id>/support", methods=["GET", "POST"])
@roles(Role.SUPERVISOR, Role.PARTY)
def open_support(subject_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    subject = get_poor_subject(session, subject_id=subject_id, community_id=actor.community_id)
    if subject.person_id is None:
        raise NotFound(subject_id)
    if not may_open(actor, subject.person_id):
        raise NotEligible(actor.person_id)
    form = SupportForm()
    form.offer(
        queries.list_helpers(
            session, community_id=actor.community_id, person_id=subject.person_id, day=day_of(now)
        )
    )
    if form.validate_on_submit():
        try:
            plan_id = services.open_plan(subject_id=subject_id, given=form.given(), actor=actor, now=now)
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("The support plan is opened."), "success")
            return redirect(url_for(".support_plan", plan_id=plan_id), code=303)
    return form_page("support_open", form, subject=subject, cycle=subject.cycle, trigger=trigger_of(subject))


@bp.route("/support/<uuid:plan_id>/again", methods=["GET", "POST"])
@roles(Role.SUPERVISOR, Role.PARTY)
def link_support(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Say which later appraisal ends the plan."""
    actor, session = require_actor(), db.session()
    plan = queries.get_plan(session, plan_id=plan_id, community_id=actor.community_id)
    if not may_open(actor, plan.person_id):
        raise NotEligible(actor.person_id)
    later, form = queries.list_again(session, plan), AgainForm(again=_chosen(plan))
    if not later:
        return redirect(url_for(".support_plan", plan_id=plan_id), code=303)
    form.offer(later)
    if form.validate_on_submit():
        try:
            services.link_again(
                plan_id=plan_id,
                again_id=uuid.UUID(form.again.data),
                actor=actor,
                now=datetime.now(UTC),
            )
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("The result of that appraisal ends the plan."), "success")
            return redirect(url_for(".support_plan", plan_id=plan_id), code=303)
    return form_page("support_again", form, plan=plan)


def _chosen(plan: SupportPlan) -> str | None:
    return str(plan.again_id) if plan.again_id else None
