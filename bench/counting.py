"""What counting costs beside reading: `make bench-counting` writes bench/results/counting.md.

Ours, py-vote-core and votekit count the same ballots in one run, each measurement in a process of its own,
beside the limit: the `GROUP BY` of the database alone. It fails when a target does not hold. `--quick`
counts a tenth of the ballots once, is held to nothing and writes nothing.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.counting_cases import BALLOTS, CASES, QUICK_BALLOTS, ROOT, SCHEMA, WARD_FILE, Case
from bench.counting_page import Found, Measured, checks, page
from civicforum import embedded

PAGE = ROOT / "bench" / "results" / "counting.md"
ROUNDS = 5
# A side that takes longer than this is measured once.
LONG_SECONDS = 25.0
# votekit needs an older numpy than ours, so that it lives beside us; see requirements-bench.txt.
BESIDE = str(ROOT / ".venv-bench" / "bin" / "python")
PYTHON = {"votekit": BESIDE, "votekit-approval": BESIDE}


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, database(Path(folder)) as url:
        found = [
            measured
            for name, case in CASES.items()
            if not case.of_ward or WARD_FILE.exists()
            for measured in measure_case(name, case, url, quick=quick)
        ]
        text = page(found, server=server_version(url))
    if quick:
        print(text)
        return
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text)
    for check in checks(found):
        print(check.line)
    if not all(check.holds for check in checks(found)):
        sys.exit(1)


@contextmanager
def database(instance: Path) -> Iterator[str]:
    """Yield a database with an empty schema for the ballots: the one that is named, or one of our own."""
    named = os.environ.get("CIVICFORUM_DATABASE_URL")
    url = named or embedded.start(instance, durable=False)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.schema.DropSchema(SCHEMA, cascade=True, if_exists=True))
        connection.execute(sa.schema.CreateSchema(SCHEMA))
    try:
        yield url
    finally:
        with engine.connect() as connection:
            connection.execute(sa.schema.DropSchema(SCHEMA, cascade=True))
        if not named:
            embedded.stop(instance)


def measure_case(name: str, case: Case, url: str, *, quick: bool) -> list[Measured]:
    """Make the ballots, and let the sides take turns, so that a slow minute of the machine meets them all."""
    ballots = QUICK_BALLOTS if quick else BALLOTS
    run(sys.executable, "bench.counting_data", name, url, str(ballots))
    sides = ["group-by", "group-by-copy", "ours", "py-vote-core"]
    sides.append("votekit-approval" if case.rule == "approval" else "votekit")
    runs: dict[str, list[Found]] = {side: [] for side in sides}
    for _ in range(1 if quick else ROUNDS):
        for side, rounds in runs.items():
            if not rounds or total(rounds[0]) < LONG_SECONDS:
                python = PYTHON.get(side, sys.executable)
                rounds.append(json.loads(run(python, "bench.counting_sides", side, name, url)))
                print(f"{name:10} {side:18} {total(rounds[-1]):9.4f} s", file=sys.stderr)
    return [medians(name, side, rounds) for side, rounds in runs.items()]


def total(found: Found) -> float:
    return float(sum(found["seconds"].values()))


def medians(case: str, side: str, rounds: list[Found]) -> Measured:
    parts = rounds[0]["seconds"]
    return Measured(
        case=case,
        side=side,
        seconds={part: statistics.median(found["seconds"][part] for found in rounds) for part in parts},
        peak_mb=statistics.median(found["peak_mb"] for found in rounds),
        rounds=len(rounds),
        found=rounds[0],
    )


def run(python: str, *module: str) -> str:
    done = subprocess.run(  # noqa: S603
        [python, "-m", *module], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def server_version(url: str) -> str:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return str(connection.scalar(sa.text("SHOW server_version")))


if __name__ == "__main__":
    main()
