"""Asking for pages as anybody, with every row that a request writes noted and taken back again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from civicforum.bodies.rules import Role
from civicforum.database import Base, db
from tests.support.filled import Filled, make_filled, with_posts
from tests.support.town import Neighbour

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOTE = """
CREATE TABLE noted (at serial, name text, op text, before jsonb, after jsonb);
CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO noted (name, op, before, after)
  VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
"""


@dataclass(frozen=True)
class Note:
    """A row that a request wrote: as it was before and as it is after, None where it was not there."""

    table: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def ids(self) -> set[str]:
        return set(UUID.findall(str(self.before) + str(self.after)))


@dataclass(frozen=True)
class Answer:
    """What a request came to. `text` is empty for what is no text, and for what never ends."""

    status: int
    location: str
    text: str
    notes: list[Note]
    headers: Any
    mimetype: str

    @property
    def is_refused(self) -> bool:
        to_sign_in = self.status == 302 and self.location.startswith("/sign-in")
        return self.status in (403, 404) or to_sign_in


class World:
    """The application over two communities; `ask` leaves everything as it was."""

    def __init__(self, app: Flask, filled: Filled, connection: Connection) -> None:
        self.app, self.filled, self.connection = app, filled, connection
        self.clients: dict[str, FlaskClient] = {}

    def client(self, who: Neighbour | None, community_id: uuid.UUID) -> FlaskClient:
        """Return the client of somebody, or of a visitor who chose a community."""
        client = self.app.test_client()
        if who is not None:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], who.cookie)
            return client
        with client.session_transaction() as cookie:
            cookie["community"] = str(community_id)
        return client

    def bearer(self, name: str, roles: Iterable[Role]) -> FlaskClient:
        """Return the client of somebody new in the filled community who holds the posts of these roles."""
        client = self.client(with_posts(self.filled.town, name, roles), self.filled.community_id)
        self.connection.execute(text("DELETE FROM noted"))
        return client

    def ask(
        self, client: FlaskClient, path: str, method: str = "GET", data: Any = None, **given: Any
    ) -> Answer:
        """Send a request; note what it writes, and take that back."""
        cookies = dict(client._cookies or {})
        savepoint = self.connection.begin_nested()
        try:
            response = client.open(path, method=method, data=data, headers={"Accept-Language": "zh"}, **given)
            return self._answer(response)
        finally:
            # What a page left open, such as a download that nobody read to its end, goes before.
            while (left := self.connection.get_nested_transaction()) not in (savepoint, None):
                left.rollback()
            if savepoint.is_active:
                savepoint.rollback()
            client._cookies = cookies

    def _answer(self, response: TestResponse) -> Answer:
        is_endless = response.mimetype == "text/event-stream"
        data = b"" if is_endless else response.get_data()
        content = data.decode() if _is_text(response.mimetype) else ""
        response.close()
        rows = self.connection.execute(text("SELECT name, before, after FROM noted ORDER BY at")).all()
        return Answer(
            response.status_code,
            response.headers.get("Location", ""),
            content,
            [Note(*row) for row in rows],
            response.headers,
            response.mimetype,
        )


def _is_text(mimetype: str) -> bool:
    return mimetype.startswith("text/") or mimetype.endswith(("json", "xml"))


@contextmanager
def make_world(app: Flask) -> Iterator[World]:
    """Fill the database of an application; whatever is asked afterwards happens in one open transaction."""
    filled = make_filled(app)
    # A bug is answered with its page, as in use.
    app.config["TESTING"] = False
    with app.app_context():
        engines, engine = db.engines, db.engine
        _watch(engine)
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
    with engine.connect() as connection:
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        try:
            yield World(app, filled, connection)
        finally:
            outer.rollback()
            engines[None] = engine


def _watch(engine: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(NOTE))
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(
                f'CREATE TRIGGER zz_note AFTER INSERT OR UPDATE OR DELETE ON "{table.name}" '
                "FOR EACH ROW EXECUTE FUNCTION note_row()"
            )


def ids_of(connection: Connection, community_id: uuid.UUID) -> set[str]:
    """Return every id that a row of the community has."""
    found = {str(community_id)}
    for table in Base.metadata.sorted_tables:
        if {"id", "community_id"} <= set(table.columns.keys()):
            own = select(table.c.id).where(table.c.community_id == community_id)
            found |= {str(row.id) for row in connection.execute(own)}
    return found


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST"})
