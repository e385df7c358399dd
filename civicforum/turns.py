"""How many requests one process answers at once, however many threads its web server has.

Streams need a thread each and wait nearly all the time. Pages need the processor and connections of the
database, and are slower for everybody when too many are made at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TURN = "civicforum.turn"
# When a request came, by time.perf_counter(): it may wait for its turn.
BEGAN = "civicforum.began"


class Turn:
    """The turn of one request; it ends with the answer, or before when the answer only waits."""

    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns: threading.BoundedSemaphore | None = turns
        turns.acquire()

    def end(self) -> None:
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.release()


class Turns:
    """A WSGI application around another, which lets at most so many requests in; the others wait."""

    def __init__(self, application: WSGIApplication, *, most: int) -> None:
        self._application = application
        self._turns = threading.BoundedSemaphore(most)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[BEGAN] = time.perf_counter()
        turn = environ[TURN] = Turn(self._turns)
        try:
            body = self._application(environ, start_response)
        except BaseException:
            turn.end()
            raise
        return ClosingIterator(body, turn.end)


def end_turn(environ: WSGIEnvironment) -> None:
    """Let the next request in: what follows of this one only waits, and holds nothing meanwhile."""
    turn: Turn | None = environ.get(TURN)
    if turn is not None:
        turn.end()
