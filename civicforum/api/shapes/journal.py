"""Shapes of the public register."""

from __future__ import annotations

import uuid

from pydantic import Field

from civicforum.api.shapes.common import Instant, Sha256, Shape


class EntryShape(Shape):
    """An entry of the journal. Of one that concerns private data only its place in the chain is told."""

    sequence: int
    is_public: bool
    at: Instant | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject: uuid.UUID | None = None
    subject_title: str | None = None
    by: str | None = Field(default=None, description="Null where a clock acted.")
    post: str | None = None
    helped_by: str | None = Field(
        default=None, description="The clerk who acted for somebody at the counter."
    )
    reason: str | None = None
    previous_hash: Sha256
    hash: Sha256
