"""What waits for somebody in drafts: to comment, and to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import ANSWERS_RULE, PUT_OUT_BY, DraftState
from civicforum.drafts.services.steps import rules_of
from civicforum.inbox.rules import Need, NeedKind

MOST = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the drafts on which the actor has not commented, and for the committee those it has to close.

    One statement.
    """
    has_commented = exists().where(
        DraftComment.draft_id == Draft.id, DraftComment.author_id == actor.person_id
    )
    asks: ColumnElement[bool] = and_(Draft.until >= now, ~has_commented)
    if actor.holds(*PUT_OUT_BY):
        asks |= Draft.until < now
    drafts = session.scalars(
        select(Draft)
        .where(Draft.community_id == actor.community_id, Draft.state == DraftState.OUT, asks)
        .order_by(Draft.until, Draft.id)
        .limit(MOST)
    )
    return [_need(draft, now) for draft in drafts]


def _need(draft: Draft, now: datetime) -> Need:
    arguments = {"draft_id": draft.id}
    if draft.until >= now:
        return Need(NeedKind.COMMENT, draft.title, "drafts.show", arguments, due_at=draft.until)
    due_at = rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until)
    return Need(NeedKind.ANSWER_COMMENTS, draft.title, "drafts.show", arguments, due_at=due_at)
