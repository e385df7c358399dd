"""The clock: votes open and close by it, and codes of a second factor count by it."""

from __future__ import annotations

import socket
import struct
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text

from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status, judge_drift

# The National Time Service Center of China, and a pool of servers.
TIME_SERVERS = ("ntp.ntsc.ac.cn", "pool.ntp.org")
TIMEOUT_SECONDS = 2.0
NTP_PORT = 123
# Seconds from the epoch of NTP, 1900, to that of Unix (RFC 5905, section 6).
TO_1970 = 2_208_988_800
CALL = b"\x23" + 47 * b"\0"


@check("clock.database", asks_database=True)
def against_database(around: Surroundings) -> Finding:
    assert around.connection is not None  # noqa: S101
    before = time.time()
    theirs = float(around.connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
    apart = theirs - (before + time.time()) / 2
    return found(
        "clock.database",
        judge_drift(apart),
        _l("The clocks of this machine and of the database are %(seconds)s seconds apart."),
        _l("Let both machines follow a time server (systemd-timesyncd or chrony)."),
        seconds=f"{abs(apart):.1f}",
    )


@check("clock.network", calls=True)
def against_network(around: Surroundings) -> Finding:
    for server in around.time_servers or TIME_SERVERS:
        apart = ask_time(server)
        if apart is not None:
            return found(
                "clock.network",
                judge_drift(apart),
                _l("The clock of this machine is %(seconds)s seconds off that of %(server)s."),
                _l("Let this machine follow a time server (systemd-timesyncd or chrony)."),
                seconds=f"{abs(apart):.1f}",
                server=server,
            )
    words = _l("No time server could be reached, so the clock was compared with none.")
    return Finding("clock.network", Status.NOT_ASKED, words)


def ask_time(server: str) -> float | None:
    """Return how many seconds the clock of an NTP server is ahead of ours (RFC 5905), or None without answer.

    `server` is a name, or a name and port as in "127.0.0.1:1123".
    """
    host, _, port = server.partition(":")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(TIMEOUT_SECONDS)
            asking.connect((host, int(port or NTP_PORT)))
            sent = time.time()
            asking.send(CALL)
            answer = asking.recv(512)
            received = time.time()
    except (OSError, ValueError):
        return None
    if len(answer) < 48:
        return None
    arrived, left = (_instant(answer, at) for at in (32, 40))
    return ((arrived - sent) + (left - received)) / 2


def _instant(answer: bytes, at: int) -> float:
    seconds, fraction = struct.unpack_from("!II", answer, at)
    return float(seconds - TO_1970 + fraction / 2**32)


@check("clock.zone")
def zone(around: Surroundings) -> Finding:
    try:
        offset = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset == timedelta(hours=8):
        return good("clock.zone", _l("The time zone of the community is known here."))
    return found(
        "clock.zone",
        Status.BAD,
        _l("This machine has no data of the time zone Asia/Shanghai."),
        _l("Install the package tzdata: every deadline is a day of that zone."),
    )
