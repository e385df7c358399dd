"""What is sent to one screen, as server-sent events."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from .hub import Place

END = b"event: end\ndata:\n\n"


@dataclass(frozen=True)
class Pace:
    """Seconds.

    `beat`: between signs of life. `lasts`: how long a stream is at most, after which the browser asks for the
    next one, so that nothing is held for ever. `retry`: how long it waits after a break, each screen another
    time, so that they do not all come at once.
    """

    beat: float = 15.0
    lasts: tuple[float, float] = (480.0, 720.0)
    retry: tuple[float, float] = (1.0, 3.0)


def events(place: Place, *, seen: str, pace: Pace) -> Iterator[bytes]:
    """Yield each frame that differs from the last one that the screen has, until the meeting is over."""
    yield _retry(random.uniform(*pace.retry)) + _beat()  # noqa: S311
    ends_at = time.monotonic() + random.uniform(*pace.lasts)  # noqa: S311
    while not place.is_over:
        left = ends_at - time.monotonic()
        if left <= 0:
            # Nothing is wrong: the next stream follows at once.
            yield _retry(0.05)
            return
        frame = place.wait(seen, min(pace.beat, left))
        if frame is None:
            yield _beat()
            continue
        seen = frame.id
        yield frame.event
        if frame.is_last:
            yield END
            return


def _retry(seconds: float) -> bytes:
    return f"retry: {round(1000 * seconds)}\n\n".encode()


def _beat() -> bytes:
    """A sign of life with the server's time in milliseconds, by which a screen counts a speaker's minutes."""
    return f"event: beat\ndata: {time.time_ns() // 1_000_000}\n\n".encode()
