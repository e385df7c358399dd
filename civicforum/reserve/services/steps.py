"""Steps that the use cases of a selection share. They take the session and commit nothing.

Rows are locked in one order: selection, its candidates, and last the journal.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.records.services import Entry, Subject, record_about
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import SelectionState, Stage, check_run
from civicforum.rows import lock_row


def lock_to_run(session: Session, *, selection_id: uuid.UUID, actor: Actor) -> Selection:
    """Return the selection, locked, for whoever runs it. Raises NotFound, NotEligible (also a candidate)."""
    selection = lock_row(session, Selection, selection_id, community_id=actor.community_id)
    check_run(actor, [one.person_id for one in selection.candidates])
    return selection


def lock_at(session: Session, *, selection_id: uuid.UUID, actor: Actor, stage: Stage) -> Selection:
    """Return the selection as `lock_to_run` does. Raises TransitionNotAllowed unless it is at this stage."""
    selection = lock_to_run(session, selection_id=selection_id, actor=actor)
    if selection.state is not SelectionState.POSTED or selection.stage is not stage:
        raise TransitionNotAllowed(selection.stage, stage)
    return selection


def live_candidates(session: Session, selection: Selection) -> list[ReserveCandidate]:
    """Return who is still on the way, with their names, in the order of recommendation."""
    return list(
        session.scalars(
            select(ReserveCandidate)
            .options(joinedload(ReserveCandidate.person))
            .where(
                ReserveCandidate.selection_id == selection.id,
                ReserveCandidate.ended_at_stage.is_(None),
            )
            .order_by(ReserveCandidate.position)
        )
    )


def live_candidate(session: Session, selection: Selection, candidate_id: uuid.UUID) -> ReserveCandidate:
    """Return one of those still on the way. Raises NotFound, TransitionNotAllowed (has left)."""
    candidate = session.get(ReserveCandidate, candidate_id)
    if candidate is None or candidate.selection_id != selection.id:
        raise NotFound(candidate_id)
    if candidate.ended_at_stage is not None:
        raise TransitionNotAllowed(candidate.ended_at_stage, selection.stage)
    return candidate


def end_way(candidate: ReserveCandidate, stage: Stage, reason: str) -> None:
    """Let somebody leave at a stage. Raises Invalid without a reason."""
    require_words(reason=reason)
    candidate.ended_at_stage, candidate.end_reason = stage, reason.strip()


def require_words(**fields: str) -> None:
    """Raise Invalid("empty") for the first field in which nothing is written."""
    for field, words in fields.items():
        if not words.strip():
            raise Invalid("empty", field)


def post_document(
    session: Session, selection: Selection, document: tuple[str, str], *, actor: Actor, now: datetime
) -> None:
    """Post a notice about a selection. `document`: title and text, as reserve.documents gives them."""
    title, text = document
    post_notice(
        session,
        community_id=selection.community_id,
        category=NoticeCategory.COMMON_CONCERN,
        title=title,
        text=text,
        subject_kind="selection",
        subject_id=selection.id,
        posted_by=actor.person_id,
        now=now,
    )


def record_selection(session: Session, selection: Selection, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "selection.<action>": the last step of a use case."""
    subject = Subject(selection.community_id, "selection", selection.id, selection.title)
    record_about(session, subject, action=f"selection.{action}", **entry)
