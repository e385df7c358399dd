"""Two real PostgreSQL servers on loopback, a primary and the standby that each commit waits for."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from civicforum import embedded
from civicforum.embedded import SUPERUSER

STANDBY = "standby"
HOST = "127.0.0.1"
READY_SECONDS = 60.0
# Durable, as in use: what is tried is whether anything that was acknowledged is lost.
OPTIONS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "wal_level": "replica",
    "hot_standby": "on",
}


@dataclass
class Server:
    """One PostgreSQL server of the wheel's programs, in a folder of its own."""

    programs: Path
    data: Path
    owner: pwd.struct_passwd | None
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL to its end, as the owner of the data."""
        done = subprocess.run(
            [str(self.programs / program), *arguments], capture_output=True, text=True, **self._as_owner()
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = [f"-c{name}={value}" for name, value in (OPTIONS | {"port": str(self.port)}).items()]
        with self.data.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_owner(),
            )
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with suppress(psycopg.OperationalError):
                self.ask("SELECT 1")
                return
            assert time.monotonic() < deadline, f"no answer; see {self.data.with_suffix('.log')}"
            assert self.process.poll() is None, self.data.with_suffix(".log").read_text()
            time.sleep(0.05)

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement; return its rows."""
        with psycopg.connect(
            host=HOST, port=self.port, user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """End the server and every process of it at once with SIGKILL, as when a machine loses its power."""
        if self.process is None or self.process.poll() is not None:
            return
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def _as_owner(self) -> dict[str, object]:
        if self.owner is None:
            return {"cwd": self.data.parent}
        ids = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        return ids | {"cwd": self.data.parent}


@dataclass
class Pair:
    """A primary and its standby; a commit returns once both have it on disk."""

    primary: Server
    standby: Server

    def url(self, database: str) -> str:
        """Return the address that leads to whichever of the two can be written to."""
        ports = f"{self.primary.port},{self.standby.port}"
        return (
            f"postgresql+psycopg://{SUPERUSER}@/{database}?host={HOST},{HOST}&port={ports}"
            "&target_session_attrs=read-write&connect_timeout=3"
        )

    def standby_takes_over(self) -> None:
        """Make the standby the primary; return when it can be written to."""
        assert self.standby.ask("SELECT pg_promote(true, 60)") == [(True,)]

    def end(self) -> None:
        self.primary.kill()
        self.standby.kill()


def make_pair(folder: Path) -> Pair:
    """Make and start both servers below a folder, replication already synchronous."""
    folder.mkdir()
    programs = embedded.find_programs()
    owner = embedded.owner_of(embedded.Place(folder))
    if owner is not None:
        embedded.let_pass(folder / "first", programs, owner)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    primary = Server(programs, folder / "first", owner)
    standby = Server(programs, folder / "second", owner)
    pair = Pair(primary, standby)
    try:
        _start(pair)
    except BaseException:
        pair.end()
        raise
    return pair


def _start(pair: Pair) -> None:
    primary, standby = pair.primary, pair.standby
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    primary.run("initdb", "-D", str(primary.data), "-U", SUPERUSER, "--auth=trust", *locale)
    primary.start()
    source = f"host={HOST} port={primary.port} user={SUPERUSER} application_name={STANDBY}"
    standby.run("pg_basebackup", "-d", source, "-D", str(standby.data), "-R", "-X", "stream", "-c", "fast")
    standby.start()
    primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
    primary.ask("SELECT pg_reload_conf()")
    deadline = time.monotonic() + READY_SECONDS
    while primary.ask("SELECT sync_state FROM pg_stat_replication") != [("sync",)]:
        assert time.monotonic() < deadline, "the standby does not follow"
        time.sleep(0.05)
