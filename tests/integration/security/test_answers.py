"""What goes out with an answer: headers, redirects, what errors tell, and what an odd address may do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum import create_app
from civicforum.access import public
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from tests.factories import PASSWORD, make_account, make_community, make_officer, make_person, sign_in

AWAY = [
    "https://other.example/",
    "//other.example",
    "///other.example",
    "/\\other.example",
    "\\\\other.example",
    "/%5cother.example",
    "/%2fother.example",
    "/\t/other.example",
    "/\n/other.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/language/en\r\nX-Planted: 1",
    "/\u202e/other.example",
]
# Addresses that read `next`, and how they are asked.
READS_NEXT = [("POST", "/sign-in"), ("GET", "/language/en"), ("GET", "/elder/on")]
ODD = [
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%e2%80%ae",
    "%ff%fe",
    "x" * 3000,
    "%0d%0aX-Planted:1",
    "'%20OR%201=1--",
]


@pytest.fixture
def somebody(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        community = make_community()
        make_account(make_person(community), login="resident", password=PASSWORD)
        make_officer(community, Role.ADMIN, login="admin")
    return client


@pytest.mark.parametrize("wanted", AWAY)
@pytest.mark.parametrize(("method", "address"), READS_NEXT)
def test_no_address_in_a_request_leads_to_another_site(
    somebody: FlaskClient, method: str, address: str, wanted: str
) -> None:
    given = {"login": "resident", "password": PASSWORD, "next": wanted}
    asked = {"data": given} if method == "POST" else {"query_string": {"next": wanted}}
    answer = somebody.open(address, method=method, **asked)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "X-Planted" not in answer.headers


def test_every_answer_carries_the_headers_that_bind_browsers(app: Flask, somebody: FlaskClient) -> None:
    for address in ("/", "/sign-in", "/no-such-page", "/me", "/api/v1/communities", "/static/dist/app.css"):
        headers = somebody.get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "same-origin", address


def test_only_open_data_may_be_read_by_pages_of_other_sites(somebody: FlaskClient) -> None:
    origin = {"Origin": "https://other.example"}
    opened = somebody.get("/api/v1/communities", headers=origin)
    assert opened.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in opened.headers
    assert "Cross-Origin-Resource-Policy" not in opened.headers
    page = somebody.get("/", headers=origin)
    assert "Access-Control-Allow-Origin" not in page.headers
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_store_keeps_the_pages_of_whoever_is_signed_in_from_shared_caches(
    app: Flask, somebody: FlaskClient
) -> None:
    sign_in(somebody, "admin")
    for address in ("/", "/me", "/inbox/settings", "/people/", "/desk/", "/data/mine"):
        cached = somebody.get(address).headers["Cache-Control"]
        assert "private" in cached or "no-store" in cached, address
        assert "public" not in cached, address


def test_an_odd_part_of_an_address_is_no_error_of_ours(app: Flask, somebody: FlaskClient) -> None:
    sign_in(somebody, "admin")
    wrong = []
    for address in _with_texts(app):
        answer = somebody.get(address)
        if answer.status_code >= 500 or "X-Planted" in answer.headers:
            wrong.append((address[:80], answer.status_code))
    assert not wrong


def _with_texts(app: Flask) -> Iterator[str]:
    """Yield every address that takes a text, with each odd one in its place."""
    for rule in app.url_map.iter_rules():
        texts = [
            name for name in rule.arguments if type(rule._converters[name]).__name__ == "UnicodeConverter"
        ]
        if texts and "GET" in (rule.methods or ()) and rule.endpoint != "static":
            given = {name: "TEXT" if name in texts else uuid.uuid4() for name in rule.arguments}
            built = rule.build(given, append_unknown=False)
            if built is not None:
                yield from (built[1].replace("TEXT", odd) for odd in ODD)


@pytest.fixture
def broken(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application in use, with a page that fails."""
    from civicforum import blueprints

    known = blueprints.blueprints()
    own = type(known[0])("broken", __name__)

    @own.get("/broken")
    @public
    def page() -> str:
        raise RuntimeError(f"the key is {settings.secret_key}, at {settings.instance}")

    monkeypatch.setattr(blueprints, "blueprints", lambda: [*known, own])
    return create_app(replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"]))


def test_the_page_of_a_bug_says_nothing_of_it(
    broken: Flask, settings: Settings, database: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken.test_client().get("/broken")
    assert answer.status_code == 500
    for told in ("RuntimeError", "Traceback", settings.secret_key, str(settings.instance)):
        assert told not in answer.text
    assert "RuntimeError" in caplog.text


def test_a_host_that_is_not_ours_reaches_no_link(app: Flask, settings: Settings, database: None) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    named = create_app(replace(settings, database_url=url, hosts=("forum.example",)))
    answer = named.test_client().get("/sign-in", headers={"Host": "other.example"})
    assert answer.status_code == 400
    assert "other.example" not in answer.text
