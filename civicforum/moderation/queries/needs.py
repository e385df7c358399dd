"""What waits for somebody in moderation, for the home page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import ngettext
from sqlalchemy import DateTime, Select, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
from civicforum.moderation.models import HeldText, HideAppeal, HideDecision, ReportCase
from civicforum.moderation.rules import (
    RULED_BY,
    SECONDED_BY,
    CaseState,
    DecisionState,
    HeldState,
    may_moderate,
)

NO_DAY = cast(literal(None), DateTime(timezone=True))


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return held texts, reports, proposals and appeals that wait; one statement, none for a resident."""
    if not actor.holds(*SECONDED_BY, *RULED_BY):
        return []
    parts: list[Select[str, int, datetime | None]] = []
    me, here = actor.person_id, actor.community_id
    if may_moderate(actor):
        others = or_(HeldText.entered_by_id.is_(None), HeldText.entered_by_id != me)
        parts.append(
            select(literal(NeedKind.LOOK_AT_HELD.value), func.count(), func.min(HeldText.due_at)).where(
                HeldText.community_id == here,
                HeldText.state == HeldState.HELD,
                HeldText.author_id != me,
                others,
            )
        )
        parts.append(
            select(literal(NeedKind.SETTLE_REPORTS.value), func.count(), NO_DAY).where(
                ReportCase.community_id == here, ReportCase.state == CaseState.OPEN
            )
        )
    if actor.has(*SECONDED_BY):
        parts.append(
            select(literal(NeedKind.CONFIRM_HIDING.value), func.count(), NO_DAY).where(
                HideDecision.community_id == here,
                HideDecision.state == DecisionState.PROPOSED,
                HideDecision.by_id != me,
                HideDecision.author_id.is_distinct_from(me),
            )
        )
    if actor.has(*RULED_BY):
        concerned = or_(HideDecision.by_id == me, HideDecision.author_id == me)
        parts.append(
            select(literal(NeedKind.RULE_ON_APPEAL.value), func.count(), func.min(HideAppeal.due_at))
            .join(HideDecision, HideAppeal.decision_id == HideDecision.id)
            .where(and_(HideAppeal.community_id == here, HideAppeal.outcome.is_(None), ~concerned))
        )
    first, *rest = parts
    rows = session.execute(first.union_all(*rest) if rest else first).all()
    return [
        Need(
            NeedKind(kind),
            ngettext("%(num)s waits for you", "%(num)s wait for you", count),
            "moderation.queue",
            due_at=due_at,
        )
        for kind, count, due_at in rows
        if count
    ]
