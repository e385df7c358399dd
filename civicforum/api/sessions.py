"""No cookies for open data: who is signed in is neither read nor renewed, so answers are alike for all."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from civicforum.api.problems import is_api


class SessionsOfPages(SecureCookieSessionInterface):
    """Sessions in a signed cookie, for everything but open data."""

    def open_session(self, app: Flask, asked: Request) -> SecureCookieSession | None:
        """Return an empty session for open data."""
        return self.session_class() if is_api(asked.path) else super().open_session(app, asked)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save nothing, and vary by no cookie, where open data was asked for."""
        if not is_api(request.path):
            super().save_session(app, session, response)
