"""Ready for servers that share communities out (docs/operate/city.md, adr 0018): tables, and their keys.

Citus wants the column by which rows are spread in every primary and unique key, and in every reference
between tables that are spread. Today's keys do not have it; the statements that widen them are tried here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from bench.voters import make_community, make_electorate, sealed_ballots
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.config import ROOT
from civicforum.database import Base, db
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import publish_notice
from civicforum.people.models import Person
from civicforum.polls.services import boards
from civicforum.records.queries import verify_journal
from tests.conftest import MakeApp
from tests.support.polls import FOR
from tools import city

# Unique without naming a row of a community: what makes sure that a wider key still says as much.
UNIQUE_BY_ITSELF = {
    ("service_slip", "code_hash"): "a hash of 32 random bytes: two communities never draw the same",
    ("report_case", "kind subject_id"): "the number of a text, which is of one community",
    ("hide_decision", "kind subject_id"): "the number of a text, which is of one community",
}
SPREAD = {table.name for table in city.spread_tables()}


def unique_keys(table: sa.Table) -> list[list[sa.Column[object]]]:
    keys = [[*key.columns] for key in table.constraints if isinstance(key, sa.UniqueConstraint)]
    return keys + [[*index.columns] for index in table.indexes if index.unique]


def test_every_table_is_spread_or_says_why_not() -> None:
    loose = [table.name for table in city.spread_tables() if city.SPREAD_BY not in table.c]
    assert not loose, f"no {city.SPREAD_BY}: spread by what? Else name them with a reason in tools/city.py"
    assert not [table for table in SPREAD if Base.metadata.tables[table].c[city.SPREAD_BY].nullable]
    assert (city.REFERENCE | city.LOCAL).keys() <= Base.metadata.tables.keys()
    assert all({**city.REFERENCE, **city.LOCAL, **city.FOREIGN}.values())


def test_a_wider_key_keeps_out_what_the_key_kept_out() -> None:
    for table in city.spread_tables():
        for key in unique_keys(table):
            names = " ".join(column.name for column in key)
            of_one_community = any(column.foreign_keys for column in key)
            assert of_one_community or (table.name, names) in UNIQUE_BY_ITSELF, (table.name, names)


def test_a_table_refers_to_no_table_that_is_only_on_one_server_but_for_references_given_up() -> None:
    given_up = {
        (table.name, key.referred_table.name)
        for table in Base.metadata.sorted_tables
        for key in city.crossing(table)
    }
    assert given_up == {
        ("account", "person"),
        ("assistance", "person"),
        ("letter", "one_time_code"),
        ("one_time_code", "person"),
        ("outbox_item", "notification"),
        ("outbox_message", "person"),
    }


def test_the_page_has_the_list_of_tables_that_the_models_have() -> None:
    assert f"{city.BEGIN}\n{city.table_list()}\n{city.END}" in city.PAGE.read_text(encoding="utf-8"), (
        "write it anew: python -m tools.city tables"
    )


@pytest.fixture(scope="module")
def widened(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Iterator[Flask]:
    """The application on a database whose keys have been widened."""
    app = make_app(make_database(template))
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("\n".join(city.key_statements()))
    yield app
    with app.app_context():
        db.engine.dispose()


UNIQUE_COLUMNS = sa.text(
    """
    SELECT c.relname AS "table", i.indexrelid::regclass::text AS name, array_agg(a.attname::text) AS columns
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace GROUP BY 1, 2
    """
)
REFERENCES = sa.text(
    """
    SELECT f.conname AS name, f.conrelid::regclass::text AS "table", f.confrelid::regclass::text AS other,
           array_agg(a.attname::text) AS columns
    FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
    WHERE f.contype = 'f' GROUP BY 1, 2, 3
    """
)


def test_after_the_statements_every_key_of_a_spread_table_has_the_community(widened: Flask) -> None:
    with widened.app_context(), db.engine.connect() as connection:
        keys = [row for row in connection.execute(UNIQUE_COLUMNS) if row.table in SPREAD]
        assert len({row.table for row in keys}) == len(SPREAD)
        assert not [row.name for row in keys if city.SPREAD_BY not in row.columns]
        references = [row for row in connection.execute(REFERENCES) if row.table in SPREAD]
        assert len(references) > 300
        for row in references:
            assert row.other in {*SPREAD, *city.REFERENCE}, row.name
            assert row.other in city.REFERENCE or city.SPREAD_BY in row.columns, row.name


def test_the_application_runs_on_wider_keys(widened: Flask) -> None:
    with widened.app_context():
        community_id = make_community()
    electorate = make_electorate(widened, community_id, voters=3)
    ballots = sealed_ballots(widened, electorate, [[FOR]])
    client = widened.test_client()
    for voter, ballot in zip(electorate.voters, ballots, strict=True):
        head, _, body = electorate.request(voter, ballot).partition(b"\r\n\r\n")
        name, _, cookie = voter.cookie.partition("=")
        client.set_cookie(name, cookie)
        answer = client.post(f"/polls/{electorate.poll_id}/ballots", json=json.loads(body))
        assert answer.status_code == 201, (head, answer.text)
    with widened.app_context():
        officer = Actor(
            db.session.scalars(sa.select(Person.id)).first(), community_id, frozenset({Role.CLERK})
        )
        publish_notice(
            actor=officer,
            category=NoticeCategory.FACILITIES,
            title="停水通知",
            text="明日上午检修水管，请提前备水。",
            now=datetime.now(UTC),
        )
        assert len(boards.list_lines(db.session(), electorate.poll_id)) == 3 + len(ballots)
        entries, broken = verify_journal(db.session(), community_id=community_id)
        assert (entries, broken) == (1, None)


def test_with_wider_keys_no_row_refers_to_another_community(widened: Flask) -> None:
    with widened.app_context():
        first, second = make_community(), make_community()
    make_electorate(widened, first, voters=1)
    with widened.app_context():
        foreign = Notice(
            community_id=second,
            category=NoticeCategory.FACILITIES,
            title="停水通知",
            text="明日上午检修水管。",
            posted_at=datetime.now(UTC),
            until=datetime.now(UTC),
            posted_by_id=db.session.scalars(sa.select(Person.id).where(Person.community_id == first)).first(),
            tokens=["停水"],
        )
        db.session.add(foreign)
        with pytest.raises(IntegrityError, match="fk_notice_posted_by_id"):
            db.session.flush()


def test_no_statement_names_the_columns_of_a_key_that_will_be_wider() -> None:
    """ON CONFLICT finds a key by its columns or by its name; the name stays."""
    by_columns = [
        f"{file.relative_to(ROOT)}: {found}"
        for file in (ROOT / "civicforum").rglob("*.py")
        for found in re.findall(r"index_elements=\[[^\]]*\]", file.read_text(encoding="utf-8"))
        if city.SPREAD_BY not in found
    ]
    # Of messages on their way, which stay on one server.
    queue = 'index_elements=["person_id", "channel", "not_before"]'
    assert by_columns == [f"civicforum/inbox/services/writing.py: {queue}"]


def test_no_trigger_of_ours_is_on_a_table_that_is_copied_to_every_server(widened: Flask) -> None:
    with widened.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        ).scalars()
        ours = {name for name in rows if not name.startswith("procrastinate_")}
    page = (ROOT / "docs" / "operate" / "city.md").read_text(encoding="utf-8")
    assert ours <= SPREAD
    assert not [name for name in ours if f"`{name}`" not in page]
