"""`civicforum serve`: the database, the web server and the worker, started and ended together."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import click
from flask import Flask
from sqlalchemy import exists, select

from civicforum import create_app, embedded, logs
from civicforum.config import Settings
from civicforum.database import db
from civicforum.meetings.live.running import MOST_SCREENS, end_streams
from civicforum.people.models import Community
from civicforum.preparing import CannotStart, make_app, prepare_database, preparing
from civicforum.turns import Turns

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10.0
READY_SECONDS = 120.0
# A child that ends again and again has a cause that a restart does not cure.
RESTARTS, RESTARTS_WITHIN_SECONDS = 5, 300.0
# Pages made at once. Each screen that follows a meeting has a thread besides, which nearly always waits.
PAGES = 8
SWITCH_SECONDS = 0.0005


class Ending(BaseException):
    """The operator asked to end, by Ctrl-C or a signal."""


@dataclass
class Child:
    """A process of ours that is started again when it ends by itself."""

    name: str
    command: list[str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    ended_at: list[float] = field(default_factory=list)

    def start(self, environment: dict[str, str]) -> None:
        libc = ctypes.CDLL(None)

        def end_with_parent() -> None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=self.keep_open,
            # Ctrl-C reaches the parent alone, which ends its children in order.
            start_new_session=True,
            preexec_fn=end_with_parent,
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def may_restart(self, now: float) -> bool:
        self.ended_at = [at for at in self.ended_at if now - at < RESTARTS_WITHIN_SECONDS] + [now]
        return len(self.ended_at) <= RESTARTS


@dataclass
class Serving:
    """One run of `civicforum serve`."""

    host: str
    port: int
    workers: int | None
    with_demo: bool
    children: list[Child] = field(default_factory=list)

    def run(self) -> int:
        """Serve until asked to end (status 0) or until a part fails for good (status 1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _end)
        settings: Settings | None = None
        try:
            listener = _listener(self.host, self.port)
            app = self._prepare()
            settings = app.config["CIVICFORUM"]
            environment = os.environ | {
                "CIVICFORUM_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
                logs.VARIABLE: str(logs.log_file(settings.instance)),
            }
            self._start(listener, environment, embedded.share_with_children(settings.instance))
            self._supervise(settings, environment)
        except Ending:
            return 0
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._stop(settings)
        return 1

    def _prepare(self) -> Flask:
        app = make_app()
        settings: Settings = app.config["CIVICFORUM"]
        if settings.database_url is None:
            click.echo(f"The database is in {settings.instance}.")
        prepare_database(app, say=click.echo)
        if self.with_demo:
            _load_demo_if_empty(app)
        with app.app_context():
            db.engine.dispose()
        return app

    def _start(self, listener: socket.socket, environment: dict[str, str], share: tuple[int, ...]) -> None:
        try:
            listener.listen(128)
        except OSError as error:
            raise _port_refused(self.host, self.port, error) from error
        web = web_command(f"fd://{listener.fileno()}", workers=self.workers)
        self.children = [
            Child("web server", web, keep_open=(listener.fileno(), *share)),
            Child("worker", [sys.executable, "-m", "civicforum", "worker"], keep_open=share),
        ]
        for child in self.children:
            child.start(environment)

    def _supervise(self, settings: Settings, environment: dict[str, str]) -> None:
        """Return when something failed for good, after saying what."""
        address = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
        deadline: float | None = time.monotonic() + READY_SECONDS
        while True:
            for child in self.children:
                if child.has_ended() and not self._restart(child, environment):
                    return
            if settings.database_url is None and not embedded.is_running(settings.instance):
                click.echo(
                    f"The database has ended; its log is in {settings.instance}/postgres/log.", err=True
                )
                return
            if deadline is not None and _answers(address):
                click.echo(f"civicforum is at {address} (Ctrl-C ends it).")
                deadline = None
            elif deadline is not None and time.monotonic() > deadline:
                click.echo(f"The web server has not answered for {READY_SECONDS:.0f} seconds.", err=True)
                return
            time.sleep(0.2 if deadline is not None else 1)

    def _restart(self, child: Child, environment: dict[str, str]) -> bool:
        status = child.process.returncode if child.process else None
        if not child.may_restart(time.monotonic()):
            click.echo(f"The {child.name} keeps ending (status {status}); giving up.", err=True)
            return False
        click.echo(f"The {child.name} ended by itself (status {status}); starting it again.", err=True)
        child.start(environment)
        return True

    def _stop(self, settings: Settings | None) -> None:
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if settings is not None and settings.database_url is None:
            embedded.stop(settings.instance)


def web_command(bind: str, *, workers: int | None = None) -> list[str]:
    """Return the command of the web server; `workers` None is one for each core, within reason."""
    number = workers or min(4, max(2, os.cpu_count() or 2))
    command = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", str(number)]
    command += ["--worker-class", "gthread", "--threads", str(PAGES + MOST_SCREENS)]
    command += ["--graceful-timeout", "5", "--timeout", "120", "--log-level", "warning"]
    return [*command, "--no-control-socket", "civicforum.serve:web_app()"]


def web_app() -> Flask:
    """Return the application for one process of the web server.

    Threads hand the interpreter on after half a millisecond, not five: whoever holds a lock of the database
    waits for it many times, behind threads that check proofs, and everybody else waits for the lock.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    app = create_app()
    app.wsgi_app = Turns(app.wsgi_app, most=PAGES)  # type: ignore[method-assign]
    _end_streams_when_told(app)
    return app


def _end_streams_when_told(app: Flask) -> None:
    """Let streams end at the signals that end this process, which waits for its requests."""
    # Also when the parent is killed and cannot say so.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        before = signal.getsignal(number)

        def end(number: int, frame: FrameType | None, before: Any = before) -> None:
            end_streams(app)
            if callable(before):
                before(number, frame)

        signal.signal(number, end)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise Ending


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address. Nobody is let in before the pages are there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CannotStart(f"There is no address {host} on this machine: {error.strerror}.") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        raise _port_refused(host, port, error) from error
    return listener


def _port_refused(host: str, port: int, error: OSError) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        return CannotStart(
            f"Port {port} on {host} is in use by another program: choose another (make run PORT=5050)."
        )
    return CannotStart(f"Port {port} on {host} cannot be used: {error.strerror}.")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _load_demo_if_empty(app: Flask) -> None:
    from civicforum import demo

    with app.app_context(), preparing(click.echo):
        if db.session.scalar(select(exists().where(Community.id.is_not(None)))):
            return
        db.session.remove()
        click.echo("The database is empty: loading the demonstration community.")
        demo.load(progress=_show_progress)


def _show_progress(done: int, total: int, what: str) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r\033[K  {done}/{total} {what}", nl=done >= total)
    elif done * 10 // total != (done - 1) * 10 // total:
        # In a log, a line for each tenth is enough.
        click.echo(f"  {done}/{total} {what}")
