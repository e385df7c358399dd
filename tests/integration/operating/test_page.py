"""The operator's page: how the installation stands, and jobs that run again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone, NotEligible, NotFound
from civicforum.operating import queries, services, slow
from civicforum.records.models import JournalEntry
from tests.factories import actor_of, make_community, make_officer, make_person, sign_in
from tests.support.statements import count_statements

NOW = datetime(2026, 11, 23, 4, 10, tzinfo=UTC)
FAIL = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, queueing_lock) "
    "VALUES ('default', 'inbox.send', 'failed', 5, :lock) RETURNING id"
)
STATE = text("SELECT status::text FROM procrastinate_jobs WHERE id = :id")


@dataclass
class Place:
    admin: Actor
    resident: Actor


@pytest.fixture
def place(session: Session) -> Place:
    community = make_community()
    admin = make_officer(community, Role.ADMIN, login="operator")
    return Place(actor_of(admin, Role.ADMIN), actor_of(make_person(community)))


def make_failed(lock: str | None = None) -> int:
    number: int = db.session.scalars(FAIL, {"lock": lock}).one()
    db.session.commit()
    return number


def test_a_job_that_was_given_up_runs_again_and_the_journal_says_who_let_it(
    session: Session, place: Place
) -> None:
    job_id = make_failed()
    services.retry_job(job_id=job_id, actor=place.admin, now=NOW)
    assert session.scalar(STATE, {"id": job_id}) == "todo"
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "community.retry_job")).one()
    assert (entry.actor_id, entry.payload) == (place.admin.person_id, {"job": job_id, "task": "inbox.send"})
    assert not entry.is_public


def test_a_job_runs_again_once(session: Session, place: Place) -> None:
    job_id = make_failed()
    services.retry_job(job_id=job_id, actor=place.admin, now=NOW)
    with pytest.raises(NotFound):
        services.retry_job(job_id=job_id, actor=place.admin, now=NOW)
    for unknown in (0, 2**80):
        with pytest.raises(NotFound):
            services.retry_job(job_id=unknown, actor=place.admin, now=NOW)


def test_a_tick_that_waits_already_is_not_queued_twice(session: Session, place: Place) -> None:
    job_id = make_failed(lock="inbox.send")
    session.execute(
        text(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) "
            "VALUES ('default', 'inbox.send', 'inbox.send')"
        )
    )
    session.commit()
    with pytest.raises(AlreadyDone):
        services.retry_job(job_id=job_id, actor=place.admin, now=NOW)
    assert session.scalar(STATE, {"id": job_id}) == "failed"


def test_only_an_administrator_lets_jobs_run_again(session: Session, place: Place) -> None:
    with pytest.raises(NotEligible):
        services.retry_job(job_id=make_failed(), actor=place.resident, now=NOW)


def test_jobs_given_up_long_ago_are_forgotten(session: Session, place: Place) -> None:
    """`failed` leaves an event with its instant; the one of a year ago goes."""
    old, new = make_failed(), make_failed()
    for job_id, days in ((old, 365), (new, 5)):
        session.execute(text("DELETE FROM procrastinate_events WHERE job_id = :id"), {"id": job_id})
        session.execute(
            text("INSERT INTO procrastinate_events (job_id, type, at) VALUES (:id, 'failed', :at)"),
            {"id": job_id, "at": NOW - timedelta(days=days)},
        )
    session.commit()
    services.forget_failed(now=NOW)
    assert [job.id for job in queries.list_failed_jobs(session)] == [new]


def test_deadlines_are_counted_as_near_or_past(session: Session, place: Place) -> None:
    before = {one.feature: (one.due, one.overdue) for one in queries.list_clocks(session, now=NOW)}
    assert set(before.values()) == {(0, 0)}
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(3)]
    for one, hours in zip(ids, (-1, 23, 25), strict=True):
        session.execute(
            text(
                "INSERT INTO deletion_request (id, community_id, person_id, state, asked_at, due_at, "
                "keeps_texts, ground, outcome) "
                "VALUES (:id, :community, :person, 'asked', :now, :due, true, '', '{}')"
            ),
            {
                "id": one,
                "community": place.admin.community_id,
                # One person asks once at a time.
                "person": make_person_id(place),
                "now": NOW,
                "due": NOW + timedelta(hours=hours),
            },
        )
    after = {one.feature: (one.due, one.overdue) for one in queries.list_clocks(session, now=NOW)}
    assert after["deletion_requests"] == (1, 1)


def make_person_id(place: Place) -> object:
    from civicforum.people.models import Community

    return make_person(db.session.get_one(Community, place.admin.community_id)).id


def test_the_administrator_sees_what_was_found_and_lets_a_job_run_again(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        make_officer(make_community(), Role.ADMIN, login="operator")
        job_id = make_failed()
    sign_in(client, "operator")
    client.get("/language/en")
    page = client.get("/operating").text
    assert "No worker runs" in page
    assert "work.worker" in page
    answer = client.post(f"/operating/jobs/{job_id}/retry", follow_redirects=True)
    assert "The job runs again." in answer.text
    assert f"/operating/jobs/{job_id}/retry" not in answer.text


def test_the_page_makes_a_bounded_number_of_statements(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_officer(make_community(), Role.ADMIN, login="operator")
    sign_in(client, "operator")
    client.get("/operating")
    with count_statements() as counted:
        client.get("/operating")
    assert counted.total <= 40


def test_slow_statements_of_the_last_day_are_gathered(settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    lines = [
        ("2026-11-23T03:00:00.000+00:00", "SELECT a", 600, "matters.index"),
        ("2026-11-23T03:01:00.000+00:00", "SELECT a", 900, "matters.show"),
        ("2026-11-23T03:02:00.000+00:00", "SELECT b", 700, "rules.index"),
        ("2026-11-21T03:02:00.000+00:00", "SELECT long ago", 9000, "rules.index"),
    ]
    written = "".join(
        json.dumps({"time": at, "statement": statement, "ms": ms, "endpoint": place}) + "\n"
        for at, statement, ms, place in lines
    )
    (tmp_path / "slow.log").write_text("half a line\n" + written)
    found = slow.list_slow(replace(settings, log=tmp_path / "civicforum.log"), now=NOW)
    assert found == [
        slow.SlowStatement("SELECT a", 2, 900, ("matters.index", "matters.show")),
        slow.SlowStatement("SELECT b", 1, 700, ("rules.index",)),
    ]
