"""The rounds of an election for its officers: roll, paper, result taken over, and what is voted on next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.calendar import Milestone
from civicforum.elections.forms.rounds import next_round_form, take_over_form
from civicforum.elections.models import Election
from civicforum.elections.queries import rounds as queries
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.results import get_winners
from civicforum.elections.queries.rounds import COUNTED, Standing
from civicforum.elections.rules import RoundKind, Stage, may_preside
from civicforum.elections.services import next_rounds, papers, results, rolls
from civicforum.elections.services.steps import rules_of
from civicforum.elections.services.winners import BEFORE_HANDOVER
from civicforum.elections.texts_rounds import FOLLOWING, refusal_text, round_name, waiting_words
from civicforum.elections.verdicts import CLOCK_OF, SHARE_OF
from civicforum.elections.views.blueprint import bp
from civicforum.errors import CivicForumError, Invalid, NotEligible, NotFound
from civicforum.fields import add_error, day_and_clock
from civicforum.polls.queries.rolls import preview_of_poll
from civicforum.polls.rules import PollState

READERS = (Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR)


@bp.app_template_filter()
def election_round(one: Any) -> str:
    return round_name(one.number, one.kind)


@dataclass(frozen=True)
class Act:
    """What comes next: a form that is one button, or with `is_link` the page on which it is done."""

    label: str
    url: str
    words: str
    is_link: bool = False


def election_to_run(election_id: uuid.UUID) -> Election:
    """Return an election of the actor's community with seats and rounds. Raises NotFound."""
    community_id = require_actor().community_id
    return queries.get_election(db.session(), election_id=election_id, community_id=community_id)


@bp.get("/<uuid:election_id>/rounds")
@roles(*READERS)
def rounds(election_id: uuid.UUID) -> ResponseReturnValue:
    return _page(election_id)


@bp.post("/<uuid:election_id>/rounds/roll")
@roles(Role.ELECTION_OFFICER)
def make_roll(election_id: uuid.UUID) -> ResponseReturnValue:
    def step() -> str:
        number = rolls.make_roll(election_id=election_id, actor=require_actor(), now=datetime.now(UTC))
        return str(
            ngettext(
                "The roll is made: %(num)s person is on it. Look at it once more before it is posted.",
                "The roll is made: %(num)s people are on it. Look at it once more before it is posted.",
                number,
            )
        )

    return _stepped(election_id, step)


@bp.post("/<uuid:election_id>/rounds/roll/post")
@roles(Role.ELECTION_OFFICER)
def post_roll(election_id: uuid.UUID) -> ResponseReturnValue:
    def step() -> str:
        rolls.post_roll(election_id=election_id, actor=require_actor(), now=datetime.now(UTC))
        return str(_("The roll is posted. Residents can read it and object to it."))

    return _stepped(election_id, step)


@bp.post("/<uuid:election_id>/rounds/paper")
@roles(Role.ELECTION_OFFICER)
def set_paper(election_id: uuid.UUID) -> ResponseReturnValue:
    def step() -> str:
        papers.set_paper(election_id=election_id, actor=require_actor(), now=datetime.now(UTC))
        return str(_("The ballot paper is set: one question for each post."))

    return _stepped(election_id, step)


@bp.route("/<uuid:election_id>/rounds/take-over", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def take_over(election_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the sheet says, ask whom names written in mean, and write who is elected."""
    election = election_to_run(election_id)
    standing = queries.standing_of(db.session(), election)
    latest = standing.latest
    if latest is None or latest.poll.state not in COUNTED:
        raise NotFound(election_id)
    written = queries.list_written_in(db.session(), latest)
    unclear = [name for name in written if name.matters and not name.is_clear]
    form = take_over_form(unclear)
    if form.validate_on_submit() and (meant := form.read(unclear)) is not None:
        try:
            results.take_over(
                election_id=election_id, written=meant, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            at = next((at for at, name in enumerate(unclear) if name.field == refusal.field), None)
            add_error(form, None if at is None else f"number_{at}", refusal_text(refusal))
        else:
            flash(_("The result is taken over."), "success")
            return redirect(url_for(".rounds", election_id=election_id), code=303)
    page = render_template(
        "elections/take_over.html",
        election=election,
        one=latest,
        parts=standing.parts[latest.id],
        seats={seat.id: seat for seat in election.seats},
        written=written,
        unclear=unclear,
        form=form,
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:election_id>/rounds/next", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def next_round(election_id: uuid.UUID) -> ResponseReturnValue:
    """Say when people vote again, and see who stands then."""
    election = election_to_run(election_id)
    session = db.session()
    standing = queries.standing_of(session, election)
    following, latest = standing.following, standing.latest
    if following is None or latest is None:
        return redirect(url_for(".rounds", election_id=election_id))
    titles = {seat.id: seat.title for seat in election.seats}
    form = next_round_form(following, titles, _usual_hours(election))
    if form.validate_on_submit() and (added := form.read_added(following)) is not None:
        try:
            next_rounds.next_round(
                election_id=election_id,
                opens_at=form.opens_at,
                closes_at=form.closes_at,
                added=added,
                actor=require_actor(),
                settings=current_app.config["CIVICFORUM"],
                now=datetime.now(UTC),
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            field = getattr(refusal, "field", None) or "opens_at"
            field = {"opens_at": "on", "closes_at": "closes"}.get(field, field)
            add_error(form, field, refusal_text(refusal))
        else:
            flash(_("The next round is prepared, with the same roll and its own ballot paper."), "success")
            return redirect(url_for(".rounds", election_id=election_id), code=303)
    book = rules_of(election)
    page = render_template(
        "elections/next_round.html",
        election=election,
        following=following,
        words=FOLLOWING[following.kind],
        seats={seat.id: seat for seat in election.seats},
        names=queries.names_of(session, [who for part in following.asked for who in part.people]),
        clock=book.clock(CLOCK_OF[following.kind]) if following.kind in CLOCK_OF else None,
        since=latest.poll.closed_at or latest.poll.closes_at,
        share=book.rule(SHARE_OF[following.kind]) if following.kind in SHARE_OF else None,
        ties=book.rule("election.ties_voted_again") if following.kind is RoundKind.TIE else None,
        form=form,
        now=datetime.now(UTC),
    )
    return page, 422 if form.errors else 200


def _stepped(election_id: uuid.UUID, step: Callable[[], str]) -> ResponseReturnValue:
    """Take a step, and go back to the rounds; a refusal stands on top of the same page."""
    try:
        said = step()
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        db.session().rollback()
        return _page(election_id, error=refusal_text(refusal)), 422
    flash(said, "success")
    return redirect(url_for(".rounds", election_id=election_id), code=303)


def _page(election_id: uuid.UUID, *, error: str = "") -> str:
    session, now, actor = db.session(), datetime.now(UTC), require_actor()
    election = election_to_run(election_id)
    standing = queries.standing_of(session, election)
    book = rules_of(election)
    announced = Milestone.RESULT_ANNOUNCED in get_dates(session, election).done
    people = [
        *(who for count in standing.table.counts for who in (*count.elected, *count.tied)),
        *(uuid.UUID(str(who)) for one in standing.rounds for part in one.paper for who in part["people"]),
    ]
    first = standing.rounds[0].poll if standing.rounds else None
    return render_template(
        "elections/rounds.html",
        election=election,
        standing=standing,
        rounds=list(reversed(standing.rounds)),
        seats={str(seat.id): seat for seat in election.seats},
        names={str(key): name for key, name in queries.names_of(session, people).items()},
        preview=preview_of_poll(session, poll_id=first.id) if first else None,
        posting=book.clock("roll.posting"),
        latest_posting=book.clock("roll.posting").latest(election.opens_at),
        may_stop=get_winners(session, election).may_stop,
        act=_act(election, standing, announced=announced),
        waiting=waiting_words(election.stage),
        following=FOLLOWING[standing.following.kind] if standing.following else "",
        announced=announced,
        may_run=may_preside(actor),
        error=error,
        now=now,
    )


def _act(election: Election, standing: Standing, *, announced: bool) -> Act | None:
    """Return what comes next, where it is done here."""
    latest, stage = standing.latest, election.stage
    if stage is Stage.ROLL and latest is None:
        words = _("Everybody who registered goes on the roll. Nobody else sees it before it is posted.")
        return Act(_("Make the roll"), url_for(".make_roll", election_id=election.id), words)
    if latest is None:
        return None
    if stage is Stage.ROLL and latest.poll.state is PollState.DRAFT:
        words = _(
            "From then on every resident reads it and may object. It changes only by dated corrections."
        )
        return Act(_("Post the roll"), url_for(".post_roll", election_id=election.id), words)
    if stage is Stage.CANDIDATES and not latest.poll.questions:
        words = _("The paper takes the names of the final list, in its order: one question for each post.")
        return Act(_("Set the ballot paper"), url_for(".set_paper", election_id=election.id), words)
    if stage is Stage.COUNT and latest.poll.state in COUNTED and latest.decided_at is None:
        words = _("The votes are counted. Look at them once more; then they say who is elected.")
        return Act(
            _("Take over the result"), url_for(".take_over", election_id=election.id), words, is_link=True
        )
    if standing.following is not None and stage in (Stage.CANDIDATES, Stage.POLLING, Stage.COUNT):
        words = str(FOLLOWING[standing.following.kind])
        return Act(
            _("Prepare the next round"), url_for(".next_round", election_id=election.id), words, is_link=True
        )
    if stage in BEFORE_HANDOVER and latest.decided_at is not None and not announced:
        words = _("Every seat that can be filled is filled. Read the result out, and write that it was.")
        return Act(_("Go to the winners"), url_for(".winners", election_id=election.id), words, is_link=True)
    return None


def _usual_hours(election: Election) -> dict[str, Any]:
    """Return the hours of the first round, on a day in a week's time."""
    opens = day_and_clock("opens", election.opens_at)
    closes = day_and_clock("closes", election.closes_at)
    soon = day_and_clock("opens", datetime.now(UTC) + timedelta(days=7))
    return {"on": soon["opens_on"], "opens": opens["opens_at"], "closes": closes["closes_at"]}
