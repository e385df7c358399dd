"""Planning, changing and cancelling a meeting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid, RuleRefused, TransitionNotAllowed
from civicforum.lawbook.texts import verdict_text
from civicforum.matters.models import Matter
from civicforum.matters.services.steps import rules_in
from civicforum.meetings import documents, queries, services
from civicforum.meetings.forms import ChangeForm, PlanForm, ReasonForm, is_filled
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import (
    DELIBERATIONS,
    NOTICE_RULE,
    MeetingForm,
    MeetingState,
    PlanFault,
    stage_for,
)
from civicforum.meetings.texts import FAULTS, FORM_NOTES, FORMS
from civicforum.meetings.views.blueprint import bp
from civicforum.rulebook import SHANGHAI, Clock
from civicforum.rulebook.days import day_of


@bp.get("/plan")
@roles(Role.COMMITTEE)
def plan() -> ResponseReturnValue:
    """Choose the form of the meeting; with a matter given, among those its stage allows."""
    matter = _matter_asked_for()
    book = rules_in(db.session(), require_actor().community_id)
    forms = [
        (form, FORMS[form], FORM_NOTES[form], book.clock(NOTICE_RULE[form]))
        for form in FORMS
        if matter is None or matter.stage is stage_for(form)
    ]
    return render_template("meetings/plan.html", forms=forms, matter=matter)


@bp.route("/plan/<form_name>", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def plan_form(form_name: str) -> ResponseReturnValue:
    if form_name not in list(MeetingForm):
        abort(404)
    kind, actor, now = MeetingForm(form_name), require_actor(), datetime.now(UTC)
    clock = rules_in(db.session(), actor.community_id).clock(NOTICE_RULE[kind])
    form = PlanForm()
    if request.method == "GET":
        _start(form, kind, clock, _matter_asked_for(), now=now)

    def save() -> uuid.UUID:
        return services.plan_meeting(form=kind, plan=form.plan(), actor=actor, now=datetime.now(UTC))

    return _plan_page(
        form, kind, clock, save, meeting=None, done=_("The meeting is planned and its notice is posted.")
    )


@bp.route("/<uuid:meeting_id>/change", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def change(meeting_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    if meeting.state is not MeetingState.PLANNED:
        raise TransitionNotAllowed(meeting.state, "change")
    kind = meeting.form
    clock = rules_in(db.session(), actor.community_id).clock(NOTICE_RULE[kind])
    form = ChangeForm()
    if request.method == "GET":
        _fill(form, meeting)

    def save() -> uuid.UUID:
        services.change_meeting(
            meeting_id=meeting_id,
            plan=form.plan(),
            reason=form.reason.data or "",
            actor=actor,
            now=datetime.now(UTC),
        )
        return meeting_id

    done = _("The meeting is changed, and a notice says so.")
    return _plan_page(form, kind, clock, save, meeting=meeting, done=done)


@bp.route("/<uuid:meeting_id>/cancel", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def cancel(meeting_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    form = ReasonForm()
    if form.validate_on_submit():
        services.cancel_meeting(
            meeting_id=meeting_id, reason=form.reason.data or "", actor=actor, now=datetime.now(UTC)
        )
        flash(_("The meeting is cancelled, and a notice says why."), "success")
        return redirect(url_for(".show", meeting_id=meeting_id), code=303)
    page = render_template("meetings/cancel.html", form=form, meeting=meeting)
    return page, 422 if form.is_submitted() else 200


def _plan_page(
    form: PlanForm,
    kind: MeetingForm,
    clock: Clock,
    save: Callable[[], uuid.UUID],
    *,
    meeting: Meeting | None,
    done: str,
) -> ResponseReturnValue:
    status = 200
    if request.method == "POST":
        if "add_item" in request.form:
            form.agenda.append_entry()
        elif "remove_item" in request.form:
            _remove_item(form, request.form["remove_item"])
    _set_choices(form, kind, meeting)
    if request.method == "POST" and not {"add_item", "remove_item"} & set(request.form):
        status = 422
        if form.validate():
            try:
                meeting_id = save()
            except Invalid as refusal:
                _show_refusal(form, refusal)
            except RuleRefused as refusal:
                form.starts_on.errors = [verdict_text(refusal.verdict)]
            else:
                flash(done, "success")
                return redirect(url_for(".show", meeting_id=meeting_id), code=303)
    page = render_template(
        "meetings/plan_form.html",
        form=form,
        kind=kind,
        is_deliberation=kind in DELIBERATIONS,
        clock=clock,
        earliest=clock.earliest(datetime.now(UTC)),
        meeting=meeting,
    )
    return page, status


def _matter_asked_for() -> Matter | None:
    asked = request.args.get("matter", type=uuid.UUID)
    matter = db.session.get(Matter, asked) if asked else None
    return matter if matter and matter.community_id == require_actor().community_id else None


def _start(form: PlanForm, kind: MeetingForm, clock: Clock, matter: Matter | None, *, now: datetime) -> None:
    form.starts_on.data = day_of(clock.earliest(now))
    form.starts_at.data = time(19, 0)
    form.title.data = documents.FORM[kind]
    if matter is not None:
        form.title.data = f"{documents.FORM[kind]}：{matter.title}"[:200]
        first: Any = form.agenda[0].form
        first.matter.data, first.title.data = str(matter.id), matter.title
        first.text.data = matter.resolution or matter.body


def _fill(form: ChangeForm, meeting: Meeting) -> None:
    local = meeting.starts_at.astimezone(SHANGHAI)
    form.title.data, form.place.data = meeting.title, meeting.place
    form.starts_on.data, form.starts_at.data = local.date(), local.time()
    form.body.data = str(meeting.body_id or "")
    form.chair.data = str(meeting.chair_id or "")
    form.urgent_reason.data = meeting.urgent_reason
    form.agenda.pop_entry()
    for item in meeting.agenda:
        entry: Any = form.agenda.append_entry().form
        entry.matter.data = str(item.matter_id or "")
        entry.title.data, entry.text.data, entry.minutes.data = item.title, item.text, str(item.minutes)


def _set_choices(form: PlanForm, kind: MeetingForm, meeting: Meeting | None) -> None:
    session, community_id = db.session(), require_actor().community_id
    matters = list(queries.list_matters_for(session, community_id=community_id, form=kind))
    bodies = queries.list_bodies_to_invite(session, community_id=community_id)
    chairs = queries.list_chairs(session, community_id=community_id, now=datetime.now(UTC))
    form.set_choices(
        matters=[(str(matter.id), f"{matter.number} {matter.title}") for matter in matters],
        bodies=[(str(body.id), body.name) for body in bodies],
        chairs=[(str(person.id), f"{person.name}（{post}）") for person, post in chairs],
    )
    if request.method == "GET" and meeting is None and kind in DELIBERATIONS and bodies:
        form.body.data = str(bodies[0].id)


def _remove_item(form: PlanForm, name: str) -> None:
    entries = form.agenda.entries
    form.agenda.entries = [entry for entry in entries if entry.name != name] or entries


def _show_refusal(form: PlanForm, refusal: Invalid) -> None:
    words = str(FAULTS[PlanFault(refusal.reason)])
    field: Field = form.agenda[0].form.matter
    if refusal.field and refusal.field.startswith("items-"):
        filled = [entry.form for entry in form.agenda if is_filled(entry.form)]
        field = filled[int(refusal.field.split("-")[1])].title
    elif refusal.field in ("starts_on", "chair", "body"):
        field = form[refusal.field]
    field.errors = [*field.errors, words]
