"""Accounts: signing in, sessions, one-time codes, and the help desk."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user

login_manager = LoginManager()
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = _l("Please sign in first.")
login_manager.login_message_category = "info"


def init_app(app: Flask) -> None:
    from civicforum.accounts.current import load_signed_in
    from civicforum.accounts.labels import capacity_name, factor_name, role_name, role_powers
    from civicforum.accounts.rules import SEEN_EVERY
    from civicforum.accounts.services import note_seen

    login_manager.init_app(app)
    login_manager.user_loader(load_signed_in)
    app.jinja_env.filters.update(
        role_name=role_name,
        role_powers=role_powers,
        capacity_name=capacity_name,
        factor_name=factor_name,
    )

    @app.before_request
    def note_when_seen() -> None:
        # The pages that must answer without a database have no visitor to look up.
        if request.endpoint in (None, "static", "preferences.health"):
            return
        # A row of theirs written beside a report or a rating would tell who sent it.
        if request.blueprint in ("reports", "ratings"):
            return
        now = datetime.now(UTC)
        if current_user.is_authenticated and current_user.seen_at < now - SEEN_EVERY:
            note_seen(session_id=current_user.session_id, now=now)
