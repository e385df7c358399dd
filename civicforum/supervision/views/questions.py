"""Questions to bodies: the public list, a thread, asking and answering."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.paging import page_number
from civicforum.supervision import queries, services
from civicforum.supervision.forms import QuestionForm, ThreadForm
from civicforum.supervision.models import SupervisionFinding
from civicforum.supervision.queries.records import get_question, list_bodies_to_ask, list_questions
from civicforum.supervision.rules import ANSWER_RULE, may_supervise
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.saying import say


@bp.get("/questions")
@public
def questions() -> ResponseReturnValue:
    community = require_community()
    is_waiting = request.args.get("show") == "waiting"
    return render_template(
        "supervision/questions.html",
        page=list_questions(
            db.session(), community_id=community.id, is_waiting=is_waiting, number=page_number()
        ),
        is_waiting=is_waiting,
        rule=rulebook.load(community.profile).rule(ANSWER_RULE),
        may_write=may_supervise(current_actor()),
        now=datetime.now(UTC),
    )


@bp.get("/questions/<uuid:question_id>")
@public
def question(question_id: uuid.UUID) -> ResponseReturnValue:
    return _page(question_id, ThreadForm(formdata=None)), 200


@bp.route("/questions/new", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def ask() -> ResponseReturnValue:
    actor, session, community = require_actor(), db.session(), require_community()
    finding = _finding_asked_about(actor.community_id)
    form = QuestionForm()
    form.offer(list_bodies_to_ask(session, community_id=actor.community_id))
    clock = rulebook.load(community.profile).clock(ANSWER_RULE)
    now = datetime.now(UTC)
    if form.validate_on_submit():
        try:
            question_id = services.ask_body(
                body_id=uuid.UUID(form.body_id.data),
                title=form.title.data,
                text=form.text.data,
                finding_id=finding.id if finding else None,
                actor=actor,
                now=now,
            )
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone as done:
            flash(_("This question already waits for its answer."), "info")
            return redirect(url_for(".question", question_id=done.args[0]), code=303)
        else:
            flash(_("The question is public, and the time for its answer has begun."), "success")
            return redirect(url_for(".question", question_id=question_id), code=303)
    body = render_template(
        "supervision/ask.html", form=form, finding=finding, rule=clock, due_at=clock.deadline(now)
    )
    return body, 422 if form.is_submitted() else 200


@bp.post("/questions/<uuid:question_id>/again")
@roles(Role.SUPERVISOR)
def ask_again(question_id: uuid.UUID) -> ResponseReturnValue:
    return _write(question_id, services.ask_again, _("The question is put, and its time runs anew."))


@bp.post("/questions/<uuid:question_id>/answer")
@signed_in
def answer(question_id: uuid.UUID) -> ResponseReturnValue:
    return _write(question_id, services.answer_question, _("The answer is public, with your name and post."))


def _write(question_id: uuid.UUID, service: services.Write, words: str) -> ResponseReturnValue:
    actor, form = require_actor(), ThreadForm()
    if form.validate_on_submit():
        try:
            service(question_id=question_id, text=form.text.data, actor=actor, now=datetime.now(UTC))
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone:
            form.form_errors.append(_("Somebody was quicker: read the thread as it is now."))
        else:
            flash(words, "success")
            return redirect(url_for(".question", question_id=question_id), code=303)
    return _page(question_id, form), 422


def _page(question_id: uuid.UUID, form: ThreadForm) -> str:
    session, community, actor, now = db.session(), require_community(), current_actor(), datetime.now(UTC)
    found = get_question(session, question_id=question_id, community_id=community.id)
    may_answer = (
        actor is not None and found.due_at is not None and services.may_answer(session, found, actor, now)
    )
    if form.is_submitted() and actor is not None and not (may_answer or may_supervise(actor)):
        raise NotEligible(actor.person_id)
    return render_template(
        "supervision/question.html",
        question=found,
        form=form,
        rule=rulebook.load(found.profile).clock(ANSWER_RULE),
        may_answer=may_answer,
        may_ask=may_supervise(actor) and found.due_at is None,
        now=now,
    )


def _finding_asked_about(community_id: uuid.UUID) -> SupervisionFinding | None:
    key = request.args.get("finding", type=uuid.UUID)
    return queries.get_finding(db.session(), finding_id=key, community_id=community_id) if key else None
