"""The guard of an embedded PostgreSQL: starts the server, and stops it after its last user.

Run by embedded.py as a script, without the packages of the environment, so that it stays small.
Arguments: the server program, its data, the folder of the locks, the folder of the socket, the system user
to run as (`-` for ourselves) and `durable` or `fast`. Prints `ready` once connections are accepted, else one
line of reason.
"""

from __future__ import annotations

import ctypes
import fcntl
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

# A server that was killed first replays what it had not written yet.
START_SECONDS = 60.0
STOP_SECONDS = 20.0
PR_SET_PDEATHSIG = 1
# For data that may be lost. Autovacuum would visit each of the hundreds of databases of a run every minute.
FAST = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]


class ServerEnded(Exception):
    """The server ended while somebody still used it."""


def main() -> int:
    program, data, locks, sockets, user, mode = sys.argv[1:]
    with (Path(locks) / "guard").open("a") as alive, (Path(locks) / "users").open("a") as users:
        fcntl.flock(alive, fcntl.LOCK_EX)
        server = _start(
            program, Path(data), sockets, None if user == "-" else user, FAST if mode == "fast" else []
        )
        reason = _wait_until_ready(server, Path(data))
        sys.stdout.write(f"{reason or 'ready'}\n")
        sys.stdout.close()
        if reason is None:
            _wait_for_last_user(server, users.fileno())
        _stop(server)
        if sockets != data:
            shutil.rmtree(sockets, ignore_errors=True)
        # Before `users` is released: who waits for that lock must not take this guard for a living one.
        fcntl.flock(alive, fcntl.LOCK_UN)
    return 0 if reason is None else 1


def _start(
    program: str, data: Path, sockets: str, user: str | None, options: list[str]
) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None)

    def stop_with_guard() -> None:
        # A guard that is killed takes its server along: a fast shutdown, which loses nothing.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)

    command = [
        program,
        "-D",
        str(data),
        "-k",
        sockets,
        "-c",
        "listen_addresses=",
        "-c",
        "unix_socket_permissions=0700",
    ]
    return subprocess.Popen(  # noqa: S603
        command + options,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        cwd=data,
        user=user,
        group=_group(user),
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=stop_with_guard,
    )


def _group(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _wait_until_ready(server: subprocess.Popen[bytes], data: Path) -> str | None:
    """Return None once connections are accepted, else why not. Line 8 of postmaster.pid is the status."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            return f"it ended with status {server.returncode}"
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            lines = []
        if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return None
        time.sleep(0.02)
    return f"not ready after {START_SECONDS:.0f} seconds"


def _wait_for_last_user(server: subprocess.Popen[bytes], users: int) -> None:
    def ended(_number: int, _frame: FrameType | None) -> None:
        raise ServerEnded

    try:
        signal.signal(signal.SIGCHLD, ended)
        if server.poll() is None:
            fcntl.flock(users, fcntl.LOCK_EX)
    except ServerEnded:
        sys.stderr.write("civicforum: the server ended while it was in use\n")
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
