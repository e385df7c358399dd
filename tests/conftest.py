"""What tests share: a PostgreSQL server, a database built by the migrations, the application on it.

`CIVICFORUM_TEST_DATABASE_URL` names a server to use; otherwise an embedded one is started for the run and
removed after it. Each worker of pytest-xdist has databases of its own.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from xdist.scheduler import LoadFileScheduling

from civicforum import create_app, embedded
from civicforum.config import Settings
from civicforum.database import db
from civicforum.garbage import collect_rarely
from civicforum.security import limiter
from tests.support import hashing

# The same examples in every run: a test may not fall on the day's luck, nor on a slow machine.
settings.register_profile("civicforum", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("civicforum")

collect_rarely()

hashing.cheapen()

# What all tests of a folder need takes long to make: one worker takes them all.
TOGETHER = ("tests/integration/demo/", "tests/integration/security/")

MakeApp = Callable[[str], Flask]


class ByFile(LoadFileScheduling):
    """Gives each worker whole files, and whole folders of those that share what they need."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, TOGETHER), None) or str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """Return the URL of a server on which databases can be made."""
    if given := os.environ.get("CIVICFORUM_TEST_DATABASE_URL"):
        yield given
        return
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    instance = Path(tempfile.gettempdir()) / f"civicforum-tests-{run}"
    yield embedded.start(instance, durable=False)
    embedded.stop(instance)
    if not embedded.is_running(instance):
        # Some 300,000 files: nobody has to wait for that.
        subprocess.Popen(["rm", "-rf", str(instance)], start_new_session=True)


@pytest.fixture(scope="session")
def make_database(server_url: str) -> Iterator[Callable[[str], str]]:
    """Return a function from a template to the URL of a new database; all are dropped at the end."""
    server = sa.make_url(server_url)
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    made: list[str] = []
    is_given = "CIVICFORUM_TEST_DATABASE_URL" in os.environ

    def make(template: str) -> str:
        name = f"test_{secrets.token_hex(6)}"
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        made.append(name)
        return server.set(database=name).render_as_string(hide_password=False)

    yield make
    # An embedded server goes with all that it holds.
    with admin.connect() as connection:
        for name in reversed(made if is_given else []):
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        instance=tmp_path_factory.mktemp("instance"),
        database_url="",
        secret_key="secret of the tests",
        identity_key="identity key of the tests",
        secure_cookies=False,
    )


@pytest.fixture(scope="session")
def make_app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> MakeApp:
    """Return a function that makes the application on the database with this URL."""
    # Many applications are made in a run, and each would compile its templates anew.
    compiled = tmp_path_factory.getbasetemp().parent / "templates"
    compiled.mkdir(exist_ok=True)

    def make(url: str) -> Flask:
        app = create_app(replace(settings, database_url=url))
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
        limiter.enabled = False
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        return app

    return make


@pytest.fixture(scope="session")
def template(make_database: Callable[[str], str], make_app: MakeApp) -> str:
    """Return the name of a database that holds the schema the migrations build, and no rows."""
    url = make_database("template0")
    app = make_app(url)
    with app.app_context():
        flask_migrate.upgrade()
        # A database that somebody is connected to cannot be copied.
        db.engine.dispose()
    return sa.make_url(url).database or ""


@pytest.fixture(scope="session")
def app(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Flask:
    """The application on a database that tests leave empty; they take it together with `database`."""
    return make_app(make_database(template))


@pytest.fixture
def database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each commit of the test is a savepoint; all of it is rolled back at the end."""
    with app.app_context():
        engines, engine = db.engines, db.engine
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
    with engine.connect() as connection:
        outer = connection.begin()
        monkeypatch.setitem(engines, None, connection)
        yield
        outer.rollback()


@pytest.fixture
def session(app: Flask, database: None) -> Iterator[Session]:
    """A session in an application context, for tests of services; tests of pages take `client`."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask, database: None) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def movable_app(make_app: MakeApp, app: Flask) -> Flask:
    return make_app(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.fixture
def committed(
    make_database: Callable[[str], str], movable_app: Flask, template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The application on a database of its own, where commits are real: for races between threads."""
    url = make_database(template)
    with movable_app.app_context():
        engines, options = db.engines, movable_app.config["SQLALCHEMY_ENGINE_OPTIONS"]
        db.session.remove()
    engine = sa.create_engine(url, **options)
    monkeypatch.setitem(engines, None, engine)
    monkeypatch.setitem(movable_app.config, "SQLALCHEMY_DATABASE_URI", url)
    yield movable_app
    engine.dispose()
