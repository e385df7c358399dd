"""Posting notices: as a part of what other features do, and by hand."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import NotEligible, require_text
from civicforum.matters.text import TOKEN_LENGTH, tokens
from civicforum.notices.calendar import POSTING_RULE
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services.checking import check_numbers
from civicforum.notices.services.steps import record_notice
from civicforum.people.queries import rules_in

POSTS = (Role.COMMITTEE, Role.CLERK)
LONGEST_TITLE, LONGEST_TEXT = 200, 20_000


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
    repost_of: Notice | None = None,
    now: datetime,
) -> Notice:
    """Post a notice for as long as the community's rules ask. The caller's journal entry covers it."""
    notice = Notice(
        community_id=community_id,
        category=category,
        title=title[:LONGEST_TITLE],
        text=text,
        subject_kind=subject_kind,
        subject_id=subject_id,
        posted_at=now,
        until=rules_in(session, community_id).clock(POSTING_RULE).deadline(now),
        posted_by_id=posted_by,
        repost_of_id=repost_of.id if repost_of else None,
        tokens=search_words(title, text),
    )
    session.add(notice)
    session.flush()
    return notice


def search_words(title: str, text: str) -> list[str]:
    """Return the words a notice is found by; never none, by which a notice not yet read is known."""
    return tokens(title, text) or [title[:TOKEN_LENGTH]]


def publish_notice(
    *, actor: Actor, category: NoticeCategory, title: str, text: str, now: datetime
) -> uuid.UUID:
    """Post at once what is urgent or outside the catalogue. Returns its id.

    Raises NotEligible, Invalid (title or text), PersonalData.
    """
    if not actor.has(*POSTS):
        raise NotEligible(actor.person_id)
    title, text = require_words(title, text)
    with transaction() as session:
        check_numbers(session, community_id=actor.community_id, title=title, text=text)
        notice = post_notice(
            session,
            community_id=actor.community_id,
            category=category,
            title=title,
            text=text,
            posted_by=actor.person_id,
            now=now,
        )
        payload = {"category": category.value, "until": notice.until.isoformat()}
        record_notice(session, notice, action="publish", actor=actor, payload=payload, now=now)
        return notice.id


def require_words(title: str, text: str) -> tuple[str, str]:
    """Return title and text without blanks around them. Raises Invalid "missing" or "long"."""
    return (
        require_text(title, most=LONGEST_TITLE, field="title"),
        require_text(text, most=LONGEST_TEXT, field="text"),
    )
