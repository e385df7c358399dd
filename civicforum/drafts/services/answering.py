"""Answers: each comment gets one, and comments that ask for the same get it together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.drafts.models import Draft, DraftAnswer, DraftComment
from civicforum.drafts.rules import Handling, check_put_out
from civicforum.drafts.services.steps import lock_draft, record_draft, require_out
from civicforum.errors import Invalid, NotFound

LONGEST_ANSWER = 2000


def answer_comments(
    *,
    draft_id: uuid.UUID,
    comment_ids: Sequence[uuid.UUID],
    handling: Handling,
    text: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Say what becomes of comments and why, the same for all that are named. Returns how many they are.

    What was answered before gets the new answer instead. Raises NotFound, NotEligible, TransitionNotAllowed
    (closed or withdrawn), Invalid (no comment chosen, or no reason).
    """
    check_put_out(actor)
    words = text.strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise Invalid("empty or too long", "text")
    if not comment_ids:
        raise Invalid("none", "comments")
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        require_out(draft)
        comments = _comments_of(session, draft, comment_ids)
        answer = DraftAnswer(
            community_id=draft.community_id,
            draft_id=draft.id,
            handling=handling,
            text=words,
            answered_by_id=actor.person_id,
            answered_at=now,
        )
        session.add(answer)
        session.flush()
        for comment in comments:
            comment.answer_id = answer.id
        session.flush()
        _forget_unused(session, draft)
        payload = {"comments": [comment.number for comment in comments], "handling": handling.value}
        record_draft(session, draft, actor=actor, action="answer", payload=payload, reason=words, now=now)
        return len(comments)


def _comments_of(session: Session, draft: Draft, comment_ids: Sequence[uuid.UUID]) -> Sequence[DraftComment]:
    """Return these comments on the draft, by their numbers. Raises NotFound where one is not on it."""
    comments = session.scalars(
        select(DraftComment)
        .where(DraftComment.draft_id == draft.id, DraftComment.id.in_(comment_ids))
        .order_by(DraftComment.number)
    ).all()
    if len(comments) != len(set(comment_ids)):
        raise NotFound(comment_ids)
    return comments


def _forget_unused(session: Session, draft: Draft) -> None:
    """Remove answers that no comment has any more; the journal keeps what they said."""
    is_used = exists().where(DraftComment.answer_id == DraftAnswer.id)
    session.execute(
        delete(DraftAnswer)
        .where(DraftAnswer.draft_id == draft.id, ~is_used)
        .execution_options(synchronize_session=False)
    )
