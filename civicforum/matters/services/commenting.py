"""Talking about a matter: comments and replies, and hiding what breaks the rule of the house."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Act, HideReason, Stage, check
from civicforum.matters.services.people import get_resident
from civicforum.matters.services.steps import lock_matter
from civicforum.moderation.errors import Held
from civicforum.moderation.registry import Thing
from civicforum.moderation.rules import Kind, Reason
from civicforum.moderation.services import hold, note_hidden
from civicforum.records.services import record

LONGEST_COMMENT = 2000


def add_comment(
    *, matter_id: uuid.UUID, actor: Actor, text: str, parent_id: uuid.UUID | None, now: datetime
) -> uuid.UUID:
    """Say something about a matter, or in reply to a comment on it.

    Raises NotFound, NotEligible, TransitionNotAllowed (the matter is over), Invalid (empty, too long), Held.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_COMMENT:
        raise Invalid("empty or too long", "text")
    with transaction() as session:
        matter = _enter(session, matter_id, actor, now)
        held = hold(
            session,
            kind=Kind.COMMENT,
            texts=[words],
            title=matter.number or "",
            arguments={
                "matter_id": str(matter_id),
                "parent_id": str(parent_id) if parent_id else None,
                "text": words,
            },
            actor=actor,
            now=now,
        )
        if held is None:
            return _write(session, matter, words, parent_id, actor, now)
    raise Held(held)


def post_comment(
    session: Session,
    *,
    matter_id: uuid.UUID,
    actor: Actor,
    text: str,
    parent_id: uuid.UUID | None,
    now: datetime,
) -> uuid.UUID:
    """Post a comment that was held, in the caller's transaction. Raises as `add_comment` does."""
    return _write(session, _enter(session, matter_id, actor, now), text, parent_id, actor, now)


def hide_comment(
    *, matter_id: uuid.UUID, comment_id: uuid.UUID, actor: Actor, reason: HideReason, now: datetime
) -> None:
    """Hide a comment; in its place stands who did so and why. Raises NotFound, NotEligible, AlreadyDone."""
    with transaction() as session:
        # Locked: of two who hide at once the second finds it hidden.
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.HIDE_COMMENT, matter.stage, actor.roles)
        comment = _get_comment(session, matter, comment_id)
        session.refresh(comment)
        thing = thing_of(comment, matter)
        cover_comment(comment, actor=actor, reason=reason.value, now=now)
        note_hidden(session, thing, reason=Reason(reason), actor=actor, now=now)
        _record(session, matter, comment, actor, "matter.hide_comment", reason.value, now)


def cover_comment(comment: Comment, *, actor: Actor, reason: str, now: datetime) -> None:
    """Hide a locked comment; who asks keeps the decision. Raises AlreadyDone."""
    if comment.hidden_at is not None:
        raise AlreadyDone("hide")
    comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = now, actor.person_id, reason


def uncover_comment(comment: Comment) -> None:
    """Show a locked comment again."""
    comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = None, None, ""


def thing_of(comment: Comment, matter: Matter) -> Thing:
    """Return a comment as moderation knows it."""
    return Thing(
        kind=Kind.COMMENT,
        id=comment.id,
        # Not its title, which may be hidden too.
        title=matter.number or "",
        words=comment.text,
        author_id=comment.author_id,
        helper_id=None,
        is_hidden=comment.hidden_at is not None,
        endpoint="matters.find_comment",
        arguments={"matter_id": matter.id, "comment_id": comment.id},
    )


def _enter(session: Session, matter_id: uuid.UUID, actor: Actor, now: datetime) -> Matter:
    """Return a matter on which the actor may comment now."""
    matter = _get_public(session, matter_id, actor)
    check(Act.COMMENT, matter.stage, actor.roles)
    get_resident(session, actor=actor, now=now)
    return matter


def _write(
    session: Session,
    matter: Matter,
    words: str,
    parent_id: uuid.UUID | None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    parent = _get_comment(session, matter, parent_id) if parent_id else None
    comment = Comment(
        community_id=matter.community_id,
        matter_id=matter.id,
        author_id=actor.person_id,
        parent_id=parent.id if parent else None,
        text=words,
        at=now,
    )
    session.add(comment)
    session.flush()
    _record(session, matter, comment, actor, "matter.comment", "", now)
    return comment.id


def _get_public(session: Session, matter_id: uuid.UUID, actor: Actor) -> Matter:
    """Return a matter unlocked: a comment changes nothing of the matter, and many may speak at once."""
    matter = session.get(Matter, matter_id)
    if matter is None or matter.community_id != actor.community_id or matter.stage is Stage.DRAFT:
        raise NotFound(matter_id)
    return matter


def _get_comment(session: Session, matter: Matter, comment_id: uuid.UUID) -> Comment:
    comment = session.get(Comment, comment_id)
    if comment is None or comment.matter_id != matter.id:
        raise NotFound(comment_id)
    return comment


def _record(
    session: Session,
    matter: Matter,
    comment: Comment,
    actor: Actor,
    action: str,
    reason: str,
    now: datetime,
) -> None:
    record(
        session,
        community_id=matter.community_id,
        actor=actor,
        action=action,
        subject_kind="comment",
        subject_id=comment.id,
        subject_title=matter.title,
        reason=reason,
        payload={"matter_id": str(matter.id)},
        now=now,
    )
