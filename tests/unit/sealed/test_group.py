"""The group, and where libsodium comes from."""

from __future__ import annotations

import subprocess
import sys

import pytest

from civicforum.sealed import SodiumUnusable, selftest, sodium
from civicforum.sealed.checks import Refused
from civicforum.sealed.group import (
    GENERATOR,
    IDENTITY,
    ORDER,
    add,
    encode,
    parse_point,
    parse_scalar,
    subtract,
    times,
    times_base,
    total,
)


def test_zero_and_the_identity_multiply_to_the_identity() -> None:
    assert times_base(0) == times_base(ORDER) == times(0, GENERATOR) == times(5, IDENTITY) == IDENTITY


def test_sums_and_differences_follow_the_scalars() -> None:
    assert add(times_base(5), times_base(7)) == times_base(12)
    assert subtract(times_base(5), times_base(7)) == times_base(-2)
    assert subtract(times_base(5), times_base(5)) == IDENTITY
    assert total([]) == IDENTITY
    assert total([times_base(1), IDENTITY, times_base(2)]) == times_base(3)


def test_points_and_scalars_of_another_length_are_refused() -> None:
    for length in (0, 31, 33):
        with pytest.raises(Refused):
            parse_point(GENERATOR.ljust(33, b"\0")[:length])
        with pytest.raises(Refused):
            parse_scalar(bytes(length))


def test_scalars_are_taken_modulo_the_order_when_written_and_never_when_read() -> None:
    assert parse_scalar(encode(ORDER + 3)) == 3
    with pytest.raises(Refused):
        parse_scalar((ORDER + 3).to_bytes(32, "little"))


def test_computing_with_what_is_no_point_is_refused() -> None:
    with pytest.raises(Refused):
        add(GENERATOR, b"\x01" + bytes(31))
    with pytest.raises(Refused):
        total([b"\x01" + bytes(31)])


def test_a_libsodium_that_computes_something_else_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    selftest.run()
    monkeypatch.setattr(selftest, "times_base", lambda scalar: times_base(scalar + 1))
    with pytest.raises(SodiumUnusable, match="generator"):
        selftest.run()


def test_the_wheel_ships_a_libsodium_with_the_group() -> None:
    assert sodium.in_wheel()


def test_without_libsodium_of_the_system_the_one_in_the_wheel_serves() -> None:
    """In a process of its own: a library once loaded stays. Importing the package computes all vectors."""
    script = (
        "import ctypes\n"
        "real = ctypes.PyDLL\n"
        "def only_paths(name, *more, **named):\n"
        "    if '/' not in str(name):\n"
        "        raise OSError(name)\n"
        "    return real(name, *more, **named)\n"
        "ctypes.PyDLL = only_paths\n"
        "from civicforum.sealed import group\n"
        "print(group._library._name)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pyzmq" in done.stdout


def test_without_any_libsodium_the_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sodium, "SYSTEM_NAMES", ("libsodium-that-is-not-there.so",))
    monkeypatch.setattr(sodium, "WHEEL", "no-such-wheel")
    with pytest.raises(SodiumUnusable, match="install libsodium"):
        sodium.load()
