"""Resignations, posts that ended by themselves, and the by-election that an empty seat asks for."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.accounts.current import require_community
from civicforum.bodies.models import Term
from civicforum.bodies.queries import get_term
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections import recalls as law
from civicforum.elections.forms.resigning import DecideResignationForm, EndForm, ResignForm
from civicforum.elections.queries import recalls as queries
from civicforum.elections.recalls import DepartureState
from civicforum.elections.rules import may_plan
from civicforum.elections.services import resigning as services
from civicforum.elections.texts_recalls import DEPARTURE_STATES, GROUNDS, refusal_text
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotEligible, NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.rulebook import load
from civicforum.rulebook.days import day_of, day_starts

PLANNERS = (Role.COMMITTEE, Role.ELECTION_OFFICER)


@bp.get("/resignations")
@roles(*PLANNERS, Role.SUPERVISOR)
def resignations() -> ResponseReturnValue:
    """Resignations that wait, posts that ended, and empty seats with the clock of the by-election."""
    return _page()


@bp.route("/posts/<uuid:term_id>/resign", methods=["GET", "POST"])
@signed_in
def resign_post(term_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in one's resignation."""
    actor, form = require_actor(), ResignForm()
    term = _term(term_id)
    if term.person_id != actor.person_id:
        raise NotEligible(term_id)
    if form.validate_on_submit():
        try:
            services.file_resignation(
                term_id=term_id, reason=form.reason.data, actor=actor, now=datetime.now(UTC)
            )
            flash(
                _("Your resignation is handed in. The post ends once an assembly has passed it."), "success"
            )
        except AlreadyDone:
            flash(_("Your resignation is handed in already."), "info")
        return redirect(url_for(".recalls"), code=303)
    return _form_page("resign_post", term, form, rule="committee.resignation")


@bp.route("/resignations/<uuid:departure_id>", methods=["GET", "POST"])
@roles(*PLANNERS)
def decide_resignation(departure_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what an assembly decided on a resignation."""
    row = queries.get_departure(
        db.session(), departure_id=departure_id, community_id=require_actor().community_id
    )
    if row.state is not DepartureState.FILED:
        return redirect(url_for(".resignations"), code=303)
    form, now = DecideResignationForm(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            services.decide_resignation(
                departure_id=departure_id, decided=form.decided(), actor=require_actor(), now=now
            )
            flash(_("The decision is recorded."), "success")
            return redirect(url_for(".resignations"), code=303)
        except AlreadyDone:
            flash(_("This has been recorded already."), "error")
            return redirect(url_for(".resignations"), code=303)
        except (Invalid, RuleRefused) as refusal:
            _put(form, refusal)
    return _form_page("decide_resignation", row.term, form, rule="committee.resignation", row=row)


@bp.post("/resignations/<uuid:departure_id>/announce")
@roles(*PLANNERS)
def announce_resignation(departure_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.announce(departure_id=departure_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("It is announced on the notice board."), "success")
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        db.session().rollback()
        return _page(error=refusal_text(refusal)), 422
    return redirect(url_for(".resignations"), code=303)


@bp.route("/posts/<uuid:term_id>/end", methods=["GET", "POST"])
@roles(*PLANNERS)
def record_term_end(term_id: uuid.UUID) -> ResponseReturnValue:
    """Record that a post has ended by itself."""
    term, form = _term(term_id), EndForm()
    if term.ended_on is not None:
        return redirect(url_for(".resignations"), code=303)
    if form.validate_on_submit():
        try:
            services.record_end(
                term_id=term_id,
                ground=form.end_ground,
                on=form.on.data,
                paper=form.paper.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("It is recorded that the post has ended."), "success")
            return redirect(url_for(".resignations"), code=303)
        except AlreadyDone:
            flash(_("This has been recorded already."), "error")
            return redirect(url_for(".resignations"), code=303)
        except Invalid as refusal:
            _put(form, refusal)
    return _form_page("record_term_end", term, form, rule="committee.ends_by_itself")


def _term(term_id: uuid.UUID) -> Term:
    return get_term(db.session(), term_id=term_id, community_id=require_actor().community_id)


def _put(form: Any, refusal: Invalid | RuleRefused) -> None:
    add_error(form, getattr(refusal, "field", None), refusal_text(refusal))


def _form_page(name: str, term: Term, form: Any, *, rule: str, **values: Any) -> ResponseReturnValue:
    law_text = load(require_community().profile).rule(rule)
    page = render_template(f"elections/{name}.html", term=term, form=form, law=law_text, **values)
    return page, 422 if form.errors else 200


def _page(*, error: str = "") -> str:
    session, now, actor = db.session(), datetime.now(UTC), require_actor()
    community = require_community()
    book, today = load(community.profile), day_of(now)
    vacancies = queries.list_vacancies(session, community_id=community.id, day=today)
    within, announced = (
        book.clock(name) for name in ("election.by_election.within", "committee.resignation_announced")
    )
    page = queries.list_departures(session, community_id=community.id, number=page_number())
    return render_template(
        "elections/resignations.html",
        vacancies=[
            (one, law.judge_left(book, one.left), within.deadline(day_starts(one.since))) for one in vacancies
        ],
        by_election=[within, book.rule("election.by_election.rest_of_term")],
        page=page,
        announced=announced,
        announce_by={
            row.id: announced.deadline(day_starts(row.ended_on)) for row in page.items if row.ended_on
        },
        grounds=GROUNDS,
        states=DEPARTURE_STATES,
        members=queries.list_elected(session, community_id=community.id, day=today),
        may_decide=may_plan(actor),
        error=error,
        now=now,
    )
