"""Steps that the use cases of moderation share. They take the session and commit nothing.

Rows are locked in one order: the feature's own, held text, case, decision, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.errors import NotEligible, NotFound
from civicforum.moderation.models import HeldText, HideDecision, ReportCase
from civicforum.moderation.rules import CaseState, Kind
from civicforum.people.models import Community, Person
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook.days import day_of

# The journal's kinds of subject, each with its page.
DECISION, HELD, CASE, WORDS = "hide_decision", "held_text", "report_case", "word_list"


def rules_in(session: Session, community_id: uuid.UUID) -> rulebook.Rulebook:
    return rulebook.load(session.get_one(Community, community_id).profile)


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
    decision = session.get(HideDecision, decision_id, with_for_update=True, populate_existing=True)
    if decision is None or decision.community_id != community_id:
        raise NotFound(decision_id)
    return decision


def lock_held(session: Session, *, held_id: uuid.UUID, community_id: uuid.UUID) -> HeldText:
    """Return a held text, locked until the commit. Raises NotFound, also for another community's."""
    held = session.get(HeldText, held_id, with_for_update=True, populate_existing=True)
    if held is None or held.community_id != community_id:
        raise NotFound(held_id)
    return held


def lock_case(session: Session, *, kind: Kind, subject_id: uuid.UUID) -> ReportCase | None:
    """Return the case of a thing, locked until the commit; None where nobody has reported it."""
    return session.scalars(
        select(ReportCase)
        .where(ReportCase.kind == kind, ReportCase.subject_id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


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
