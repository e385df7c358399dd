"""`civicforum doctor`: each thing that may be wrong is found, and nothing that is wrong stops it."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from civicforum.config import ROOT, Settings
from civicforum.database import db
from civicforum.operating import texts
from civicforum.operating.checks import CHECKS, Surroundings, clock, disks, machine, programs, run_checks
from civicforum.operating.checks.base import connected
from civicforum.operating.cli import doctor
from civicforum.operating.rules import Finding, Status

NOW = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)
KEYS = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
Ask = Callable[..., Finding]


@pytest.fixture
def good_settings(tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path, database_url=None, secret_key=KEYS[0], identity_key=KEYS[1], secure_cookies=False
    )


@pytest.fixture
def ask(good_settings: Settings) -> Ask:
    """Return a function that runs one check with changed settings, without a database."""

    def run(name: str, **changed: Any) -> Finding:
        return CHECKS[name].look(Surroundings(replace(good_settings, **changed), NOW, None))

    return run


@pytest.fixture
def ask_database(app: Flask, session: object, good_settings: Settings) -> Ask:
    def run(name: str) -> Finding:
        return CHECKS[name].look(Surroundings(good_settings, NOW, db.session.connection()))

    return run


def test_every_check_is_described(app: Flask) -> None:
    guide = (ROOT / "docs" / "operate" / "doctor.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z]+\.[a-z]+)`", guide)) >= set(CHECKS)


@pytest.mark.parametrize(
    ("name", "changed", "expected"),
    [
        ("secrets.keys", {}, Status.GOOD),
        ("secrets.keys", {"secret_key": "change-me"}, Status.BAD),
        ("secrets.keys", {"secret_key": "a" * 64}, Status.BAD),
        ("secrets.keys", {"identity_key": KEYS[0]}, Status.BAD),
        ("secrets.metrics", {"metrics_token": "short"}, Status.LOOK),
        ("serving.cookies", {}, Status.GOOD),
        ("serving.cookies", {"site_url": "https://a.example"}, Status.BAD),
        ("serving.cookies", {"site_url": "https://a.example", "secure_cookies": True}, Status.GOOD),
        ("serving.cookies", {"site_url": "http://a.example", "secure_cookies": True}, Status.BAD),
        ("serving.proxies", {"site_url": "https://a.example"}, Status.LOOK),
        ("serving.proxies", {"site_url": "https://a.example", "proxies": 1}, Status.GOOD),
        ("serving.hosts", {"site_url": "https://a.example"}, Status.LOOK),
        ("serving.hosts", {"site_url": "https://a.example", "hosts": ("a.example",)}, Status.GOOD),
        ("serving.logs", {"log_days": 185}, Status.GOOD),
        ("serving.logs", {"log_days": 30}, Status.BAD),
        ("mail.settings", {}, Status.GOOD),
        ("mail.settings", {"smtp_url": "http://mail", "mail_from": "a@b.example"}, Status.BAD),
        ("mail.settings", {"smtp_url": "smtp+plain://192.0.2.7", "mail_from": "a@b.example"}, Status.BAD),
        ("mail.settings", {"smtp_url": "smtp+plain://127.0.0.1", "mail_from": "a@b.example"}, Status.GOOD),
        ("mail.server", {"smtp_url": "smtp+plain://127.0.0.1:1", "mail_from": "a@b.example"}, Status.BAD),
        ("mail.providers", {"providers": Path("/nowhere.toml")}, Status.BAD),
        ("disk.backups", {}, Status.LOOK),
        ("disk.backups", {"backups": Path("/nowhere")}, Status.BAD),
        ("clock.zone", {}, Status.GOOD),
        ("programs.libsodium", {}, Status.GOOD),
    ],
)
def test_settings_that_do_not_fit_are_found(
    ask: Ask, name: str, changed: dict[str, Any], expected: Status
) -> None:
    finding = ask(name, **changed)
    assert (finding.id, finding.status) == (name, expected)
    assert bool(finding.remedy) == (expected > Status.GOOD)


def test_a_backup_beside_the_data_is_found(ask: Ask, tmp_path: Path) -> None:
    assert ask("disk.backups", backups=tmp_path).status is Status.LOOK


@pytest.mark.parametrize("name", ["secrets.toml", "poll-keys/one"])
def test_a_key_that_others_can_read_is_found(ask: Ask, tmp_path: Path, name: str) -> None:
    key = tmp_path / name
    key.parent.mkdir(exist_ok=True)
    key.write_text("key")
    key.chmod(0o600)
    assert ask("secrets.files").status is Status.GOOD
    key.chmod(0o640)
    assert ask("secrets.files").status is Status.BAD


def test_a_full_disk_is_found(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    full: Any = type("Usage", (), {"free": 10, "total": 10**12})
    monkeypatch.setattr(disks.shutil, "disk_usage", lambda _path: full)
    assert ask("disk.space").status is Status.BAD


def test_too_few_files_and_too_little_memory_are_found(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _kind: (256, 256))
    assert ask("machine.files").status is Status.BAD
    monkeypatch.setattr(machine, "_megabytes", lambda name: {"MemAvailable": 300, "MemTotal": 2000}[name])
    assert ask("machine.memory").status is Status.LOOK


def test_missing_programs_are_found(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "find_chromium", lambda: None)
    monkeypatch.setattr(programs.shutil, "which", lambda _name: None)
    assert [ask(name).status for name in ("programs.chromium", "programs.fonts")] == [Status.LOOK] * 2


def test_a_database_that_forgets_is_found(ask_database: Ask) -> None:
    db.session.execute(text("SET LOCAL synchronous_commit = off"))
    finding = ask_database("database.durable")
    assert finding.status is Status.BAD
    assert "synchronous_commit" in finding.values["names"]


def test_a_schema_of_another_version_is_found(ask_database: Ask) -> None:
    assert ask_database("database.schema").status is Status.GOOD
    db.session.execute(text("UPDATE alembic_version SET version_num = '0001_before'"))
    assert ask_database("database.schema").status is Status.BAD


def test_a_worker_that_says_nothing_is_found(ask_database: Ask) -> None:
    assert ask_database("work.worker").status is Status.BAD
    db.session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert ask_database("work.worker").status is Status.GOOD
    db.session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"))
    assert ask_database("work.worker").status is Status.BAD


def test_jobs_that_wait_or_were_given_up_are_found(ask_database: Ask) -> None:
    assert ask_database("work.queue").status is Status.GOOD
    db.session.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES "
            "('default', 'inbox.send', 'todo', now() - interval '40 minutes'), "
            "('default', 'inbox.send', 'failed', NULL)"
        )
    )
    assert ask_database("work.queue").status is Status.BAD
    assert ask_database("work.queue").values["minutes"] == 40
    assert ask_database("work.failed").values["number"] == 1


def test_without_a_backup_it_says_so(ask_database: Ask) -> None:
    assert ask_database("work.backup").status is Status.BAD
    assert ask_database("work.trial").status is Status.LOOK


def test_clocks_of_machine_and_database_are_compared(
    ask_database: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask_database("clock.database").status is Status.GOOD
    monkeypatch.setattr(clock.time, "time", lambda: 1_000_000.0)
    assert ask_database("clock.database").status is Status.BAD


@pytest.fixture
def time_server() -> Iterator[str]:
    """A server that speaks NTP and is an hour ahead."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            asked, whom = server.recvfrom(512)
            assert asked[0] & 0b111 == 3  # mode 3 is a client (RFC 5905, figure 8)
            ahead = struct.pack("!II", int(time.time()) + 3600 + 2_208_988_800, 0)
            server.sendto(b"\x24" + 31 * b"\0" + ahead + ahead, whom)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_the_clock_is_compared_with_a_time_server(good_settings: Settings, time_server: str) -> None:
    around = Surroundings(good_settings, NOW, None, may_call=True, time_servers=(time_server,))
    finding = CHECKS["clock.network"].look(around)
    assert finding.status is Status.BAD
    assert float(finding.values["seconds"]) == pytest.approx(3600, abs=2)


def test_without_a_time_server_it_says_that_nothing_was_compared(good_settings: Settings) -> None:
    around = Surroundings(good_settings, NOW, None, may_call=True, time_servers=("127.0.0.1:1",))
    assert CHECKS["clock.network"].look(around).status is Status.NOT_ASKED


def test_a_check_that_fails_is_a_finding(good_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: object) -> None:
        raise OSError

    monkeypatch.setattr(disks.shutil, "disk_usage", fail)
    findings = {one.id: one for one in run_checks(Surroundings(good_settings, NOW, None))}
    assert findings["disk.space"].values == {"kind": "OSError"}
    assert findings["secrets.keys"].status is Status.GOOD


def test_a_database_that_is_gone_is_the_first_finding(tmp_path: Path) -> None:
    environment = {
        "CIVICFORUM_INSTANCE": str(tmp_path),
        "CIVICFORUM_DATABASE_URL": "postgresql+psycopg://civicforum:secret-word@127.0.0.1:1/nothing",
    }
    ran = CliRunner(env=environment).invoke(doctor, ["--json", "--offline"])
    answer = json.loads(ran.stdout)
    assert (ran.exit_code, answer["status"]) == (2, 2)
    first = answer["findings"][0]
    assert (first["id"], first["status"]) == ("database.answers", "bad")
    assert "secret-word" not in ran.output
    assert not {"work.worker", "clock.network"} & {one["id"] for one in answer["findings"]}


def test_the_command_looks_at_everything_and_ends_with_the_worst(
    app: Flask, database: None, tmp_path: Path
) -> None:
    environment = {
        "CIVICFORUM_INSTANCE": str(tmp_path),
        "CIVICFORUM_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "LC_ALL": "C",
    }
    ran = CliRunner(env=environment).invoke(doctor, ["--offline"])
    # Nothing works for the test's database, and nothing was ever backed up.
    assert ran.exit_code == 2
    assert "Mend it  work.worker: No worker runs" in ran.output
    assert "    -> Start civicforum serve" in ran.output
    offline = {name for name, one in CHECKS.items() if not one.calls}
    assert {name for name in CHECKS if f"  {name}: " in ran.output} == offline


def test_each_thing_it_may_say_is_said_in_chinese(good_settings: Settings) -> None:
    with connected("postgresql+psycopg://127.0.0.1:1/nothing") as (connection, failure):
        findings = run_checks(Surroundings(good_settings, NOW, connection, failure))
    for finding in findings:
        found, remedy = texts.in_language(finding, "zh_Hans")
        assert re.search(r"[一-鿿]", found), finding.id
        assert not finding.remedy or re.search(r"[一-鿿]", remedy), finding.id


def test_a_backup_grows_old(app: Flask, session: object, good_settings: Settings) -> None:
    from civicforum.operating.checks import work

    last = type("Last", (), {"made_at": NOW - timedelta(hours=30), "tried_at": NOW, "has_secrets": False})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(work, "last_backup", lambda _session: last)
        around = Surroundings(good_settings, NOW, db.session.connection())
        assert work.backup(around).status is Status.LOOK
        assert work.trial(around).status is Status.GOOD
        assert work.secrets_kept(around).status is Status.LOOK
