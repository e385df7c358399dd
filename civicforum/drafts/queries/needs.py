"""What waits for somebody in drafts: to comment, and to answer."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import ANSWERS_RULE, PUT_OUT_BY, DraftState
from civicforum.drafts.services.steps import rules_of
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, Part, Parts, has_rows, like, list_parts, values_of

MOST = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the drafts on which the actor has not commented. One statement."""
    return list_parts(session, parts_of(like(actor)), values_of(actor, now))


@cache
def parts_of(_actor: Actor) -> Parts:
    """Return what may wait for whoever comments: everybody."""
    has_commented = exists().where(DraftComment.draft_id == Draft.id, DraftComment.author_id == ME)
    rows = (
        select(Draft.id, Draft.title, Draft.until.label("due_at"))
        .where(*_is_out(), Draft.until >= NOW, ~has_commented)
        .order_by(Draft.until, Draft.id)
        .limit(MOST)
    )
    return Parts([Part(NeedKind.COMMENT, "drafts.show", "draft_id", rows)])


def list_to_answer(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the drafts whose comments the actor's committee has to answer. One statement, or none."""
    if not actor.holds(*PUT_OUT_BY):
        return []
    return [_to_answer(draft) for draft in session.scalars(_over(), values_of(actor, now))]


def may_need_answer(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition that such an actor has comments to answer."""
    return has_rows(_over()) if actor.holds(*PUT_OUT_BY) else None


@cache
def _over() -> Select[Draft]:
    """Select the drafts on which nobody can comment any more, and which are not closed."""
    return select(Draft).where(*_is_out(), Draft.until < NOW).order_by(Draft.until, Draft.id).limit(MOST)


def _is_out() -> tuple[ColumnElement[bool], ...]:
    return Draft.community_id == HERE, Draft.state == DraftState.OUT


def _to_answer(draft: Draft) -> Need:
    due_at = rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until)
    return Need(NeedKind.ANSWER_COMMENTS, draft.title, "drafts.show", {"draft_id": draft.id}, due_at=due_at)
