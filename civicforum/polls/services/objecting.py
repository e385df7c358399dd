"""Objections to a posted roll, and the rulings on them (城市居民委员会组织法 art 17)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.polls.models import Poll, RollObjection
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import CorrectionKind, ObjectionKind, PollState, Ruling
from civicforum.polls.rules_roll import CorrectionFault, ObjectionFault, ruling_due
from civicforum.polls.services import correcting
from civicforum.polls.services.correcting import Decision
from civicforum.polls.services.rolls import period_of
from civicforum.polls.services.steps import lock_alone, lock_poll, record_poll, rules_of
from civicforum.rulebook.days import day_of

CORRECTION_OF = {
    ObjectionKind.OMITTED: CorrectionKind.ADDED,
    ObjectionKind.WRONGLY_LISTED: CorrectionKind.STRUCK_OFF,
    ObjectionKind.WRONG_DETAILS: CorrectionKind.CHANGED,
}


def object_to_roll(
    *,
    poll_id: uuid.UUID,
    kind: ObjectionKind,
    entry_id: uuid.UUID | None,
    about: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """File an objection of a resident, on screen or on paper through the help desk; return its id.

    Args:
        entry_id: the entry objected to; None where somebody is missing, who is named in `about`.

    Raises NotFound, NotEligible (moved away), TransitionNotAllowed (not posted, or frozen), RuleRefused or
    Invalid (too late), Invalid (an ObjectionFault), AlreadyDone (the same again before it was ruled on).
    """
    with transaction() as session:
        poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
        _check_open(session, poll, actor, now)
        objection = RollObjection(
            community_id=poll.community_id,
            poll_id=poll.id,
            filed_by_id=actor.person_id,
            kind=kind,
            roll_entry_id=_entry_for(session, poll, kind, entry_id),
            about=about,
            text=text,
            filed_at=now,
            due_at=ruling_due(rules_of(poll), now),
        )
        if kind is ObjectionKind.OMITTED and not about:
            raise Invalid(ObjectionFault.NO_NAME, "about")
        _check_first(session, objection)
        session.add(objection)
        # Who objected is nobody's business but the officers': the public entry says that somebody did.
        payload = {"kind": kind.value, "due_at": objection.due_at.isoformat()}
        record_poll(
            session, poll, actor=actor, action="object_to_roll", payload=payload, now=now, is_public=False
        )
        return objection.id


def rule_on_objection(
    *,
    poll_id: uuid.UUID,
    objection_id: uuid.UUID,
    ruling: Ruling,
    text: str,
    person_id: uuid.UUID | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Rule on an objection with reasons; one that is upheld corrects the roll in the same breath.

    Args:
        person_id: who is added, where an objection that somebody is missing is upheld.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (frozen), Invalid (a CorrectionFault).
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        if poll.state is not PollState.ROLL_POSTED or poll.roll_frozen_at is not None:
            raise TransitionNotAllowed(poll.state, "rule")
        objection = queries.get_objection(session, objection_id=objection_id, poll_id=poll.id)
        if objection.ruling is not None:
            raise AlreadyDone(objection_id)
        objection.ruling, objection.ruling_text = ruling, text
        objection.ruled_by_id, objection.ruled_at = actor.person_id, now
        payload = {"ruling": ruling.value, "kind": objection.kind.value}
        if ruling is Ruling.UPHELD:
            _correct(session, poll, objection, person_id, Decision(text[:300], "", actor, now))
            payload["correction"] = CORRECTION_OF[objection.kind].value
        record_poll(
            session, poll, actor=actor, action="rule_on_objection", payload=payload, reason=text, now=now
        )


def _check_open(session: Session, poll: Poll, actor: Actor, now: datetime) -> None:
    if not poll.stands_alone:
        raise NotFound(poll.id)
    person = session.get_one(Person, actor.person_id)
    if person.left_on is not None and person.left_on < day_of(now):
        raise NotEligible(actor.person_id)
    period = period_of(poll)
    if period is None or poll.state is not PollState.ROLL_POSTED or poll.roll_frozen_at is not None:
        raise TransitionNotAllowed(poll.state, "object")
    if period.runs(now):
        return
    if period.clock is not None:
        raise RuleRefused(period.clock.judge(period.posted_at, now))
    raise Invalid(ObjectionFault.TOO_LATE)


def _entry_for(
    session: Session, poll: Poll, kind: ObjectionKind, entry_id: uuid.UUID | None
) -> uuid.UUID | None:
    if kind is ObjectionKind.OMITTED:
        return None
    if entry_id is None:
        raise Invalid(ObjectionFault.NO_ENTRY, "entry")
    entry = queries.find_entry(session, poll_id=poll.id, entry_id=entry_id)
    if entry.struck_off_at is not None:
        raise Invalid(ObjectionFault.NO_ENTRY, "entry")
    return entry.id


def _check_first(session: Session, objection: RollObjection) -> None:
    """Raise AlreadyDone where the same person says the same and awaits the ruling: a double tap."""
    same = select(RollObjection.id).where(
        RollObjection.poll_id == objection.poll_id,
        RollObjection.filed_by_id == objection.filed_by_id,
        RollObjection.kind == objection.kind,
        RollObjection.about == objection.about,
        RollObjection.roll_entry_id.is_not_distinct_from(objection.roll_entry_id),
        RollObjection.ruled_at.is_(None),
    )
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyDone(objection.filed_by_id)


def _correct(
    session: Session, poll: Poll, objection: RollObjection, person_id: uuid.UUID | None, made: Decision
) -> None:
    if objection.entry is None:
        if person_id is None:
            raise Invalid(CorrectionFault.NO_PERSON, "person")
        objection.entry = correcting.add(session, poll, person_id, made)
    elif objection.kind is ObjectionKind.WRONGLY_LISTED:
        correcting.strike(session, poll, objection.entry, made)
    else:
        correcting.rewrite(session, poll, objection.entry, made)
