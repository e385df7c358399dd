"""Planning an election, changing its plan and its dates, and declaring it void."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.calendar import OFFSETS, Milestone
from civicforum.elections.errors import BodyBusy, CalendarBroken
from civicforum.elections.forms.planning import (
    BY_ELECTION,
    MoveForm,
    PlanForm,
    StepForm,
    VoidForm,
    dates_form,
    field_of,
    plan_form,
    seats_name,
    values_of,
)
from civicforum.elections.models import Election
from civicforum.elections.queries import showing as queries
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.plan_notes import judge_plan
from civicforum.elections.queries.recalls import list_vacancies
from civicforum.elections.rules import Way
from civicforum.elections.services import planning as services
from civicforum.elections.texts import (
    FAULTS,
    MILESTONES,
    STEP_NOTES,
    WAY_NOTES,
    breach_text,
    calendar_text,
)
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, Invalid, NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.people.queries import list_groups
from civicforum.rulebook import load
from civicforum.rulebook.days import day_of, day_starts

PLANNERS = (Role.COMMITTEE, Role.ELECTION_OFFICER)
# What the page of a plan quotes; the first is about its day.
LAWS = ("roll.posting", "committee.size", "election.online")
BY_ELECTION_LAWS = (
    "roll.posting",
    "election.by_election.within",
    "election.by_election.rest_of_term",
    "election.online",
)
REFUSALS = (CalendarBroken, BodyBusy, Invalid, RuleRefused)


@bp.route("/new", methods=["GET", "POST"])
@roles(*PLANNERS)
def new() -> ResponseReturnValue:
    session, community, now = db.session(), require_community(), datetime.now(UTC)
    followed = _followed(require_actor())
    bodies = queries.list_bodies(session, community_id=community.id)
    vacant = _vacant(community.id, day_of(now))
    given = {**(_again(followed) if followed else {}), **vacant}
    form = plan_form(
        bodies,
        list_groups(session, community_id=community.id),
        data={"key": str(uuid.uuid4()), **given},
    )
    dates, judged = None, []
    if form.validate_on_submit():
        try:
            if request.form.get("save") and form.seen.data == form.shown_for():
                return _planned(form, followed, now)
            dates = services.preview_plan(session, plan=form.plan(), community=community, today=day_of(now))
            judged = judge_plan(session, form.plan(), community, today=day_of(now))
            form.seen.data = form.shown_for()
        except REFUSALS as refusal:
            _put(form, refusal)
    return _plan_page(
        "new",
        form,
        now,
        dates=dates,
        judged=judged,
        followed=followed,
        fills_vacancy=bool(vacant),
        profile=community.profile,
        laws=BY_ELECTION_LAWS if vacant else LAWS,
    )


@bp.route("/<uuid:election_id>/plan", methods=["GET", "POST"])
@roles(*PLANNERS)
def edit_plan(election_id: uuid.UUID) -> ResponseReturnValue:
    now, election = datetime.now(UTC), _election(election_id)
    form = plan_form([election.body], [], data=values_of(election))
    del form.group, form.occasion, form.polling_on
    form.keep(election)
    if form.validate_on_submit():
        try:
            services.edit_plan(election_id=election_id, plan=form.plan(), actor=require_actor(), now=now)
            flash(_("The plan is changed."), "success")
            return redirect(url_for(".manage", election_id=election_id), code=303)
        except REFUSALS as refusal:
            _put(form, refusal)
    return _plan_page("edit_plan", form, now, election=election, profile=election.profile)


@bp.route("/<uuid:election_id>/day", methods=["GET", "POST"])
@roles(*PLANNERS)
def move_day(election_id: uuid.UUID) -> ResponseReturnValue:
    election, form = _election(election_id), MoveForm()
    if form.validate_on_submit():
        try:
            services.move_day(
                election_id=election_id,
                day=form.day.data,
                reason=form.reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("Election day is moved, and every date that is still ahead with it."), "success")
            return redirect(url_for(".manage", election_id=election_id), code=303)
        except REFUSALS as refusal:
            _put(form, refusal, otherwise="day")
    known = get_dates(db.session(), election)
    page = render_template("elections/move_day.html", form=form, election=election, known=known)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:election_id>/dates", methods=["GET", "POST"])
@roles(*PLANNERS)
def set_dates(election_id: uuid.UUID) -> ResponseReturnValue:
    election = _election(election_id)
    known = get_dates(db.session(), election)
    ahead = [one for one in known.days if one not in known.done and one is not Milestone.POLLING_DAY]
    form = dates_form(
        [(one, MILESTONES[one]) for one in ahead], data={one.value: known.days[one] for one in ahead}
    )
    if form.validate_on_submit():
        wanted: dict[Milestone, date] = {one: form[one.value].data for one in ahead}
        try:
            services.set_dates(
                election_id=election_id, dates=wanted, actor=require_actor(), now=datetime.now(UTC)
            )
            flash(_("The dates are set."), "success")
            return redirect(url_for(".manage", election_id=election_id), code=303)
        except CalendarBroken as refusal:
            for one in refusal.breaches:
                add_error(form, one.milestone.value, breach_text(one))
        except Invalid as refusal:
            add_error(form, refusal.field, str(FAULTS[refusal.reason]))
    page = render_template("elections/set_dates.html", form=form, election=election, known=known, ahead=ahead)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:election_id>/steps/<milestone>", methods=["GET", "POST"])
@roles(*PLANNERS)
def record_step(election_id: uuid.UUID, milestone: str) -> ResponseReturnValue:
    election, form = _election(election_id), StepForm()
    if milestone not in [one.value for one in services.BY_HAND]:
        raise NotFound(milestone)
    which = Milestone(milestone)
    if form.validate_on_submit():
        try:
            services.record_step(
                election_id=election_id,
                milestone=which,
                note=form.note.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("It is recorded, and everybody can read it."), "success")
        except AlreadyDone:
            flash(_("This has been recorded already."), "error")
        return redirect(url_for(".manage", election_id=election_id), code=303)
    page = render_template(
        "elections/record_step.html", form=form, election=election, which=which, note=STEP_NOTES[which]
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:election_id>/void", methods=["GET", "POST"])
@roles(*PLANNERS)
def void(election_id: uuid.UUID) -> ResponseReturnValue:
    election, form = _election(election_id), VoidForm()
    if form.validate_on_submit():
        services.void_election(
            election_id=election_id, ground=form.ground.data, actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The election is void. The ground stands beside it for everybody."), "success")
        return redirect(url_for(".show", election_id=election_id), code=303)
    return render_template("elections/void.html", form=form, election=election), 422 if form.errors else 200


def _planned(form: PlanForm, followed: Election | None, now: datetime) -> ResponseReturnValue:
    election_id = _key(form)
    try:
        services.plan_election(
            election_id=election_id,
            plan=form.plan(),
            follows_id=followed.id if followed else None,
            actor=require_actor(),
            now=now,
        )
        flash(_("The election is planned. Record the assembly's decision on it next."), "success")
    except AlreadyDone:
        # A second click on the same form: the election is there.
        pass
    return redirect(url_for(".manage", election_id=election_id), code=303)


def _key(form: PlanForm) -> uuid.UUID:
    """Return the id under which the form is saved, whatever a browser sent for it."""
    try:
        return uuid.UUID(form.key.data)
    except ValueError:
        return uuid.uuid4()


def _followed(actor: Actor) -> Election | None:
    """Return the election that is held again, or after which seats fell empty, which the address names."""
    follows = request.args.get("follows", type=uuid.UUID)
    if follows is None:
        return None
    return queries.get_election(db.session(), election_id=follows, community_id=actor.community_id)


def _again(followed: Election) -> dict[str, Any]:
    """Return the plan of an election that is held again, without its day."""
    given = values_of(followed)
    del given["polling_on"]
    return given


def _election(election_id: uuid.UUID) -> Election:
    return queries.get_election(
        db.session(), election_id=election_id, community_id=require_actor().community_id
    )


def _vacant(community_id: uuid.UUID, today: date) -> dict[str, Any]:
    """Return the plan of a by-election to the body that the address names: its empty seats alone."""
    body_id = request.args.get("vacant", type=uuid.UUID)
    found = list_vacancies(db.session(), community_id=community_id, day=today) if body_id else []
    for one in found:
        if one.body.id == body_id:
            seats = {seats_name(post): number for post, number in one.seats}
            return {"body": str(body_id), "occasion": BY_ELECTION, "title": "", **seats}
    return {}


def _plan_page(name: str, form: PlanForm, now: datetime, **values: Any) -> ResponseReturnValue:
    book, laws = load(values.pop("profile")), values.pop("laws", LAWS)
    today = day_of(now)
    page = render_template(
        f"elections/{name}.html",
        form=form,
        earliest=book.clock("roll.posting").earliest(day_starts(today)),
        usual=_usual(today),
        laws=[book.rule(rule_id) for rule_id in laws],
        way_notes={way.value: WAY_NOTES[way] for way in Way},
        today=today,
        **values,
    )
    return page, 422 if form.errors else 200


def _usual(today: date) -> date:
    """Return the first election day that leaves the usual calendar all its days."""
    return today - timedelta(days=OFFSETS[Milestone.PLAN_APPROVED])


def _put(form: FlaskForm, refusal: Exception, *, otherwise: str = "polling_on") -> None:
    """Put a refusal beside its field, with the article where the law refuses."""
    match refusal:
        case CalendarBroken():
            add_error(form, otherwise, calendar_text(refusal))
        case BodyBusy():
            words = _(
                "Another election to this body is running: %(title)s. It has to end first, or be void.",
                title=refusal.title,
            )
            add_error(form, "body", words)
        case Invalid():
            add_error(form, field_of(refusal), str(FAULTS[refusal.reason]))
        case RuleRefused():
            add_error(form, field_of(refusal), verdict_text(refusal.verdict))
