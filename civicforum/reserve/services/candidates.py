"""Candidates: recommending them with what adds points, and letting somebody leave with a reason."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.matters.services.people import find_people
from civicforum.people.models import Person
from civicforum.reserve.models import ReserveCandidate
from civicforum.reserve.rules import SelectionState, Stage, read_points
from civicforum.reserve.services.steps import (
    end_way,
    live_candidate,
    lock_at,
    lock_to_run,
    record_selection,
    require_words,
)
from civicforum.rulebook.days import day_of


def recommend(
    *,
    selection_id: uuid.UUID,
    person: str,
    recommended_by: str,
    recommendation: str,
    actor: Actor,
    now: datetime,
    bonus: str = "0",
    bonus_reason: str = "",
) -> uuid.UUID:
    """Enter whom an organisation recommends, by roll number or name. Returns the candidate's id.

    A bonus is entered here, before any result is known, and says which of the posted criteria it is for.

    Raises NotFound, NotEligible (also for oneself), TransitionNotAllowed (not posted, or a later stage),
    AlreadyDone (is a candidate), Invalid.
    """
    require_words(recommended_by=recommended_by, recommendation=recommendation)
    extra = read_points(bonus or "0", "bonus")
    if bool(extra) != bool(bonus_reason.strip()):
        raise Invalid("bonus", "bonus_reason")
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.RECOMMENDATION)
        found = _find(session, actor, person, now)
        if found.id == actor.person_id:
            raise NotEligible(actor.person_id)
        if found.id in [one.person_id for one in selection.candidates]:
            raise AlreadyDone(found.id)
        candidate = ReserveCandidate(
            community_id=selection.community_id,
            selection_id=selection.id,
            person_id=found.id,
            position=max([one.position for one in selection.candidates], default=0) + 1,
            recommended_by=recommended_by.strip(),
            recommendation=recommendation.strip(),
            bonus=str(extra),
            bonus_reason=bonus_reason.strip(),
        )
        session.add(candidate)
        session.flush()
        payload = {"candidate_id": str(candidate.id), "bonus": candidate.bonus}
        record_selection(
            session, selection, actor=actor, action="recommend", payload=payload, now=now, is_public=False
        )
        return candidate.id


def leave(
    *, selection_id: uuid.UUID, candidate_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Record that a candidate leaves the selection, such as on their own wish, and why.

    Raises NotFound, NotEligible, TransitionNotAllowed (decided, or has left), Invalid (no reason).
    """
    with transaction() as session:
        selection = lock_to_run(session, selection_id=selection_id, actor=actor)
        if selection.state is not SelectionState.POSTED:
            raise TransitionNotAllowed(selection.state, "leave")
        candidate = live_candidate(session, selection, candidate_id)
        end_way(candidate, selection.stage, reason)
        record_selection(
            session,
            selection,
            actor=actor,
            action="leave",
            reason=candidate.end_reason,
            payload={"candidate_id": str(candidate.id), "stage": selection.stage.value},
            now=now,
            is_public=False,
        )


def _find(session: Session, actor: Actor, text: str, now: datetime) -> Person:
    """Return the one person of this roll number or name. Raises Invalid, such as "ambiguous"."""
    require_words(person=text)
    found, refused = find_people(session, community_id=actor.community_id, lines=[text], day=day_of(now))
    if refused:
        raise Invalid(refused[0].problem.value, "person")
    return found[0][2]
