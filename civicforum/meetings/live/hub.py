"""One thread of each process keeps the frames of followed meetings fresh; streams wait for them.

It hears which meetings have changed, reads each once, draws it once for each way it is shown, and wakes
those who wait. It also notices screens that went away. A meeting that nobody follows costs nothing.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

from .frames import Drawing, Frame, Screen
from .listening import Listening

logger = logging.getLogger(__name__)

Draw = Callable[[uuid.UUID, Collection[Screen]], Drawing]


@dataclass(frozen=True)
class Timings:
    """Seconds: between two drawings of one meeting, and until another try after one that failed."""

    gap: float = 0.25
    after_failure: float = 1.0


@dataclass
class _Channel:
    """The screens that show the same."""

    changed: threading.Condition
    places: int = 0
    frame: Frame | None = None


@dataclass
class _Followed:
    """A meeting on somebody's screen. `due`: when it is drawn next, by time.monotonic()."""

    channels: dict[Screen, _Channel] = field(default_factory=dict)
    drawn_at: float = 0.0
    due: float = 0.0


class Place:
    """One screen's place. Used by the thread of its stream; `leave` gives it back."""

    def __init__(self, hub: Hub, screen: Screen, channel: _Channel, client: socket.socket | None) -> None:
        self.screen = screen
        self.is_gone = False
        self.client = client
        self._hub = hub
        self._channel = channel
        self._has_left = False

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is to be sent: the client went away, or the process ends."""
        return self.is_gone or self._hub.is_ending

    def wait(self, seen: str, timeout: float) -> Frame | None:
        """Return the frame now, once it is another than `seen`; None after `timeout` seconds or when over."""

        def is_new() -> bool:
            frame = self._channel.frame
            return self.is_over or (frame is not None and frame.id != seen)

        with self._channel.changed:
            is_there = self._channel.changed.wait_for(is_new, timeout)
            return self._channel.frame if is_there and not self.is_over else None

    def wake(self) -> None:
        """Let the stream see that it is over. The hub's lock is held."""
        self._channel.changed.notify_all()

    def leave(self) -> None:
        if not self._has_left:
            self._has_left = True
            self._hub.leave(self)


class Hub:
    def __init__(
        self, *, listening: Listening, draw: Draw, most: int, timings: Timings | None = None
    ) -> None:
        self.is_ending = False
        self._listening = listening
        self._draw = draw
        self._most = most
        self._timings = timings or Timings()
        self._lock = threading.Lock()
        self._followed: dict[uuid.UUID, _Followed] = {}
        self._places: dict[int, Place] = {}
        self._taken = 0
        self._thread: threading.Thread | None = None
        self._poll = select.epoll()
        self._woken = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll.register(self._woken, select.EPOLLIN)

    def join(self, screen: Screen, client: socket.socket | None = None) -> Place | None:
        """Return a place for one more screen, or None where all are taken or the process ends.

        `client`: its connection, whose end by the other side is noticed at once.
        """
        with self._lock:
            if self.is_ending or self._taken >= self._most:
                return None
            self._taken += 1
            followed = self._followed.setdefault(screen.meeting_id, _Followed())
            channel = followed.channels.get(screen)
            if channel is None:
                channel = followed.channels[screen] = _Channel(threading.Condition(self._lock))
                followed.due = 0.0
            channel.places += 1
            place = Place(self, screen, channel, client)
            self._watch(place)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        self._wake()
        return place

    def leave(self, place: Place) -> None:
        with self._lock:
            self._taken -= 1
            if place.client is not None and self._places.pop(place.client.fileno(), None) is not None:
                with suppress(OSError):
                    self._poll.unregister(place.client.fileno())
            followed = self._followed[place.screen.meeting_id]
            channel = followed.channels[place.screen]
            channel.places -= 1
            if not channel.places:
                del followed.channels[place.screen]
            if not followed.channels:
                del self._followed[place.screen.meeting_id]

    def end(self) -> None:
        """Let every stream end. Takes no lock: a handler of signals may call it."""
        self.is_ending = True
        self._wake()

    @property
    def taken(self) -> int:
        """Return how many places are taken."""
        return self._taken

    def join_thread(self, timeout: float) -> None:
        """Wait until the thread has ended after `end`."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _wake(self) -> None:
        os.eventfd_write(self._woken, 1)

    def _watch(self, place: Place) -> None:
        if place.client is not None:
            number = place.client.fileno()
            self._places[number] = place
            self._poll.register(number, select.EPOLLRDHUP)

    def _run(self) -> None:
        while not self.is_ending:
            try:
                self._turn()
            except Exception:
                logger.exception("screens that follow meetings were not brought up to date")
                time.sleep(self._timings.after_failure)
        with self._lock:
            for followed in self._followed.values():
                for channel in followed.channels.values():
                    channel.changed.notify_all()
        self._listening.close()

    def _turn(self) -> None:
        self._keep_listening()
        for number, _events in self._poll.poll(self._pause()):
            if number == self._woken:
                os.eventfd_read(self._woken)
            elif self._listening.is_connected and number == self._listening.fileno():
                self._hear()
            else:
                self._let_go(number)
        for meeting_id in self._due():
            if not self.is_ending:
                self._renew(meeting_id)

    def _keep_listening(self) -> None:
        listening = self._listening
        if listening.is_connected or not self._followed or time.monotonic() < listening.try_at:
            return
        if listening.connect():
            self._poll.register(listening.fileno(), select.EPOLLIN)
            # Nobody knows what was told while nobody listened.
            with self._lock:
                for followed in self._followed.values():
                    followed.due = 0.0

    def _hear(self) -> None:
        number = self._listening.fileno()
        heard = self._listening.hear()
        if not self._listening.is_connected:
            with suppress(OSError):
                self._poll.unregister(number)
        with self._lock:
            for meeting_id, followed in self._followed.items():
                if str(meeting_id) in heard:
                    followed.due = min(followed.due, followed.drawn_at + self._timings.gap)

    def _let_go(self, number: int) -> None:
        with self._lock:
            place = self._places.pop(number, None)
            with suppress(OSError):
                self._poll.unregister(number)
            if place is not None:
                place.is_gone = True
                place.wake()

    def _pause(self) -> float:
        """Return how many seconds there is nothing to do, if nobody calls."""
        with self._lock:
            times = [followed.due for followed in self._followed.values()]
        if times and not self._listening.is_connected:
            times.append(self._listening.try_at)
        return max(0.0, min(times) - time.monotonic()) if times else -1

    def _due(self) -> list[uuid.UUID]:
        now = time.monotonic()
        with self._lock:
            return [key for key, followed in self._followed.items() if followed.due <= now]

    def _renew(self, meeting_id: uuid.UUID) -> None:
        with self._lock:
            followed = self._followed.get(meeting_id)
            if followed is None:
                return
            screens = list(followed.channels)
            followed.drawn_at = time.monotonic()
            followed.due = followed.drawn_at + self._timings.after_failure
        drawing = self._draw(meeting_id, screens)
        with self._lock:
            # Whoever changed the meeting meanwhile is heard in the next turn: the reading began before.
            followed.due = followed.drawn_at + drawing.look_again
            for screen, frame in drawing.frames.items():
                channel = followed.channels.get(screen)
                if channel is not None and (channel.frame is None or channel.frame.id != frame.id):
                    channel.frame = frame
                    channel.changed.notify_all()
            if any(channel.frame is None for channel in followed.channels.values()):
                # Somebody joined while this was drawn.
                followed.due = 0.0
