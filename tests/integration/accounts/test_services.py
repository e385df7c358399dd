"""Accounts, passwords, sessions and failed attempts on a real database."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts import services
from civicforum.accounts.cli import account as account_command
from civicforum.accounts.errors import SignInRefused, TooManyAttempts
from civicforum.accounts.models import Account, SignInFailure, SignInSession
from civicforum.accounts.passwords import HASHER
from civicforum.accounts.rules import (
    FAILURE_WINDOW,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_LOGIN,
    KEPT_SESSION_LASTS,
    SESSION_LASTS,
)
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.models import Person
from tests.factories import NOW, PASSWORD, make_account, make_community, make_person


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(make_community())


@pytest.fixture
def account(person: Person) -> Account:
    return make_account(person, login="q000123", password=PASSWORD)


def enter(
    login: str = "q000123",
    password: str = PASSWORD,
    *,
    address: str = "192.0.2.1",
    now: datetime = NOW,
    kept: bool = False,
) -> uuid.UUID:
    return services.sign_in_with_password(
        login=login, password=password, address=address, device="Firefox · Linux", now=now, kept=kept
    )


def test_a_second_account_of_a_person_is_refused(session: Session, account: Account) -> None:
    with pytest.raises(AlreadyDone):
        services.create_account(session, person=account.person, login="other", password=None, now=NOW)


@pytest.mark.parametrize("login", ["q000123", " Q000123", "ｑ０００１２３"])
def test_a_login_is_given_once(session: Session, account: Account, login: str) -> None:
    other = make_person(make_community(name="梧桐里社区"))
    with pytest.raises(Invalid, match="taken"):
        services.create_account(session, person=other, login=login, password=None, now=NOW)


def test_a_weak_password_is_refused_with_the_account(session: Session, person: Person) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_account(session, person=person, login="q1", password="12345678", now=NOW)
    assert refused.value.field == "password"


def test_the_password_is_not_stored(account: Account) -> None:
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$")


def test_login_and_password_open_a_session(session: Session, account: Account) -> None:
    row = session.get_one(SignInSession, enter(" Q000123"))
    assert row.account_id == account.id
    assert (row.started_at, row.expires_at, row.device) == (NOW, NOW + SESSION_LASTS, "Firefox · Linux")
    assert session.get_one(SignInSession, enter(kept=True)).expires_at == NOW + KEPT_SESSION_LASTS


@pytest.mark.parametrize(("login", "password"), [("q000123", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_pair_is_refused_without_saying_which(account: Account, login: str, password: str) -> None:
    with pytest.raises(SignInRefused):
        enter(login, password)


def test_an_account_without_a_password_opens_with_none(person: Person) -> None:
    make_account(person, login="q1", password=None)
    for password in ("", "None"):
        with pytest.raises(SignInRefused):
            enter("q1", password)


def test_a_closed_account_is_refused(session: Session, account: Account) -> None:
    account.disabled_at = NOW
    session.commit()
    with pytest.raises(SignInRefused):
        enter()


def test_after_too_many_failures_even_the_right_password_waits(account: Account) -> None:
    for number in range(FAILURES_PER_LOGIN):
        with pytest.raises(SignInRefused):
            enter(password="wrong", address=f"192.0.2.{number}", now=NOW + timedelta(minutes=number))
    with pytest.raises(TooManyAttempts) as refused:
        enter(now=NOW + timedelta(minutes=10))
    assert refused.value.until == NOW + FAILURE_WINDOW
    assert enter(now=NOW + FAILURE_WINDOW)


def test_what_was_refused_for_waiting_does_not_make_the_wait_longer(account: Account) -> None:
    for _ in range(FAILURES_PER_LOGIN):
        with pytest.raises(SignInRefused):
            enter(password="wrong")
    for minute in range(1, 15):
        with pytest.raises(TooManyAttempts):
            enter(now=NOW + timedelta(minutes=minute))
    assert enter(now=NOW + FAILURE_WINDOW)


def test_a_success_clears_the_failures_of_the_login(session: Session, account: Account) -> None:
    for _ in range(FAILURES_PER_LOGIN - 1):
        with pytest.raises(SignInRefused):
            enter(password="wrong")
    enter()
    assert session.scalars(select(SignInFailure)).all() == []


def test_one_address_cannot_try_many_logins(session: Session, account: Account) -> None:
    session.add_all(
        SignInFailure(login=f"login{number}", address="192.0.2.9", at=NOW)
        for number in range(FAILURES_PER_ADDRESS)
    )
    session.commit()
    with pytest.raises(TooManyAttempts):
        enter(address="192.0.2.9")
    assert enter(address="192.0.2.10")


def test_failures_that_no_longer_count_are_forgotten(session: Session) -> None:
    session.add_all(
        SignInFailure(login="x", address="192.0.2.9", at=NOW - timedelta(minutes=m)) for m in (1, 60)
    )
    session.commit()
    assert services.forget_failures(now=NOW) == 1
    assert len(session.scalars(select(SignInFailure)).all()) == 1


def test_a_hash_with_old_parameters_is_renewed_at_sign_in(session: Session, account: Account) -> None:
    account.password_hash = type(HASHER)(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.commit()
    enter()
    assert not HASHER.check_needs_rehash(account.password_hash)
    assert enter()


def change(session_id: uuid.UUID, *, current: str = PASSWORD, new: str = "桂花开了的时候我在") -> uuid.UUID:
    return services.change_password(
        session_id=session_id, current=current, new=new, address="192.0.2.1", now=NOW
    )


def test_a_new_password_ends_all_sessions_and_goes_on_in_another(session: Session, account: Account) -> None:
    here, there = enter(), enter()
    lasted = session.get_one(SignInSession, here).expires_at
    renewed = session.get_one(SignInSession, change(here))
    assert [session.get_one(SignInSession, ended).ended_at for ended in (here, there)] == [NOW, NOW]
    assert (renewed.ended_at, renewed.expires_at) == (None, lasted)
    with pytest.raises(SignInRefused):
        enter()
    assert enter(password="桂花开了的时候我在")


def test_the_present_password_is_asked_for(account: Account) -> None:
    here = enter()
    with pytest.raises(SignInRefused):
        change(here, current="wrong")
    assert enter()


def test_guessing_the_present_password_is_bounded(account: Account) -> None:
    here = enter()
    for _ in range(FAILURES_PER_LOGIN):
        with pytest.raises(SignInRefused):
            change(here, current="wrong")
    with pytest.raises(TooManyAttempts):
        change(here)


def test_an_ended_session_changes_no_password(account: Account) -> None:
    here = enter()
    services.end_session(session_id=here, account_id=account.id, now=NOW)
    with pytest.raises(NotFound):
        change(here)


def test_nobody_ends_the_session_of_another(account: Account) -> None:
    other = make_account(make_person(make_community(name="梧桐里社区")))
    with pytest.raises(NotFound):
        services.end_session(session_id=enter(), account_id=other.id, now=NOW)


def test_all_sessions_are_ended_everywhere(session: Session, account: Account) -> None:
    ids = [enter(), enter(), enter()]
    services.end_all_sessions(account_id=account.id, now=NOW, spare=ids[0])
    ended = [session.get_one(SignInSession, key).ended_at for key in ids]
    assert ended == [None, NOW, NOW]
    services.end_all_sessions(account_id=account.id, now=NOW + timedelta(minutes=1))
    assert session.get_one(SignInSession, ids[0]).ended_at == NOW + timedelta(minutes=1)


def test_the_operator_lets_somebody_in_again(session: Session, account: Account) -> None:
    here = enter()
    for _ in range(FAILURES_PER_LOGIN):
        with pytest.raises(SignInRefused):
            enter(password="wrong")
    services.reset_password(login=" Q000123", password="桂花开了的时候我在", now=NOW)
    assert session.get_one(SignInSession, here).ended_at == NOW
    assert enter(password="桂花开了的时候我在")


@pytest.mark.parametrize(
    ("login", "password", "said"),
    [
        ("q000123", "桂花开了的时候我在", "q000123 signs in"),
        ("nobody", "桂花开了的时候我在", "no open account"),
        ("q000123", "short", "too short"),
    ],
)
def test_the_command_says_what_it_did(
    app: Flask, account: Account, login: str, password: str, said: str
) -> None:
    result = app.test_cli_runner().invoke(account_command, ["password", login, "--password", password])
    assert said in result.output
    assert (result.exit_code == 0) == ("signs in" in said)
