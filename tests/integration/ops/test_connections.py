"""Connections that PostgreSQL has ended: a restart of the server costs nobody a page."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from civicforum.database import db

OWN_PID = sa.text("SELECT pg_backend_pid()")
END = sa.text("SELECT pg_terminate_backend(:pid, 5000)")


def test_a_connection_that_the_server_has_ended_is_replaced_before_it_is_used(committed: Flask) -> None:
    with committed.app_context():
        with db.engine.connect() as connection:
            kept = connection.scalar(OWN_PID)
        with db.engine.connect() as connection:
            assert connection.scalar(OWN_PID) == kept
        other = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
        with other.connect() as connection:
            assert connection.scalar(END, {"pid": kept})
        with db.engine.connect() as connection:
            assert connection.scalar(OWN_PID) != kept
