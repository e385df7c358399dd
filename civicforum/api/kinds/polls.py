"""Polls that somebody may see: all but drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from civicforum.api.filters import ListFilters
from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.kinds.poll import POLL, poll_fields
from civicforum.api.shapes.polls import PollLine
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState


class PollFilters(ListFilters):
    """Which polls."""

    state: PollState | None = None


def select_polls(scope: Scope, filters: PollFilters) -> Select[Any]:
    """Return the polls of a community that are no drafts, with their result sheets."""
    statement = (
        select(Poll)
        .where(Poll.community_id == scope.community_id, Poll.state != PollState.DRAFT)
        .options(joinedload(Poll.result))
    )
    return statement if filters.state is None else statement.where(Poll.state == filters.state)


def _write(_scope: Scope, polls: Sequence[Poll]) -> list[PollLine]:
    return [PollLine(**poll_fields(poll)) for poll in polls]


POLLS = Kind(
    name="polls",
    summary="Polls, the last made first",
    shape=PollLine,
    filters=PollFilters,
    select=select_polls,
    key=(Poll.created_at, Poll.id),
    write=_write,
    whole=POLL,
)
