"""Holding back what a word on the list stands in: for features, in their own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotEligible
from civicforum.moderation.matching import find_words
from civicforum.moderation.models import HeldText, SensitiveWord
from civicforum.moderation.rules import HELD_RULE, HeldState, Kind, move_held
from civicforum.moderation.services.steps import HELD, deadline, lock_held, record_moderation


def check_words(session: Session, *, community_id: uuid.UUID, texts: Sequence[str]) -> list[str]:
    """Return the words of the community's list that stand in the texts, as they were entered."""
    rows = session.execute(
        select(SensitiveWord.plain, SensitiveWord.word)
        .where(SensitiveWord.community_id == community_id, SensitiveWord.ended_at.is_(None))
        .order_by(SensitiveWord.plain)
    )
    words = dict(rows.all())
    return [words[found] for found in find_words(words, texts)] if words else []


def hold(
    session: Session,
    *,
    kind: Kind,
    texts: Sequence[str],
    title: str,
    arguments: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> uuid.UUID | None:
    """Keep a text back if a word of the list stands in it; return the held text's id, or None to go on.

    The last step of a feature's transaction, which then raises Held after its commit. `texts`: what is
    published, `arguments` as plain JSON: what the adapter of the kind posts it with.
    """
    matched = check_words(session, community_id=actor.community_id, texts=texts)
    if not matched:
        return None
    # Of two clicks at once the second finds the first one's row.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(actor.person_id), 1))))
    same = session.scalar(
        select(HeldText.id).where(
            HeldText.author_id == actor.person_id,
            HeldText.kind == kind,
            HeldText.arguments == arguments,
            HeldText.state == HeldState.HELD,
        )
    )
    if same is not None:
        return same
    held = HeldText(
        community_id=actor.community_id,
        kind=kind,
        arguments=arguments,
        title=title,
        words="\n\n".join(text for text in texts if text),
        matched=matched,
        author_id=actor.person_id,
        entered_by_id=actor.assisted_by,
        at=now,
        due_at=deadline(session, community_id=actor.community_id, rule=HELD_RULE, since=now),
    )
    session.add(held)
    session.flush()
    # By the list, not by a person: the entry names neither the author nor the words.
    _record(session, held, "hold", None, now)
    return held.id


def take_back(*, held_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take back one's own text while it is held. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        held = lock_held(session, held_id=held_id, community_id=actor.community_id)
        if held.author_id != actor.person_id:
            raise NotEligible(actor.person_id)
        _take_back(session, held, now)


def take_back_of(session: Session, *, kind: Kind, argument: str, value: uuid.UUID, now: datetime) -> None:
    """Take back what is held of a thing that its author changes or throws away, such as a draft."""
    waiting = session.scalars(
        select(HeldText)
        .where(
            HeldText.kind == kind,
            HeldText.state == HeldState.HELD,
            HeldText.arguments[argument].astext == str(value),
        )
        # One that is just being released is left: what it posts is compared with what was looked at.
        .with_for_update(skip_locked=True)
    )
    for held in waiting:
        _take_back(session, held, now)


def count_held_matters(session: Session, *, author_id: uuid.UUID, but: uuid.UUID) -> int:
    """Return how many other matters of somebody are held: handed in, and no drafts any more for a quota."""
    statement = select(func.count()).where(
        HeldText.author_id == author_id,
        HeldText.kind == Kind.MATTER,
        HeldText.state == HeldState.HELD,
        HeldText.arguments["matter_id"].astext != str(but),
        # A change of a matter that is public already makes it no further one.
        ~HeldText.arguments.has_key("changes"),
    )
    return session.scalar(statement) or 0


def _take_back(session: Session, held: HeldText, now: datetime) -> None:
    held.state, held.settled_at = move_held(held.state, HeldState.TAKEN_BACK), now
    held.settled_by_id = held.author_id
    _record(session, held, "take_back", None, now)


def _record(session: Session, held: HeldText, action: str, actor: Actor | None, now: datetime) -> None:
    record_moderation(
        session,
        community_id=held.community_id,
        kind=HELD,
        subject_id=held.id,
        action=action,
        actor=actor,
        payload={"kind": held.kind.value},
        now=now,
        is_public=False,
    )
