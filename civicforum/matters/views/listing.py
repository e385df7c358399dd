"""Lists of matters for everybody: all of them, and those that are late."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.fields import strip
from civicforum.matters.queries.listing import (
    Filters,
    Sort,
    count_groups,
    count_overdue,
    list_matters,
    list_overdue,
)
from civicforum.matters.rules import Category, StageGroup
from civicforum.matters.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.people.queries import list_grids

E = TypeVar("E", bound=StrEnum)
LONGEST_SEARCH = 80


@bp.get("")
@public
def index() -> ResponseReturnValue:
    community = require_community()
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    filters = read_filters()
    return render_template(
        "matters/index.html",
        page=list_matters(
            session,
            community_id=community.id,
            filters=filters,
            person_id=actor.person_id if actor else None,
            number=page_number(),
            now=now,
        ),
        filters=filters,
        counts=count_groups(session, community_id=community.id),
        overdue=count_overdue(session, community_id=community.id, now=now),
        grids=list_grids(session, community_id=community.id),
        now=now,
    )


@bp.get("/overdue")
@public
def overdue() -> ResponseReturnValue:
    community = require_community()
    now = datetime.now(UTC)
    page = list_overdue(db.session(), community_id=community.id, number=page_number(), now=now)
    return render_template("matters/overdue.html", page=page, now=now)


def read_filters() -> Filters:
    """Return what the address narrows the list to; what means nothing is passed over."""
    arguments = request.args
    return Filters(
        words=strip(arguments.get("q"))[:LONGEST_SEARCH],
        group=_choice(StageGroup, arguments.get("group")),
        category=_choice(Category, arguments.get("category")),
        grid_id=_uuid(arguments.get("grid")),
        is_overdue=arguments.get("overdue") == "1",
        is_mine=arguments.get("mine") == "1",
        sort=_choice(Sort, arguments.get("sort")) or Sort.NEWEST,
    )


def _choice(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in set(kind) else None


def _uuid(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
