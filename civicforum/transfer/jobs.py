"""What is done about exports outside of requests."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import current_app

from civicforum.jobs import task
from civicforum.transfer import services


@task(services.exports.TASK)
def make_export(*, export_id: str) -> None:
    """Write the file of an export."""
    services.make_export(
        export_id=uuid.UUID(export_id),
        settings=current_app.config["CIVICFORUM"],
        clock=lambda: datetime.now(UTC),
    )


@task("transfer.forget_exports", cron="*/10 * * * *")
def forget_exports() -> None:
    """Delete files that nobody may need any more."""
    services.forget_exports(now=datetime.now(UTC))
