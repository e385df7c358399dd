"""Shapes of the notice board."""

from __future__ import annotations

import uuid
from datetime import date

from pydantic import Field

from civicforum.api.shapes.common import Instant, Named, Path, Shape
from civicforum.moderation.rules import Reason
from civicforum.notices.queries.catalogue import DueState
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, QueryEntryKind, Rhythm
from civicforum.notices.rules_asking import QueryState


class NoticeShape(Shape):
    """A notice. `until` ends its posting period; it stays readable after it, but not once it was removed."""

    id: uuid.UUID
    category: NoticeCategory
    title: str
    text: str | None
    state: NoticeState
    posted_at: Instant
    until: Instant
    posted_by: str | None
    removed_at: Instant | None
    removed_because: str | None
    repost_of: uuid.UUID | None = Field(description="The removed notice that this one posts again.")
    subject_kind: str | None = Field(description="What it is about, such as a matter or a meeting.")
    subject: uuid.UUID | None
    path: Path


class ThreadEntryShape(Shape):
    """A question or an answer."""

    kind: QueryEntryKind
    text: str
    by: str
    post: str
    at: Instant
    is_late: bool


class NoticeQueryShape(Shape):
    """A resident's query about a notice. Of a hidden one only the reason is left."""

    id: uuid.UUID
    notice: uuid.UUID
    by: str | None
    at: Instant
    state: QueryState
    due_at: Instant | None
    is_overdue: bool
    hidden_reason: Reason | None
    thread: list[ThreadEntryShape]


class ItemShape(Shape):
    """Something that has to be posted, by its rhythm."""

    id: uuid.UUID
    code: str = Field(description="The code of a standard item; others have a name of their own.")
    name: str | None
    category: NoticeCategory
    rhythm: Rhythm
    source: ItemSource
    body: Named | None
    since: date
    ended_on: date | None


class DueShape(Shape):
    """One time that an item is due, and what became of it."""

    id: uuid.UUID
    item: uuid.UUID
    code: str
    period_from: date
    period_until: date
    due_at: Instant
    state: DueState
    notice: uuid.UUID | None
