"""What becomes of a held text: posted in its author's name, or refused with a reason that can be appealed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import CivicForumError
from civicforum.moderation.models import HeldText
from civicforum.moderation.registry import adapter_of
from civicforum.moderation.rules import (
    APPEAL_RULE,
    DecisionState,
    HeldState,
    Reason,
    check_moderate,
    check_reason,
    move_held,
)
from civicforum.moderation.services.steps import (
    DECISION,
    HELD,
    add_decision,
    deadline,
    lock_held,
    record_moderation,
)
from civicforum.moderation.services.words_told import tell_held_ended, tell_hidden


def release(*, held_id: uuid.UUID, actor: Actor, now: datetime) -> HeldState:
    """Post a held text as of now; return RELEASED, or LAPSED where what it belongs to has ended meanwhile.

    Raises NotFound, NotEligible (also whoever wrote or entered it), TransitionNotAllowed (settled).
    """
    with transaction() as session:
        held = lock_held(session, held_id=held_id, community_id=actor.community_id)
        check_moderate(actor, author_id=held.author_id, helper_id=held.entered_by_id)
        post_held(session, held, now=now, by_id=actor.person_id)
        record_held(session, held, actor=actor, now=now)
        return held.state


def refuse(*, held_id: uuid.UUID, reason: Reason, actor: Actor, now: datetime, note: str = "") -> uuid.UUID:
    """Refuse to post a held text, with a reason; return the decision, which its author can appeal.

    Raises NotFound, NotEligible (also whoever wrote or entered it), TransitionNotAllowed (settled), Invalid.
    """
    with transaction() as session:
        held = lock_held(session, held_id=held_id, community_id=actor.community_id)
        check_moderate(actor, author_id=held.author_id, helper_id=held.entered_by_id)
        check_reason(held.kind, reason)
        held.state, held.settled_at = move_held(held.state, HeldState.REFUSED), now
        held.settled_by_id = actor.person_id
        decision = add_decision(
            session, held, state=DecisionState.IN_FORCE, reason=reason, note=note, actor=actor, now=now
        )
        until = deadline(session, community_id=held.community_id, rule=APPEAL_RULE, since=now)
        tell_hidden(session, decision, appeal_until=until, now=now)
        record_moderation(
            session,
            community_id=held.community_id,
            kind=DECISION,
            subject_id=decision.id,
            action="refuse_held",
            actor=actor,
            payload={"kind": held.kind.value, "reason": reason.value},
            reason=decision.note,
            now=now,
        )
        return decision.id


def post_held(
    session: Session, held: HeldText, *, now: datetime, by_id: uuid.UUID | None, by_clock: bool = False
) -> None:
    """Post a locked held text under its author's name, and tell the author how it ended."""
    to = HeldState.RELEASED
    # Asked before anything is posted: of two clicks the second finds it settled.
    move_held(held.state, to)
    author = Actor(held.author_id, held.community_id, assisted_by=held.entered_by_id)
    made: uuid.UUID | None = None
    try:
        with session.begin_nested():
            made = adapter_of(held.kind).post(session, held.arguments, actor=author, at=held.at, now=now)
    except CivicForumError:
        # Such as a round that is over, or an author who has left.
        to = HeldState.LAPSED
    held.state, held.settled_at, held.settled_by_id = to, now, by_id
    held.by_clock, held.made_id = by_clock, made
    session.flush()
    tell_held_ended(session, held, now=now)


def record_held(session: Session, held: HeldText, *, actor: Actor | None, now: datetime) -> None:
    """Write how a held text ended; nothing of it tells whose it is."""
    record_moderation(
        session,
        community_id=held.community_id,
        kind=HELD,
        subject_id=held.id,
        action="release" if held.state is HeldState.RELEASED else "lapse",
        actor=actor,
        payload={"kind": held.kind.value, "by_clock": held.by_clock},
        now=now,
        is_public=False,
    )
