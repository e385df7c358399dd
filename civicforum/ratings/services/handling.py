"""What is done about a bad grade: the call, the answer, the call afterwards, the dispute and its ruling.

Nobody acts on a grade about themselves (steps.lock_rating).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.queries import rules_in
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.rules import MEND, ReviewRuling, may_rule
from civicforum.ratings.services.steps import lock_rating, record_rating
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_ends, day_of, day_starts


@dataclass(frozen=True)
class Answer:
    """What a grade was about, in words that name nobody, and what was done. Both are public."""

    about: str
    text: str


def contact(
    *,
    rating_id: uuid.UUID,
    note: str,
    answer: Answer | None = None,
    mended_by: date | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Record the call to whoever left a name: what is clear is answered at once, the rest by a set day.

    Raises NotFound, NotEligible, AlreadyDone (called before), TransitionNotAllowed (left no name, or set
    aside), Invalid ("neither"; "past", field "mended_by"), RuleRefused (a day beyond the time there is).
    """
    if answer is None and mended_by is None:
        raise Invalid("neither")
    with transaction() as session:
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        _require_live(rating)
        if not rating.is_named_bad:
            raise TransitionNotAllowed(rating_id, "contact")
        if rating.contacted_at is not None:
            raise AlreadyDone(rating_id)
        rating.contacted_at, rating.contacted_by_id, rating.contact_note = now, actor.person_id, note
        if answer is not None:
            _answer(rating, answer, actor, now)
        elif mended_by is not None:
            _set_day(session, rating, mended_by, now)
        payload = {"answered": answer is not None, "due_on": _day(rating.answer_due_at)}
        record_rating(session, rating, action="contact", actor=actor, now=now, payload=payload)


def answer_grade(*, rating_id: uuid.UUID, answer: Answer, actor: Actor, now: datetime) -> None:
    """Answer a bad grade. Who left a name is called first.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not called yet, or set aside).
    """
    with transaction() as session:
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        _require_live(rating)
        if rating.answered_at is not None:
            raise AlreadyDone(rating_id)
        if rating.is_named_bad and rating.contacted_at is None:
            raise TransitionNotAllowed(rating_id, "answer")
        _answer(rating, answer, actor, now)
        record_rating(session, rating, action="answer", actor=actor, now=now)


def call_back(*, rating_id: uuid.UUID, is_content: bool, actor: Actor, now: datetime) -> None:
    """Record whether it is all right now, and forget name and number, which nobody needs any more.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (not answered, or left no name).
    """
    with transaction() as session:
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        if rating.called_back_at is not None:
            raise AlreadyDone(rating_id)
        if not rating.is_named_bad or rating.answered_at is None:
            raise TransitionNotAllowed(rating_id, "call_back")
        rating.called_back_at, rating.is_content = now, is_content
        rating.name = rating.phone = ""
        record_rating(
            session, rating, action="call_back", actor=actor, now=now, payload={"is_content": is_content}
        )


def dispute(*, rating_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Say for the station that a grade is false or a mistake, for the supervision committee to rule on.

    Raises NotFound, NotEligible (the station's head alone, and not on a grade about themselves), AlreadyDone.
    """
    if not actor.has(Role.STATION_HEAD):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        if rating.disputed_at is not None:
            raise AlreadyDone(rating_id)
        rating.disputed_at, rating.dispute = now, reason
        record_rating(session, rating, action="dispute", actor=actor, now=now, reason=reason)


def rule_on(*, rating_id: uuid.UUID, ruling: ReviewRuling, text: str, actor: Actor, now: datetime) -> None:
    """Rule whether a disputed grade stands. One set aside leaves the totals with a later publication.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (nobody disputed it).
    """
    with transaction() as session:
        rating = lock_rating(session, rating_id=rating_id, actor=actor)
        if not may_rule(actor, rating.term.person_id):
            raise NotEligible(actor.person_id)
        if rating.ruling is not None:
            raise AlreadyDone(rating_id)
        if rating.disputed_at is None:
            raise TransitionNotAllowed(rating_id, "rule")
        rating.ruling, rating.ruling_text = ruling, text
        rating.ruled_at, rating.ruled_by_id = now, actor.person_id
        payload = {"ruling": ruling.value}
        record_rating(session, rating, action="rule", actor=actor, now=now, reason=text, payload=payload)


def _require_live(rating: ServiceRating) -> None:
    if rating.ruling is ReviewRuling.SET_ASIDE:
        raise TransitionNotAllowed(rating.ruling, "handle")


def _answer(rating: ServiceRating, answer: Answer, actor: Actor, now: datetime) -> None:
    rating.about, rating.answer = answer.about, answer.text
    rating.answered_at, rating.answered_by_id = now, actor.person_id


def _set_day(session: Session, rating: ServiceRating, mended_by: date, now: datetime) -> None:
    if mended_by < day_of(now):
        raise Invalid("past", "mended_by")
    if rating.clock_from is None:
        raise TransitionNotAllowed(rating.id, "set_day")
    clock = rules_in(session, rating.community_id).clock(MEND)
    noon = datetime.combine(mended_by, time(12), SHANGHAI).astimezone(UTC)
    verdict = clock.judge(day_starts(rating.clock_from), noon)
    if not verdict.holds:
        raise RuleRefused(verdict)
    rating.answer_due_at = day_ends(mended_by)


def _day(instant: datetime | None) -> str | None:
    return day_of(instant).isoformat() if instant else None
