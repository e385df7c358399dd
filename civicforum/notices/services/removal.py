"""Taking a notice down before its time, posting it again, and the sheet on the board in the street."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import (
    AlreadyDone,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
    require_text,
)
from civicforum.notices.calendar import POSTING_RULE
from civicforum.notices.models import DisclosureDue, Notice
from civicforum.notices.rules import NoticeState, may_draft, may_post, move_notice
from civicforum.notices.services.checking import check_numbers
from civicforum.notices.services.posting import post_notice
from civicforum.notices.services.steps import lock_own, record_notice
from civicforum.people.queries import rules_in


def remove_notice(*, notice_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take a notice off the board before its posting period is over; it then has to be posted again (E3).

    Everybody sees that it was removed, by whom and why; its text is for the committees alone.

    Raises NotFound, NotEligible, Invalid (no reason), PersonalData (in the reason), TransitionNotAllowed
    (its period is over, or it belongs to something that issued it, such as an election).
    """
    if not may_post(actor):
        raise NotEligible(actor.person_id)
    reason = require_text(reason, most=300, field="reason")
    with transaction() as session:
        notice = lock_own(session, Notice, notice_id, actor)
        if notice.subject_kind or notice.until < now:
            raise TransitionNotAllowed(notice.subject_kind or "expired", NoticeState.REMOVED)
        check_numbers(session, community_id=notice.community_id, reason=reason)
        notice.state = move_notice(notice.state, NoticeState.REMOVED)
        notice.removed_at, notice.removed_by_id, notice.removed_because = now, actor.person_id, reason
        payload = {"posted_at": notice.posted_at.isoformat(), "until": notice.until.isoformat()}
        record_notice(session, notice, action="remove", actor=actor, reason=reason, payload=payload, now=now)


def post_again(*, notice_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Post a removed notice again as it was, for a whole period. Returns the new notice's id.

    A changed text goes the way of a draft.

    Raises NotFound, NotEligible, TransitionNotAllowed (not removed), AlreadyDone, PersonalData.
    """
    if not may_post(actor):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        removed = lock_own(session, Notice, notice_id, actor)
        check_numbers(session, community_id=removed.community_id, title=removed.title, text=removed.text)
        notice = post_notice(
            session,
            community_id=removed.community_id,
            category=removed.category,
            title=removed.title,
            text=removed.text,
            posted_by=actor.person_id,
            repost_of=follow(session, removed.id),
            now=now,
        )
        pass_on_dues(session, removed, notice)
        payload = {"repost_of": str(removed.id), "until": notice.until.isoformat()}
        record_notice(session, notice, action="repost", actor=actor, payload=payload, now=now)
        return notice.id


def follow(session: Session, removed_id: uuid.UUID | None) -> Notice | None:
    """Return the removed notice that a new one follows, locked. Raises TransitionNotAllowed, AlreadyDone."""
    if removed_id is None:
        return None
    removed = session.get(Notice, removed_id, with_for_update=True, populate_existing=True)
    if removed is None:
        raise NotFound(removed_id)
    if removed.state is not NoticeState.REMOVED:
        raise TransitionNotAllowed(removed.state, "repost")
    if session.scalar(select(Notice.id).where(Notice.repost_of_id == removed_id)) is not None:
        raise AlreadyDone(removed_id)
    return removed


def hang_up(*, notice_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Record that the sheet hangs on the board.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (removed).
    """
    if not may_draft(actor):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        notice = lock_own(session, Notice, notice_id, actor)
        if notice.on_board_at is not None:
            raise AlreadyDone(notice.id)
        if notice.state is NoticeState.REMOVED:
            raise TransitionNotAllowed(notice.state, "hang_up")
        notice.on_board_at, notice.on_board_by_id = now, actor.person_id
        record_notice(session, notice, action="hang_up", actor=actor, payload={}, now=now)


def take_down(*, notice_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Record that the sheet was taken off the board, after as many days as the law asks; removed, at once.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (never hung up), RuleRefused (too early).
    """
    if not may_draft(actor):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        notice = lock_own(session, Notice, notice_id, actor)
        if notice.off_board_at is not None:
            raise AlreadyDone(notice.id)
        if notice.on_board_at is None:
            raise TransitionNotAllowed("not on board", "take_down")
        verdict = rules_in(session, notice.community_id).clock(POSTING_RULE).judge(notice.on_board_at, now)
        if notice.state is not NoticeState.REMOVED and not verdict.holds:
            raise RuleRefused(verdict)
        notice.off_board_at, notice.off_board_by_id = now, actor.person_id
        payload = {"arithmetic": verdict.arithmetic}
        record_notice(session, notice, action="take_down", actor=actor, payload=payload, now=now)


def pass_on_dues(session: Session, removed: Notice, notice: Notice) -> None:
    """Let the new notice answer what the removed one did."""
    session.execute(
        update(DisclosureDue).where(DisclosureDue.notice_id == removed.id).values(notice_id=notice.id)
    )
