"""The hearing and the grading: what was said, who grades where, forms given out, and their count."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals import texts_rating as texts
from civicforum.appraisals.forms.rating import PAPER, AbsenceForm, OpenForm, QuestionNoteForm, ReportNoteForm
from civicforum.appraisals.hearing_minutes import Spoken, passage_of_hearing
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.queries import rating as queries
from civicforum.appraisals.queries.rating import RatingPage
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.services import hearing as notes
from civicforum.appraisals.services import rating as services
from civicforum.appraisals.services.rating import Ended
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotEligible
from civicforum.fields import add_error

# Whoever is graded in the cycle is refused by the services.
NOTERS = (Role.SUPERVISOR, Role.CLERK)


@bp.get("/<uuid:cycle_id>/rating")
@public
def rating(cycle_id: uuid.UUID) -> ResponseReturnValue:
    return _page(cycle_id)


@bp.route("/rating/<uuid:subject_id>/heard", methods=["GET", "POST"])
@roles(*NOTERS)
def rating_report(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Note what was said in an oral report."""
    subject, now = _to_note(subject_id), datetime.now(UTC)
    form = ReportNoteForm(data={"text": subject.heard_text})

    def note() -> None:
        notes.note_report(subject_id=subject_id, text=form.text.data, actor=require_actor(), now=now)

    return _noted(form, subject, note, "report")


@bp.route("/rating/<uuid:subject_id>/not-given", methods=["GET", "POST"])
@roles(*NOTERS)
def rating_absence(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Note that somebody does not report, and why."""
    subject, now = _to_note(subject_id), datetime.now(UTC)
    form = AbsenceForm(data={"reason": subject.unheard_reason})

    def note() -> None:
        notes.note_absence(subject_id=subject_id, reason=form.reason.data, actor=require_actor(), now=now)

    return _noted(form, subject, note, "absence")


@bp.route("/rating/<uuid:subject_id>/question", methods=["GET", "POST"])
@roles(*NOTERS)
def rating_question(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Note a question and its answer."""
    subject, now = _to_note(subject_id), datetime.now(UTC)
    form = QuestionNoteForm(data={"question_id": str(uuid.uuid4())})

    def note() -> None:
        notes.note_question(
            subject_id=subject_id,
            question_id=form.question_id.key,
            question=form.question.data,
            answer=form.answer.data,
            actor=require_actor(),
            now=now,
        )

    return _noted(form, subject, note, "question")


@bp.route("/rating/questions/<uuid:question_id>", methods=["GET", "POST"])
@roles(*NOTERS)
def rating_question_change(question_id: uuid.UUID) -> ResponseReturnValue:
    """Mend what was noted of a question."""
    community_id = require_community().id
    asked = queries.get_question(db.session(), question_id=question_id, community_id=community_id)
    subject, now = _to_note(asked.subject_id), datetime.now(UTC)
    form = QuestionNoteForm(data={"question": asked.question, "answer": asked.answer})

    def note() -> None:
        notes.change_question(
            question_id=question_id,
            question=form.question.data,
            answer=form.answer.data,
            actor=require_actor(),
            now=now,
        )

    return _noted(form, subject, note, "question")


@bp.post("/<uuid:cycle_id>/rating/prepare")
@roles(Role.SUPERVISOR)
def rating_prepare(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """Draw and post the rolls of the groups."""
    try:
        services.prepare_rating(cycle_id=cycle_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The rolls are posted. Anybody may object to them for three days."), "success")
    except AlreadyDone:
        flash(_("The rolls are posted already; somebody else was quicker."), "info")
    except CivicForumError as refusal:
        return _refused(cycle_id, refusal)
    return redirect(url_for(".rating", cycle_id=cycle_id), code=303)


@bp.route("/<uuid:cycle_id>/rating/open", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def rating_open(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """Give out the forms, or let a cycle without an assembly begin."""
    page, form = _get(cycle_id), OpenForm()
    if not page.leads:
        raise NotEligible(require_actor().person_id)
    if form.validate_on_submit() or (page.hall is None and form.is_submitted()):
        try:
            services.open_rating(
                cycle_id=cycle_id,
                by_paper=form.way.data == PAPER,
                actor=require_actor(),
                settings=_settings(),
                now=datetime.now(UTC),
            )
            flash(_("The grading has begun."), "success")
            return redirect(url_for(".rating", cycle_id=cycle_id), code=303)
        except CivicForumError as refusal:
            return _refused(cycle_id, refusal)
    status = 422 if form.is_submitted() else 200
    return render_template("appraisals/rating_open.html", page=page, cycle=page.cycle, form=form), status


@bp.post("/<uuid:cycle_id>/rating/end")
@roles(Role.SUPERVISOR)
def rating_end(cycle_id: uuid.UUID) -> ResponseReturnValue:
    """End the grading in the hall, and count what is in the box."""
    try:
        ended = services.end_rating(
            cycle_id=cycle_id, actor=require_actor(), settings=_settings(), now=datetime.now(UTC)
        )
    except CivicForumError as refusal:
        return _refused(cycle_id, refusal)
    if ended is Ended.COUNTED:
        flash(_("The forms of the hall are counted."), "success")
        return redirect(url_for(".results", cycle_id=cycle_id), code=303)
    flash(
        _("Nobody grades in the hall any more. Two people count the papers, each for themselves.")
        if ended is Ended.AWAITS_PAPER
        else _("Too few forms came back. None was opened, and none is."),
        "info",
    )
    return redirect(url_for(".rating", cycle_id=cycle_id), code=303)


def _get(cycle_id: uuid.UUID) -> RatingPage:
    actor, session = current_actor(), db.session()
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=require_community().id, actor=actor)
    return queries.get_rating(session, cycle, actor, now=datetime.now(UTC))


def _page(cycle_id: uuid.UUID, error: str = "") -> str:
    page = _get(cycle_id)
    return render_template(
        "appraisals/rating.html",
        page=page,
        cycle=page.cycle,
        texts=texts,
        minutes=_minutes(page) if page.lines and page.notes else "",
        error=error,
        now=datetime.now(UTC),
    )


def _minutes(page: RatingPage) -> str:
    spoken = (
        Spoken(
            name=line.subject.name,
            hearing=line.hearing,
            text=line.subject.heard_text,
            unheard_reason=line.subject.unheard_reason,
            questions=[(one.question, one.answer) for one in line.questions],
        )
        for line in page.lines
    )
    quorum = page.cycle.quorum or {}
    return passage_of_hearing(
        page.cycle.title,
        spoken,
        quorum=quorum.get("arithmetic", ""),
        article=quorum.get("article", ""),
    )


def _refused(cycle_id: uuid.UUID, refusal: CivicForumError) -> ResponseReturnValue:
    """Show the page again with why a step was refused; raises what has no words of its own."""
    return _page(cycle_id, texts.refused_text(refusal)), 409


def _to_note(subject_id: uuid.UUID) -> AppraisalSubject:
    community_id, actor = require_community().id, require_actor()
    subject = queries.get_subject(db.session(), subject_id=subject_id, community_id=community_id)
    cycle: Cycle = subject.cycle
    if not notes.may_note(actor, cycle):
        raise NotEligible(actor.person_id)
    return subject


def _noted(form: Any, subject: AppraisalSubject, note: Callable[[], None], what: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            note()
            flash(_("It is noted down."), "success")
            return _to_subject(subject)
        except AlreadyDone:
            return _to_subject(subject)
        except Invalid as refusal:
            add_error(form, refusal.field, str(texts.NOTE_FAULTS[refusal.reason]))
    page = render_template(
        "appraisals/rating_note.html", form=form, subject=subject, cycle=subject.cycle, what=what
    )
    return page, 422 if form.is_submitted() else 200


def _to_subject(subject: AppraisalSubject) -> ResponseReturnValue:
    where = url_for(".rating", cycle_id=subject.cycle_id, _anchor=f"report-{subject.position}")
    return redirect(where, code=303)


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings
