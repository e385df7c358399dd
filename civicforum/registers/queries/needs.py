"""What waits in the registers: one statement in all."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, String, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
from civicforum.people.models import Community
from civicforum.registers.models import OwnersDecision, ResidenceReport
from civicforum.registers.models_deputies import Deputy, DeputyOpinion
from civicforum.registers.rules import CONFIRMS, REMARKS
from civicforum.registers.rules_deputies import may_keep

MOST_NEEDS = 20


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return owners' decisions to look at, reports to confirm, and deputies to forward opinions to."""
    parts: list[Select[str, uuid.UUID, str]] = []
    if actor.holds(*REMARKS):
        parts.append(_decisions(actor))
    if actor.holds(*CONFIRMS):
        parts.append(_reports(actor))
    if may_keep(actor):
        parts.append(_opinions(actor))
    rows = session.execute(union_all(*parts)).all() if parts else []
    return [_need(NeedKind(kind), key, title) for kind, key, title in rows]


def _need(kind: NeedKind, key: uuid.UUID, title: str) -> Need:
    if kind is NeedKind.CONFIRM_REPORTS:
        return Need(kind, title, "registers.reports")
    if kind is NeedKind.FORWARD_OPINIONS:
        return Need(kind, title, "registers.deputy", {"deputy_id": key})
    return Need(kind, title, "registers.decision", {"decision_id": key})


def _decisions(actor: Actor) -> Select[str, uuid.UUID, str]:
    return (
        select(
            literal(NeedKind.REMARK_DECISION.value, String).label("kind"),
            OwnersDecision.id.label("key"),
            OwnersDecision.title.label("title"),
        )
        .where(OwnersDecision.community_id == actor.community_id, OwnersDecision.remarked_at.is_(None))
        .order_by(OwnersDecision.notified_at)
        .limit(MOST_NEEDS)
    )


def _reports(actor: Actor) -> Select[str, uuid.UUID, str]:
    """One line for all of them, under the community's name: who reported in stands on no home page."""
    waits = exists().where(
        ResidenceReport.community_id == actor.community_id,
        ResidenceReport.confirmed_at.is_(None),
        ResidenceReport.person_id != actor.person_id,
    )
    return select(
        literal(NeedKind.CONFIRM_REPORTS.value, String).label("kind"),
        Community.id.label("key"),
        Community.name.label("title"),
    ).where(Community.id == actor.community_id, waits)


def _opinions(actor: Actor) -> Select[str, uuid.UUID, str]:
    """One line for each deputy: what somebody wrote stands on no home page."""
    return (
        select(
            literal(NeedKind.FORWARD_OPINIONS.value, String).label("kind"),
            Deputy.id.label("key"),
            Deputy.name.label("title"),
        )
        .join(DeputyOpinion, DeputyOpinion.deputy_id == Deputy.id)
        .where(DeputyOpinion.community_id == actor.community_id, DeputyOpinion.forwarded_at.is_(None))
        .group_by(Deputy.id, Deputy.name)
        .order_by(func.min(DeputyOpinion.due_at))
        .limit(MOST_NEEDS)
    )
