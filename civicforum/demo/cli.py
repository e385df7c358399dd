"""Commands for the demonstration community."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from civicforum import demo


@click.group(name="demo", invoke_without_command=True)
@click.pass_context
def demonstration(context: click.Context) -> None:
    """Load the demonstration community into an empty database."""
    if context.invoked_subcommand is None:
        context.invoke(load)


@demonstration.command()
@with_appcontext
def load() -> None:
    """Load it; the same as `civicforum demo` alone."""
    steps = click.progressbar(length=1, label="the demonstration community", file=sys.stderr)

    def progress(done: int, whole: int, _text: str) -> None:
        steps.length = whole
        steps.update(done - steps.pos)

    with steps:
        try:
            demo.load(progress)
        except demo.DatabaseNotEmpty as refusal:
            raise click.ClickException(
                "this database holds a community already; the demonstration is loaded into an empty one only"
            ) from refusal


@demonstration.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of role, name, login and password.")
def accounts(as_json: bool) -> None:
    """Show the accounts of the demonstration."""
    listed = demo.accounts()
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for account in listed:
        click.echo(f"{account['role']:18} {account['login']:18} {account['password']:12} {account['name']}")
