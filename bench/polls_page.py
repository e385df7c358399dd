"""The page of `make bench-polls`, and the targets it is held to."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

from bench.voting_load import Load

LEAST_A_SECOND = {"yes or no": 300, "choose 5 of 10": 150}
MOST_P99_MS = 250.0
OPENED_WITHIN_SECONDS, OF_BALLOTS = 10.0, 10_000
# Pages of Python's allocator that are touched once and kept: more than this is growth with the ballots.
MOST_GROWTH = 1.10


@dataclass(frozen=True)
class Commits:
    """Transactions of one inserted row a second, on one connection and on many."""

    one: float
    many: float
    connections: int


@dataclass(frozen=True)
class Case:
    """What one kind of ballot took.

    Attributes:
        proof_ms: of one core, for checking the proofs of one ballot.
        full, half: as fast as they were taken, and at half that rate.
        generator_share: of one core, what sending took beside the server.
        memory_mb: of the web server's processes: after the warm-up, after `full`, after `half`.
    """

    name: str
    ballot_bytes: int
    proof_ms: float
    full: Load
    half: Load
    generator_share: float
    memory_mb: list[float]


@dataclass(frozen=True)
class Opening:
    """Closing, summing and opening a board, and checking its archive; `check_seconds` by processes."""

    ballots: int
    seconds: float
    peak_mb: float
    archive_mb: float
    check_seconds: dict[int, float]


@dataclass(frozen=True)
class Run:
    commits: Commits
    cases: list[Case]
    opening: Opening


def page(run: Run) -> str:
    """Return the page in Markdown."""
    parts = [_head(run), _table(run), _beside(run), _opening(run.opening), "## Targets\n", *_checks(run)]
    return "\n".join(parts) + "\n"


def _head(run: Run) -> str:
    return f"""# Sealed ballots: how fast they are taken, opened and checked

`make bench-polls`, on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}).
PostgreSQL with its safe settings (every commit is on the disk before it is acknowledged), gunicorn with
the workers and threads of `civicforum serve`, and the sender of the load share these cores. The sender keeps
{run.commits.connections} connections. Each ballot comes over HTTP from a voter of its own who is signed in,
with the token against forgery, and is checked whole: sign-in, roll, credential, proofs, sequence number and
board; the answer is a signed receipt. At half the rate, requests are sent by the clock, and a time is counted
from when the request was due.
"""


def _table(run: Run) -> str:
    lines = [
        "| | ballots | bytes | a second | p50 | p99 | at half the rate | p50 | p99 | sender, of one core |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for case in run.cases:
        number = len(case.full.seconds) + len(case.half.seconds)
        lines.append(
            f"| {case.name} | {number:,} | {case.ballot_bytes:,} "
            f"| {case.full.rate:.0f} | {_times(case.full)} | {case.half.rate:.0f} | {_times(case.half)} "
            f"| {case.generator_share:.0%} |"
        )
    return "\n".join(lines) + "\n"


def _times(load: Load) -> str:
    return f"{load.percentile(0.5):.0f} ms | {load.percentile(0.99):.0f} ms"


def _beside(run: Run) -> str:
    proofs = "; ".join(f"{case.name} {case.proof_ms:.2f} ms" for case in run.cases)
    memory = "; ".join(
        f"{case.name} {' → '.join(f'{held:.0f}' for held in case.memory_mb)} MB" for case in run.cases
    )
    many = f"{run.commits.many:,.0f} on {run.commits.connections}"
    return f"""Beside it, in the same run:

- PostgreSQL alone commits {run.commits.one:,.0f} single rows a second on one connection, {many}.
- Checking the proofs of one ballot takes, of one core: {proofs}.
- Memory of the web server, each page shared out among its users, after the warm-up, after the full and after
  half the rate: {memory}.

Proofs are checked at the door, before the board is locked. Checked in the worker afterwards they would take
the same time of the same cores, and a ballot that had been acknowledged would have to come off a board that
nothing ever comes off: that is not as safe, so it is not built.
"""


def _opening(opening: Opening) -> str:
    checked = "; ".join(
        f"{processes} process{'es' if processes > 1 else ''} {seconds:.1f} s, "
        f"{opening.ballots / seconds / processes:.0f} ballots a second for each"
        for processes, seconds in opening.check_seconds.items()
    )
    return f"""## Opening and checking

- {opening.ballots:,} ballots (yes or no) were replayed from the database, summed and opened in
  {opening.seconds:.1f} s, with at most {opening.peak_mb:.0f} MB in a process that also held what it had sent.
- The archive of {opening.archive_mb:.1f} MB, every proof checked: {checked}.
"""


def _checks(run: Run) -> list[str]:
    checks = []
    for case in run.cases:
        least = LEAST_A_SECOND[case.name]
        checks += [
            (f"{case.name}: at least {least} a second", f"{case.full.rate:.0f}", case.full.rate >= least),
            (
                f"{case.name}: p99 under {MOST_P99_MS:.0f} ms at half the rate",
                f"{case.half.percentile(0.99):.0f} ms",
                case.half.percentile(0.99) < MOST_P99_MS,
            ),
            (
                f"{case.name}: memory flat",
                f"{case.memory_mb[-1] / case.memory_mb[0]:.2f} times",
                case.memory_mb[-1] <= MOST_GROWTH * case.memory_mb[0],
            ),
        ]
    within = run.opening.seconds * OF_BALLOTS / run.opening.ballots
    checks.append(
        (
            f"{OF_BALLOTS:,} ballots opened in under {OPENED_WITHIN_SECONDS:.0f} s",
            f"{within:.1f} s",
            within < OPENED_WITHIN_SECONDS,
        )
    )
    return [f"- {'holds' if holds else 'fails'}: {what}: {figure}" for what, figure, holds in checks]
