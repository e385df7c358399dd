"""The pages of signing in, the own account and the help desk."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civicforum import create_app, demo
from civicforum.accounts.models import Assistance, SignInSession
from civicforum.accounts.rules import FAILURES_PER_LOGIN
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from tests.factories import PASSWORD, make_account, make_community, make_officer, make_person, sign_in


@pytest.fixture
def people(app: Flask, database: None) -> dict[str, uuid.UUID]:
    """A clerk, an administrator, and a resident with an account and one without."""
    with app.app_context():
        community = make_community()
        resident = make_person(community, name="陈玉兰", number="Q000123", phone="13900001234")
        make_account(resident, login="q000123", password=PASSWORD)
        return {
            "clerk": make_officer(community, Role.CLERK, login="clerk", name="方晓雯").id,
            "admin": make_officer(community, Role.ADMIN, login="admin").id,
            "resident": resident.id,
            "newcomer": make_person(community, name="李秀英", number="Q000124").id,
        }


def enter(client: FlaskClient, **given: str) -> tuple[int, str]:
    response = client.post("/sign-in", data={"login": "q000123", "password": PASSWORD, **given})
    return response.status_code, response.headers.get("Location", "")


def test_signing_in_leads_home(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    assert enter(client) == (303, "/")
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/me", "/me"),
        ("/register?about=matter", "/register?about=matter"),
        ("https://other.example/", "/"),
        ("//other.example", "/"),
        ("/\\other.example", "/"),
        ("/\t/other.example", "/"),
        ("/\t\\other.example", "/"),
        ("javascript:alert(1)", "/"),
        ("me", "/"),
        ("/no-such-page", "/"),
        ("/sign-out", "/"),
    ],
)
def test_after_signing_in_only_pages_of_this_site_are_gone_to(
    client: FlaskClient, people: dict[str, uuid.UUID], wanted: str, target: str
) -> None:
    assert enter(client, next=wanted) == (303, target)


def test_a_page_behind_the_sign_in_is_come_back_to(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    response = client.get("/me")
    assert response.headers["Location"] == "/sign-in?next=%2Fme"
    page = client.get(response.headers["Location"]).text
    assert 'name="next" value="/me"' in page


def test_unknown_login_and_wrong_password_read_the_same(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    pages = [
        client.post("/sign-in", data={"login": login, "password": "wrong password"})
        for login in ("q000123", "q999999")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert pages[0].text.replace("q000123", "q999999") == pages[1].text
    assert "wrong password" not in pages[0].text


def test_an_empty_form_is_shown_again_with_words(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    response = client.post("/sign-in", data={})
    assert response.status_code == 422
    assert "govuk-error-summary" in response.text


@pytest.mark.parametrize("login", ["x" * 5000, "'; DROP TABLE account; --"])
def test_odd_logins_are_refused_in_words(
    client: FlaskClient, people: dict[str, uuid.UUID], login: str
) -> None:
    assert enter(client, login=login)[0] == 422


def test_after_too_many_failures_the_page_says_when_to_come_back(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    for _ in range(FAILURES_PER_LOGIN):
        assert enter(client, password="wrong password")[0] == 422
    response = client.post("/sign-in", data={"login": "q000123", "password": PASSWORD})
    assert response.status_code == 429
    assert re.search(r"\d\d:\d\d", response.text)


def test_the_session_cookie_is_replaced_at_sign_in(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["language"] = "en"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["language"] == "en"


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    cookies = client.post("/sign-in", data={"login": "q000123", "password": PASSWORD}).headers.getlist(
        "Set-Cookie"
    )
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Expires" not in cookies[0]


def test_staying_signed_in_is_a_choice(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    response = client.post("/sign-in", data={"login": "q000123", "password": PASSWORD, "kept": "y"})
    assert "Expires" in response.headers["Set-Cookie"]


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    enter(client)
    copied = client.get_cookie("civicforum")
    assert copied is not None
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("civicforum", copied.value)
    assert client.get("/me").status_code == 302


def test_a_session_ends_by_itself(app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    session_id = sign_in(client, "q000123")
    assert client.get("/me").status_code == 200
    with app.app_context():
        db.session.get_one(SignInSession, session_id).expires_at = datetime.now(UTC)
        db.session.commit()
    assert client.get("/me").status_code == 302


def test_when_somebody_was_last_seen_is_noted_now_and_then(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    session_id = sign_in(client, "q000123")
    old = datetime.now(UTC) - timedelta(minutes=10)
    with app.app_context():
        db.session.get_one(SignInSession, session_id).seen_at = old
        db.session.commit()
    client.get("/me")
    with app.app_context():
        assert db.session.get_one(SignInSession, session_id).seen_at > old + timedelta(minutes=9)


def test_my_account_shows_and_ends_my_other_sessions(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    other = app.test_client()
    other_id = sign_in(other, "q000123")
    sign_in(client, "q000123")
    assert f"/me/sessions/{other_id}/end" in client.get("/me").text
    assert client.post(f"/me/sessions/{other_id}/end").status_code == 303
    assert other.get("/me").status_code == 302
    assert client.get("/me").status_code == 200


def test_sessions_of_others_cannot_be_ended(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    clerk = app.test_client()
    clerk_session = sign_in(clerk, "clerk")
    sign_in(client, "q000123")
    assert client.post(f"/me/sessions/{clerk_session}/end").status_code == 404
    assert clerk.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again", "status"),
    [
        (PASSWORD, "桂花开了的时候我在", "桂花开了的时候我在", 303),
        ("wrong", "桂花开了的时候我在", "桂花开了的时候我在", 422),
        (PASSWORD, "桂花开了的时候我在", "桂花谢了的时候我在", 422),
        (PASSWORD, "12345678", "12345678", 422),
        (PASSWORD, "short", "short", 422),
        (PASSWORD, "", "", 422),
    ],
)
def test_changing_the_password(
    client: FlaskClient,
    people: dict[str, uuid.UUID],
    current: str,
    new: str,
    again: str,
    status: int,
) -> None:
    sign_in(client, "q000123")
    response = client.post("/me/password", data={"current": current, "new": new, "again": again})
    assert response.status_code == status
    assert enter(client.application.test_client(), password=new)[0] == (303 if status == 303 else 422)


def test_a_clerk_finds_people_and_sees_no_whole_phone_number(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "clerk")
    for text in ("陈玉兰", "玉兰", "Q000123", "1234"):
        page = client.get("/desk/", query_string={"q": text})
        assert page.status_code == 200
        assert f"/desk/people/{people['resident']}" in page.text
        assert "13900001234" not in page.text
    assert client.get("/desk/", query_string={"q": "没有这个人"}).status_code == 200
    assert "13900001234" not in client.get(f"/desk/people/{people['resident']}").text


def test_a_clerk_opens_an_account_and_its_owner_comes_in_with_the_code(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "clerk")
    where = f"/desk/people/{people['newcomer']}"
    assert 'value="q000124"' in client.get(where).text
    assert client.post(f"{where}/account", data={"login": "q000123"}).status_code == 422
    assert client.post(f"{where}/account", data={"login": "Q000124"}).status_code == 303
    slip = client.post(f"{where}/code")
    assert (slip.status_code, slip.headers["Cache-Control"]) == (200, "no-store")
    found = re.search(r">(\d{4}) (\d{4})<", slip.text)
    assert found is not None
    assert "<svg" in slip.text

    owner = app.test_client()
    data = {"login": "q000124", "code": found[1] + found[2]}
    assert owner.post("/sign-in/code", data={**data, "code": "00000000"}).status_code == 422
    assert owner.post("/sign-in/code", data=data).status_code == 303
    assert 'name="current"' not in owner.get("/me").text
    new = {"new": "桂花开了的时候我在", "again": "桂花开了的时候我在"}
    assert owner.post("/me/password", data=new).status_code == 303
    assert 'name="current"' in owner.get("/me").text
    assert "方晓雯" in owner.get("/me").text


def begin(client: FlaskClient, person_id: uuid.UUID, reason: str = "没有智能手机") -> int:
    return client.post(f"/desk/people/{person_id}/act", data={"reason": reason}).status_code


def test_while_acting_every_page_says_so_and_the_own_affairs_are_out_of_reach(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "clerk")
    assert begin(client, people["resident"], reason="") == 422
    assert begin(client, people["resident"]) == 303
    page = client.get("/register")
    assert "strip--assisting" in page.text
    assert "陈玉兰" in page.text
    for path in ("/me", "/desk/", f"/desk/people/{people['newcomer']}"):
        assert client.get(path).status_code == 403
    for path in ("/me/password", "/me/sessions/end", f"/desk/people/{people['newcomer']}/code"):
        assert client.post(path).status_code == 403


def test_stopping_leads_to_the_slip(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    sign_in(client, "clerk")
    begin(client, people["resident"])
    response = client.post("/desk/stop")
    assert response.status_code == 303
    slip = client.get(response.headers["Location"])
    assert slip.status_code == 200
    assert "没有智能手机" in slip.text
    assert client.get("/desk/").status_code == 200
    assert client.post("/desk/stop").status_code == 303


def test_after_half_an_hour_the_clerk_is_himself_again(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "clerk")
    begin(client, people["resident"])
    with app.app_context():
        db.session.execute(
            update(Assistance).values(
                started_at=Assistance.started_at - timedelta(minutes=31),
                expires_at=Assistance.expires_at - timedelta(minutes=31),
            )
        )
        db.session.commit()
    assert client.get("/desk/").status_code == 200
    assert "strip--assisting" not in client.get("/register").text


def test_signing_out_while_acting_ends_both(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "clerk")
    begin(client, people["resident"])
    assert client.post("/sign-out").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Assistance)).one().ended_at is not None


def test_nobody_acts_for_himself(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    sign_in(client, "clerk")
    assert begin(client, people["clerk"]) == 403


def test_a_clerk_gets_no_code_for_an_administrator(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    sign_in(client, "clerk")
    response = client.post(f"/desk/people/{people['admin']}/code")
    assert response.status_code == 303


def test_an_administrator_closes_and_opens_an_account(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    sign_in(client, "admin")
    where = f"/desk/people/{people['resident']}"
    assert client.post(f"{where}/close", data={}).status_code == 422
    assert client.post(f"{where}/close", data={"why": "手机被盗"}).status_code == 303
    assert enter(client.application.test_client())[0] == 422
    assert client.post(f"{where}/reopen", data={"why": "手机找到了"}).status_code == 303
    assert enter(client.application.test_client())[0] == 303


def test_a_real_community_offers_no_accounts_to_try(
    client: FlaskClient, people: dict[str, uuid.UUID]
) -> None:
    assert "/sign-in/demonstration" not in client.get("/sign-in").text
    assert client.post("/sign-in/demonstration", data={"role": "admin"}).status_code == 404


def test_a_form_without_its_token_changes_nothing(
    app: Flask, client: FlaskClient, people: dict[str, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert enter(client)[0] == 400
    sign_in(client, "q000123")
    assert client.post("/sign-out").status_code == 400
    page = client.get("/me")
    assert page.status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    assert client.post("/sign-out", data={"csrf_token": token[1]}).status_code == 303


def test_no_login_or_password_reaches_the_log(
    client: FlaskClient, people: dict[str, uuid.UUID], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="civicforum")
    enter(client)
    enter(client, login="a password typed in the wrong field", password="wrong password")
    assert "account" in caplog.text
    assert "password typed" not in caplog.text
    assert "wrong password" not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.fixture(scope="module")
def fronted(settings: Settings, app: Flask) -> Flask:
    """The application behind one proxy, on its own names, with cookies for TLS."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return create_app(
        replace(
            settings,
            database_url=url,
            secure_cookies=True,
            hosts=("forum.example", ".street.example"),
            proxies=1,
        )
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [("forum.example", 200), ("a.street.example", 200), ("other.example", 400), ("a b", 400)],
)
def test_only_the_names_of_the_site_are_answered(fronted: Flask, host: str, status: int) -> None:
    response = fronted.test_client().get("/healthz", headers={"X-Forwarded-Host": host})
    assert response.status_code == status
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]


def test_behind_tls_the_cookie_is_bound_to_the_host(fronted: Flask) -> None:
    response = fronted.test_client().get(
        "/language/en", headers={"X-Forwarded-Host": "forum.example", "X-Forwarded-Proto": "https"}
    )
    assert response.headers["Set-Cookie"].startswith("__Host-civicforum=")
    assert "Secure" in response.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in response.headers


def test_without_a_proxy_its_headers_are_ignored(client: FlaskClient, people: dict[str, uuid.UUID]) -> None:
    response = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in response.headers


def test_costly_pages_are_limited(settings: Settings, app: Flask) -> None:
    from civicforum.security import COSTLY, limiter

    limited = create_app(replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"]))
    limited.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = True
    try:
        client = limited.test_client()
        answers = [client.post("/sign-in", data={}).status_code for _ in range(int(COSTLY.split()[0]) + 1)]
    finally:
        limiter.reset()
        limiter.enabled = False
    assert answers[-2:] == [422, 429]


def test_a_demonstration_offers_its_accounts_with_one_tap(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        community = make_community(is_demonstration=True)
        for account in demo.accounts():
            role = Role(account["role"])
            make_officer(community, role, login=account["login"], password=account["password"])
    page = client.get("/sign-in").text
    for account in demo.accounts():
        assert f'value="{account["role"]}"' in page
        visitor = app.test_client()
        response = visitor.post("/sign-in/demonstration", data={"role": account["role"], "next": "/me"})
        assert (response.status_code, response.headers["Location"]) == (303, "/me")
        assert visitor.get("/me").status_code == 200
    assert client.post("/sign-in/demonstration", data={"role": "nobody"}).status_code == 404
