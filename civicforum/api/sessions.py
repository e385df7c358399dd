"""No cookies for open data: who is signed in is neither read nor renewed, so answers are alike for all."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from civicforum.api.problems import is_api


class PatientSigner(TimestampSigner):
    """Takes what was signed in the future: by a machine whose clock is ahead, or before a clock was set back.

    How long somebody is signed in the database says (SignInSession.expires_at).
    """

    def unsign(  # type: ignore[override]
        self, signed_value: str | bytes, max_age: int | None = None, **asked: Any
    ) -> Any:
        """Return the value, and with `return_timestamp` when it was signed. Raises BadSignature."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None and self.get_timestamp() - signed_at.timestamp() > max_age:
            raise SignatureExpired("too old", payload=value, date_signed=signed_at)
        return (value, signed_at) if asked.get("return_timestamp") else value


class SessionsOfPages(SecureCookieSessionInterface):
    """Sessions in a signed cookie, for everything but open data."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what reads and writes the cookie."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer

    def open_session(self, app: Flask, asked: Request) -> SecureCookieSession | None:
        """Return an empty session for open data."""
        return self.session_class() if is_api(asked.path) else super().open_session(app, asked)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save nothing, and vary by no cookie, where open data was asked for."""
        if not is_api(request.path):
            super().save_session(app, session, response)
