"""Planning, changing and cancelling a meeting."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
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
from civicforum.meetings import documents, queries, services
from civicforum.meetings.forms import ChangeForm, PlanForm, ReasonForm, is_filled
from civicforum.meetings.forms.planning import MOST_ITEMS, key_of
from civicforum.meetings.forms_of_session import TEMPLATES
from civicforum.meetings.models import Duty, Meeting
from civicforum.meetings.queries.follow_ups import list_waiting_for_agenda
from civicforum.meetings.queries.planning import list_clerks
from civicforum.meetings.queries.register import list_duties_of
from civicforum.meetings.rules import (
    ASSEMBLIES,
    DELIBERATIONS,
    NOTICE_RULE,
    MeetingForm,
    MeetingState,
    PlanFault,
    stage_for,
)
from civicforum.meetings.texts import FAULTS, FORM_NOTES, FORMS
from civicforum.meetings.texts_before import AFTERWARDS, HEADINGS
from civicforum.meetings.views.blueprint import bp
from civicforum.people.queries import rules_in
from civicforum.rulebook import SHANGHAI, Clock, Rule, Rulebook
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
    duties = _duties([matter] if matter else [])
    return render_template("meetings/plan.html", forms=forms, matter=matter, duties=duties)


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
                _field_of(form, refusal).errors = [verdict_text(refusal.verdict)]
            else:
                flash(done, "success")
                return redirect(url_for(".show", meeting_id=meeting_id), code=303)
    page = render_template(
        "meetings/plan_form.html",
        form=form,
        kind=kind,
        is_deliberation=kind in DELIBERATIONS,
        is_assembly=kind in ASSEMBLIES,
        template=TEMPLATES[kind],
        headings=HEADINGS,
        afterwards=AFTERWARDS,
        study_rule=_book().switch("assembly.party_study"),
        publication_rule=_publication_rule(kind),
        duties=_duties(_matters_on(form)),
        clock=clock,
        earliest=clock.earliest(datetime.now(UTC)),
        meeting=meeting,
    )
    return page, status


def _matter_asked_for() -> Matter | None:
    asked = request.args.get("matter", type=uuid.UUID)
    matter = db.session.get(Matter, asked) if asked else None
    return matter if matter and matter.community_id == require_actor().community_id else None


def _book() -> Rulebook:
    return rules_in(db.session(), require_actor().community_id)


def _publication_rule(kind: MeetingForm) -> Rule | None:
    name = TEMPLATES[kind].publication_rule
    return _book().switch(name) if name else None


def _matters_on(form: PlanForm) -> Sequence[Matter]:
    """Return the matters that the form has chosen so far, to remind of what they need."""
    chosen = [key for entry in form.agenda if (key := key_of(entry.form.matter.data))]
    matters = [db.session.get(Matter, key) for key in chosen]
    return [one for one in matters if one and one.community_id == require_actor().community_id]


def _duties(matters: Sequence[Matter]) -> Sequence[Duty]:
    """Return in which forms matters like these have to be deliberated on (art 32)."""
    return list_duties_of(
        db.session(),
        community_id=require_actor().community_id,
        categories=[matter.category for matter in matters],
    )


def _field_of(form: PlanForm, refusal: RuleRefused) -> Field:
    """Return the field beside which a refusal of the law belongs: the missing study, or the day."""
    if refusal.verdict.rule.id != "assembly.party_study":
        return form.starts_on
    unstudied = [
        entry.form
        for entry in form.agenda
        if is_filled(entry.form) and not entry.form.matter.data and not entry.form.studied_on.data
    ]
    return next((item.studied_on for item in unstudied if item.text.data), form.starts_on)


def _start(form: PlanForm, kind: MeetingForm, clock: Clock, matter: Matter | None, *, now: datetime) -> None:
    form.starts_on.data = day_of(clock.earliest(now))
    form.starts_at.data = time(19, 0)
    form.title.data = documents.FORM[kind]
    # What the last session left comes first, the new topic after it.
    for opening in TEMPLATES[kind].openings:
        entry: Any = form.agenda[-1].form
        entry.title.data, entry.minutes.data = opening.title, str(opening.minutes)
        form.agenda.append_entry()
    if kind in ASSEMBLIES:
        _take_up_what_waits(form)
    if matter is not None:
        form.title.data = f"{documents.FORM[kind]}：{matter.title}"[:200]
        topic: Any = form.agenda[-1].form
        topic.matter.data, topic.title.data = str(matter.id), matter.title
        topic.text.data = matter.resolution or matter.body


def _take_up_what_waits(form: PlanForm) -> None:
    """Put on the agenda what sessions asked an assembly for; one place stays free for something new."""
    waiting = list_waiting_for_agenda(db.session(), require_actor().community_id)
    for follow_up in waiting[: MOST_ITEMS - len(form.agenda)]:
        entry: Any = form.agenda[-1].form
        entry.title.data, entry.text.data = follow_up.item.title, follow_up.text
        entry.follow_up.data = str(follow_up.id)
        form.agenda.append_entry()


def _fill(form: ChangeForm, meeting: Meeting) -> None:
    local = meeting.starts_at.astimezone(SHANGHAI)
    form.title.data, form.place.data = meeting.title, meeting.place
    form.starts_on.data, form.starts_at.data = local.date(), local.time()
    form.body.data = str(meeting.body_id or "")
    form.chair.data = str(meeting.chair_id or "")
    form.clerk.data, form.held.data = str(meeting.clerk_id or ""), meeting.held.value
    form.urgent_reason.data = meeting.urgent_reason
    form.agenda.pop_entry()
    for item in meeting.agenda:
        entry: Any = form.agenda.append_entry().form
        entry.matter.data = str(item.matter_id or "")
        entry.title.data, entry.text.data, entry.minutes.data = item.title, item.text, str(item.minutes)
        entry.studied_on.data, entry.study_text.data = item.studied_on, item.study_text
        entry.item.data = str(item.id)


def _set_choices(form: PlanForm, kind: MeetingForm, meeting: Meeting | None) -> None:
    session, community_id = db.session(), require_actor().community_id
    matters = list(queries.list_matters_for(session, community_id=community_id, form=kind))
    bodies = queries.list_bodies_to_invite(session, community_id=community_id)
    chairs = queries.list_chairs(session, community_id=community_id, now=datetime.now(UTC))
    clerks = list_clerks(session, community_id=community_id, now=datetime.now(UTC))
    form.set_choices(
        matters=[(str(matter.id), f"{matter.number} {matter.title}") for matter in matters],
        bodies=[(str(body.id), body.name) for body in bodies],
        chairs=[(str(person.id), f"{person.name}（{post}）") for person, post in chairs],
        clerks=[(str(person.id), f"{person.name}（{post}）") for person, post in clerks],
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
        _, number, name = refusal.field.split("-")
        field = filled[int(number)][name]
    elif refusal.field in ("starts_on", "chair", "clerk", "body"):
        field = form[refusal.field]
    field.errors = [*field.errors, words]
