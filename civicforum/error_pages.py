"""From a refusal to a page: one table of classes, and words people understand."""

from __future__ import annotations

import logging

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from civicforum.api.problems import is_api, problem, problem_of
from civicforum.database import db
from civicforum.errors import (
    AlreadyDone,
    CivicForumError,
    Invalid,
    NoCommunityChosen,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)

STATUS: dict[type[CivicForumError], int] = {
    NotFound: 404,
    NotEligible: 403,
    TransitionNotAllowed: 409,
    AlreadyDone: 409,
    RuleRefused: 409,
    Invalid: 422,
    CivicForumError: 409,
}
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
# Fields in which people write sentences: never a password, a code or a number.
SENTENCES = frozenset({"title", "body", "place", "text", "note", "why"})
MOST = 20_000
# For programs and proxies; people are asked to wait a few minutes.
RETRY_AFTER_SECONDS = "10"
UNAVAILABLE = (OperationalError, InterfaceError, NoConnectionFree)
READS = frozenset({"GET", "HEAD", "OPTIONS"})
logger = logging.getLogger(__name__)


def status_of(refusal: CivicForumError) -> int:
    """Return the HTTP status of a refusal: that of its nearest class in the table."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def typed_words() -> list[str]:
    """Return the sentences that a refused request carried, so that nobody has to write them again."""
    return [
        text
        for name, text in request.form.items()
        if name in SENTENCES and text.strip() and len(text) <= MOST
    ]


def init_app(app: Flask) -> None:
    _answer_without_database(app)

    @app.errorhandler(CivicForumError)
    def refused(refusal: CivicForumError) -> ResponseReturnValue:
        status = status_of(refusal)
        return render_template(f"errors/{status}.html", refusal=refusal), status

    @app.errorhandler(NoCommunityChosen)
    def choose_community(refusal: NoCommunityChosen) -> ResponseReturnValue:
        return redirect(url_for("preferences.communities"))

    @app.errorhandler(CSRFError)
    def form_expired(error: CSRFError) -> ResponseReturnValue:
        return render_template("errors/400.html", form_expired=True), 400

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        if is_api():
            return problem_of(error)
        page = error.code if error.code in PAGES else (500 if error.code >= 500 else 400)
        typed = typed_words() if error.code == 429 else []
        return render_template(f"errors/{page}.html", refusal=None, typed=typed), error.code

    @app.errorhandler(500)
    def bug(error: Exception) -> ResponseReturnValue:
        # A page of refusal asks the database too, and may be what failed.
        original = getattr(error, "original_exception", None)
        if isinstance(original, UNAVAILABLE):
            return database_gone(original)
        db.session.rollback()
        try:
            return render_template("errors/500.html", refusal=None), 500
        except UNAVAILABLE as gone:
            return database_gone(gone)


def _answer_without_database(app: Flask) -> None:
    """Have requests that the database did not answer answered by a page that needs none."""
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, database_gone)

    @app.errorhandler(InternalError)
    def database_has_no_primary(error: InternalError) -> ResponseReturnValue:
        # While a standby becomes the primary, a server answers that takes nothing yet.
        if isinstance(error.orig, ReadOnlySqlTransaction):
            return database_gone(error)
        raise error


def database_gone(error: Exception) -> ResponseReturnValue:
    """Return the page for an unreachable database, or one without a free connection."""
    # Its first line: what follows are the statement and its values, which are nobody's business.
    logger.error("the database does not answer: %s", str(error).split("\n", 1)[0])
    again = {"Retry-After": RETRY_AFTER_SECONDS}
    if is_api():
        return problem(503), again
    # Rendered without the session, which would ask the database again.
    page = current_app.jinja_env.get_template("errors/503_plain.html")
    return page.render(was_sent=request.method not in READS), 503, again
