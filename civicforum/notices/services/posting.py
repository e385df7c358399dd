"""Posting notices: as a part of what other features do, and by hand."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory, has_identity_number
from civicforum.people.models import Community
from civicforum.records.services import record

POSTS = (Role.COMMITTEE, Role.CLERK)


def post_notice(
    session: Session,
    *,
    community_id: uuid.UUID,
    category: NoticeCategory,
    title: str,
    text: str,
    posted_by: uuid.UUID | None,
    subject_kind: str = "",
    subject_id: uuid.UUID | None = None,
    now: datetime,
) -> Notice:
    """Post a notice for as long as the community's rules ask. The caller's journal entry covers it."""
    community = session.get_one(Community, community_id)
    notice = Notice(
        community_id=community_id,
        category=category,
        title=title[:200],
        text=text,
        subject_kind=subject_kind,
        subject_id=subject_id,
        posted_at=now,
        until=rulebook.load(community.profile).clock("notice.posting").deadline(now),
        posted_by_id=posted_by,
    )
    session.add(notice)
    session.flush()
    return notice


def publish_notice(
    *, actor: Actor, category: NoticeCategory, title: str, text: str, now: datetime
) -> uuid.UUID:
    """Post a notice of the committee's own. Raises NotEligible, and Invalid for an identity number in it."""
    if not actor.has(*POSTS):
        raise NotEligible(actor.person_id)
    for field, words in (("title", title), ("text", text)):
        if has_identity_number(words):
            raise Invalid("identity_number", field)
    with transaction() as session:
        notice = post_notice(
            session,
            community_id=actor.community_id,
            category=category,
            title=title,
            text=text,
            posted_by=actor.person_id,
            now=now,
        )
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="notice.publish",
            subject_kind="notice",
            subject_id=notice.id,
            subject_title=notice.title,
            payload={"category": category.value, "until": notice.until.isoformat()},
            now=now,
        )
        return notice.id
