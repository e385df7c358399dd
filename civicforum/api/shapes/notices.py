"""Shapes of the notice board."""

from __future__ import annotations

import uuid

from pydantic import Field

from civicforum.api.shapes.common import Instant, Path, Shape
from civicforum.notices.rules import NoticeCategory, NoticeState


class NoticeShape(Shape):
    """A notice. `until` ends its posting period; it stays readable after it."""

    id: uuid.UUID
    category: NoticeCategory
    title: str
    text: str
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
