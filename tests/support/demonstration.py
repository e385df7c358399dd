"""The moment at which tests tell the demonstration's story."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
