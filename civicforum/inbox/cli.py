"""The operator's view of the outbox."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from civicforum.database import db
from civicforum.inbox.channels import sending_channels
from civicforum.inbox.queries_told import count_outbox
from civicforum.inbox.rules_told import OUTSIDE
from civicforum.inbox.services.outbox import retry_failed


@click.command()
@click.option("--retry", is_flag=True, help="Let every message that failed go out again.")
@with_appcontext
def outbox(retry: bool) -> None:
    """Messages that wait or failed."""
    now = datetime.now(UTC)
    if retry:
        click.echo(f"{retry_failed(community_id=None, now=now)} go out again")
    sending = sending_channels(current_app.config["CIVICFORUM"])
    for channel in OUTSIDE:
        click.echo(f"{channel.value}: {'sends' if channel in sending else 'not set up'}")
    counts = count_outbox(db.session(), now=now)
    late = f", the first one due since {counts.oldest_due:%Y-%m-%d %H:%M} UTC" if counts.oldest_due else ""
    click.echo(f"{counts.waiting} wait{late}; {counts.failed} failed")
