"""The command `civicforum`: serving, and the commands of the features."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

from civicforum import __version__
from civicforum.accounts.cli import commands as account_commands
from civicforum.demo.cli import commands as demo_commands
from civicforum.embedded import EmbeddedError
from civicforum.errors import CivicForumError
from civicforum.people.cli import commands as people_commands
from civicforum.preparing import CannotStart, make_app, prepare_database
from civicforum.records.cli import commands as records_commands


class Commands(click.Group):
    """Commands whose refusals are one line for a person, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (CivicForumError, CannotStart, EmbeddedError) as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(f"The database failed: {str(error.orig).splitlines()[0]}") from error


@click.group(cls=Commands)
@click.version_option(__version__)
def commands() -> None:
    """Self-government of a residents' community: serve it, and look after it."""


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Web processes; by the number of processors if not given."
)
@click.option("--no-demo", is_flag=True, help="Leave an empty database empty.")
def serve(host: str, port: int, workers: int | None, no_demo: bool) -> None:
    """Prepare the database, then serve pages and run jobs until Ctrl-C."""
    from civicforum.serve import Serving

    sys.exit(Serving(host=host, port=port, workers=workers, with_demo=not no_demo).run())


@commands.command()
def migrate() -> None:
    """Bring the database to the state this version needs."""
    prepared_app()
    click.echo("The database is up to date.")


@commands.command()
def worker() -> None:
    """Run jobs until told to stop; more workers, on any machine, share the work."""
    from civicforum import jobs

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    jobs.run_worker(prepared_app())


def prepared_app() -> Flask:
    """Return the application on a database that answers and has the schema of this version."""
    app = make_app()
    prepare_database(app)
    return app


for command in (*account_commands, *people_commands, *demo_commands, *records_commands):
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; `with_appcontext` gives those of the features the application on a prepared database."""
    commands.main(arguments, prog_name="civicforum", obj=ScriptInfo(create_app=prepared_app))
