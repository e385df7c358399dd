"""Pages of the count: each of two enters a box apart, differences are shown, both sign, and papers add up."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.polls.forms.boxes import BoxForm, fields_of, pairs_of, typed_of
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries import paper as queries
from civicforum.polls.queries.relatives import list_on_paper
from civicforum.polls.rules import KEEP_SOME
from civicforum.polls.services import box_counts as services
from civicforum.polls.services.box_counts import sheet_of
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts import STATION_KINDS
from civicforum.polls.texts_paper import GROUNDS
from civicforum.polls.views.blueprint import bp


@bp.route("/<uuid:poll_id>/stations/<uuid:station_id>/count", methods=["GET", "POST"])
@roles(*KEEP_SOME)
def box_count(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, station = _at(poll_id, station_id)
    session, actor = db.session(), require_actor()
    _check_keeps(poll)
    if station.signed_at is not None or not services.may_count_now(session, poll):
        raise TransitionNotAllowed(poll.state)
    counts = queries.list_counts(session, station)
    own = next((count for count in counts if count.entered_by_id == actor.person_id), None)
    if own is None and len(counts) == len(services.HANDS):
        raise NotEligible(actor.person_id)
    fields = fields_of(poll.questions)
    issued = queries.count_issued(session, poll).get(station.id, 0)
    typed = typed_of(fields, sheet_of(own)) if own else {}
    form = BoxForm(fields, request.form if request.method == "POST" else typed)
    if request.method == "POST" and (sheet := form.read(issued=issued)) is not None:
        try:
            services.enter_count(
                station_id=station_id,
                sheet=sheet,
                more_found=form.confirms,
                actor=actor,
                now=datetime.now(UTC),
            )
            flash(_("Your count is entered."), "success")
            return redirect(url_for(".differences", poll_id=poll_id, station_id=station_id), code=303)
        except Invalid:
            # Checked above against the same numbers: a list was entered in between.
            form.errors["found"] = _("The number of papers handed out has changed. Look at the sum again.")
    page = render_template(
        "polls/box_count.html",
        poll=poll,
        station=station,
        form=form,
        issued=issued,
        grounds=GROUNDS,
        is_correction=own is not None,
        is_relative=bool(list_on_paper(session, poll, [session.get_one(Person, actor.person_id)])),
    )
    return page, 422 if form.errors else 200


@bp.get("/<uuid:poll_id>/stations/<uuid:station_id>/differences")
@roles(*KEEP_SOME)
def differences(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    """Show both counts side by side, and not one number before both are entered."""
    poll, station = _at(poll_id, station_id)
    _check_reads(poll)
    counts = queries.list_counts(db.session(), station)
    are_both_in = len(counts) == len(services.HANDS)
    pairs = pairs_of(fields_of(poll.questions), *map(sheet_of, counts)) if are_both_in else []
    actor = require_actor()
    return render_template(
        "polls/differences.html",
        poll=poll,
        station=station,
        counts=counts,
        pairs=pairs,
        differing=[pair for pair in pairs if pair.difference],
        own=next((count for count in counts if count.entered_by_id == actor.person_id), None),
        keeps_door=poll.has_at_the_door(actor),
    )


@bp.post("/<uuid:poll_id>/stations/<uuid:station_id>/sign")
@roles(*KEEP_SOME)
def sign_station(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, _station = _at(poll_id, station_id)
    _check_keeps(poll)
    try:
        are_both = services.sign_station(station_id=station_id, actor=require_actor(), now=datetime.now(UTC))
        said = _("Both have signed. The count of this box is fixed.") if are_both else _("You have signed.")
        flash(said, "success")
    except AlreadyDone:
        flash(_("You have signed before."), "info")
    return redirect(url_for(".differences", poll_id=poll_id, station_id=station_id), code=303)


@bp.get("/<uuid:poll_id>/paper")
@roles(*KEEP_SOME)
def paper_account(poll_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=require_actor().community_id)
    _check_reads(poll)
    return render_template(
        "polls/paper_account.html",
        poll=poll,
        account=queries.get_account(session, poll=poll, book=rules_of(poll)),
        kinds=STATION_KINDS,
    )


def _check_reads(poll: Poll) -> None:
    """Refuse whoever is no officer of an appraisal: counts of its papers come before its result."""
    if poll.is_appraisal:
        _check_keeps(poll)


def _check_keeps(poll: Poll) -> None:
    actor = require_actor()
    if not poll.has_at_the_door(actor):
        raise NotEligible(actor.person_id)


def _at(poll_id: uuid.UUID, station_id: uuid.UUID) -> tuple[Poll, Station]:
    session = db.session()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=require_actor().community_id)
    return poll, queries.get_station(session, poll=poll, station_id=station_id)
