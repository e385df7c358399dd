"""Pages of corrective actions: the public list, one with its whole way, and what owners and others do."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals import law
from civicforum.appraisals.actions import Show
from civicforum.appraisals.follow_documents import action_problem, action_title
from civicforum.appraisals.forms.actions import ActionForm, CloseForm, MeasureForm, ProofForm, RecheckForm
from civicforum.appraisals.models import AppraisalSubject
from civicforum.appraisals.queries import actions as queries
from civicforum.appraisals.queries.follow import get_poor_subject
from civicforum.appraisals.rules import ActionState, Recheck, check_lead
from civicforum.appraisals.services import actions as services
from civicforum.appraisals.services import rechecks
from civicforum.appraisals.services.action_steps import book_of
from civicforum.appraisals.texts_follow import (
    OUTCOMES,
    RECHECKS,
    SHOWS,
    SOURCES,
    STATE_COLOURS,
    STATES,
    refusal_text,
)
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import CivicForumError, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.matters.forms.fields import uploaded
from civicforum.matters.queries.carrying_out import list_responsible
from civicforum.paging import page_number
from civicforum.records.forms import photo_words
from civicforum.records.models import JournalEntry
from civicforum.records.photos import PhotoRefused
from civicforum.records.queries import list_entries_of
from civicforum.records.words import ACTIONS, Told, told
from civicforum.rulebook.days import day_of


@bp.get("/actions")
@public
def actions() -> ResponseReturnValue:
    session, now, community = db.session(), datetime.now(UTC), require_community()
    asked = request.args.get("show", "")
    show = Show(asked) if asked in list(Show) else Show.OPEN
    return render_template(
        "appraisals/actions.html",
        page=queries.list_actions(
            session, community_id=community.id, show=show, number=page_number(), now=now
        ),
        counts=queries.count_actions(session, community_id=community.id, now=now),
        show=show,
        shows=SHOWS,
        now=now,
    )


@bp.get("/actions/<uuid:action_id>")
@public
def action(action_id: uuid.UUID) -> ResponseReturnValue:
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    found = queries.get_action(session, action_id=action_id, community_id=require_community().id)
    book = book_of(session, found)
    entries = list_entries_of(session, subject_kind="corrective_action", subject_id=action_id)
    return render_template(
        "appraisals/action.html",
        action=found,
        line=queries.line_of(found, day_of(now)),
        rounds=queries.list_rounds(session, found, book),
        acts=queries.get_acts(session, found, actor, now),
        entries=[_told_here(entry) for entry in entries],
        sources=SOURCES,
        rechecks=RECHECKS,
        outcomes=OUTCOMES,
        laws=[book.rule(name) for name in ("action.plan", "action.recheck", "privacy.least")],
        now=now,
    )


@bp.route("/subjects/<uuid:subject_id>/action", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def open_action(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Open the action that answers a poor grade; its title and its owner are proposed."""
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    subject = get_poor_subject(session, subject_id=subject_id, community_id=actor.community_id)
    check_lead(actor, subject.cycle.people)
    form = ActionForm(title=action_title(subject), problem=action_problem(subject), owner=_owner_of(subject))
    form.offer(list_responsible(session, community_id=actor.community_id, day=day_of(now)))
    if form.validate_on_submit():
        try:
            made = services.open_for_grade(subject_id=subject_id, wanted=form.wanted(), actor=actor, now=now)
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("The corrective action is opened, and its owner is asked for a measure."), "success")
            return redirect(url_for(".action", action_id=made), code=303)
    return form_page("action_open", form, subject=subject, cycle=subject.cycle)


@bp.route("/actions/<uuid:action_id>/plan", methods=["GET", "POST"])
@signed_in
def plan_action(action_id: uuid.UUID) -> ResponseReturnValue:
    found, acts = _for(action_id)
    if not acts.plan:
        raise NotEligible(action_id)
    is_new = found.planned_at is None
    form = MeasureForm(measure=found.measure, due_on=None if is_new else found.due_on)
    if form.validate_on_submit():
        try:
            services.plan(
                action_id=action_id,
                measure=form.measure.data,
                due_on=form.due_on.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            return _done(action_id, _("Everybody can read now what is done, and by when."))
    return form_page("action_plan", form, action=found)


@bp.route("/actions/<uuid:action_id>/report", methods=["GET", "POST"])
@signed_in
def report_action(action_id: uuid.UUID) -> ResponseReturnValue:
    found, acts = _for(action_id)
    if not acts.report:
        raise NotEligible(action_id)
    form, now = ProofForm(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            services.report(
                action_id=action_id,
                proof=form.proof.data,
                photo=uploaded(form.photo),
                photo_description=form.photo_description.data,
                actor=require_actor(),
                now=now,
            )
        except PhotoRefused as refusal:
            add_error(form, "photo", photo_words(refusal))
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            return _done(action_id, _("It is reported done. Residents say now whether it is mended."))
    until = law.recheck_until(book_of(db.session(), found), now)
    return form_page("action_report", form, action=found, until=until)


@bp.route("/actions/<uuid:action_id>/recheck", methods=["GET", "POST"])
@signed_in
def recheck_action(action_id: uuid.UUID) -> ResponseReturnValue:
    found, acts = _for(action_id)
    if not acts.recheck:
        raise NotEligible(action_id)
    mine = acts.mine
    form = RecheckForm(verdict=mine.verdict.value if mine else None, comment=mine.comment if mine else "")
    if form.validate_on_submit():
        try:
            rechecks.recheck(
                action_id=action_id,
                verdict=Recheck(form.verdict.data),
                comment=form.comment.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            return _done(action_id, _("Thank you. You can change your answer until the time is over."))
    return form_page("action_recheck", form, action=found)


@bp.route("/actions/<uuid:action_id>/close", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def close_action(action_id: uuid.UUID) -> ResponseReturnValue:
    found, acts = _for(action_id)
    if not acts.close:
        raise NotEligible(action_id)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            _check(form, action_id)
        except CivicForumError as refusal:
            put_refusal(form, refusal)
        else:
            return _done(action_id, _("The decision is public."))
    session = db.session()
    rounds = queries.list_rounds(session, found, book_of(session, found))
    return form_page(
        "action_close", form, action=found, round=rounds[0], outcomes=OUTCOMES, rechecks=RECHECKS
    )


@bp.app_template_filter()
def action_state(state: ActionState) -> tuple[str, str]:
    """Return the state of an action in words, and the colour of its tag."""
    return str(STATES[state]), STATE_COLOURS[state]


def _check(form: CloseForm, action_id: uuid.UUID) -> None:
    actor, now = require_actor(), datetime.now(UTC)
    if form.decision.data == form.BACK:
        services.send_back(action_id=action_id, note=form.note.data, actor=actor, now=now)
        return
    services.close(
        action_id=action_id,
        note=form.note.data,
        is_seen_on_spot=bool(form.is_seen_on_spot.data),
        actor=actor,
        now=now,
    )


def _told_here(entry: JournalEntry) -> Told:
    """Return an entry for the action's own page, which need not name and link the action each time."""
    return replace(told(entry), what=str(ACTIONS[entry.action]), url="")


def _for(action_id: uuid.UUID) -> tuple[Any, queries.Acts]:
    """Return an action, and what the viewer can do with it."""
    actor, session = require_actor(), db.session()
    found = queries.get_action(session, action_id=action_id, community_id=actor.community_id)
    return found, queries.get_acts(session, found, actor, datetime.now(UTC))


def _owner_of(subject: AppraisalSubject) -> str:
    """Return the owner that is proposed: whoever was graded, in the body of the post, or the body."""
    if subject.term is not None:
        return f"{subject.term.post.body_id}:{subject.person_id}"
    return str(subject.body_id or "")


def put_refusal(form: Any, refusal: CivicForumError) -> None:
    """Put a refusal beside its field; who may not do it at all gets the page that says so."""
    if isinstance(refusal, NotEligible | NotFound):
        raise refusal
    db.session().rollback()
    add_error(form, getattr(refusal, "field", None), refusal_text(refusal))


def _done(action_id: uuid.UUID, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".action", action_id=action_id), code=303)


def form_page(name: str, form: Any, **values: Any) -> ResponseReturnValue:
    page = render_template(f"appraisals/{name}.html", form=form, now=datetime.now(UTC), **values)
    return page, 422 if form.errors else 200
