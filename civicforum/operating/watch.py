"""What is counted while one request is answered, or one job is run."""

from __future__ import annotations

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Watch:
    """One request or job. `place` is its endpoint or the name of its task, never an address with ids in it.

    `is_quiet`: at what moment it came is not written down (see rules.py).
    """

    place: str
    request_id: str = ""
    is_quiet: bool = False
    began: float = field(default_factory=time.perf_counter)
    statements: int = 0

    def milliseconds(self) -> float:
        return (time.perf_counter() - self.began) * 1000


current: ContextVar[Watch | None] = ContextVar("civicforum_watch", default=None)


def new_id() -> str:
    """Return an id for a request: 80 random bits in letters and digits."""
    return secrets.token_hex(10)
