"""What each page costs with 100, 10,000 and 100,000 matters, residents and notices: `make bench-cost`.

Every page that links of the demonstration lead to is made in this process, for somebody not signed in, for a
resident and for an officer, while the community grows. Before that a list of residents is imported with every
check and a roll is drawn. The page goes to bench/results/cost.md. A page that grows faster than what it
shows, or a list that comes in too slowly, makes the command fail.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import tempfile
from pathlib import Path

from flask import Flask

from bench import rolls
from bench.cost_page import Row, Run, Step, page
from bench.demonstration import running
from bench.growing import Growth, counts
from bench.pages import SLOW_MS, Place, client_of, cost_of, walk
from civicforum import demo
from civicforum.config import ROOT
from civicforum.security import limiter

RESULTS = ROOT / "bench" / "results" / "cost.md"
STEPS = (100, 10_000, 100_000)
VISITOR, RESIDENT = "", "resident"
# The last page of a list is asked for by any number beyond it.
LAST = "999999"
ALSO = {
    "matters.index": ("?q=路灯 老人", f"?page={LAST}"),
    "matters.show": (f"?comments={LAST}",),
    "notices.index": (f"?page={LAST}",),
    "people.index": ("?q=王", f"?page={LAST}"),
    "records.register": (f"?page={LAST}",),
    "polls.roll": ("?q=王", f"?page={LAST}"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 and 10,000 only, and no page written")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder:
        loaded = rolls.measure(Path(folder), rolls.SIZES[:1] if quick else rolls.SIZES)
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, running(Path(folder)) as app:
        run = measure(app, STEPS[:2] if quick else STEPS)
    text = page(run, loaded)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")
    if run.failing or any(not one.holds for one in loaded):
        sys.exit(1)


def measure(app: Flask, steps: tuple[int, ...]) -> Run:
    """Let the community grow from step to step, and make every page at each."""
    limiter.enabled = False
    say("the pages that links lead to")
    places = list_places(app)
    with app.app_context():
        growth = Growth(say)
    rows, found = [Row(place) for place in places], []
    for number in steps:
        say(f"{number:,} matters, residents and notices")
        with app.app_context():
            growth.to(number, comments=number // 10)
            found.append(Step(number, counts()))
        measure_rows(app, rows)
    return Run(found, rows)


def measure_rows(app: Flask, rows: list[Row]) -> None:
    clients = {who: client_of(app, who) for who in {row.place.who for row in rows}}
    gc.collect()
    gc.freeze()
    for at, row in enumerate(rows):
        row.costs.append(cost_of(clients[row.place.who], row.place.path))
        if at % 50 == 0:
            say(f"  page {at} of {len(rows)}")
        if row.costs[-1].ms > SLOW_MS / 2:
            say(f"  {row.place.endpoint} {row.place.path}: {row.costs[-1].ms:.0f} ms")


def list_places(app: Flask) -> list[Place]:
    """Return each kind of page for a visitor, for a resident, and for the first officer who comes there."""
    officers: dict[str, Place] = {}
    found = []
    for who in (VISITOR, *(account["role"] for account in demo.accounts())):
        walked = walk(client_of(app, who), who)
        if who in (VISITOR, RESIDENT):
            found += walked.values()
        else:
            officers = walked | officers
    found += officers.values()
    found += [
        Place(place.who, place.endpoint, place.path.split("?")[0] + query)
        for place in found
        for query in ALSO.get(place.endpoint, ())
    ]
    return sorted(found, key=lambda place: (place.endpoint, place.path, place.who))


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
