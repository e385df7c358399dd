"""Review of the candidates, and the formal list: what the officers work on between nomination and posting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.forms.candidates import checks_form
from civicforum.elections.forms.nomination import ReasonForm, StepDownForm
from civicforum.elections.models import Candidate, Election
from civicforum.elections.queries import candidates as queries
from civicforum.elections.queries.candidates import SeatList
from civicforum.elections.queries.registrations import get_election
from civicforum.elections.registers import OWN_WISH
from civicforum.elections.rules import CandidateState, Disqualification, Stage, may_preside
from civicforum.elections.services import reviewing as services
from civicforum.elections.services import stepping_down
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_candidates import (
    CANDIDATE_STATES,
    DISQUALIFICATIONS,
    STATE_COLOURS,
    decision_text,
    refusal_text,
    route_text,
)
from civicforum.elections.texts_register import details_of
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused
from civicforum.fields import add_error


@bp.app_template_filter()
def candidate_decision(row: Candidate) -> str:
    return decision_text(row)


@bp.get("/<uuid:election_id>/review")
@roles(Role.ELECTION_OFFICER, Role.SUPERVISOR)
def review(election_id: uuid.UUID) -> ResponseReturnValue:
    """Every post with who stands for it: what was asked about each, and whether there are enough."""
    actor, session = require_actor(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    standing = queries.list_by_seat(session, election=election)
    return render_template(
        "elections/review.html",
        election=election,
        lists=queries.list_reviewed(session, election=election),
        verdicts={one.seat.id: services.judge_seat(election, one) for one in standing},
        counts={one.seat.id: len(one.candidates) for one in standing},
        routes=_routes(election),
        questions=DISQUALIFICATIONS,
        may_decide=may_preside(actor),
        stage=election.stage,
        states=CANDIDATE_STATES,
        colours=STATE_COLOURS,
    )


@bp.route("/<uuid:election_id>/candidates/<uuid:candidate_id>/review", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def review_candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    """The four grounds of disqualification, each asked and answered with who answered it (art 18)."""
    actor, form, session = require_actor(), checks_form(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if form.validate_on_submit():
        stands = services.answer_checks(
            election_id=election_id,
            candidate_id=candidate_id,
            checks=form.checks,
            actor=actor,
            now=datetime.now(UTC),
        )
        words = (
            _("The answers are recorded.")
            if stands
            else _("Recorded: the candidate is refused on this ground.")
        )
        flash(words, "success")
        return redirect(url_for(".review", election_id=election_id), code=303)
    if not form.is_submitted():
        form.fill(candidate)
    page = render_template(
        "elections/review_candidate.html",
        election=election,
        candidate=candidate,
        form=form,
        details=details_of(candidate.person),
        grounds=list(Disqualification),
        rule=rules_of(election).switch("election.disqualified"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:election_id>/candidates/<uuid:candidate_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_candidate(election_id: uuid.UUID, candidate_id: uuid.UUID) -> ResponseReturnValue:
    """No longer stand: the candidate, or an officer who has it in writing."""
    actor, form, session = require_actor(), ReasonForm(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    candidate = queries.get_candidate(session, candidate_id=candidate_id, election_id=election.id)
    if candidate.person_id != actor.person_id and not may_preside(actor):
        raise NotEligible(actor.person_id)
    if candidate.state is CandidateState.FORMAL:
        return _step_down(election, candidate)
    if form.validate_on_submit():
        services.withdraw_candidate(
            election_id=election_id,
            candidate_id=candidate_id,
            reason=form.reason.data or OWN_WISH,
            actor=actor,
            now=datetime.now(UTC),
        )
        return _gone(election_id)
    page = render_template(
        "elections/withdraw_candidate.html", election=election, candidate=candidate, form=form
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:election_id>/formal-list", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def formal_list(election_id: uuid.UUID) -> ResponseReturnValue:
    """Put the candidates in the order of the ballot paper, and post the list."""
    actor, form, session, now = require_actor(), FlaskForm(), db.session(), datetime.now(UTC)
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    lists = queries.list_by_seat(session, election=election)
    if form.validate_on_submit() and _places_fit(form, lists):
        try:
            services.post_formal_list(election_id=election_id, order=_order(lists), actor=actor, now=now)
        except AlreadyDone:
            flash(_("The formal list is posted already."), "info")
            return redirect(url_for(".candidates", election_id=election_id), code=303)
        except (Invalid, RuleRefused) as refusal:
            add_error(form, None, refusal_text(refusal))
        else:
            flash(_("The formal list is posted. Candidates can present themselves now."), "success")
            return redirect(url_for(".candidates", election_id=election_id), code=303)
    page = render_template(
        "elections/formal_list.html",
        election=election,
        form=form,
        lists=lists,
        typed=request.form,
        day=rules_of(election).clock("election.formal_list").judge(now, election.opens_at),
        verdicts={one.seat.id: services.judge_seat(election, one) for one in lists},
        unchecked=[
            candidate for one in lists for candidate in one.candidates if not queries.is_checked(candidate)
        ],
        is_posted=any(
            candidate.state is CandidateState.FORMAL for one in lists for candidate in one.candidates
        ),
        is_open=election.stage is Stage.CANDIDATES,
    )
    return page, 422 if form.is_submitted() else 200


def _step_down(election: Election, candidate: Candidate) -> ResponseReturnValue:
    """Step down after the formal list was posted, with what follows for the others."""
    actor, form, session = require_actor(), StepDownForm(), db.session()
    election_id, candidate_id = election.id, candidate.id
    if not may_preside(actor):
        del form.reopens
    if form.validate_on_submit():
        try:
            stage = stepping_down.step_down(
                election_id=election_id,
                candidate_id=candidate_id,
                reason=form.reason.data or OWN_WISH,
                reopens="reopens" in form and bool(form.reopens.data),
                actor=actor,
                now=datetime.now(UTC),
            )
        except (Invalid, RuleRefused) as refusal:
            add_error(form, "reopens" if "reopens" in form else None, refusal_text(refusal))
        else:
            return _gone(election_id, is_reopened=stage is Stage.NOMINATION)
    verdicts = stepping_down.judge_without(session, election, candidate)
    page = render_template(
        "elections/step_down.html",
        election=election,
        candidate=candidate,
        form=form,
        verdicts=verdicts,
        are_enough=all(one.holds for one in verdicts),
        is_own=candidate.person_id == actor.person_id,
        is_time=election.stage is Stage.CANDIDATES,
    )
    return page, 422 if form.is_submitted() else 200


def _gone(election_id: uuid.UUID, *, is_reopened: bool = False) -> ResponseReturnValue:
    said = _("The candidate no longer stands.")
    if is_reopened:
        said = _("The candidate no longer stands, and nominations are taken once more. Look at the dates.")
    flash(said, "success")
    back = ".candidates"
    if may_preside(require_actor()):
        back = ".manage" if is_reopened else ".review"
    return redirect(url_for(back, election_id=election_id), code=303)


def _routes(election: Election) -> dict[uuid.UUID, list[str]]:
    """Return in words by whom each person was nominated."""
    found = queries.routes_of(db.session(), election_id=election.id)
    return {person_id: [route_text(*one) for one in routes] for person_id, routes in found.items()}


def _places_fit(form: FlaskForm, lists: Sequence[SeatList]) -> bool:
    """Tell whether every candidate has a place of its own in the list of the seat; the form says if not."""
    for one in lists:
        places = sorted(_place(candidate) for candidate in one.candidates)
        if places != list(range(1, len(places) + 1)):
            add_error(
                form,
                None,
                _("Number the candidates for %(post)s from 1, each number once.", post=one.seat.title),
            )
    return not form.form_errors


def _place(candidate: Candidate) -> int:
    return request.form.get(f"place-{candidate.id}", 0, type=int)


def _order(lists: Sequence[SeatList]) -> list[uuid.UUID]:
    """Return the candidates of the page as they were numbered."""
    return [candidate.id for one in lists for candidate in sorted(one.candidates, key=_place)]
