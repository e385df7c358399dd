"""Where sealed ballots arrive: small answers for scripts, without a page around them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from civicforum import sealed
from civicforum.access import signed_in
from civicforum.accounts.current import acting_resident
from civicforum.clock import latest_now
from civicforum.database import db
from civicforum.errors import NotFound
from civicforum.polls.errors import BallotRefused, KeysMissing
from civicforum.polls.refusals import status_of, words_of
from civicforum.polls.rules import PollFault
from civicforum.polls.services import casting as services
from civicforum.polls.trackers import keep_tracker, shown_tracker
from civicforum.polls.views.blueprint import bp
from civicforum.sealed import Refused


@bp.post("/<uuid:poll_id>/ballots")
@signed_in
def cast(poll_id: uuid.UUID) -> ResponseReturnValue:
    try:
        entry_id, ballot = _sent()
        done = services.cast_sealed_ballot(
            poll_id=poll_id,
            entry_id=entry_id,
            ballot=ballot,
            actor=acting_resident(),
            settings=current_app.config["CIVICFORUM"],
            now=latest_now(db.session()),
        )
    except BallotRefused as refusal:
        return refused(refusal.fault)
    except NotFound:
        return refused(PollFault.NOT_ON_ROLL)
    except KeysMissing:
        return refused(PollFault.KEY_MISSING)
    keep_tracker(entry_id, done.tracker)
    answer = {
        "tracker": shown_tracker(done.tracker),
        "line": done.number,
        "head": done.head.hex(),
        "receipt": done.receipt.raw.decode(),
    }
    return jsonify(answer), 201 if done.is_new else 200


@bp.post("/<uuid:poll_id>/tested-ballots")
@signed_in
def test_ballot(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a ballot as tested: the page shows the seed only after this answer."""
    try:
        entry_id, ballot = _sent()
        tracker = services.keep_as_tested(
            poll_id=poll_id,
            entry_id=entry_id,
            ballot=ballot,
            actor=acting_resident(),
            now=datetime.now(UTC),
        )
    except BallotRefused as refusal:
        return refused(refusal.fault)
    except NotFound:
        return refused(PollFault.NOT_ON_ROLL)
    return jsonify(tracker=shown_tracker(tracker)), 201


@bp.get("/<uuid:poll_id>/standing")
@signed_in
def standing(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Tell the page how many ballots of this place are on the board, with a fresh token for its form."""
    entry_id = request.args.get("entry", type=uuid.UUID)
    if entry_id is None:
        return refused(PollFault.NOT_ON_ROLL)
    try:
        _public, found = services.standing_of(
            poll_id=poll_id, entry_id=entry_id, actor=acting_resident(), now=datetime.now(UTC)
        )
    except BallotRefused as refusal:
        return refused(refusal.fault)
    except NotFound:
        return refused(PollFault.NOT_ON_ROLL)
    answer = jsonify(sequence=found.sequence + 1, csrf=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer


def refused(fault: PollFault) -> ResponseReturnValue:
    """Return a refusal as scripts read it."""
    return jsonify(fault=fault.value, message=words_of(fault)), status_of(fault)


def _sent() -> tuple[uuid.UUID, bytes]:
    """Return the place on the roll and the ballot. Raises BallotRefused."""
    sent: Any = request.get_json(silent=True)
    try:
        return uuid.UUID(sent["entry"]), sealed.from_base64(sent["ballot"])
    except (TypeError, KeyError, ValueError, AttributeError, Refused) as strange:
        raise BallotRefused(PollFault.BAD_BALLOT) from strange
