"""The command `civicforum verify`: an archive in, every check out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .answers import ContestCount, counts_of
from .archives import Report, usable_processors, verify_archive
from .checks import Check
from .contests import Contest, Kind
from .texts import write_ranking

LAST_OF_ARCHIVES = Check.HEAD
MOST_NAMED = 20  # failures of one check that are listed with their line
_COLUMNS = {
    Kind.CHOOSE: "marks",
    Kind.REVIEW: "for / against",
    Kind.RATE: "by level, best first",
    Kind.TABLE: "by place, first to last",
    Kind.RANK: "options by number from 0, best first",
}
_SIGNS = {True: "ok    ", False: "FAILED", None: "-     "}


def read_head(ctx: click.Context, param: click.Parameter, value: str | None) -> bytes | None:
    """Return the 32 bytes of 64 hexadecimal digits; spaces, as on a poster, are allowed."""
    if value is None:
        return None
    try:
        head = bytes.fromhex(value)
    except ValueError:
        head = b""
    if len(head) != 32:
        raise click.BadParameter("a head is 64 hexadecimal digits", ctx, param)
    return head


@click.command("verify")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", metavar="HEX", callback=read_head, help="The head that was announced.")
@click.option("--processes", type=click.IntRange(1, 256), help="By the number of processors if not given.")
def verify(archive: Path, head: bytes | None, processes: int | None) -> None:
    """Check everything in the ARCHIVE of a sealed vote.

    Prints every check by its number, with the lines that do not pass. The status is 0 when all hold, else 1.
    """
    size = archive.stat().st_size
    with click.progressbar(length=size, label="Verifying", file=sys.stderr) as bar:
        report = verify_archive(
            archive,
            head,
            progress=lambda done, _: bar.update(done - bar.pos),
            processes=processes or usable_processors(),
        )
    for line in report_lines(report, with_head=head is not None):
        click.echo(line)
    sys.exit(0 if report.holds else 1)


def report_lines(report: Report, *, with_head: bool) -> list[str]:
    """Return the report as lines: what was read, every check, what comes of it."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.accepted.items())
    lines = [f"{report.lines} lines: {kinds}" if kinds else "no lines"]
    for check in Check:
        if check <= LAST_OF_ARCHIVES:
            lines += _check_lines(report, check, with_head=with_head)
    lines += _outcome_lines(report)
    lines.append(f"head {report.head.hex()}")
    if not with_head:
        lines.append("Compare this head with the one that was announced: it names this very board.")
    lines.append("Every check holds." if report.holds else "This archive does not verify.")
    return lines


def _check_lines(report: Report, check: Check, *, with_head: bool) -> list[str]:
    state = report.state_of(check) if with_head or check is not Check.HEAD else None
    lines = [f"{_SIGNS[state]} {check.value:2} {check.title}"]
    failures = [failure for failure in report.failures if failure.check is check]
    for failure in failures[:MOST_NAMED]:
        where = "the archive" if failure.line is None else f"line {failure.line}"
        lines.append(f"          {where}" + (f": {failure.detail}" if failure.detail else ""))
    if len(failures) > MOST_NAMED:
        lines.append(f"          and {len(failures) - MOST_NAMED} more lines")
    return lines


def _outcome_lines(report: Report) -> list[str]:
    """Return what was opened, question by question; nothing if no result was accepted."""
    if report.result is None:
        return []
    lines = ["Opened:"]
    for contest, count in zip(report.contests, counts_of(report.contests, report.result), strict=True):
        lines += _contest_lines(contest, count)
    return lines


def _contest_lines(contest: Contest, count: ContestCount) -> list[str]:
    lines = [f"  {contest.title or contest.kind} ({_COLUMNS[contest.kind]})"]
    rows = zip(contest.options, count.counts, strict=True) if count.counts else ()
    lines += [f"    {option}: {' / '.join(map(str, row))}" for option, row in rows]
    lines += [f"    written in, {name}: {found}" for name, found in sorted(count.names.items())]
    lines += [
        f"    {write_ranking(order) or 'blank'}: {found}" for order, found in sorted(count.rankings.items())
    ]
    return [*lines, f"    spoiled texts: {count.spoiled}"] if count.spoiled else lines
