"""Hiding with a reason from the list: one decision for each, by one person or, for some kinds, by two."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import list_bodies_held
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed
from civicforum.moderation.models import HideDecision, ReportCase
from civicforum.moderation.registry import Thing, adapter_of
from civicforum.moderation.rules import (
    APPEAL_RULE,
    NEEDS_TWO,
    CaseState,
    DecisionState,
    Kind,
    Reason,
    check_moderate,
    check_reason,
    may_second,
    move,
)
from civicforum.moderation.services.steps import (
    CASE,
    DECISION,
    add_decision,
    deadline,
    lock_case,
    lock_decision,
    post_of,
    record_moderation,
    settle,
)
from civicforum.moderation.services.words_told import tell_hidden
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def hide(
    *, kind: Kind, subject_id: uuid.UUID, reason: Reason, actor: Actor, now: datetime, note: str = ""
) -> HideDecision:
    """Hide a text, or propose to where two people have to agree; settle the reports of it.

    Raises NotFound, NotEligible (also whoever wrote or entered it), AlreadyDone (hidden, proposed), Invalid.
    """
    check_reason(kind, reason)
    with transaction() as session:
        thing = adapter_of(kind).find(
            session, subject_id=subject_id, community_id=actor.community_id, is_locked=True
        )
        check_moderate(actor, author_id=thing.author_id, helper_id=thing.helper_id)
        if thing.is_hidden or is_live(session, kind=kind, subject_id=subject_id):
            raise AlreadyDone(subject_id)
        decision = _propose(session, thing, reason=reason, note=note, actor=actor, now=now)
        action = "propose_hiding"
        if kind not in NEEDS_TWO:
            adapter_of(kind).hide(session, thing, decision, actor=actor, now=now)
            _put_in_force(session, decision, actor=actor, now=now)
            action = "hide"
        _record(session, decision, action, actor, now, is_public=kind not in NEEDS_TWO)
        return decision


def note_hidden(session: Session, thing: Thing, *, reason: Reason, actor: Actor, now: datetime) -> None:
    """Keep the decision of a feature's own page that has just hidden a text, in its transaction.

    Raises NotEligible (whoever wrote it).
    """
    if actor.person_id in (thing.author_id, thing.helper_id):
        raise NotEligible(actor.person_id)
    decision = _propose(session, thing, reason=reason, note="", actor=actor, now=now)
    _put_in_force(session, decision, actor=actor, now=now)


def confirm_hiding(*, decision_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Agree, as the second person, that a text is hidden.

    Raises NotFound, NotEligible (same body as the first, or who wrote it), TransitionNotAllowed (settled, or
    the text was changed since).
    """
    with transaction() as session:
        decision, thing = lock_with_thing(session, decision_id=decision_id, actor=actor)
        _require_second(session, decision, thing, actor, now)
        move(decision.state, DecisionState.IN_FORCE)
        if thing.is_hidden or thing.words != decision.words:
            raise TransitionNotAllowed(decision.state, "changed")
        decision.confirmed_by_id, decision.confirmed_at = actor.person_id, now
        decision.confirmed_post = post_of(session, actor, now)
        adapter_of(thing.kind).hide(session, thing, decision, actor=actor, now=now)
        _put_in_force(session, decision, actor=actor, now=now)
        _record(session, decision, "hide", actor, now)


def drop_hiding(*, decision_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say no to a proposed hiding, or take one's own proposal back. The text stays; so do its reports.

    Raises NotFound, NotEligible, TransitionNotAllowed (settled).
    """
    with transaction() as session:
        decision, thing = lock_with_thing(session, decision_id=decision_id, actor=actor)
        if actor.person_id != decision.by_id or actor.assisted_by is not None:
            _require_second(session, decision, thing, actor, now)
        decision.state, decision.ended_at = move(decision.state, DecisionState.DROPPED), now
        _record(session, decision, "drop_hiding", actor, now, is_public=False)


def keep(*, case_id: uuid.UUID, actor: Actor, now: datetime, note: str = "") -> None:
    """Settle the reports of a text that may stay. Raises NotFound, NotEligible, AlreadyDone."""
    with transaction() as session:
        case = lock_row(session, ReportCase, case_id, community_id=actor.community_id)
        thing = adapter_of(case.kind).find(
            session, subject_id=case.subject_id, community_id=actor.community_id
        )
        check_moderate(actor, author_id=thing.author_id, helper_id=thing.helper_id)
        if case.state is not CaseState.OPEN:
            raise AlreadyDone(case_id)
        settle(case, state=CaseState.KEPT, by_id=actor.person_id, now=now)
        case.note = note.strip()
        record_moderation(
            session,
            community_id=case.community_id,
            kind=CASE,
            subject_id=case.id,
            action="keep",
            actor=actor,
            payload={"kind": case.kind.value, "count": case.count},
            reason=case.note,
            now=now,
            is_public=False,
        )


def is_live(session: Session, *, kind: Kind, subject_id: uuid.UUID) -> bool:
    """Tell whether a text is hidden, or proposed to be."""
    live = (DecisionState.PROPOSED, DecisionState.IN_FORCE)
    statement = exists().where(
        HideDecision.kind == kind, HideDecision.subject_id == subject_id, HideDecision.state.in_(live)
    )
    return bool(session.scalar(select(statement)))


def is_hidden(session: Session, *, kind: Kind, subject_id: uuid.UUID) -> bool:
    """Tell whether a text is hidden by a decision in force."""
    statement = exists().where(
        HideDecision.kind == kind,
        HideDecision.subject_id == subject_id,
        HideDecision.state == DecisionState.IN_FORCE,
    )
    return bool(session.scalar(select(statement)))


def lock_with_thing(session: Session, *, decision_id: uuid.UUID, actor: Actor) -> tuple[HideDecision, Thing]:
    """Return a decision about a text that others could read, and the text, both locked. Raises NotFound."""
    known = session.get(HideDecision, decision_id)
    if known is None or known.community_id != actor.community_id or known.subject_id is None:
        raise NotFound(decision_id)
    thing = adapter_of(known.kind).find(
        session, subject_id=known.subject_id, community_id=actor.community_id, is_locked=True
    )
    return lock_decision(session, decision_id=decision_id, community_id=actor.community_id), thing


def _require_second(
    session: Session, decision: HideDecision, thing: Thing, actor: Actor, now: datetime
) -> None:
    if not is_second(session, decision, thing, actor, now):
        raise NotEligible(actor.person_id)


def is_second(session: Session, decision: HideDecision, thing: Thing, actor: Actor, now: datetime) -> bool:
    """Tell whether somebody can be the second of two in this decision today."""
    day = day_of(now)
    return actor.person_id != thing.helper_id and may_second(
        actor,
        author_id=thing.author_id,
        proposed_by=decision.by_id,
        bodies=list_bodies_held(session, person_id=actor.person_id, day=day),
        bodies_of_first=list_bodies_held(session, person_id=decision.by_id, day=day),
    )


def _propose(
    session: Session, thing: Thing, *, reason: Reason, note: str, actor: Actor, now: datetime
) -> HideDecision:
    return add_decision(
        session, thing, state=DecisionState.PROPOSED, reason=reason, note=note, actor=actor, now=now
    )


def _put_in_force(session: Session, decision: HideDecision, *, actor: Actor, now: datetime) -> None:
    """Let a decision count from now: settle the reports, and tell the author."""
    decision.state, decision.since = move(decision.state, DecisionState.IN_FORCE), now
    if decision.subject_id is not None:
        case = lock_case(session, kind=decision.kind, subject_id=decision.subject_id)
        if case is not None:
            decision.case_id = case.id
            settle(case, state=CaseState.HIDDEN, by_id=actor.person_id, now=now)
    until = deadline(session, community_id=decision.community_id, rule=APPEAL_RULE, since=now)
    session.flush()
    tell_hidden(session, decision, appeal_until=until, now=now)


def _record(
    session: Session,
    decision: HideDecision,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    is_public: bool = True,
) -> None:
    record_moderation(
        session,
        community_id=decision.community_id,
        kind=DECISION,
        subject_id=decision.id,
        action=action,
        actor=actor,
        payload={"kind": decision.kind.value, "reason": decision.reason.value},
        reason=decision.note,
        now=now,
        is_public=is_public,
    )
