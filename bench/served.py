"""The application behind gunicorn, as `civicforum serve` starts it, for measurements and for killing it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from civicforum.config import Settings
from civicforum.serve import web_command
from tests.support.ports import free_port

READY_SECONDS = 180.0


@dataclass
class Served:
    """A running web server; `port` is the same after a restart. `application` is another one to serve."""

    port: int
    environment: dict[str, str]
    log: Path
    preload: bool = False
    application: str = ""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return once a page is answered."""
        command = web_command(f"127.0.0.1:{self.port}")
        if self.preload:
            command.insert(-1, "--preload")
        if self.application:
            command[-1] = self.application
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"the web server does not answer; its log is {self.log}")
            time.sleep(0.05)

    def answers(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/healthz"
        with suppress(OSError), urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
        return False

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def memory_mb(self) -> float:
        """Return what its workers hold in memory together, each page counted in proportion to its users."""
        held = 0
        for pid in self.workers():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            held += int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
        return held / 1024

    def kill(self) -> None:
        """End all of its processes at once with SIGKILL."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def served(settings: Settings, *, preload: bool = False, application: str = "") -> Iterator[Served]:
    """Serve the application with these settings on a free port, and end it afterwards."""
    environment = os.environ | {
        "CIVICFORUM_INSTANCE": str(settings.instance),
        "CIVICFORUM_DATABASE_URL": settings.database_url or "",
        "CIVICFORUM_SECRET_KEY": settings.secret_key,
        "CIVICFORUM_IDENTITY_KEY": settings.identity_key,
        "CIVICFORUM_PROXIES": str(settings.proxies),
    }
    server = Served(free_port(), environment, settings.instance / "web.log", preload, application)
    server.start()
    try:
        yield server
    finally:
        server.end()
