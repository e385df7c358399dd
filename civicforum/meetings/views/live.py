"""The wall of a meeting, and what keeps it and other screens up to date."""

from __future__ import annotations

import socket
import uuid
from datetime import UTC, datetime

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import NotFound
from civicforum.meetings.live import Frame, Kind, Screen
from civicforum.meetings.live.drawing import frame_of
from civicforum.meetings.live.running import Recent, hub_of
from civicforum.meetings.live.streams import Pace, events
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries.live import find_community, get_live
from civicforum.meetings.rules import may_run
from civicforum.meetings.views.blueprint import bp
from civicforum.meetings.views.pictures import check_in_picture
from civicforum.turns import end_turn

# What a stuck browser may take to accept what was sent, and how long one may be silent that vanished.
SEND_SECONDS = 20.0
GONE_MILLISECONDS = 30_000
BUSY_SECONDS = 10
PACE = Pace()
_recent = Recent()


@bp.get("/<uuid:meeting_id>/wall")
@public
def wall(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the page for the projector, without anything around it."""
    _check(meeting_id)
    live = get_live(db.session(), meeting_id=meeting_id, now=datetime.now(UTC))
    actor = current_actor()
    return render_template(
        "meetings/wall.html",
        meeting=live.meeting,
        frame=frame_of(live, _screen(meeting_id, Kind.WALL)),
        # The code is for those in the room: whoever finds this address elsewhere does not see it.
        shows_code=actor is not None and may_run(actor, chair_id=live.meeting.presiding_id),
        check_in_picture=check_in_picture(live.meeting),
    )


@bp.get("/<uuid:meeting_id>/live/<any(wall, person):screen>")
@public
def live(meeting_id: uuid.UUID, screen: str) -> ResponseReturnValue:
    """Follow a meeting as server-sent events: `frame` as it is now and whenever it changes, `beat`, `end`.

    503 where all places are taken: the page then asks for `live_now` every few seconds.
    """
    _check(meeting_id)
    client = _client()
    if client is not None:
        client.settimeout(SEND_SECONDS)
        if client.family in (socket.AF_INET, socket.AF_INET6):
            # A proxy on this machine comes by a socket of the file system, which knows no such time.
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_MILLISECONDS)
    place = hub_of(_app()).join(_screen(meeting_id, Kind(screen)), client)
    if place is None:
        return Response(status=503, headers={"Retry-After": str(BUSY_SECONDS)})
    seen = request.headers.get("Last-Event-ID") or request.args.get("seen", "")
    response = Response(events(place, seen=seen, pace=PACE), mimetype="text/event-stream")
    response.call_on_close(place.leave)
    response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    end_turn(request.environ)
    return response


@bp.get("/<uuid:meeting_id>/live/<any(wall, person):screen>/now")
@public
def live_now(meeting_id: uuid.UUID, screen: str) -> ResponseReturnValue:
    """Answer the frame as it is now, or 304 to whoever has it."""
    _check(meeting_id)
    shown_on = _screen(meeting_id, Kind(screen))
    frame = _recent.get(shown_on, lambda: _frame(shown_on))
    response = Response(frame.html, mimetype="text/html")
    response.set_etag(frame.id)
    if frame.is_last:
        response.headers["X-Last-Frame"] = "1"
    return response.make_conditional(request)


@bp.app_template_global()
def live_frame(meeting: Meeting) -> Frame:
    """Return what a person's page shows of the meeting now, for meetings/_live.html."""
    return _frame(_screen(meeting.id, Kind.PERSON))


def _frame(screen: Screen) -> Frame:
    return frame_of(get_live(db.session(), meeting_id=screen.meeting_id, now=datetime.now(UTC)), screen)


def _check(meeting_id: uuid.UUID) -> None:
    if find_community(db.session(), meeting_id=meeting_id) != require_community().id:
        raise NotFound(meeting_id)


def _screen(meeting_id: uuid.UUID, kind: Kind) -> Screen:
    return Screen(meeting_id, kind, str(get_locale()), names=current_actor() is not None)


def _client() -> socket.socket | None:
    """Return the connection of the request, where the web server tells it."""
    environ = request.environ
    found: socket.socket | None = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    return found


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
