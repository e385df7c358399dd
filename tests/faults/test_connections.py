"""No connection is free, or the network to the database is cut in the middle of a COMMIT."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bench.served import Served
from civicforum.database import LOCK_SECONDS
from civicforum.embedded import DATABASE
from tests.faults.audit import audit
from tests.faults.ballot_load import BallotLoad, ask, oddity
from tests.faults.conftest import Note, Voting
from tests.faults.proxy import Cut, Proxy, proxy_to
from tests.faults.site import Site

HOME = b"GET /communities HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: %s\r\nConnection: close\r\n\r\n"
# What somebody waits for at the most before a page says that the service is not available.
BOUNDED_SECONDS = 15.0
CUTS = 12


@contextmanager
def all_connections_held(site: Site) -> Iterator[int]:
    """Take every connection that PostgreSQL gives, also those the site had; yield how many."""
    held: list[psycopg.Connection[object]] = []
    socket_folder = site.sockets()
    try:
        for _round in range(400):
            try:
                held.append(
                    psycopg.connect(host=socket_folder, user="postgres", dbname="postgres", autocommit=True)
                )
            except psycopg.OperationalError:
                ours = [connection.info.backend_pid for connection in held]
                ended = (
                    held[0]
                    .execute(
                        "SELECT count(pg_terminate_backend(pid, 100)) FROM pg_stat_activity "
                        "WHERE backend_type = 'client backend' AND pid <> ALL(%s)",
                        (ours,),
                    )
                    .fetchone()
                )
                if ended == (0,):
                    break
        yield len(held)
    finally:
        for connection in held:
            connection.close()


@contextmanager
def board_locked(site: Site, poll_id: uuid.UUID) -> Iterator[None]:
    """Hold the row of a poll's board, as a transaction that does not end would."""
    with psycopg.connect(host=site.sockets(), user="postgres", dbname=DATABASE) as connection:
        connection.execute("SELECT 1 FROM board WHERE poll_id = %s FOR UPDATE", (poll_id,))
        yield


@contextmanager
def cuttable(site: Site) -> Iterator[tuple[Proxy, Served]]:
    """Yield a web server whose way to the database leads through a proxy of ours."""
    with (
        proxy_to(Path(site.sockets()) / ".s.PGSQL.5432") as proxy,
        site.web(DATABASE_URL=proxy.url) as web,
    ):
        yield proxy, web


def test_without_a_connection_pages_say_so_at_once_and_come_back_by_themselves(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=100)
    slowest, pages = 0.0, 0
    with BallotLoad(site.port, electorate, ballots, per_second=10, chance=chance) as load:
        load.wait_for(10)
        with all_connections_held(site) as held:
            until = time.monotonic() + 5
            while time.monotonic() < until:
                begun = time.monotonic()
                answer = ask(site.port, HOME % chance.choice([b"zh-CN", b"en"]))
                slowest, pages = max(slowest, time.monotonic() - begun), pages + 1
                assert answer.status == 503
                assert oddity(answer) is None
        freed = time.monotonic()
        site.wait_until_answers()
        back = time.monotonic() - freed
    assert slowest < BOUNDED_SECONDS
    assert back < BOUNDED_SECONDS
    assert pages > 3
    found = audit(site, electorate, ballots, load.ledger)
    note(
        "all connections of PostgreSQL held",
        times=1,
        ledger=load.ledger,
        audit=found,
        held=held,
        pages=pages,
        back=round(back, 1),
    )


def test_a_pool_without_a_free_connection_lets_nobody_wait_long(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=60)
    small_pool = site.web(POOL_SIZE="2", POOL_OVERFLOW="0", POOL_WAIT_SECONDS="1")
    with small_pool as web, BallotLoad(web.port, electorate, ballots, per_second=20, chance=chance) as load:
        load.wait_for(5)
        # Whoever casts now waits for the board, with a connection in hand.
        with board_locked(site, electorate.poll_id):
            time.sleep(4)
    found = audit(site, electorate, ballots, load.ledger)
    assert load.ledger.slowest < BOUNDED_SECONDS
    note("a pool of 2 connections, both waiting for 4 s", times=1, ledger=load.ledger, audit=found)


def test_a_row_that_stays_locked_lets_nobody_wait_long(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=60)
    with BallotLoad(site.port, electorate, ballots, per_second=10, chance=chance) as load:
        load.wait_for(5)
        with board_locked(site, electorate.poll_id):
            time.sleep(2 * LOCK_SECONDS)
    found = audit(site, electorate, ballots, load.ledger)
    assert load.ledger.statuses[503] > 0
    assert load.ledger.broken == 0
    assert load.ledger.slowest < BOUNDED_SECONDS
    note(f"the board locked for {2 * LOCK_SECONDS:.0f} s", times=1, ledger=load.ledger, audit=found)


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
def test_a_commit_of_which_nobody_knows_the_outcome_does_no_harm(
    cut: Cut, site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=100)
    with (
        cuttable(site) as (proxy, web),
        BallotLoad(web.port, electorate, ballots, per_second=10, chance=chance) as load,
    ):
        load.wait_for(5)
        while len(proxy.cuts) < CUTS and not load.is_over():
            proxy.planned = [cut]
            time.sleep(chance.uniform(0.1, 0.5))
        proxy.planned = []
    assert len(proxy.cuts) >= CUTS // 2
    found = audit(site, electorate, ballots, load.ledger)
    note(f"network to the database cut: {cut.value}", times=len(proxy.cuts), ledger=load.ledger, audit=found)


def test_a_network_that_falls_silent_is_given_up_in_time(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=60)
    with (
        cuttable(site) as (proxy, web),
        BallotLoad(web.port, electorate, ballots, per_second=6, chance=chance) as load,
    ):
        load.wait_for(5)
        proxy.planned = [Cut.SILENT]
        time.sleep(2)
        proxy.planned = []
    found = audit(site, electorate, ballots, load.ledger)
    note("network to the database silent", times=len(proxy.cuts), ledger=load.ledger, audit=found)


def test_a_network_that_is_down_and_comes_back_needs_nobody(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=80)
    with (
        cuttable(site) as (proxy, web),
        BallotLoad(web.port, electorate, ballots, per_second=10, chance=chance) as load,
    ):
        load.wait_for(5)
        proxy.go_down()
        assert ask(web.port, HOME % b"en").status == 503
        time.sleep(3)
        proxy.is_down = False
        begun = time.monotonic()
        while ask(web.port, HOME % b"en").status == 503:
            assert time.monotonic() - begun < BOUNDED_SECONDS
            time.sleep(0.1)
        back = time.monotonic() - begun
    found = audit(site, electorate, ballots, load.ledger)
    note(
        "network to the database down for 3 s", times=1, ledger=load.ledger, audit=found, back=round(back, 1)
    )
