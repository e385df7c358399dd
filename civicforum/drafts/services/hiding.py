"""Taking the words of a comment out of its row while it is hidden, so that no page can show them."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import DraftState
from civicforum.errors import NotFound
from civicforum.moderation.registry import Thing
from civicforum.moderation.rules import HIDDEN_WORDS, Kind
from civicforum.moderation.services.hiding import is_hidden


def find_thing(
    session: Session, *, comment_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
) -> tuple[DraftComment, Thing]:
    """Return a comment, and what moderation knows of it. Raises NotFound."""
    comment = session.get(DraftComment, comment_id, with_for_update=is_locked, populate_existing=is_locked)
    if comment is None or comment.community_id != community_id:
        raise NotFound(comment_id)
    draft = session.get_one(Draft, comment.draft_id)
    thing = Thing(
        kind=Kind.DRAFT_COMMENT,
        id=comment.id,
        title=draft.title,
        words=comment.text,
        author_id=comment.author_id,
        helper_id=comment.entered_by_id,
        is_hidden=is_hidden(session, kind=Kind.DRAFT_COMMENT, subject_id=comment.id),
        endpoint="drafts.comments",
        arguments={"draft_id": comment.draft_id},
        anchor=f"comment-{comment.number}",
        is_public=draft.state is DraftState.CLOSED,
    )
    return comment, thing


def take_out(comment: DraftComment) -> dict[str, str]:
    """Take the words out of a locked comment; return what `put_back` needs."""
    kept = {"text": comment.text}
    comment.text = HIDDEN_WORDS
    return kept


def put_back(comment: DraftComment, kept: dict[str, str]) -> None:
    # Nothing is kept of an author who was erased meanwhile.
    comment.text = kept.get("text", comment.text)
