"""How fast sealed ballots are taken, opened and checked: `make bench-polls`.

Everything runs at once on this machine: PostgreSQL as the product starts it and with its safe settings,
gunicorn as `civicforum serve` starts it, and the load itself. The page goes to bench/results/polls.md.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from bench.polls_page import Case, Commits, Opening, Run, page
from bench.served import served
from bench.voters import Electorate, make_community, make_electorate, sealed_ballots
from bench.voting_load import CONNECTIONS, Load, send
from civicforum import create_app, embedded
from civicforum.config import ROOT, Settings
from civicforum.database import db, transaction
from civicforum.polls.models import Poll
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.services import boards
from civicforum.polls.services.sealing import open_box_locked, seal_locked
from civicforum.polls.services.states import stop_locked
from civicforum.preparing import prepare_database
from civicforum.sealed import Answer, verify_archive, verify_ballot
from tests.support.polls import ABSTAIN, AGAINST, FIVE_OF_TEN, FOR, YES_NO

RESULTS = ROOT / "bench" / "results" / "polls.md"
WARM_UP = 200
SECONDS_OF_COMMITS = 3.0
PROOFS_TIMED = 200
FIVE: Sequence[Sequence[Answer]] = [
    [Answer(chosen=frozenset({(start + 2 * step) % 10 for step in range(5)}))] for start in range(10)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the ballots, and no page written")
    quick = parser.parse_args().quick
    size = 10 if quick else 1
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, running(Path(folder)) as app:
        run = measure(app, yes_no=10_000 // size, five_of_ten=5_000 // size)
    text = page(run)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")


@contextmanager
def running(instance: Path) -> Iterator[Flask]:
    """Yield the application on an embedded database that survives a power cut, as in use."""
    settings = Settings(
        instance=instance,
        database_url=embedded.start(instance),
        secret_key="of the bench",  # noqa: S106
        identity_key="of the bench",
        secure_cookies=False,
    )
    app = create_app(settings)
    prepare_database(app)
    yield app
    with app.app_context():
        db.engine.dispose()
    embedded.stop(instance)


def measure(app: Flask, *, yes_no: int, five_of_ten: int) -> Run:
    """Measure one thing after another."""
    say("PostgreSQL alone")
    commits = Commits(one=commit_rate(app, 1), many=commit_rate(app, CONNECTIONS), connections=CONNECTIONS)
    with app.app_context():
        community_id = make_community()
    cases, electorates = [], []
    for name, question, answers, voters in (
        ("yes or no", YES_NO, [[FOR], [AGAINST], [ABSTAIN]], yes_no),
        ("choose 5 of 10", FIVE_OF_TEN, FIVE, five_of_ten),
    ):
        say(f"{name}: {voters} voters seal")
        electorate = make_electorate(app, community_id, voters=voters, questions=[question])
        cases.append(measure_case(app, name, question, electorate, answers))
        electorates.append(electorate)
    return Run(commits=commits, cases=cases, opening=measure_opening(app, electorates[0]))


def measure_case(
    app: Flask,
    name: str,
    question: QuestionSpec,
    electorate: Electorate,
    answers: Sequence[Sequence[Answer]],
) -> Case:
    """Cast two thirds of the ballots as fast as they are taken, and the rest at half that rate."""
    ballots = sealed_ballots(app, electorate, answers)
    requests = [electorate.request(*pair) for pair in zip(electorate.voters, ballots, strict=True)]
    with app.app_context():
        race = boards.manifest_of(db.session(), electorate.poll_id).race
    proofs = timed(lambda: [verify_ballot(race, ballot) for ballot in ballots[:PROOFS_TIMED]])
    settings: Settings = app.config["CIVICFORUM"]
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    with served(replace(settings, database_url=url)) as server:
        send(server.port, requests[:WARM_UP])
        memory = [server.memory_mb()]
        middle = WARM_UP + 2 * (len(requests) - WARM_UP) // 3
        say(f"{name}: as fast as they are taken")
        full, own_share = with_own_share(lambda: send(server.port, requests[WARM_UP:middle]))
        memory.append(server.memory_mb())
        say(f"{name}: at half that rate")
        half = send(server.port, requests[middle:], per_second=full.rate / 2)
        memory.append(server.memory_mb())
    for load in (full, half):
        assert set(load.statuses) == {201}, load.statuses
    return Case(
        name=name,
        ballot_bytes=len(ballots[0]),
        proof_ms=1000 * proofs / min(PROOFS_TIMED, len(ballots)),
        full=full,
        half=half,
        generator_share=own_share,
        memory_mb=memory,
    )


def measure_opening(app: Flask, electorate: Electorate) -> Opening:
    """Open a board with the platform's key, and check its archive with one process and with two."""
    settings: Settings = app.config["CIVICFORUM"]
    with app.app_context():
        poll_id, now = electorate.poll_id, datetime.now(UTC)
        with transaction() as session:
            poll = session.get_one(Poll, poll_id, with_for_update=True)
            poll.closes_at = now
            stop_locked(session, poll, actor=None, now=now)

        def close_and_open() -> None:
            with transaction() as session:
                seal_locked(session, session.get_one(Poll, poll_id), actor=None, now=now)
            with transaction() as session:
                poll = session.get_one(Poll, poll_id)
                open_box_locked(session, poll, actor=None, settings=settings, now=now)

        say("opening")
        opened = timed(close_and_open)
        lines = boards.list_lines(db.session(), electorate.poll_id)
        head = boards.replay(db.session(), electorate.poll_id).head
    archive = settings.instance / "archive.jsonl"
    archive.write_bytes(b"".join(line + b"\n" for line in lines))
    say("checking the archive")
    seconds = {
        processes: timed(lambda processes=processes: check(archive, head, processes)) for processes in (1, 2)
    }
    return Opening(
        ballots=len(electorate.voters),
        seconds=opened,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        archive_mb=archive.stat().st_size / 1e6,
        check_seconds=seconds,
    )


def check(archive: Path, head: bytes, processes: int) -> None:
    report = verify_archive(archive, head=head, processes=processes)
    assert not report.failures, report.failures


def commit_rate(app: Flask, connections: int) -> float:
    """Return how many transactions of one inserted row PostgreSQL commits in a second."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as first:
        first.execute("CREATE TABLE IF NOT EXISTS bench_row (number int)")
    counts = [0] * connections
    until = time.perf_counter() + SECONDS_OF_COMMITS

    def commit(at: int) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            while time.perf_counter() < until:
                connection.execute("INSERT INTO bench_row VALUES (1)")
                counts[at] += 1

    threads = [threading.Thread(target=commit, args=(at,)) for at in range(connections)]
    seconds = timed(lambda: [thread.start() for thread in threads] and [thread.join() for thread in threads])
    return sum(counts) / seconds


def with_own_share(work: Callable[[], Load]) -> tuple[Load, float]:
    """Return what the load found, and which share of one core sending it took."""
    before = time.process_time()
    load = work()
    return load, (time.process_time() - before) / load.lasted


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


if __name__ == "__main__":
    main()
