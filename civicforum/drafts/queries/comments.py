"""Comments on a draft: the whole list with what became of each, and one's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from civicforum.drafts.models import DraftAnswer, DraftComment
from civicforum.drafts.rules import Handling
from civicforum.paging import Page, paginate
from civicforum.parts import has_part

PER_PAGE = 50


@dataclass(frozen=True)
class CommentLine:
    """A comment as somebody may see it; `name` is "" where the author did not agree to show it."""

    comment: DraftComment
    answer: DraftAnswer | None
    name: str


def list_comments(
    session: Session,
    *,
    draft_id: uuid.UUID,
    number: int,
    text: str = "",
    passage: int | None = None,
    handling: Handling | None = None,
    only_waiting: bool = False,
) -> Page[CommentLine]:
    """Return a page of the comments by number, with their answers: two statements, whatever their number.

    `text`: what they contain. `passage` 0: on the whole draft.
    """
    statement = _whole().where(DraftComment.draft_id == draft_id)
    if text.strip():
        statement = statement.where(has_part(DraftComment.text, text.strip()))
    if passage is not None:
        statement = statement.where(
            DraftComment.passage == passage if passage else DraftComment.passage.is_(None)
        )
    if handling is not None:
        statement = statement.where(
            DraftComment.answer_id.in_(select(DraftAnswer.id).where(DraftAnswer.handling == handling))
        )
    if only_waiting:
        statement = statement.where(DraftComment.answer_id.is_(None))
    page = paginate(session, statement.order_by(DraftComment.number), number=number, per_page=PER_PAGE)
    return page.map(_line)


def list_own(session: Session, *, draft_id: uuid.UUID, person_id: uuid.UUID) -> Sequence[CommentLine]:
    """Return somebody's own comments, the latest first."""
    rows = session.scalars(
        _whole()
        .where(DraftComment.draft_id == draft_id, DraftComment.author_id == person_id)
        .order_by(DraftComment.number.desc())
    )
    return [_line(comment) for comment in rows]


def _whole() -> Select[DraftComment]:
    return select(DraftComment).options(joinedload(DraftComment.author), joinedload(DraftComment.answer))


def _line(comment: DraftComment) -> CommentLine:
    name = comment.author.name if comment.author else comment.author_name
    return CommentLine(comment, comment.answer, name if comment.shows_name else "")
