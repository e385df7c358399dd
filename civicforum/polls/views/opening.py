"""The opening of a sealed poll: the officers' page, each trustee's own, and the lines of the board."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civicforum.access import oneself, require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.polls.models import KeyCeremony, Poll
from civicforum.polls.queries import opening as queries
from civicforum.polls.queries import trustees as ceremonies
from civicforum.polls.services import boards
from civicforum.polls.services import opening as services
from civicforum.polls.services.trustees import own_trustee
from civicforum.polls.views.blueprint import bp
from civicforum.polls.views.trustees import WATCH, answer_to
from civicforum.qr import draw_address
from civicforum.sealed import Phase

# More ballots than this are not proved again in a trustee's browser unless the trustee asks for it.
MOST_PROVED_AT_ONCE = 500


@bp.get("/<uuid:poll_id>/opening")
@roles(*WATCH)
def opening(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll, ceremony = _sealed(poll_id)
    address = url_for(".opening_trustee", poll_id=poll_id, _external=True)
    return render_template(
        "polls/opening.html",
        poll=poll,
        ceremony=ceremony,
        progress=queries.get_opening(db.session(), poll_id),
        result=queries.list_result(db.session(), poll_id),
        address=address,
        code=draw_address(address),
    )


@bp.get("/<uuid:poll_id>/opening/trustee")
@oneself
def opening_trustee(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Show a trustee's own page of the opening: the slip is read in the browser alone."""
    poll, ceremony = _sealed(poll_id)
    return render_template(
        "polls/opening_trustee.html",
        poll=poll,
        ceremony=ceremony,
        own=(own := own_trustee(ceremony, require_actor())),
        progress=queries.get_opening(db.session(), poll_id),
        most_proved=MOST_PROVED_AT_ONCE,
        demonstration_slip=_demonstration_slip(ceremony, own.number),
    )


def _demonstration_slip(ceremony: KeyCeremony, number: int) -> str | None:
    """Return what is on a slip of the demonstration, where nobody was given one; else None."""
    if not require_community().is_demonstration:
        return None
    from civicforum import demo

    return demo.shown_slip(ceremony, number)


@bp.get("/<uuid:poll_id>/opening/state")
@oneself
def opening_state(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Say how far the opening is."""
    _poll, ceremony = _sealed(poll_id)
    _check_may_read(ceremony)
    progress = queries.get_opening(db.session(), poll_id)
    assert progress is not None  # noqa: S101
    return jsonify(
        lines=progress.lines,
        mixers=progress.mixers,
        sharers=progress.sharers,
        is_open=progress.is_open,
        is_void=_poll.void_ground != "",
    )


@bp.get("/<uuid:poll_id>/board-lines")
@oneself
def board_lines(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Send the lines after a number, some hundred at once, each with a newline: for trustees' browsers."""
    _poll, ceremony = _sealed(poll_id)
    _check_may_read(ceremony)
    after = request.args.get("after", 0, type=int)
    lines = queries.list_some_lines(db.session(), poll_id, after=after)
    return Response("".join(f"{line}\n" for line in lines), content_type="application/x-ndjson")


@bp.post("/<uuid:poll_id>/opening/<kind>")
@oneself
def open_up(poll_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Take a trustee's shuffle or share, or the word that the head is another."""
    sent: Any = request.get_json(silent=True)
    if kind not in ("shuffle", "share", "doubt") or not isinstance(sent, dict):
        abort(400)
    act: dict[str, Any] = {"poll_id": poll_id, "actor": require_actor(), "now": datetime.now(UTC)}
    line = str(sent.get("line")).encode()
    match kind:
        case "shuffle":
            return answer_to(lambda: services.take_shuffle(line=line, **act))
        case "share":
            return answer_to(lambda: services.take_share(line=line, **act))
        case _:
            return answer_to(lambda: services.doubt_head(head=str(sent.get("head")), **act))


def _sealed(poll_id: uuid.UUID) -> tuple[Poll, KeyCeremony]:
    """Return the poll and the ceremony of its key, once the board is closed. Raises TransitionNotAllowed.

    A count may be sealed without a closed board: where so few voted online that paper alone is counted.
    """
    session, community_id = db.session(), require_actor().community_id
    poll = ceremonies.get_sealed_poll(session, poll_id=poll_id, community_id=community_id)
    ceremony = ceremonies.find_ceremony(session, poll_id)
    is_closed = boards.phase_of(session, poll_id) in (Phase.CLOSED, Phase.OPENED)
    if ceremony is None or poll.sealed_at is None or not is_closed:
        raise TransitionNotAllowed(poll.state, "opening")
    return poll, ceremony


def _check_may_read(ceremony: KeyCeremony) -> None:
    actor = require_actor()
    if all(one.person_id != actor.person_id for one in ceremony.trustees) and not actor.has(*WATCH):
        raise NotEligible(actor.person_id)
