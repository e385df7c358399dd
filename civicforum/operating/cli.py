"""`civicforum doctor`: what may be wrong here, and how to mend it; also when nothing else starts."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Connection

from civicforum import embedded
from civicforum.config import Settings, read_settings
from civicforum.embedded import EmbeddedError
from civicforum.inbox.channels import MailSender, Outgoing, Refused, Unreachable
from civicforum.inbox.channels.mail import BadMailSettings
from civicforum.operating import texts
from civicforum.operating.checks import Surroundings, run_checks
from civicforum.operating.checks.base import connected
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status, worst
from civicforum.terminal import terminal_language

COLOURS = {Status.GOOD: "green", Status.LOOK: "yellow", Status.BAD: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object of JSON, for programs.")
@click.option("--offline", is_flag=True, help="Call no other machine but the database.")
@click.option("--time-server", multiple=True, help="NTP server to compare the clock with.")
@click.option("--send-to", help="Also send a mail to this address, to see that it arrives.")
def doctor(as_json: bool, offline: bool, time_server: tuple[str, ...], send_to: str | None) -> None:
    """Look at what may be wrong, and how to mend it.

    Ends with status 0 when all is well, 1 when something should be looked at, 2 when something is wrong.
    """
    settings = _settings()
    with _database(settings) as (connection, failure):
        findings = run_checks(
            Surroundings(settings, datetime.now(UTC), connection, failure, not offline, time_server)
        )
    if send_to:
        findings.append(_send_one(settings, send_to))
    language = terminal_language()
    (_print_json if as_json else _print_words)(findings, language)
    sys.exit(worst(findings))


def _settings() -> Settings:
    """Return the settings; an instance folder of no use is one line and status 2."""
    try:
        return read_settings()
    except OSError as error:
        click.echo(f"The folder {error.filename} cannot be used: {error.strerror}.", err=True)
        sys.exit(Status.BAD)


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[Connection | None, str]]:
    """Yield a connection; the embedded server is started for it, if nobody uses it."""
    try:
        url = settings.database_url or embedded.start(settings.instance)
    except EmbeddedError as error:
        yield None, str(error)
        return
    with connected(url) as answer:
        yield answer


def _send_one(settings: Settings, address: str) -> Finding:
    words = "civicforum doctor"
    message = Outgoing(uuid.uuid4(), address, "civicforum", words, words)
    try:
        sender = MailSender(settings.smtp_url, settings.mail_from)
        sender.send(message)
        sender.close()
    except (Unreachable, Refused) as error:
        return Finding(
            "mail.sent", Status.BAD, _l("The mail was not taken: %(why)s."), values={"why": error.reason}
        )
    except BadMailSettings as error:
        return Finding(
            "mail.sent", Status.BAD, _l("The mail was not taken: %(why)s."), values={"why": str(error)}
        )
    return Finding("mail.sent", Status.GOOD, _l("A mail was taken by the server; look whether it arrives."))


def _print_json(findings: list[Finding], language: str) -> None:
    said = [
        {"id": one.id, "status": one.status.name.lower(), "found": found, "remedy": remedy}
        for one in findings
        for found, remedy in (texts.in_language(one, language),)
    ]
    click.echo(json.dumps({"status": int(worst(findings)), "findings": said}, ensure_ascii=False, indent=2))


def _print_words(findings: list[Finding], language: str) -> None:
    for one in findings:
        found, remedy = texts.in_language(one, language)
        state = texts.state_in_language(one.status, language)
        click.echo(f"{click.style(state, fg=COLOURS.get(one.status))}  {one.id}: {found}")
        if remedy:
            click.echo(f"    -> {remedy}")
