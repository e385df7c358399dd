"""Drafts: the list, and the page of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft, Opinion
from civicforum.drafts.rules import (
    ANSWERS_RULE,
    ENTERED_BY,
    PUT_OUT_BY,
    Counts,
    DraftState,
    passages,
    takes_comments,
)
from civicforum.drafts.services.putting_out import count_handled
from civicforum.drafts.services.steps import rules_of
from civicforum.meetings.differences import Part, compare, sides
from civicforum.meetings.models import AgendaItem, Paper
from civicforum.notices.models import Notice
from civicforum.notices.queries import list_of_subject as list_notices
from civicforum.paging import Page, paginate
from civicforum.rows import get_row


@dataclass(frozen=True)
class DraftPage:
    """A draft with all that its page shows; `before` and `after` are its two texts, once it is closed."""

    draft: Draft
    passages: Sequence[str]
    counts: Counts
    opinions: Sequence[Opinion]
    papers: Sequence[Paper]
    before: Sequence[Part]
    after: Sequence[Part]
    answers_due_at: datetime
    takes_comments: bool
    may_put_out: bool
    may_enter: bool
    notices: Sequence[Notice]

    @property
    def is_closed(self) -> bool:
        return self.draft.state is DraftState.CLOSED


def get_draft(session: Session, *, draft_id: uuid.UUID, community_id: uuid.UUID) -> Draft:
    """Return a draft with its matter, and its item and meeting. Raises NotFound."""
    return get_row(
        session,
        Draft,
        draft_id,
        community_id=community_id,
        options=[joinedload(Draft.matter), joinedload(Draft.item).joinedload(AgendaItem.meeting)],
    )


def get_page(
    session: Session, *, draft_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None, now: datetime
) -> DraftPage:
    """Return the page of a draft. Raises NotFound. Five statements."""
    draft = get_draft(session, draft_id=draft_id, community_id=community_id)
    before, after = sides(compare(draft.text, draft.final_text)) if draft.final_text else ([], [])
    is_oneself = actor is not None and actor.assisted_by is None
    return DraftPage(
        draft=draft,
        passages=passages(draft.text),
        counts=count_handled(session, draft.id),
        opinions=session.scalars(
            select(Opinion).where(Opinion.draft_id == draft.id).order_by(Opinion.added_at, Opinion.id)
        ).all(),
        papers=_expert_papers(session, draft),
        before=before,
        after=after,
        answers_due_at=rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until),
        takes_comments=takes_comments(draft.state, until=draft.until, now=now),
        may_put_out=is_oneself and actor is not None and actor.has(*PUT_OUT_BY),
        may_enter=is_oneself and actor is not None and actor.has(*ENTERED_BY),
        notices=list_notices(session, subject_kind="draft", subject_id=draft.id),
    )


def list_drafts(session: Session, *, community_id: uuid.UUID, number: int) -> Page[Draft]:
    """Return a page of drafts: those that are out first, by their last day, then the latest first."""
    statement = (
        select(Draft)
        .where(Draft.community_id == community_id)
        .order_by(Draft.state != DraftState.OUT, Draft.put_out_at.desc(), Draft.id)
    )
    return paginate(session, statement, number=number)


def list_of_subject(
    session: Session, *, item_ids: Sequence[uuid.UUID] = (), matter_id: uuid.UUID | None = None
) -> Sequence[Draft]:
    """Return the drafts put out from items of a meeting, or from a matter, the latest first."""
    is_of = Draft.matter_id == matter_id if matter_id is not None else Draft.item_id.in_(item_ids)
    return session.scalars(select(Draft).where(is_of).order_by(Draft.put_out_at.desc(), Draft.id)).all()


def _expert_papers(session: Session, draft: Draft) -> Sequence[Paper]:
    """Return what experts wrote to the item from which the draft comes."""
    if draft.item_id is None:
        return []
    return session.scalars(
        select(Paper)
        .where(Paper.item_id == draft.item_id, Paper.is_expert_opinion)
        .order_by(Paper.added_at, Paper.id)
    ).all()
