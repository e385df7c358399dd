"""Whole requests to the whole application, where no database answers."""

from __future__ import annotations

import logging
import tempfile
from functools import cache
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from civicforum import create_app
from civicforum.config import Settings
from tests.fuzz.target import Target, as_text

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT"})
HEADERS = (
    "Cookie", "Accept-Language", "If-None-Match", "Content-Type", "Range", "X-Forwarded-For", "X-Request-ID",
)  # fmt: skip
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'


@cache
def _app() -> Flask:
    folder = Path(tempfile.mkdtemp(prefix="civicforum-fuzz-"))
    settings = Settings(
        instance=folder,
        database_url=f"postgresql+psycopg://nobody@/none?host={folder}",
        secret_key="fuzz",
        identity_key="fuzz",
        secure_cookies=False,
        log=folder / "log" / "civicforum.log",
        proxies=1,
    )
    app = create_app(settings)
    app.config["RATELIMIT_ENABLED"] = False
    logging.getLogger("civicforum").setLevel(logging.CRITICAL)
    return app


def _request(data: bytes) -> None:
    """Send a request: a line of method, path and query, one for each header, and the body.

    It is answered, or told to come again, and the answer bears the headers that every one has.
    """
    first, _, rest = data.partition(b"\n")
    lines = rest.split(b"\n", len(HEADERS))
    method, _, address = as_text(first).partition(" ")
    path, _, query = address.partition("?")
    given = zip(HEADERS, lines, strict=False)
    headers = [(name, line.decode("latin-1").replace("\r", "")) for name, line in given if line]
    body = lines[len(HEADERS)] if len(lines) > len(HEADERS) else b""
    environ = EnvironBuilder(
        method=method if method in METHODS else "GET",
        path="/",
        query_string=query,
        headers=headers,
        data=body,
    ).get_environ()
    environ["PATH_INFO"] = ("/" + path.lstrip("/")).encode().decode("latin-1")
    answer, status, answered = run_wsgi_app(_app(), environ, buffered=True)
    b"".join(answer)
    code = int(status[:3])
    assert code < 500 or code == 503, status
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answered


def _requests() -> list[bytes]:
    """Return a request to each address that needs nothing put in, and some with ids and forms."""
    plain = [
        rule.rule.encode()
        for rule in _app().url_map.iter_rules()
        if not rule.arguments and rule.methods and "GET" in rule.methods
    ]
    others = [
        b"GET /matters/00000000-0000-4000-8000-000000000001?page=2\na=b\nen\n\n\n\n192.0.2.1\nabcd-1234",
        b"POST /sign-in\n\n\n\napplication/x-www-form-urlencoded\n\n\n\nlogin=a&password=b&next=/",
        b"POST /sign-in\n\n\n\nmultipart/form-data; boundary=x\n\n\n\n" + MULTIPART,
        b"GET /static/dist/../app.css\n\n\n\n\nbytes=0-1",
    ]
    return [*(b"GET " + path for path in plain[:: max(1, len(plain) // 12)]), *others]


TARGETS = (
    Target(
        "pages.request",
        "a whole request, with no database to ask",
        "it is answered, at worst by the page that says to come again, with the headers of every answer",
        _request,
        _requests,
        is_quick=False,
    ),
)
