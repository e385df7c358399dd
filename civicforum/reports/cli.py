"""Commands of sealed reports: for the authority on its own computer, and the export for operators."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from civicforum.reports import boxes, contents
from civicforum.reports.rules import LONGEST_ANSWER, NUMBER_CHARACTERS
from civicforum.sealed import base32, from_base64, to_base64
from civicforum.sealed.checks import Refused

KIND = "civicforum report key"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY = click.option("--key", "key_file", type=FILE, required=True, help="The key file.")


@click.group()
def reports() -> None:
    """Sealed reports of wrongdoing: keys, opening."""


@reports.command("new-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new_key(file: Path) -> None:
    """Make a pair of keys: the private one into FILE, the public one printed. Not on a local PC."""
    secret = boxes.new_secret()
    public = boxes.public_of(secret)
    written = {
        "kind": KIND,
        "v": 1,
        "fingerprint": boxes.fingerprint(public),
        "public": public.hex(),
        "secret": secret.hex(),
    }
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; a key is never written over") from None
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        target.write(json.dumps(written, indent=2) + "\n")
    click.echo(f"public key   {public.hex()}\nfingerprint  {boxes.fingerprint(public)}")


@reports.command()
@KEY
@click.argument("sealed")
def prove(key_file: Path, sealed: str) -> None:
    """Print the word in SEALED, which the page of the test shows, to be entered there."""
    try:
        click.echo(boxes.open_sealed(_bytes(sealed), _secret(key_file)).decode())
    except boxes.NotOpened:
        raise click.ClickException("this does not open with this key") from None


@reports.command("open")
@KEY
@click.argument("file", type=FILE)
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder to fill."
)
def open_file(key_file: Path, file: Path, into: Path) -> None:
    """Open the sealed reports in FILE: a text and the photos of each."""
    secret, failed = _secret(key_file), 0
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for report in _reports_in(file):
        name = base32.grouped(report["number"], 4)
        try:
            content, reply = contents.open_report(_bytes(report["sealed"]), secret=secret)
        except (boxes.NotOpened, contents.NotAReport):
            failed += 1
            click.echo(f"{name}: does not open with this key, or was changed", err=True)
            continue
        if reply != _bytes(report["reply"]):
            click.echo(f"{name}: the key for the answer was exchanged in the database", err=True)
        lines = [content.kind.value, content.where, content.contact, "", content.text, ""]
        (into / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
        for number, photo in enumerate(content.photos, start=1):
            (into / f"{name}-{number}.jpg").write_bytes(photo)
        click.echo(f"{name}: came on {report['received_on']}, answered {report['answered_on'] or 'not yet'}")
    if failed:
        sys.exit(1)


@reports.command()
@KEY
@click.argument("file", type=FILE)
@click.argument("number")
@click.option(
    "--text", type=click.File(encoding="utf-8"), default="-", help="The answer; else it is read here."
)
def answer(key_file: Path, file: Path, number: str, text: Any) -> None:
    """Seal an answer to report NUMBER of FILE; what is printed goes into the page of the report."""
    secret, wanted = _secret(key_file), base32.canonical(number)
    written = text.read().strip()
    if not 0 < len(written) <= LONGEST_ANSWER:
        raise click.ClickException(f"an answer has 1 to {LONGEST_ANSWER} characters")
    for report in _reports_in(file):
        if report["number"] == wanted:
            try:
                # The key inside the report, which nobody could exchange.
                _, reply = contents.open_report(_bytes(report["sealed"]), secret=secret)
                sealed = contents.write_answer(written, reply=reply, secret=secret)
            except (boxes.NotOpened, contents.NotAReport):
                raise click.ClickException("this report does not open with this key") from None
            except boxes.UnusableKey:
                raise click.ClickException("this report has no key that it could be answered for") from None
            click.echo(to_base64(sealed))
            return
    raise click.ClickException(f"there is no report {number} in this file")


@reports.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--fingerprint", "wanted", help="Of which key; the one in force if not given.")
@with_appcontext
def export(file: Path, wanted: str | None) -> None:
    """Write the sealed reports into FILE for the authority. Without its private key they say nothing."""
    from civicforum.database import db
    from civicforum.people.queries import list_communities
    from civicforum.reports import exporting, queries

    session = db.session()
    keys = [
        key for community in list_communities(session) for key in queries.list_keys(session, community.id)
    ]
    found = [
        key
        for key in keys
        if (key.retired_at is None if wanted is None else boxes.fingerprint(key.public) == wanted)
    ]
    if len(found) != 1:
        known = ", ".join(f"{boxes.fingerprint(key.public)} {key.authority}" for key in keys)
        raise click.ClickException(f"name one key with --fingerprint: {known or 'there is none yet'}")
    with file.open("w", encoding="utf-8") as target:
        for line in exporting.lines(session, found[0]):
            target.write(json.dumps(line, ensure_ascii=False) + "\n")


def _secret(file: Path) -> bytes:
    try:
        secret = bytes.fromhex(json.loads(file.read_text(encoding="utf-8"))["secret"])
        boxes.public_of(secret)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise click.ClickException(f"{file} is no key file") from error
    return secret


def _reports_in(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as lines:
            head = json.loads(next(lines))
            if head["civicforum"] != "sealed reports" or head["v"] != 1:
                raise ValueError(head)
            for line in lines:
                report = json.loads(line)
                # It becomes the name of a file, and whoever wrote this one may be who is reported about.
                number = str(report["number"])
                base32.read_digits(number, NUMBER_CHARACTERS)
                yield {**report, "number": base32.canonical(number)}
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError) as error:
        raise click.ClickException(f"{file} is no file of sealed reports") from error


def _bytes(text: str) -> bytes:
    try:
        return from_base64("".join(text.split()))
    except Refused:
        return b""
