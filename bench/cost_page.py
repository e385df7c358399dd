"""The page of `make bench-cost`, and by what a page is held to have grown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bench.growing import RARELY
from bench.pages import Cost, Place
from bench.rolls import Loaded
from bench.rolls import table as table_of_rolls

# A difference below this is not told from noise.
NOISE_MS = 5.0
FLAT = 1.3
# A page that is so many times as long may take so many times as long, with this to spare.
SPARE = 1.5
FEW_STATEMENTS = 3
WORST = 20
# Pages that go through every row of a community because that is what they are for.
WHOLE = {
    "inbox.letters": "counts, before letters are printed, the households that no channel reaches",
    "notices.demand": "counts the adults who live here that day, of whom the law asks a share",
    "people.grids": "counts who lives in each grid",
    "transfer.request": "looks for the name of somebody who asks for deletion in every text of the community",
}


class Verdict(StrEnum):
    FLAT = "flat"
    LOGARITHMIC = "logarithmic"
    WITH_ITS_PAGE = "with its page"
    WITH_ALL_ROWS = "with all rows"
    GROWS = "grows"


@dataclass(frozen=True)
class Step:
    """How many rows there were when pages were made; `number` is what was asked for."""

    number: int
    rows: dict[str, int]


@dataclass
class Row:
    """One page and what it cost at each step."""

    place: Place
    costs: list[Cost] = field(default_factory=list)

    @property
    def times(self) -> float:
        """How many times as long it takes at the last step as at the first."""
        return self.costs[-1].ms / self.costs[0].ms

    def verdict(self, steps: Sequence[Step]) -> Verdict:
        """Judge the last step against the first: the more severe of time and statements."""
        first, last = self.costs[0], self.costs[-1]
        longer = last.bytes / max(1, first.bytes)
        logarithm = math.log(steps[-1].number) / math.log(steps[0].number)
        rows = steps[-1].number / steps[0].number if self.place.endpoint in WHOLE else 0
        if last.statements > SPARE * max(1.0, longer) * first.statements + FEW_STATEMENTS:
            return Verdict.GROWS
        allowed = last.ms - NOISE_MS
        for verdict, bound in (
            (Verdict.FLAT, FLAT),
            (Verdict.LOGARITHMIC, logarithm),
            (Verdict.WITH_ITS_PAGE, SPARE * longer),
            (Verdict.WITH_ALL_ROWS, rows),
        ):
            if allowed <= bound * first.ms:
                return verdict
        return Verdict.GROWS


@dataclass(frozen=True)
class Run:
    steps: list[Step]
    rows: list[Row]

    @property
    def failing(self) -> list[Row]:
        return [row for row in self.rows if row.verdict(self.steps) is Verdict.GROWS]


def page(run: Run, loaded: Sequence[Loaded]) -> str:
    """Return the page in Markdown."""
    return "\n".join([_head(run), _summary(run), _worst(run), _table(run), table_of_rolls(loaded)]) + "\n"


def _head(run: Run) -> str:
    names = [name.replace("_", " ") for name in run.steps[0].rows]
    lines = [
        f"""# What each page costs as a community grows

`make bench-cost`, on {os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}), with
PostgreSQL on the same cores. Every page that links of the demonstration lead to is made in one process, for
somebody not signed in, for a resident, and for the first officer who comes there. Times are the shortest of
five, after one that is not counted. The community is the demonstration, whose rows are copied with what hangs
on them; of the matters that are not closed, one for {RARELY} of those that are.
""",
        f"| step | {' | '.join(names)} |",
        "| ---: |" + " ---: |" * len(names),
    ]
    for step in run.steps:
        lines.append(
            f"| {step.number:,} | " + " | ".join(f"{number:,}" for number in step.rows.values()) + " |"
        )
    return "\n".join(lines) + "\n"


def _summary(run: Run) -> str:
    verdicts = [row.verdict(run.steps) for row in run.rows]
    counted = ", ".join(f"{verdicts.count(one)} {one}" for one in Verdict)
    searches = "; ".join(f"{endpoint} {why}" for endpoint, why in WHOLE.items())
    times = math.log(run.steps[-1].number) / math.log(run.steps[0].number)
    return f"""{len(run.rows)} pages: {counted}.

Flat: at most {FLAT} times as long at the last step as at the first. Logarithmic: at most {times:.1f} times,
the ratio of the logarithms of their numbers. With its page: at most {SPARE} times as much longer as its bytes
are more, such as an export. With all rows: at most as many times as there are more rows, of a page that
reads every one of them because that is what it is for: {searches}.
A difference under {NOISE_MS:.0f} ms is noise. Statements may not become more by more than that either.
Whatever else grows fails the command.
"""


def _worst(run: Run) -> str:
    rows = sorted(run.rows, key=lambda row: -row.costs[-1].ms)[:WORST]
    return f"## The {WORST} slowest at the last step\n\n" + _rows(run, rows)


def _table(run: Run) -> str:
    return "## All pages\n\n" + _rows(run, run.rows)


def _rows(run: Run, rows: Sequence[Row]) -> str:
    steps = " / ".join(f"{step.number:,}" for step in run.steps)
    lines = [
        f"| page | for | ms at {steps} | times | statements | KB | verdict |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        query = row.place.path.partition("?")[2]
        lines.append(
            f"| {row.place.endpoint}{f' `?{query}`' if query else ''} | {row.place.who or 'visitor'} "
            f"| {' / '.join(f'{cost.ms:.1f}' for cost in row.costs)} | {row.times:.2f} "
            f"| {' / '.join(str(cost.statements) for cost in row.costs)} "
            f"| {' / '.join(f'{cost.bytes / 1000:.0f}' for cost in row.costs)} | {row.verdict(run.steps)} |"
        )
    return "\n".join(lines) + "\n"
