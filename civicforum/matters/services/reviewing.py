"""The two committees' review (两委审议): first the party's study (art 30), then the committee's decision."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind
from civicforum.database import transaction
from civicforum.errors import Invalid
from civicforum.matters.models import Matter, Review
from civicforum.matters.rules import (
    OUTCOME_OF_ACT,
    REVIEW_GROUNDS,
    STUDY_OUTCOMES,
    Act,
    Ground,
    ReviewKind,
    ReviewOutcome,
    Stage,
    check,
)
from civicforum.matters.services.people import body_of
from civicforum.matters.services.steps import advance, lock_matter, record_matter


def study_matter(
    *, matter_id: uuid.UUID, actor: Actor, outcome: ReviewOutcome, text: str, now: datetime
) -> None:
    """Record the party organisation's study; whatever it says, the committee decides next.

    Raises NotEligible, TransitionNotAllowed (somebody was quicker), Invalid (no text, no such outcome).
    """
    if outcome not in STUDY_OUTCOMES:
        raise Invalid("not an outcome of a study", "outcome")
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.STUDY, matter.stage, actor.roles)
        review = _review(session, matter, actor, ReviewKind.STUDY, outcome, None, text, now)
        step = advance(session, matter=matter, act=Act.STUDY, now=now)
        _record(session, matter, actor, review, step, now)


def decide_matter(
    *, matter_id: uuid.UUID, actor: Actor, act: Act, text: str, ground: Ground | None, now: datetime
) -> None:
    """Record the committee's decision: accept, return, decline with a ground, or answer directly.

    Raises NotEligible, TransitionNotAllowed, Invalid (no text, no ground for a refusal, not a decision).
    """
    if act not in OUTCOME_OF_ACT:
        raise Invalid("not a decision", "act")
    if act is Act.DECLINE and ground not in REVIEW_GROUNDS:
        raise Invalid("a refusal needs a ground", "ground")
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(act, matter.stage, actor.roles)
        kept_ground = ground if act is Act.DECLINE else None
        review = _review(
            session, matter, actor, ReviewKind.DECISION, OUTCOME_OF_ACT[act], kept_ground, text, now
        )
        step = advance(session, matter=matter, act=act, now=now)
        if matter.stage is Stage.ANSWERED_DIRECTLY:
            matter.closed_at = now
        _record(session, matter, actor, review, step, now)


def next_round(session: Session, *, matter: Matter, kind: ReviewKind) -> int:
    """Return the number of the next review of this kind, counted from 1. The matter is locked."""
    last = session.scalar(
        select(func.max(Review.round)).where(Review.matter_id == matter.id, Review.kind == kind)
    )
    return (last or 0) + 1


def _review(
    session: Session,
    matter: Matter,
    actor: Actor,
    kind: ReviewKind,
    outcome: ReviewOutcome,
    ground: Ground | None,
    text: str,
    now: datetime,
) -> Review:
    if not text.strip():
        raise Invalid("no reasons given", "text")
    is_study = kind is ReviewKind.STUDY
    body_kind = BodyKind.PARTY_COMMITTEE if is_study else BodyKind.RESIDENTS_COMMITTEE
    body = body_of(session, actor=actor, kind=body_kind, now=now)
    review = Review(
        community_id=matter.community_id,
        matter_id=matter.id,
        kind=kind,
        round=next_round(session, matter=matter, kind=kind),
        outcome=outcome,
        ground=ground,
        text=text.strip(),
        body_id=body.id if body else None,
        person_id=actor.person_id,
        at=now,
    )
    session.add(review)
    return review


def _record(
    session: Session, matter: Matter, actor: Actor, review: Review, step: dict[str, str], now: datetime
) -> None:
    record_matter(
        session,
        matter,
        actor=actor,
        action=f"matter.{step['act']}",
        reason=review.text,
        payload={
            **step,
            "outcome": review.outcome.value,
            "ground": review.ground.value if review.ground else None,
            "round": review.round,
        },
        now=now,
    )
