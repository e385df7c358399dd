"""Commands that make backups, check them, and bring one back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from civicforum.backup import belongings, continuous, places, restoring, services, vault
from civicforum.backup.belongings import Secrets
from civicforum.backup.manifest import Manifest
from civicforum.backup.measuring import Report
from civicforum.backup.rules import KEEP_DAYS
from civicforum.backup.scratch import try_backup
from civicforum.backup.verifying import verify_content
from civicforum.config import SECRET_NAMES, Settings, read_settings
from civicforum.database import db
from civicforum.embedded import EmbeddedError
from civicforum.errors import CivicForumError
from civicforum.preparing import CannotStart, make_app
from civicforum.sealed.archives import usable_processors

FOLDER = click.Path(file_okay=False, path_type=Path)
BACKUP = click.Path(path_type=Path)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the passphrase; else it is asked for.",
)
ZONE = ZoneInfo("Asia/Shanghai")
MAKE = "make"
NOT_EMBEDDED = (
    "CIVICFORUM_DATABASE_URL names a server of its own: docs/operate/backup.md says how its log is kept."
)


class _MakesByDefault(click.Group):
    """A group that takes whatever is not the name of its commands for what `make` is told."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MakesByDefault)
def backup() -> None:
    """One copy of everything into FOLDER, its checks, and its passphrase.

    `civicforum backup FOLDER` is short for `civicforum backup make FOLDER`.
    """


@backup.command(MAKE)
@click.argument("folder", type=FOLDER, required=False)
@click.option(
    "--keep", default=KEEP_DAYS, show_default=True, type=click.IntRange(1), help="Days that old ones stay."
)
@click.option("--without-secrets", is_flag=True, help="Leave out the keys of this server and of its votes.")
def make(folder: Path | None, keep: int, without_secrets: bool) -> None:
    """Write a backup into FOLDER while the site runs, read it back, and remove what is too old.

    Without FOLDER the one that CIVICFORUM_BACKUPS names.
    """
    app, now, began = make_app(), datetime.now(UTC), time.monotonic()
    settings = _settings(app)
    into = (folder or settings.backups or _no_folder()).resolve()
    key = None if without_secrets else vault.read_key(settings.instance)
    if key is None and not without_secrets:
        raise click.ClickException(
            "Set a passphrase for the secrets in backups first: civicforum backup passphrase "
            "(or leave them out: --without-secrets)."
        )
    with app.app_context(), _progress("Backing up") as report:
        made = services.make_backup(
            engine=db.engine, settings=settings, folder=into, key=key, keep_days=keep, now=now, report=report
        )
    for name in made.staying:
        click.echo(f"{name} is older than {keep} days and stays: no newer backup holds all it holds.")
    if key is None:
        click.echo(
            "The keys are not in it: keep secrets.toml and poll-keys of the instance folder elsewhere, "
            "or open votes are lost with this disk."
        )
    click.echo(_made_line(made, seconds=time.monotonic() - began))


@backup.command()
@click.option("--own", is_flag=True, help="Type one instead of having it made.")
def passphrase(own: bool) -> None:
    """Set the passphrase that opens the secrets in backups; this machine keeps its public half alone.

    Backups made before stay sealed for the passphrase they were made under.
    """
    settings = _settings(make_app())
    chosen = (
        click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
        if own
        else vault.new_passphrase()
    )
    if vault.read_key(settings.instance) is not None:
        click.confirm("There is a passphrase already. Set another for the backups to come?", abort=True)
    vault.keep_key(settings.instance, vault.new_key(chosen))
    if not own:
        click.echo(chosen)
    click.echo(
        "Write it on paper and keep that outside this office: nothing else opens the keys in a backup."
    )


@backup.command()
@click.argument("path", type=BACKUP)
@click.option(
    "--restore-to-scratch", "is_trial", is_flag=True, help="Restore it on trial and verify all of it."
)
@PASSPHRASE_FILE
@click.option(
    "--secrets", "with_secrets", is_flag=True, help="Open the secrets too; asks for the passphrase."
)
def verify(path: Path, is_trial: bool, passphrase_file: Path | None, with_secrets: bool) -> None:
    """Read a backup back: PATH is the backup, or a folder of backups, of which the newest is taken."""
    found = places.find_backup(path)
    read = restoring.check_backup(found)
    click.echo(f"{found.name}: {len(read.files)} files, each has its hash; rows of {_moment(read.made_at)}.")
    if with_secrets or passphrase_file:
        opened = belongings.open_secrets(found, read, _passphrase(passphrase_file))
        click.echo(f"The passphrase opens the secrets, and the keys of {len(opened.polls)} votes.")
    if is_trial:
        try_backup(found, read, processes=usable_processors(), say=click.echo)
        click.echo("Restored on trial: everything in it verifies.")
    _note(read, is_trial)


@backup.command("continuous")
@click.argument("folder", type=FOLDER)
@click.option(
    "--keep", default=continuous.KEEP_DAYS, show_default=True, type=click.IntRange(1), help="Days to go back."
)
def continuous_(folder: Path, keep: int) -> None:
    """Keep the embedded database's log in FOLDER, and copy its files there; for recovery to any moment.

    Run it each night, beside the backup: the copies and logs that nothing needs any more go.
    """
    app = make_app()
    _only_embedded(app)
    into = folder.resolve()
    if not into.is_dir():
        raise click.ClickException(f"The folder {into} is not there: is the disk plugged in and mounted?")
    with app.app_context():
        if not continuous.switch_on(db.engine, into):
            click.echo(
                "Stop civicforum and start it again: its log is kept from then on. Then run this again."
            )
            return
        base = continuous.take_base(db.engine.url, into, keep_days=keep, now=datetime.now(UTC))
    click.echo(
        f"{base}: {places.in_megabytes(places.size_of(base))}; any moment from now on can be recovered."
    )


@backup.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]),
    help="A moment in Asia/Shanghai; to the end of the log if not given.",
)
def recover(folder: Path, until: datetime | None) -> None:
    """Bring the embedded database to a moment, from what `continuous` keeps. Stop the site first."""
    settings = read_settings()
    if settings.database_url is not None:
        raise click.ClickException(NOT_EMBEDDED)
    moment = until.replace(tzinfo=ZONE) if until else None
    aside = continuous.recover(folder.resolve(), settings.instance, until=moment)
    app = make_app()
    with app.app_context():
        problems = verify_content(db.session(), processes=usable_processors(), say=click.echo)
        db.session.remove()
    if aside:
        click.echo(f"What was there before is in {aside}; remove it when you are sure.")
    if problems:
        raise click.ClickException("\n".join(["It is recovered, but this does not hold:", *problems]))
    click.echo(
        f"Done: the database is as it was {'at ' + _moment(moment) if moment else 'at the last moment'}."
    )


def _only_embedded(app: Flask) -> None:
    if _settings(app).database_url is not None:
        raise click.ClickException(NOT_EMBEDDED)


@click.command()
@click.argument("path", type=BACKUP)
@click.option("--replace", is_flag=True, help="Put it in place of what the database holds.")
@click.option("--without-secrets", is_flag=True, help="The database alone.")
@PASSPHRASE_FILE
def restore(path: Path, replace: bool, without_secrets: bool, passphrase_file: Path | None) -> None:
    """Bring back a backup, into an empty database, and verify all of it.

    PATH is the backup, or a folder of backups, of which the newest is taken. Stop the site first.
    """
    now = datetime.now(UTC)
    found = places.find_backup(path)
    read = restoring.check_backup(found)
    restoring.check_version(read)
    secrets = None
    if not without_secrets:
        secrets = belongings.open_secrets(found, read, _passphrase(passphrase_file))
        _check_environment(secrets)
    app = make_app()
    with app.app_context():
        restoring.put_back_cut_off(db.engine)
        present = restoring.look_at(db.engine)
        db.engine.dispose()
    _may_replace(present, replace)
    restoring.restore(app, found, read, processes=usable_processors(), say=click.echo)
    left = belongings.put_back(secrets, _settings(app).instance) if secrets else []
    for name in left:
        click.echo(f"Look at {_settings(app).instance / name}: it was outside the database, too.")
    click.echo(f"Done: {found.name} is restored, and everything in it verifies.")
    click.echo(
        f"Lost is what was acknowledged after {_moment(read.made_at)}, "
        f"until {_moment(present.last_at or now)} or until the site stopped."
    )


def _made_line(made: services.Made, *, seconds: float) -> str:
    """Return the one line that a log keeps of a backup."""
    removed = f", {len(made.removed)} old removed" if made.removed else ""
    destroyed = f", keys of {made.destroyed} votes destroyed in older ones" if made.destroyed else ""
    return (
        f"{made.path}: {made.manifest.rows:,} rows of {len(made.manifest.content.journals)} communities, "
        f"{places.in_megabytes(made.size)}, {seconds:.1f} seconds{removed}{destroyed}; "
        f"SHA-256 of the manifest {made.manifest_hash}"
    )


def _may_replace(present: restoring.Present, replace: bool) -> None:
    if not present.communities:
        return
    names = ", ".join(present.communities)
    if not replace:
        raise click.ClickException(
            f"The database holds {names}. A backup goes into an empty one, or in its place with --replace."
        )
    typed = click.prompt(f"All of {names} goes. Type the name of the first community to go on")
    if typed.strip() != present.communities[0]:
        raise click.ClickException("That is not its name; nothing was changed.")


def _check_environment(secrets: Secrets) -> None:
    for name in SECRET_NAMES:
        variable = f"CIVICFORUM_{name.upper()}"
        if os.environ.get(variable) not in (None, "", secrets.keys[name]):
            raise click.ClickException(f"{variable} is set to another key than that in the backup: unset it.")


def _note(read: Manifest, is_trial: bool) -> None:
    """Note it in the database the backup is from, where this machine has one; elsewhere it is only said."""
    try:
        settings = read_settings()
        if settings.database_url is None and not (settings.instance / "pgdata").exists():
            return
        with make_app().app_context():
            services.note_checked(read.id, now=datetime.now(UTC), is_tried=is_trial)
    except (CivicForumError, CannotStart, EmbeddedError, SQLAlchemyError, OSError) as error:
        click.echo(f"The date of this check could not be noted in the database: {error}", err=True)


@contextmanager
def _progress(label: str) -> Iterator[Report]:
    with click.progressbar(length=1, label=label) as bar:

        def report(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield report


def _passphrase(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    typed: str = click.prompt("Passphrase of the backups", hide_input=True)
    return typed


def _no_folder() -> NoReturn:
    raise click.ClickException("Name the folder to write into, or set CIVICFORUM_BACKUPS.")


def _settings(app: Flask) -> Settings:
    settings: Settings = app.config["CIVICFORUM"]
    return settings


def _moment(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%Y-%m-%d %H:%M:%S} (Asia/Shanghai)"
