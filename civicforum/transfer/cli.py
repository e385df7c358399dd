"""Commands with which a community leaves a server, comes to another one, and is taken off the first."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from civicforum.config import Settings
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.people.queries import list_communities
from civicforum.transfer.archive import Archive, FileRefused
from civicforum.transfer.errors import ImportRefused
from civicforum.transfer.exporting import Written, write_community
from civicforum.transfer.importing import import_community
from civicforum.transfer.reading import preview_import
from civicforum.transfer.removing import remove_community
from civicforum.transfer.services import begin_export

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def community() -> None:
    """A whole community in a file: out, in, and off this server."""


@community.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--community", "name", help="Which one, where this server has several.")
@with_appcontext
def export_(file: Path, name: str | None) -> None:
    """Write a community with all its rows into FILE, which then holds personal data of everybody."""
    if file.exists():
        raise click.ClickException(f"{file} is there already; name a new file.")
    chosen = _choose(name)
    now = datetime.now(UTC)
    begin_export(community_id=chosen.id, actor=None, now=now, instance=_settings().instance)
    draft = file.with_name(file.name + ".part")
    try:
        written = _write(draft, chosen.id, now)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{file}: {written.rows} rows. The manifest's SHA-256 is {written.manifest_hash}.")
    click.echo("It holds personal data and password hashes of everybody: keep it as you keep the database.")


@community.command("import")
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask after the preview.")
@with_appcontext
def import_(file: Path, yes: bool) -> None:
    """Bring in the community in FILE: previewed first, then all of it or nothing."""
    try:
        with Archive(file) as archive:
            _preview(archive)
            if not yes:
                click.confirm("Bring it in?", abort=True)
            _bring_in(archive)
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(
        "It is here, and its journal holds. Clocks that ran out meanwhile are caught up by the worker."
    )


@community.command()
@click.argument("name")
@click.argument("file", type=FILE)
@click.option("--manifest", prompt="SHA-256 of the manifest, as the export printed it", help="As printed.")
@with_appcontext
def remove(name: str, file: Path, manifest: str) -> None:
    """Remove the community NAME, whose export of its present state is FILE. There is no way back but FILE."""
    chosen = _choose(name)
    try:
        with Archive(file) as archive:
            if manifest.strip().lower() != archive.manifest_hash:
                raise click.ClickException("This is not the SHA-256 of the manifest in the file.")
            click.confirm(f"Remove {chosen.name} with all its rows and the keys of its votes?", abort=True)
            removed = remove_community(
                db.engine, archive, community_id=chosen.id, instance=_settings().instance
            )
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{removed} rows are removed.")


def _choose(name: str | None) -> Community:
    found = [each for each in list_communities(db.session()) if name in (None, each.name)]
    if len(found) != 1:
        raise click.ClickException(
            "Name the community with --community: this server has several."
            if found
            else "There is no such community here."
        )
    return found[0]


def _write(draft: Path, community_id: uuid.UUID, now: datetime) -> Written:
    # Nobody else on this machine may read it, not even while it is being written.
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened, click.progressbar(length=1, label="Writing") as bar:

        def report(done: int, whole: int, _rows: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        return write_community(
            db.engine,
            opened,
            community_id=community_id,
            identity_key=_settings().identity_key,
            now=now,
            report=report,
        )


def _preview(archive: Archive) -> None:
    manifest = archive.manifest
    click.echo(f"{manifest.community_name}, exported {manifest.made_at}: {manifest.row_count} rows")
    for table in manifest.tables:
        if table.rows:
            click.echo(f"  {table.name}: {table.rows}")
    with db.engine.connect() as connection:
        preview = preview_import(connection, archive, identity_key=_settings().identity_key)
    for note in preview.notes:
        click.echo(note)
    if preview.problems:
        raise click.ClickException("\n".join(["It cannot be brought in:", *preview.problems]))


def _bring_in(archive: Archive) -> None:
    with click.progressbar(length=1, label="Bringing in") as bar:

        def report(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        try:
            import_community(db.engine, archive, identity_key=_settings().identity_key, report=report)
        except ImportRefused as refused:
            raise click.ClickException("\n".join(refused.problems)) from refused


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings
