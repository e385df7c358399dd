"""The words that hold a text back: added and ended by the committee, with a reason, and never changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, require_text
from civicforum.moderation.matching import LONGEST_WORD, plain
from civicforum.moderation.models import SensitiveWord
from civicforum.moderation.rules import WORDS_KEPT_BY, check_roles
from civicforum.moderation.services.steps import WORDS, record_moderation
from civicforum.rows import lock_row

MOST_WORDS = 1000
# One sign would hold back nearly every text.
SHORTEST_PLAIN = 2
LONGEST_WHY = 300


def add_words(*, lines: Sequence[str], why: str, actor: Actor, now: datetime) -> int:
    """Add the words of a list, one a line; return how many were new; others are passed over.

    Raises NotEligible, Invalid (a word too short or too long, none at all, too many in all, no reason).
    """
    check_roles(actor, WORDS_KEPT_BY)
    reason = require_text(why, most=LONGEST_WHY, field="why")
    given = _checked(lines)
    with transaction() as session:
        _write_alone(session, actor.community_id)
        active = set(session.scalars(select(SensitiveWord.plain).where(*_active(actor.community_id))))
        new = {key: word for key, word in given.items() if key not in active}
        if len(active) + len(new) > MOST_WORDS:
            raise Invalid("too_many", "words")
        rows = [
            SensitiveWord(
                id=uuid.uuid4(),
                community_id=actor.community_id,
                word=word,
                plain=key,
                why=reason,
                added_by_id=actor.person_id,
                added_at=now,
            )
            for key, word in new.items()
        ]
        if rows:
            session.add_all(rows)
            session.flush()
            added = [str(row.id) for row in rows]
            _record(session, "add_words", actor, now, {"added": added}, len(active) + len(new))
        return len(rows)


def end_word(*, word_id: uuid.UUID, why: str, actor: Actor, now: datetime) -> None:
    """Let a word hold nothing back any more. Raises NotFound, NotEligible, AlreadyDone, Invalid."""
    check_roles(actor, WORDS_KEPT_BY)
    reason = require_text(why, most=LONGEST_WHY, field="why")
    with transaction() as session:
        _write_alone(session, actor.community_id)
        word = lock_row(session, SensitiveWord, word_id, community_id=actor.community_id)
        if word.ended_at is not None:
            raise AlreadyDone(word_id)
        word.ended_at, word.ended_by_id, word.ended_why = now, actor.person_id, reason
        session.flush()
        left = session.scalar(select(func.count()).where(*_active(actor.community_id))) or 0
        _record(session, "end_word", actor, now, {"ended": [str(word.id)]}, left)


def _checked(lines: Sequence[str]) -> dict[str, str]:
    """Return the words by how they are compared. Raises Invalid."""
    given: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in lines)):
        key = plain(line)
        if len(key) < SHORTEST_PLAIN:
            raise Invalid("short", "words")
        if len(line) > LONGEST_WORD or len(key) > LONGEST_WORD:
            raise Invalid("long", "words")
        given.setdefault(key, line)
    if not given:
        raise Invalid("missing", "words")
    return given


def _active(community_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (SensitiveWord.community_id == community_id, SensitiveWord.ended_at.is_(None))


def _write_alone(session: Session, community_id: uuid.UUID) -> None:
    """Wait until nobody else changes the list: of two who add the same word, the second finds it there."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(community_id), 2))))


def _record(
    session: Session,
    action: str,
    actor: Actor,
    now: datetime,
    changed: dict[str, list[str]],
    count: int,
) -> None:
    """Write which rows changed and how many words there are: neither words nor reasons are public."""
    record_moderation(
        session,
        community_id=actor.community_id,
        kind=WORDS,
        subject_id=actor.community_id,
        action=action,
        actor=actor,
        payload={**changed, "count": count},
        now=now,
    )
