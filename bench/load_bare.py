"""The limit of `make bench-load`: a bare Flask page with one ORM query, and one with fifty rows."""

from __future__ import annotations

import os
import sys

from flask import Flask
from markupsafe import escape
from sqlalchemy import select

import civicforum.models  # noqa: F401
from civicforum.database import db
from civicforum.people.models import Community, Household
from civicforum.serve import PAGES, SWITCH_SECONDS
from civicforum.turns import Turns

ROWS = 50


def web_app() -> Flask:
    """Return the pages, served as those of civicforum are."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["CIVICFORUM_DATABASE_URL"]
    db.init_app(app)
    app.add_url_rule("/healthz", "health", lambda: "ok")
    app.add_url_rule("/one", "one", one)
    app.add_url_rule("/fifty", "fifty", fifty)
    app.wsgi_app = Turns(app.wsgi_app, most=PAGES)  # type: ignore[method-assign]
    return app


def one() -> str:
    community = db.session.scalars(select(Community).limit(1)).one()
    return f"<!doctype html><title>{escape(community.name)}</title><h1>{escape(community.name)}</h1>"


def fifty() -> str:
    rows = db.session.scalars(select(Household).limit(ROWS)).all()
    return "<!doctype html><ul>" + "".join(f"<li>{escape(row.address)}</li>" for row in rows) + "</ul>"
