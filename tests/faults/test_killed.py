"""Processes are killed at random while ballots come in and matters are raised."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.faults.audit import audit, check_matters
from tests.faults.ballot_load import BallotLoad, MatterLoad, at_random_moments
from tests.faults.conftest import Note, Voting
from tests.faults.site import Site, kill, wait_until_gone

VOTERS, PER_SECOND = 160, 16.0
Victim = Callable[[Site, random.Random], int]

VICTIMS: dict[str, tuple[Victim, int]] = {
    "a web process": (lambda site, chance: chance.choice(site.web_workers()), 8),
    "the web server": (lambda site, _: site.web_master(), 3),
    "the job worker": (lambda site, _: site.job_worker(), 4),
    "a backend of PostgreSQL": (lambda site, chance: chance.choice(site.backends()), 5),
    "PostgreSQL": (lambda site, _: site.postmaster(), 3),
}


def kill_one(site: Site, victim: Victim, chance: random.Random) -> bool:
    """Kill one that lives; what is just being started again is left alone."""
    try:
        pid = victim(site, chance)
    except (StopIteration, IndexError, OSError, ValueError):
        return False
    kill(pid)
    return True


@pytest.mark.parametrize("name", VICTIMS)
def test_nothing_acknowledged_is_lost_when_it_is_killed(
    name: str, site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=VOTERS)
    victim, times = VICTIMS[name]
    with (
        MatterLoad(site.port, electorate) as matters,
        BallotLoad(site.port, electorate, ballots, per_second=PER_SECOND, chance=chance) as load,
    ):
        load.wait_for(5)
        killed = at_random_moments(
            load, lambda: kill_one(site, victim, chance), times=times, chance=chance, pause=(0.3, 2.5)
        )
    assert killed
    site.wait_until_answers()
    # The worker lost its connections with the server, and its job with them.
    found = audit(site, electorate, ballots, load.ledger, by_worker=name == "PostgreSQL")
    check_matters(site, electorate, matters)
    note(
        f"{name} killed",
        times=killed,
        ledger=load.ledger,
        audit=found,
        matters=len(matters.acknowledged),
    )


def test_a_killed_parent_takes_all_along_and_the_next_start_serves(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, ballots = voting(site, voters=120)
    with BallotLoad(site.port, electorate, ballots, per_second=12, chance=chance) as load:
        load.wait_for(10)
        site.kill()
        gone = wait_until_gone(str(site.instance))
        site.start()
        back = site.wait_until_answers()
    found = audit(site, electorate, ballots, load.ledger)
    note(
        "`civicforum serve` killed, started again",
        times=1,
        ledger=load.ledger,
        audit=found,
        gone=gone,
        back=back,
    )
