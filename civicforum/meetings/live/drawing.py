"""Drawing the frames of a meeting: one reading, one rendering for each way in which it is shown."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from flask import Flask, current_app
from flask_babel import force_locale

from civicforum.database import db
from civicforum.meetings.queries.live import LiveMeeting, get_live

from .frames import Drawing, Frame, Kind, Screen

TEMPLATE: dict[Kind, str] = {
    Kind.WALL: "meetings/_live_wall.html",
    Kind.PERSON: "meetings/_live_person.html",
}
# Ballots tell nobody that they were cast: the turnout of a vote is looked up.
LOOK_AT_VOTE_SECONDS = 1.0
# Signals are not lost, but a proxy of the database between may swallow them.
LOOK_SECONDS = 30.0


def draw(app: Flask, meeting_id: uuid.UUID, screens: Collection[Screen]) -> Drawing:
    """Return the frames of a meeting now; outside of any request. Raises NotFound."""
    # Templates make addresses, which only a request's context can.
    host = (app.config["TRUSTED_HOSTS"] or ["localhost"])[0].lstrip(".")
    with app.test_request_context("/", base_url=f"http://{host}"):
        live = get_live(db.session(), meeting_id=meeting_id, now=datetime.now(UTC))
        frames = {screen: frame_of(live, screen) for screen in screens}
        is_voting = live.vote is not None and live.vote.is_open
    return Drawing(frames, LOOK_AT_VOTE_SECONDS if is_voting else LOOK_SECONDS)


def frame_of(live: LiveMeeting, screen: Screen) -> Frame:
    """Return what such a screen shows. The template is given the same outside of requests as in them."""
    template = current_app.jinja_env.get_template(TEMPLATE[screen.kind])
    with force_locale(screen.locale):
        html = template.render(live=live, locale=screen.locale, names=screen.names)
    return Frame("\n".join(line.strip() for line in html.splitlines() if line.strip()), is_last=live.is_over)
