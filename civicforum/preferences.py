"""Choices of the visitor, the community shown, and whether the service is alive."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from civicforum.access import public
from civicforum.database import db
from civicforum.layout import LOCALES
from civicforum.people.models import Community
from civicforum.people.queries import list_communities

bp = Blueprint("preferences", __name__)


def safe_next(default: str) -> str:
    """Return the address in `next` when it is a page of this site, else `default`."""
    wanted = request.values.get("next", "")
    # Browsers read "\\" as "/" and skip control characters: "/\t/other.example" would leave the site.
    is_plain = "\\" not in wanted and wanted.isprintable()
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_path and is_plain and _is_page(urlsplit(wanted).path) else default


def _is_page(path: str) -> bool:
    """Tell whether the path answers a GET; that of a form that was sent too late may not."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


@bp.get("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    if code not in LOCALES:
        abort(404)
    session["language"] = code
    return redirect(safe_next(url_for("inbox.home")), code=303)


@bp.get("/elder/<choice>")
@public
def elder(choice: str) -> ResponseReturnValue:
    if choice not in ("on", "off"):
        abort(404)
    session["elder_view"] = choice == "on"
    return redirect(safe_next(url_for("inbox.home")), code=303)


@bp.get("/communities")
@public
def communities() -> ResponseReturnValue:
    return render_template("people/communities.html", communities=list_communities(db.session()))


@bp.get("/communities/<uuid:community_id>")
@public
def community(community_id: uuid.UUID) -> ResponseReturnValue:
    if db.session.get(Community, community_id) is None:
        abort(404)
    session["community"] = str(community_id)
    return redirect(url_for("inbox.home"), code=303)


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "database does not answer"}, 503
    return {"status": "ok"}
