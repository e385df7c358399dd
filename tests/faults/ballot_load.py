"""Voters at their phones while something breaks, and a ledger of what each of them was told."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

from bench.voters import Electorate
from tests.support.polls import AGAINST, FOR

# As frontend/src/casting/sending.js waits.
PHONE_SECONDS = 20.0
# Somebody who was told to try again does so for this long.
PATIENCE_SECONDS = 120.0
AT_ONCE = 12
IMPATIENT = 0.2
ANSWERS = ([FOR], [AGAINST])


@dataclass
class Ledger:
    """What voters were told. Every voter is in exactly one of `acknowledged`, `unknown` and `refused`."""

    # The line and the tracker that the voter's screen showed.
    acknowledged: dict[int, tuple[int, str]] = field(default_factory=dict)
    # Sent, and never answered with yes or no: the ballot may be there, at most once.
    unknown: set[int] = field(default_factory=set)
    # Answered that the ballot is not taken, with the reason.
    refused: dict[int, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    # Connections that broke, or gave no answer in time.
    broken: int = 0
    # Answers that no voter should ever see.
    strange: list[str] = field(default_factory=list)
    slowest: float = 0.0
    # The longest time between two ballots acknowledged.
    silence: float = 0.0
    acknowledged_at: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(port: int, request: bytes, *, seconds: float = PHONE_SECONDS) -> Answer:
    """Send a request on a connection of its own. Raises OSError or HTTPException where no answer came."""
    deadline = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(request)
        connection.settimeout(max(0.1, deadline - time.monotonic()))
        response = http.client.HTTPResponse(connection, method=request[:4].decode().strip())
        response.begin()
        body = response.read()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body.decode())


def oddity(answer: Answer) -> str | None:
    """Return what is wrong with an answer that refuses: it has to say in both languages what to do now."""
    if "Traceback" in answer.body or "psycopg" in answer.body or "sqlalchemy" in answer.body:
        return f"{answer.status} shows the inside: {answer.body[:300]}"
    if answer.status == 503:
        said = "暂时无法使用" in answer.body and "not available right now" in answer.body
        return None if said and "retry-after" in answer.headers else f"503 without words: {answer.body[:300]}"
    return f"{answer.status}: {answer.body[:300]}"


class BallotLoad:
    """All voters of an electorate cast, so many a second; some of them give up when no answer comes."""

    def __init__(
        self,
        port: int,
        electorate: Electorate,
        ballots: Sequence[bytes],
        *,
        per_second: float,
        chance: random.Random,
        may_be_refused: frozenset[str] = frozenset(),
    ) -> None:
        self.port, self.per_second = port, per_second
        self.requests = [electorate.request(*pair) for pair in zip(electorate.voters, ballots, strict=True)]
        self.impatient = {at for at in range(len(ballots)) if chance.random() < IMPATIENT}
        self.may_be_refused = may_be_refused
        self.ledger = Ledger()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> BallotLoad:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def wait_for(self, acknowledged: int, *, seconds: float = 60.0) -> None:
        """Return once so many ballots are acknowledged, so that what follows falls into the load."""
        deadline = time.monotonic() + seconds
        while len(self.ledger.acknowledged) < acknowledged and not self.is_over():
            assert time.monotonic() < deadline, "no ballots are taken"
            time.sleep(0.02)

    def _run(self) -> None:
        started = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for at, request in enumerate(self.requests):
                time.sleep(max(0.0, started + at / self.per_second - time.monotonic()))
                pool.submit(self._vote, at, request)
        times = sorted([started, *self.ledger.acknowledged_at])
        self.ledger.silence = max((b - a for a, b in pairwise(times)), default=0.0)

    def _vote(self, at: int, request: bytes) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        pause = 0.2
        while not self._try(at, request):
            if at in self.impatient or time.monotonic() > until:
                with self.ledger.lock:
                    self.ledger.unknown.add(at)
                return
            time.sleep(pause)
            pause = min(2.0, 2 * pause)

    def _try(self, at: int, request: bytes) -> bool:
        """Send once; tell whether the voter knows now."""
        begun = time.monotonic()
        ledger = self.ledger
        try:
            answer = ask(self.port, request)
        except (OSError, http.client.HTTPException):
            with ledger.lock:
                ledger.broken += 1
            return False
        with ledger.lock:
            ledger.slowest = max(ledger.slowest, time.monotonic() - begun)
            ledger.statuses[answer.status] += 1
            if answer.status in (200, 201):
                told = json.loads(answer.body)
                ledger.acknowledged[at] = (told["line"], told["tracker"])
                ledger.acknowledged_at.append(time.monotonic())
                return True
            fault = fault_of(answer)
            if fault in self.may_be_refused:
                ledger.refused[at] = fault
                return True
            if odd := oddity(answer):
                ledger.strange.append(odd)
        return False


def fault_of(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body).get("fault", ""))
    except (ValueError, AttributeError):
        return ""


class MatterLoad:
    """Residents who begin a matter each, a few a second; whoever got no answer does not send it again."""

    def __init__(self, port: int, electorate: Electorate, *, per_second: float = 3.0) -> None:
        self.port, self.pause = port, 1 / per_second
        self.voters = electorate.voters
        self.acknowledged: set[str] = set()
        self.unknown: set[str] = set()
        self.strange: list[str] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> MatterLoad:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        for number, voter in enumerate(self.voters):
            if self._ending.wait(self.pause):
                return
            title = f"第{number}件：楼道照明"
            body = f"title={title}&csrf_token={voter.token}".encode()
            head = (
                f"POST /matters/new HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {voter.cookie}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            try:
                answer = ask(self.port, head.encode() + body)
            except (OSError, http.client.HTTPException):
                self.unknown.add(title)
                continue
            if answer.status == 303:
                self.acknowledged.add(title)
            else:
                self.unknown.add(title)
                if odd := oddity(answer):
                    self.strange.append(odd)


def at_random_moments(
    load: BallotLoad,
    act: Callable[[], bool],
    *,
    times: int,
    chance: random.Random,
    pause: tuple[float, float],
) -> int:
    """Do something so many times while the load lasts, with pauses between; return how often it was done.

    What `act` says it did not do does not count.
    """
    done = 0
    while done < times and not load.is_over():
        time.sleep(chance.uniform(*pause))
        done += act()
    return done
