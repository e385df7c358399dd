"""The disk fills up while ballots come in, and has room again later. Wants root: it mounts a small disk."""

from __future__ import annotations

import ctypes
import os
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.faults.audit import audit
from tests.faults.ballot_load import BallotLoad, ask, oddity
from tests.faults.conftest import Note, Voting
from tests.faults.site import Site

CLONE_NEWNS = 0x00020000
ROOM_MB, LEFT_KB = 96, 300
HOME = b"GET /communities HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """Return a folder that is a disk of its own, which only this process and its children see."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        pytest.skip(f"no mounts of our own: {os.strerror(ctypes.get_errno())}")
    disk = tmp_path / "disk"
    disk.mkdir()
    # Not to be seen by others; with the last process that sees it the disk is gone.
    for command in (
        ["mount", "--make-rprivate", "/"],
        ["mount", "-t", "tmpfs", "-o", "size=1g,mode=755", "tmpfs", str(disk)],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"mount refused: {done.stderr.strip()}")
    return disk


def shrink(disk: Path, megabytes: int) -> None:
    """Leave so much room beside what is there."""
    used = sum(path.stat().st_blocks * 512 for path in disk.rglob("*") if path.is_file())
    size = used // 1024 + megabytes * 1024
    subprocess.run(["mount", "-o", f"remount,size={size}k", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Write until nothing is left but a little."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - LEFT_KB * 1024))
    return ballast


def use_up(site: Site, *, seconds: float) -> list[str]:
    """Make PostgreSQL want new files until it says it has no room, or gives up; return what it said."""
    said: list[str] = []
    folder = site.sockets()
    until = time.monotonic() + seconds
    while time.monotonic() < until and not any("PANIC" in word or "gone" in word for word in said):
        try:
            with psycopg.connect(
                host=folder, user="postgres", dbname="postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS ballast (content text)")
                connection.execute(
                    "INSERT INTO ballast SELECT repeat(md5(n::text), 60) FROM generate_series(1, 2000) AS n"
                )
                connection.execute("SELECT pg_switch_wal()")
        except psycopg.errors.DiskFull as full:
            said.append(str(full.sqlstate))
            with (
                suppress(psycopg.Error),
                psycopg.connect(
                    host=folder, user="postgres", dbname="postgres", autocommit=True
                ) as connection,
            ):
                connection.execute("SELECT pg_switch_wal()")
        except psycopg.OperationalError:
            said.append("gone")
    return said


def test_a_full_disk_loses_nothing_and_room_brings_everything_back(
    small_disk: Path,
    kept_instance: Path,
    free_site: Callable[[Path], Site],
    voting: Voting,
    chance: random.Random,
    note: Note,
) -> None:
    instance = small_disk / "instance"
    subprocess.run(["cp", "-a", str(kept_instance), str(instance)], check=True)
    site = free_site(instance)
    site.start()
    site.wait_until_answers()
    electorate, ballots = voting(site, voters=120)
    shrink(small_disk, ROOM_MB)
    with BallotLoad(site.port, electorate, ballots, per_second=6, chance=chance) as load:
        load.wait_for(10)
        ballast = fill(small_disk)
        said = use_up(site, seconds=10)
        assert said, "there was room"
        full_until = time.monotonic() + 5
        pages = set()
        while time.monotonic() < full_until:
            with suppress(OSError):
                answer = ask(site.port, HOME)
                pages.add(answer.status)
                assert answer.status == 200 or oddity(answer) is None
            time.sleep(0.2)
        ballast.unlink()
        freed = time.monotonic()
        site.wait_until_answers()
        back = time.monotonic() - freed
    log = (instance / "postgres" / "log").read_text(errors="replace")
    assert "No space left on device" in log
    found = audit(site, electorate, ballots, load.ledger)
    note(
        "disk full",
        times=1,
        ledger=load.ledger,
        audit=found,
        back=round(back, 1),
        said=sorted(set(said)),
        panics=log.count("PANIC:"),
        pages=sorted(pages),
    )
