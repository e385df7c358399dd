"""The page of what follows from a cycle: consequences, criticisms and their answers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.appraisals.forms.follow import AnswerForm, CriticismsForm, EndForm, TalkForm
from civicforum.appraisals.models import Criticism, SupportPlan
from civicforum.appraisals.queries import actions as action_queries
from civicforum.appraisals.queries import follow as queries
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.rules import ConsequenceKind, CriticismSource, check_lead, may_lead
from civicforum.appraisals.services import consequences, criticisms
from civicforum.appraisals.services.criticisms import ENTERED_IN
from civicforum.appraisals.services.steps import rules_of
from civicforum.appraisals.support import may_open, may_see
from civicforum.appraisals.texts_follow import CONSEQUENCES, CRITICISMS, PLAN_OUTCOMES
from civicforum.appraisals.views.actions import form_page, put_refusal
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import CivicForumError, NotEligible
from civicforum.matters.queries.carrying_out import list_responsible
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of


@bp.get("/<uuid:cycle_id>/follow")
@public
def follow(cycle_id: uuid.UUID) -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=require_community().id, actor=actor)
    leads = actor is not None and may_lead(actor, cycle.people)
    enters = actor is not None and criticisms.may_enter(actor, cycle.people)
    subjects, poor = queries.list_subjects(session, cycle), queries.list_poor(session, cycle)
    return render_template(
        "appraisals/follow.html",
        cycle=cycle,
        proposed=queries.list_proposed(session, cycle),
        standings=queries.list_standings(session, cycle, subjects),
        poor=poor,
        actions=action_queries.list_of_cycle(session, cycle_id=cycle.id, now=now),
        criticisms=action_queries.list_criticisms(
            session, cycle=cycle, leads=enters, number=page_number("criticisms")
        ),
        are_public=cycle.state in action_queries.SHOWN_IN,
        kinds=CONSEQUENCES,
        sources=CRITICISMS,
        plan_outcomes=PLAN_OUTCOMES,
        readable={one.plan.id for one in poor if one.plan and _may_read(one.plan, actor)},
        may_support={one.subject.id for one in poor if _may_support(one, actor)},
        leads=leads,
        may_enter=enters and cycle.state in ENTERED_IN,
        today=day_of(now),
        now=now,
    )


@bp.get("/criticisms")
@public
def unanswered() -> ResponseReturnValue:
    """The criticisms of all cycles that nobody has answered, by days."""
    session, now = db.session(), datetime.now(UTC)
    page = action_queries.list_unanswered(session, community_id=require_community().id, number=page_number())
    return render_template("appraisals/criticisms.html", page=page, sources=CRITICISMS, today=day_of(now))


@bp.route("/<uuid:cycle_id>/criticisms/new", methods=["GET", "POST"])
@roles(Role.SUPERVISOR, Role.CLERK)
def enter_criticisms(cycle_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    cycle = get_cycle(db.session(), cycle_id=cycle_id, community_id=actor.community_id, actor=actor)
    form = CriticismsForm(data={"entry_id": str(uuid.uuid4())})
    form.offer(cycle.subjects)
    if form.validate_on_submit():
        try:
            number = criticisms.enter(
                cycle_id=cycle_id,
                subject_id=form.subject_id,
                source=CriticismSource(form.source.data),
                texts=form.texts.data.splitlines(),
                entry_id=form.entry_id.key,
                actor=actor,
                now=datetime.now(UTC),
            )
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            words = ngettext("%(num)s criticism is entered.", "%(num)s criticisms are entered.", number)
            flash(words, "success")
            return redirect(url_for(".follow", cycle_id=cycle_id, _anchor="criticisms"), code=303)
    return form_page("criticism_enter", form, cycle=cycle)


@bp.route("/criticisms/<uuid:criticism_id>/answer", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def answer_criticism(criticism_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    found = action_queries.get_criticism(session, criticism_id=criticism_id, community_id=actor.community_id)
    check_lead(actor, found.cycle.people)
    form, cycle_id = AnswerForm(), found.cycle_id
    form.offer(list_responsible(session, community_id=actor.community_id, day=day_of(now)))
    if form.validate_on_submit():
        try:
            _answer(form, found, now)
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("The criticism is answered, and the answer is public."), "success")
            return redirect(url_for(".follow", cycle_id=cycle_id, _anchor="criticisms"), code=303)
    return form_page("criticism_answer", form, criticism=found, cycle=found.cycle)


@bp.route("/consequences/<uuid:consequence_id>/settle", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def settle_consequence(consequence_id: uuid.UUID) -> ResponseReturnValue:
    """Record what was done: the talk, the offer to resign, or that the post has ended."""
    actor, session = require_actor(), db.session()
    found = queries.get_consequence(session, consequence_id=consequence_id, community_id=actor.community_id)
    cycle = found.subject.cycle
    if not may_lead(actor, cycle.people):
        raise NotEligible(actor.person_id)
    ends = found.kind is ConsequenceKind.TWO_STRIKES
    form: EndForm | TalkForm = EndForm() if ends else TalkForm()
    if form.validate_on_submit():
        try:
            consequences.settle(
                consequence_id=consequence_id,
                done=form.settlement(),
                actor=actor,
                now=datetime.now(UTC),
            )
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("What was done is recorded."), "success")
            return redirect(url_for(".follow", cycle_id=cycle.id), code=303)
    rule = rules_of(cycle).rule(found.rule)
    return form_page(
        "follow_settle", form, found=found, cycle=cycle, rule=rule, kinds=CONSEQUENCES, ends=ends
    )


def _may_read(plan: SupportPlan, actor: Actor | None) -> bool:
    return may_see(actor, person_id=plan.person_id, helper_id=plan.helper_id)


def _may_support(one: queries.Poor, actor: Actor | None) -> bool:
    person_id = one.subject.person_id
    return one.plan is None and actor is not None and person_id is not None and may_open(actor, person_id)


def _answer(form: AnswerForm, found: Criticism, now: datetime) -> None:
    actor, criticism_id = require_actor(), found.id
    if form.answer.data == form.NEW:
        criticisms.open_action(
            criticism_id=criticism_id, wanted=form.wanted(found.text), actor=actor, now=now
        )
    elif form.answer.data == form.JOIN:
        number = form.number.data or 0
        criticisms.join_action(criticism_id=criticism_id, number=number, actor=actor, now=now)
    else:
        criticisms.dismiss(criticism_id=criticism_id, reason=form.reason.data, actor=actor, now=now)
