"""Somebody who reads every table and every system column learns neither what was reported nor who did."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from civicforum.accounts.models import SignInSession
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.reports import services
from civicforum.reports.models import Report
from civicforum.rulebook.days import day_of
from tests.factories import make_account, make_community, make_person, sign_in
from tests.support.reports import PHONE, TOLD, Holder, make_holder, picture, reply, send

SLIP = re.compile(r'data-slot="(number|code)">([0-9A-Z-]+)<')
AGO = timedelta(days=1)


@pytest.fixture
def holder(committed: Flask) -> Iterator[Holder]:
    with committed.app_context():
        yield make_holder(make_community(), now=datetime.now(UTC))


def dump() -> dict[str, list[str]]:
    """Return every row of every table with its row version, as text, by table."""
    names = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return {name: rows_of(name) for name in list(names)}


def rows_of(table: str) -> list[str]:
    found = db.session.execute(text(f'SELECT xmin, ctid, t.* FROM "{table}" AS t'))
    return [
        " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
        for row in found
    ]


def versions() -> dict[str, set[int]]:
    """Return the numbers of the transactions that wrote rows, by table."""
    names = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return {
        name: set(db.session.scalars(text(f'SELECT xmin::text::bigint FROM "{name}"')))
        for name in list(names)
    }


def report_as_somebody_signed_in(app: Flask) -> dict[str, str]:
    """Let a resident who is signed in, not seen for a day, send a report; return their slip."""
    person = make_person(db.session.scalars(select(Community)).one(), name="举报人甲")
    make_account(person, login="reporter")
    client = app.test_client()
    sign_in(client, "reporter")
    db.session.execute(update(SignInSession).values(seen_at=datetime.now(UTC) - AGO))
    db.session.commit()
    page = client.get("/reports/new").text
    fields = dict(re.findall(r'name="(ticket|key)"[^>]*value="([0-9a-f-]+)"', page))
    answer = client.post(
        "/reports/new",
        data={
            **fields,
            "kind": TOLD.kind.value,
            "text": TOLD.text,
            "where": TOLD.where,
            "contact": TOLD.contact,
            "photos": [(io.BytesIO(picture()), "三号楼.jpg")],
        },
    )
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(SLIP.findall(answer.text))


def test_no_table_holds_the_text_the_contact_or_the_code(committed: Flask, holder: Holder) -> None:
    slip = report_as_somebody_signed_in(committed)
    everything = "\n".join(row for rows in dump().values() for row in rows)
    for word in (
        TOLD.text,
        TOLD.where,
        TOLD.contact,
        TOLD.kind.value,
        slip["code"],
        slip["code"].replace("-", ""),
    ):
        assert word not in everything
        assert word.encode().hex() not in everything
    assert slip["number"].replace("-", "") in everything
    assert PHONE in everything


def test_a_report_of_somebody_signed_in_leaves_no_trace_beside_them(committed: Flask, holder: Holder) -> None:
    before = dump()
    report_as_somebody_signed_in(committed)
    seen = db.session.scalars(text("SELECT max(seen_at) FROM sign_in_session")).one()
    assert seen < datetime.now(UTC) - AGO + timedelta(minutes=1)
    after = dump()
    changed = {name for name, rows in after.items() if rows != before.get(name)}
    # Of the person, the login and the sign-in; and the report.
    assert changed - {"person", "household", "account", "sign_in_session", "capacity"} <= {
        "report",
        "alembic_version",
    }
    assert before["journal_entry"] == after["journal_entry"]


def test_a_row_of_a_report_shares_its_transaction_with_no_other_row(committed: Flask, holder: Holder) -> None:
    report_as_somebody_signed_in(committed)
    wrote = versions()
    (report,) = wrote.pop("report")
    assert report not in set().union(*wrote.values())


def test_a_row_of_a_report_knows_the_day_and_no_hour() -> None:
    kinds = {column.name: str(column.type) for column in Report.__table__.columns}
    assert not [name for name, kind in kinds.items() if "TIME" in kind]
    assert not any(key.column.table.name in ("person", "account") for key in Report.__table__.foreign_keys)


def test_after_the_night_no_row_version_and_no_order_tells_when_a_report_came(
    committed: Flask, holder: Holder
) -> None:
    now = datetime.now(UTC)
    sent = [send(holder, now=now)[0] for _ in range(12)]
    services.sweep(now=now + timedelta(days=1))
    assert len(versions()["report"]) == 1
    lying = list(db.session.scalars(text("SELECT number FROM report ORDER BY ctid")))
    by_id = list(db.session.scalars(text("SELECT number FROM report ORDER BY id")))
    assert lying == by_id
    assert sorted(lying) == sorted(sent)
    # Long values lie in a table of their own, with row versions of their own.
    long = db.session.scalars(
        text("SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'report'")
    )
    chunks = db.session.scalars(text(f"SELECT DISTINCT xmin::text::bigint FROM {long.one()}")).all()
    assert set(chunks) == versions()["report"]


def test_who_reads_the_tables_reads_no_answer_either(committed: Flask, holder: Holder) -> None:
    now = datetime.now(UTC)
    number, sealed = send(holder, now=now)
    reply(holder, number, sealed, now=now, text="请于周三到纪检组说明情况")
    everything = "\n".join(row for rows in dump().values() for row in rows)
    assert "纪检组" not in everything
    assert "纪检组".encode().hex() not in everything
    assert day_of(now).isoformat() in everything
