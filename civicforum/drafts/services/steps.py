"""Steps that the use cases of drafts share. They take the session and commit nothing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft
from civicforum.drafts.rules import DraftState
from civicforum.errors import TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row


def lock_draft(session: Session, *, draft_id: uuid.UUID, actor: Actor) -> Draft:
    """Return the draft, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, Draft, draft_id, community_id=actor.community_id)


def require_out(draft: Draft) -> None:
    if draft.state is not DraftState.OUT:
        raise TransitionNotAllowed(draft.state, DraftState.OUT)


def rules_of(draft: Draft) -> rulebook.Rulebook:
    """Return the rules under which the draft was put out."""
    return rulebook.load(draft.profile)


def post_document(
    session: Session, draft: Draft, document: tuple[str, str], *, actor: Actor, now: datetime
) -> None:
    """Post a notice about a draft (art 34, item 5). `document`: title and text."""
    title, text = document
    post_notice(
        session,
        community_id=draft.community_id,
        category=NoticeCategory.DELIBERATION,
        title=title,
        text=text,
        subject_kind="draft",
        subject_id=draft.id,
        posted_by=actor.person_id,
        now=now,
    )


def record_draft(session: Session, draft: Draft, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "draft.<action>": the last step of a use case."""
    subject = Subject(draft.community_id, "draft", draft.id, draft.title)
    record_about(session, subject, action=f"draft.{action}", **entry)
