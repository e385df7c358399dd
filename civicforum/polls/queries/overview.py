"""The votes counted last, for the home page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.queries.named import SHOWS_NAMES


def list_latest_results(session: Session, *, community_id: uuid.UUID, limit: int) -> Sequence[Poll]:
    """Return the polls that decided something, counted last, with their result sheets, newest first."""
    return (
        session.scalars(
            select(Poll)
            .join(Poll.result)
            .options(contains_eager(Poll.result))
            .where(
                Poll.community_id == community_id,
                Poll.state.in_(SHOWS_NAMES),
                ResultSheet.is_adopted.is_not(None),
            )
            .order_by(ResultSheet.made_at.desc(), Poll.id)
            .limit(limit)
        )
        .unique()
        .all()
    )
