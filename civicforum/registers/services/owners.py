"""Owners' decisions: notified to the residents' committee, which may remark on them and changes nothing.

物业管理条例 art 20: the decisions are told to the residents' committee, whose advice owners listen to.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, require_text
from civicforum.matters.services.people import body_of
from civicforum.notices.rules_asking import check_answer
from civicforum.records.services import Subject, record_about
from civicforum.registers.models import OwnersDecision
from civicforum.registers.rules import LONGEST_DECISION, LONGEST_REMARK, REMARKS, check_decided
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def notify_decision(
    *, owners: str, title: str, text: str, decided_on: date, actor: Actor, now: datetime
) -> uuid.UUID:
    """Notify the residents' committee of what owners decided. Returns the entry's id.

    Raises NotEligible (neither of an owners' committee nor the clerk), Invalid.
    """
    owners = require_text(owners, most=120, field="owners")
    title = check_answer(title, field="title", most=200)
    text = check_answer(text, most=LONGEST_DECISION)
    check_decided(decided_on, day_of(now))
    with transaction() as session:
        if not may_notify(session, actor=actor, now=now):
            raise NotEligible(actor.person_id)
        decision = OwnersDecision(
            community_id=actor.community_id,
            owners=owners,
            title=title,
            text=text,
            decided_on=decided_on,
            notified_at=now,
            notified_by_id=actor.person_id,
            notified_post=post_text(session, person_id=actor.person_id, day=day_of(now)),
        )
        session.add(decision)
        session.flush()
        _record(session, decision, "notify", actor=actor, now=now)
        return decision.id


def remark_on(*, decision_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Remark on a decision, or say with an empty text that there is nothing to remark.

    Raises NotFound, NotEligible, AlreadyDone, Invalid.
    """
    if not actor.holds(*REMARKS):
        raise NotEligible(actor.person_id)
    words = check_answer(text, most=LONGEST_REMARK) if text.strip() else ""
    with transaction() as session:
        decision = lock_row(session, OwnersDecision, decision_id, community_id=actor.community_id)
        if decision.remarked_at is not None:
            raise AlreadyDone(decision_id)
        decision.remark, decision.remarked_at, decision.remarked_by_id = words, now, actor.person_id
        decision.remarked_post = post_text(session, person_id=actor.person_id, day=day_of(now))
        _record(session, decision, "remark", actor=actor, now=now)


def may_notify(session: Session, *, actor: Actor, now: datetime) -> bool:
    """Tell whether the actor is of an owners' committee, or a clerk who enters what it sent."""
    if actor.holds(Role.CLERK):
        return True
    return body_of(session, actor=actor, kind=BodyKind.OWNERS_COMMITTEE, now=now) is not None


def _record(session: Session, decision: OwnersDecision, verb: str, *, actor: Actor, now: datetime) -> None:
    subject = Subject(decision.community_id, "owners_decision", decision.id, decision.title)
    payload = {"decided_on": decision.decided_on.isoformat(), "has_remark": bool(decision.remark)}
    record_about(session, subject, action=f"owners_decision.{verb}", actor=actor, payload=payload, now=now)
