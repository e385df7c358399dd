"""Appeals of authors to the supervision committee, and its rulings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed, require_text
from civicforum.moderation.errors import TooLate
from civicforum.moderation.models import HideAppeal, HideDecision
from civicforum.moderation.registry import adapter_of
from civicforum.moderation.rules import (
    APPEAL_RULE,
    LONGEST_APPEAL,
    RULING_RULE,
    DecisionState,
    Outcome,
    may_rule,
    move,
)
from civicforum.moderation.services.hiding import lock_with_thing
from civicforum.moderation.services.releasing import post_held
from civicforum.moderation.services.steps import (
    DECISION,
    deadline,
    lock_decision,
    lock_held,
    post_of,
    record_moderation,
)
from civicforum.moderation.services.words_told import tell_appealed, tell_ruled
from civicforum.rows import get_row


def appeal(*, decision_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Appeal against the hiding of one's own text; the clock of the ruling starts.

    Raises NotFound, NotEligible (not the author), TransitionNotAllowed (not in force), AlreadyDone, TooLate,
    Invalid.
    """
    words = require_text(text, most=LONGEST_APPEAL)
    with transaction() as session:
        decision = lock_decision(session, decision_id=decision_id, community_id=actor.community_id)
        if decision.author_id != actor.person_id:
            raise NotEligible(actor.person_id)
        if _appeal_of(session, decision) is not None:
            raise AlreadyDone(decision_id)
        if decision.state is not DecisionState.IN_FORCE or decision.since is None:
            raise TransitionNotAllowed(decision.state, "appeal")
        since, community_id = decision.since, decision.community_id
        if now > deadline(session, community_id=community_id, rule=APPEAL_RULE, since=since):
            raise TooLate(decision_id)
        made = HideAppeal(
            community_id=community_id,
            decision_id=decision.id,
            text=words,
            entered_by_id=actor.assisted_by,
            at=now,
            due_at=deadline(session, community_id=community_id, rule=RULING_RULE, since=now),
        )
        session.add(made)
        session.flush()
        tell_appealed(session, decision, made, now=now)
        # The author is not named: who wrote a statement is nobody's business.
        _record(session, decision, "appeal", None, now, {"due_at": made.due_at.isoformat()})


def rule_on_appeal(
    *, decision_id: uuid.UUID, outcome: Outcome, text: str, actor: Actor, now: datetime
) -> None:
    """Rule on an appeal, with reasons; overturned, the text is back at once.

    Raises NotFound, NotEligible (no supervisor, or concerned), TransitionNotAllowed (ruled), Invalid.
    """
    words = require_text(text, most=LONGEST_APPEAL)
    with transaction() as session:
        decision = _lock(session, decision_id, actor)
        made = _appeal_of(session, decision)
        if made is None:
            raise NotFound(decision_id)
        helper_id = decision.held.entered_by_id if decision.held else None
        concerned = (
            decision.author_id,
            decision.by_id,
            decision.confirmed_by_id,
            helper_id,
            made.entered_by_id,
        )
        if not may_rule(actor, *concerned):
            raise NotEligible(actor.person_id)
        if made.outcome is not None:
            raise TransitionNotAllowed(made.outcome, "rule")
        made.outcome, made.ruling, made.ruled_at = outcome, words, now
        made.ruled_by_id, made.ruled_post = actor.person_id, post_of(session, actor, now)
        if outcome is Outcome.OVERTURNED:
            _restore(session, decision, now)
        session.flush()
        tell_ruled(session, decision, made, now=now)
        payload = {"outcome": outcome.value, "in_time": now <= made.due_at}
        _record(session, decision, "rule", actor, now, payload, reason=words)


def _lock(session: Session, decision_id: uuid.UUID, actor: Actor) -> HideDecision:
    """Lock a decision after what it is about. Raises NotFound."""
    known = get_row(session, HideDecision, decision_id, community_id=actor.community_id)
    if known.held_id is None:
        return lock_with_thing(session, decision_id=decision_id, actor=actor)[0]
    lock_held(session, held_id=known.held_id, community_id=actor.community_id)
    return lock_decision(session, decision_id=decision_id, community_id=actor.community_id)


def _restore(session: Session, decision: HideDecision, now: datetime) -> None:
    decision.state, decision.ended_at = move(decision.state, DecisionState.RESTORED), now
    if decision.held is not None:
        post_held(session, decision.held, now=now, by_id=None)
    else:
        adapter_of(decision.kind).restore(session, decision, now=now)


def _appeal_of(session: Session, decision: HideDecision) -> HideAppeal | None:
    return session.scalars(select(HideAppeal).where(HideAppeal.decision_id == decision.id)).one_or_none()


def _record(
    session: Session,
    decision: HideDecision,
    action: str,
    actor: Actor | None,
    now: datetime,
    payload: Mapping[str, object],
    *,
    reason: str = "",
) -> None:
    record_moderation(
        session,
        community_id=decision.community_id,
        kind=DECISION,
        subject_id=decision.id,
        action=action,
        actor=actor,
        payload={"kind": decision.kind.value, **payload},
        reason=reason,
        now=now,
    )
