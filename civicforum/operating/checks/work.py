"""Work in the background: the worker, its jobs, messages, and backups."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civicforum.backup.queries import last_backup
from civicforum.inbox.queries_told import count_outbox
from civicforum.operating import queries
from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import (
    HEARTBEAT_SECONDS,
    TRIAL_AGE,
    Finding,
    Status,
    judge_backup,
    judge_queue,
)


@check("work.worker", asks_database=True)
def worker(around: Surroundings) -> Finding:
    seconds = queries.get_heartbeat_seconds(Session(around.connection))
    if seconds is not None and seconds <= HEARTBEAT_SECONDS:
        return good("work.worker", _l("The worker lives."))
    return found(
        "work.worker",
        Status.BAD,
        _l("No worker runs: clocks stand still, votes do not open by themselves, and nothing is sent."),
        _l("Start civicforum serve, or the unit of the worker (civicforum worker), and look into its log."),
    )


@check("work.queue", asks_database=True)
def queue(around: Surroundings) -> Finding:
    jobs = queries.get_jobs(Session(around.connection))
    status = judge_queue(jobs.oldest_seconds)
    return found(
        "work.queue",
        status,
        _l("%(due)s jobs are due, and the oldest waits for %(minutes)s minutes.")
        if status
        else _l("The worker keeps up with its jobs."),
        _l("If the worker runs, the log names the job that takes so long; a second worker shares the work."),
        due=jobs.due,
        minutes=round((jobs.oldest_seconds or 0) / 60),
    )


@check("work.failed", asks_database=True)
def failed(around: Surroundings) -> Finding:
    number = queries.get_jobs(Session(around.connection)).failed
    return found(
        "work.failed",
        Status.LOOK if number else Status.GOOD,
        _l("Jobs that were given up: %(number)s.") if number else _l("No job was given up."),
        _l("The log says why. Try them again on the operator's page."),
        number=number,
    )


@check("work.outbox", asks_database=True)
def outbox(around: Surroundings) -> Finding:
    number = count_outbox(Session(around.connection), now=around.now).failed
    return found(
        "work.outbox",
        Status.LOOK if number else Status.GOOD,
        _l("Messages that failed: %(number)s.") if number else _l("No message failed."),
        _l(
            "See civicforum outbox, or the page of messages that failed, and tell these people in "
            "another way."
        ),
        number=number,
    )


@check("work.backup", asks_database=True)
def backup(around: Surroundings) -> Finding:
    last = last_backup(Session(around.connection))
    age = None if last is None else around.now - last.made_at
    return found(
        "work.backup",
        judge_backup(age),
        _l("There is no backup that could be read back.")
        if age is None
        else _l("The last backup that could be read back is %(hours)s hours old."),
        _l("Run civicforum backup, and look why the nightly one does not run (docs/operate/backup.md)."),
        hours=0 if age is None else round(age.total_seconds() / 3600),
    )


@check("work.trial", asks_database=True)
def trial(around: Surroundings) -> Finding:
    last = last_backup(Session(around.connection))
    is_recent = last is not None and last.tried_at is not None and around.now - last.tried_at <= TRIAL_AGE
    return found(
        "work.trial",
        Status.GOOD if is_recent else Status.LOOK,
        _l("A backup was restored on trial not long ago.")
        if is_recent
        else _l("No backup was restored on trial for six weeks."),
        _l(
            "Run civicforum backup verify with --restore-to-scratch once a month: only what was "
            "restored is a backup."
        ),
    )


@check("work.secrets", asks_database=True)
def secrets_kept(around: Surroundings) -> Finding:
    last = last_backup(Session(around.connection))
    if last is not None and not last.has_secrets:
        return found(
            "work.secrets",
            Status.LOOK,
            _l("The last backup lacks the keys."),
            _l(
                "Keep a copy of secrets.toml and poll-keys apart from it: without them nobody is "
                "recognised, and open votes cannot be counted."
            ),
        )
    return good("work.secrets", _l("The last backup holds the keys, or there is none."))
