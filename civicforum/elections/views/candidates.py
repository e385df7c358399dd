"""The candidates as everybody sees them: side by side, what they say, what voters ask, what they answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.elections.forms.candidates import AnswerForm, CandidateForm, QuestionForm
from civicforum.elections.models import Candidate, Election
from civicforum.elections.queries import candidates as queries
from civicforum.elections.queries.registrations import electors_among, get_election
from civicforum.elections.rules import CandidateState, Stage, may_preside
from civicforum.elections.services import candidates as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_candidates import (
    CANDIDATE_STATES,
    STATE_COLOURS,
    refusal_text,
    route_text,
)
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.matters.forms.fields import uploaded
from civicforum.paging import page_number
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused
from civicforum.rulebook.days import day_of

# Preliminary candidates are posted while they are reviewed (art 18), and the formal list after that.
SHOWN_FROM = (
    Stage.REVIEW,
    Stage.CANDIDATES,
    Stage.POLLING,
    Stage.COUNT,
    Stage.RESULT,
    Stage.HANDOVER,
    Stage.CLOSED,
)


@bp.get("/<uuid:election_id>/candidates")
@public
def candidates(election_id: uuid.UUID) -> ResponseReturnValue:
    """Who stands for which post; on a day of voting the names alone."""
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    election = get_election(session, election_id=election_id, community_id=require_community().id)
    lists = queries.list_by_seat(session, election=election) if election.stage in SHOWN_FROM else []
    found = queries.routes_of(session, election_id=election.id)
    return render_template(
        "elections/candidates.html",
        election=election,
        lists=lists,
        is_formal=any(
            candidate.state is CandidateState.FORMAL for one in lists for candidate in one.candidates
        ),
        routes={who: [route_text(*one) for one in routes] for who, routes in found.items()},
        asked=queries.count_questions(session, election_id=election.id),
        presentation=services.presentation(session, election, now=now),
        own_id=actor.person_id if actor else None,
        presides=actor is not None and may_preside(actor),
    )


@bp.get("/<uuid:election_id>/candidates/<uuid:candidate_id>")
@public
def candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    """One candidate: picture, statement, questions with their answers."""
    election, row = _shown(election_id, candidate_id)
    return _candidate_page(election, row, QuestionForm())


@bp.route("/<uuid:election_id>/candidates/<uuid:candidate_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Write the statement and choose the picture: the candidate, or an officer for them."""
    actor, (election, row) = require_actor(), _own(election_id, candidate_id)
    form = CandidateForm(statement=row.statement)
    if form.validate_on_submit():
        try:
            services.edit_candidate(
                election_id=election_id,
                candidate_id=candidate_id,
                statement=form.statement.data,
                photo=uploaded(form.photo),
                without_photo=bool(form.without_photo.data),
                actor=actor,
                now=datetime.now(UTC),
            )
        except PhotoRefused as refusal:
            add_error(form, "photo", photo_words(refusal))
        else:
            flash(_("Saved. This is how voters see it."), "success")
            return _to_candidate(election_id, candidate_id)
    page = render_template(
        "elections/edit_candidate.html",
        election=election,
        candidate=row,
        form=form,
        is_own=row.person_id == actor.person_id,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/<uuid:election_id>/candidates/<uuid:candidate_id>/questions")
@signed_in
def ask_candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a candidate something, as a voter."""
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            services.ask_candidate(
                election_id=election_id,
                candidate_id=candidate_id,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("You have asked this already."), "info")
            return _to_candidate(election_id, candidate_id)
        except Invalid as refusal:
            add_error(form, refusal.field, refusal_text(refusal))
        else:
            flash(_("Your question stands here. The candidate answers below it."), "success")
            return _to_candidate(election_id, candidate_id)
    election, row = _shown(election_id, candidate_id)
    return _candidate_page(election, row, form), 422


@bp.route(
    "/<uuid:election_id>/candidates/<uuid:candidate_id>/questions/<uuid:question_id>/answer",
    methods=["GET", "POST"],
)
@signed_in
def answer_question(
    election_id: uuid.UUID, candidate_id: uuid.UUID, question_id: uuid.UUID
) -> ResponseReturnValue:
    """Answer a question: the candidate, or an officer who writes down what was said."""
    form, (election, row) = AnswerForm(), _own(election_id, candidate_id)
    question = queries.get_question(db.session(), question_id=question_id, candidate_id=row.id)
    if form.validate_on_submit():
        try:
            services.answer_question(
                election_id=election_id,
                candidate_id=candidate_id,
                question_id=question_id,
                text=form.text.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("This question has been answered already."), "info")
        else:
            flash(_("The answer stands below the question."), "success")
        return _to_candidate(election_id, candidate_id)
    page = render_template(
        "elections/answer_question.html", election=election, candidate=row, question=question, form=form
    )
    return page, 422 if form.is_submitted() else 200


def _shown(election_id: uuid.UUID, candidate_id: uuid.UUID) -> tuple[Election, Candidate]:
    """Return a candidate whom everybody may see. Raises NotFound."""
    session = db.session()
    election = get_election(session, election_id=election_id, community_id=require_community().id)
    row = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if row.state not in queries.STANDING or election.stage not in SHOWN_FROM:
        raise NotFound(candidate_id)
    return election, row


def _own(election_id: uuid.UUID, candidate_id: uuid.UUID) -> tuple[Election, Candidate]:
    """Return a candidate for whom the actor speaks. Raises NotFound, NotEligible."""
    actor, session = require_actor(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if row.person_id != actor.person_id and not may_preside(actor):
        raise NotEligible(actor.person_id)
    return election, row


def _to_candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".candidate", election_id=election_id, candidate_id=candidate_id), code=303)


def _candidate_page(election: Election, row: Candidate, form: QuestionForm) -> str:
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    presentation = services.presentation(session, election, now=now)
    meets = election.stage is Stage.CANDIDATES and row.state is CandidateState.FORMAL and presentation.holds
    found = queries.routes_of(session, election_id=election.id)
    context: dict[str, Any] = {"may_ask": False, "speaks": False, "is_own": False}
    if actor is not None:
        electors = electors_among(session, election=election, people=[actor.person_id], day=day_of(now))
        context["is_own"] = row.person_id == actor.person_id
        context["speaks"] = context["is_own"] or may_preside(actor)
        context["may_ask"] = meets and bool(electors) and not context["is_own"]
    return render_template(
        "elections/candidate.html",
        election=election,
        candidate=row,
        form=form,
        presentation=presentation,
        meets=meets,
        routes=[route_text(*one) for one in found[row.person_id]] if row.person_id in found else [],
        page=queries.list_questions(session, candidate_id=row.id, number=page_number()),
        meeting=rules_of(election).switch("election.meeting_candidates"),
        states=CANDIDATE_STATES,
        colours=STATE_COLOURS,
        **context,
    )
