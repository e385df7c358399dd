"""What a browser sends is received whole before a page is made of it.

A phone at the edge of the network sends a photo for minutes. Meanwhile it holds a thread, which waits, and no
turn (turns.py) and no connection of the database; and what breaks off on its way never reaches a page.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IN_MEMORY = 1024 * 1024
PIECE = 64 * 1024
# For 24 MB, on a line of 2 Mbit/s.
WHOLE_SECONDS = 100.0
SAID = {
    "408 Request Timeout": "发送时间过长，没有收到完整内容。This took too long to arrive. Nothing was saved.",
    "400 Bad Request": "没有收到完整内容。Only a part of this arrived. Nothing was saved.",
    "413 Content Too Large": "内容太大。This is too large. Nothing was saved.",
}


class Receiving:
    """A WSGI application around another, which is called once the request has arrived whole.

    Args:
        most: bytes of the longest request that the other takes; a longer one it refuses unread.
        seconds: after which a request that still arrives is cut off.
    """

    def __init__(self, application: WSGIApplication, *, most: int, seconds: float = WHOLE_SECONDS) -> None:
        self._application, self._most = application, most
        self._watch = _Watch(seconds)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = _length(environ)
        if length == 0 or (length is not None and length > self._most):
            return self._application(environ, start_response)
        # Closed with the last reference to it, when the request is over.
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        fault = self._receive(environ, body, length)
        if fault is not None:
            return _refuse(fault, start_response)
        body.seek(0)
        environ["wsgi.input"] = body
        return self._application(environ, start_response)

    def _receive(self, environ: WSGIEnvironment, body: IO[bytes], length: int | None) -> str | None:
        """Copy what arrives; return the status of a request that does not arrive whole."""
        size = 0
        with self._watch.over(environ.get("gunicorn.socket")) as watched, suppress(OSError):
            while piece := environ["wsgi.input"].read(PIECE):
                size += len(piece)
                if size > self._most:
                    return "413 Content Too Large"
                body.write(piece)
        if watched.is_cut:
            return "408 Request Timeout"
        return "400 Bad Request" if length is not None and size < length else None


class _Watched:
    """A connection that has to be through by an instant of time.monotonic()."""

    def __init__(self, watch: _Watch, connection: socket.socket | None, until: float) -> None:
        self._watch, self._connection, self.until = watch, connection, until
        self.is_cut = False

    def __enter__(self) -> _Watched:
        self._watch.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.remove(self)

    def cut(self) -> None:
        """Have whoever reads be told that nothing more comes; an answer can still be sent."""
        self.is_cut = True
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RD)


class _Watch:
    """Cuts off what takes too long: one thread for all connections of a process."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watched: set[_Watched] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def over(self, connection: socket.socket | None) -> _Watched:
        return _Watched(self, connection, time.monotonic() + self._seconds)

    def add(self, watched: _Watched) -> None:
        with self._lock:
            self._watched.add(watched)
            # Begun with the first request: who loads the application may not be the process that serves it.
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="receiving", daemon=True)
                self._thread.start()

    def remove(self, watched: _Watched) -> None:
        with self._lock:
            self._watched.discard(watched)

    def _run(self) -> None:
        while True:
            time.sleep(min(1.0, self._seconds / 4))
            now = time.monotonic()
            with self._lock:
                late = [watched for watched in self._watched if watched.until < now]
            for watched in late:
                watched.cut()


def _length(environ: WSGIEnvironment) -> int | None:
    """Return how many bytes come; None for a request that does not say and comes in chunks."""
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return None
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _refuse(status: str, start_response: StartResponse) -> Iterable[bytes]:
    words = SAID[status].encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(words)))]
    # What still comes on this connection would be taken for the next request.
    start_response(status, [*headers, ("Connection", "close")])
    return [words]
