"""The logs: who writes where, in which form, what is set aside at midnight, and what is never written."""

from __future__ import annotations

import gzip
import json
import logging
import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from civicforum import logs
from civicforum.config import Settings
from civicforum.operating.watch import Watch, current

# Half past midnight of the 23rd in Shanghai, where it is still the 22nd in UTC.
NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
OURS = ("civicforum", "civicforum.accounts", "civicforum.slow", "procrastinate")


@pytest.fixture
def loggers() -> Iterator[None]:
    """Give the loggers back as they were."""
    before = {name: logging.getLogger(name) for name in OURS}
    kept = {name: (list(one.handlers), one.level, one.propagate) for name, one in before.items()}
    for one in before.values():
        one.handlers = []
    yield
    for name, one in before.items():
        for handler in one.handlers:
            handler.close()
        one.handlers, one.level, one.propagate = kept[name]


def settings(tmp_path: Path, *, named: bool = True, log_json: bool = True) -> Settings:
    return Settings(
        instance=tmp_path,
        database_url=None,
        secret_key="",
        identity_key="",
        secure_cookies=False,
        log=tmp_path / "log" / "civicforum.log" if named else None,
        log_json=log_json,
    )


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_sign_ins_stand_in_a_file_of_their_own_that_only_its_owner_reads(
    loggers: None, tmp_path: Path
) -> None:
    logs.init_logging(settings(tmp_path))
    logs.init_logging(settings(tmp_path))
    logging.getLogger("civicforum.accounts.services").info("account %s signed in from %s", 1, "192.0.2.7")
    logging.getLogger("civicforum.notices").info("something else")
    kept = tmp_path / "log" / logs.SIGN_INS
    assert [line["message"] for line in lines(kept)] == ["account 1 signed in from 192.0.2.7"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [line["message"] for line in lines(tmp_path / "log" / "civicforum.log")] == ["something else"]


def test_without_a_file_nothing_is_set_up_unless_it_has_to_be(loggers: None, tmp_path: Path) -> None:
    logs.init_logging(settings(tmp_path, named=False))
    assert not logging.getLogger("civicforum").handlers
    logs.init_logging(settings(tmp_path, named=False), always=True)
    assert logging.getLogger("civicforum").handlers


def test_the_log_lies_in_the_instance_folder_unless_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    assert logs.log_file(tmp_path) == tmp_path / "log" / "civicforum.log"
    monkeypatch.setenv(logs.VARIABLE, "/var/log/civicforum.log")
    assert logs.log_file(tmp_path) == Path("/var/log/civicforum.log")


def test_a_line_names_the_request_it_was_written_in(loggers: None, tmp_path: Path) -> None:
    logs.init_logging(settings(tmp_path))
    token = current.set(Watch(place="matters.show", request_id="0123456789abcdef"))
    logging.getLogger("civicforum.matters").warning("late")
    current.reset(token)
    (line,) = lines(tmp_path / "log" / "civicforum.log")
    assert (line["request_id"], line["level"], line["logger"]) == (
        "0123456789abcdef",
        "WARNING",
        "civicforum.matters",
    )
    assert datetime.fromisoformat(str(line["time"])).tzinfo is not None


@pytest.mark.parametrize("log_json", [True, False])
def test_a_failure_is_written_without_the_values_it_carried(
    loggers: None, tmp_path: Path, log_json: bool
) -> None:
    logs.init_logging(settings(tmp_path, log_json=log_json))
    person = "王秀英 13800138000"
    try:
        try:
            raise ValueError(f"no such person: {person}")
        except ValueError as cause:
            raise IntegrityError("INSERT INTO person VALUES (%(name)s)", {"name": person}, cause) from cause
    except IntegrityError:
        logging.getLogger("civicforum.people").exception("the import failed")
    text = (tmp_path / "log" / "civicforum.log").read_text(encoding="utf-8")
    assert "王秀英" not in text
    assert "13800138000" not in text
    # What it was, what it asked, and where.
    assert "builtins.ValueError" in text
    assert "INSERT INTO person VALUES" in text
    assert "tests/unit/test_logs.py" in text


def test_a_mistake_of_the_code_is_written_in_its_own_words(loggers: None, tmp_path: Path) -> None:
    logs.init_logging(settings(tmp_path))
    try:
        None.title  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError:
        logging.getLogger("civicforum").exception("failed")
    (line,) = lines(tmp_path / "log" / "civicforum.log")
    assert "'NoneType' object has no attribute 'title'" in str(line["failure"])


def test_the_arguments_of_a_job_are_left_out(loggers: None, tmp_path: Path) -> None:
    logs.init_logging(settings(tmp_path))
    job = {"task_name": "inbox.tell", "id": 7, "task_kwargs": {"person_ids": ["1a2b"]}}
    said = {"action": "job_error", "job": job}
    logging.getLogger("procrastinate.worker").error("Job inbox.tell(person_ids=['1a2b']) failed", extra=said)
    text = (tmp_path / "log" / "civicforum.log").read_text(encoding="utf-8")
    assert "1a2b" not in text
    assert json.loads(text)["message"] == "job_error inbox.tell [7]"


def test_a_file_is_set_aside_under_the_day_of_its_last_line_in_shanghai(tmp_path: Path) -> None:
    path = tmp_path / "civicforum.log"
    path.write_text("of the 22nd\n")
    evening = (NIGHT - timedelta(hours=1)).timestamp()
    os.utime(path, (evening, evening))
    logs.set_aside(path, now=NIGHT, days=185)
    logs.set_aside(path, now=NIGHT, days=185)
    assert [(one.name, day.isoformat()) for one, day in logs.dated(path)] == [
        ("civicforum.log.2026-11-22", "2026-11-22")
    ]
    assert not path.exists()


def test_a_file_of_today_stays(tmp_path: Path) -> None:
    path = tmp_path / "civicforum.log"
    path.write_text("of the 23rd\n")
    os.utime(path, (NIGHT.timestamp(), NIGHT.timestamp()))
    logs.set_aside(path, now=NIGHT, days=185)
    assert path.exists()


def test_logs_are_kept_for_their_days_and_then_deleted(tmp_path: Path) -> None:
    path = tmp_path / "civicforum.log"
    # Today is the 23rd of November: 185 days before is the 22nd of May.
    for day in ("2026-05-21", "2026-05-22"):
        (tmp_path / f"civicforum.log.{day}.gz").write_bytes(b"")
    (tmp_path / "civicforum.log.by-hand").write_text("somebody's own")
    logs.tidy(path, now=NIGHT, days=185)
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".turning") == [
        ".turning",
        "civicforum.log.2026-05-22.gz",
        "civicforum.log.by-hand",
    ]


def test_what_was_set_aside_two_days_ago_is_packed_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "civicforum.log"
    old = tmp_path / f"{logs.SIGN_INS}.2026-11-21"
    old.write_text("account 1 signed in")
    old.chmod(0o600)
    (tmp_path / f"{logs.SIGN_INS}.2026-11-22").write_text("account 2 signed in")
    logs.tidy(path, now=NIGHT, days=185)
    packed = tmp_path / f"{logs.SIGN_INS}.2026-11-21.gz"
    assert gzip.decompress(packed.read_bytes()) == b"account 1 signed in"
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    assert not old.exists()
    assert (tmp_path / f"{logs.SIGN_INS}.2026-11-22").exists()


def test_many_writers_lose_no_line_over_midnight(tmp_path: Path) -> None:
    """Each writer has a file of its own open, as processes do, and each finds the new day by itself."""
    path = tmp_path / "civicforum.log"
    evening, night = (NIGHT - timedelta(hours=1)).timestamp(), NIGHT.timestamp()
    writers = [logs.DailyFile(path, days=185) for _ in range(4)]
    for serial, writer in enumerate(writers):
        writer.emit(line_at(evening, f"before {serial}"))
    os.utime(path, (evening, evening))

    def go_on(serial: int) -> None:
        for number in range(50):
            writers[serial].emit(line_at(night, f"after {serial} {number}"))

    threads = [threading.Thread(target=go_on, args=(serial,)) for serial in range(len(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.close()
    set_aside = (tmp_path / "civicforum.log.2026-11-22").read_text().splitlines()
    assert sorted(set_aside) == [f"before {serial}" for serial in range(4)]
    assert len(path.read_text().splitlines()) == 200


def line_at(moment: float, words: str) -> logging.LogRecord:
    record = logging.LogRecord("civicforum", logging.INFO, "", 0, words, None, None)
    record.created = moment
    return record
