"""The command `civicforum verify`: a dossier, or the archive of a sealed vote, in; every check out."""

from __future__ import annotations

import hashlib
import sys
from functools import partial
from pathlib import Path

import click

from civicforum.dossiers.checking import Check, check_package, is_zip
from civicforum.sealed.archives import usable_processors, verify_archive
from civicforum.sealed.cli import read_head
from civicforum.sealed.cli import verify as verify_sealed

MOST_NAMED = 20  # details of one check that are listed
_SIGNS = {True: "ok    ", False: "FAILED", None: "-     "}


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", metavar="HEX", callback=read_head, help="The head that was announced.")
@click.option("--processes", type=click.IntRange(1, 256), help="By the number of processors if not given.")
@click.pass_context
def verify(ctx: click.Context, file: Path, head: bytes | None, processes: int | None) -> None:
    """Check a dossier or the archive of a sealed vote.

    FILE is a zip with a manifest of hashes, or the archive of a sealed vote (.jsonl). Prints every check, and
    what does not hold. The status is 0 when all hold, else 1.
    """
    if not is_zip(file):
        ctx.invoke(verify_sealed, archive=file, head=head, processes=processes)
        return
    click.echo(f"SHA-256 of this file: {_digest(file)}")
    check_sealed = partial(verify_archive, processes=processes or usable_processors())
    said, checks = check_package(file, head=head, check_sealed=check_sealed)
    for line in (*said, *(line for check in checks for line in _lines(check))):
        click.echo(line)
    holds = all(check.holds is not False for check in checks)
    if holds and head is None:
        click.echo("Compare the head of the journal with the one that the community shows in its register.")
    click.echo("Every check holds." if holds else "This file does not verify.")
    sys.exit(0 if holds else 1)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _lines(check: Check) -> list[str]:
    lines = [f"{_SIGNS[check.holds]} {check.words}"]
    lines += [f"         {detail}" for detail in check.details[:MOST_NAMED]]
    if len(check.details) > MOST_NAMED:
        lines.append(f"         and {len(check.details) - MOST_NAMED} more")
    return lines
