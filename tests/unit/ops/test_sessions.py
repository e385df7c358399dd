"""The cookie of the session, by clocks that do not agree."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from itsdangerous import BadSignature, SignatureExpired

from civicforum.api.sessions import SessionsOfPages
from tests.support.cookies import with_another_signature

HOUR = 3600


@pytest.fixture
def app() -> Flask:
    made = Flask(__name__)
    made.secret_key = "secret of the tests"
    return made


def read_after(app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float, *, max_age: int = HOUR) -> object:
    """Return what a cookie says, read by a clock that is so many seconds ahead of its own."""
    serializer = SessionsOfPages().get_signing_serializer(app)
    assert serializer is not None
    cookie, now = serializer.dumps({"who": "somebody"}), time.time()
    monkeypatch.setattr(time, "time", lambda: now + seconds)
    return serializer.loads(cookie, max_age=max_age)


@pytest.mark.parametrize("seconds", [-24 * HOUR, -HOUR, -1, 0, HOUR - 2])
def test_a_cookie_from_a_clock_that_is_ahead_is_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    assert read_after(app, monkeypatch, seconds) == {"who": "somebody"}


def test_a_cookie_that_is_too_old_is_not(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SignatureExpired):
        read_after(app, monkeypatch, HOUR + 2)


def test_a_cookie_that_somebody_else_signed_is_not(app: Flask) -> None:
    serializer = SessionsOfPages().get_signing_serializer(app)
    assert serializer is not None
    with pytest.raises(BadSignature):
        serializer.loads(with_another_signature(str(serializer.dumps({"who": "somebody"}))), max_age=HOUR)
