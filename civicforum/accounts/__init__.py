"""Accounts: signing in, sessions, one-time codes, and the help desk."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager

login_manager = LoginManager()
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = _l("Please sign in first.")
login_manager.login_message_category = "info"


def init_app(app: Flask) -> None:
    from civicforum.accounts.current import load_signed_in

    login_manager.init_app(app)
    login_manager.user_loader(load_signed_in)
