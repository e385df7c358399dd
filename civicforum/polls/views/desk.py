"""The desk at the door: who may vote, in one word, and the paper handed out."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound
from civicforum.paging import page_number
from civicforum.polls.errors import PaperRefused
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries import paper as queries
from civicforum.polls.rules import KEEP_SOME, PollState
from civicforum.polls.rules_paper import PaperFault, Word
from civicforum.polls.services import paper as services
from civicforum.polls.texts_paper import PAPER_FAULTS, WORDS
from civicforum.polls.views.blueprint import bp


@bp.get("/<uuid:poll_id>/desk")
@roles(*KEEP_SOME)
def desk(poll_id: uuid.UUID) -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=actor.community_id)
    stations = [one for one in queries.list_stations(session, poll) if not one.is_offline]
    wanted = request.args.get("station", type=uuid.UUID)
    station = next((one for one in stations if one.id == wanted or len(stations) == 1), None)
    text = request.args.get("q", "").strip()
    return render_template(
        "polls/desk.html",
        poll=poll,
        stations=stations,
        station=station,
        text=text,
        page=queries.search_desk(session, poll=poll, text=text, number=page_number()) if text else None,
        issued=queries.count_issued(session, poll).get(station.id, 0) if station else 0,
        is_open=poll.state is PollState.OPEN,
        keeps_door=poll.has_at_the_door(actor),
        words=WORDS,
        not_on_roll=Word.NOT_ON_ROLL,
    )


@bp.route("/<uuid:poll_id>/desk/<uuid:station_id>/<uuid:entry_id>", methods=["GET", "POST"])
@roles(*KEEP_SOME)
def issue_paper(poll_id: uuid.UUID, station_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Ask by name, and hand the paper out; with `mandate` to the holder of the voter's proxy."""
    poll, station = _to_keep(poll_id, station_id)
    session = db.session()
    line = queries.get_desk_line(session, poll=poll, entry_id=entry_id)
    mandate_id = request.values.get("mandate", type=uuid.UUID)
    if mandate_id is not None and (line.mandate is None or line.mandate.id != mandate_id):
        raise NotFound(mandate_id)
    back = url_for(".desk", poll_id=poll_id, station=station_id)
    asks_again = False
    if request.method == "POST":
        try:
            services.issue_paper(
                station_id=station_id,
                entry_id=entry_id,
                mandate_id=mandate_id,
                despite_screen="despite_screen" in request.form,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            # Not as a success, which takes the focus: the next name is typed at once.
            flash(_issued_text(line, mandate_id), "info")
            return redirect(back, code=303)
        except PaperRefused as refusal:
            if refusal.fault is not PaperFault.VOTED_ON_SCREEN:
                flash(str(PAPER_FAULTS[refusal.fault]), "error")
                return redirect(url_for(".desk", poll_id=poll_id, station=station_id, q=line.entry.position))
            # Cast while the page stood open, or the question was passed over.
            asks_again = True
            line = queries.get_desk_line(db.session(), poll=poll, entry_id=entry_id)
    page = render_template(
        "polls/issue_paper.html",
        poll=poll,
        station=station,
        line=line,
        mandate=line.mandate if mandate_id else None,
        back=back,
        words=WORDS,
        asks_again=asks_again,
    )
    return page, 422 if asks_again else 200


@bp.post("/<uuid:poll_id>/stations/<uuid:station_id>/exchange")
@roles(*KEEP_SOME)
def exchange_paper(poll_id: uuid.UUID, station_id: uuid.UUID) -> ResponseReturnValue:
    _to_keep(poll_id, station_id)
    try:
        number = services.exchange_paper(station_id=station_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("Noted: %(number)s spoiled papers were exchanged here.", number=number), "success")
    except PaperRefused as refusal:
        flash(str(PAPER_FAULTS[refusal.fault]), "error")
    except Invalid:
        flash(_("No paper was handed out here yet, so none can be exchanged."), "error")
    return redirect(url_for(".desk", poll_id=poll_id, station=station_id), code=303)


def _to_keep(poll_id: uuid.UUID, station_id: uuid.UUID) -> tuple[Poll, Station]:
    session, actor = db.session(), require_actor()
    poll = queries.get_paper_poll(session, poll_id=poll_id, community_id=actor.community_id)
    if not poll.has_at_the_door(actor):
        raise NotEligible(actor.person_id)
    return poll, queries.get_station(session, poll=poll, station_id=station_id)


def _issued_text(line: queries.DeskLine, mandate_id: uuid.UUID | None) -> str:
    if mandate_id is None or line.mandate is None:
        return str(_("Give %(name)s one paper. It is noted.", name=line.entry.name))
    return str(
        _(
            "Give %(holder)s one paper for %(name)s. It is noted.",
            holder=line.mandate.holder.name,
            name=line.entry.name,
        )
    )
