"""Every clock run twice and by several at once, and workers that are killed between doing and marking."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from civicforum.config import ROOT
from civicforum.database import db, transaction
from civicforum.inbox.models import OutboxMessage
from civicforum.inbox.rules_told import CLAIM_LASTS, MessageState
from civicforum.jobs import load_tasks
from tests.faults.audit import check_journal
from tests.faults.conftest import Note
from tests.faults.due import READERS, check_done_once, make_due, undone
from tests.faults.site import Site
from tests.faults.test_clock import WrongClock
from tests.support.mail import MailServer, mail_server

NOTICES, FEW_NOTICES, KILLS = 40, 6, 6
RUN_SECONDS = 120.0


def test_all_clocks_run_twice_and_four_at_a_time_do_everything_once(
    site: Site, chance: random.Random, note: Note
) -> None:
    names = sorted(name for name, task in load_tasks().items() if task.cron)
    runs = 2 * names
    chance.shuffle(runs)
    with site.app() as app, mail_server() as server:
        with app.app_context():
            community_id = make_due(app, notices=NOTICES)

        def run(name: str) -> None:
            with app.app_context():
                load_tasks()[name].function()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, runs))
        with app.app_context():
            left = undone(community_id)
            assert (left["notices"], left["polls"]) == (0, 0)
            check_done_once(community_id, notices=NOTICES)
        assert server.mails == []
    check_journal(site)
    note(f"all {len(names)} clocks twice, four at a time", times=len(runs))


class SlowMailServer(MailServer):
    """Takes a message, and then takes its time to say so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.05)
        return said


@contextmanager
def worker(site: Site, server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker of the site's, and end it with the block unless that killed it."""
    environment = site.environment(
        {"CIVICFORUM_SMTP_URL": server.url, "CIVICFORUM_MAIL_FROM": "notice@minyi.example.cn"}
    )
    with site.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "civicforum", "worker"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def is_doing() -> bool:
    doing = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
    found = bool(db.session.scalar(doing))
    db.session.rollback()
    return found


def kill_while_doing(running: subprocess.Popen[bytes], chance: random.Random) -> bool:
    """Kill a worker within the second after it took a job; tell whether it left one behind."""
    until = time.monotonic() + RUN_SECONDS
    while not is_doing() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(chance.uniform(0.0, 1.0))
    running.kill()
    running.wait()
    return is_doing()


def age_heartbeats() -> None:
    """Let the half minute go by after which a worker without a sign of life counts as gone."""
    with transaction() as session:
        session.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")
        )


def messages_of(community_id: uuid.UUID) -> Counter[str]:
    """Return how many messages of a community are in which state."""
    states = select(OutboxMessage.state).where(OutboxMessage.community_id == community_id)
    return Counter(state.value for state in db.session.scalars(states))


def identity(mail: EmailMessage) -> str:
    return str(mail["Message-ID"])


def test_workers_killed_between_doing_and_marking_leave_nothing_undone_or_done_twice(
    copied: Callable[..., Site], tmp_path: Path, chance: random.Random, note: Note
) -> None:
    clock = WrongClock(tmp_path / "shift")
    shim = str(Path(__file__).parent / "shifted")
    site = copied(PYTHONPATH=shim, CIVICFORUM_FAULT_CLOCK=str(clock.path))
    killed = 0
    with mail_server(SlowMailServer()) as server, site.app() as app, app.app_context():
        community_id = make_due(app, notices=FEW_NOTICES)
        for number in range(KILLS):
            # Each worker begins in a minute of its own, in which the clocks are due again.
            clock.set(60 * number)
            with worker(site, server) as running:
                killed += kill_while_doing(running, chance)
            age_heartbeats()
        # What was claimed by a worker that is gone goes out when the claim has run out.
        clock.set(60 * KILLS + CLAIM_LASTS.total_seconds() + 60)
        with worker(site, server), worker(site, server):
            until = time.monotonic() + RUN_SECONDS
            while any(undone(community_id).values()):
                assert time.monotonic() < until, undone(community_id)
                time.sleep(0.5)
        check_done_once(community_id, notices=FEW_NOTICES)
        messages = messages_of(community_id)
    check_journal(site)
    arrived = Counter(identity(mail) for mail in server.mails)
    assert killed > 0
    # Every reader is told once of each notice, and once of the lamp.
    assert messages == {MessageState.SENT.value: READERS * (FEW_NOTICES + 1)}
    assert len(arrived) == messages.total()
    # The one window that is left (civicforum/inbox/services/sending.py): taken, and not yet written down.
    twice = arrived.total() - len(arrived)
    assert twice <= killed
    note(
        "a worker killed between doing and marking",
        times=killed,
        messages=len(arrived),
        messages_that_came_twice=twice,
    )
