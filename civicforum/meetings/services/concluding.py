"""What a deliberation comes to, and how its matter moves on."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, TransitionNotAllowed
from civicforum.matters.rules import Ground, Stage
from civicforum.matters.services.steps import advance, lock_matter, record_matter
from civicforum.meetings import motions as motion_rules
from civicforum.meetings.floor import FloorFault, FloorRefused, MotionState
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import (
    ACT_OF_OUTCOME,
    ASSEMBLIES,
    SETS_RESOLUTION,
    MeetingState,
    Outcome,
    check_conclude,
    check_outcome,
)
from civicforum.meetings.services.chairing import check_no_vote_runs
from civicforum.meetings.services.floor_steps import end_running_speech, known, list_motions, settle_item
from civicforum.meetings.services.follow_ups import send_to_assembly
from civicforum.meetings.services.steps import lock_item, record_meeting, require_state

# What becomes of the motion that gave an item its text.
STATE_OF_MAIN = {
    Outcome.AGREED: MotionState.ADOPTED,
    Outcome.AGREED_WITH_DISSENT: MotionState.ADOPTED,
    Outcome.TO_ASSEMBLY: MotionState.ADOPTED,
    Outcome.DROPPED: MotionState.DEFEATED,
    Outcome.CONTINUED: MotionState.WITHDRAWN,
}


def conclude_item(
    *, item_id: uuid.UUID, outcome: Outcome, text: str, dissent: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Say what a deliberation came to; its matter moves accordingly. Returns the meeting's id.

    A topic without a matter can be concluded in any meeting; a matter before an assembly is voted on.
    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone, VoteIsOpen, Invalid,
    FloorRefused (an amendment is not settled).
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        check_conclude(actor, chair_id=meeting.presiding_id)
        require_state(meeting, MeetingState.OPEN)
        require_not_concluded(item)
        check_no_vote_runs(session, meeting.id)
        if meeting.form in ASSEMBLIES and item.matter_id is not None:
            raise TransitionNotAllowed(meeting.form, outcome)
        check_nothing_is_unsettled(session, item, outcome)
        check_outcome(outcome, has_matter=item.matter_id is not None, text=text, dissent=dissent)
        item.outcome = outcome
        item.outcome_text = text
        item.dissent = dissent if outcome is Outcome.AGREED_WITH_DISSENT else ""
        item.concluded_at = now
        end_running_speech(session, meeting, now=now)
        settle_item(session, item, main=STATE_OF_MAIN[outcome], now=now)
        if item.matter_id is not None and outcome in ACT_OF_OUTCOME:
            _move_matter(session, meeting, item, actor=actor, now=now)
        else:
            if outcome is Outcome.TO_ASSEMBLY:
                send_to_assembly(session, meeting, item, text=text, now=now)
            payload = {"item": item.title, "outcome": outcome.value}
            record_meeting(
                session, meeting, actor=actor, action="conclude", payload=payload, reason=text, now=now
            )
        return meeting.id


def require_not_concluded(item: AgendaItem) -> None:
    if item.outcome is not None:
        raise AlreadyDone(item.id)


def check_nothing_is_unsettled(session: Session, item: AgendaItem, outcome: Outcome) -> None:
    """Refuse an outcome while something moved on the item waits; put off, everything is put off with it."""
    waiting = motion_rules.in_hand([known(one) for one in list_motions(session, item.id)])
    if waiting is not None and outcome not in (Outcome.CONTINUED, Outcome.DROPPED):
        raise FloorRefused(FloorFault.SETTLE_FIRST)


def _move_matter(
    session: Session, meeting: Meeting, item: AgendaItem, *, actor: Actor, now: datetime
) -> None:
    assert item.matter_id is not None and item.outcome is not None  # noqa: S101, PT018
    matter = lock_matter(session, matter_id=item.matter_id, community_id=meeting.community_id)
    step = advance(session, matter=matter, act=ACT_OF_OUTCOME[item.outcome], now=now)
    if item.outcome in SETS_RESOLUTION:
        matter.resolution = item.outcome_text
    payload: dict[str, object] = {
        **step,
        "meeting_id": str(meeting.id),
        "item_id": str(item.id),
        "outcome": item.outcome.value,
        **({"dissent": item.dissent} if item.dissent else {}),
        **({"ground": Ground.DROPPED_IN_DELIBERATION.value} if matter.stage is Stage.DECLINED else {}),
    }
    action = f"matter.{payload['act']}"
    record_matter(
        session, matter, actor=actor, action=action, payload=payload, reason=item.outcome_text, now=now
    )
