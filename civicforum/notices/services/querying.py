"""Queries about a notice (art 34): asked by a resident, answered by the committee, asked again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold
from civicforum.notices.models import Notice, NoticeQuery, NoticeQueryEntry
from civicforum.notices.rules import QueryEntryKind
from civicforum.notices.rules_asking import (
    ANSWERS,
    LONGEST_QUERY,
    MOST_OPEN_QUERIES,
    QUERY_RULE,
    QueryState,
    check_answer,
    check_words,
    is_late,
    state_of,
)
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def ask_about(*, notice_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Ask about a notice, or have a clerk ask who helps; the clock for the answer starts. Returns its id.

    Raises NotFound, NotEligible (left the community), AlreadyDone (the same words still wait), Invalid, Held.
    """
    words = check_words(text, most=LONGEST_QUERY)
    with transaction() as session:
        notice = _enter(session, notice_id, words, actor, now)
        held = _hold(session, notice, words, None, actor, now)
        if held is None:
            return _ask(session, notice, words, actor, now)
    raise Held(held)


def post_query(
    session: Session,
    *,
    notice_id: uuid.UUID,
    query_id: uuid.UUID | None,
    text: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Post a query that moderation held, or a further question of one, in the caller's transaction.

    Raises as `ask_about` and `ask_again` do.
    """
    if query_id is not None:
        query = _lock_to_ask_again(session, query_id, actor, now)
        _ask_again(session, query, text, actor, now)
        return query.id
    return _ask(session, _enter(session, notice_id, text, actor, now), text, actor, now)


def ask_again(*, query_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Ask on after an answer; the clock starts anew.

    Raises NotFound, NotEligible (not who asked, or left), TransitionNotAllowed (waits or is hidden), Invalid,
    Held.
    """
    words = check_words(text, most=LONGEST_QUERY)
    with transaction() as session:
        query = _lock_to_ask_again(session, query_id, actor, now)
        held = _hold(session, query.notice, words, query_id, actor, now)
        if held is None:
            _ask_again(session, query, words, actor, now)
            return
    raise Held(held)


def answer_query(*, query_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Answer the question that waits, under one's name and post.

    Raises NotFound, NotEligible, AlreadyDone (somebody else has answered), TransitionNotAllowed (hidden),
    Invalid.
    """
    if not actor.holds(*ANSWERS):
        raise NotEligible(actor.person_id)
    words = check_answer(text)
    with transaction() as session:
        query = lock_query(session, query_id=query_id, community_id=actor.community_id)
        if state_of(due_at=query.due_at, hidden_at=query.hidden_at) is QueryState.ANSWERED:
            raise AlreadyDone(query_id)
        _require(query, QueryState.WAITING, "answer")
        due_at, query.due_at = query.due_at, None
        entry = _add_entry(session, query, QueryEntryKind.ANSWER, words, actor=actor, now=now)
        entry.post = post_text(session, person_id=actor.person_id, day=day_of(now))
        entry.is_late = is_late(due_at, now)
        _record(session, query, "answer_query", actor=actor, now=now, is_late=entry.is_late)


def hide_query(
    session: Session, *, query_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> NoticeQuery:
    """Hide a query with its thread: in its place everybody reads `reason`; its clock rests.

    For moderation, which says who may and writes the journal. Raises NotFound, AlreadyDone.
    """
    query = lock_query(session, query_id=query_id, community_id=actor.community_id)
    if query.hidden_at is not None:
        raise AlreadyDone(query_id)
    query.hidden_at, query.hidden_by_id, query.hidden_reason = now, actor.person_id, reason
    return query


def show_query(
    session: Session, *, query_id: uuid.UUID, community_id: uuid.UUID, now: datetime
) -> NoticeQuery:
    """Show a hidden query again; a question that waits has its whole time anew.

    For moderation, as `hide_query`. Raises NotFound, AlreadyDone (not hidden).
    """
    query = lock_query(session, query_id=query_id, community_id=community_id)
    if query.hidden_at is None:
        raise AlreadyDone(query_id)
    query.hidden_at, query.hidden_by_id, query.hidden_reason = None, None, ""
    if query.due_at is not None:
        query.due_at, query.overdue_at = _deadline(session, community_id, now), None
    return query


def lock_query(session: Session, *, query_id: uuid.UUID, community_id: uuid.UUID) -> NoticeQuery:
    """Return the query, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, NoticeQuery, query_id, community_id=community_id)


def record_query(
    session: Session,
    query: NoticeQuery,
    action: str,
    *,
    actor: Actor | None,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """Write "notice.<action>" into the journal of the query's notice: the last step of a use case."""
    subject = Subject(query.community_id, "notice", query.notice_id, query.notice.title)
    details = {"query_id": str(query.id), **payload}
    record_about(session, subject, action=f"notice.{action}", actor=actor, payload=details, now=now)


def _enter(session: Session, notice_id: uuid.UUID, words: str, actor: Actor, now: datetime) -> Notice:
    """Return a notice about which the actor may ask this now, locked."""
    # Locked: two clicks at once would otherwise both find room for one more.
    notice = lock_row(session, Notice, notice_id, community_id=actor.community_id)
    get_resident(session, actor=actor, now=now)
    _require_room(session, notice_id, words, actor)
    return notice


def _ask(session: Session, notice: Notice, words: str, actor: Actor, now: datetime) -> uuid.UUID:
    query = NoticeQuery(
        community_id=notice.community_id,
        notice_id=notice.id,
        author_id=actor.person_id,
        channel=channel_of(actor),
        at=now,
        due_at=_deadline(session, notice.community_id, now),
    )
    session.add(query)
    session.flush()
    _add_entry(session, query, QueryEntryKind.QUESTION, words, actor=actor, now=now)
    _record(session, query, "ask", actor=actor, now=now)
    return query.id


def _lock_to_ask_again(session: Session, query_id: uuid.UUID, actor: Actor, now: datetime) -> NoticeQuery:
    query = lock_query(session, query_id=query_id, community_id=actor.community_id)
    if query.author_id != actor.person_id:
        raise NotEligible(actor.person_id)
    get_resident(session, actor=actor, now=now)
    _require(query, QueryState.ANSWERED, "ask again")
    return query


def _ask_again(session: Session, query: NoticeQuery, words: str, actor: Actor, now: datetime) -> None:
    query.due_at, query.overdue_at = _deadline(session, query.community_id, now), None
    _add_entry(session, query, QueryEntryKind.QUESTION, words, actor=actor, now=now)
    _record(session, query, "ask_again", actor=actor, now=now)


def _hold(
    session: Session, notice: Notice, words: str, query_id: uuid.UUID | None, actor: Actor, now: datetime
) -> uuid.UUID | None:
    """Keep a question back where a word of the community's list stands in it."""
    return hold(
        session,
        kind=Kind.NOTICE_QUERY,
        texts=[words],
        title=notice.title,
        arguments={
            "notice_id": str(notice.id),
            "query_id": str(query_id) if query_id else None,
            "text": words,
        },
        actor=actor,
        now=now,
    )


def _require_room(session: Session, notice_id: uuid.UUID, words: str, actor: Actor) -> None:
    """Raise where the same words of the actor wait, or enough of their queries about the notice do."""
    waiting = session.scalars(
        select(func.array_agg(NoticeQueryEntry.text))
        .join(NoticeQuery, NoticeQueryEntry.query_id == NoticeQuery.id)
        .where(
            NoticeQuery.notice_id == notice_id,
            NoticeQuery.author_id == actor.person_id,
            NoticeQuery.due_at.is_not(None),
            NoticeQuery.hidden_at.is_(None),
        )
        .group_by(NoticeQuery.id)
    ).all()
    if any(words in texts for texts in waiting):
        raise AlreadyDone(notice_id)
    if len(waiting) >= MOST_OPEN_QUERIES:
        raise Invalid("too_many", "text")


def _require(query: NoticeQuery, state: QueryState, act: str) -> None:
    found = state_of(due_at=query.due_at, hidden_at=query.hidden_at)
    if found is not state:
        raise TransitionNotAllowed(found, act)


def _deadline(session: Session, community_id: uuid.UUID, now: datetime) -> datetime:
    profile = session.get_one(Community, community_id).profile
    return rulebook.load(profile).clock(QUERY_RULE).deadline(now)


def _add_entry(
    session: Session,
    query: NoticeQuery,
    kind: QueryEntryKind,
    text: str,
    *,
    actor: Actor,
    now: datetime,
) -> NoticeQueryEntry:
    """Add to the thread; the lock of its query keeps the positions in order."""
    last = session.scalar(
        select(func.max(NoticeQueryEntry.position)).where(NoticeQueryEntry.query_id == query.id)
    )
    entry = NoticeQueryEntry(
        community_id=query.community_id,
        query_id=query.id,
        position=(last or 0) + 1,
        kind=kind,
        text=text,
        person_id=actor.person_id,
        at=now,
    )
    session.add(entry)
    return entry


def _record(
    session: Session, query: NoticeQuery, action: str, *, actor: Actor, now: datetime, **details: object
) -> None:
    if query.due_at is not None:
        details["due_at"] = query.due_at.isoformat()
    record_query(session, query, action, actor=actor, payload=details, now=now)
