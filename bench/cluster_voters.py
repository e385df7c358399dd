"""Voters at the proxy of several machines, over TLS, each asking until the ballot is acknowledged."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

AT_ONCE = 24
ANSWER_SECONDS = 30.0
PAUSE_SECONDS = 0.5


@dataclass
class Told:
    """What voters were told: the line of each acknowledged ballot, and when."""

    lines: dict[int, int] = field(default_factory=dict)
    at: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0

    def silence(self, since: float, until: float) -> float:
        """Return the longest time without an acknowledged ballot between two instants."""
        times = [since, *sorted(at for at in self.at if since < at < until), until]
        return max(later - earlier for earlier, later in pairwise(times))


class Voters:
    """Ballots come in at a steady rate, until told to stop; who sees an error tries again."""

    def __init__(self, address: tuple[str, int], host: str, trust: str, requests: Sequence[bytes]) -> None:
        self.told = Told()
        self.is_over = threading.Event()
        self._address = address
        self._host = host
        self._context = ssl.create_default_context(cafile=trust)
        self._requests = [_over_tls(request, host) for request in requests]
        self._lock = threading.Lock()

    def vote(self, per_second: float) -> None:
        """Cast one ballot after another; return when all are acknowledged or it is over."""
        started = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number in range(len(self._requests)):
                if self.is_over.wait(max(0.0, started + number / per_second - time.monotonic())):
                    break
                pool.submit(self._vote, number)

    def _vote(self, number: int) -> None:
        while True:
            try:
                status, body = self._ask(self._requests[number])
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.told.broken += 1
                time.sleep(PAUSE_SECONDS)
                continue
            with self._lock:
                self.told.statuses[status] += 1
                if status < 300:
                    self.told.lines[number] = json.loads(body)["line"]
                    self.told.at.append(time.monotonic())
                    return
            if status < 500:
                return
            time.sleep(PAUSE_SECONDS)

    def _ask(self, request: bytes) -> tuple[int, bytes]:
        with (
            socket.create_connection(self._address, ANSWER_SECONDS) as plain,
            self._context.wrap_socket(plain, server_hostname=self._host) as line,
        ):
            line.sendall(request)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status, answer.read()


def _over_tls(request: bytes, host: str) -> bytes:
    """Return a request as a browser sends it to a site with TLS: with its name, and where it comes from."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"host:")]
    lines += [f"Host: {host}".encode(), f"Referer: https://{host}/".encode(), b"Connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
