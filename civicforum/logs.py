"""The logs of a serving installation, kept six months (Cybersecurity Law art 23).

Three files in one folder, each begun anew every day: `civicforum.log` (requests, jobs, failures), `slow.log`
(statements that took long) and `sign-ins.log` (which account signed in from where). Only the last one names
an address, it can be read by its owner alone, and none names a person or repeats what anybody typed.
"""

from __future__ import annotations

import fcntl
import gzip
import io
import logging
import os
import re
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from civicforum.config import Settings
from civicforum.operating.failures import describe
from civicforum.operating.watch import current
from civicforum.rulebook.days import SHANGHAI, day_of

VARIABLE = "CIVICFORUM_LOG"
SIGN_INS, SLOW = "sign-ins.log", "slow.log"
# Whatever is written there belongs into the file of sign-ins.
ABOUT_ACCOUNTS = "civicforum.accounts"
SLOW_LOGGER = "civicforum.slow"
# What a line may say besides its message; other extras, such as the arguments of a job, are left out.
EXTRAS = ("request_id", "endpoint", "method", "status", "ms", "statements", "task", "job", "statement")
PLAIN = (str, int, float)
# A file that is over has no writer left after two days.
PACKED_AFTER = timedelta(days=2)
_DATED = re.compile(r"\.(\d{4}-\d\d-\d\d)(\.gz)?$")


def log_file(instance: Path) -> Path:
    """Return the file that `civicforum serve` lets its processes write to."""
    return Path(os.environ.get(VARIABLE) or instance / "log" / "civicforum.log")


def init_logging(settings: Settings, *, always: bool = False) -> None:
    """Write the logs of this process, once, to the file of the settings; `always`: also where they name none.

    Raises OSError when the folder cannot be written to.
    """
    path = settings.log or (log_file(settings.instance) if always else None)
    if path is None or any(isinstance(one, DailyFile) for one in logging.getLogger("civicforum").handlers):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    form = Lines() if settings.log_json else Words()
    general = DailyFile(path, days=settings.log_days)
    _let_write("civicforum", general, form, level=logging.INFO)
    _let_write("procrastinate", general, form, level=logging.WARNING)
    restricted = DailyFile(path.with_name(SIGN_INS), days=settings.log_days, mode=0o600)
    _let_write(ABOUT_ACCOUNTS, restricted, form, level=logging.INFO, apart=True)
    slow = DailyFile(path.with_name(SLOW), days=settings.log_days)
    _let_write(SLOW_LOGGER, slow, form, level=logging.INFO, apart=True)


def init_console() -> None:
    """Write warnings of this process to the terminal, in the same careful words."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(Words())
    for name in ("civicforum", "procrastinate"):
        logging.getLogger(name).addHandler(handler)


def _let_write(
    name: str, handler: DailyFile, form: logging.Formatter, *, level: int, apart: bool = False
) -> None:
    handler.setFormatter(form)
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = not apart


class DailyFile(WatchedFileHandler):
    """A file that many processes append to; the first one to write on a new day sets the old one aside."""

    def __init__(self, path: Path, *, days: int, mode: int = 0o640) -> None:
        self._mode, self._days, self._ends = mode, days, 0.0
        super().__init__(path, encoding="utf-8", delay=True)

    def _open(self) -> io.TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, self._mode)
        # Unbuffered, so that a line is one write, which the kernel appends whole.
        return io.TextIOWrapper(io.FileIO(handle, "w"), encoding="utf-8", write_through=True)

    def emit(self, record: logging.LogRecord) -> None:
        if record.created >= self._ends:
            self._begin_day(datetime.fromtimestamp(record.created, UTC))
        super().emit(record)

    def _begin_day(self, now: datetime) -> None:
        tomorrow = day_of(now) + timedelta(days=1)
        self._ends = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=SHANGHAI).timestamp()
        with suppress(OSError):
            set_aside(Path(self.baseFilename), now=now, days=self._days)


def set_aside(path: Path, *, now: datetime, days: int) -> None:
    """Give a file of a day that is over that day's name, and delete those of more than `days` days ago.

    Any number of processes may do so at once: the day of the last line says whether it was done.
    """
    with (path.parent / ".turning").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            last = day_of(datetime.fromtimestamp(path.stat().st_mtime, UTC))
            if last < day_of(now):
                path.rename(path.with_name(f"{path.name}.{last.isoformat()}"))
        for old, day in dated(path):
            if day < day_of(now) - timedelta(days=days):
                old.unlink(missing_ok=True)


def dated(path: Path) -> list[tuple[Path, date]]:
    """Return the files set aside of one log with their days, the oldest first."""
    found = [(one, _DATED.search(one.name)) for one in path.parent.glob(f"{path.name}.*")]
    days = [(one, date.fromisoformat(named[1])) for one, named in found if named is not None]
    return sorted(days, key=lambda pair: (pair[1], pair[0].name))


def tidy(path: Path, *, now: datetime, days: int) -> None:
    """Set aside what is over of all logs beside `path`, delete what is too old, and pack the rest."""
    for log in (path, path.with_name(SIGN_INS), path.with_name(SLOW)):
        if not log.parent.exists():
            continue
        set_aside(log, now=now, days=days)
        for old, day in dated(log):
            if old.suffix != ".gz" and day <= day_of(now) - PACKED_AFTER:
                _pack(old)


def _pack(path: Path) -> None:
    packed = path.with_name(f"{path.name}.gz")
    draft = path.with_name(f"{path.name}.gz.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, path.stat().st_mode & 0o777)
    with os.fdopen(handle, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb") as file:
        file.write(path.read_bytes())
    draft.rename(packed)
    path.unlink()


def _said(record: logging.LogRecord) -> dict[str, Any]:
    """Return the extras of a line, with the id of the request or the task in which it was written."""
    given = record.__dict__
    # A job as procrastinate gives it carries its arguments.
    said = {name: given[name] for name in EXTRAS if isinstance(given.get(name), PLAIN)}
    watch = current.get()
    if watch is not None and watch.request_id:
        said.setdefault("request_id", watch.request_id)
    return said


def _message(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] != "procrastinate":
        return record.getMessage()
    # Its own words repeat the arguments of jobs.
    job = getattr(record, "job", None)
    task = f" {job.get('task_name')} [{job.get('id')}]" if isinstance(job, dict) else ""
    return f"{getattr(record, 'action', record.funcName)}{task}"


class Lines(JsonFormatter):
    """One object of JSON for each line: of a record only what is named here, never all that it carries."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_said(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["failure"] = describe(record.exc_info[1])
        return self.jsonify_log_record(line)


class Words(logging.Formatter):
    """A line of words; a failure is indented below it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        said = " ".join(f"{name}={value}" for name, value in _said(record).items())
        line = f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {_message(record)}"
        lines = [f"{line} {said}".rstrip().replace("\n", " ")]
        if record.exc_info and record.exc_info[1] is not None:
            lines += [f"    {one}" for one in describe(record.exc_info[1])]
        return "\n".join(lines)
