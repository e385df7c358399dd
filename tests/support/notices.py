"""A notice board with something on every page of it, made through services, for tests that visit pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.notices import services
from civicforum.notices.models import DisclosureDue, DisclosureItem
from civicforum.notices.rules import NoticeCategory, Rhythm
from civicforum.notices.services import GivenDraft, GivenItem, GivenMeeting
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class NoticeBoard:
    """Ids for the addresses of its pages. `due_id` is missing; drafts stand at the step of their name."""

    posted_id: uuid.UUID
    removed_id: uuid.UUID
    due_id: uuid.UUID
    own_item_id: uuid.UUID
    written_id: uuid.UUID
    in_review_id: uuid.UUID
    objected_id: uuid.UUID
    reviewed_id: uuid.UUID
    met_id: uuid.UUID


def make_notice_board(
    session: Session, *, director: Actor, clerk: Actor, supervisor: Actor, now: datetime
) -> NoticeBoard:
    """Fill the board of the officers' community: its catalogue is half a year old and mostly unanswered."""
    services.sweep_clocks(now=now - timedelta(days=200))
    services.sweep_clocks(now=now)
    posted, written, in_review, objected, reviewed, met = (
        _draft(session, code, clerk, now)
        for code in ("facilities", "donations", "accounts", "service_projects", "help_given", "carrying_out")
    )
    for draft_id in (posted, in_review, objected, reviewed, met):
        services.hand_in(draft_id=draft_id, actor=clerk, now=now)
    services.object_to_draft(draft_id=objected, text="缺少收费标准。", actor=supervisor, now=now)
    for draft_id in (posted, reviewed, met):
        services.clear_draft(draft_id=draft_id, actor=supervisor, now=now)
    for draft_id in (posted, met):
        given = GivenMeeting(met_on=day_of(now), note="同意公布。")
        services.record_meeting(draft_id=draft_id, given=given, actor=director, now=now)
    own = GivenItem(rhythm=Rhythm.MONTHLY, name="广场舞音量", category=NoticeCategory.FACILITIES)
    return NoticeBoard(
        posted_id=services.post_draft(draft_id=posted, actor=director, now=now),
        removed_id=_removed(director, now),
        due_id=_due(session, "government_money", director.community_id),
        own_item_id=services.add_item(given=own, actor=director, now=now),
        written_id=written,
        in_review_id=in_review,
        objected_id=objected,
        reviewed_id=reviewed,
        met_id=met,
    )


def _draft(session: Session, code: str, clerk: Actor, now: datetime) -> uuid.UUID:
    given = GivenDraft(
        title=f"上季度情况：{code}",
        text="上季度情况如下。\n一、开支三千元，票据齐全。\n二、设施完好。",
        due_id=_due(session, code, clerk.community_id),
    )
    return services.start_draft(given=given, actor=clerk, now=now)


def _due(session: Session, code: str, community_id: uuid.UUID) -> uuid.UUID:
    statement = (
        select(DisclosureDue.id)
        .join(DisclosureItem, DisclosureDue.item_id == DisclosureItem.id)
        .where(DisclosureDue.community_id == community_id, DisclosureItem.code == code)
        .order_by(DisclosureDue.due_at.desc())
        .limit(1)
    )
    return session.scalars(statement).one()


def _removed(director: Actor, now: datetime) -> uuid.UUID:
    notice_id = services.publish_notice(
        actor=director,
        category=NoticeCategory.COMMON_CONCERN,
        title="停水通知",
        text="明日九时至十六时停水。",
        now=now,
    )
    services.remove_notice(notice_id=notice_id, reason="日期有误。", actor=director, now=now)
    return notice_id
