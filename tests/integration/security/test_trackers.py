"""What looking up a tracker takes: as much whosever it is, so that the time it takes tells nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from civicforum import sealed
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.polls.trackers import shown_tracker
from tests.factories import make_person
from tests.integration.polls.test_casting_pages import poll_of_today, seal, send
from tests.support.polls import SealedPoll, make_poll

Touched = list[tuple[str, int]]


@contextmanager
def touched_rows() -> Iterator[Touched]:
    """Note each statement with the rows it found or changed while the block runs."""
    noted: Touched = []

    def note(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            noted.append((statement, cursor.rowcount))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def look_up(client: FlaskClient, poll_id: uuid.UUID, tracker: bytes) -> Touched:
    with touched_rows() as noted:
        shown = shown_tracker(tracker)
        assert client.get(f"/polls/{poll_id}/tracker", query_string={"tracker": shown}).status_code == 200
    return noted


def near(tracker: bytes) -> bytes:
    """Return a tracker that differs from one in the last of the signs that are typed."""
    return tracker[:12] + bytes([tracker[12] ^ 0x10]) + tracker[13:]


def cast(client: FlaskClient, poll: SealedPoll) -> bytes:
    ballot = seal(client, poll)
    assert send(client, poll, ballot).status_code == 201
    return sealed.tracker_of(ballot)


def another_poll(client: FlaskClient) -> uuid.UUID:
    now = datetime.now(UTC)
    with client.application.app_context():
        community = db.session.scalars(select(Community)).one()
        voters = [make_person(community)]
        return make_poll(community, people=voters, opens_at=now, closes_at=now + timedelta(days=1)).id


def test_an_unknown_tracker_takes_as_much_however_near_it_is_and_wherever_it_is_known(
    client: FlaskClient,
) -> None:
    poll = poll_of_today(client)
    known, elsewhere = cast(client, poll), another_poll(client)
    visitor = client.application.test_client()
    look_up(visitor, poll.id, known)
    assert look_up(visitor, poll.id, bytes(32)) == look_up(visitor, poll.id, near(known))
    assert look_up(visitor, elsewhere, bytes(32)) == look_up(visitor, elsewhere, known)


def test_a_known_tracker_takes_as_much_whoever_asks_and_whosever_ballot_it_is(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    known = cast(client, poll)
    visitor, stranger = client.application.test_client(), client.application.test_client()
    found = [look_up(visitor, poll.id, known) for _ in range(2)][-1]
    assert found == look_up(stranger, poll.id, known)
    # Its voter, signed in: the page has more on it, and says of the ballot by the same statements.
    own = look_up(client, poll.id, known)
    asked = [line for line in found if "board_line" in line[0] or "credential" in line[0]]
    assert asked == [line for line in own if "board_line" in line[0] or "credential" in line[0]]
    # A known one is found by the statement that an unknown one is looked for by; the page says which it is.
    unknown = look_up(visitor, poll.id, near(known))
    assert [text for text, _ in unknown if "board_line.tracker" in text] == [asked[0][0]]
