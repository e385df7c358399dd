"""The command `civicforum`: serving, and the commands of the features.

A command is imported when it is used, and what it needs with it: `civicforum count` starts without Flask and
without a database.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from civicforum import __version__
from civicforum.garbage import collect_rarely

if TYPE_CHECKING:
    from flask import Flask


class Elsewhere(NamedTuple):
    """A command of a feature: where it is, its line in the list, whether it uses the application."""

    module: str
    attribute: str
    line: str
    with_app: bool = True


ELSEWHERE = {
    "account": Elsewhere("civicforum.accounts.cli", "account", "The accounts of people."),
    "backup": Elsewhere(
        "civicforum.backup.cli",
        "backup",
        "One copy of everything into FOLDER, its checks, and its passphrase.",
        with_app=False,
    ),
    "community": Elsewhere(
        "civicforum.transfer.cli", "community", "A whole community in a file: out, in, and off this server."
    ),
    "count": Elsewhere(
        "civicforum.tabulation.cli", "count_file", "Count the ballots in FILE.", with_app=False
    ),
    "demo": Elsewhere(
        "civicforum.demo.cli", "demonstration", "Load the demonstration community into an empty database."
    ),
    "doctor": Elsewhere(
        "civicforum.operating.cli", "doctor", "Look at what may be wrong, and how to mend it.", with_app=False
    ),
    "import": Elsewhere("civicforum.people.cli", "import_", "Bring lists in."),
    "init": Elsewhere(
        "civicforum.people.cli", "init", "Make a community, its standard bodies and its first administrator."
    ),
    "journal": Elsewhere("civicforum.records.cli", "journal", "The journal of each community."),
    "outbox": Elsewhere("civicforum.inbox.cli", "outbox", "Messages that wait or failed."),
    "reports": Elsewhere("civicforum.reports.cli", "reports", "Sealed reports of wrongdoing: keys, opening."),
    "restore": Elsewhere(
        "civicforum.backup.cli",
        "restore",
        "Bring back a backup, into an empty database, and verify all of it.",
        with_app=False,
    ),
    "verify": Elsewhere(
        "civicforum.dossiers.cli",
        "verify",
        "Check a dossier or the archive of a sealed vote.",
        with_app=False,
    ),
}


class Commands(click.Group):
    """Commands that are imported on use, and whose refusals are one line for a person, not a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        elsewhere = ELSEWHERE.get(cmd_name)
        if elsewhere is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(elsewhere.module), elsewhere.attribute)
        if elsewhere.with_app:
            from flask.cli import ScriptInfo

            ctx.obj = ScriptInfo(create_app=prepared_app)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lines = {name: command.line for name, command in ELSEWHERE.items()}
        lines |= {name: command.get_short_help_str(limit=100) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(lines.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            # Only now: whoever counts a file need not wait for the libraries of the database.
            from civicforum.preparing import words_for_operator

            if words := words_for_operator(error):
                raise click.ClickException(words) from error
            raise


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
@click.option(
    "--bind", default="127.0.0.1:5000", show_default=True, help="HOST:PORT, or unix:/PATH of a socket."
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Web processes; by the number of processors if not given."
)
def web(bind: str, workers: int | None) -> None:
    """Prepare the database, then become the web server; for a machine whose system starts each part."""
    from civicforum.serve import become_web_server

    become_web_server(prepared_app(), bind=bind, workers=workers)


@commands.command()
def migrate() -> None:
    """Bring the database to the state this version needs."""
    prepared_app()
    click.echo("The database is up to date.")


@commands.command()
def worker() -> None:
    """Run jobs until told to stop; more workers, on any machine, share the work."""
    from civicforum import jobs, logs
    from civicforum.config import read_settings

    logs.init_logging(read_settings(), always=True)
    logs.init_console()
    jobs.run_worker(prepared_app())


def prepared_app() -> Flask:
    """Return the application on a database that answers and has the schema of this version."""
    from civicforum.preparing import make_app, prepare_database

    app = make_app()
    prepare_database(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; `with_appcontext` gives those of the features the application on a prepared database."""
    collect_rarely()
    commands.main(arguments, prog_name="civicforum")
