"""A draft before and after its review: written, handed in, taken back, given up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import CommunityRow, transaction
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed, require_text
from civicforum.notices.calendar import due_at
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice, NoticeDraft
from civicforum.notices.rules import DraftState, NoticeCategory, NoticeState, Rhythm, may_draft, move
from civicforum.notices.services.checking import check_numbers
from civicforum.notices.services.posting import require_words
from civicforum.notices.services.steps import lock_own, record_notice_draft
from civicforum.people.queries import rules_in
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of

REVIEW_RULE = "disclosure.objection"
R = TypeVar("R", bound=CommunityRow)


@dataclass(frozen=True, kw_only=True)
class GivenDraft:
    """What is written, and what of the catalogue it answers.

    One of three: `due_id`, something that fell due by its rhythm; `item_id` with `formed_on`, something that
    came about that day; `repost_of_id`, a removed notice that has to be posted again.
    """

    title: str
    text: str
    due_id: uuid.UUID | None = None
    item_id: uuid.UUID | None = None
    formed_on: date | None = None
    repost_of_id: uuid.UUID | None = None


@dataclass(frozen=True)
class _Answers:
    """What a draft answers, looked up."""

    category: NoticeCategory
    due: DisclosureDue | None = None
    item: DisclosureItem | None = None
    formed_on: date | None = None
    due_at: datetime | None = None
    repost_of: Notice | None = None


def start_draft(*, given: GivenDraft, actor: Actor, now: datetime) -> uuid.UUID:
    """Write a draft. Returns its id. Raises NotFound, NotEligible, Invalid."""
    _require(actor)
    title, text = require_words(given.title, given.text)
    with transaction() as session:
        answers = _look_up(session, given, actor, now)
        draft = NoticeDraft(
            community_id=actor.community_id, drafted_by_id=actor.person_id, drafted_at=now, changed_at=now
        )
        _write(draft, title, text, answers, now)
        session.add(draft)
        session.flush()
        payload = {"category": draft.category.value, "due_at": _iso(draft.due_at)}
        record_notice_draft(session, draft, action="start", actor=actor, payload=payload, now=now)
        return draft.id


def change_draft(*, draft_id: uuid.UUID, given: GivenDraft, actor: Actor, now: datetime) -> None:
    """Change a draft that is not with anybody else.

    Raises NotFound, NotEligible, Invalid, TransitionNotAllowed (handed in).
    """
    _require(actor)
    title, text = require_words(given.title, given.text)
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        if draft.state is not DraftState.DRAFT:
            raise TransitionNotAllowed(draft.state, "change")
        before, came_about = draft.due_id, (draft.item_id, draft.formed_on)
        _write(draft, title, text, _look_up(session, given, actor, now), now)
        if draft.due_id is None and (draft.item_id, draft.formed_on) == came_about:
            draft.due_id = before
        _release_due(session, before, but=draft)
        record_notice_draft(session, draft, action="change", actor=actor, payload={}, now=now)


def hand_in(*, draft_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Give a draft to the supervision committee, which has some days to object.

    Raises NotFound, NotEligible, TransitionNotAllowed, PersonalData.
    """
    _require(actor)
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        state = move(draft.state, DraftState.IN_REVIEW)
        check_numbers(session, community_id=draft.community_id, title=draft.title, text=draft.text)
        if draft.item_id is not None and draft.formed_on is not None:
            draft.due_id = _ad_hoc_due(session, draft)
        draft.state, draft.handed_in_at = state, now
        begin_review(session, draft, now)
        payload = {"review_due_at": _iso(draft.review_due_at)}
        record_notice_draft(session, draft, action="hand_in", actor=actor, payload=payload, now=now)


def take_back(*, draft_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take a draft back to change it; it is reviewed anew.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    _require(actor)
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        draft.state = move(draft.state, DraftState.DRAFT)
        forget_review(draft)
        draft.changed_at = now
        record_notice_draft(session, draft, action="take_back", actor=actor, payload={}, now=now)


def drop_draft(*, draft_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Give a draft up; what it should have answered stays due.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (no reason).
    """
    _require(actor)
    reason = require_text(reason, most=300, field="reason")
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        draft.state = move(draft.state, DraftState.DROPPED)
        draft.dropped_because, draft.changed_at = reason, now
        record_notice_draft(session, draft, action="drop", actor=actor, reason=reason, now=now)


def begin_review(session: Session, draft: NoticeDraft, now: datetime) -> None:
    """Start the supervision committee's clock."""
    forget_review(draft)
    draft.review_due_at = rules_in(session, draft.community_id).clock(REVIEW_RULE).deadline(now)


def forget_review(draft: NoticeDraft) -> None:
    """Undo what was said of an earlier text."""
    draft.review_due_at = draft.reviewed_at = draft.reviewed_by_id = None
    draft.meeting_id = draft.met_on = draft.met_by_id = None
    draft.met_note = ""


def _require(actor: Actor) -> None:
    if not may_draft(actor):
        raise NotEligible(actor.person_id)


def _write(draft: NoticeDraft, title: str, text: str, answers: _Answers, now: datetime) -> None:
    draft.title, draft.text, draft.changed_at = title, text, now
    draft.category, draft.formed_on, draft.due_at = answers.category, answers.formed_on, answers.due_at
    draft.due_id = answers.due.id if answers.due else None
    draft.item_id = answers.item.id if answers.item else None
    draft.repost_of_id = answers.repost_of.id if answers.repost_of else None


def _look_up(session: Session, given: GivenDraft, actor: Actor, now: datetime) -> _Answers:
    """Return what a draft answers. Raises NotFound, and Invalid where it answers nothing or is done."""
    if given.repost_of_id is not None:
        removed = _own(session, Notice, given.repost_of_id, actor)
        if removed.state is not NoticeState.REMOVED or _has_follower(session, removed.id):
            raise Invalid("reposted", "answers")
        return _Answers(category=removed.category, repost_of=removed)
    if given.due_id is not None:
        due = _own(session, DisclosureDue, given.due_id, actor)
        if due.notice_id is not None:
            raise Invalid("done", "answers")
        item = due.item
        formed_on = due.period_from if item.rhythm is Rhythm.AD_HOC else None
        return _Answers(item.category, due=due, item=item, formed_on=formed_on, due_at=due.due_at)
    if given.item_id is None:
        raise Invalid("missing", "answers")
    return _look_up_ad_hoc(session, given, _own(session, DisclosureItem, given.item_id, actor), now)


def _look_up_ad_hoc(session: Session, given: GivenDraft, item: DisclosureItem, now: datetime) -> _Answers:
    if item.rhythm is not Rhythm.AD_HOC or item.ended_on is not None:
        raise Invalid("rhythm", "answers")
    if given.formed_on is None:
        raise Invalid("missing", "formed_on")
    if given.formed_on > day_of(now):
        raise Invalid("future", "formed_on")
    due = due_at(Rhythm.AD_HOC, given.formed_on, rules_in(session, item.community_id))
    return _Answers(item.category, item=item, formed_on=given.formed_on, due_at=due)


def _own(session: Session, kind: type[R], row_id: uuid.UUID, actor: Actor) -> R:
    return get_row(session, kind, row_id, community_id=actor.community_id)


def _has_follower(session: Session, notice_id: uuid.UUID) -> bool:
    return session.scalar(select(Notice.id).where(Notice.repost_of_id == notice_id)) is not None


def _ad_hoc_due(session: Session, draft: NoticeDraft) -> uuid.UUID | None:
    """Return what is due about that day, entered once for everybody to see whether it comes."""
    assert draft.formed_on is not None and draft.due_at is not None  # noqa: S101, PT018
    session.execute(
        insert(DisclosureDue)
        .values(
            id=uuid.uuid4(),
            community_id=draft.community_id,
            item_id=draft.item_id,
            period_from=draft.formed_on,
            period_until=draft.formed_on,
            due_at=draft.due_at,
        )
        .on_conflict_do_nothing()
    )
    return session.scalar(
        select(DisclosureDue.id).where(
            DisclosureDue.item_id == draft.item_id, DisclosureDue.period_from == draft.formed_on
        )
    )


def _release_due(session: Session, due_id: uuid.UUID | None, *, but: NoticeDraft) -> None:
    """Take out a day entered by mistake for something ad hoc, unless it was flagged or a draft names it."""
    if due_id is None or but.due_id == due_id:
        return
    session.flush()
    due = session.get_one(DisclosureDue, due_id, with_for_update=True)
    named = session.scalar(select(NoticeDraft.id).where(NoticeDraft.due_id == due_id).limit(1))
    if due.item.rhythm is Rhythm.AD_HOC and (due.overdue_at, due.notice_id, named) == (None, None, None):
        session.delete(due)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
