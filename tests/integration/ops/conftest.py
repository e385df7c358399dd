"""The command `civicforum` as its operator runs it: in processes and an instance folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from civicforum import embedded
from civicforum.config import Settings, flask_config
from civicforum.database import db, keep_plans, limit_waits
from tests.support.ports import free_port

READY_SECONDS = 120.0


@dataclass
class Served:
    """A run of `civicforum serve`."""

    process: subprocess.Popen[str]
    port: int

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                pytest.fail(f"ended with {self.process.returncode}: {self.process.communicate()}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                    assert response.status == 200
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        pytest.fail("not ready in time")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    """An instance folder; whatever a test left running in it is ended."""
    path = tmp_path / "instance"
    yield path
    deadline = time.monotonic() + 30
    while embedded.is_running(path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not embedded.is_running(path)


@pytest.fixture(scope="module")
def kept_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an instance folder with a database of this version, stopped: made once, to be copied."""
    path = tmp_path_factory.mktemp("kept") / "instance"
    environment = _environment(path)
    subprocess.run([sys.executable, "-m", "civicforum", "migrate"], env=environment, check=True, timeout=120)
    return path


@pytest.fixture
def prepared(kept_instance: Path, instance: Path) -> Path:
    """Return the instance folder with a database that has been used before, so that a start takes seconds."""
    # With its owner: as root, PostgreSQL runs as a user of its own.
    subprocess.run(["cp", "-a", str(kept_instance), str(instance)], check=True)
    return instance


@pytest.fixture(name="free_port")
def _free_port() -> int:
    return free_port()


@pytest.fixture
def civicforum(instance: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a command to its end; keywords are settings, as in `DATABASE_URL=...`."""
    return partial(run_command, instance)


def run_command(instance: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `civicforum` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "civicforum", *arguments],
        env=_environment(instance) | {f"CIVICFORUM_{name}": value for name, value in settings.items()},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def serve(instance: Path, free_port: int) -> Iterator[Callable[..., Served]]:
    """Return a function that begins `civicforum serve` with an empty database on a free port."""
    begun: list[Served] = []

    def begin(port: int = free_port) -> Served:
        process = subprocess.Popen(
            [sys.executable, "-m", "civicforum", "serve", "--no-demo", "--workers", "1", "--port", str(port)],
            env=_environment(instance),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        begun.append(Served(process, port))
        return begun[-1]

    yield begin
    for served in begun:
        if served.process.poll() is None:
            served.process.kill()
            served.process.communicate()


@pytest.fixture
def make_bare(server_url: str, settings: Settings) -> Iterator[Callable[..., Flask]]:
    """Return a function that makes an application with nothing but a database, as the web server does."""
    made: list[Flask] = []

    def make(*, of_web: bool = True, pgbouncer: bool = False, url: str = server_url) -> Flask:
        app = Flask(__name__)
        app.config.update(flask_config(replace(settings, database_url=url, pgbouncer=pgbouncer)))
        db.init_app(app)
        if of_web:
            limit_waits(app, lock_seconds=0.1, statement_seconds=0.3)
            keep_plans(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _environment(instance: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVICFORUM_")}
    return kept | {"CIVICFORUM_INSTANCE": str(instance)}
