"""The list of polls, drafting one page by page, and the ballot paper as voters will see it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, RuleRefused
from civicforum.paging import page_number
from civicforum.polls import terms as rules
from civicforum.polls.forms.drafting import (
    OCCASIONS,
    ORDINARY,
    SubjectForm,
    TermsForm,
    put_refusal,
    refusal_text,
)
from civicforum.polls.forms.questions import FORMS, QuestionForm
from civicforum.polls.models import Poll, Question
from civicforum.polls.queries import drafting as queries
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import may_run
from civicforum.polls.services import drafting as services
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts import KIND_NOTES, KINDS
from civicforum.polls.views.blueprint import bp

RUNNERS = (Role.ELECTION_OFFICER, Role.COMMITTEE)
LISTS = ("open", "coming", "over")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    actor = current_actor()
    lists = queries.list_polls(
        db.session(),
        community_id=require_community().id,
        actor=actor,
        pages={name: page_number(name) for name in LISTS},
    )
    runs = [poll for poll in lists.drafts if actor and poll.is_run_by(actor)]
    return render_template(
        "polls/index.html",
        lists=lists,
        may_draft=actor is not None and may_run(actor, is_statutory=False),
        editable={poll.id for poll in runs},
    )


@bp.route("/new", methods=["GET", "POST"])
@roles(*RUNNERS)
def new() -> ResponseReturnValue:
    actor = require_actor()
    form = SubjectForm(key=str(uuid.uuid4()))
    _offer_occasions(form)
    if form.validate_on_submit():
        poll_id = _key(form)

        def draft() -> None:
            services.draft_poll(poll_id=poll_id, subject=form.subject(), actor=actor, now=datetime.now(UTC))

        if _done(form, draft):
            return redirect(url_for(".terms", poll_id=poll_id), code=303)
    return _page("new", form, None)


@bp.route("/<uuid:poll_id>/edit", methods=["GET", "POST"])
@roles(*RUNNERS)
def edit(poll_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    poll = queries.get_draft(db.session(), poll_id=poll_id, actor=actor)
    form = SubjectForm(data=SubjectForm.values_of(poll))
    _offer_occasions(form)
    if form.validate_on_submit():

        def change() -> None:
            services.edit_subject(poll_id=poll_id, subject=form.subject(), actor=actor, now=datetime.now(UTC))

        if _done(form, change):
            return redirect(url_for(".terms", poll_id=poll_id), code=303)
    return _page("edit", form, poll)


@bp.route("/<uuid:poll_id>/terms", methods=["GET", "POST"])
@roles(*RUNNERS)
def terms(poll_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = require_actor(), datetime.now(UTC)
    poll = queries.get_draft(db.session(), poll_id=poll_id, actor=actor)
    book = rules_of(poll)
    form = TermsForm(data=TermsForm.values_of(poll))
    form.fit(poll, book)
    if form.validate_on_submit():

        def settle() -> None:
            services.set_terms(poll_id=poll_id, terms=form.terms(poll), actor=actor, now=now)

        if _done(form, settle):
            return redirect(url_for(".questions", poll_id=poll_id), code=303)
    earliest = rules.earliest_opening(
        book, objection_days=poll.objection_days, is_statutory=poll.is_statutory, now=now
    )
    return _page(
        "terms",
        form,
        poll,
        earliest=earliest,
        laws=[book.rule(name) for name in ("election.online", "roll.posting", "roll.objection")],
    )


@bp.get("/<uuid:poll_id>/questions")
@roles(*RUNNERS)
def questions(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = queries.get_draft(db.session(), poll_id=poll_id, actor=require_actor())
    return render_template(
        "polls/questions.html",
        poll=poll,
        specs=[(question, question.spec) for question in poll.questions],
        kinds=[(kind, KINDS[kind], KIND_NOTES[kind]) for kind in QuestionKind],
        kind_names=KINDS,
        book=rules_of(poll),
        missing=_missing(poll),
    )


@bp.route("/<uuid:poll_id>/questions/new/<kind>", methods=["GET", "POST"])
@roles(*RUNNERS)
def add_question(poll_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    actor = require_actor()
    if kind not in list(QuestionKind):
        abort(404)
    poll = queries.get_draft(db.session(), poll_id=poll_id, actor=actor)
    form = FORMS[QuestionKind(kind)](key=str(uuid.uuid4()), data=_first_values(poll))
    _offer_rules(form, poll)
    if form.validate_on_submit():
        question_id = _key(form)

        def add() -> None:
            services.add_question(
                poll_id=poll_id,
                question_id=question_id,
                spec=form.spec(),
                actor=actor,
                now=datetime.now(UTC),
            )

        if _done(form, add):
            return redirect(url_for(".questions", poll_id=poll_id), code=303)
    return _page("question", form, poll, kind=form.kind, kind_name=KINDS[form.kind])


@bp.route("/<uuid:poll_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@roles(*RUNNERS)
def edit_question(poll_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    poll = queries.get_draft(db.session(), poll_id=poll_id, actor=actor)
    question = _question(poll, question_id)
    form = FORMS[question.kind](data=QuestionForm.values_of(question))
    _offer_rules(form, poll)
    if form.validate_on_submit():

        def change() -> None:
            services.edit_question(
                poll_id=poll_id,
                question_id=question_id,
                spec=form.spec(),
                actor=actor,
                now=datetime.now(UTC),
            )

        if _done(form, change):
            return redirect(url_for(".questions", poll_id=poll_id), code=303)
    return _page("question", form, poll, kind=form.kind, kind_name=KINDS[form.kind], question=question)


@bp.post("/<uuid:poll_id>/questions/<uuid:question_id>/remove")
@roles(*RUNNERS)
def remove_question(poll_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    services.remove_question(
        poll_id=poll_id, question_id=question_id, actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("The question is off the ballot paper."), "success")
    return redirect(url_for(".questions", poll_id=poll_id), code=303)


@bp.post("/<uuid:poll_id>/questions/<uuid:question_id>/move")
@roles(*RUNNERS)
def move_question(poll_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    direction = request.form.get("direction")
    if direction not in ("up", "down"):
        abort(400)
    services.move_question(
        poll_id=poll_id,
        question_id=question_id,
        places=-1 if direction == "up" else 1,
        actor=require_actor(),
        now=datetime.now(UTC),
    )
    return redirect(url_for(".questions", poll_id=poll_id, _anchor=f"question-{question_id}"), code=303)


@bp.get("/<uuid:poll_id>/preview")
@public
def preview(poll_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    poll = queries.get_paper(db.session(), poll_id=poll_id, community_id=require_community().id, actor=actor)
    return render_template(
        "polls/preview.html",
        poll=poll,
        specs=poll.specs,
        may_draft=actor is not None and poll.is_run_by(actor),
    )


def _done(form: FlaskForm, act: Callable[[], None]) -> bool:
    """Do it, and tell whether it is done; a refusal is put beside its field. Done before is done."""
    try:
        act()
    except AlreadyDone:
        return True
    except (Invalid, RuleRefused) as refusal:
        put_refusal(form, refusal)
        return False
    return True


def _missing(poll: Poll) -> str:
    """Return in words what keeps the draft from going to its roll today, or nothing."""
    try:
        services.check_draft(poll, now=datetime.now(UTC))
    except (Invalid, RuleRefused) as refusal:
        return refusal_text(refusal)
    return ""


def _page(name: str, form: FlaskForm, poll: Poll | None, **values: Any) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_template(f"polls/{name}.html", form=form, poll=poll, **values), status


def _offer_occasions(form: SubjectForm) -> None:
    # The election committee alone runs an election or a recall: others are not asked.
    if not may_run(require_actor(), is_statutory=True):
        form.occasion.choices = [(value, words) for value, words in OCCASIONS if value == ORDINARY]


def _offer_rules(form: QuestionForm, poll: Poll) -> None:
    found = rules.majorities(rules_of(poll), form.kind, is_statutory=poll.is_statutory)
    form.offer(found, is_statutory=poll.is_statutory)


def _first_values(poll: Poll) -> dict[str, Any]:
    """Return what a new question starts with: the first one asks what the poll is called."""
    return {"title": "" if poll.questions else poll.title}


def _question(poll: Poll, question_id: uuid.UUID) -> Question:
    found = [question for question in poll.questions if question.id == question_id]
    return found[0] if found else abort(404)


def _key(form: SubjectForm | QuestionForm) -> uuid.UUID:
    """Return the id that the page made, so that what is sent twice is one thing."""
    try:
        return uuid.UUID(form.key.data or "")
    except ValueError:
        abort(400)
