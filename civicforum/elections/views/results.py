"""The result of an election for everybody, and those elected for its officers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.calendar import Milestone
from civicforum.elections.forms.winners import CertificateForm, FilingForm, LetGoForm
from civicforum.elections.models import Election
from civicforum.elections.queries import rounds as rounds_queries
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.results import get_winner, get_winners
from civicforum.elections.rules import Stage, WinnerState, may_preside
from civicforum.elections.services import winners as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_rounds import FOLLOWING, LETTING_GO, STATES, refusal_text
from civicforum.elections.views.blueprint import bp
from civicforum.elections.views.rounds import READERS, election_to_run
from civicforum.errors import CivicForumError, Invalid, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.polls import texts_results
from civicforum.polls.queries.results import get_result
from civicforum.polls.rules import PollState
from civicforum.rulebook.days import day_of

SHOWN = (PollState.COUNTED, PollState.CERTIFIED, PollState.VOID)


@bp.get("/<uuid:election_id>/result")
@public
def result(election_id: uuid.UUID) -> ResponseReturnValue:
    """Who is elected, and every round with its figures, rules and arithmetic."""
    session, community_id, actor = db.session(), require_community().id, current_actor()
    election = rounds_queries.get_election(session, election_id=election_id, community_id=community_id)
    standing = rounds_queries.standing_of(session, election)
    counted = [one for one in standing.rounds if one.poll.result and one.poll.state in SHOWN]
    sheets = {one.id: get_result(session, poll_id=one.poll_id, community_id=community_id) for one in counted}
    winners = get_winners(session, election)
    return render_template(
        "elections/result.html",
        election=election,
        standing=standing,
        counted=counted,
        sheets=sheets,
        texts=texts_results,
        winners=winners,
        states=STATES,
        elsewhere=_elsewhere(standing),
        following=FOLLOWING[standing.following.kind] if standing.following else "",
        may_run=actor is not None and may_preside(actor),
        announced=Milestone.RESULT_ANNOUNCED in get_dates(session, election).done,
    )


@bp.get("/<uuid:election_id>/winners")
@roles(*READERS)
def winners(election_id: uuid.UUID) -> ResponseReturnValue:
    return _page(election_to_run(election_id), FilingForm())


@bp.post("/<uuid:election_id>/winners/announce")
@roles(Role.ELECTION_OFFICER)
def announce(election_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.announce(election_id=election_id, actor=require_actor(), now=datetime.now(UTC))
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        db.session().rollback()
        return _page(election_to_run(election_id), FilingForm(), error=refusal_text(refusal)), 422
    flash(_("It is written down that the result was announced."), "success")
    return redirect(url_for(".winners", election_id=election_id), code=303)


@bp.post("/<uuid:election_id>/winners/file")
@roles(Role.ELECTION_OFFICER)
def file_result(election_id: uuid.UUID) -> ResponseReturnValue:
    form = FilingForm()
    if form.validate_on_submit():
        try:
            services.file_result(
                election_id=election_id, note=form.note.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            add_error(form, refusal.field, refusal_text(refusal))
        else:
            flash(_("The filing is written down."), "success")
            return redirect(url_for(".winners", election_id=election_id), code=303)
    return _page(election_to_run(election_id), form), 422


@bp.route("/<uuid:election_id>/winners/<uuid:winner_id>/let-go", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def let_go(election_id: uuid.UUID, winner_id: uuid.UUID) -> ResponseReturnValue:
    """Write that somebody elected yields, declines, or was not elected lawfully."""
    election, form = election_to_run(election_id), LetGoForm()
    winner = get_winner(db.session(), winner_id=winner_id, election_id=election.id)
    if form.validate_on_submit():
        try:
            services.let_go(
                winner_id=winner_id,
                election_id=election_id,
                state=WinnerState(form.state.data),
                ground=form.ground.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            _refuse(form, refusal, "state")
        else:
            flash(_("The seat is open again."), "success")
            return redirect(url_for(".winners", election_id=election_id), code=303)
    page = render_template(
        "elections/let_go.html",
        election=election,
        winner=winner,
        form=form,
        hints=[{"hint": {"text": hint}} for _words, hint in LETTING_GO.values()],
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:election_id>/winners/<uuid:winner_id>/certificate", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def certify_winner(election_id: uuid.UUID, winner_id: uuid.UUID) -> ResponseReturnValue:
    """Enter the number of the certificate that was issued."""
    election = election_to_run(election_id)
    winner = get_winner(db.session(), winner_id=winner_id, election_id=election.id)
    first = {
        "certificate": winner.certificate,
        "certified_on": winner.certified_on or day_of(datetime.now(UTC)),
    }
    form = CertificateForm(data=first)
    if form.validate_on_submit():
        try:
            services.certify_winner(
                winner_id=winner_id,
                election_id=election_id,
                certificate=form.certificate.data,
                certified_on=form.certified_on.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            _refuse(form, refusal, "certificate")
        else:
            flash(_("The certificate of %(name)s is written down.", name=winner.person.name), "success")
            return redirect(url_for(".winners", election_id=election_id), code=303)
    page = render_template(
        "elections/certify_winner.html",
        election=election,
        winner=winner,
        form=form,
        rule=rules_of(election).rule("election.certificate"),
    )
    return page, 422 if form.errors else 200


def _refuse(form: FlaskForm, refusal: CivicForumError, field: str) -> None:
    add_error(form, getattr(refusal, "field", None) or field, refusal_text(refusal))


def _page(election: Election, form: FilingForm, *, error: str = "") -> str:
    session = db.session()
    book, dates = rules_of(election), get_dates(session, election)
    steps = {step.milestone: step for step in dates.steps}
    standing = rounds_queries.standing_of(session, election)
    return render_template(
        "elections/winners.html",
        election=election,
        winners=get_winners(session, election),
        standing=standing,
        states=STATES,
        form=form,
        error=error,
        seats={seat.id: seat for seat in election.seats},
        announced=steps.get(Milestone.RESULT_ANNOUNCED),
        filed=steps.get(Milestone.RESULT_FILED),
        may_run=may_preside(require_actor()),
        may_announce=election.stage in services.BEFORE_HANDOVER and bool(standing.table.counts),
        may_certify=election.stage in services.FROM_RESULT,
        is_closed=election.stage is Stage.CLOSED,
        on_the_spot=book.rule("election.result_on_the_spot"),
        certificate=book.rule("election.certificate"),
        kept=book.rule("election.papers_kept"),
    )


def _elsewhere(standing: rounds_queries.Standing) -> dict[tuple[uuid.UUID, uuid.UUID], list[str]]:
    """Return whom a question chose who had been elected to a higher post, by round and seat."""
    found: dict[tuple[uuid.UUID, uuid.UUID], list[str]] = {}
    won = {gain.person_id: gain for gain in standing.table.gains}
    for one in standing.rounds:
        for part in standing.parts.get(one.id, ()):
            question = part.question
            if question is None or one.decided_at is None:
                continue
            for line in question.lines:
                gain = won.get(part.person_of(line) or uuid.UUID(int=0))
                if line.is_chosen and gain is not None and gain.seat_id != part.seat_id:
                    found.setdefault((one.id, part.seat_id), []).append(line.name)
    return found
