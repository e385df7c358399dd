"""Voting cards: made and printed in the committee's browser; the server learns public credentials alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civicforum import sealed
from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.paging import page_number
from civicforum.polls.cards import CARDS_ON_A_SHEET, MOST_AT_ONCE, CardReason, making_fault, replacing_fault
from civicforum.polls.errors import CardsRefused
from civicforum.polls.integrity import BALLOT_SCRIPT, integrity_of
from civicforum.polls.models import Poll
from civicforum.polls.queries import cards as queries
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.services import cards as services
from civicforum.polls.texts_cards import FAULTS, REASONS
from civicforum.polls.views.blueprint import bp
from civicforum.sealed import Refused

RUNNERS = (Role.COMMITTEE, Role.ELECTION_OFFICER)


@bp.get("/<uuid:poll_id>/cards")
@roles(*RUNNERS, Role.SUPERVISOR)
def cards(poll_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    poll = _poll(poll_id)
    progress = queries.get_progress(session, poll.id)
    making = making_fault(
        poll.preset,
        poll.state,
        by_screen=poll.by_screen,
        is_frozen=poll.roll_frozen_at is not None,
        is_founded=progress.is_founded,
    )
    wanted = request.args.get("q", "").strip()[:80]
    found = (
        queries.find_holders(session, poll.id, wanted=wanted, number=page_number())
        if progress.is_founded
        else None
    )
    return render_template(
        "polls/cards.html",
        progress=progress,
        making_fault=FAULTS[making] if making else "",
        replacing_fault=_replacing_fault(poll, progress),
        wanted=wanted,
        found=found,
        cards_on_a_sheet=CARDS_ON_A_SHEET,
        most_at_once=MOST_AT_ONCE,
        **_printed(poll),
    )


@bp.get("/<uuid:poll_id>/cards/entries")
@roles(*RUNNERS)
def card_entries(poll_id: uuid.UUID) -> ResponseReturnValue:
    holders = queries.list_holders(db.session(), _poll(poll_id).id)
    return jsonify(
        entries=[
            {"id": one.id, "number": one.position, "name": one.name, "group": one.group, "made": one.has_card}
            for one in holders
        ]
    )


@bp.post("/<uuid:poll_id>/cards")
@roles(*RUNNERS)
def register_cards(poll_id: uuid.UUID) -> ResponseReturnValue:
    credentials = _sent_credentials()
    return _answered(
        lambda: services.register_credentials(
            poll_id=poll_id, credentials=credentials, actor=require_actor(), now=datetime.now(UTC)
        )
    )


@bp.post("/<uuid:poll_id>/cards/discard")
@roles(*RUNNERS)
def discard_cards(poll_id: uuid.UUID) -> ResponseReturnValue:
    return _answered(
        lambda: services.discard_credentials(poll_id=poll_id, actor=require_actor(), now=datetime.now(UTC))
    )


@bp.get("/<uuid:poll_id>/cards/<uuid:entry_id>")
@roles(*RUNNERS)
def reissue_card(poll_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    return render_template(
        "polls/reissue_card.html",
        holder=queries.get_holder(db.session(), poll.id, entry_id),
        replacing_fault=_replacing_fault(poll, queries.get_progress(db.session(), poll.id)),
        reasons=REASONS,
        **_printed(poll),
    )


@bp.post("/<uuid:poll_id>/cards/<uuid:entry_id>")
@roles(*RUNNERS)
def send_reissued_card(poll_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    sent = request.get_json(silent=True) or {}
    try:
        public, reason = sealed.from_base64(str(sent["public"])), CardReason(sent["reason"])
    except (Refused, KeyError, TypeError, ValueError):
        abort(400)

    def reissue() -> None:
        services.reissue_card(
            poll_id=poll_id,
            entry_id=entry_id,
            public=public,
            reason=reason,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _answered(reissue)


def _poll(poll_id: uuid.UUID) -> Poll:
    return get_alone(db.session(), poll_id=poll_id, community_id=require_actor().community_id)


def _printed(poll: Poll) -> dict[str, Any]:
    """Return what the pages of cards need of a poll, most of it for the card itself."""
    return {
        "poll": poll,
        "may_run": poll.is_run_by(require_actor()),
        "stations": queries.list_stations(db.session(), poll.id) if poll.by_paper else [],
        "ballot_address": url_for("polls.ballot", poll_id=poll.id, _external=True),
        "script_hash": integrity_of(BALLOT_SCRIPT),
    }


def _replacing_fault(poll: Poll, progress: queries.Progress) -> str:
    fault = replacing_fault(
        poll.preset,
        poll.state,
        by_screen=poll.by_screen,
        is_founded=progress.is_founded,
        is_past_close=poll.closes_at is not None and datetime.now(UTC) >= poll.closes_at,
    )
    return str(FAULTS[fault]) if fault else ""


def _sent_credentials() -> dict[uuid.UUID, bytes]:
    """Return the public credentials by entry, or answer 400."""
    sent: Any = request.get_json(silent=True)
    try:
        return {uuid.UUID(entry): sealed.from_base64(str(public)) for entry, public in sent.items()}
    except (Refused, AttributeError, TypeError, ValueError):
        abort(400)


def _answered(act: Callable[[], object]) -> ResponseReturnValue:
    """Return what came of an act as scripts read it."""
    try:
        return jsonify(done=act())
    except CardsRefused as refusal:
        return jsonify(fault=refusal.fault.value, message=str(FAULTS[refusal.fault])), 409
