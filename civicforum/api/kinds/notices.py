"""The notice board."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for
from pydantic import Field
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from civicforum.api.filters import ListFilters, Since, Words
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.shapes.notices import NoticeShape
from civicforum.fields import strip
from civicforum.notices import queries
from civicforum.notices.models import Notice
from civicforum.notices.queries.board import is_in
from civicforum.notices.rules import NoticeCategory, NoticeState
from civicforum.notices.views.board import may_read_notice
from civicforum.parts import has_part


class NoticeFilters(ListFilters):
    """Which notices."""

    category: NoticeCategory | None = None
    state: NoticeState | None = None
    posted_since: Since | None = None
    q: Words | None = Field(default=None, description="Part of the title or of the text.")


def select_notices(scope: Scope, filters: NoticeFilters) -> Select[Any]:
    """Return the notices of a community, with who posted them."""
    statement = (
        select(Notice).where(Notice.community_id == scope.community_id).options(joinedload(Notice.posted_by))
    )
    if filters.category is not None:
        statement = statement.where(Notice.category == filters.category)
    if filters.state is not None:
        statement = statement.where(is_in(filters.state, scope.now))
    if filters.posted_since is not None:
        statement = statement.where(Notice.posted_at >= filters.posted_since)
    words = strip(filters.q or "")
    if words:
        # As on the page: what was removed may be so for what it said, and is not found by it.
        said = [has_part(column, words) for column in (Notice.title, Notice.text)]
        statement = statement.where(or_(*said), Notice.state != NoticeState.REMOVED)
    return statement


def write_notice(scope: Scope, notice: Notice) -> NoticeShape:
    """Bring a notice into shape; who posted it is loaded."""
    return NoticeShape(
        id=notice.id,
        category=notice.category,
        title=notice.title,
        text=notice.text if may_read_notice(notice, None) else None,
        state=_state(scope, notice),
        posted_at=notice.posted_at,
        until=notice.until,
        posted_by=notice.posted_by.name if notice.posted_by else None,
        removed_at=notice.removed_at,
        removed_because=notice.removed_because or None,
        repost_of=notice.repost_of_id,
        subject_kind=notice.subject_kind or None,
        subject=notice.subject_id,
        path=url_for("notices.show", notice_id=notice.id),
    )


def _state(scope: Scope, notice: Notice) -> NoticeState:
    """Return the state at this instant: the sweep, which writes it down, may be a minute behind."""
    if notice.state is NoticeState.REMOVED:
        return NoticeState.REMOVED
    return NoticeState.EXPIRED if notice.until < scope.now else NoticeState.POSTED


def _write(scope: Scope, notices: Sequence[Notice]) -> list[NoticeShape]:
    return [write_notice(scope, notice) for notice in notices]


def _get(scope: Scope, notice_id: uuid.UUID) -> NoticeShape:
    notice = queries.get_notice(scope.session, notice_id=notice_id, community_id=scope.community_id)
    return write_notice(scope, notice)


NOTICES = Kind(
    name="notices",
    summary="Notices, the last posted first",
    shape=NoticeShape,
    filters=NoticeFilters,
    select=select_notices,
    key=(Notice.posted_at, Notice.id),
    write=_write,
)
NOTICE = One(name="notice", of="notices", summary="A notice", shape=NoticeShape, write=_get)
