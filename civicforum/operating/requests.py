"""What is written down and counted of each request; nothing of who asked, from where, and for which row."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import event
from sqlalchemy.pool import Pool

from civicforum.config import Settings
from civicforum.operating import metrics, statements
from civicforum.operating.rules import QUIET, is_quiet, is_request_id
from civicforum.operating.watch import Watch, current, new_id
from civicforum.turns import BEGAN

NO_ENDPOINT = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# Files and signs of life: a line for each says nothing.
UNWRITTEN = frozenset({"static", "preferences.health", "operating.ready", "operating.metrics"})
logger = logging.getLogger("civicforum.requests")


def init_app(app: Flask) -> None:
    """Watch each request from before anything else looks at it until its answer is whole."""
    settings: Settings = app.config["CIVICFORUM"]
    statements.init(slow_ms=settings.slow_query_ms)
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)
    # Flask's own line names the address, with ids of people in it.
    app.log_exception = _write_failure  # type: ignore[method-assign]
    app.jinja_env.globals["request_id"] = request_id
    if settings.metrics and not event.contains(Pool, "checkout", _take_connection):
        event.listen(Pool, "checkout", _take_connection)
        event.listen(Pool, "checkin", _give_connection)


def request_id() -> str:
    """Return the id of the request that is answered now, or ""."""
    watch = current.get()
    return watch.request_id if watch else ""


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    endpoint = request.endpoint or NO_ENDPOINT
    watch = Watch(
        place=endpoint,
        request_id=given if is_request_id(given) else new_id(),
        is_quiet=is_quiet(request.endpoint),
    )
    # From when it waited for its turn on.
    watch.began = request.environ.get(BEGAN, watch.began)
    g.watch_token = current.set(watch)


def _end(response: Response) -> Response:
    watch = current.get()
    if watch is None:
        return response
    response.headers["X-Request-ID"] = watch.request_id
    milliseconds = watch.milliseconds()
    if watch.place != "static":
        _count(watch, response.status_code, milliseconds)
    # A failure is written down of quiet pages too: it says that nothing was taken.
    if watch.place not in UNWRITTEN and (not watch.is_quiet or response.status_code >= 500):
        logger.info("request", extra=_said(watch, response.status_code, milliseconds))
    return response


def _said(watch: Watch, status: int, milliseconds: float) -> dict[str, Any]:
    return {
        "endpoint": watch.place,
        "method": request.method,
        "status": status,
        "ms": round(milliseconds, 1),
        "statements": watch.statements,
    }


def _count(watch: Watch, status: int, milliseconds: float) -> None:
    place = QUIET if watch.is_quiet else watch.place
    method = request.method if request.method in METHODS else "other"
    metrics.REQUESTS.labels(place, method, f"{status // 100}xx").observe(milliseconds / 1000)
    metrics.STATEMENTS.inc(watch.statements)


def _forget(_error: BaseException | None) -> None:
    if "watch_token" in g:
        current.set(None)
        del g.watch_token


def _write_failure(exc_info: Any) -> None:
    watch = current.get()
    logger.error(
        "a page failed", exc_info=exc_info, extra={"endpoint": watch.place if watch else NO_ENDPOINT}
    )


def _take_connection(_connection: Any, _record: Any, _proxy: Any) -> None:
    metrics.POOL_IN_USE.inc()


def _give_connection(_connection: Any, _record: Any) -> None:
    metrics.POOL_IN_USE.dec()
