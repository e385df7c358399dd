"""A selection is planned, posted with its criteria and weights, and declared void where it went wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.reserve import documents
from civicforum.reserve.models import Selection
from civicforum.reserve.rules import (
    PER_YEAR_RULE,
    SelectionState,
    check_run,
    check_weights,
    exact,
    move,
    read_points,
)
from civicforum.reserve.services.steps import lock_to_run, post_document, record_selection, require_words
from civicforum.rulebook.days import day_of


@dataclass(frozen=True, kw_only=True)
class Given:
    """The plan of a selection as it was typed: weights and points as text, such as "40%" and "60"."""

    year: int
    title: str
    criteria: str
    places: int
    appraisal_weight: str
    exam_weight: str
    exam_least: str = "0"

    def values(self) -> dict[str, Any]:
        """Return the columns. Raises Invalid: "empty", "places", "number", "weights", "points"."""
        require_words(title=self.title, criteria=self.criteria)
        if self.places < 1:
            raise Invalid("places", "places")
        appraisal = exact(self.appraisal_weight, "appraisal_weight")
        exam = exact(self.exam_weight, "exam_weight")
        check_weights(appraisal, exam)
        return {
            "year": self.year,
            "title": self.title.strip(),
            "criteria": self.criteria.strip(),
            "places": self.places,
            "appraisal_weight": str(appraisal),
            "exam_weight": str(exam),
            "exam_least": str(read_points(self.exam_least, "exam_least")),
        }


def plan_selection(*, given: Given, actor: Actor, now: datetime) -> uuid.UUID:
    """Plan this year's or next year's selection, as a draft. Returns its id.

    Raises NotEligible, Invalid, RuleRefused (the year has one).
    """
    check_run(actor)
    values = _checked(given, now)
    with transaction() as session:
        _check_year(session, actor, given.year)
        selection = Selection(
            community_id=actor.community_id, made_by_id=actor.person_id, made_at=now, **values
        )
        session.add(selection)
        _flush(session)
        payload = {"year": selection.year, "places": selection.places}
        record_selection(
            session, selection, actor=actor, action="plan", payload=payload, now=now, is_public=False
        )
        return selection.id


def change_selection(*, selection_id: uuid.UUID, given: Given, actor: Actor, now: datetime) -> None:
    """Change a draft. Raises NotFound, NotEligible, TransitionNotAllowed (posted), Invalid, RuleRefused."""
    values = _checked(given, now)
    with transaction() as session:
        selection = lock_to_run(session, selection_id=selection_id, actor=actor)
        if selection.state is not SelectionState.DRAFT:
            raise TransitionNotAllowed(selection.state, SelectionState.DRAFT)
        _check_year(session, actor, given.year, but=selection.id)
        for column, value in values.items():
            setattr(selection, column, value)
        _flush(session)
        record_selection(session, selection, actor=actor, action="change", now=now, is_public=False)


def post_selection(*, selection_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Post criteria, weights and places; nothing of them changes any more, and people can be recommended.

    Raises NotFound, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        selection = lock_to_run(session, selection_id=selection_id, actor=actor)
        selection.state, selection.posted_at = move(selection.state, SelectionState.POSTED), now
        post_document(session, selection, documents.notice_of_plan(selection), actor=actor, now=now)
        payload = {
            "year": selection.year,
            "places": selection.places,
            "appraisal_weight": selection.appraisal_weight,
            "exam_weight": selection.exam_weight,
            "exam_least": selection.exam_least,
        }
        record_selection(session, selection, actor=actor, action="post", payload=payload, now=now)


def void_selection(*, selection_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Declare a selection void and say why; the year is free again. A decided one stays.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (no ground).
    """
    require_words(ground=ground)
    with transaction() as session:
        selection = lock_to_run(session, selection_id=selection_id, actor=actor)
        was_posted = selection.state is SelectionState.POSTED
        selection.state, selection.void_ground = move(selection.state, SelectionState.VOID), ground.strip()
        if was_posted:
            post_document(session, selection, documents.notice_of_void(selection), actor=actor, now=now)
        record_selection(
            session,
            selection,
            actor=actor,
            action="void",
            reason=selection.void_ground,
            now=now,
            is_public=was_posted,
        )


def _checked(given: Given, now: datetime) -> dict[str, Any]:
    """Return the columns of a plan for this year or the next. Raises Invalid."""
    if given.year - day_of(now).year not in (0, 1):
        raise Invalid("year", "year")
    return given.values()


def _check_year(session: Session, actor: Actor, year: int, *, but: uuid.UUID | None = None) -> None:
    """Raise RuleRefused where the year has its selection already."""
    held = session.scalar(
        select(func.count()).where(
            Selection.community_id == actor.community_id,
            Selection.year == year,
            Selection.state != SelectionState.VOID,
            Selection.id != but if but is not None else Selection.id.is_not(None),
        )
    )
    profile = session.get_one(Community, actor.community_id).profile
    verdict = rulebook.load(profile).count(PER_YEAR_RULE).judge((held or 0) + 1)
    if not verdict.holds:
        raise RuleRefused(verdict)


def _flush(session: Session) -> None:
    """Write the row. Raises AlreadyDone where somebody else was quicker with a selection of this year."""
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyDone("reserve_selection_year") from error
