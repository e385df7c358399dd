"""Proxies (委托投票): a voter who is away asks another in writing (城市居民委员会组织法 art 19)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.people.queries import kin_of
from civicforum.polls.electorates import Basis, draw_from_json
from civicforum.polls.models import CredentialLink, Mandate, MandateRequest, PaperIssue, Poll, RollEntry
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import MandateAnswer, PollState
from civicforum.polls.rules_roll import CORRECTED_IN, MandateFault, refusal_of_switch
from civicforum.polls.services import boards
from civicforum.polls.services.stations import is_candidate
from civicforum.polls.services.steps import lock_for_the_door, record_poll, rules_of
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Sides:
    """Both sides of a proxy, as the rules allow them."""

    principal: RollEntry
    holder: RollEntry

    @property
    def payload(self) -> dict[str, int]:
        """Return their numbers on the roll, as the journal has them."""
        return {"principal": self.principal.position, "holder": self.holder.position}


def add_mandate(
    *,
    poll_id: uuid.UUID,
    principal_id: uuid.UUID,
    holder_id: uuid.UUID,
    reason: str,
    written_on: date,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Enter a proxy that was given in writing, and return its id; both sides are entries of the roll.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted, or stopped), RuleRefused where the
    rulebook does not allow it, and Invalid, a MandateFault.
    """
    with transaction() as session:
        poll = _lock(session, poll_id=poll_id, actor=actor)
        check_time(poll, now)
        if written_on > day_of(now):
            raise Invalid(MandateFault.WRITTEN_LATER, "written_on")
        sides = check_sides(session, poll, principal_id, holder_id)
        mandate = make_mandate(
            session, poll, sides, reason=reason, written_on=written_on, actor=actor, now=now
        )
        record_poll(session, poll, actor=actor, action="add_mandate", payload=sides.payload, now=now)
        return mandate.id


def make_mandate(
    session: Session, poll: Poll, sides: Sides, *, reason: str, written_on: date, actor: Actor, now: datetime
) -> Mandate:
    """Add a proxy that was checked, and settle what its giver still asks of others; no journal."""
    mandate = Mandate(
        id=uuid.uuid4(),
        community_id=poll.community_id,
        poll_id=poll.id,
        principal_id=sides.principal.id,
        holder_id=sides.holder.id,
        reason=reason,
        written_on=written_on,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(mandate)
    asked = select(MandateRequest).where(
        MandateRequest.principal_id == sides.principal.id, MandateRequest.answer.is_(None)
    )
    for request in session.scalars(asked):
        request.answer, request.answered_at = MandateAnswer.SETTLED, now
    session.flush()
    return mandate


def withdraw_mandate(
    *, poll_id: uuid.UUID, mandate_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """End a proxy that was not used yet.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (stopped), Invalid (the principal voted).
    """
    with transaction() as session:
        poll = _lock(session, poll_id=poll_id, actor=actor)
        mandate = queries.get_mandate(session, mandate_id=mandate_id, poll_id=poll.id)
        if mandate.withdrawn_at is not None:
            raise AlreadyDone(mandate_id)
        if poll.state not in CORRECTED_IN:
            raise TransitionNotAllowed(poll.state, "withdraw")
        if _has_voted(session, poll, mandate.principal_id):
            raise Invalid(MandateFault.HAS_VOTED)
        mandate.withdrawn_at, mandate.withdrawal = now, reason
        payload = Sides(mandate.principal, mandate.holder).payload
        record_poll(
            session, poll, actor=actor, action="withdraw_mandate", payload=payload, reason=reason, now=now
        )


def _lock(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    poll = lock_for_the_door(session, poll_id=poll_id, actor=actor)
    if not poll.stands_alone:
        raise NotFound(poll_id)
    return poll


def check_time(poll: Poll, now: datetime) -> None:
    """Refuse where a poll has no proxies, or it is too early or too late for one.

    Raises TransitionNotAllowed (not posted, or stopped), Invalid ("not_provided"), RuleRefused.
    """
    if poll.state not in CORRECTED_IN or poll.opens_at is None:
        raise TransitionNotAllowed(poll.state, "proxy")
    if not poll.by_proxy:
        raise Invalid(MandateFault.NOT_PROVIDED)
    book = rules_of(poll)
    by_representatives = book.switch("proxy.by_representatives")
    if poll.is_statutory and _is_by_posts(poll) and not by_representatives.on:
        raise RuleRefused(refusal_of_switch(by_representatives))
    on_the_spot = book.switch("proxy.on_the_spot")
    if poll.state is PollState.OPEN and not on_the_spot.on:
        raise RuleRefused(refusal_of_switch(on_the_spot))
    in_time = book.clock("proxy.apply").judge(now, poll.opens_at)
    if poll.state is not PollState.OPEN and not in_time.holds:
        raise RuleRefused(in_time)


def _is_by_posts(poll: Poll) -> bool:
    return bool(poll.draw) and draw_from_json(poll.draw).basis is Basis.POSTS


def check_sides(session: Session, poll: Poll, principal_id: uuid.UUID, holder_id: uuid.UUID) -> Sides:
    """Return both sides of a proxy by their entries. Raises Invalid, a MandateFault, and RuleRefused."""
    sides = _find_sides(session, poll, principal_id, holder_id)
    _check_limits(session, poll, sides)
    return sides


def _find_sides(session: Session, poll: Poll, principal_id: uuid.UUID, holder_id: uuid.UUID) -> Sides:
    if principal_id == holder_id:
        raise Invalid(MandateFault.SAME_PERSON, "holder")
    principal, holder = session.get(RollEntry, principal_id), session.get(RollEntry, holder_id)
    if principal is None or principal.poll_id != poll.id or principal.struck_off_at is not None:
        raise Invalid(MandateFault.PRINCIPAL_NOT_ON_ROLL, "principal")
    if holder is None or holder.poll_id != poll.id or holder.struck_off_at is not None:
        raise Invalid(MandateFault.HOLDER_NOT_ON_ROLL, "holder")
    return Sides(principal, holder)


def _check_limits(session: Session, poll: Poll, sides: Sides) -> None:
    """Refuse for what the two are, or what proxies they have; the rulebook says each limit."""
    book = rules_of(poll)
    if _given(session, sides.principal):
        raise Invalid(MandateFault.HAS_PROXY, "principal")
    if _has_voted(session, poll, sides.principal.id):
        raise Invalid(MandateFault.HAS_VOTED, "principal")
    passed_on = book.switch("proxy.passed_on")
    chained = _given(session, sides.holder) + _held(session, sides.principal)
    if chained and not passed_on.on:
        raise RuleRefused(refusal_of_switch(passed_on, f"{chained} > 0"))
    limit = book.count("proxy.per_holder").judge(_held(session, sides.holder) + 1)
    if not limit.holds:
        raise RuleRefused(limit)
    _check_holder(session, poll, sides, book)


def _check_holder(session: Session, poll: Poll, sides: Sides, book: Rulebook) -> None:
    candidates, relatives = book.switch("proxy.candidates"), book.switch("proxy.near_relatives_only")
    if not candidates.on and is_candidate(poll, sides.holder.name):
        raise RuleRefused(refusal_of_switch(candidates))
    if relatives.on and sides.holder.person_id not in kin_of(session, person_id=sides.principal.person_id):
        raise RuleRefused(rulebook.Verdict(False, relatives.value, relatives))


def _given(session: Session, entry: RollEntry) -> int:
    return _count(session, Mandate.principal_id == entry.id)


def _held(session: Session, entry: RollEntry) -> int:
    return _count(session, Mandate.holder_id == entry.id)


def _count(session: Session, whose: ColumnElement[bool]) -> int:
    counted = session.scalar(select(func.count(Mandate.id)).where(whose, Mandate.withdrawn_at.is_(None)))
    return counted or 0


def _has_voted(session: Session, poll: Poll, entry_id: uuid.UUID) -> bool:
    """Tell whether a paper was handed out for the entry, or a ballot of its credential is on the board."""
    if session.scalar(select(PaperIssue.id).where(PaperIssue.roll_entry_id == entry_id)) is not None:
        return True
    public = session.scalar(select(CredentialLink.public).where(CredentialLink.roll_entry_id == entry_id))
    if public is None or boards.phase_of(session, poll.id) is None:
        return False
    # Under the lock of the board: a ballot on its way comes before or after, never meanwhile.
    board = boards.lock_board(session, poll.id, [public])
    return board.electorate.standings[public].sequence >= 0
