"""The demonstration, loaded once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from civicforum import demo
from civicforum.database import db
from tests.support.demonstration import NOW
from tests.support.routing import watch_statements
from tools import city


@pytest.fixture(scope="session")
def loaded(
    make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str
) -> Iterator[Flask]:
    app = make_app(make_database(template))
    spread = frozenset(table.name for table in city.spread_tables())
    with app.app_context(), watch_statements(spread) as app.extensions["watched"]:
        demo.load(now=NOW)
    yield app
    with app.app_context():
        db.engine.dispose()
