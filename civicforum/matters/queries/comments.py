"""Comments on a matter, in pages."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.matters.models import Comment, Matter
from civicforum.paging import Page, paginate

PER_PAGE = 20
ARGUMENT = "comments"


def list_comments(session: Session, *, matter_id: uuid.UUID, number: int) -> Page[Comment]:
    """Return a page of comments, oldest first, with author and what each replies to; two statements."""
    statement = _comments(matter_id).options(
        joinedload(Comment.author),
        joinedload(Comment.hidden_by),
        joinedload(Comment.parent).joinedload(Comment.author),
    )
    return paginate(
        session,
        statement.order_by(Comment.at, Comment.id),
        number=number,
        per_page=PER_PAGE,
        argument=ARGUMENT,
    )


def get_comment(session: Session, *, matter: Matter, comment_id: uuid.UUID) -> Comment:
    """Return a comment on this matter. Raises NotFound."""
    comment = session.get(Comment, comment_id, options=[joinedload(Comment.author)])
    if comment is None or comment.matter_id != matter.id:
        raise NotFound(comment_id)
    return comment


def page_of_comment(session: Session, comment: Comment) -> int:
    """Return on which page of the matter's comments one stands."""
    before = session.scalar(
        _comments(comment.matter_id)
        .where(or_(Comment.at < comment.at, and_(Comment.at == comment.at, Comment.id < comment.id)))
        .with_only_columns(func.count())
    )
    return (before or 0) // PER_PAGE + 1


def _comments(matter_id: uuid.UUID) -> Select[Comment]:
    return select(Comment).where(Comment.matter_id == matter_id)
