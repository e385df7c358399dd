"""What every answer carries: ETag, cache, links for other sites, refusals as problems, and never a cookie."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.security import limiter
from tests.factories import make_community, make_officer, sign_in
from tests.support.open_data import fill

LIST = "/api/v1/matters"


@pytest.fixture
def filled(app: Flask, client: FlaskClient) -> str:
    """Fill the community and return the id of its matter."""
    with app.app_context():
        return str(fill().matter_id)


@pytest.mark.parametrize("address", [LIST, "/api/v1/openapi.json", "/feed.atom", "/calendar.ics"])
def test_who_has_an_answer_already_gets_none_again(client: FlaskClient, filled: str, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert not first.headers["ETag"].startswith("W/")
    assert first.headers["Cache-Control"] == "public, max-age=30"
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_etag_changes_with_the_answer(client: FlaskClient, filled: str) -> None:
    assert client.get(LIST).headers["ETag"] != client.get(f"{LIST}?limit=1").headers["ETag"]


def test_pages_of_other_sites_may_read_every_answer(client: FlaskClient, filled: str) -> None:
    for address in (LIST, f"{LIST}?limit=0", "/api/v1/nothing", f"{LIST}/x", "/feed.atom"):
        headers = client.get(address, headers={"Origin": "https://example.org"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers


def test_a_browser_that_asks_first_is_told_what_it_may(client: FlaskClient, filled: str) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}

    answer = client.options(LIST, headers=asked)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_pages_are_not_opened_to_other_sites(client: FlaskClient, filled: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/matters").headers


def test_head_answers_without_a_body(client: FlaskClient, filled: str) -> None:
    answer = client.head(LIST)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == client.get(LIST).headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
def test_nothing_can_be_written(client: FlaskClient, filled: str, method: str) -> None:
    answer = client.open(LIST, method=method)

    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/nothing", 404),
        ("/api", 404),
        (f"{LIST}/not-an-id", 404),
        (f"{LIST}/00000000-0000-0000-0000-000000000000", 404),
        ("/api/v1/exports/matters.xlsx", 404),
        ("/api/v1/exports/people.csv", 404),
        (f"{LIST}?community=00000000-0000-0000-0000-000000000000", 404),
        (f"{LIST}?q=%00", 400),
        (f"{LIST}?limit=1&limit=2", 422),
        (f"{LIST}?stages=raised", 422),
        (f"{LIST}?q=%ff%fe", 200),
        ("/feed.atom?category=weather", 422),
    ],
)
def test_refusals_are_problem_documents(client: FlaskClient, filled: str, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    if status != 200:
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["status"] == status
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_refusal_is_in_the_language_of_who_asks(client: FlaskClient, filled: str) -> None:
    in_english = client.get(f"{LIST}?limit=0", headers={"Accept-Language": "en"})
    in_chinese = client.get(f"{LIST}?limit=0", headers={"Accept-Language": "zh-CN"})

    assert in_english.get_json()["title"] == "A parameter has a value that cannot be."
    assert in_chinese.get_json()["title"] == "有一个参数的值不成立。"
    assert (in_english.headers["Content-Language"], in_chinese.headers["Content-Language"]) == (
        "en",
        "zh-Hans",
    )
    assert "Accept-Language" in in_english.headers["Vary"]


def test_a_draft_is_not_there(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        draft_id = fill().draft_id

    assert client.get(f"{LIST}/{draft_id}").status_code == 404


def test_an_administrators_cookie_is_neither_read_nor_renewed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        filled = fill()
        community = db.session.get_one(Community, filled.community_id)
        make_officer(community, Role.ADMIN, login="keeper")
    addresses = [LIST, f"{LIST}/{filled.matter_id}", "/api/v1/journal", "/feed.atom", "/calendar.ics"]
    before = [client.get(address).data for address in addresses]
    sign_in(client, "keeper")
    with client.session_transaction() as cookie:
        cookie.permanent = True
        cookie["language"] = "en"

    after = [client.get(address) for address in addresses]

    assert [answer.data for answer in after] == before
    assert not any("Set-Cookie" in answer.headers for answer in after)
    assert not any("Cookie" in answer.headers.get("Vary", "") for answer in after)
    assert client.get("/me").status_code == 200


def test_too_many_requests_are_told_to_wait(
    make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str
) -> None:
    # The headers are only written by an application that was made with its limits on.
    limiter.enabled = True
    limited = make_app(make_database(template))
    with limited.app_context():
        make_community()
        db.engine.dispose()
    client = limited.test_client()
    limiter.enabled = True
    try:
        answers = [client.get("/api/v1/exports/bodies.csv", buffered=True) for _ in range(61)]
    finally:
        limiter.enabled = False
        limiter.reset()

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert answers[60].mimetype == "application/problem+json"
    assert int(answers[60].headers["Retry-After"]) <= 60
