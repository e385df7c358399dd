"""The page of `make bench-live`, and the targets it is held to."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from statistics import median

from bench.voting_load import Load

MOST_P99_SECONDS = 2.0
MOST_HELD_EACH = 1


@dataclass
class Connections:
    """The most connections at once: those that listen, all others, and of these the idle in a transaction."""

    listening: int = 0
    others: int = 0
    in_transaction: int = 0

    def note(self, *, listening: int, others: int, in_transaction: int) -> None:
        self.listening = max(self.listening, listening)
        self.others = max(self.others, others)
        self.in_transaction = max(self.in_transaction, in_transaction)


@dataclass(frozen=True)
class Pages:
    """A page asked for at a fixed rate: with nobody following, and beside the screens."""

    alone: Load
    beside: Load


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        delays: seconds from the beginning of a change until a screen showed it, for each change and screen.
        spreads: seconds between the first screen and the last, for each change.
        wrong: screens that did not show the last change.
        broken: streams that were refused or broke.
        connections: with pages alone; with screens and nothing else; with screens, changes and pages.
        memory_mb: of the web server: without screens, with them.
        processor_seconds: of the web server's processes since they began.
        ended_seconds: until no stream was open, after the web server was told to end.
    """

    workers: int
    screens: int
    delays: list[float]
    spreads: list[float]
    wrong: int
    broken: int
    pages: Pages
    connections: list[Connections]
    memory_mb: list[float]
    processor_seconds: float
    ended_seconds: float


def page(run: Run) -> str:
    """Return the page in Markdown."""
    return "\n".join([_head(run), _table(run), _beside(run), "## Targets\n", *_checks(run)]) + "\n"


def _head(run: Run) -> str:
    return f"""# Screens that follow a meeting: how fast a change reaches them

`make bench-live`, on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}).
PostgreSQL, gunicorn with {run.workers} workers as `civicforum serve` starts it, and the {run.screens} screens
share these cores. Each screen is a connection of its own that reads server-sent events. A member comes in
each second (the clerk's use case, on connections of its own), and the page of the meeting is asked for ten
times a second. A delay is counted from before the use case is called until the screen has the whole frame in
which the member is counted, for every change and every screen.
"""


def _table(run: Run) -> str:
    return f"""| screens | changes | p50 | p99 | slowest | first to last screen, median | never shown |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| {run.screens} | {len(run.spreads)} | {_ms(_share(run.delays, 0.5))} | {_ms(_share(run.delays, 0.99))} \
| {_ms(max(run.delays))} | {_ms(median(run.spreads))} | {sum(one == float("inf") for one in run.delays)} |
"""


def _beside(run: Run) -> str:
    alone, beside = run.pages.alone, run.pages.beside
    lines = [
        "| the page of the meeting | p50 | p99 |",
        "| --- | ---: | ---: |",
        f"| nobody follows, nothing changes | {_times(alone)} |",
        f"| beside {run.screens} screens and a change each second | {_times(beside)} |",
        f"| times | {beside.percentile(0.5) / alone.percentile(0.5):.2f} "
        f"| {beside.percentile(0.99) / alone.percentile(0.99):.2f} |",
        "",
        "| connections of the database, the most at once | listening | all others | idle in a transaction |",
        "| --- | ---: | ---: | ---: |",
    ]
    for what, held in zip(
        ("pages alone", "screens alone", "screens, changes and pages"), run.connections, strict=True
    ):
        lines.append(f"| {what} | {held.listening} | {held.others} | {held.in_transaction} |")
    grown = run.memory_mb[1] - run.memory_mb[0]
    lines += [
        "",
        f"- Memory of the web server: {run.memory_mb[0]:.0f} MB without screens,"
        f" {run.memory_mb[1]:.0f} MB with them, {1024 * grown / run.screens:.0f} KB for each.",
        f"- Processor of the web server from its start to the end of the run: {run.processor_seconds:.1f} s.",
        f"- Told to end with all screens there, it ended their streams in {run.ended_seconds:.1f} s.",
        "",
    ]
    return "\n".join(lines)


def _checks(run: Run) -> list[str]:
    p99 = _share(run.delays, 0.99)
    held = max(one.listening for one in run.connections)
    checks = [
        (
            f"{run.screens} screens show a change within {MOST_P99_SECONDS:.0f} s at the 99th percentile",
            _ms(p99),
            p99 < MOST_P99_SECONDS,
        ),
        ("every screen shows the last change", f"{run.wrong} do not", run.wrong == 0),
        ("no stream is refused or breaks", str(run.broken), run.broken == 0),
        (
            "at most one connection for each worker is held for it",
            f"{held} for {run.workers} workers",
            held <= MOST_HELD_EACH * run.workers,
        ),
    ]
    return [f"- {'holds' if holds else 'fails'}: {what}: {figure}" for what, figure, holds in checks]


def _times(load: Load) -> str:
    return f"{load.percentile(0.5):.0f} ms | {load.percentile(0.99):.0f} ms"


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
