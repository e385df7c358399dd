"""Codes of apps against the published vectors, and secrets as the database holds them."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.accounts.second_factor_rules import (
    find_step,
    is_app_code,
    is_fresh,
    new_recovery_code,
    recovery_hash,
    step_of,
    withheld_roles,
)
from civicforum.accounts.second_factor_secrets import NotOpened, open_secret, seal_secret
from civicforum.bodies.rules import Role

# RFC 6238, appendix B, SHA-1: the secret, and eight digits for each time; ours are the last six of them
# (RFC 4226, 5.3: the remainder modulo ten to the power of the digits).
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
AT = datetime.fromtimestamp(1111111109, UTC)
ACCOUNT = uuid.UUID(int=1)


@pytest.mark.parametrize(("seconds", "digits"), VECTORS)
def test_the_codes_are_those_of_the_standard(seconds: int, digits: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert find_step(SECRET, digits[-6:], now=now, after=0) == seconds // 30


@pytest.mark.parametrize(("late", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(late: int, counts: bool) -> None:
    found = find_step(SECRET, "081804", now=AT + timedelta(seconds=late), after=0)
    assert (found == step_of(AT)) is counts


def test_a_step_at_or_before_the_last_used_counts_no_more() -> None:
    assert find_step(SECRET, "081804", now=AT, after=step_of(AT)) is None
    assert find_step(SECRET, "081804", now=AT, after=step_of(AT) - 1) == step_of(AT)


@pytest.mark.parametrize("typed", ["081804", "081 804", "０８１８０４", " 081-804 "])
def test_a_code_may_be_typed_as_it_is_read(typed: str) -> None:
    assert is_app_code(typed)
    assert find_step(SECRET, typed, now=AT, after=0) == step_of(AT)


@pytest.mark.parametrize("typed", ["", "08180", "0818044", "ABCDE-FGHJK", "08180A"])
def test_everything_else_is_taken_for_a_recovery_code(typed: str) -> None:
    assert not is_app_code(typed)


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    key = b"k" * 32
    stored = recovery_hash("AB10D-EFGHJ", account_id=ACCOUNT, key=key)
    assert recovery_hash(" abio defghj ", account_id=ACCOUNT, key=key) == stored
    assert recovery_hash("ABL0D-EFGHJ", account_id=ACCOUNT, key=key) == stored
    assert recovery_hash("AB11DEFGHJ", account_id=ACCOUNT, key=key) != stored
    assert recovery_hash("AB10DEFGHJ", account_id=uuid.UUID(int=2), key=key) != stored


def test_recovery_codes_differ_and_have_ten_characters() -> None:
    codes = {new_recovery_code() for _ in range(100)}
    assert len(codes) == 100
    assert {len(code) for code in codes} == {10}


def test_a_sealed_secret_opens_for_its_account_and_key_alone() -> None:
    sealed = seal_secret(SECRET, account_id=ACCOUNT, identity_key="identity")
    assert SECRET.encode() not in sealed
    assert open_secret(sealed, account_id=ACCOUNT, identity_key="identity") == SECRET
    for account, key, box in [
        (uuid.UUID(int=2), "identity", sealed),
        (ACCOUNT, "another", sealed),
        (ACCOUNT, "identity", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ]:
        with pytest.raises(NotOpened):
            open_secret(box, account_id=account, identity_key=key)


def test_only_roles_with_powers_wait_and_only_where_it_is_asked() -> None:
    held = frozenset({Role.RESIDENT, Role.REPRESENTATIVE, Role.CLERK})
    assert withheld_roles(held, is_needed=True, is_proven=False) == {Role.CLERK}
    assert withheld_roles(held, is_needed=True, is_proven=True) == frozenset()
    assert withheld_roles(held, is_needed=False, is_proven=False) == frozenset()


def test_a_proof_is_fresh_for_ten_minutes() -> None:
    assert is_fresh(AT, AT + timedelta(minutes=9, seconds=59))
    assert not is_fresh(AT, AT + timedelta(minutes=10))
    assert not is_fresh(None, AT)
