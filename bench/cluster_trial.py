"""What happens to ballots when one of several machines is lost: run by deploy/cluster/try."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy import table as sql_table

from bench.cluster import DATABASES, HOST, PROXY, Cluster, make_cluster, wait_until
from bench.cluster_voters import Told, Voters
from bench.voters import Electorate, count_vote, make_community, make_electorate, sealed_ballots
from civicforum import create_app, sealed
from civicforum.config import ROOT, read_settings
from civicforum.database import db
from civicforum.polls.services import boards
from tests.support.polls import AGAINST, FOR

RESULTS = ROOT / "bench" / "results" / "cluster.md"
VOTERS, PER_SECOND = 4000, 20.0
QUIET_SECONDS = 6.0
AGAIN_SECONDS = 90.0


@dataclass
class Trial:
    """One run: `happened` says what was done, and for how long no ballot was acknowledged because of it."""

    cluster: Cluster
    voters: Voters
    happened: list[tuple[str, float]] = field(default_factory=list)

    def disturb(self, what: str, do: Callable[[], object]) -> None:
        """Do something while ballots come in; note the longest silence until all is quiet again."""
        say(what)
        begun = time.monotonic()
        do()
        wait_until(lambda: self._is_flowing(begun), f"a ballot acknowledged after: {what}", AGAIN_SECONDS)
        time.sleep(QUIET_SECONDS)
        self.happened.append((what, self.voters.told.silence(begun, time.monotonic())))

    def mend(self, what: str, do: Callable[[], object]) -> None:
        """Bring back what was lost; note how long it takes until there is a standby again."""
        say(what)
        begun = time.monotonic()
        do()
        taken = wait_until(self.cluster.is_whole, "a primary and its standby", AGAIN_SECONDS)
        self.happened.append((f"{what}: whole again after {taken:.0f} s", self._silence_since(begun)))

    def _silence_since(self, begun: float) -> float:
        return self.voters.told.silence(begun, time.monotonic())

    def _is_flowing(self, since: float) -> bool:
        """Tell whether ballots have come in during each of the last three seconds."""
        now = time.monotonic()
        recent = Counter(int(now - at) for at in self.voters.told.at[-300:] if at > since)
        return now - since > 4 and all(recent[second] for second in range(3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    results = parser.parse_args().results
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    cluster = make_cluster(Path(tempfile.mkdtemp(prefix="civicforum-cluster-")) / "run")
    try:
        page = run(cluster)
    finally:
        cluster.end()
        cluster.folder.parent.rmdir()
    results.write_text(page, encoding="utf-8")
    say(f"written to {results}")


def run(cluster: Cluster) -> str:
    """Build everything, cast and disturb, check; return the page of results."""
    build(cluster)
    os.environ.update(cluster.environment["app1"])
    app = create_app(read_settings())
    say(f"{VOTERS} voters seal their ballots")
    with app.app_context():
        community_id = make_community()
    electorate = make_electorate(app, community_id, voters=VOTERS)
    ballots = sealed_ballots(app, electorate, [[FOR], [AGAINST]])
    requests = [electorate.request(*one) for one in zip(electorate.voters, ballots, strict=True)]
    voters = Voters((PROXY, 443), HOST, str(cluster.folder / "civicforum.crt"), requests)
    trial = Trial(cluster, voters)
    with ThreadPoolExecutor(1) as pool, kept_workers(cluster):
        voting = pool.submit(voters.vote, PER_SECOND)
        try:
            disturb(trial)
        finally:
            voters.is_over.set()
        voting.result()
    with app.app_context():
        check(electorate, ballots, voters.told)
        rows = sizes()
        ballots_counted = count(electorate, cluster.folder)
        db.engine.dispose()
    journal = cluster.run("app2", "journal", "verify").strip()
    return page_of(trial, ballots_counted, journal, rows)


def build(cluster: Cluster) -> None:
    say("etcd and Patroni")
    cluster.start_databases()
    cluster.make_database()
    cluster.read_environments()
    cluster.start_ways_to_the_database()
    say("the schema")
    cluster.run("app1", "migrate")
    say("app machines and the proxy")
    cluster.start_apps()


def disturb(trial: Trial) -> None:
    cluster = trial.cluster
    wait_until(lambda: len(trial.voters.told.at) > 100, "a hundred ballots")
    first = cluster.primary()
    second = next(name for name in DATABASES if name != first)
    trial.disturb(
        "primary and its Patroni killed (SIGKILL), standby promoted", lambda: cluster.kill(f"patroni {first}")
    )
    trial.mend("the lost database started again", lambda: cluster.start_patroni(first))
    trial.disturb("planned switchover", cluster.switch_over)
    wait_until(cluster.is_whole, "a primary and its standby")
    standby = next(name for name in DATABASES if name != cluster.primary())
    trial.disturb("standby and its Patroni killed", lambda: cluster.kill(f"patroni {standby}"))
    trial.mend("the standby started again", lambda: cluster.start_patroni(standby))
    trial.disturb("one app machine killed", lambda: cluster.kill("web app1", "worker app1"))
    cluster.start_app("app1")
    trial.disturb("PgBouncer and HAProxy of one app machine killed", lambda: lose_way(cluster))
    assert {first, second} == set(DATABASES)


def lose_way(cluster: Cluster) -> None:
    """Both come back after three seconds, as systemd starts them again."""
    cluster.kill("pgbouncer app2", "haproxy app2")
    time.sleep(3)
    cluster.start_again("haproxy app2")
    cluster.start_again("pgbouncer app2")


class kept_workers:  # noqa: N801 - used as a statement
    """Workers that end by themselves are started again, as systemd does."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._is_over = cluster, threading.Event()
        self._thread = threading.Thread(target=self._keep)

    def _keep(self) -> None:
        while not self._is_over.wait(2):
            self._cluster.keep_workers()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


def check(electorate: Electorate, ballots: list[bytes], told: Told) -> None:
    """Every acknowledged ballot stands on the line its voter was told, and each ballot at most once."""
    lines = boards.list_lines(db.session(), electorate.poll_id)
    for number, line in told.lines.items():
        assert lines[line - 1] == sealed.ballot_line(ballots[number]), (
            f"ballot {number} is not on line {line}"
        )
    on_board = Counter(line for line in lines if b'"type":"ballot"' in line)
    assert set(on_board.values()) == {1}
    assert len(on_board) == len(told.lines)


def count(electorate: Electorate, folder: Path) -> int:
    """Close, open and count the vote, and check its archive; return how many ballots were counted."""
    report = count_vote(electorate.poll_id, read_settings(), folder / "archive.jsonl")
    assert not report.failures, report.failures
    lines = boards.list_lines(db.session(), electorate.poll_id)
    return sum(b'"type":"ballot"' in line for line in lines)


def sizes() -> list[tuple[str, int, float]]:
    """Return tables that grow with voters and ballots: rows, and bytes of each, indexes included."""
    found = []
    for table in ("person", "account", "roll_entry", "credential", "credential_link", "board_line"):
        size = func.pg_total_relation_size(table)
        rows, total = db.session.execute(select(func.count(), size).select_from(sql_table(table))).one()
        found.append((table, rows, total / rows))
    return found


def page_of(trial: Trial, counted: int, journal: str, sizes: list[tuple[str, int, float]]) -> str:
    told = trial.voters.told
    tables = "\n".join(f"| `{name}` | {rows:,} | {size:,.0f} |" for name, rows, size in sizes)
    rows = "\n".join(f"| {what} | {seconds:.1f} |" for what, seconds in trial.happened)
    errors = sum(number for status, number in told.statuses.items() if status >= 500)
    return f"""# Several machines

Written by `deploy/cluster/try` on {datetime.now(UTC):%Y-%m-%d}: etcd (3), Patroni and PostgreSQL 15 (2),
and HAProxy, PgBouncer, gunicorn and a worker (2 each) behind HAProxy with TLS, from the files of
`deploy/cluster`, on loopback addresses of one machine with {os.cpu_count()} processors.
{PER_SECOND:.0f} ballots a second come in; whoever sees an error tries again after half a second.

| what was done | longest time without an acknowledged ballot, s |
| --- | ---: |
{rows}

{len(told.lines)} ballots were acknowledged, after {errors} error pages and {told.broken} broken connections.
{counted} are on the board: every acknowledged one on the line its voter was told, none twice. The archive
passes every check; `civicforum journal verify`: {journal}.

## What a voter and a ballot take in the database

Of yes-or-no ballots; TOAST and indexes are counted.

| table | rows | bytes for each row |
| --- | ---: | ---: |
{tables}
"""


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


if __name__ == "__main__":
    main()
