"""The one connection of a process on which PostgreSQL tells which meetings have changed."""

from __future__ import annotations

import logging
import time
from contextlib import suppress

import psycopg
from psycopg import sql

BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
CONNECT_SECONDS = 5
logger = logging.getLogger(__name__)


class Listening:
    """Hears a channel of NOTIFY. After a break it connects again, later each time that fails."""

    def __init__(self, url: str, channel: str) -> None:
        self._url = url
        self._channel = channel
        self._connection: psycopg.Connection | None = None
        self._failures = 0
        self.try_at = 0.0

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def fileno(self) -> int:
        assert self._connection is not None  # noqa: S101
        return self._connection.fileno()

    def connect(self) -> bool:
        """Try to connect; tell whether it hears from now on. What was told meanwhile is lost to it."""
        try:
            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
            self._connection = connection
            connection.execute("SET application_name = 'civicforum live'")
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
        except psycopg.Error as error:
            self._broke(error)
            return False
        self._failures = 0
        return True

    def hear(self) -> set[str]:
        """Return what was told since the last call, each thing once. A broken connection is given up."""
        assert self._connection is not None  # noqa: S101
        heard: set[str] = set()
        try:
            for told in self._connection.notifies(timeout=0):
                heard.add(told.payload)
        except psycopg.Error as error:
            self._broke(error)
        return heard

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _broke(self, error: psycopg.Error) -> None:
        self.close()
        wait = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
        self._failures += 1
        self.try_at = time.monotonic() + wait
        logger.warning("not told of changes of meetings; trying again in %s s: %s", wait, error)
