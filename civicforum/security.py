"""Headers of every answer, forgery protection, limits on requests, and what lies in front of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from civicforum.accounts.current import current_actor
from civicforum.api.problems import is_api
from civicforum.config import Settings

csrf = CSRFProtect()
# Counted in memory, for each process apart: it bounds what hashing passwords may cost. Guessing is bounded by
# failures counted in the database (accounts/services.py).
limiter = Limiter(get_remote_address, default_limits=[])
COSTLY = "120 per minute"
# For what a person writes, and for what a person only presses: a script floods. Counted by_person.
POSTING = "10 per minute"
PRESSING = "60 per minute"


def by_person() -> str:
    """Return for whom requests are counted: the person signed in, for a whole hall may share one address."""
    actor = current_actor()
    return str(actor.person_id) if actor else get_remote_address()


# What PostgreSQL stores in no text, and nobody types: NUL, and halves of characters, which JSON can carry.
ODD = re.compile(r"[\x00\ud800-\udfff]")

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def init_app(app: Flask) -> None:
    settings: Settings = app.config["CIVICFORUM"]
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # First: the forgery check looks for its field by name, and stumbles over one without.
    app.before_request(_refuse_odd_texts)
    csrf.init_app(app)
    limiter.init_app(app)

    @app.errorhandler(SecurityError)
    def unknown_host(error: SecurityError) -> ResponseReturnValue:
        # No page of ours: links on it would be built on a name that is not ours.
        return (
            "此地址不属于本站。This address does not belong to this site.",
            400,
            {"Content-Type": "text/plain"},
        )

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        # For browsers within apps that do not know frame-ancestors.
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "geolocation=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if not is_api():
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def _refuse_odd_texts() -> None:
    has_nameless = any(not isinstance(name, str) for sent in (request.form, request.files) for name in sent)
    if has_nameless or any(ODD.search(text) for text in _sent_texts()):
        abort(400)


def _sent_texts() -> Iterator[str]:
    """Return the texts of a request: of its address and form, names of files, and every text in JSON."""
    for values in (request.args, request.form):
        yield from (value for _, value in values.items(multi=True))
    yield from (file.filename or "" for _, file in request.files.items(multi=True))
    if not request.is_json:
        return
    try:
        waiting: list[Any] = [request.get_json(silent=True)]
    except RecursionError:
        # Lists in lists without end.
        abort(400)
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part
