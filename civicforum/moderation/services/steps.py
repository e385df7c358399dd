"""Steps that the use cases of moderation share. They take the session and commit nothing.

Rows are locked in one order: the feature's own, held text, case, decision, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.errors import NotEligible
from civicforum.moderation.models import HeldText, HideDecision, ReportCase
from civicforum.moderation.registry import Thing
from civicforum.moderation.rules import CaseState, DecisionState, Kind, Reason
from civicforum.people.models import Person
from civicforum.people.queries import rules_in
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of

# The journal's kinds of subject, each with its page.
DECISION, HELD, CASE, WORDS = "hide_decision", "held_text", "report_case", "word_list"


def deadline(session: Session, *, community_id: uuid.UUID, rule: str, since: datetime) -> datetime:
    """Return the last instant that a clock of the community's rules leaves."""
    return rules_in(session, community_id).clock(rule).deadline(since)


def post_of(session: Session, actor: Actor, now: datetime) -> str:
    return post_text(session, person_id=actor.person_id, day=day_of(now))


def require_resident(session: Session, actor: Actor, now: datetime) -> None:
    """Raise NotEligible for somebody who has left the community."""
    person = session.get_one(Person, actor.person_id)
    if person.left_on is not None and person.left_on < day_of(now):
        raise NotEligible(actor.person_id)


def lock_decision(session: Session, *, decision_id: uuid.UUID, community_id: uuid.UUID) -> HideDecision:
    """Return a hiding, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, HideDecision, decision_id, community_id=community_id)


def lock_held(session: Session, *, held_id: uuid.UUID, community_id: uuid.UUID) -> HeldText:
    """Return a held text, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, HeldText, held_id, community_id=community_id)


def lock_case(session: Session, *, kind: Kind, subject_id: uuid.UUID) -> ReportCase | None:
    """Return the case of a thing, locked until the commit; None where nobody has reported it."""
    return session.scalars(
        select(ReportCase)
        .where(ReportCase.kind == kind, ReportCase.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def add_decision(
    session: Session,
    text: Thing | HeldText,
    *,
    state: DecisionState,
    reason: Reason,
    note: str,
    actor: Actor,
    now: datetime,
) -> HideDecision:
    """Add a decision about a text that others see, or about one that was held before they could."""
    is_held = isinstance(text, HeldText)
    decision = HideDecision(
        community_id=actor.community_id,
        kind=text.kind,
        subject_id=None if is_held else text.id,
        held_id=text.id if is_held else None,
        title=text.title,
        words=text.words,
        kept={},
        author_id=text.author_id,
        reason=reason,
        note=note.strip(),
        state=state,
        by_id=actor.person_id,
        post=post_of(session, actor, now),
        at=now,
        since=now if state is DecisionState.IN_FORCE else None,
    )
    session.add(decision)
    session.flush()
    return decision


def settle(case: ReportCase, *, state: CaseState, by_id: uuid.UUID | None, now: datetime) -> None:
    """Close an open case; one that is settled stays as it is."""
    if case.state is CaseState.OPEN:
        case.state, case.settled_at, case.settled_by_id = state, now, by_id


def record_moderation(
    session: Session,
    *,
    community_id: uuid.UUID,
    kind: str,
    subject_id: uuid.UUID,
    action: str,
    title: str = "",
    **entry: Unpack[Entry],
) -> None:
    """Write the journal entry "moderation.<action>": the last step of a use case. Never author or text."""
    subject = Subject(community_id, kind, subject_id, title)
    record_about(session, subject, action=f"moderation.{action}", **entry)
