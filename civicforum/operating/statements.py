"""Every statement of the database is counted; one that takes long is written down without its values."""

from __future__ import annotations

import logging
import time
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

from civicforum.logs import SLOW_LOGGER
from civicforum.operating import metrics
from civicforum.operating.watch import current

LONGEST = 2000
logger = logging.getLogger(SLOW_LOGGER)
_slow_seconds = float("inf")


def init(*, slow_ms: int) -> None:
    """Count the statements of this process, and write down those that take `slow_ms` or longer."""
    global _slow_seconds
    _slow_seconds = slow_ms / 1000
    if not event.contains(Engine, "before_cursor_execute", _begin):
        event.listen(Engine, "before_cursor_execute", _begin)
        event.listen(Engine, "after_cursor_execute", _end)


def _begin(
    _connection: Connection,
    _cursor: DBAPICursor,
    _statement: str,
    _parameters: Any,
    context: ExecutionContext | None,
    _many: bool,
) -> None:
    if context is not None:
        context.civicforum_began = time.perf_counter()  # type: ignore[attr-defined]


def _end(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    _parameters: Any,
    context: ExecutionContext | None,
    _many: bool,
) -> None:
    watch = current.get()
    if watch is not None:
        watch.statements += 1
    seconds = time.perf_counter() - getattr(context, "civicforum_began", float("inf"))
    if seconds >= _slow_seconds:
        _write_down(statement, seconds)


def _write_down(statement: str, seconds: float) -> None:
    metrics.SLOW_STATEMENTS.inc()
    watch = current.get()
    if watch is not None and watch.is_quiet:
        return
    said = {
        "endpoint": watch.place if watch else "",
        "ms": round(seconds * 1000),
        "statement": " ".join(statement.split())[:LONGEST],
    }
    logger.info("slow statement", extra=said)
