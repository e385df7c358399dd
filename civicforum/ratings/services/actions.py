"""What has to be put right for good, after a bad grade: a corrective action of the station."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import joinedload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.rules import ActionSource
from civicforum.appraisals.services.actions import Wanted, open_locked
from civicforum.bodies.models import Term
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.ratings.queries.grades import find_action_id
from civicforum.ratings.rules import ReviewRuling
from civicforum.ratings.services.steps import lock_rating


def open_action(*, rating_id: uuid.UUID, title: str, problem: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Open a corrective action, which is public, for a bad grade; return its id.

    Raises NotFound, NotEligible, TransitionNotAllowed (not published yet: the action would tell of it; or
    set aside), AlreadyDone, Invalid ("title", "problem", "owner").
    """
    with transaction() as session:
        # Before the grade, as the night does; open_locked counts its actions under this lock.
        session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        if rating.published_in is None or rating.ruling is ReviewRuling.SET_ASIDE:
            raise TransitionNotAllowed(rating_id, "open_action")
        if find_action_id(session, rating_id) is not None:
            raise AlreadyDone(rating_id)
        term = session.get_one(Term, rating.term_id, options=[joinedload(Term.post)])
        return open_locked(
            session,
            community_id=rating.community_id,
            source=ActionSource.SERVICE_RATING,
            source_id=rating_id,
            wanted=Wanted(title=title, problem=problem, owner_id=term.post.body_id),
            actor=actor,
            now=now,
        ).id
