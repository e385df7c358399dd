"""Pages of stations: where papers are handed out, the sheet voters sign, and lists entered after the vote."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.polls.forms.paper import REFUSALS, ListForm, StationForm
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries import paper as queries
from civicforum.polls.queries.relatives import warn_of_stations
from civicforum.polls.rules import KEEP_SOME, RUN_SOME, PollState
from civicforum.polls.rules_paper import ROVING_SUPERVISORS
from civicforum.polls.services import box_counts
from civicforum.polls.services import paper as papers
from civicforum.polls.services import stations as services
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts import STATION_KINDS
from civicforum.polls.texts_paper import PAPER_FAULTS
from civicforum.polls.views.blueprint import bp


@bp.route("/<uuid:poll_id>/stations", methods=["GET", "POST"])
@roles(*KEEP_SOME)
def stations(poll_id: uuid.UUID) -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=actor.community_id)
    form = StationForm()
    if form.validate_on_submit():
        try:
            services.add_station(poll_id=poll_id, plan=form.plan(), actor=actor, now=datetime.now(UTC))
            flash(_("%(name)s is added.", name=form.name.data), "success")
            return redirect(url_for(".stations", poll_id=poll_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except RuleRefused as refusal:
            add_error(form, "supervisors", verdict_text(refusal.verdict))
    found = queries.list_stations(session, poll)
    page = render_template(
        "polls/stations.html",
        poll=poll,
        form=form,
        stations=found,
        relatives=warn_of_stations(session, poll, found),
        issued=queries.count_issued(session, poll),
        kinds=STATION_KINDS,
        may_plan=poll.is_run_by(actor) and poll.state in services.BEFORE_OPENING,
        may_count=box_counts.may_count_now(session, poll),
        keeps_door=poll.has_at_the_door(actor),
        rule=rules_of(poll).count(ROVING_SUPERVISORS),
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:poll_id>/stations/<uuid:station_id>", methods=["GET", "POST"])
@roles(*RUN_SOME)
def station(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, row = _station(poll_id, station_id)
    _check(poll.is_run_by(require_actor()))
    form = StationForm()
    if request.method == "GET":
        form.show(row)
    if form.validate_on_submit():
        try:
            services.change_station(
                station_id=station_id, plan=form.plan(), actor=require_actor(), now=datetime.now(UTC)
            )
            flash(_("%(name)s is changed.", name=form.name.data), "success")
            return redirect(url_for(".stations", poll_id=poll_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except RuleRefused as refusal:
            add_error(form, "supervisors", verdict_text(refusal.verdict))
    page = render_template(
        "polls/station.html",
        poll=poll,
        station=row,
        form=form,
        may_plan=poll.state in services.BEFORE_OPENING,
        rule=rules_of(poll).count(ROVING_SUPERVISORS),
    )
    return page, 422 if form.errors else 200


@bp.post("/<uuid:poll_id>/stations/<uuid:station_id>/remove")
@roles(*RUN_SOME)
def remove_station(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, row = _station(poll_id, station_id)
    _check(poll.is_run_by(require_actor()))
    name = row.name
    services.remove_station(station_id=station_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("%(name)s is taken out.", name=name), "success")
    return redirect(url_for(".stations", poll_id=poll_id), code=303)


@bp.get("/<uuid:poll_id>/stations/<uuid:station_id>/sheet")
@roles(*KEEP_SOME)
def issue_sheet(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, row = _station(poll_id, station_id)
    group = request.args.get("group", "")
    return render_template(
        "polls/issue_sheet.html",
        poll=poll,
        station=row,
        group=group,
        groups=queries.list_groups(db.session(), poll),
        entries=queries.list_for_sheet(db.session(), poll=poll, group=group),
    )


@bp.route("/<uuid:poll_id>/stations/<uuid:station_id>/list", methods=["GET", "POST"])
@roles(*KEEP_SOME)
def offline_list(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    poll, row = _station(poll_id, station_id)
    _check(poll.has_at_the_door(require_actor()))
    if not row.is_offline or row.list_entered_at is not None or poll.state is not PollState.CLOSED:
        raise TransitionNotAllowed(poll.state)
    form, rows = ListForm(), None
    if form.validate_on_submit():
        numbers, by_proxy = form.handed_out.numbers, form.by_proxy.numbers
        rows = queries.preview_list(db.session(), poll=poll, numbers=numbers, by_proxy=by_proxy)
        if form.exchanged.data > len(rows):
            add_error(form, "exchanged", _("More papers exchanged than were handed out."))
        elif not any(one.fault for one in rows) and "confirm" in request.form:
            entered = papers.enter_list(
                station_id=station_id,
                numbers=numbers,
                by_proxy=by_proxy,
                exchanged=form.exchanged.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            said = ngettext(
                "The list is entered: %(num)s paper.", "The list is entered: %(num)s papers.", entered
            )
            flash(said, "success")
            return redirect(url_for(".stations", poll_id=poll_id), code=303)
    page = render_template(
        "polls/offline_list.html", poll=poll, station=row, form=form, rows=rows, faults=PAPER_FAULTS
    )
    return page, 422 if form.errors or (rows and any(one.fault for one in rows)) else 200


def _check(is_allowed: bool) -> None:
    if not is_allowed:
        raise NotEligible(require_actor().person_id)


def _station(poll_id: uuid.UUID, station_id: uuid.UUID) -> tuple[Poll, Station]:
    session = db.session()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=require_actor().community_id)
    return poll, queries.get_station(session, poll=poll, station_id=station_id)
