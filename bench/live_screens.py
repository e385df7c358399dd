"""Many screens that follow one meeting, in one process: each a connection that reads its stream of events."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

SHOWN = re.compile(rb"<strong>(\d+)</strong> / \d+")
OPENED_A_SECOND = 100


@dataclass
class Seen:
    """What one screen was sent: at which times which number of people present, and what it was refused."""

    at: list[float] = field(default_factory=list)
    present: list[int] = field(default_factory=list)
    refused: int = 0
    is_open: bool = False

    def when(self, present: int) -> float | None:
        """Return when it first showed that so many, or more, were present."""
        return next((at for at, shown in zip(self.at, self.present, strict=True) if shown >= present), None)


class Screens:
    """So many screens in a thread of their own, each opened on its own connection."""

    def __init__(self, port: int, address: str, *, number: int) -> None:
        self.seen = [Seen() for _ in range(number)]
        self._port = port
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._following = self._loop.create_task(self._follow_all())
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def connected(self) -> int:
        """Return how many screens show something."""
        return sum(bool(one.present) for one in self.seen)

    @property
    def open(self) -> int:
        """Return how many streams are open."""
        return sum(one.is_open for one in self.seen)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._following.cancel)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._following)

    async def _follow_all(self) -> None:
        following = [self._follow(one, wait=number / OPENED_A_SECOND) for number, one in enumerate(self.seen)]
        await asyncio.gather(*following)

    async def _follow(self, one: Seen, *, wait: float) -> None:
        await asyncio.sleep(wait)
        while True:
            try:
                await self._read(one)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                one.refused += 1
            await asyncio.sleep(1)

    async def _read(self, one: Seen) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            head = f"GET {self._address} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            writer.write(head.encode())
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in answer.split(b"\r\n", 1)[0]:
                raise ValueError(answer)
            one.is_open = True
            # A frame is one chunk of the answer, and far longer than what comes between.
            while size := int(await reader.readline(), 16):
                chunk = await reader.readexactly(size + 2)
                found = SHOWN.search(chunk)
                if found:
                    one.at.append(time.perf_counter())
                    one.present.append(int(found[1]))
        finally:
            one.is_open = False
            writer.close()


@contextmanager
def followed(port: int, address: str, *, number: int) -> Iterator[Screens]:
    """Follow with so many screens, all of which show something before the block begins."""
    screens = Screens(port, address, number=number)
    screens.start()
    try:
        deadline = time.monotonic() + 60
        while screens.connected < number:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{screens.connected} of {number} screens show the meeting")
            time.sleep(0.1)
        yield screens
    finally:
        screens.stop()
