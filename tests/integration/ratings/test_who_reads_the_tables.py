"""What an administrator learns from the tables of service ratings: joins, transactions, order, columns."""

from __future__ import annotations

import datetime as dates
import random
from datetime import timedelta

from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.ratings.models import ServiceRating, ServiceSlip, SlipSheet
from civicforum.ratings.services.publications import sweep_night
from tests.integration.ratings.scenes import APRIL, BAD, GOOD, NOW, make_station, print_slips, rate


def rows(table: str, column: str) -> list[tuple[str, object]]:
    """Return transaction number and a column of the rows in the order in which they lie."""
    statement = f"SELECT xmin::text AS xmin, {column} AS value FROM {table} ORDER BY ctid"
    return [(row.xmin, row.value) for row in db.session.execute(text(statement))]


def test_a_rating_has_no_hour_and_no_day_and_names_neither_slip_nor_sheet(session: Session) -> None:
    code, *_ = print_slips(make_station())
    rate(code, BAD, comment="等了很久")
    kept = session.scalars(select(ServiceRating)).one()
    filled = {name: getattr(kept, name) for name in inspect(ServiceRating).columns.keys()}  # noqa: SIM118
    moments = {name for name, value in filled.items() if isinstance(value, dates.date) and value is not None}
    assert moments == {"month"}
    assert kept.month.day == 1
    targets = {key.column.table.name for key in ServiceRating.__table__.foreign_keys}
    assert targets == {"community", "term", "service_item", "person"}
    assert kept.contacted_by_id is None


def test_after_the_night_neither_transactions_nor_order_pair_ratings_with_slips(committed: Flask) -> None:
    with committed.app_context():
        printed = print_slips(make_station())
        shuffled = random.Random(7).sample(printed, 9)  # noqa: S311 - the order in which people come
        for code in shuffled[:6]:
            rate(code, GOOD)
        sweep_night(now=NOW + timedelta(days=1))
        for code in shuffled[6:]:
            rate(code, BAD, now=NOW + timedelta(days=1))
        sweep_night(now=NOW + timedelta(days=2))
        ratings = rows("service_rating", "id")
        used = [row for row in rows("service_slip", "CASE WHEN is_used THEN id END") if row[1]]
        # All ratings and all used slips, of both days, bear one number.
        assert len({xmin for xmin, _ in ratings + used}) == 1
        assert (len(ratings), len(used)) == (9, 9)
        for found in (ratings, used):
            assert [value for _, value in found] == sorted(value for _, value in found)  # type: ignore[type-var]
        # Nor does publication leave a trace of the night in which each came.
        sweep_night(now=APRIL)
        assert len({xmin for xmin, _ in rows("service_rating", "id")}) == 1
        published = db.session.scalars(select(ServiceRating.published_in)).all()
        assert set(published) == {dates.date(2026, 4, 1)}


def test_what_a_sheet_tells_is_how_many_of_its_slips_were_used(session: Session) -> None:
    columns = {column.name for table in (SlipSheet, ServiceSlip) for column in table.__table__.columns}
    assert not {name for name in columns if name.endswith("_at")}
    station = make_station()
    codes = print_slips(station)
    stored = set(session.scalars(select(ServiceSlip.code_hash)))
    assert not {code.encode() for code in codes} & stored
    assert len(stored) == 24
