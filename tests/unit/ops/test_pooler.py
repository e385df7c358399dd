"""The way to the database: through a pooler, past it, and to whichever of several servers writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session as FlaskSession
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from civicforum.config import LINK, BadSetting, Settings, flask_config, read_settings
from civicforum.database import _Session, conninfo, db, direct_url

POOLED = "postgresql+psycopg://forum@127.0.0.1:6432/civicforum"
DIRECT = (
    "postgresql+psycopg://forum:p%40ss@/civicforum"
    "?host=db1,db2&port=5432,5433&target_session_attrs=read-write"
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICFORUM_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CIVICFORUM_DATABASE_URL", POOLED)
    monkeypatch.delenv("CIVICFORUM_PGBOUNCER", raising=False)
    monkeypatch.delenv("CIVICFORUM_DIRECT_DATABASE_URL", raising=False)


def app_with(settings: Settings) -> Flask:
    app = Flask(__name__)
    app.config.update(flask_config(settings))
    return app


def test_all_servers_reach_psycopg_in_their_order() -> None:
    assert (
        conninfo_to_dict(conninfo(DIRECT)).items()
        >= {
            "host": "db1,db2",
            "port": "5432,5433",
            "user": "forum",
            "password": "p@ss",
            "dbname": "civicforum",
            "target_session_attrs": "read-write",
        }.items()
    )


def test_servers_with_their_ports_beside_them_reach_psycopg_too() -> None:
    given = conninfo_to_dict(conninfo("postgresql+psycopg://forum@/civicforum?host=db1:1&host=db2:2"))
    assert (given["host"], given["port"]) == ("db1,db2", "1,2")


def test_behind_a_pooler_nothing_is_prepared_and_sessions_go_past_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICFORUM_PGBOUNCER", "1")
    monkeypatch.setenv("CIVICFORUM_DIRECT_DATABASE_URL", DIRECT)
    app = app_with(read_settings())
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"] == LINK | {"prepare_threshold": None}
    assert app.config["SQLALCHEMY_DATABASE_URI"] == POOLED
    assert direct_url(app) == DIRECT


def test_without_a_pooler_there_is_one_way() -> None:
    app = app_with(read_settings())
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"] == LINK
    assert direct_url(app) == POOLED


def test_a_pooler_without_a_way_past_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICFORUM_PGBOUNCER", "1")
    with pytest.raises(BadSetting, match="CIVICFORUM_DIRECT_DATABASE_URL"):
        read_settings()


@pytest.mark.parametrize("ending", ["close", "rollback"])
@pytest.mark.parametrize("kind", [OperationalError, InternalError])
def test_a_connection_found_lost_at_the_end_fails_nothing_more(
    ending: str, kind: type[DBAPIError], monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = []

    def find_lost(_session: FlaskSession) -> None:
        raise kind("ROLLBACK", {}, Exception("the server is gone"))

    monkeypatch.setattr(FlaskSession, ending, find_lost)
    monkeypatch.setattr(FlaskSession, "invalidate", lambda session: given_up.append(session))
    session = _Session(db)
    getattr(session, ending)()
    assert given_up == [session]
