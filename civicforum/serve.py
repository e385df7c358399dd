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
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy import exists, select

from civicforum import create_app, embedded, logs
from civicforum.config import Settings, read_settings
from civicforum.database import db, keep_plans, limit_waits
from civicforum.embedded import EmbeddedError
from civicforum.meetings.live.running import MOST_SCREENS, end_streams
from civicforum.operating.sharing import VARIABLE as SHARED
from civicforum.operating.sharing import begin_sharing, share_values
from civicforum.people.models import Community
from civicforum.preparing import CannotStart, make_app, prepare_database, preparing
from civicforum.receiving import Receiving
from civicforum.turns import Turns

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10.0
READY_SECONDS = 120.0
# What ends again and again before the first page was answered has a cause that a restart does not cure.
RESTARTS = 5
# Later it is started again however often it ends: at once, and ever later if it does not last.
LASTING_SECONDS, LONGEST_PAUSE_SECONDS = 60.0, 30.0
# Pages made at once. Each screen that follows a meeting has a thread besides, which nearly always waits.
PAGES = 8
SWITCH_SECONDS = 0.0005


class Ending(BaseException):
    """The operator asked to end, by Ctrl-C or a signal."""


@dataclass
class Patience:
    """When something that has ended is started again; instants are those of time.monotonic()."""

    started_at: float = 0.0
    restarts: int = 0
    due_at: float | None = None

    def note_start(self, now: float) -> None:
        self.started_at, self.due_at = now, None

    def note_end(self, now: float) -> None:
        """Plan the next start."""
        self.restarts = 1 if now - self.started_at > LASTING_SECONDS else self.restarts + 1
        self.due_at = now + min(LONGEST_PAUSE_SECONDS, 2.0 ** (self.restarts - 1) - 1)

    def is_due(self, now: float) -> bool:
        return self.due_at is not None and now >= self.due_at


@dataclass
class Child:
    """A process of ours that is started again when it ends by itself."""

    name: str
    command: list[str]
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    patience: Patience = field(default_factory=Patience)

    def start(self, environment: dict[str, str]) -> None:
        libc = ctypes.CDLL(None)

        def end_with_parent() -> None:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

        self.patience.note_start(time.monotonic())
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


@dataclass
class Serving:
    """One run of `civicforum serve`."""

    host: str
    port: int
    workers: int | None
    with_demo: bool
    children: list[Child] = field(default_factory=list)
    database: Patience = field(default_factory=Patience)
    has_answered: bool = False

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
                SHARED: begin_sharing(settings.instance),
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
        """Look after the parts; return when the site cannot be brought up, after saying why."""
        address = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
        deadline = time.monotonic() + READY_SECONDS
        while True:
            if settings.database_url is None:
                self._look_after_database(settings)
            for child in self.children:
                if not self._look_after(child, environment):
                    return
            if not self.has_answered and _answers(address, settings.hosts):
                click.echo(f"civicforum is at {address} (Ctrl-C ends it).")
                self.has_answered = True
            elif not self.has_answered and time.monotonic() > deadline:
                click.echo(f"The web server has not answered for {READY_SECONDS:.0f} seconds.", err=True)
                return
            time.sleep(1 if self.has_answered else 0.2)

    def _look_after(self, child: Child, environment: dict[str, str]) -> bool:
        """Start a child again that has ended; return False where that is of no use."""
        patience, now = child.patience, time.monotonic()
        if patience.due_at is None and child.has_ended():
            status = child.process.returncode if child.process else None
            patience.note_end(now)
            if not self.has_answered and patience.restarts > RESTARTS:
                click.echo(f"The {child.name} keeps ending (status {status}); giving up.", err=True)
                return False
            click.echo(f"The {child.name} ended by itself (status {status}); starting it again.", err=True)
        if patience.is_due(now):
            child.start(environment)
        return True

    def _look_after_database(self, settings: Settings) -> None:
        """Start the embedded server again that has ended: killed, or without space on the disk."""
        patience, now = self.database, time.monotonic()
        if patience.due_at is None and not embedded.is_running(settings.instance):
            patience.note_end(now)
            log = f"{settings.instance}/postgres/log"
            click.echo(f"The database has ended; starting it again. Its log is {log}.", err=True)
        if patience.is_due(now):
            patience.note_start(now)
            try:
                embedded.revive(settings.instance)
            except EmbeddedError as error:
                click.echo(str(error), err=True)

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
    command += ["--config", "python:civicforum.web", "--no-control-socket"]
    return [*command, "civicforum.serve:web_app()"]


def become_web_server(app: Flask, *, bind: str, workers: int | None = None) -> NoReturn:
    """Go on as the web server in this very process, so that whoever started it, such as systemd, watches it.

    Raises CannotStart on the embedded database, which would end with the process that started it.
    """
    settings: Settings = app.config["CIVICFORUM"]
    if settings.database_url is None:
        raise CannotStart(
            "`civicforum web` needs CIVICFORUM_DATABASE_URL; `civicforum serve` brings its own database."
        )
    with app.app_context():
        db.engine.dispose()
    command = web_command(bind, workers=workers)
    os.execv(command[0], command)  # noqa: S606


def web_app() -> Flask:
    """Return the application that the processes of the web server begin with."""
    settings = read_settings()
    logs.init_logging(settings, always=True)
    if settings.metrics:
        share_values(settings.instance)
    app = create_app(settings)
    limit_waits(app)
    keep_plans(app)
    turns = Turns(app.wsgi_app, most=PAGES)
    app.wsgi_app = Receiving(turns, most=app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]
    return app


def begin_process(app: Flask) -> None:
    """Set up what each process of the web server has for itself.

    Threads hand the interpreter on after half a millisecond, not five: whoever holds a lock of the database
    waits for it many times, behind threads that check proofs, and everybody else waits for the lock.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    with app.app_context():
        # Should anything have been read before the copy: two processes may not share a connection.
        db.engine.dispose(close=False)
    _end_streams_when_told(app)


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


def _answers(address: str, hosts: tuple[str, ...]) -> bool:
    # By a name the site may be called by, since it answers to no other.
    name = {"Host": hosts[0].lstrip(".")} if hosts else {}
    request = urllib.request.Request(f"{address}/healthz", headers=name)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as response:  # noqa: S310
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
