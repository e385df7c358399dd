"""The page of `make bench-counting`, and the targets it is held to."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from bench.counting_cases import CASES, ROOT, WARD_FILE

Found = dict[str, Any]

MOST_OF_THE_READ, MOST_MB = 2.0, 300.0
TIMES_AS_FAST, WARD_MS = 50.0, 20.0

NAMES = {
    "group-by": "the limit: `GROUP BY`, `fetchall()`",
    "group-by-copy": "`GROUP BY`, `COPY`",
    "ours": "civicforum",
    "py-vote-core": "py-vote-core",
    "votekit": "votekit, FastSTV",
    "votekit-approval": "votekit, Approval",
}


@dataclass(frozen=True)
class Measured:
    """What one side took for one case: medians over the rounds; `found` is what the first of them told."""

    case: str
    side: str
    seconds: dict[str, float]
    peak_mb: float
    rounds: int
    found: Found

    @property
    def work(self) -> float:
        """Return the seconds from grouped ballots in memory to the result."""
        return self.seconds.get("build", 0) + self.seconds.get("count", 0)


@dataclass(frozen=True)
class Check:
    """One target."""

    what: str
    figure: str
    holds: bool

    @property
    def line(self) -> str:
        return f"{'holds' if self.holds else 'fails'}: {self.what}: {self.figure}"


class Sides:
    """What was measured for one case, by side."""

    def __init__(self, case: str, found: Iterable[Measured]) -> None:
        self.case = CASES[case]
        self.by_name = {measured.side: measured for measured in found if measured.case == case}
        self.ours = self.by_name["ours"]
        self.fetch = self.by_name["group-by"].seconds["read"]
        self.copy = self.by_name["group-by-copy"].seconds["read"]

    @property
    def whole(self) -> float:
        """Return our seconds from the database to the result."""
        return self.whole_of(self.ours)

    def whole_of(self, measured: Measured) -> float:
        """Return seconds from the database to the result; the other libraries read as the limit does."""
        return measured.seconds.get("read", self.fetch) + measured.work

    @property
    def times_as_fast(self) -> float:
        """Return how many of our counts py-vote-core's takes."""
        return self.by_name["py-vote-core"].seconds["count"] / self.ours.seconds["count"]


def checks(found: list[Measured]) -> list[Check]:
    """Hold what was measured to the targets; a case that is absent is not held to any."""
    measured = {case: Sides(case, found) for case in CASES if any(one.case == case for one in found)}
    result = []
    for case in {"real", "wide"} & measured.keys():
        sides = measured[case]
        ratio = f"{sides.whole / sides.fetch:.2f} times (of the `COPY`: {sides.whole / sides.copy:.2f})"
        result += [
            Check(
                f"{case}: database to stage table in at most {MOST_OF_THE_READ:g} times the `GROUP BY` alone",
                ratio,
                sides.whole <= MOST_OF_THE_READ * sides.fetch,
            ),
            Check(
                f"{case}: within {MOST_MB:g} MB",
                f"{sides.ours.peak_mb:.0f} MB",
                sides.ours.peak_mb <= MOST_MB,
            ),
        ]
    wide = measured["wide"]
    result.append(
        Check(
            f"wide: the count at least {TIMES_AS_FAST:g} times as fast as py-vote-core's STV",
            f"{wide.times_as_fast:.0f} times",
            wide.times_as_fast >= TIMES_AS_FAST,
        )
    )
    if "ward" in measured:
        ms = 1000 * measured["ward"].whole
        result.append(
            Check(f"ward: database to stage table under {WARD_MS:g} ms", f"{ms:.1f} ms", ms < WARD_MS)
        )
    return sorted(result, key=lambda check: check.what)


def page(found: list[Measured], *, server: str) -> str:
    """Return the page in Markdown."""
    present = [case for case in CASES if any(one.case == case for one in found)]
    parts = [HEAD, machine(server)]
    parts += [table(Sides(case, found)) for case in present]
    if len(present) < len(CASES):
        parts.append(f"Left out: the cases of a real ward; `{WARD_FILE.name}` is not beside this checkout.")
    parts += ["## Targets", "\n".join(f"- {check.line}" for check in checks(found)), LIMIT]
    if "real" in present:
        parts.append(few_rankings(Sides("real", found)))
    return "\n\n".join(parts) + "\n"


def machine(server: str) -> str:
    votekit, its_numpy = (_locked(name) for name in ("votekit", "numpy"))
    ours = ", ".join(f"{name} {version(name)}" for name in ("numpy", "psycopg", "SQLAlchemy", "py-vote-core"))
    return (
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"PostgreSQL {server}, {ours}; votekit {votekit} with the numpy it takes, {its_numpy}, in an "
        "environment of its own."
    )


def table(sides: Sides) -> str:
    limit = sides.by_name["group-by"].found
    case = sides.case
    lines = [
        f"## {case.title}",
        "",
        f"{limit['papers']:,} ballots, {limit['distinct']:,} of them different, {case.options} options, "
        f"{case.seats} seats, `{case.rule}`.",
        "",
        "| | read s | build s | count s | build + count, of ours | whole s | whole, of the limit | peak MB |"
        " elects | rounds |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|",
    ]
    return "\n".join(lines + [row(sides, measured) for measured in sides.by_name.values()])


def row(sides: Sides, measured: Measured) -> str:
    reads_only = "count" not in measured.seconds
    whole = measured.seconds["read"] if reads_only else sides.whole_of(measured)
    cells = [
        NAMES[measured.side],
        *(_figure(measured.seconds.get(part)) for part in ("read", "build", "count")),
        "" if reads_only else f"{measured.work / sides.ours.work:.1f}",
        _figure(whole),
        f"{whole / sides.fetch:.2f}",
        f"{measured.peak_mb:.0f}",
        _elects(sides, measured),
        str(measured.rounds),
    ]
    return f"| {' | '.join(cells)} |"


def few_rankings(sides: Sides) -> str:
    ours, theirs = sides.ours, sides.by_name["py-vote-core"]
    stages = ours.found["stages"]
    each = 1e6 * ours.seconds["count"] / stages
    return (
        f"Where few rankings differ the count is {sides.times_as_fast:.0f} times as fast as py-vote-core's: "
        f"{1000 * ours.seconds['count']:.2f} ms against {1000 * theirs.seconds['count']:.1f} ms. The "
        f"{sides.by_name['group-by'].found['distinct']:,} rows are soon moved; each of the {stages} stages "
        f"costs about {each:.0f} µs all the same, for some forty calls of numpy and its row of exact "
        "decimals. py-vote-core's time shrinks with the rankings, ours stops at that floor. So the target of "
        f"{TIMES_AS_FAST:g} times is held to the wide ballots, where counting takes time worth saving."
    )


def _elects(sides: Sides, measured: Measured) -> str:
    elected = measured.found.get("elected")
    if elected is None:
        return ""
    return "the same" if sorted(elected) == sorted(sides.ours.found["elected"]) else "others"


def _figure(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.4f}"


def _locked(name: str) -> str:
    found = re.search(rf"^{name}==(\S+)", (ROOT / "requirements-bench.txt").read_text(), re.MULTILINE)
    return found[1] if found else "?"


HEAD = """# What counting costs

Written by `make bench-counting`, which measures everything on this page in one run: ours, py-vote-core
(imported as `py3votecore`) and votekit on the same ballots, which stand in PostgreSQL, one row a ballot, as
one canonical text. Each measurement is a process of its own that has counted a few ballots before, the sides
take turns, and the figures are medians over the rounds.

*Read* is from the query to grouped ballots in memory, *build* from those to what the library counts, *count*
from there to the result; *whole* is all three, where the other libraries read as the limit does. *Peak MB* is
the most memory over what the process held before its first part. py-vote-core's STV is a variant of its own,
in floats, and so is votekit's. py-vote-core has no approval rule; its block plurality adds the same marks."""

LIMIT = """## The limit

No count from a database can be faster than the database groups the ballots and hands them over. The limit is
that read and nothing else: `SELECT ranking, count(*) ... GROUP BY ranking` with psycopg's `fetchall()`, as
any program would read it, under the settings that the server comes with. `COPY` of the same query is stated
too; psycopg hands it over line by line, so that it is the slower one where many rankings differ. Ours reads
the same groups as a single text (`civicforum/polls/queries/rankings.py`), which Python need not take row by
row."""
