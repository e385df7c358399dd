"""What waits for somebody in drafts: to comment, and to answer."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import ANSWERS_RULE, PUT_OUT_BY, DraftState
from civicforum.drafts.services.steps import rules_of
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, has_rows, like, values_of

MOST = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the drafts on which the actor has not commented, and for the committee those it has to close.

    One statement.
    """
    drafts = session.scalars(_drafts(like(actor)), values_of(actor, now))
    return [_need(draft, now) for draft in drafts]


def may_need(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a draft waits for such an actor."""
    return has_rows(_drafts(actor))


@lru_cache
def _drafts(actor: Actor) -> Select[Draft]:
    has_commented = exists().where(DraftComment.draft_id == Draft.id, DraftComment.author_id == ME)
    asks: ColumnElement[bool] = and_(Draft.until >= NOW, ~has_commented)
    if actor.holds(*PUT_OUT_BY):
        asks |= Draft.until < NOW
    return (
        select(Draft)
        .where(Draft.community_id == HERE, Draft.state == DraftState.OUT, asks)
        .order_by(Draft.until, Draft.id)
        .limit(MOST)
    )


def _need(draft: Draft, now: datetime) -> Need:
    arguments = {"draft_id": draft.id}
    if draft.until >= now:
        return Need(NeedKind.COMMENT, draft.title, "drafts.show", arguments, due_at=draft.until)
    due_at = rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until)
    return Need(NeedKind.ANSWER_COMMENTS, draft.title, "drafts.show", arguments, due_at=due_at)
