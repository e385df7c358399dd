"""What the clock does for accounts."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.accounts import services
from civicforum.jobs import task


@task("accounts.forget_failures", cron="17 * * * *")
def forget_failures() -> None:
    """Delete failed attempts that no longer count."""
    services.forget_failures(now=datetime.now(UTC))
