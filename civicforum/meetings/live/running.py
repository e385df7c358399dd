"""The hub of this process, and frames for those who ask again and again instead of following a stream."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Collection

from flask import Flask

from civicforum.database import conninfo, direct_url
from civicforum.meetings.services.steps import SCREENS

from .drawing import draw
from .frames import Drawing, Frame, Screen
from .hub import Hub
from .listening import Listening

# How many screens one process serves; each waits in a thread of its own.
MOST_SCREENS = 300
HUB = "civicforum_live"
FRESH_SECONDS = 1.0
_starting = threading.Lock()


def hub_of(app: Flask) -> Hub:
    """Return the hub of this process, made at the first need: servers fork once they have the application."""
    with _starting:
        hub: Hub | None = app.extensions.get(HUB)
        if hub is None:
            hub = app.extensions[HUB] = make_hub(app)
        return hub


def make_hub(app: Flask, *, most: int = MOST_SCREENS) -> Hub:
    def draw_now(meeting_id: uuid.UUID, screens: Collection[Screen]) -> Drawing:
        return draw(app, meeting_id, screens)

    return Hub(listening=Listening(conninfo(direct_url(app)), SCREENS), draw=draw_now, most=most)


def end_streams(app: Flask) -> None:
    """Let all streams of this process end, because it is told to."""
    hub: Hub | None = app.extensions.get(HUB)
    if hub is not None:
        hub.end()


class Recent:
    """Frames drawn within the last second, so that many who ask are answered with one drawing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: dict[Screen, tuple[float, Frame]] = {}

    def get(self, screen: Screen, make: Callable[[], Frame]) -> Frame:
        with self._lock:
            now = time.monotonic()
            self._frames = {key: kept for key, kept in self._frames.items() if now - kept[0] < FRESH_SECONDS}
            if screen not in self._frames:
                self._frames[screen] = (now, make())
            return self._frames[screen][1]
