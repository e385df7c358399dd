"""The journal on PostgreSQL: written in order, public page, tampering found and named."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.records.queries import verify_journal
from civicforum.records.services import record
from tests.factories import NOW, actor_of, make_community, make_officer, make_person


def write_entries(
    community_id: uuid.UUID, count: int, actor: Actor | None = None, *, is_public: bool = True
) -> None:
    for number in range(count):
        with transaction() as session:
            record(
                session,
                community_id=community_id,
                actor=actor,
                action="matter.publish",
                subject_kind="matter",
                subject_id=community_id,
                subject_title=f"第{number + 1}件",
                payload={"from": "draft", "to": "raised"},
                now=NOW + timedelta(minutes=number),
                is_public=is_public,
            )


def test_entries_follow_one_another_and_the_chain_holds(session: Session) -> None:
    community_id = make_community().id
    write_entries(community_id, 5)
    assert verify_journal(session, community_id=community_id) == (5, None)


def test_an_entry_names_the_post_that_its_actor_held_on_the_day(session: Session) -> None:
    community = make_community()
    officer = make_officer(community, Role.COMMITTEE)
    actor = actor_of(officer, Role.COMMITTEE)
    with transaction() as inner:
        entry = record(
            inner,
            community_id=community.id,
            actor=actor,
            action="matter.accept",
            subject_kind="matter",
            subject_id=community.id,
            now=NOW,
        )
    assert entry.post.endswith("主任") or entry.post


@pytest.mark.parametrize(
    ("statement", "sequence", "reason"),
    [
        ("UPDATE journal_entry SET reason = 'other' WHERE sequence = 2", 2, "changed"),
        ("UPDATE journal_entry SET at = at + interval '1 second' WHERE sequence = 3", 3, "changed"),
        ("DELETE FROM journal_entry WHERE sequence = 3", 3, "missing"),
        ("DELETE FROM journal_entry WHERE sequence = 4", 4, "missing at the end"),
        ("UPDATE journal_head SET sequence = 3", 5, "missing at the end"),
    ],
)
def test_a_tampered_row_is_found_and_named(
    session: Session, statement: str, sequence: int, reason: str
) -> None:
    community_id = make_community().id
    write_entries(community_id, 4)
    session.execute(text(statement))
    session.expire_all()
    _count, found = verify_journal(session, community_id=community_id)
    assert found is not None
    assert (found.sequence, found.reason) == (sequence, reason)


def test_the_command_says_which_entry_was_changed_and_fails(committed: Flask) -> None:
    with committed.app_context():
        community = make_community(name="青松里社区")
        write_entries(community.id, 3)
    runner = committed.test_cli_runner()
    from civicforum.records.cli import journal

    good = runner.invoke(journal, ["verify"])
    assert (good.exit_code, good.output) == (0, "青松里社区: 3 entries, the chain holds\n")
    with committed.app_context(), transaction() as session:
        session.execute(text("UPDATE journal_entry SET subject_title = '换了' WHERE sequence = 2"))
    bad = runner.invoke(journal, ["verify"])
    assert bad.exit_code == 1
    assert "青松里社区: entry 2 changed" in bad.output + bad.stderr


def test_twenty_writers_at_once_leave_no_gap(committed: Flask) -> None:
    with committed.app_context():
        community_id = make_community().id

    def write() -> None:
        with committed.app_context():
            write_entries(community_id, 5)

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with committed.app_context():
        assert verify_journal(db.session(), community_id=community_id) == (100, None)


def test_the_register_shows_public_entries_to_anybody_and_pages_them(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        community = make_community()
        person = make_person(community, name="方明")
        write_entries(community.id, 60, actor_of(person))
        write_entries(community.id, 1, actor_of(person), is_public=False)
    page = client.get("/register?about=matter").get_data(as_text=True)
    assert "第60件" in page
    assert "第10件" not in page
    assert "方明" in page
    assert "第10件" in client.get("/register?page=2").get_data(as_text=True)


def test_the_register_makes_few_statements_however_long_it_is(app: Flask, client: FlaskClient) -> None:
    from tests.support.statements import count_statements

    with app.app_context():
        community = make_community()
        write_entries(community.id, 60, actor_of(make_person(community)))
    client.get("/register")
    with count_statements() as counted:
        client.get("/register")
    assert counted.total <= 6
