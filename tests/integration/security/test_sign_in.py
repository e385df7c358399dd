"""Whoever tries to come in as somebody else: by planting, stealing, guessing, or asking who there is."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civicforum import create_app
from civicforum.accounts import services
from civicforum.accounts.desk_services import issue_code
from civicforum.accounts.errors import SignInRefused, TooManyAttempts
from civicforum.accounts.models import OneTimeCode, SignInFailure
from civicforum.accounts.rules import CODE_ATTEMPTS, FAILURE_WINDOW, FAILURES_PER_ADDRESS, FAILURES_PER_LOGIN
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from tests.factories import PASSWORD, actor_of, make_account, make_community, make_officer, make_person
from tests.support import hashing
from tests.support.cookies import with_another_signature

NEW = "桂花开了的时候我在"
COOKIE = "civicforum"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def resident(app: Flask, database: None) -> uuid.UUID:
    """Somebody with a password, beside a clerk, and somebody who comes in by code alone."""
    with app.app_context():
        community = make_community()
        person = make_person(community)
        make_account(person, login="resident", password=PASSWORD)
        make_account(make_person(community), login="codeonly")
        make_officer(community, Role.CLERK, login="clerk")
        return person.id


def enter(client: FlaskClient, login: str = "resident", password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"login": login, "password": password}).status_code


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie(COOKIE)
    assert found is not None
    return found.value


def is_in(app: Flask, cookie: str) -> bool:
    """Tell whether a browser with this cookie, and nothing else, is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    return client.get("/me").status_code == 200


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(
    app: Flask, client: FlaskClient, resident: uuid.UUID
) -> None:
    client.get("/language/en")
    planted = cookie_of(client)
    assert enter(client) == 303
    assert not is_in(app, planted)
    assert is_in(app, cookie_of(client))


def test_signing_in_again_ends_the_session_that_was(
    app: Flask, client: FlaskClient, resident: uuid.UUID
) -> None:
    enter(client)
    first = cookie_of(client)
    enter(client)
    assert not is_in(app, first)


def test_a_stolen_cookie_ends_with_a_new_password_and_its_owner_stays(
    app: Flask, client: FlaskClient, resident: uuid.UUID
) -> None:
    enter(client)
    stolen = cookie_of(client)
    given = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert client.post("/me/password", data=given).status_code == 303
    assert not is_in(app, stolen)
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("address", ["/me/sessions/end", "/sign-out"])
def test_a_stolen_phone_is_signed_out_from_elsewhere(
    app: Flask, client: FlaskClient, resident: uuid.UUID, address: str
) -> None:
    phone = app.test_client()
    enter(phone)
    enter(client)
    thief = cookie_of(phone)
    (client if address == "/me/sessions/end" else phone).post(address)
    assert not is_in(app, thief)


def test_a_cookie_that_somebody_wrote_or_signed_with_another_key_opens_nothing(
    app: Flask, settings: Settings, client: FlaskClient, resident: uuid.UUID
) -> None:
    enter(client)
    cookie = cookie_of(client)
    assert not is_in(app, with_another_signature(cookie))
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    elsewhere = create_app(replace(settings, database_url=url, secret_key="another key"))
    forged = elsewhere.test_client()
    with client.session_transaction() as own, forged.session_transaction() as made:
        made.update(own)
    assert not is_in(app, cookie_of(forged))


@pytest.fixture
def official_hashes() -> Iterator[None]:
    with hashing.official():
        yield


def test_a_known_and_an_unknown_login_are_answered_alike_and_as_slowly(
    official_hashes: None, app: Flask, client: FlaskClient, resident: uuid.UUID
) -> None:
    # Of an account that has no password, and of none: as much is hashed as for a wrong password.
    spent: dict[str, list[float]] = {"resident": [], "codeonly": [], "nobody": []}
    for _round in range(5):
        for login, seconds in spent.items():
            began = time.process_time()
            assert enter(client, login, "a wrong password") == 422
            seconds.append(time.process_time() - began)
    typical = sorted(statistics.median(seconds) for seconds in spent.values())
    assert typical[-1] < 1.5 * typical[0], spent


def test_a_code_for_a_known_and_for_an_unknown_login_is_refused_alike(
    client: FlaskClient, resident: uuid.UUID
) -> None:
    pages = [
        client.post("/sign-in/code", data={"login": login, "code": "12345678"})
        for login in ("resident", "nobody--")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    assert pages[0].text.replace("resident", "nobody--") == pages[1].text


def guess(login: str, *, address: str, at: datetime, password: str = "") -> None:
    services.sign_in_with_password(login=login, password=password, address=address, device="", now=at)


def test_guesses_are_counted_for_the_account_whatever_address_they_come_from(
    app: Flask, resident: uuid.UUID
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        for number in range(FAILURES_PER_LOGIN):
            with pytest.raises(SignInRefused):
                guess("resident", address=f"192.0.2.{number}", at=now)
        with pytest.raises(TooManyAttempts):
            guess("resident", address="198.51.100.7", at=now, password=PASSWORD)
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == FAILURES_PER_LOGIN


def test_guesses_at_codes_are_counted_for_the_code_and_for_the_address(
    app: Flask, resident: uuid.UUID
) -> None:
    now = datetime.now(UTC)

    def enter_code(number: int, *, address: str, login: str = "resident") -> None:
        services.sign_in_with_code(login=login, code=f"{number:08}", address=address, device="", now=now)

    with app.app_context():
        code = _code_for(resident, now)
        for number in range(CODE_ATTEMPTS):
            with pytest.raises(SignInRefused):
                enter_code((int(code) + 1 + number) % 10**8, address=f"192.0.2.{number}")
        with pytest.raises(SignInRefused):
            enter_code(int(code), address="192.0.2.9")
        assert db.session.scalars(select(OneTimeCode.attempts)).one() == CODE_ATTEMPTS
        for number in range(FAILURES_PER_ADDRESS):
            with pytest.raises(SignInRefused):
                enter_code(number, address="203.0.113.5", login=f"login{number}")
        with pytest.raises(TooManyAttempts):
            enter_code(1, address="203.0.113.5", login="one more")


def test_nobody_is_locked_out_for_ever(app: Flask, resident: uuid.UUID) -> None:
    """Whoever fails for somebody else all day keeps them from the password, not from a code."""
    now = datetime.now(UTC)
    with app.app_context():
        for number in range(FAILURES_PER_LOGIN):
            with pytest.raises(SignInRefused):
                guess("resident", address=f"192.0.2.{number}", at=now)
        code = _code_for(resident, now)
        entered = {"login": "resident", "code": code, "address": "198.51.100.7", "device": "", "now": now}
        assert services.sign_in_with_code(**entered)
        for number in range(FAILURES_PER_LOGIN):
            with pytest.raises(SignInRefused):
                guess("resident", address=f"192.0.2.{number}", at=now)
        later = now + FAILURE_WINDOW + MINUTE
        assert services.sign_in_with_password(
            login="resident", password=PASSWORD, address="198.51.100.7", device="", now=later
        )


def test_without_a_proxy_an_address_that_somebody_claims_is_not_believed(
    app: Flask, client: FlaskClient, resident: uuid.UUID
) -> None:
    for number in range(3):
        claimed = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
        client.post("/sign-in", data={"login": "nobody", "password": "x"}, headers=claimed)
    with app.app_context():
        assert set(db.session.scalars(select(SignInFailure.address))) == {"127.0.0.1"}


def test_behind_one_proxy_only_the_address_that_it_wrote_is_believed(
    app: Flask, settings: Settings, database: None, resident: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the visitor sent stands before what the proxy adds.
    fronted = create_app(replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"], proxies=1))
    fronted.config["WTF_CSRF_ENABLED"] = False
    seen = []
    monkeypatch.setattr(
        services, "sign_in_with_password", lambda **given: seen.append(given["address"]) or _refuse()
    )
    claimed = {"X-Forwarded-For": "192.0.2.1, 203.0.113.9"}
    fronted.test_client().post("/sign-in", data={"login": "x", "password": "x"}, headers=claimed)
    assert seen == ["203.0.113.9"]


def _refuse() -> None:
    raise SignInRefused


def _code_for(person_id: uuid.UUID, now: datetime) -> str:
    clerk = select(services.Account).where(services.Account.login == "clerk")
    person = db.session.scalars(clerk).one().person
    return issue_code(person_id=person_id, actor=actor_of(person, Role.CLERK), now=now)
