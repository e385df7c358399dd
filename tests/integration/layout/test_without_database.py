"""Answers of a site whose database does not answer: 503, in both languages, and when to come again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg.errors
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

GONE = OperationalError("SELECT secret", {"name": "王某"}, psycopg.OperationalError("server closed"))
NO_PRIMARY = InternalError("INSERT", {}, psycopg.errors.ReadOnlySqlTransaction("read-only transaction"))
NONE_FREE = NoConnectionFree("QueuePool limit of size 10 overflow 10 reached")
UNCERTAIN = ("是否已经保存，暂时无法确定", "was saved is not certain")


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield monkeypatch
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = None


def break_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(Connection, "execute", fail)


@pytest.mark.parametrize("error", [GONE, NO_PRIMARY, NONE_FREE])
def test_pages_say_it_in_both_languages_and_when_to_come_again(
    client: FlaskClient, broken: pytest.MonkeyPatch, error: DBAPIError
) -> None:
    break_with(broken, error)
    answer = client.get("/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "系统暂时无法使用" in answer.text
    assert "not available right now" in answer.text
    assert not any(words in answer.text for words in (*UNCERTAIN, "王某", "SELECT", "psycopg"))


def test_who_sent_something_is_told_that_the_outcome_is_not_certain(
    client: FlaskClient, broken: pytest.MonkeyPatch
) -> None:
    break_with(broken, GONE)
    answer = client.post("/sign-in", data={"login": "somebody", "password": "something"})
    assert answer.status_code == 503
    assert all(words in answer.text for words in UNCERTAIN)


def test_a_page_of_refusal_that_cannot_ask_is_no_bug(client: FlaskClient, broken: pytest.MonkeyPatch) -> None:
    break_with(broken, GONE)
    answer = client.get("/there-is-no-such-page")
    assert answer.status_code == 503
    assert "系统暂时无法使用" in answer.text


def test_programs_get_a_problem_document(client: FlaskClient, broken: pytest.MonkeyPatch) -> None:
    break_with(broken, GONE)
    answer = client.get("/calendar.ics")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert json.loads(answer.text)["status"] == 503
