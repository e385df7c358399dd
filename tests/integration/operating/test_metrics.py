"""/metrics and /readyz: who reads them, and what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from civicforum.config import ROOT, Settings
from civicforum.database import db
from civicforum.jobs import defer
from civicforum.operating import exposing, health
from civicforum.operating.rules import QUIET
from tests.factories import make_community
from tests.support.statements import count_statements

NOW = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
Change = Callable[..., Settings]


def read(page: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return the samples of a page of metrics by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def names(page: str) -> set[str]:
    return {name for name, _labels in read(page)}


def test_metrics_are_for_this_machine_alone_unless_there_is_a_token(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
    # A proxy on this machine hands on what came from anywhere.
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert client.get("/metrics", headers={"X-Real-IP": "127.0.0.1"}).status_code == 403


def test_with_a_token_everybody_needs_it(client: FlaskClient, with_settings: Change) -> None:
    with_settings(metrics_token="a token of sixteen signs")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    right = {"Authorization": "Bearer a token of sixteen signs"}
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    assert client.get("/metrics", headers=right, environ_base=elsewhere).status_code == 200


def test_metrics_can_be_switched_off(client: FlaskClient, with_settings: Change) -> None:
    with_settings(metrics=False)
    assert client.get("/metrics").status_code == 404


def test_requests_are_counted_by_endpoint_and_status_without_ids(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        community = make_community()
    key = ("civicforum_request_seconds_count",)
    labels = (("endpoint", "preferences.community"), ("method", "GET"), ("status", "3xx"))
    before = read(client.get("/metrics").text).get((*key, labels), 0)
    client.get(f"/communities/{community.id}")
    page = client.get("/metrics").text
    assert read(page)[(*key, labels)] == before + 1
    assert str(community.id) not in page


def test_secret_acts_are_counted_together(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
    client.get("/reports/")
    page = client.get("/metrics").text
    endpoints = set(re.findall(r'endpoint="([^"]*)"', page))
    assert QUIET in endpoints
    assert {one for one in endpoints if one.startswith(("reports.", "ratings.rate", "polls.cast"))} == set()


def test_jobs_show_with_their_states(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        before = datetime.now(UTC) - timedelta(minutes=10)
        defer(db.session(), "inbox.send", at=before)
        defer(db.session(), "inbox.send", at=before + timedelta(days=1))
        db.session.commit()
    samples = read(client.get("/metrics").text)
    assert samples[("civicforum_jobs", (("state", "waiting"),))] == 2
    assert samples[("civicforum_jobs", (("state", "due"),))] == 1
    assert samples[("civicforum_jobs_oldest_seconds", ())] == pytest.approx(600, abs=30)


def test_the_count_of_ballots_moves_once_an_hour(
    app: Flask, session: object, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A count that moved with each ballot would tell when each line of a board was written (adr 0011)."""
    cast = iter([{"sealed": 10}, {"sealed": 25}])
    monkeypatch.setattr(exposing.queries, "count_ballots", lambda _session: next(cast))

    def shown(now: datetime) -> dict[str, int]:
        return exposing._ballots_of_the_hour(tmp_path, db.session(), now)

    assert shown(NOW) == {"sealed": 10}
    # Still ten at 04:59, whatever was cast meanwhile and whichever process is asked.
    assert shown(NOW + timedelta(minutes=49)) == {"sealed": 10}
    assert shown(NOW + timedelta(minutes=50)) == {"sealed": 25}


def test_a_database_that_does_not_answer_is_a_figure_and_not_a_failure(settings: Settings) -> None:
    gone = db_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    samples = read(exposing.expose(settings, gone, now=NOW).decode())
    assert samples[("civicforum_database_up", ())] == 0
    assert ("civicforum_disk_free_bytes", (("folder", "instance"),)) in samples


def test_what_is_exposed_costs_a_bounded_number_of_statements(app: Flask, session: object) -> None:
    settings: Settings = app.config["CIVICFORUM"]
    exposing.expose(settings, db.engine, now=NOW)
    with count_statements() as statements:
        exposing.expose(settings, db.engine, now=NOW)
    assert statements.total <= 20


def test_processes_of_one_start_add_up(tmp_path: Path) -> None:
    """Two processes count apart; a third one reads both, without the gauges of those that have ended."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    count = (
        "from civicforum.operating import metrics as m;"
        "m.STATEMENTS.inc(3); m.POOL_IN_USE.inc(); m.REQUESTS.labels('a.b', 'GET', '2xx').observe(0.01)"
    )
    gather = (
        "from prometheus_client import CollectorRegistry, generate_latest;"
        "from civicforum.operating import metrics as m; r = CollectorRegistry(); m.add_shared(r);"
        "print(generate_latest(r).decode())"
    )
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], env=environment, check=True)
    page = subprocess.run(
        [sys.executable, "-c", gather], env=environment, check=True, capture_output=True, text=True
    ).stdout
    samples = read(page)
    assert samples[("civicforum_statements_total", ())] == 6
    labels = (("endpoint", "a.b"), ("method", "GET"), ("status", "2xx"))
    assert samples[("civicforum_request_seconds_count", labels)] == 2
    assert samples.get(("civicforum_pool_connections_in_use", ()), 0) == 0


def test_every_metric_that_an_alert_names_exists(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
        db.session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
        db.session.commit()
    client.get("/rules/")
    there = names(client.get("/metrics").text) | {
        # Only there once a backup was made.
        "civicforum_backup_age_seconds",
        "civicforum_backup_trial_age_seconds",
    }
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    assert len(rules) > 8
    guide = (ROOT / "docs" / "operate" / "monitoring.md").read_text(encoding="utf-8")
    for rule in rules:
        named = set(re.findall(r"civicforum_\w+", rule["expr"]))
        assert named or "up{" in rule["expr"], rule["alert"]
        assert named <= there, rule["alert"]
        assert set(rule["annotations"]) == {"summary", "action"}
        # What it means and what to do.
        assert f"`{rule['alert']}`" in guide, rule["alert"]


def test_ready_names_each_check(app: Flask, client: FlaskClient, asked_anew: None) -> None:
    with app.app_context():
        db.session.execute(text("SELECT 1"))
    answer = client.get("/readyz")
    # The test's server has no worker.
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "checks": {"database": "ok", "schema": "ok", "worker": "does not run", "disk": "ok"},
    }
    assert client.get("/readyz?without=worker").status_code == 200


def test_ready_needs_room_on_the_disk(
    client: FlaskClient, asked_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: Any = type("Usage", (), {"free": 10, "total": 10**12})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: full)
    answer = client.get("/readyz?without=worker")
    assert (answer.status_code, (answer.json or {})["checks"]["disk"]) == (503, "nearly full")


def test_ready_says_within_seconds_that_the_database_is_gone(
    app: Flask, client: FlaskClient, asked_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "postgresql+psycopg://civicforum:secret-word@127.0.0.1:1/nothing"
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, (answer.json or {})["checks"]["database"]) == (503, "does not answer")
    assert "secret-word" not in answer.text
    assert "127.0.0.1" not in answer.text


@pytest.fixture
def asked_anew(app: Flask) -> None:
    """Forget what readiness found in the test before."""
    app.extensions.pop("civicforum_readiness", None)


def db_engine(url: str) -> Any:
    from sqlalchemy import create_engine

    return create_engine(url, connect_args={"connect_timeout": 1})
