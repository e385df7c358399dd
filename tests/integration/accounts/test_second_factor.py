"""The second factor: enrolling it, signing in with it, and what waits where it is asked for."""

from __future__ import annotations

import logging
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from civicforum.accounts.models import Account, SignInSession
from civicforum.accounts.passwords import hash_password
from civicforum.accounts.rules import FAILURES_PER_LOGIN
from civicforum.accounts.second_factor_models import AuthenticatorApp, HalfSignIn, Passkey, RecoveryCode
from civicforum.accounts.second_factor_rules import HALF_ATTEMPTS
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.inbox.models import Notification
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from tests.factories import PASSWORD, make_account, make_community, make_officer, make_person, sign_in
from tests.support.authenticator import Authenticator
from tests.support.statements import count_statements

ORIGIN = "http://localhost"


@dataclass(frozen=True)
class People:
    community: uuid.UUID
    admin: uuid.UUID
    other: uuid.UUID
    clerk: uuid.UUID
    resident: uuid.UUID


@pytest.fixture
def people(app: Flask, database: None) -> People:
    """Two administrators, a clerk, and a resident, each with an account called so."""
    with app.app_context():
        community = make_community()
        resident = make_person(community, name="陈玉兰", number="Q000123")
        make_account(resident, login="resident")
        found = People(
            community=community.id,
            admin=make_officer(community, Role.ADMIN, login="admin", name="周启明").id,
            other=make_officer(community, Role.ADMIN, login="other").id,
            clerk=make_officer(community, Role.CLERK, login="clerk").id,
            resident=resident.id,
        )
        # One hash for all: making it takes its time.
        db.session.execute(update(Account).values(password_hash=hashed()))
        db.session.commit()
        return found


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


def enter(client: FlaskClient, login: str, **given: str) -> str:
    """Type login and password, and return where that leads."""
    response = client.post("/sign-in", data={"login": login, "password": PASSWORD, **given})
    assert response.status_code == 303, response.text
    return response.headers["Location"]


LEAST_SECONDS_LEFT = 3


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the app's code of this moment, or of so many steps of 30 seconds later."""
    # A step that ends before the code arrives makes it one older.
    left = 30 - time.time() % 30
    if left < LEAST_SECONDS_LEFT:
        time.sleep(left)
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def enrol_app(client: FlaskClient) -> tuple[str, list[str]]:
    """Add an app to the account signed in; return its secret and the recovery codes."""
    assert client.post("/me/second-factor/app").status_code == 303
    page = client.get("/me/second-factor/app").text
    found = re.search(r'<code class="wraps">([A-Z2-7 ]+)</code>', page)
    assert found, page
    secret = found[1].replace(" ", "")
    # The step before this one, so that this one's code is still unused afterwards.
    done = client.post("/me/second-factor/app/confirm", data={"code": code_of(secret, steps=-1)})
    assert done.status_code == 200, done.headers
    assert done.headers["Cache-Control"] == "no-store"
    return secret, re.findall(r"<code class=\"recovery-codes__code\">([0-9A-Z-]+)</code>", done.text)


def enrolled(app: Flask, login: str) -> tuple[str, list[str]]:
    client = app.test_client()
    sign_in(client, login)
    return enrol_app(client)


def second(client: FlaskClient, code: str) -> tuple[int, str]:
    response = client.post("/sign-in/second", data={"code": code})
    return response.status_code, response.headers.get("Location", "")


def need(app: Flask, people: People) -> None:
    with app.app_context():
        db.session.execute(
            update(Community).where(Community.id == people.community).values(needs_second_factor=True)
        )
        db.session.commit()


def test_who_has_none_signs_in_as_before(client: FlaskClient, people: People) -> None:
    assert enter(client, "admin") == "/"
    assert client.get("/administration").status_code == 200


def test_the_first_code_enrols_and_ten_codes_are_shown_once(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(client, "clerk")
    elsewhere = app.test_client()
    enter(elsewhere, "clerk")
    before = cookie(client)
    secret, codes = enrol_app(client)
    assert len(set(codes)) == 10
    assert cookie(client) != before
    page = client.get("/me/second-factor").text
    assert not any(code in page for code in codes)
    assert secret not in page
    assert elsewhere.get("/me").status_code == 302, "other devices are signed out"
    with app.app_context():
        row = db.session.scalars(select(AuthenticatorApp)).one()
        assert secret.encode() not in row.sealed_secret
        hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert not {code.replace("-", "") for code in codes} & set(hashes)


def test_a_wrong_first_code_enrols_nothing(client: FlaskClient, people: People) -> None:
    enter(client, "clerk")
    client.post("/me/second-factor/app")
    page = client.post("/me/second-factor/app/confirm", data={"code": "000000"})
    assert page.status_code == 422
    client.post("/sign-out")
    assert enter(client, "clerk") == "/"


def test_after_the_password_the_code_is_asked_and_nothing_is_open_until_then(
    app: Flask, client: FlaskClient, people: People
) -> None:
    secret, _codes = enrolled(app, "clerk")
    assert enter(client, "clerk", next="/me") == "/sign-in/second?next=/me"
    half = cookie(client)
    assert client.get("/me").headers["Location"].startswith("/sign-in")
    assert client.get("/desk/").headers["Location"].startswith("/sign-in")
    page = client.get("/sign-in/second?next=/me").text
    assert 'name="next" value="/me"' in page
    done = client.post("/sign-in/second", data={"code": code_of(secret), "next": "/me"})
    assert (done.status_code, done.headers["Location"]) == (303, "/me")
    assert cookie(client) != half
    assert client.get("/desk/").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(HalfSignIn)) == 0


def test_a_code_counts_once(app: Flask, client: FlaskClient, people: People) -> None:
    secret, _codes = enrolled(app, "clerk")
    code = code_of(secret)
    enter(client, "clerk")
    assert second(client, code) == (303, "/")
    another = app.test_client()
    enter(another, "clerk")
    assert second(another, code)[0] == 422
    assert second(another, code_of(secret, steps=1))[0] == 303


def test_a_recovery_code_works_once_in_any_spelling(app: Flask, client: FlaskClient, people: People) -> None:
    _secret, codes = enrolled(app, "clerk")
    enter(client, "clerk")
    assert second(client, codes[3].lower().replace("-", " ")) == (303, "/")
    assert "9 codes are left" in client.get("/me/second-factor", headers={"Accept-Language": "en"}).text
    another = app.test_client()
    enter(another, "clerk")
    assert second(another, codes[3])[0] == 422
    assert second(another, codes[4])[0] == 303


def test_wrong_used_and_unknown_codes_read_the_same(app: Flask, client: FlaskClient, people: People) -> None:
    _secret, codes = enrolled(app, "clerk")
    enter(client, "clerk")
    second(client, codes[0])
    pages = []
    for wrong in ("000000", codes[0], "AAAAA-AAAAA"):
        another = app.test_client()
        enter(another, "clerk")
        page = another.post("/sign-in/second", data={"code": wrong}).text.replace(wrong, "-")
        pages.append(re.sub(r'name="csrf_token"[^>]*', "", page))
    assert pages[0] == pages[1] == pages[2]


def test_a_sign_in_that_waits_ends_after_five_tries(app: Flask, client: FlaskClient, people: People) -> None:
    secret, _codes = enrolled(app, "clerk")
    enter(client, "clerk")
    answers = [second(client, "000000") for _ in range(HALF_ATTEMPTS)]
    assert [status for status, _ in answers] == [422] * (HALF_ATTEMPTS - 1) + [303]
    assert answers[-1][1] == "/sign-in"
    assert second(client, code_of(secret)) == (303, "/sign-in")


def test_too_many_failures_wait_whatever_sign_in_they_came_from(
    app: Flask, client: FlaskClient, people: People
) -> None:
    secret, _codes = enrolled(app, "clerk")
    for wrong in range(FAILURES_PER_LOGIN):
        if wrong % (HALF_ATTEMPTS - 1) == 0:
            enter(client, "clerk")
        assert second(client, "000000")[0] == 422
    enter(client, "clerk")
    assert second(client, code_of(secret))[0] == 429


def test_a_sign_in_that_waits_is_over_after_five_minutes(
    app: Flask, client: FlaskClient, people: People
) -> None:
    secret, _codes = enrolled(app, "clerk")
    enter(client, "clerk")
    with app.app_context():
        db.session.execute(update(HalfSignIn).values(expires_at=datetime.now(UTC)))
        db.session.commit()
    assert second(client, code_of(secret)) == (303, "/sign-in")


def test_the_half_of_one_browser_serves_no_other(app: Flask, client: FlaskClient, people: People) -> None:
    secret, _codes = enrolled(app, "clerk")
    enter(client, "clerk")
    stranger = app.test_client()
    assert second(stranger, code_of(secret)) == (303, "/sign-in")


def test_where_it_is_asked_a_post_waits_for_it(app: Flask, client: FlaskClient, people: People) -> None:
    need(app, people)
    enter(client, "clerk")
    assert client.get("/desk/").headers["Location"] == "/me/second-factor"
    assert client.post(f"/desk/people/{people.resident}/code").headers["Location"] == "/me/second-factor"
    assert client.get("/administration").status_code == 403, "what the post never opened stays refused"
    assert client.get("/matters/").status_code == 200
    enrol_app(client)
    assert client.get("/desk/").status_code == 200


def test_where_it_is_asked_residents_notice_nothing(app: Flask, client: FlaskClient, people: People) -> None:
    need(app, people)
    assert enter(client, "resident") == "/"
    assert "/me/second-factor" not in client.get("/").text


def test_a_session_from_before_shows_the_factor_again(
    app: Flask, client: FlaskClient, people: People
) -> None:
    secret, _codes = enrolled(app, "clerk")
    enter(client, "clerk")
    second(client, code_of(secret))
    with app.app_context():
        db.session.execute(update(SignInSession).values(factor_at=None, factor=""))
        db.session.commit()
    need(app, people)
    assert client.get("/desk/").headers["Location"] == "/me/second-factor"
    assert client.post("/me/second-factor/again", data={"code": code_of(secret, steps=1)}).status_code == 303
    assert client.get("/desk/").status_code == 200


def test_only_who_has_a_factor_asks_it_of_all(app: Flask, client: FlaskClient, people: People) -> None:
    enter(client, "admin")
    client.post("/administration/second-factor", data={"need": "yes"})
    assert not is_needed(app, people)
    enrol_app(client)
    assert client.post("/administration/second-factor", data={"need": "yes"}).status_code == 303
    assert is_needed(app, people)
    assert client.get("/administration").status_code == 200
    assert actions(app, people)[-1] == "community.need_second_factor"


def test_grave_acts_ask_again_after_ten_minutes(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(client, "admin")
    secret, _codes = enrol_app(client)
    need(app, people)
    with app.app_context():
        ago = datetime.now(UTC) - timedelta(minutes=11)
        db.session.execute(update(SignInSession).values(factor_at=ago))
        db.session.commit()
    page = {"Referer": "http://localhost/administration/second-factor"}
    response = client.post("/administration/second-factor", data={"need": "no"}, headers=page)
    assert response.headers["Location"] == "/me/second-factor/again?next=/administration/second-factor"
    assert is_needed(app, people)
    assert client.post("/data/community").headers["Location"].startswith("/me/second-factor/again")
    client.post("/me/second-factor/again", data={"code": code_of(secret)})
    client.post("/administration/second-factor", data={"need": "no"})
    assert not is_needed(app, people)


def test_an_administrator_takes_a_lost_factor_away_and_all_are_told(
    app: Flask, client: FlaskClient, people: People
) -> None:
    enrolled(app, "clerk")
    sign_in(client, "admin")
    path = f"/desk/people/{people.clerk}/second-factor"
    assert client.post(path, data={"lost": ""}).status_code == 422
    assert client.post(path, data={"lost": "手机丢失，本人持身份证到场"}).status_code == 303
    assert enter(app.test_client(), "clerk") == "/"
    with app.app_context():
        entry = db.session.scalars(
            select(JournalEntry).where(JournalEntry.action == "account.take_second_factor")
        ).one()
        assert entry.reason == "手机丢失，本人持身份证到场"
        told = set(
            db.session.scalars(select(Notification.person_id).where(Notification.text.contains("手机丢失")))
        )
    assert told == {people.clerk, people.other}


def test_nobody_takes_the_own_away_at_the_desk_and_no_clerk_anybodys(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(client, "admin")
    enrol_app(client)
    assert client.post(f"/desk/people/{people.admin}/second-factor", data={"lost": "x"}).status_code == 403
    clerk = app.test_client()
    enter(clerk, "clerk")
    assert clerk.post(f"/desk/people/{people.admin}/second-factor", data={"lost": "x"}).status_code == 403


def test_removing_the_last_factor_takes_the_codes_with_it(
    app: Flask, client: FlaskClient, people: People
) -> None:
    sign_in(client, "clerk")
    enrol_app(client)
    client.post("/me/second-factor/app/remove")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    need(app, people)
    assert client.get("/desk/").headers["Location"] == "/me/second-factor"


def test_new_codes_replace_the_old(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(client, "clerk")
    _secret, codes = enrol_app(client)
    page = client.post("/me/second-factor/codes").text
    fresh = re.findall(r"<code class=\"recovery-codes__code\">([0-9A-Z-]+)</code>", page)
    another = app.test_client()
    enter(another, "clerk")
    assert second(another, codes[0])[0] == 422
    assert second(another, fresh[0])[0] == 303


def test_a_one_time_code_from_the_desk_is_a_first_factor_alone(
    app: Flask, client: FlaskClient, people: People
) -> None:
    secret, _codes = enrolled(app, "clerk")
    sign_in(client, "admin")
    page = client.post(f"/desk/people/{people.clerk}/code").text
    code = re.search(r">(\d{4} \d{4})<", page)
    assert code
    theirs = app.test_client()
    response = theirs.post("/sign-in/code", data={"login": "clerk", "code": code[1]})
    assert response.headers["Location"] == "/sign-in/second"
    assert second(theirs, code_of(secret)) == (303, "/")


def test_the_trail_names_the_kind_and_no_login_code_or_secret(
    app: Flask, client: FlaskClient, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        secret, codes = enrolled(app, "clerk")
        enter(client, "clerk")
        second(client, "123456")
        second(client, codes[0])
    lines = [each.getMessage() for each in caplog.records if each.name.startswith("civicforum.accounts")]
    assert any(line.endswith("with recovery") for line in lines)
    assert any("second factor refused" in line for line in lines)
    assert not [line for line in lines if "clerk" in line or secret in line or codes[0] in line]


def test_who_has_no_factor_costs_no_further_statement(client: FlaskClient, people: People) -> None:
    with count_statements() as counted:
        enter(client, "resident")
    asked = [each for each in counted.statements if "authenticator_app" in each or "passkey" in each]
    assert len(asked) == 1
    assert "FOR UPDATE OF account" in asked[0], "within the statement that locks the account"


# Passkeys.


def add_passkey(client: FlaskClient, key: Authenticator, *, name: str = "办公电脑") -> int:
    options = client.post("/me/second-factor/passkeys/options").get_json()
    answer = key.create(options)
    return client.post("/me/second-factor/passkeys", data={"name": name, "answer": answer}).status_code


def use_passkey(client: FlaskClient, key: Authenticator) -> str:
    options = client.post("/sign-in/second/options").get_json()
    response = client.post("/sign-in/second/passkey", data={"answer": key.get(options)})
    return response.headers["Location"]


def test_a_passkey_is_enrolled_named_and_signs_in(app: Flask, client: FlaskClient, people: People) -> None:
    key = Authenticator(origin=ORIGIN)
    sign_in(client, "clerk")
    assert add_passkey(client, key) == 200
    assert "办公电脑" in client.get("/me/second-factor").text
    another = app.test_client()
    assert enter(another, "clerk") == "/sign-in/second"
    assert use_passkey(another, key) == "/"
    assert another.get("/desk/").status_code == 200
    with app.app_context():
        row = db.session.scalars(select(Passkey)).one()
        assert (row.sign_count, row.used_at is not None) == (2, True)


@pytest.mark.parametrize("spoilt", ["origin", "key", "count", "challenge", "party", "text"])
def test_an_answer_that_is_not_right_opens_nothing(
    app: Flask, client: FlaskClient, people: People, spoilt: str
) -> None:
    key = Authenticator(origin=ORIGIN)
    sign_in(client, "clerk")
    add_passkey(client, key)
    another = app.test_client()
    enter(another, "clerk")
    options = another.post("/sign-in/second/options").get_json()
    if spoilt == "origin":
        key.origin = "https://m1nyi.example.cn"
    if spoilt == "key":
        key.key = Authenticator(origin=ORIGIN).key
    if spoilt == "count":
        key.count = 0
    if spoilt == "challenge":
        options["challenge"] = "AAAA"
    if spoilt == "party":
        options["rpId"] = "example.cn"
    answer = "[1" if spoilt == "text" else key.get(options)
    response = another.post("/sign-in/second/passkey", data={"answer": answer})
    assert response.headers["Location"] == "/sign-in/second"
    assert another.get("/desk/").headers["Location"].startswith("/sign-in")


def test_an_answer_counts_once(app: Flask, client: FlaskClient, people: People) -> None:
    key = Authenticator(origin=ORIGIN, counts=False)
    sign_in(client, "clerk")
    add_passkey(client, key)
    another = app.test_client()
    enter(another, "clerk")
    options = another.post("/sign-in/second/options").get_json()
    answer = key.get(options)
    another.post("/sign-in/second/passkey", data={"answer": answer})
    third = app.test_client()
    enter(third, "clerk")
    response = third.post("/sign-in/second/passkey", data={"answer": answer})
    assert response.headers["Location"] == "/sign-in/second"


def test_the_key_of_another_account_opens_nothing(app: Flask, client: FlaskClient, people: People) -> None:
    own, others = Authenticator(origin=ORIGIN), Authenticator(origin=ORIGIN)
    for login, key in (("clerk", own), ("other", others)):
        visitor = app.test_client()
        enter(visitor, login)
        assert add_passkey(visitor, key) == 200
    enter(client, "clerk")
    assert use_passkey(client, others) == "/sign-in/second"


def test_a_removed_passkey_opens_nothing_and_others_remove_none(
    app: Flask, client: FlaskClient, people: People
) -> None:
    key = Authenticator(origin=ORIGIN)
    sign_in(client, "clerk")
    add_passkey(client, key)
    with app.app_context():
        passkey_id = db.session.scalars(select(Passkey.id)).one()
    stranger = app.test_client()
    enter(stranger, "resident")
    assert stranger.post(f"/me/second-factor/passkeys/{passkey_id}/remove").status_code == 404
    assert client.post(f"/me/second-factor/passkeys/{passkey_id}/remove").status_code == 303
    assert enter(app.test_client(), "clerk") == "/"


def is_needed(app: Flask, people: People) -> bool:
    with app.app_context():
        return db.session.get_one(Community, people.community).needs_second_factor


def actions(app: Flask, people: People) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(JournalEntry.action).order_by(JournalEntry.sequence)))


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("civicforum")
    assert found is not None
    return found.value


def test_an_account_goes_with_its_factors(app: Flask, client: FlaskClient, people: People) -> None:
    enrolled(app, "clerk")
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.login == "clerk")).one()
        for row in db.session.scalars(select(SignInSession).where(SignInSession.account_id == account.id)):
            db.session.delete(row)
        db.session.flush()
        db.session.delete(account)
        db.session.flush()
        for table in (AuthenticatorApp, RecoveryCode):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0
