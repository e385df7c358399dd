"""Exports, the feed and the calendar."""

from __future__ import annotations

from flask import Response, abort, stream_with_context, url_for

from civicforum.access import public
from civicforum.api.answering import answer_text
from civicforum.api.calendars import write_calendar
from civicforum.api.exporting import write_csv, write_lines
from civicforum.api.feeds import FeedFilters, write_feed
from civicforum.api.filters import Filters
from civicforum.api.kinds import KINDS
from civicforum.api.openapi import MEDIA, ROOT
from civicforum.api.reading import read_filters, scope_of
from civicforum.api.views.blueprint import bp
from civicforum.rulebook.days import day_of
from civicforum.security import limiter

EXPORTS = "60 per minute"
WRITERS = {"csv": write_csv, "jsonl": write_lines}
BY_NAME = {kind.name: kind for kind in KINDS}


@bp.get(f"{ROOT}/exports/<file>")
@public
@limiter.limit(EXPORTS)
def export(file: str) -> Response:
    name, _dot, suffix = file.rpartition(".")
    if name not in BY_NAME or suffix not in WRITERS:
        abort(404)
    scope = scope_of(read_filters(Filters))
    rows = WRITERS[suffix](BY_NAME[name], scope)
    response = Response(stream_with_context(rows), content_type=f"{MEDIA[suffix]}; charset=utf-8")
    called = f"{name}-{day_of(scope.now).isoformat()}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/feed.atom")
@public
def feed() -> Response:
    filters = read_filters(FeedFilters)
    scope = scope_of(filters)
    own = url_for(".feed", community=scope.community_id, category=filters.category, _external=True)
    return answer_text(write_feed(scope, filters.category, url=own), "application/atom+xml; charset=utf-8")


@bp.get("/calendar.ics")
@public
def calendar() -> Response:
    return answer_text(write_calendar(scope_of(read_filters(Filters))), "text/calendar; charset=utf-8")
