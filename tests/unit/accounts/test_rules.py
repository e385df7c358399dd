"""The limits of signing in."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from civicforum.accounts.passwords import hash_password, is_outdated, is_password
from civicforum.accounts.rules import (
    FAILURE_WINDOW,
    PasswordFault,
    clean_code,
    clean_login,
    code_hash,
    device_name,
    password_fault,
    wait_until,
)
from tests.support import hashing

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ("Clerk", "clerk"),
        ("  q000123 ", "q000123"),
        ("Ｑ０００１２３", "q000123"),
        ("q\u200b1\x00", "q1"),
        ("陈玉兰", "陈玉兰"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_login_is_the_same_however_it_is_typed(typed: str, login: str) -> None:
    assert clean_login(typed) == login


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", "1234-5678", "１２３４５６７８"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert clean_code(typed) == "12345678"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short77", PasswordFault.TOO_SHORT),
        ("eightish", None),
        ("x" * 128, None),
        ("x" * 129, PasswordFault.TOO_LONG),
        ("Q0001234", PasswordFault.IS_LOGIN),
        ("12345678", PasswordFault.COMMON),
        ("Password", PasswordFault.COMMON),
        ("桂花开了的时候", PasswordFault.TOO_SHORT),
        ("桂花开了的时候我在", None),
    ],
)
def test_passwords_that_are_refused(password: str, fault: PasswordFault | None) -> None:
    assert password_fault(password, login="q0001234") == fault


def test_a_password_is_the_same_in_full_width_and_half_width() -> None:
    assert is_password(hash_password("ｐａｓｓ１２３４５"), "pass12345")


def test_without_a_stored_hash_no_password_is_right() -> None:
    assert not is_password(None, "")
    assert not is_password("not a hash", "x")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    with hashing.official():
        assert is_outdated(weaker)
        assert not is_outdated(hash_password("x"))


def test_a_hash_costs_at_least_what_owasp_asks_for() -> None:
    # Password Storage Cheat Sheet, Argon2id: 19 MiB of memory, two passes, one lane.
    used = extract_parameters(hashing.OFFICIAL.hash("x"))
    assert used.type is Type.ID
    assert used.memory_cost >= 19 * 1024
    assert (used.time_cost, used.parallelism) >= (2, 1)


def test_the_hash_of_a_code_depends_on_account_and_key() -> None:
    account_id = uuid.uuid4()
    of_code = code_hash("12345678", account_id=account_id, key="key")
    assert of_code == code_hash("12345678", account_id=account_id, key="key")
    assert of_code != code_hash("12345678", account_id=uuid.uuid4(), key="key")
    assert of_code != code_hash("12345678", account_id=account_id, key="other key")


def test_the_next_attempt_waits_until_the_oldest_failure_that_counts_has_left_the_window() -> None:
    minutes = [NOW - timedelta(minutes=minute) for minute in (1, 2, 3, 14)]
    assert wait_until(minutes, allowed=5, now=NOW) is None
    assert wait_until(minutes, allowed=4, now=NOW) == NOW - timedelta(minutes=14) + FAILURE_WINDOW
    assert wait_until(minutes, allowed=3, now=NOW) == NOW - timedelta(minutes=3) + FAILURE_WINDOW


def test_failures_outside_the_window_do_not_count() -> None:
    assert wait_until([NOW - FAILURE_WINDOW], allowed=1, now=NOW) is None


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 "
            "MicroMessenger/8.0",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_in_a_few_words(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
