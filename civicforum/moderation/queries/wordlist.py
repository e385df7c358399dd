"""The words that hold texts back."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.moderation.models import SensitiveWord
from civicforum.paging import Page, paginate
from civicforum.rows import get_row

PER_PAGE = 50


def list_words(session: Session, *, community_id: uuid.UUID, number: int) -> Page[SensitiveWord]:
    """Return a page of the list, those that hold first, then the ended ones; two statements."""
    statement = (
        select(SensitiveWord)
        .options(joinedload(SensitiveWord.added_by), joinedload(SensitiveWord.ended_by))
        .where(SensitiveWord.community_id == community_id)
        .order_by(SensitiveWord.ended_at.is_not(None), SensitiveWord.word, SensitiveWord.id)
    )
    return paginate(session, statement, number=number, per_page=PER_PAGE)


def get_word(session: Session, *, word_id: uuid.UUID, community_id: uuid.UUID) -> SensitiveWord:
    """Return a word. Raises NotFound, also for another community's."""
    return get_row(session, SensitiveWord, word_id, community_id=community_id)


def count_words(session: Session, *, community_id: uuid.UUID) -> int:
    """Return how many words hold texts back now, which is public."""
    statement = select(func.count()).where(
        SensitiveWord.community_id == community_id, SensitiveWord.ended_at.is_(None)
    )
    return session.scalar(statement) or 0
