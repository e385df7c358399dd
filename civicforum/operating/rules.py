"""What is written down of requests and what is not, and when a measurement is a reason to act."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Any

QUIET = "quiet"
# Times of requests, beside the order of lines on a board or of sealed reports, pair people with what they
# said in secret (adr 0011, adr 0012). Of these no request is written down, and metrics count them together.
QUIET_BLUEPRINTS = frozenset({"reports"})
QUIET_ENDPOINTS = frozenset(
    {
        "appraisals.recheck_action",
        "polls.ballot",
        "polls.ballot_done",
        "polls.cast",
        "polls.cast_named",
        "polls.cast_plain",
        "polls.done",
        "polls.receipt",
        "polls.standing",
        "polls.test_ballot",
        "polls.tracker",
        "polls.vote",
        "ratings.code",
        "ratings.mine",
        "ratings.rate",
    }
)
# What a proxy may send as X-Request-ID: no blank, no quote, nothing that ends a line or begins a tag.
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

LEAST_FREE_SHARE, LEAST_FREE_BYTES = 0.05, 512 * 2**20
SCANT_FREE_SHARE, SCANT_FREE_BYTES = 0.15, 2 * 2**30
HEARTBEAT_SECONDS = 60.0
LATE_JOB_SECONDS, STUCK_JOB_SECONDS = 300.0, 1800.0
DRIFT_SECONDS, WRONG_CLOCK_SECONDS = 2.0, 30.0
BACKUP_AGE, BACKUP_LATE = timedelta(hours=26), timedelta(days=3)
TRIAL_AGE = timedelta(days=45)


class Status(IntEnum):
    """How one thing stands; the worst is the exit status of `civicforum doctor`, where NOT_ASKED is none."""

    NOT_ASKED = -1
    GOOD = 0
    LOOK = 1
    BAD = 2


@dataclass(frozen=True)
class Finding:
    """What one check found. `words` and `remedy` are texts of the catalogue with the places of `values`."""

    id: str
    status: Status
    words: str
    remedy: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def is_quiet(endpoint: str | None) -> bool:
    """Tell whether the moment of a request to this endpoint may not be written down."""
    if endpoint is None:
        return False
    return endpoint in QUIET_ENDPOINTS or endpoint.split(".")[0] in QUIET_BLUEPRINTS


def is_request_id(text: str) -> bool:
    """Tell whether the id that a proxy gave can be used as it is."""
    return REQUEST_ID.fullmatch(text) is not None


def judge_space(*, free: int, size: int) -> Status:
    """Judge the room on a disk, both in bytes. A database that cannot write stops."""
    if free < LEAST_FREE_BYTES or free < size * LEAST_FREE_SHARE:
        return Status.BAD
    return Status.LOOK if free < SCANT_FREE_BYTES or free < size * SCANT_FREE_SHARE else Status.GOOD


def judge_drift(seconds: float) -> Status:
    """Judge how far two clocks are apart: votes open and close by ours, and codes of sign-in count by it."""
    apart = abs(seconds)
    if apart >= WRONG_CLOCK_SECONDS:
        return Status.BAD
    return Status.LOOK if apart >= DRIFT_SECONDS else Status.GOOD


def judge_backup(age: timedelta | None) -> Status:
    """Judge the age of the last backup that could be read back; None: there is none."""
    if age is None or age > BACKUP_LATE:
        return Status.BAD
    return Status.LOOK if age > BACKUP_AGE else Status.GOOD


def judge_queue(oldest_seconds: float | None) -> Status:
    """Judge how long the oldest job that is due waits; None: none waits."""
    if oldest_seconds is None or oldest_seconds < LATE_JOB_SECONDS:
        return Status.GOOD
    return Status.BAD if oldest_seconds >= STUCK_JOB_SECONDS else Status.LOOK


def worst(findings: list[Finding]) -> Status:
    """Return the worst status of all, GOOD when nothing was asked."""
    return max((one.status for one in findings if one.status is not Status.NOT_ASKED), default=Status.GOOD)
