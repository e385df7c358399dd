"""The clocks of the notice board: what falls due, what is missing or unanswered, what has stood its days."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from civicforum.notices.calendar import MONTHS, due_at, last_end, periods_ended
from civicforum.notices.models import DisclosureDue, DisclosureItem, DraftObjection, Notice, NoticeDraft
from civicforum.notices.rules import DraftState, ItemSource, NoticeState, move, move_notice
from civicforum.notices.services.catalogue import found_catalogue
from civicforum.notices.services.posting import search_words
from civicforum.notices.services.steps import (
    record_disclosure_item,
    record_notice,
    record_notice_draft,
)
from civicforum.notices.standard import STANDARD
from civicforum.people.models import Community
from civicforum.people.queries import rules_in
from civicforum.rulebook.days import day_of
from civicforum.sweeps import Tally, sweep_each


@dataclass(frozen=True)
class SweepResult(Tally):
    """What a sweep did."""

    items: int = 0
    dues: int = 0
    missing: int = 0
    unanswered: int = 0
    cleared: int = 0
    expired: int = 0
    indexed: int = 0


def sweep_clocks(*, now: datetime) -> SweepResult:
    """Do all that time alone brings about on the notice boards of all communities.

    First what falls due, so that what is missing from long ago is flagged by the same sweep.
    """
    nothing = SweepResult()
    return (
        sweep_each(_without_catalogue(), lambda s, key: _found(s, key, now), nothing=nothing)
        + sweep_each(_with_period_ended(now), lambda s, key: _open_dues(s, key, now), nothing=nothing)
        + sweep_each(_missing(now), lambda s, key: _flag_missing(s, key, now), nothing=nothing)
        + sweep_each(_unanswered(now), lambda s, key: _flag_unanswered(s, key, now), nothing=nothing)
        + sweep_each(_not_objected(now), lambda s, key: _clear(s, key, now), nothing=nothing)
        + sweep_each(_over(now), lambda s, key: _expire(s, key, now), nothing=nothing)
        + sweep_each(_not_indexed(), _index, nothing=nothing)
    )


def _without_catalogue() -> Select[uuid.UUID]:
    """Communities from before the catalogue, or from before an item of it."""
    entered = (
        select(func.count())
        .where(DisclosureItem.community_id == Community.id, DisclosureItem.source == ItemSource.LAW)
        .scalar_subquery()
    )
    return select(Community.id).where(entered < len(STANDARD))


def _found(session: Session, community_id: uuid.UUID, now: datetime) -> SweepResult:
    # Weaker than FOR UPDATE: a journal entry of somebody who has the journal's lock does not wait for it.
    community = session.get_one(Community, community_id, with_for_update={"key_share": True})
    return SweepResult(items=found_catalogue(session, community=community, today=day_of(now)))


def _with_period_ended(now: datetime) -> Select[uuid.UUID]:
    """Items with a period that ended before today and is not entered as due yet."""
    known = (
        select(func.max(DisclosureDue.period_until))
        .where(DisclosureDue.item_id == DisclosureItem.id)
        .scalar_subquery()
    )
    reached = func.coalesce(known, DisclosureItem.since - timedelta(days=1))
    has_ended = [
        and_(DisclosureItem.rhythm == rhythm, reached < last_end(rhythm, day_of(now))) for rhythm in MONTHS
    ]
    return select(DisclosureItem.id).where(
        or_(*has_ended), DisclosureItem.ended_on.is_(None) | (DisclosureItem.ended_on > reached)
    )


def _open_dues(session: Session, item_id: uuid.UUID, now: datetime) -> SweepResult:
    item = session.get_one(DisclosureItem, item_id, with_for_update=True, populate_existing=True)
    known = session.scalar(
        select(func.max(DisclosureDue.period_until)).where(DisclosureDue.item_id == item.id)
    )
    start = item.since if known is None else known + timedelta(days=1)
    book = rules_in(session, item.community_id)
    dues = [
        DisclosureDue(
            community_id=item.community_id,
            item_id=item.id,
            period_from=period.first,
            period_until=period.last,
            due_at=due_at(item.rhythm, period.last, book),
        )
        for period in periods_ended(item.rhythm, start, day_of(now))
        if item.ended_on is None or period.first <= item.ended_on
    ]
    session.add_all(dues)
    return SweepResult(dues=len(dues))


def _missing(now: datetime) -> Select[uuid.UUID]:
    return select(DisclosureDue.id).where(
        DisclosureDue.notice_id.is_(None), DisclosureDue.overdue_at.is_(None), DisclosureDue.due_at < now
    )


def _flag_missing(session: Session, due_id: uuid.UUID, now: datetime) -> SweepResult:
    due = session.get_one(DisclosureDue, due_id, with_for_update=True, populate_existing=True)
    # Posted or flagged since it was found.
    if due.notice_id is not None or due.overdue_at is not None:
        return SweepResult()
    due.overdue_at = now
    payload = {"period_until": due.period_until.isoformat(), "due_at": due.due_at.isoformat()}
    record_disclosure_item(session, due.item, action="missing", actor=None, payload=payload, now=now)
    return SweepResult(missing=1)


def _unanswered(now: datetime) -> Select[uuid.UUID]:
    return (
        select(DraftObjection.id)
        .join(NoticeDraft, DraftObjection.draft_id == NoticeDraft.id)
        .where(
            DraftObjection.answered_at.is_(None),
            DraftObjection.overdue_at.is_(None),
            DraftObjection.due_at < now,
            NoticeDraft.state == DraftState.OBJECTED,
        )
    )


def _flag_unanswered(session: Session, objection_id: uuid.UUID, now: datetime) -> SweepResult:
    draft_id = session.get_one(DraftObjection, objection_id).draft_id
    draft = session.get_one(NoticeDraft, draft_id, with_for_update=True, populate_existing=True)
    objection = session.get_one(DraftObjection, objection_id, populate_existing=True)
    if objection.answered_at or objection.overdue_at or draft.state is not DraftState.OBJECTED:
        return SweepResult()
    objection.overdue_at = now
    payload = {"due_at": objection.due_at.isoformat()}
    record_notice_draft(session, draft, action="answer_overdue", actor=None, payload=payload, now=now)
    return SweepResult(unanswered=1)


def _not_objected(now: datetime) -> Select[uuid.UUID]:
    return select(NoticeDraft.id).where(
        NoticeDraft.state == DraftState.IN_REVIEW, NoticeDraft.review_due_at < now
    )


def _clear(session: Session, draft_id: uuid.UUID, now: datetime) -> SweepResult:
    draft = session.get_one(NoticeDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft.state is not DraftState.IN_REVIEW or draft.review_due_at is None or draft.review_due_at >= now:
        return SweepResult()
    draft.state = move(draft.state, DraftState.REVIEWED)
    # Nobody said so: the days were over.
    draft.reviewed_at = now
    payload = {"review_due_at": draft.review_due_at.isoformat()}
    record_notice_draft(session, draft, action="pass", actor=None, payload=payload, now=now)
    return SweepResult(cleared=1)


def _over(now: datetime) -> Select[uuid.UUID]:
    return select(Notice.id).where(Notice.state == NoticeState.POSTED, Notice.until < now)


def _expire(session: Session, notice_id: uuid.UUID, now: datetime) -> SweepResult:
    notice = session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice.state is not NoticeState.POSTED:
        return SweepResult()
    notice.state = move_notice(notice.state, NoticeState.EXPIRED)
    payload = {"until": notice.until.isoformat()}
    record_notice(session, notice, action="expire", actor=None, payload=payload, now=now)
    return SweepResult(expired=1)


def _not_indexed() -> Select[uuid.UUID]:
    return select(Notice.id).where(Notice.tokens == [])


def _index(session: Session, notice_id: uuid.UUID) -> SweepResult:
    notice = session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    notice.tokens = search_words(notice.title, notice.text)
    return SweepResult(indexed=1)
