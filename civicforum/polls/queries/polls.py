"""Finding a poll that stands alone, where everything about such a poll begins."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from civicforum.errors import NotFound
from civicforum.polls.models import Poll

WITH_QUESTIONS = (selectinload(Poll.questions),)


def get_alone(
    session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID, options: Sequence[ORMOption] = ()
) -> Poll:
    """Return a poll that the pages of polls show; a meeting's named vote is shown there. Raises NotFound."""
    poll = session.get(Poll, poll_id, options=options)
    if poll is None or poll.community_id != community_id or not poll.has_pages:
        raise NotFound(poll_id)
    return poll
