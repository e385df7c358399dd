"""Steps that the use cases of appraisals share. They take the session and commit nothing.

Rows are locked in one order: cycle, meeting, poll, subject's rows, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleState, check_lead
from civicforum.errors import TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row


def lock_cycle(session: Session, *, cycle_id: uuid.UUID, community_id: uuid.UUID) -> Cycle:
    """Return the cycle, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, Cycle, cycle_id, community_id=community_id)


def lock_to_lead(session: Session, *, cycle_id: uuid.UUID, actor: Actor) -> Cycle:
    """Return the cycle, locked, for whoever leads it. Raises NotFound, NotEligible."""
    cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
    check_lead(actor, cycle.people)
    return cycle


def require_state(cycle: Cycle, *states: CycleState) -> None:
    """Raise TransitionNotAllowed unless the cycle is in one of these states."""
    if cycle.state not in states:
        raise TransitionNotAllowed(cycle.state, states)


def rules_of(cycle: Cycle) -> rulebook.Rulebook:
    """Return the rules the cycle was planned under."""
    return rulebook.load(cycle.profile)


def post_document(
    session: Session, cycle: Cycle, document: tuple[str, str], *, actor: Actor | None, now: datetime
) -> None:
    """Post a notice about a cycle. `document`: title and text, as appraisals.documents gives them."""
    title, text = document
    post_notice(
        session,
        community_id=cycle.community_id,
        category=NoticeCategory.COMMON_CONCERN,
        title=title,
        text=text,
        subject_kind="appraisal",
        subject_id=cycle.id,
        posted_by=actor.person_id if actor else None,
        now=now,
    )


def record_cycle(session: Session, cycle: Cycle, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "appraisal.<action>": the last step of a use case."""
    subject = Subject(cycle.community_id, "appraisal", cycle.id, cycle.title)
    record_about(session, subject, action=f"appraisal.{action}", **entry)
