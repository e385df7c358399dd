"""What the clock and the queue do for the inbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from civicforum.database import transaction
from civicforum.inbox.channels import open_senders
from civicforum.inbox.services import paper
from civicforum.inbox.services.hearing import hear_entry
from civicforum.inbox.services.outbox import forget_old
from civicforum.inbox.services.reminding import remind_all
from civicforum.inbox.services.sending import send_due
from civicforum.inbox.services.writing import write
from civicforum.inbox.telling import unpacked
from civicforum.jobs import EVERY_MINUTE, task


@task("inbox.tell")
def tell_batch(*, community_id: str, person_ids: Sequence[str], telling: Mapping[str, Any]) -> None:
    """Tell one batch of many people; run twice, it tells nobody twice."""
    with transaction() as session:
        write(
            session,
            community_id=uuid.UUID(community_id),
            person_ids=[uuid.UUID(person_id) for person_id in person_ids],
            telling=unpacked(telling),
            now=datetime.now(UTC),
        )


@task("inbox.hear")
def hear(*, entry_id: str, part: int = 0, after: str | None = None) -> None:
    """Tell people of an entry of the journal."""
    hear_entry(
        entry_id=uuid.UUID(entry_id),
        part=part,
        after=uuid.UUID(after) if after else None,
        now=datetime.now(UTC),
    )


@task("inbox.send", cron=EVERY_MINUTE)
def send() -> None:
    """Send the messages that are due."""
    senders = open_senders(current_app.config["CIVICFORUM"])
    try:
        send_due(senders, now=datetime.now(UTC))
    finally:
        for sender in senders.values():
            sender.close()


@task("inbox.remind", cron="7 * * * *")
def remind() -> None:
    """Remind people of what is due."""
    remind_all(now=datetime.now(UTC))


@task("inbox.forget", cron="41 19 * * *")
def forget() -> None:
    """Delete what nobody needs any more."""
    forget_old(now=datetime.now(UTC))


@task(paper.TASK)
def print_letters(*, run_id: str) -> None:
    """Print the letters of a run."""
    paper.print_letters(run_id=uuid.UUID(run_id), clock=lambda: datetime.now(UTC))


@task("inbox.forget_letters", cron="*/10 * * * *")
def forget_letters() -> None:
    """Delete files of letters that nobody may need any more."""
    paper.forget_letters(now=datetime.now(UTC))
