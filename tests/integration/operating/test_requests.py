"""What is written down of requests, and what never is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.operating import statements
from civicforum.operating.rules import QUIET_ENDPOINTS, is_quiet
from tests.factories import (
    POST_OF_ROLE,
    make_account,
    make_body,
    make_community,
    make_person,
    make_post,
    make_term,
    sign_in,
)
from tests.integration.test_access import path_of

Written = Callable[[], list[dict[str, Any]]]
NAME, TELEPHONE, NUMBER, LOGIN = "欧阳秀英", "13912345678", "110101199003074258", "ouyang-the-resident"
FIELD = re.compile(r'name="([a-z_0-9-]+)"')


def test_a_request_is_one_line_with_its_endpoint_and_no_address(
    app: Flask, client: FlaskClient, written: Written
) -> None:
    with app.app_context():
        community = make_community()
    client.get(f"/communities/{community.id}?next=/matters", headers={"X-Request-ID": "0123456789abcdef"})
    (line,) = written()
    assert (line["endpoint"], line["method"], line["status"]) == ("preferences.community", "GET", 303)
    assert line["request_id"] == "0123456789abcdef"
    assert line["statements"] >= 1
    assert 0 < line["ms"] < 60_000
    assert str(community.id) not in json.dumps(line)
    assert "127.0.0.1" not in json.dumps(line)


def test_an_id_that_is_not_well_formed_is_replaced_and_the_answer_names_the_new_one(
    app: Flask, client: FlaskClient, written: Written
) -> None:
    with app.app_context():
        make_community()
    answer = client.get("/rules/", headers={"X-Request-ID": "a b<script>"})
    (line,) = written()
    assert answer.headers["X-Request-ID"] == line["request_id"]
    assert re.fullmatch(r"[0-9a-f]{20}", line["request_id"])


def test_whoever_sees_the_error_page_can_name_the_request(
    app: Flask, client: FlaskClient, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ZeroDivisionError(NAME)

    with app.app_context():
        make_community()
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "rules.index", fail)
    answer = client.get("/rules/")
    assert answer.status_code == 500
    failure, request_line = written()
    assert failure["request_id"] == request_line["request_id"]
    assert request_line["request_id"] in answer.text
    assert "builtins.ZeroDivisionError" in failure["failure"]
    assert NAME not in json.dumps(failure, ensure_ascii=False)


def test_when_somebody_votes_or_reports_no_line_tells_that_it_happened(
    app: Flask, client: FlaskClient, written: Written
) -> None:
    with app.app_context():
        make_community()
    quiet = [rule for rule in app.url_map.iter_rules() if is_quiet(rule.endpoint)]
    assert {rule.endpoint for rule in quiet} >= QUIET_ENDPOINTS
    for rule in quiet:
        client.open(path_of(rule), method="GET" if "GET" in (rule.methods or ()) else "POST")
    # A failure of ours may be written, and there is none.
    assert written() == []


def test_endpoints_that_cast_report_or_rate_are_all_quiet(app: Flask) -> None:
    """What the operator's guide wants out of the log of a web server in front is not in ours either."""
    secret = re.compile(r"^(/reports/|/service/(rate|code|mine)|/polls/[^/]+/(ballots?|tracker|vote)(/|$))")
    found = {rule.endpoint for rule in app.url_map.iter_rules() if secret.match(rule.rule)}
    assert found
    assert {endpoint for endpoint in found if not is_quiet(endpoint)} == set()


def test_a_slow_statement_is_written_without_its_values(
    app: Flask, client: FlaskClient, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_slow_seconds", 0.02)
    with app.app_context():
        db.session.execute(text("SELECT pg_sleep(0.03), CAST(:name AS text)"), {"name": NAME})
    (line,) = map(json.loads, (log_folder / "slow.log").read_text(encoding="utf-8").splitlines())
    assert "pg_sleep" in line["statement"]
    assert line["ms"] >= 30
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_no_name_telephone_or_number_gets_into_a_log(
    app: Flask, client: FlaskClient, log_folder: Path
) -> None:
    """Every address is asked for and every form is sent with a person's data in each of its fields."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        community = make_community()
        person = make_person(community, name=NAME, number="A0001", phone=TELEPHONE)
        for body_kind, post_kind in POST_OF_ROLE.values():
            make_term(person, make_post(make_body(community, body_kind), post_kind))
        make_account(person, login=LOGIN)
        known = {"person_id": person.id, "community_id": community.id}
    client.post("/sign-in", data={"login": LOGIN, "password": NUMBER})
    client.post("/sign-in/code", data={"login": LOGIN, "code": NUMBER})
    sign_in(client, LOGIN)
    data = f"{NAME} {TELEPHONE} {NUMBER}"
    for rule in app.url_map.iter_rules():
        is_form = "POST" in (rule.methods or ())
        if rule.endpoint in ("static", "accounts.sign_out", "accounts.end_session"):
            continue
        if rule.arguments and not is_form:
            # Nothing can be searched for or sent there.
            continue
        fields: set[str] = {"text", "name", "title", "reason", "login"}
        if "GET" in (rule.methods or ()):
            page = client.get(path_of(rule, **known), query_string={"q": data, "next": data})
            fields |= set(FIELD.findall(page.text)) if page.mimetype == "text/html" else set()
        if is_form:
            client.post(path_of(rule, **known), data=dict.fromkeys(fields - {"csrf_token"}, data))
    app.config["PROPAGATE_EXCEPTIONS"] = None
    text_of_all = {path.name: path.read_text(encoding="utf-8") for path in log_folder.glob("*.log")}
    assert len(text_of_all["civicforum.log"].splitlines()) > 300
    assert "refused from" in text_of_all["sign-ins.log"]
    found = [
        (name, secret)
        for name, written in text_of_all.items()
        for secret in (NAME, TELEPHONE, NUMBER, LOGIN, str(known["person_id"]))
        if secret in written
    ]
    assert found == []
    assert "127.0.0.1" not in text_of_all["civicforum.log"]


def test_roles_of_the_test_are_all_roles() -> None:
    # The walk above is signed in with every post there is.
    assert set(POST_OF_ROLE) >= set(Role) - {Role.RESIDENT}
