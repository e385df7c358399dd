"""From the joint meeting to the board: what was said about a draft, and posting it (E4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound
from civicforum.meetings.models import Meeting
from civicforum.notices.calendar import judge_due
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice, NoticeDraft
from civicforum.notices.rules import DraftState, check_post, move
from civicforum.notices.services.checking import check_numbers
from civicforum.notices.services.posting import post_notice
from civicforum.notices.services.removal import follow, pass_on_dues
from civicforum.notices.services.steps import lock_own, record_notice, record_notice_draft
from civicforum.people.queries import rules_in
from civicforum.rulebook.days import day_of

LONGEST_NOTE = 500


@dataclass(frozen=True, kw_only=True)
class GivenMeeting:
    """The joint meeting of party organisation and committee: one held here, or its day and what it said."""

    meeting_id: uuid.UUID | None = None
    met_on: date | None = None
    note: str = ""


def record_meeting(*, draft_id: uuid.UUID, given: GivenMeeting, actor: Actor, now: datetime) -> None:
    """Record the joint meeting about a reviewed draft.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (no day, or one before the draft or to come).
    """
    check_post(actor)
    note = given.note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("long", "note")
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        draft.state = move(draft.state, DraftState.MET)
        meeting = _meeting(session, given.meeting_id, actor)
        met_on = day_of(meeting.opened_at) if meeting and meeting.opened_at else given.met_on
        _check_day(met_on, draft, now)
        if meeting is None and not note:
            raise Invalid("missing", "note")
        draft.meeting_id, draft.met_on = meeting.id if meeting else None, met_on
        draft.met_note, draft.met_by_id = note, actor.person_id
        payload = {"met_on": met_on.isoformat() if met_on else None}
        record_notice_draft(session, draft, action="meet", actor=actor, payload=payload, now=now)


def post_draft(*, draft_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Post a draft that went the whole way. Returns the notice's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, PersonalData (a number became nobody's office since).
    """
    check_post(actor)
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        state = move(draft.state, DraftState.POSTED)
        check_numbers(session, community_id=draft.community_id, title=draft.title, text=draft.text)
        removed = follow(session, draft.repost_of_id)
        notice = post_notice(
            session,
            community_id=draft.community_id,
            category=draft.category,
            title=draft.title,
            text=draft.text,
            posted_by=actor.person_id,
            repost_of=removed,
            now=now,
        )
        draft.state, draft.notice_id = state, notice.id
        _meet_due(session, draft, notice)
        if removed is not None:
            pass_on_dues(session, removed, notice)
        payload = {"until": notice.until.isoformat(), **_lateness(session, draft, now)}
        record_notice(session, notice, action="post", actor=actor, payload=payload, now=now)
        return notice.id


def _meeting(session: Session, meeting_id: uuid.UUID | None, actor: Actor) -> Meeting | None:
    """Return a meeting that was held. Raises NotFound, also for one that was never opened."""
    if meeting_id is None:
        return None
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or meeting.community_id != actor.community_id or meeting.opened_at is None:
        raise NotFound(meeting_id)
    return meeting


def _check_day(met_on: date | None, draft: NoticeDraft, now: datetime) -> None:
    if met_on is None:
        raise Invalid("missing", "met_on")
    if met_on > day_of(now):
        raise Invalid("future", "met_on")
    if draft.handed_in_at is not None and met_on < day_of(draft.handed_in_at):
        raise Invalid("before", "met_on")


def _meet_due(session: Session, draft: NoticeDraft, notice: Notice) -> None:
    """Join the notice to what was due; the first notice about it keeps its place."""
    if draft.due_id is None:
        return
    due = session.get_one(DisclosureDue, draft.due_id, with_for_update=True, populate_existing=True)
    if due.notice_id is None:
        due.notice_id = notice.id


def _lateness(session: Session, draft: NoticeDraft, now: datetime) -> dict[str, Any]:
    """Return for the journal whether the notice is late, with the days it follows from."""
    if draft.due_at is None or draft.item_id is None:
        return {}
    item = session.get_one(DisclosureItem, draft.item_id)
    due = session.get(DisclosureDue, draft.due_id) if draft.due_id else None
    last = due.period_until if due else draft.formed_on
    assert last is not None  # noqa: S101 - an item's draft has one or the other
    book = rules_in(session, draft.community_id)
    verdict = judge_due(item.rhythm, last, draft.due_at, now, book)
    return {"item": item.name or item.code, "is_late": not verdict.holds, "arithmetic": verdict.arithmetic}
