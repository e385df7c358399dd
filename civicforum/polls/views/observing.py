"""Observing a board while voting goes on, and checking it afterwards: heads, digests, archive, verifier."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Response, render_template, request, send_from_directory, stream_with_context
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.polls.integrity import DIST
from civicforum.polls.models import Poll
from civicforum.polls.queries import observing as queries
from civicforum.polls.queries.destruction import stated_destruction
from civicforum.polls.queries.observing import BoardEnd
from civicforum.polls.rules import PollState
from civicforum.polls.views.blueprint import bp

# A stream takes one of the web server's few threads: short, few at once, and the others look now and then.
LIVE_SECONDS = 25.0
LOOK_SECONDS = 0.5
MOST_LIVE = 2
RETRY_MS = {True: 500, False: 5000}
READS_WITHDRAWN = (Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR)
_live = threading.BoundedSemaphore(MOST_LIVE)


@bp.get("/<uuid:poll_id>/observe")
@public
def observe(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    end = queries.find_end(db.session(), poll.id)
    return render_template(
        "polls/observe.html",
        poll=poll,
        end=end,
        last=queries.list_last(db.session(), poll.id, lines=end.lines) if end else [],
        milestones=queries.list_milestones(db.session(), poll.id) if end and end.is_public else [],
        groups_of=groups_of,
        is_live=poll.state in (PollState.READY, PollState.OPEN, PollState.CLOSED),
        now=datetime.now(UTC),
    )


@bp.get("/<uuid:poll_id>/heads")
@public
def heads(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    # The answer to HEAD has no body whose end would give the place back.
    place = Place() if request.method == "GET" else None
    stream = stream_with_context(_events(poll.id, after=_last_seen(), place=place))
    response = Response(stream, mimetype="text/event-stream")
    if place:
        # A stream that was never begun has no end of its own.
        response.call_on_close(place.give_back)
    response.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    return response


@bp.get("/<uuid:poll_id>/digests")
@public
def digests(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    end = queries.find_end(db.session(), poll.id)
    if end is None:
        return _withheld(poll, "not_founded", 404)
    chunks = queries.iterate_digests(db.session(), poll.id, lines=end.lines)
    return _download(
        chunks, end, name=f"digests-{poll.id}.bin", mimetype="application/octet-stream", length=32 * end.lines
    )


@bp.get("/<uuid:poll_id>/archive.jsonl")
@public
def archive(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    end = queries.find_end(db.session(), poll.id)
    if end is None or not end.is_public:
        return _withheld(poll, "before_the_stop", 404)
    if _is_withdrawn(poll) and not _reads_withdrawn():
        return _withheld(poll, "withdrawn", 410)
    chunks = queries.iterate_archive(db.session(), poll.id, lines=end.lines)
    length = queries.bytes_of_archive(db.session(), poll.id, lines=end.lines)
    return _download(
        chunks, end, name=f"ballots-{poll.id}.jsonl", mimetype="application/jsonl", length=length
    )


@bp.get("/<uuid:poll_id>/checking")
@public
def checking(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    end = queries.find_end(db.session(), poll.id)
    return render_template(
        "polls/checking.html",
        poll=poll,
        end=end,
        groups_of=groups_of,
        is_withdrawn=_is_withdrawn(poll),
        withdrawn_from=stated_destruction(db.session(), poll.id),
        reads_withdrawn=_reads_withdrawn(),
    )


@bp.get("/verify.html")
@public
def verifier() -> ResponseReturnValue:
    return send_from_directory(
        DIST, "verify.html", as_attachment=True, download_name="civicforum-verify.html"
    )


def groups_of(head: bytes) -> list[str]:
    """Return a head as people compare it: 16 groups of four hexadecimal digits."""
    digits = head.hex()
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]


class Place:
    """One of the few places for streams that wait, if one was free; it is given back once."""

    def __init__(self) -> None:
        self.is_taken = _live.acquire(blocking=False)

    def give_back(self) -> None:
        if self.is_taken:
            self.is_taken = False
            _live.release()


def _events(poll_id: uuid.UUID, *, after: int, place: Place | None) -> Iterator[str]:
    """Yield lines as server-sent events; a stream with a place waits for those to come, for a while."""
    is_live = place is not None and place.is_taken
    yield f"retry: {RETRY_MS[is_live]}\n\n"
    yield from _looking(poll_id, after=after, seconds=LIVE_SECONDS if is_live else 0.0)
    if place:
        place.give_back()


def _looking(poll_id: uuid.UUID, *, after: int, seconds: float) -> Iterator[str]:
    """Yield each line after this number, those that come within so many seconds too."""
    ends_at = time.monotonic() + seconds
    while True:
        seen = queries.list_seen(db.session(), poll_id, after=after)
        # No connection is kept while nothing happens.
        db.session.rollback()
        for row in queries.rows_of(seen):
            yield f"id: {row['line']}\ndata: {json.dumps(row)}\n\n"
        after = seen[-1].number if seen else after
        if len(seen) == queries.AT_ONCE:
            continue
        if time.monotonic() >= ends_at:
            return
        # A comment: writing it is how a browser that went away is noticed.
        yield ":\n\n"
        time.sleep(LOOK_SECONDS)


def _last_seen() -> int:
    given = request.headers.get("Last-Event-ID", "") or request.args.get("after", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _poll(poll_id: uuid.UUID) -> Poll:
    return queries.get_poll_with_board(db.session(), poll_id=poll_id, community_id=require_community().id)


def _is_withdrawn(poll: Poll) -> bool:
    """Tell whether ballots have left the website: keys are destroyed, or the manifest's day has come."""
    stated = stated_destruction(db.session(), poll.id)
    return poll.destroyed_at is not None or (stated is not None and datetime.now(UTC) >= stated)


def _reads_withdrawn() -> bool:
    actor = current_actor()
    return actor is not None and actor.holds(*READS_WITHDRAWN)


def _withheld(poll: Poll, why: str, status: int) -> ResponseReturnValue:
    return render_template("polls/archive.html", poll=poll, why=why), status


def _download(
    chunks: Iterator[bytes], end: BoardEnd, *, name: str, mimetype: str, length: int
) -> ResponseReturnValue:
    """Return a download that its reader need not repeat while the board stays as it is."""
    response = Response(stream_with_context(chunks), mimetype=mimetype)
    response.content_length = length
    # The body is read after the request has ended, and nobody else would give the connection back.
    response.call_on_close(db.session().close)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(f"{end.lines}-{end.head.hex()}")
    return response.make_conditional(request)
