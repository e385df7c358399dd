"""Comments on a draft: by residents themselves, and from paper or by word of mouth through the clerk."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.drafts.errors import TooManyComments
from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import (
    MOST_COMMENTS_EACH,
    CommentChannel,
    check_comment,
    check_enter,
    takes_comments,
)
from civicforum.drafts.services.steps import lock_draft, record_draft, require_out
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold
from civicforum.notices.pii import has_identity_number
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of


def comment_on_draft(
    *,
    draft_id: uuid.UUID,
    text: str,
    actor: Actor,
    now: datetime,
    passage: int | None = None,
    shows_name: bool = False,
) -> uuid.UUID:
    """Say something of a draft, or have a clerk who helps say it. Returns the comment's id.

    Raises NotFound, NotEligible (left the community), TransitionNotAllowed (the time is over), Invalid,
    TooManyComments, Held.
    """
    with transaction() as session:
        draft = _enter(session, draft_id, actor, at=now, now=now)
        words = _checked(draft, text, passage)
        held = hold(
            session,
            kind=Kind.DRAFT_COMMENT,
            texts=[words],
            title=draft.title,
            arguments={
                "draft_id": str(draft_id),
                "text": words,
                "passage": passage,
                "shows_name": shows_name,
            },
            actor=actor,
            now=now,
        )
        if held is None:
            return _write(session, draft, words, passage, shows_name, actor, now)
    raise Held(held)


def post_comment(
    session: Session,
    *,
    draft_id: uuid.UUID,
    text: str,
    passage: int | None,
    shows_name: bool,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> uuid.UUID:
    """Post a comment that was held since `at`, in the caller's transaction, while the round is not closed.

    It counts as handed in at `at`: that somebody looked late does not cost its author the round. Raises as
    `comment_on_draft` does.
    """
    draft = _enter(session, draft_id, actor, at=at, now=now)
    return _write(session, draft, _checked(draft, text, passage), passage, shows_name, actor, now)


def enter_comment(
    *,
    draft_id: uuid.UUID,
    text: str,
    channel: CommentChannel,
    actor: Actor,
    now: datetime,
    author_name: str = "",
    passage: int | None = None,
    shows_name: bool = False,
) -> uuid.UUID:
    """Enter a comment that came on paper or by word of mouth, with the name that stands on it, if any.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (also for the channel of one's own phone).
    """
    check_enter(actor)
    if channel is CommentChannel.SELF:
        raise Invalid("channel", "channel")
    with transaction() as session:
        draft = _lock_open(session, draft_id, actor, now)
        comment = DraftComment(
            author_name=author_name.strip(),
            shows_name=shows_name and bool(author_name.strip()),
            channel=channel,
            entered_by_id=actor.person_id,
        )
        return _add(session, draft, comment, text, passage, action="enter_comment", actor=actor, now=now)


def _enter(session: Session, draft_id: uuid.UUID, actor: Actor, *, at: datetime, now: datetime) -> Draft:
    """Return a locked draft on which somebody could comment at `at`, and has not too often."""
    draft = _lock_open(session, draft_id, actor, at)
    person = session.get_one(Person, actor.person_id)
    if person.left_on is not None and person.left_on < day_of(now):
        raise NotEligible(actor.person_id)
    mine = session.scalar(
        select(func.count()).where(
            DraftComment.draft_id == draft.id, DraftComment.author_id == actor.person_id
        )
    )
    if (mine or 0) >= MOST_COMMENTS_EACH:
        raise TooManyComments(draft.id)
    return draft


def _checked(draft: Draft, text: str, passage: int | None) -> str:
    words = check_comment(text, passage=passage, of=draft.text)
    if has_identity_number(words):
        raise Invalid("identity_number", "text")
    return words


def _write(
    session: Session,
    draft: Draft,
    words: str,
    passage: int | None,
    shows_name: bool,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    comment = DraftComment(
        author_id=actor.person_id,
        shows_name=shows_name,
        channel=CommentChannel.WORD if actor.assisted_by else CommentChannel.SELF,
        entered_by_id=actor.assisted_by,
    )
    return _add(session, draft, comment, words, passage, action="comment", actor=actor, now=now)


def _lock_open(session: Session, draft_id: uuid.UUID, actor: Actor, now: datetime) -> Draft:
    draft = lock_draft(session, draft_id=draft_id, actor=actor)
    require_out(draft)
    if not takes_comments(draft.state, until=draft.until, now=now):
        raise TransitionNotAllowed("over", "comment")
    return draft


def _add(
    session: Session,
    draft: Draft,
    comment: DraftComment,
    text: str,
    passage: int | None,
    *,
    action: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    comment.text = _checked(draft, text, passage)
    # The draft's lock keeps the numbers in order.
    last = session.scalar(select(func.max(DraftComment.number)).where(DraftComment.draft_id == draft.id))
    comment.community_id, comment.draft_id = draft.community_id, draft.id
    comment.number, comment.passage, comment.made_at = (last or 0) + 1, passage, now
    session.add(comment)
    session.flush()
    # Not in the public register: whose comment it is shows only where the author agreed.
    record_draft(
        session,
        draft,
        actor=actor,
        action=action,
        payload={"number": comment.number, "channel": comment.channel.value},
        now=now,
        is_public=False,
    )
    return comment.id
