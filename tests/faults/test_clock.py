"""The clock of an application machine jumps, forward and back, while that of the database does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bench.voters import Electorate, make_community
from civicforum.accounts.desk_services import issue_code
from civicforum.accounts.models import Account
from civicforum.bodies.rules import Role
from civicforum.config import ROOT
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from tests.factories import actor_of, make_officer
from tests.faults.audit import audit, check_journal
from tests.faults.ballot_load import Ledger, ask, fault_of
from tests.faults.conftest import Note, Voting
from tests.faults.site import Site

HOUR = 3600
NOT_OPEN = "not_open"
SWEEP = (
    "from civicforum.cli import prepared_app\n"
    "from civicforum.jobs import load_tasks\n"
    "with prepared_app().app_context():\n"
    "    load_tasks()['polls.sweep'].function()\n"
)


class WrongClock:
    """What the application machine's clock is wrong by, in seconds; it can be set while the machine runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set(0)

    def set(self, seconds: float) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.replace(self.path)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> WrongClock:
    return WrongClock(tmp_path_factory.mktemp("clock") / "shift")


@pytest.fixture(scope="module")
def site(copied: Callable[..., Site], clock: WrongClock) -> Site:
    """A site of its own, whose processes read the wrong clock; nothing sweeps but the test."""
    made = copied(PYTHONPATH=str(Path(__file__).parent / "shifted"), CIVICFORUM_FAULT_CLOCK=str(clock.path))
    made.start(workers=1)
    made.wait_until_answers()
    made.wait_until_worker_works()
    # The sweeps come when the test says.
    os.kill(made.job_worker(), signal.SIGSTOP)
    return made


def sweep(site: Site) -> None:
    """Do what the worker of the application machine does every minute, by its clock."""
    subprocess.run([sys.executable, "-c", SWEEP], env=site.environment(), cwd=ROOT, check=True, timeout=120)


def vote(site: Site, electorate: Electorate, ballots: Sequence[bytes], voters: range, ledger: Ledger) -> None:
    """Let these voters cast, once each, and note what they are told."""
    import json

    for at in voters:
        answer = ask(site.port, electorate.request(electorate.voters[at], ballots[at]))
        ledger.statuses[answer.status] += 1
        if answer.status in (200, 201):
            told = json.loads(answer.body)
            ledger.acknowledged[at] = (told["line"], told["tracker"])
        else:
            ledger.refused[at] = fault_of(answer)


def set_closing(site: Site, poll_id: uuid.UUID, closes_at: datetime) -> None:
    with site.app() as app, app.app_context(), transaction() as session:
        session.get_one(Poll, poll_id, with_for_update=True).closes_at = closes_at


def state_of(site: Site, poll_id: uuid.UUID) -> PollState:
    with site.app() as app, app.app_context():
        return db.session.get_one(Poll, poll_id).state


def test_a_vote_is_open_only_by_both_clocks_and_closed_for_good_only_by_both(
    site: Site, clock: WrongClock, voting: Voting, note: Note
) -> None:
    electorate, ballots = voting(site, voters=40)
    ledger = Ledger()
    set_closing(site, electorate.poll_id, datetime.now(UTC) + timedelta(hours=1))
    vote(site, electorate, ballots, range(10), ledger)
    assert len(ledger.acknowledged) == 10
    # Two hours ahead: by this clock the vote is over, and by the other it is not.
    clock.set(2 * HOUR)
    vote(site, electorate, ballots, range(10, 20), ledger)
    sweep(site)
    assert state_of(site, electorate.poll_id) is PollState.OPEN
    clock.set(0)
    vote(site, electorate, ballots, range(20, 30), ledger)
    assert len(ledger.acknowledged) == 20
    # An hour behind: the hour has come by the database's clock, and not by this one.
    set_closing(site, electorate.poll_id, datetime.now(UTC))
    clock.set(-HOUR)
    vote(site, electorate, ballots, range(30, 40), ledger)
    assert {ledger.refused[at] for at in (*range(10, 20), *range(30, 40))} == {NOT_OPEN}
    sweep(site)
    assert state_of(site, electorate.poll_id) is PollState.OPEN
    clock.set(0)
    sweep(site)
    found = audit(site, electorate, ballots, ledger, is_closed=True)
    note("clock of the application 2 h ahead, 1 h behind", times=2, ledger=ledger, audit=found)


def test_codes_and_sessions_outlast_a_jump_and_the_journal_keeps_its_order(
    site: Site, clock: WrongClock, note: Note
) -> None:
    clock.set(0)
    login, codes = make_account_with_code(site)
    with browser(site) as first, browser(site) as second:
        # A code lasts a day: by a clock that is 25 hours ahead it is over, and no page breaks.
        clock.set(25 * HOUR)
        assert use_code(first, login, codes) == 422
        clock.set(0)
        assert use_code(first, login, codes) == 303
        assert first.get("/me").status_code == 200
        assert use_code(second, login, codes) == 422
        for shift in (-HOUR, 2 * HOUR, 0):
            clock.set(shift)
            assert first.get("/me").status_code == 200
            assert first.get("/").status_code == 200
        # Written an hour before what stands above it: the chain goes by order, not by the clock.
        clock.set(-HOUR)
        begin_matter(first, "时钟慢了一小时")
        clock.set(2 * HOUR)
        begin_matter(first, "时钟快了两小时")
        clock.set(0)
        begin_matter(first, "时钟又准了")
    check_journal(site)
    note("clock jumps under codes, sessions and the journal", times=5)


def make_account_with_code(site: Site) -> tuple[str, str]:
    with site.app() as app, app.app_context():
        community = db.session.get_one(Community, make_community())
        clerk = make_officer(community, Role.CLERK, login=f"clerk-{uuid.uuid4().hex[:8]}")
        resident = make_officer(community, Role.RESIDENT, login=f"jumper-{uuid.uuid4().hex[:8]}")
        code = issue_code(person_id=resident.id, actor=actor_of(clerk, Role.CLERK), now=datetime.now(UTC))
        login = db.session.scalars(select(Account.login).where(Account.person_id == resident.id)).one()
        return login, code


def browser(site: Site) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=30, trust_env=False)


def token_in(page: str) -> str:
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def use_code(client: httpx.Client, login: str, code: str) -> int:
    token = token_in(client.get("/sign-in/code").text)
    sent = {"login": login, "code": code, "csrf_token": token}
    return client.post("/sign-in/code", data=sent).status_code


def begin_matter(client: httpx.Client, title: str) -> None:
    token = token_in(client.get("/matters/new").text)
    assert client.post("/matters/new", data={"title": title, "csrf_token": token}).status_code == 303
