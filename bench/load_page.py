"""The page of `make bench-load`, and the targets it is held to."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Any

CLIENTS = 16
MOST_P99_MS = 250.0
LEAST_A_SECOND = {"home": 500, "list of matters": 300, "notice board": 300, "a matter, 100 comments": 250}
ONE_ROW, FIFTY_ROWS, MOST, HALF = "one", "fifty", "most", "half"


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        found: of each phase, by name, what bench/load_locust.py writes.
        statements: of each kind of request.
        memory: of each process the most it held, in MB: RSS and PSS.
        rows: how much there was of what, when the day began.
    """

    found: dict[str, Any]
    statements: dict[str, int]
    memory: dict[str, tuple[float, float]]
    workers: int
    voters: int
    rows: dict[str, int]

    @property
    def limit(self) -> float:
        """Requests a second of the bare page with one row."""
        rate: float = self.found[ONE_ROW]["all"]["rate"]
        return rate


def page(run: Run) -> str:
    """Return the page in Markdown."""
    parts = [_head(run), _mix(run), _names(run), _alone(run), _memory(run), "## Targets\n", *_checks(run)]
    return "\n".join(parts) + "\n"


def _head(run: Run) -> str:
    rows = ", ".join(f"{number:,} {name}" for name, number in run.rows.items())
    return f"""# An election day in miniature

`make bench-load`, on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}).
PostgreSQL with its safe settings, gunicorn with {run.workers} workers as `civicforum serve` starts it, and
the people themselves (Locust) share these cores. The community is the demonstration, grown to {rows} of a
sealed poll. Ballots are sealed beforehand; everything else is a whole request: cookies signed, sessions
looked up, tokens against forgery checked, passwords hashed. Three in five pages are asked for by somebody
signed in. At its most, {CLIENTS} people ask again as soon as they are answered; at half of that rate, each
request has a connection of its own, and people come at moments that do not depend on each other nor on the
answers, each every two seconds on average.
"""


def _mix(run: Run) -> str:
    lines = [
        "| | requests a second | casts a second | p50 | p95 | p99 | errors | sender, of one core |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, words in (
        (MOST, f"{CLIENTS} people, as fast as they are answered"),
        (HALF, "at half that rate"),
    ):
        phase = run.found[name]
        lines.append(
            f"| {words} | {phase['all']['rate']:.0f} | {_entry(phase, 'cast')['rate']:.1f} "
            f"| {_times(phase['all'])} | {phase['all']['failures']} | {phase['generator']:.0%} |"
        )
    return "\n".join(lines) + "\n"


def _names(run: Run) -> str:
    lines = [
        "| request | of 100 | statements | at most: p50 | p95 | p99 | at half: p50 | p95 | p99 | errors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    whole = sum(entry["number"] for entry in run.found[HALF]["pages"].values())
    for name, statements in run.statements.items():
        most, half = _entry(run.found[MOST], name), _entry(run.found[HALF], name)
        lines.append(
            f"| {name} | {100 * half['number'] / whole:.0f} | {statements} "
            f"| {_times(most)} | {_times(half)} | {most['failures'] + half['failures']:.0f} |"
        )
    errors = [f"- {count} × {what}" for phase in (MOST, HALF) for what, count in _errors(run, phase)]
    return "\n".join([*lines, *([""] if errors else []), *errors]) + "\n"


def _alone(run: Run) -> str:
    lines = [
        f"Each page alone, {CLIENTS} people as fast as they are answered, beside a bare Flask page with one",
        "ORM query under the same settings of gunicorn on the same PostgreSQL, in the same run:",
        "",
        "| page | requests a second | of the bare page | p50 | p95 | p99 | errors | sender, of one core |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    words = {ONE_ROW: "bare page, one ORM row", FIFTY_ROWS: "bare page, 50 ORM rows"}
    for name, phase in run.found.items():
        if name in (MOST, HALF):
            continue
        lines.append(
            f"| {words.get(name, name)} | {phase['all']['rate']:,.0f} "
            f"| {phase['all']['rate'] / run.limit:.0%} | {_times(phase['all'])} "
            f"| {phase['all']['failures']} | {phase['generator']:.0%} |"
        )
    return "\n".join(lines) + "\n"


def _memory(run: Run) -> str:
    lines = [
        "| memory, the most it held | RSS | PSS (each page shared out among its users) |",
        "| --- | ---: | ---: |",
    ]
    lines += [f"| {name} | {rss:.0f} MB | {pss:.0f} MB |" for name, (rss, pss) in run.memory.items()]
    return "\n".join(lines) + "\n"


def _errors(run: Run, phase: str) -> list[tuple[str, int]]:
    found = dict(run.found[phase]["errors"])
    for name, number in run.found[phase]["used_up"].items():
        found[f"{name}: nothing left to send"] = number
    return list(found.items())


def _checks(run: Run) -> list[str]:
    checks = []
    for name, least in LEAST_A_SECOND.items():
        for who in ("visitors", "residents"):
            rate = run.found[f"{name}, {who}"]["all"]["rate"]
            checks.append((f"{name}, {who}: at least {least} a second", f"{rate:.0f}", rate >= least))
    p99 = run.found[HALF]["all"]["p99"]
    checks.append((f"p99 under {MOST_P99_MS:.0f} ms at half the rate", f"{p99:.0f} ms", p99 < MOST_P99_MS))
    errors = sum(number for phase in (MOST, HALF) for _, number in _errors(run, phase))
    checks.append(("no errors", str(errors), errors == 0))
    return [f"- {'holds' if holds else 'fails'}: {what}: {figure}" for what, figure, holds in checks]


def _entry(phase: dict[str, Any], name: str) -> dict[str, float]:
    """Return the figures of one kind of request; all zero when none came back."""
    none = dict.fromkeys(("rate", "number", "failures", "p50", "p95", "p99"), 0.0)
    found: dict[str, float] = phase["pages"].get(name, none)
    return found


def _times(entry: dict[str, float]) -> str:
    return f"{entry['p50']:.0f} ms | {entry['p95']:.0f} ms | {entry['p99']:.0f} ms"
