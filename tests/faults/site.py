"""A site of the tests' own: `civicforum serve` on an instance folder, and its processes by what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from flask import Flask

from bench.served import Served
from civicforum import create_app, embedded
from civicforum.config import ROOT, Settings
from civicforum.database import db
from civicforum.security import limiter
from tests.support.ports import free_port

READY_SECONDS = 240.0
GONE_SECONDS = 40.0


@dataclass
class Site:
    """An instance folder that is served on `port`, which stays the same from start to start."""

    instance: Path
    port: int
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.instance.parent / f"{self.instance.name}.log"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what the processes of the site are given, and nothing that this shell has of another."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVICFORUM_")}
        return kept | {"CIVICFORUM_INSTANCE": str(self.instance)} | self.variables | dict(more or {})

    def start(self, *, workers: int = 2) -> None:
        """Begin `civicforum serve`."""
        command = [sys.executable, "-m", "civicforum", "serve", "--no-demo", "--workers", str(workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                env=self.environment(),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_answers(self, *, seconds: float = READY_SECONDS) -> float:
        """Return after how many seconds a page was answered from the database."""
        begun = time.monotonic()
        while not self.answers():
            assert time.monotonic() - begun < seconds, f"no answer for {seconds} seconds: {self.tail()}"
            assert self.process is None or self.process.poll() is None, f"the site ended: {self.tail()}"
            time.sleep(0.1)
        return time.monotonic() - begun

    def answers(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/healthz"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
        return False

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def kill(self) -> None:
        """Kill the parent of all with SIGKILL; what belongs to it has to end by itself."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End it as its operator does, and return after the database has stopped."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(GONE_SECONDS)
        wait_until_gone(str(self.instance))

    def web_master(self) -> int:
        return self._only("gunicorn")

    def web_workers(self) -> list[int]:
        return children_of(self.web_master())

    def job_worker(self) -> int:
        return self._only("civicforum worker")

    def postmaster(self) -> int:
        return int((self.instance / "pgdata" / "postmaster.pid").read_text().split("\n", 1)[0])

    def sockets(self) -> str:
        """Return the folder of the socket, which is not that of the data where its path would be too long."""
        return (self.instance / "pgdata" / "postmaster.pid").read_text().split("\n")[4]

    def backends(self) -> list[int]:
        """Return the processes of PostgreSQL that serve a connection to the database."""
        return [pid for pid in children_of(self.postmaster()) if f" {embedded.DATABASE} " in command_of(pid)]

    def wait_until_worker_works(self) -> None:
        """Wait until the worker of jobs is through its own start, in which it holds locks."""
        deadline = time.monotonic() + GONE_SECONDS
        lives = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 s'"
        with psycopg.connect(
            host=self.sockets(), user="postgres", dbname=embedded.DATABASE, autocommit=True
        ) as connection:
            while connection.execute(lives).fetchone() is None:
                assert time.monotonic() < deadline, "the worker did not begin"
                time.sleep(0.1)

    def _only(self, words: str) -> int:
        assert self.process is not None
        return next(pid for pid in children_of(self.process.pid) if words in command_of(pid))

    def civicforum(self, *arguments: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a command beside the site, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "civicforum", *arguments],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """Yield the application on the site's database, and give up the share in it afterwards."""
        # One that has just been killed is started again by its site; here nobody needs to hurry before it.
        deadline = time.monotonic() + GONE_SECONDS
        while self.process is not None and not embedded.is_running(self.instance):
            assert time.monotonic() < deadline, "the database did not come back"
            time.sleep(0.1)
        kept = tomllib.loads((self.instance / "secrets.toml").read_text())
        settings = Settings(
            instance=self.instance,
            database_url=embedded.start(self.instance),
            secret_key=kept["secret_key"],
            identity_key=kept["identity_key"],
            secure_cookies=False,
        )
        made = create_app(settings)
        limiter.enabled = False
        try:
            yield made
        finally:
            with made.app_context():
                db.engine.dispose()
            embedded.stop(self.instance)

    @contextmanager
    def web(self, **variables: str) -> Iterator[Served]:
        """Yield a second web server on the site's database, with settings of its own (DATABASE_URL=...)."""
        kept = tomllib.loads((self.instance / "secrets.toml").read_text())
        url = f"postgresql+psycopg://postgres@/{embedded.DATABASE}?host={self.instance / 'pgdata'}"
        given = {"DATABASE_URL": url, "SECRET_KEY": kept["secret_key"], "IDENTITY_KEY": kept["identity_key"]}
        given |= variables
        environment = self.environment({f"CIVICFORUM_{name}": value for name, value in given.items()})
        server = Served(free_port(), environment, self.log)
        server.start()
        try:
            yield server
        finally:
            server.end()


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def processes_naming(text: str) -> list[int]:
    """Return the living processes in whose command or environment the text occurs, but for this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
            if text.encode() in told and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def wait_until_gone(text: str, *, seconds: float = GONE_SECONDS) -> float:
    """Return after how many seconds no process names the text any more."""
    begun = time.monotonic()
    while left := processes_naming(text):
        assert time.monotonic() - begun < seconds, [command_of(pid) for pid in left]
        time.sleep(0.1)
    return time.monotonic() - begun


def kill(pid: int) -> None:
    """Send SIGKILL; a process that has just ended needs none."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
