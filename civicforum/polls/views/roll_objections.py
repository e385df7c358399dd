"""Objections to a posted roll, rulings on them, and corrections by a decision."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import find_people
from civicforum.polls.forms.rolls import CorrectionForm, ObjectionForm, RulingForm
from civicforum.polls.models import Poll, RollEntry, RollObjection
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import RUN_SOME, CorrectionKind, ObjectionKind
from civicforum.polls.rules_roll import CORRECTED_IN, last_lawsuit
from civicforum.polls.services import correcting, objecting, rolls
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts_rolls import refusal_text
from civicforum.polls.views.blueprint import bp
from civicforum.polls.views.rolls import poll_to_run


@bp.route("/<uuid:poll_id>/roll/object", methods=["GET", "POST"])
@signed_in
def object_to_roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Choose what is wrong; then say about whom, and why. A clerk does it for somebody at the help desk."""
    actor, now = require_actor(), datetime.now(UTC)
    poll = queries.get_posted(db.session(), poll_id=poll_id, community_id=actor.community_id)
    period = rolls.period_of(poll)
    asked = request.args.get("kind")
    if asked not in list(ObjectionKind) or period is None or not period.runs(now) or poll.roll_frozen_at:
        return render_template("polls/object_to_roll.html", poll=poll, period=period, now=now)
    kind, form = ObjectionKind(asked), ObjectionForm()
    if request.method == "GET" or "search" in request.form:
        return _objection_page(form, poll, kind)
    if form.validate():
        try:
            return _file(form, poll, kind, now)
        except AlreadyDone:
            flash(_("You have made this objection already. It waits for the ruling."), "info")
            return redirect(url_for(".roll_objections", poll_id=poll_id), code=303)
        except (Invalid, RuleRefused) as refusal:
            add_error(form, getattr(refusal, "field", None), refusal_text(refusal))
    return _objection_page(form, poll, kind), 422


@bp.get("/<uuid:poll_id>/roll/objections")
@public
def roll_objections(poll_id: uuid.UUID) -> ResponseReturnValue:
    """The objections with their rulings; who objected is for the officers alone."""
    session, actor = db.session(), current_actor()
    poll = queries.get_posted(session, poll_id=poll_id, community_id=require_community().id)
    is_run = actor is not None and poll.is_run_by(actor)
    book = rules_of(poll)
    return render_template(
        "polls/roll_objections.html",
        poll=poll,
        page=queries.list_objections(session, poll_id=poll.id, number=page_number()),
        may_rule=is_run and poll.roll_frozen_at is None,
        sees_all=is_run or (actor is not None and actor.has(Role.SUPERVISOR)),
        own_id=actor.person_id if actor else None,
        lawsuit=book.clock("roll.lawsuit") if poll.is_statutory else None,
        sue_by=last_lawsuit(book, poll.opens_at) if poll.is_statutory and poll.opens_at else None,
        now=datetime.now(UTC),
    )


@bp.route("/<uuid:poll_id>/roll/objections/<uuid:objection_id>/rule", methods=["GET", "POST"])
@roles(*RUN_SOME)
def rule(poll_id: uuid.UUID, objection_id: uuid.UUID) -> ResponseReturnValue:
    poll = poll_to_run(poll_id)
    objection = queries.get_objection(db.session(), objection_id=objection_id, poll_id=poll.id)
    if objection.ruling is not None:
        flash(_("This objection has been ruled on already."), "info")
        return redirect(url_for(".roll_objections", poll_id=poll_id), code=303)
    form = RulingForm()
    if request.method == "GET" or "search" in request.form:
        return _ruling_page(form, poll, objection)
    if form.validate():
        try:
            objecting.rule_on_objection(
                poll_id=poll_id,
                objection_id=objection_id,
                ruling=form.chosen,
                text=form.text.data,
                person_id=id_of(form.person.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            db.session.refresh(objection)
            add_error(form, refusal.field if refusal.field in form else "ruling", refusal_text(refusal))
        else:
            flash(_("The ruling is recorded and published."), "success")
            return redirect(url_for(".roll_objections", poll_id=poll_id), code=303)
    return _ruling_page(form, poll, objection), 422


@bp.route("/<uuid:poll_id>/roll/correct", methods=["GET", "POST"])
@roles(*RUN_SOME)
def correct_roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Add somebody or strike somebody off by a decision; either way the correction is dated and public."""
    poll, form = poll_to_run(poll_id), CorrectionForm()
    if poll.state not in CORRECTED_IN:
        raise TransitionNotAllowed(poll.state, "correct")
    asked = request.args.get("kind")
    if asked not in (CorrectionKind.ADDED, CorrectionKind.STRUCK_OFF):
        return render_template("polls/correct_roll.html", poll=poll)
    kind = CorrectionKind(asked)
    if request.method == "GET" or "search" in request.form:
        return _correction_page(form, poll, kind)
    if form.validate():
        try:
            _correct(form, poll, kind, require_actor())
        except Invalid as refusal:
            add_error(form, refusal.field or "reason", refusal_text(refusal))
        else:
            flash(_("The roll is corrected, and the correction is published."), "success")
            return redirect(url_for(".roll", poll_id=poll_id, _anchor="corrections"), code=303)
    return _correction_page(form, poll, kind), 422


def _file(form: ObjectionForm, poll: Poll, kind: ObjectionKind, now: datetime) -> ResponseReturnValue:
    objecting.object_to_roll(
        poll_id=poll.id,
        kind=kind,
        entry_id=id_of(form.entry.data),
        about=form.about.data if kind is ObjectionKind.OMITTED else "",
        text=form.text.data,
        actor=require_actor(),
        now=now,
    )
    flash(_("Your objection is filed. The ruling is published here, with its reasons."), "success")
    return redirect(url_for(".roll_objections", poll_id=poll.id), code=303)


def _correct(form: CorrectionForm, poll: Poll, kind: CorrectionKind, actor: Actor) -> None:
    now, reason, decision = datetime.now(UTC), form.reason.data, form.decision.data or ""
    if kind is CorrectionKind.ADDED:
        person_id = id_of(form.person.data)
        if person_id is None:
            raise Invalid("no_person", "person")
        correcting.add_to_roll(
            poll_id=poll.id, person_id=person_id, reason=reason, decision=decision, actor=actor, now=now
        )
        return
    entry_id = id_of(form.entry.data)
    if entry_id is None:
        raise Invalid("no_entry", "entry")
    correcting.strike_off(
        poll_id=poll.id, entry_id=entry_id, reason=reason, decision=decision, actor=actor, now=now
    )


def wanted_in(argument: str, default: str = "") -> str:
    """Return what was searched for."""
    return request.values.get(argument, default).strip()[:40]


def entries_named(poll: Poll, text: str) -> list[tuple[str, str, str]]:
    """Return entries of the roll to choose from: id, name, and what tells people of one name apart."""
    if not text:
        return []
    page = queries.list_entries(db.session(), poll_id=poll.id, text=text, is_current=True)
    return [(str(entry.id), entry.name, _place(entry)) for entry in page.items[:MOST_SHOWN]]


def _place(entry: RollEntry) -> str:
    return str(_("No. %(number)s on the roll", number=entry.position)) + " · " + entry.group_name


MOST_SHOWN = 20


def _people_named(poll: Poll, text: str) -> list[tuple[str, str, str]]:
    people = find_people(db.session(), community_id=poll.community_id, text=text, limit=MOST_SHOWN)
    return [
        (
            str(person.id),
            person.name,
            _("Register no. %(number)s", number=person.number) + " · " + person.household.group.name,
        )
        for person in people
    ]


def _objection_page(form: ObjectionForm, poll: Poll, kind: ObjectionKind) -> str:
    text = wanted_in("q")
    found = entries_named(poll, text) if kind is not ObjectionKind.OMITTED else []
    due = rules_of(poll).clock("roll.ruling")
    return render_template(
        "polls/object_to_roll_by.html", poll=poll, form=form, kind=kind, wanted=text, found=found, due=due
    )


def _ruling_page(form: RulingForm, poll: Poll, objection: RollObjection) -> str:
    text = wanted_in("q", objection.about)
    found = _people_named(poll, text) if objection.kind is ObjectionKind.OMITTED else []
    return render_template(
        "polls/rule.html",
        poll=poll,
        form=form,
        objection=objection,
        wanted=text,
        found=found,
        now=datetime.now(UTC),
    )


def _correction_page(form: CorrectionForm, poll: Poll, kind: CorrectionKind) -> str:
    text = wanted_in("q")
    found = _people_named(poll, text) if kind is CorrectionKind.ADDED else entries_named(poll, text)
    return render_template(
        "polls/correct_roll_by.html", poll=poll, form=form, kind=kind, wanted=text, found=found
    )


def id_of(text: str | None) -> uuid.UUID | None:
    """Return the id that a radio button sent; anything else is no choice."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
