"""Commands that check the records."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from civicforum.database import db
from civicforum.people.queries import list_communities
from civicforum.records.queries import count_redacted, verify_journal


@click.group()
def journal() -> None:
    """The journal of each community."""


@journal.command()
@with_appcontext
def verify() -> None:
    """Recompute every community's hash chain and name the first entry that does not hold."""
    is_broken = False
    for community in list_communities(db.session()):
        entries, found = verify_journal(db.session(), community_id=community.id)
        if found is None:
            redacted = count_redacted(db.session(), community_id=community.id)
            told = f", {redacted} of them with words removed" if redacted else ""
            click.echo(f"{community.name}: {entries} entries{told}, the chain holds")
        else:
            is_broken = True
            click.echo(f"{community.name}: entry {found.sequence} {found.reason}", err=True)
    if is_broken:
        sys.exit(1)
