"""The choice: scores and ranks by the posted weights, the best chosen, and a tie decided in writing."""

from __future__ import annotations

import uuid
from datetime import datetime
from fractions import Fraction

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid
from civicforum.reserve import documents
from civicforum.reserve.errors import TieUndecided
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import Choice, Score, SelectionState, Stage, TieDecision, choose, move, ranks
from civicforum.reserve.scores import score_of
from civicforum.reserve.services.steps import (
    live_candidates,
    lock_at,
    post_document,
    record_selection,
)


def decide_selection(
    *,
    selection_id: uuid.UUID,
    actor: Actor,
    now: datetime,
    tie_decision: TieDecision | None = None,
    tie_reason: str = "",
) -> None:
    """Choose the best by score, and post the result.

    Where some share the last place, the party committee says in writing whether all of them are chosen or
    none; where nobody does, there is nothing to say.

    Raises NotFound, NotEligible, TransitionNotAllowed, TieUndecided, Invalid ("no_tie", "empty").
    """
    with transaction() as session:
        selection = lock_at(session, selection_id=selection_id, actor=actor, stage=Stage.CHOICE)
        candidates = live_candidates(session, selection)
        scores = {one.id: score_of(selection, one) for one in candidates}
        choice = choose({key: score.value for key, score in scores.items()}, places=selection.places)
        chosen = _settle(selection, choice, tie_decision, tie_reason)
        _write(candidates, scores, chosen)
        selection.state, selection.decided_at = move(selection.state, SelectionState.DECIDED), now
        lines = [(one, scores[one.id]) for one in candidates if one.is_chosen]
        lines.sort(key=lambda line: (line[0].rank or 0, line[0].position))
        document = documents.notice_of_result(selection, lines, considered=len(candidates))
        post_document(session, selection, document, actor=actor, now=now)
        payload = {
            "chosen": {str(one.person_id): score.arithmetic for one, score in lines},
            "tied": len(choice.tied),
            "tie_decision": tie_decision.value if tie_decision else None,
        }
        record_selection(
            session,
            selection,
            actor=actor,
            action="decide",
            payload=payload,
            reason=selection.tie_reason,
            now=now,
        )


def _settle(
    selection: Selection, choice: Choice, decision: TieDecision | None, reason: str
) -> frozenset[uuid.UUID]:
    """Return who is chosen, with the written decision on a tie. Raises TieUndecided, Invalid."""
    if not choice.tied:
        if decision is not None:
            raise Invalid("no_tie", "tie_decision")
        return choice.chosen
    if decision is None:
        raise TieUndecided(selection.id)
    if not reason.strip():
        raise Invalid("empty", "tie_reason")
    selection.tie_decision, selection.tie_reason = decision, reason.strip()
    return choice.chosen | choice.tied if decision is TieDecision.ALL else choice.chosen


def _write(
    candidates: list[ReserveCandidate], scores: dict[uuid.UUID, Score], chosen: frozenset[uuid.UUID]
) -> None:
    values: dict[uuid.UUID, Fraction] = {key: score.value for key, score in scores.items()}
    places = ranks(values)
    for candidate in candidates:
        candidate.score = str(values[candidate.id])
        candidate.rank = places[candidate.id]
        candidate.is_chosen = candidate.id in chosen
