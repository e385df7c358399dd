"""How fast a change of a meeting reaches 300 screens, and what they cost everybody else: `make bench-live`.

Everything runs at once on this machine: PostgreSQL as the product starts it, gunicorn as `civicforum serve`
starts it, and the screens themselves. The page goes to bench/results/live.md.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from bench.live_page import Connections, Pages, Run, page
from bench.live_screens import Screens, followed
from bench.polls import running, say
from bench.served import Served, served
from bench.voting_load import Load, send
from civicforum.config import ROOT, Settings
from tests.integration.meetings.scenes import Scene, make_scene
from tests.support.live import come_in, make_session

RESULTS = ROOT / "bench" / "results" / "live.md"
SCREENS = 300
MEMBERS = 80
PAGES_A_SECOND = 10
SETTLE_SECONDS = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten seconds, and no page written")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, running(Path(folder)) as app:
        run = measure(app, changes=10 if quick else 60)
    text = page(run)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Hall:
    """An assembly in session, with one member present, and the others at the door."""

    scene: Scene
    meeting_id: uuid.UUID

    def come_in(self, number: int) -> None:
        """Let the next member come in: `number` are present then, and one more."""
        come_in(self.scene, self.meeting_id, [self.scene.member_ids[number]], now=datetime.now(UTC))


def measure(app: Flask, *, changes: int) -> Run:
    """Measure pages alone, then with all screens there and a change each second."""
    with app.app_context():
        scene = make_scene(members=MEMBERS)
        sitting = make_session(scene, present=1, now=datetime.now(UTC))
    hall = Hall(scene, sitting.meeting_id)
    settings: Settings = app.config["CIVICFORUM"]
    with served(replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"])) as server:
        request = f"GET /meetings/{hall.meeting_id} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        send(server.port, [request] * 100)
        say("pages alone")
        memory = [server.memory_mb()]
        with connections_of(app) as without, load(server, request, seconds=changes) as alone:
            pass
        say(f"{SCREENS} screens")
        address = f"/meetings/{hall.meeting_id}/live/wall"
        with followed(server.port, address, number=SCREENS) as screens:
            time.sleep(SETTLE_SECONDS)
            memory.append(server.memory_mb())
            with connections_of(app) as idle:
                time.sleep(SETTLE_SECONDS)
            with connections_of(app) as held, load(server, request, seconds=changes) as beside:
                started = change(app, hall, changes=changes)
            time.sleep(SETTLE_SECONDS)
            processor, workers = processor_seconds(server), len(server.workers())
            broken = sum(one.refused for one in screens.seen)
            ended = seconds_to_end_streams(server, screens)
    return Run(
        workers=workers,
        screens=SCREENS,
        delays=delays_of(screens, started),
        spreads=spreads_of(screens, started),
        wrong=sum(one.present[-1] != changes + 1 for one in screens.seen),
        broken=broken,
        pages=Pages(alone[0], beside[0]),
        connections=[without, idle, held],
        memory_mb=memory,
        processor_seconds=processor,
        ended_seconds=ended,
    )


def change(app: Flask, hall: Hall, *, changes: int) -> list[float]:
    """Make a change each second, and return when each was begun: it is committed a little later."""
    started, first = [], time.perf_counter()
    with app.app_context():
        for number in range(1, changes + 1):
            time.sleep(max(0.0, first + number - 1 - time.perf_counter()))
            started.append(time.perf_counter())
            hall.come_in(number)
    return started


def delays_of(screens: Screens, started: list[float]) -> list[float]:
    """Return, for each change and screen, the seconds until it was shown; infinite where it never was."""
    delays = []
    for number, at in enumerate(started):
        shown = (one.when(number + 2) for one in screens.seen)
        delays += [seen - at if seen is not None else float("inf") for seen in shown]
    return delays


def spreads_of(screens: Screens, started: list[float]) -> list[float]:
    """Return the seconds between the first and the last screen that showed a change, for each change."""
    spreads = []
    for number in range(len(started)):
        shown = [at for one in screens.seen if (at := one.when(number + 2)) is not None]
        spreads.append(max(shown) - min(shown))
    return spreads


@contextmanager
def load(server: Served, request: bytes, *, seconds: int) -> Iterator[list[Load]]:
    """Ask for a page so many times a second beside the block; the list has the load when it ends."""
    loads: list[Load] = []
    requests = [request] * (PAGES_A_SECOND * seconds)
    thread = threading.Thread(
        target=lambda: loads.append(send(server.port, requests, per_second=PAGES_A_SECOND))
    )
    thread.start()
    try:
        yield loads
    finally:
        thread.join()


@contextmanager
def connections_of(app: Flask) -> Iterator[Connections]:
    """Watch the connections of the database while the block runs: the most there were at once."""
    found, is_over = Connections(), threading.Event()
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")

    def watch() -> None:
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            while not is_over.wait(0.2):
                rows = connection.execute(
                    "SELECT application_name = 'civicforum live', state FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ).fetchall()
                found.note(
                    listening=sum(bool(listens) for listens, _ in rows),
                    others=sum(not listens for listens, _ in rows),
                    in_transaction=sum(state == "idle in transaction" for _, state in rows),
                )

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        is_over.set()
        thread.join()


def processor_seconds(server: Served) -> float:
    """Return what the web server's processes have used of the processor so far."""
    ticks = 0
    for pid in server.workers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def seconds_to_end_streams(server: Served, screens: Screens) -> float:
    """Tell the web server to end and return how many seconds it took until no stream was open."""
    assert server.process is not None
    started = time.perf_counter()
    server.process.terminate()
    while screens.open:
        time.sleep(0.01)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
