"""An election day in miniature on this machine: `make bench-load`.

Everything runs at once here: PostgreSQL as the product starts it and with its safe settings, gunicorn as
`civicforum serve` starts it, a bare Flask page beside it under the same settings as the limit, and the people
themselves (bench/load_locust.py). The page goes to bench/results/load.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask

from bench.demonstration import running
from bench.load_page import Run, page
from bench.load_scene import MIX, PAGES_ALONE, Scene, make_scene, plan_of
from bench.served import Served, served
from civicforum.config import ROOT, Settings
from tests.support.statements import count_statements

RESULTS = ROOT / "bench" / "results" / "load.md"
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class Length:
    """How long it takes: seconds of a page alone, of the mix at its most, and at half of that."""

    alone: float
    most: float
    half: float
    voters: int


WHOLE, QUICK = Length(4, 40, 50, 5_000), Length(0.8, 5, 6, 600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under 90 seconds, and no page written")
    quick = parser.parse_args().quick
    with (
        tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder,
        running(Path(folder), durable=True) as app,
    ):
        run = measure(app, Path(folder), QUICK if quick else WHOLE)
    text = page(run)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


def measure(app: Flask, folder: Path, length: Length) -> Run:
    say("an election day is laid out")
    scene = make_scene(app, voters=length.voters)
    plan = plan_of(app, scene)
    statements = statements_of(app, plan)
    settings: Settings = app.config["CIVICFORUM"]
    settings = replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"], proxies=1)
    with (
        served(settings) as site,
        served(settings, application="bench.load_bare:web_app()") as bare,
        watched(site, folder) as memory,
    ):
        plan |= {"ports": {"site": site.port, "bare": bare.port}, "phases": phases(length)}
        found = send(folder, plan)
        workers = len(site.workers())
    return Run(
        found=found,
        statements=statements,
        memory=memory.most,
        workers=workers,
        voters=length.voters,
        rows=rows_of(app, scene),
    )


def phases(length: Length) -> list[dict[str, Any]]:
    """Return the phases in order: the limit, each page alone, the mix at its most, and half of that."""
    settle = min(2.0, length.alone / 2)
    short = {"settle": settle, "seconds": length.alone}
    bare = [{"name": name, "server": "bare", "mix": {name: 1}, **short} for name in ("one", "fifty")]
    alone = [
        {"name": name, "server": "site", "mix": {name: 1}, **short}
        for kind in PAGES_ALONE
        for name in (f"{kind}, visitors", f"{kind}, residents")
    ]
    mix = {"server": "site", "mix": MIX, "settle": 2 * settle}
    most = {"name": "most", "seconds": length.most, **mix}
    half = {"name": "half", "half_of": "most", "seconds": length.half, **mix}
    return [*bare, *alone, most, half]


def send(folder: Path, plan: dict[str, Any]) -> dict[str, Any]:
    """Let the people do what the plan says, and return what came back."""
    asked, answered = folder / "plan.json", folder / "answered.json"
    asked.write_text(json.dumps(plan), encoding="utf-8")
    command = [str(PYTHON), "-m", "bench.load_locust", str(asked), str(answered)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(answered.read_text(encoding="utf-8"))
    return found


def statements_of(app: Flask, plan: dict[str, Any]) -> dict[str, int]:
    """Return how many statements each kind of request makes; pages are asked for by somebody signed in."""
    found = {}
    for name in MIX:
        acts = plan["acts"].get(name)
        if acts is not None:
            one = acts.pop()
        else:
            path, headers = plan["pages"][name]["paths"][0], plan["residents"][0]
            one = {"method": "GET", "path": path, "headers": headers, "expects": 200}
        client = app.test_client(use_cookies=False)
        with count_statements() as counted:
            answer = client.open(
                one["path"], method=one["method"], headers=one["headers"], data=one.get("body")
            )
        assert answer.status_code == one["expects"], (name, answer.status_code)
        found[name] = counted.total
    return found


def rows_of(app: Flask, scene: Scene) -> dict[str, int]:
    with app.app_context():
        return {
            "matters": len(scene.paths["a matter"]) + 1,
            "notices": len(scene.paths["a notice"]),
            "voters": len(scene.electorate.voters),
        }


@dataclass
class Memory:
    """The most that each process held, in MB: (its own and what it shares, its part of that)."""

    most: dict[str, tuple[float, float]] = field(default_factory=dict)

    def note(self, name: str, rss: float, pss: float) -> None:
        before = self.most.get(name, (0.0, 0.0))
        self.most[name] = (max(before[0], rss), max(before[1], pss))


@contextmanager
def watched(site: Served, folder: Path) -> Iterator[Memory]:
    """Look at the memory of the web server and of PostgreSQL while the block runs."""
    memory, is_over = Memory(), threading.Event()

    def watch() -> None:
        while not is_over.wait(EVERY_SECONDS):
            assert site.process is not None
            memory.note("web server, parent", *held_by([site.process.pid]))
            for number, pid in enumerate(sorted(site.workers()), 1):
                memory.note(f"web server, worker {number}", *held_by([pid]))
            memory.note("PostgreSQL, all processes", *held_by(postgres_of(folder)))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield memory
    finally:
        is_over.set()
        thread.join()


def postgres_of(folder: Path) -> list[int]:
    """Return the processes of the embedded PostgreSQL."""
    parent = int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]


def held_by(pids: list[int]) -> tuple[float, float]:
    """Return the resident memory of processes in MB, and in proportion to who shares each page."""
    held = {"Rss:": 0, "Pss:": 0}
    for pid in pids:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        for line in rollup.splitlines():
            name, *rest = line.split()
            if name in held:
                held[name] += int(rest[0])
    return held["Rss:"] / 1024, held["Pss:"] / 1024


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


if __name__ == "__main__":
    main()
