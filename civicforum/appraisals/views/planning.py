"""The wizard that plans a cycle: kind, subjects, scales, raters with their rolls, days, check, post."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.appraisals import law, texts
from civicforum.appraisals.documents import notice_of_plan
from civicforum.appraisals.errors import PlanIncomplete, TooSoon, WeightsDoNotSum
from civicforum.appraisals.forms.planning import (
    DaysForm,
    NewForm,
    SubjectsForm,
    VoidForm,
    scales_form,
    subjects_form,
    values_of,
)
from civicforum.appraisals.forms.rater_groups import groups_form
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.plans import Gap, GroupPlan, Plan, SubjectPlan, gaps_of
from civicforum.appraisals.presets import Offer
from civicforum.appraisals.queries import offers as queries
from civicforum.appraisals.queries.demands import reached_appraisal_demands
from civicforum.appraisals.queries.showing import get_cycle, names_of_rolls
from civicforum.appraisals.rules import CycleKind, CycleState, RaterBasis, SubjectKind
from civicforum.appraisals.scales import sum_text
from civicforum.appraisals.services import planning as services
from civicforum.appraisals.services.plan_rows import read_plan
from civicforum.appraisals.services.posting import post_plan, void_cycle
from civicforum.appraisals.services.steps import require_state, rules_of
from civicforum.appraisals.texts import refusal_text, roll_text
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, RuleRefused
from civicforum.fields import add_error
from civicforum.matters.services.people import MOST_LINES, find_people
from civicforum.matters.texts import LINE_PROBLEMS
from civicforum.rulebook import Rulebook, Verdict, load
from civicforum.rulebook.days import day_of, day_starts

REFUSALS = (Invalid, RuleRefused)
PAGE_OF_GAP = {
    Gap.SUBJECTS: ".plan_subjects",
    Gap.MEETING: ".plan_days",
    Gap.DRAW: ".plan_groups",
    Gap.CLOSES: ".plan_groups",
    Gap.DOCUMENT: ".plan_groups",
}
# Beside which field of the days a rule's refusal stands.
FIELD_OF_RULE = {
    "appraisal.self_report": "reports_due_on",
    "appraisal.demand.voters": "signatures",
    "appraisal.demand.representatives": "signatures",
    "appraisal.after_demand": "held_on",
    "appraisal.panel": "size_0",
    "appraisal.panel.ordinary": "ordinary_0",
    "privacy.least": "least_0",
}


@bp.route("/new", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_new() -> ResponseReturnValue:
    """Choose what is appraised and when; the rest is filled in with what is usual, and can be changed."""
    session, actor, community, now = db.session(), require_actor(), require_community(), datetime.now(UTC)
    book, today = load(community.profile), day_of(now)
    day = queries.usual_day(session, community.id, today)
    form = NewForm(data={"key": str(uuid.uuid4()), "held_on": day})
    if form.validate_on_submit():
        cycle_id = _key(form.key.data)
        try:
            plan = queries.begin_plan(
                session,
                book,
                community_id=community.id,
                kind=form.chosen,
                today=today,
                held_on=form.held_on.data,
            )
            services.plan_cycle(cycle_id=cycle_id, plan=plan, actor=actor, now=now)
            return redirect(url_for(".plan_subjects", cycle_id=cycle_id), code=303)
        except AlreadyDone:
            return redirect(url_for(".plan_subjects", cycle_id=cycle_id), code=303)
        except REFUSALS as refusal:
            add_error(form, "held_on", refusal_text(refusal))
    page = render_template(
        "appraisals/plan_new.html", form=form, notes=texts.KIND_NOTES, law=book.rule("appraisal.plan_notice")
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:cycle_id>/plan/subjects", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_subjects(cycle_id: uuid.UUID) -> ResponseReturnValue:
    cycle, plan = _draft(cycle_id)
    form = subjects_form(_offers(cycle, plan), plan)
    if form.validate_on_submit() and (others := _others(form, cycle)) is not None:
        changed = replace(plan, subjects=(*form.subjects(), *others))
        if _saved(form, cycle, changed, "pick_0" if form.offers else "others"):
            return redirect(url_for(".plan_scales", cycle_id=cycle_id), code=303)
    page = render_template("appraisals/plan_subjects.html", form=form, cycle=cycle, plan=plan)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:cycle_id>/plan/scales", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_scales(cycle_id: uuid.UUID) -> ResponseReturnValue:
    cycle, plan = _draft(cycle_id)
    form = scales_form(plan.scales)
    scales = form.scales() if form.validate_on_submit() else None
    if scales is not None and _saved(form, cycle, replace(plan, scales=scales), "title_0"):
        return redirect(url_for(".plan_groups", cycle_id=cycle_id), code=303)
    page = render_template("appraisals/plan_scales.html", form=form, cycle=cycle)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:cycle_id>/plan/raters", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_groups(cycle_id: uuid.UUID) -> ResponseReturnValue:
    cycle, plan = _draft(cycle_id)
    least = law.judge_least(rules_of(cycle), 0).least or 1
    form = groups_form(plan.groups, least)
    groups = form.groups(plan.groups, plan.held_on) if form.validate_on_submit() else None
    if groups is not None and _saved(form, cycle, replace(plan, groups=groups), "weight_0"):
        return redirect(_after_groups(cycle_id, groups), code=303)
    names = names_of_rolls(db.session(), cycle)
    page = render_template(
        "appraisals/plan_groups.html",
        form=form,
        cycle=cycle,
        plan=plan,
        sum=sum_text(one.weight for one in plan.groups),
        rolls=[roll_text(one.draw, names) for one in plan.groups],
        law=rules_of(cycle).rule("privacy.least"),
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:cycle_id>/plan/days", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_days(cycle_id: uuid.UUID) -> ResponseReturnValue:
    cycle, plan = _draft(cycle_id)
    today = day_of(datetime.now(UTC))
    meetings = queries.list_assemblies(db.session(), community_id=cycle.community_id, since=today)
    demands = reached_appraisal_demands(db.session(), cycle.community_id)
    taken = next((one.demand for one in demands if str(one.id) == request.args.get("demand")), plan.demand)
    form = DaysForm(data=values_of(replace(plan, demand=taken)))
    form.offer(meetings)
    changed = form.change(plan, meetings) if form.validate_on_submit() else None
    if changed is not None and _saved(form, cycle, changed, "held_on"):
        return redirect(url_for(".plan_check", cycle_id=cycle_id), code=303)
    book = rules_of(cycle)
    page = render_template(
        "appraisals/plan_days.html",
        form=form,
        cycle=cycle,
        demands=demands,
        laws=[
            book.rule(name)
            for name in ("appraisal.plan_notice", "appraisal.self_report", "appraisal.interval")
        ],
        demand_laws=[
            book.rule(name)
            for name in (
                "appraisal.demand.voters",
                "appraisal.demand.representatives",
                "appraisal.after_demand",
            )
        ],
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:cycle_id>/plan/check", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_check(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """Show the notice as it will be posted, what is still missing, and every rule with its sum."""
    cycle, plan = _draft(cycle_id)
    now, error = datetime.now(UTC), ""
    form = FlaskForm()
    if form.validate_on_submit():
        try:
            post_plan(cycle_id=cycle_id, actor=require_actor(), now=now)
            flash(_("The plan is posted. Everybody who is graded has been told."), "success")
            return redirect(url_for(".show", cycle_id=cycle_id), code=303)
        except (PlanIncomplete, *REFUSALS) as refusal:
            error = refusal_text(refusal)
            cycle, plan = _draft(cycle_id)
    page = render_template(
        "appraisals/plan_check.html",
        form=form,
        cycle=cycle,
        error=error,
        gaps=[(texts.GAPS[gap], url_for(PAGE_OF_GAP[gap], cycle_id=cycle_id)) for gap in gaps_of(plan)],
        verdict=law.judge_plan_notice(rules_of(cycle), now, day_starts(plan.held_on)),
        reporters=_judge_reporters(rules_of(cycle), plan),
        notice=notice_of_plan(
            cycle, rules_of(cycle), require_community().name, names_of_rolls(db.session(), cycle)
        ),
    )
    return page, 422 if error else 200


def _judge_reporters(book: Rulebook, plan: Plan) -> Verdict | None:
    if plan.kind is not CycleKind.DUTY_REPORTS:
        return None
    return law.judge_reporters(book, sum(one.needs_report for one in plan.subjects))


@bp.route("/<uuid:cycle_id>/void", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_void(cycle_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), VoidForm()
    cycle = get_cycle(db.session(), cycle_id=cycle_id, community_id=actor.community_id, actor=actor)
    if form.validate_on_submit():
        was_draft = cycle.state is CycleState.DRAFT
        void_cycle(cycle_id=cycle_id, ground=form.ground.data, actor=actor, now=datetime.now(UTC))
        flash(_("The draft is dropped.") if was_draft else _("The appraisal is void."), "success")
        target = url_for(".index") if was_draft else url_for(".show", cycle_id=cycle_id)
        return redirect(target, code=303)
    page = render_template("appraisals/plan_void.html", form=form, cycle=cycle)
    return page, 422 if form.errors else 200


def _after_groups(cycle_id: uuid.UUID, groups: Sequence[GroupPlan]) -> str:
    """Return the next page: a roll that is not described yet, else the days."""
    for position, group in enumerate(groups, 1):
        if group.basis is RaterBasis.ROLL and not group.draw:
            return url_for(".plan_draw", cycle_id=cycle_id, position=position)
    return url_for(".plan_days", cycle_id=cycle_id)


def _draft(cycle_id: uuid.UUID) -> tuple[Cycle, Plan]:
    """Return a draft with its plan. Raises NotFound, TransitionNotAllowed (posted already)."""
    actor = require_actor()
    cycle = get_cycle(db.session(), cycle_id=cycle_id, community_id=actor.community_id, actor=actor)
    require_state(cycle, CycleState.DRAFT)
    return cycle, read_plan(cycle)


def _saved(form: FlaskForm, cycle: Cycle, plan: Plan, otherwise: str) -> bool:
    """Save a changed plan, or put the refusal beside its field, else beside `otherwise`."""
    try:
        services.edit_plan(cycle_id=cycle.id, plan=plan, actor=require_actor(), now=datetime.now(UTC))
    except REFUSALS as refusal:
        add_error(form, _field_of(form, refusal, otherwise), refusal_text(refusal))
        return False
    return True


def _field_of(form: FlaskForm, refusal: Invalid | RuleRefused, otherwise: str) -> str | None:
    match refusal:
        case TooSoon():
            named: str | None = "held_on"
        case WeightsDoNotSum():
            named = "weight_0"
        case RuleRefused():
            named = FIELD_OF_RULE.get(refusal.verdict.rule.id)
        case _:
            named = refusal.field
    return next((one for one in (named, otherwise) if one and one in form), None)


def _offers(cycle: Cycle, plan: Plan) -> list[Offer]:
    """Return what may be graded; ticked is what the plan has, with its names."""
    offers = queries.list_offers(
        db.session(), community_id=cycle.community_id, kind=plan.kind, today=day_of(datetime.now(UTC))
    )
    known = {_identity(one): one for one in plan.subjects}
    rows = []
    for offer in offers:
        chosen = known.pop(_identity(offer.subject), None)
        rows.append(Offer(chosen or offer.subject, offer.note, chosen is not None))
    return rows + [Offer(one) for one in known.values()]


def _identity(one: SubjectPlan) -> tuple[object, ...]:
    return one.person_id, one.term_id, one.body_id if one.person_id is None else None, one.department_id


def _others(form: SubjectsForm, cycle: Cycle) -> list[SubjectPlan] | None:
    """Return whom the lines name, or None with the words beside a line that names nobody."""
    if "others" not in form or not form.others.data:
        return []
    lines = form.others.data.splitlines()[:MOST_LINES]
    today = day_of(datetime.now(UTC))
    found, refused = find_people(db.session(), community_id=cycle.community_id, lines=lines, day=today)
    for line in refused:
        words = LINE_PROBLEMS[line.problem] % {"number": line.number, "text": line.text}
        add_error(form, "others", words)
    if refused:
        return None
    return [
        SubjectPlan(kind=SubjectKind.PERSON, name=person.name, person_id=person.id)
        for _number, _text, person in found
    ]


def _key(text: str | None) -> uuid.UUID:
    """Return the id that a form carries, so that a second click makes no second cycle."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.uuid4()


@bp.app_template_global()
def plan_steps(cycle: Cycle) -> list[tuple[str, str, str]]:
    """Return the pages of the wizard: name, words, address."""
    names = (
        ("plan_subjects", _("Who is graded")),
        ("plan_scales", _("Questions and grades")),
        ("plan_groups", _("Who grades")),
        ("plan_days", _("Days and rules")),
        ("plan_check", _("Check and post")),
    )
    return [(name, words, url_for(f"appraisals.{name}", cycle_id=cycle.id)) for name, words in names]
