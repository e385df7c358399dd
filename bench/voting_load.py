"""A load of requests, each on a connection of its own: as fast as they are answered, or so many a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

CONNECTIONS = 16
PAUSE_SECONDS = 0.02
# A server that is gone for good fails whoever loads it, instead of being asked for ever.
ANSWER_SECONDS, GIVE_UP_SECONDS = 30.0, 300.0

Keep = Callable[[int, bytes], None]


@dataclass
class Load:
    """What came back. `seconds` are those of each request, from when it was due to its answer."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    lasted: float = 0.0
    broken: int = 0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.lasted

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds that this share of the requests stayed within."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class _Due:
    number: int
    request: bytes
    at: float


def send(
    port: int,
    requests: Sequence[bytes],
    *,
    per_second: float | None = None,
    connections: int = CONNECTIONS,
    keep: Keep | None = None,
) -> Load:
    """Send all requests and return what happened.

    Args:
        per_second: None sends the next one as soon as a connection is free.
        keep: is given the number and the body of each answer that is not an error.

    A connection that breaks is made anew and the request sent again, until there is an answer. Raises
    OSError when a request has none for five minutes.
    """
    # In a thread of its own: a test may run in one where Playwright keeps a loop of events going.
    with ThreadPoolExecutor(max_workers=1) as thread:
        sending = _send(port, requests, per_second, connections, keep)
        return thread.submit(asyncio.run, sending).result()


async def _send(
    port: int, requests: Sequence[bytes], per_second: float | None, connections: int, keep: Keep | None
) -> Load:
    load, queue = Load(), asyncio.Queue[_Due | None](maxsize=0 if per_second else connections)
    started = time.perf_counter()
    workers = [asyncio.create_task(_work(port, queue, load, keep)) for _ in range(connections)]
    for number, request in enumerate(requests):
        at = time.perf_counter()
        if per_second:
            at = started + number / per_second
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
        await queue.put(_Due(number, request, at))
    for _ in workers:
        await queue.put(None)
    await asyncio.gather(*workers)
    load.lasted = time.perf_counter() - started
    return load


async def _work(port: int, queue: asyncio.Queue[_Due | None], load: Load, keep: Keep | None) -> None:
    while (due := await queue.get()) is not None:
        status, body = await _ask_until_answered(port, due.request, load)
        load.seconds.append(time.perf_counter() - due.at)
        load.statuses[status] = load.statuses.get(status, 0) + 1
        if keep is not None and status < 300:
            keep(due.number, body)


async def _ask_until_answered(port: int, request: bytes, load: Load) -> tuple[int, bytes]:
    given_up_at = time.perf_counter() + GIVE_UP_SECONDS
    while True:
        try:
            return await asyncio.wait_for(_ask(port, request), ANSWER_SECONDS)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            if time.perf_counter() > given_up_at:
                raise
            load.broken += 1
            await asyncio.sleep(PAUSE_SECONDS)


async def _ask(port: int, request: bytes) -> tuple[int, bytes]:
    # Each voter has a browser, and with it a connection, of their own.
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        return int(head[0].split()[1]), await reader.readexactly(int(headers["content-length"]))
    finally:
        writer.close()
