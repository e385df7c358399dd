"""The operator's way back in, when nobody is left who could issue a code."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from civicforum.accounts import second_factor_services, services
from civicforum.errors import Invalid, NotFound


@click.group()
def account() -> None:
    """The accounts of people."""


@account.command()
@click.argument("login")
@click.password_option(envvar="CIVICFORUM_NEW_PASSWORD", help="The new password; asked for if not given.")
@with_appcontext
def password(login: str, password: str) -> None:
    """Set the password of LOGIN, and sign that account out everywhere."""
    try:
        services.reset_password(login=login, password=password, now=datetime.now(UTC))
    except NotFound as refusal:
        raise click.ClickException(f"no open account has the login {login}") from refusal
    except Invalid as refusal:
        reason = refusal.reason.replace("_", " ")
        raise click.ClickException(f"this password cannot be used: {reason}") from refusal
    click.echo(f"{login} signs in with the new password from now on.")


@account.command("second-factor")
@click.argument("login")
@with_appcontext
def second_factor(login: str) -> None:
    """Take every second factor of LOGIN away, and sign that account out everywhere."""
    try:
        second_factor_services.take_away_as_operator(login=login, now=datetime.now(UTC))
    except NotFound as refusal:
        raise click.ClickException(f"no account with the login {login} has a second factor") from refusal
    click.echo(f"{login} signs in without a second factor, and can enrol a new one.")
