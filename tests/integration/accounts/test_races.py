"""Two at once, on real commits."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from civicforum.accounts import desk_services, services
from civicforum.accounts.errors import SignInRefused, TooManyAttempts
from civicforum.accounts.models import Account, Assistance, SignInFailure, SignInSession
from civicforum.accounts.rules import FAILURES_PER_LOGIN
from civicforum.bodies.rules import Role
from civicforum.database import db
from tests.factories import NOW, PASSWORD, actor_of, make_account, make_community, make_officer, make_person
from tests.support.races import at_once, numbered


def test_one_code_used_twice_at_once_signs_in_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
        person = make_person(community)
        make_account(person, login="q1")
        code = desk_services.issue_code(person_id=person.id, actor=clerk, now=NOW)

    def enter(index: int) -> None:
        services.sign_in_with_code(login="q1", code=code, address="192.0.2.1", device="", now=NOW)

    assert at_once(committed, numbered(4, enter)) == ["SignInRefused"] * 3 + ["done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_many_guesses_at_once_count_as_many(committed: Flask) -> None:
    with committed.app_context():
        make_account(make_person(make_community()), login="q1", password=PASSWORD)

    def guess(index: int) -> None:
        services.sign_in_with_password(
            login="q1", password="wrong", address=f"192.0.2.{index}", device="", now=NOW
        )

    ends = at_once(committed, numbered(FAILURES_PER_LOGIN + 4, guess))
    assert ends.count(SignInRefused.__name__) == FAILURES_PER_LOGIN
    assert ends.count(TooManyAttempts.__name__) == 4
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == FAILURES_PER_LOGIN


def test_a_clerk_in_two_windows_helps_one_person(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        officer = make_officer(community, Role.CLERK, login="clerk")
        clerk = actor_of(officer, Role.CLERK)
        people = [make_person(community).id for _ in range(3)]
        account = db.session.scalars(select(Account).where(Account.login == "clerk")).one()
        row = SignInSession(
            account_id=account.id, started_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(hours=1)
        )
        db.session.add(row)
        db.session.commit()
        session_id = row.id

    def begin(index: int) -> None:
        desk_services.begin_assistance(
            person_id=people[index], reason="没有手机", session_id=session_id, actor=clerk, now=NOW
        )

    assert at_once(committed, numbered(3, begin)) == ["done"] * 3
    with committed.app_context():
        running = select(func.count()).select_from(Assistance).where(Assistance.ended_at.is_(None))
        assert db.session.scalar(running) == 1


def test_one_login_asked_for_twice_at_once_is_given_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
        people = [make_person(community).id for _ in range(3)]

    def open_account(index: int) -> None:
        desk_services.open_account(person_id=people[index], login="q1", actor=clerk, now=NOW)

    assert at_once(committed, numbered(3, open_account)) == ["Invalid", "Invalid", "done"]
