"""What waits for somebody because residents asked, demanded or complained: one statement in all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    Select,
    SQLColumnExpression,
    String,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.notices.models import (
    Complaint,
    DisclosureDue,
    DisclosureItem,
    ItemDemand,
    Notice,
    NoticeQuery,
)
from civicforum.notices.rules import ComplaintOutcome
from civicforum.notices.rules_asking import ANSWERS, ENTERS_OUTCOME, REMEDIES

MOST_NEEDS = 20
# Columns: the kind of need, the id its page asks for, its title, its deadline.
Part = Select[str, uuid.UUID, str, datetime | None]

# Where each need is met: endpoint and the name of its argument.
PAGES: dict[NeedKind, tuple[str, str]] = {
    NeedKind.ANSWER: ("notices.answer", "query_id"),
    NeedKind.POST_DEMANDED: ("notices.demand", "demand_id"),
    NeedKind.CORRECT_NOTICE: ("notices.enter_remedy", "complaint_id"),
    NeedKind.FOLLOW_COMPLAINT: ("notices.complaint", "complaint_id"),
}


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what the committee answers, posts and sets right, and which complaints supervisors follow."""
    if actor.assisted_by is not None:
        return []
    parts = [part(actor) for roles, part in PARTS if actor.has(*roles)]
    if not parts:
        return []
    rows = session.execute(union_all(*parts))
    return [_need(NeedKind(kind), key, title, due_at) for kind, key, title, due_at in rows]


def _need(kind: NeedKind, key: uuid.UUID, title: str, due_at: datetime | None) -> Need:
    endpoint, argument = PAGES[kind]
    return Need(kind, title, endpoint, {argument: key}, due_at=due_at)


def _queries(actor: Actor) -> Part:
    return (
        _part(NeedKind.ANSWER, NoticeQuery.id, Notice.title, NoticeQuery.due_at)
        .join(Notice, NoticeQuery.notice_id == Notice.id)
        .where(
            NoticeQuery.community_id == actor.community_id,
            NoticeQuery.due_at.is_not(None),
            NoticeQuery.hidden_at.is_(None),
        )
        .order_by(NoticeQuery.due_at)
        .limit(MOST_NEEDS)
    )


def _demanded(actor: Actor) -> Part:
    """Items that were demanded and have had no notice yet."""
    met = exists().where(DisclosureDue.item_id == ItemDemand.item_id, DisclosureDue.notice_id.is_not(None))
    first_due = select(func.min(DisclosureDue.due_at)).where(DisclosureDue.item_id == ItemDemand.item_id)
    return (
        _part(NeedKind.POST_DEMANDED, ItemDemand.id, ItemDemand.title, first_due.scalar_subquery())
        .join(DisclosureItem, ItemDemand.item_id == DisclosureItem.id)
        .where(ItemDemand.community_id == actor.community_id, DisclosureItem.ended_on.is_(None), ~met)
        .order_by(ItemDemand.reached_at)
        .limit(MOST_NEEDS)
    )


def _ordered(actor: Actor) -> Part:
    """Complaints after which the office ordered something that the committee has not reported yet."""
    return _complaints(actor, NeedKind.CORRECT_NOTICE).where(
        Complaint.outcome == ComplaintOutcome.ORDERED, Complaint.remedied_at.is_(None)
    )


def _followed(actor: Actor) -> Part:
    """Complaints without the office's answer."""
    return _complaints(actor, NeedKind.FOLLOW_COMPLAINT).where(Complaint.answered_at.is_(None))


def _complaints(actor: Actor, kind: NeedKind) -> Part:
    return (
        _part(kind, Complaint.id, Complaint.number, cast(None, DateTime(timezone=True)))
        .where(Complaint.community_id == actor.community_id)
        .order_by(Complaint.filed_at)
        .limit(MOST_NEEDS)
    )


def _part(
    kind: NeedKind,
    key: SQLColumnExpression[uuid.UUID],
    title: SQLColumnExpression[str],
    due_at: SQLColumnExpression[Any],
) -> Part:
    return select(
        literal(kind.value, String).label("kind"),
        key.label("key"),
        title.label("title"),
        due_at.label("due_at"),
    )


PARTS: tuple[tuple[tuple[Role, ...], Callable[[Actor], Part]], ...] = (
    (ANSWERS, _queries),
    (ANSWERS, _demanded),
    (REMEDIES, _ordered),
    (ENTERS_OUTCOME, _followed),
)
