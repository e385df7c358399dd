"""A voter who will be away asks another to be their proxy; the other accepts or declines (art 19).

Accepted, it is a proxy like one that the desk entered: `proxies` has the rules of both.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.polls.models import Mandate, MandateRequest, Poll, RollEntry
from civicforum.polls.queries import proxies as queries
from civicforum.polls.rules import MandateAnswer
from civicforum.polls.rules_roll import MandateFault, judge_away
from civicforum.polls.services.proxies import check_sides, check_time, make_mandate
from civicforum.polls.services.states import BEFORE_OPENING
from civicforum.polls.services.steps import lock_poll, record_poll, rules_of
from civicforum.rulebook.days import day_of

OWN_WISH = "委托人本人撤回委托"


@dataclass(frozen=True)
class Wish:
    """What a voter writes: whom they ask, an entry of the roll, why, and when they are away."""

    holder_id: uuid.UUID
    reason: str
    away_from: date
    away_until: date


def ask_for_proxy(*, poll_id: uuid.UUID, wish: Wish, actor: Actor, now: datetime) -> uuid.UUID:
    """Ask a voter of the same roll to vote for the actor; return the request's id.

    Raises NotFound, TransitionNotAllowed (not posted, or stopped), RuleRefused where the rulebook does not
    allow it, and Invalid, a MandateFault.
    """
    with transaction() as session:
        poll = _lock(session, poll_id, actor)
        check_time(poll, now)
        own = queries.find_own_entry(session, poll_id=poll.id, person_id=actor.person_id)
        if own is None:
            raise Invalid(MandateFault.PRINCIPAL_NOT_ON_ROLL)
        if queries.find_open_request(session, principal_id=own.id) is not None:
            raise Invalid(MandateFault.HAS_REQUEST)
        _check_away(poll, wish)
        sides = check_sides(session, poll, own.id, wish.holder_id)
        request = MandateRequest(
            id=uuid.uuid4(),
            community_id=poll.community_id,
            poll_id=poll.id,
            principal_id=own.id,
            holder_id=sides.holder.id,
            reason=wish.reason,
            away_from=wish.away_from,
            away_until=wish.away_until,
            asked_at=now,
        )
        session.add(request)
        _record(session, poll, request, actor=actor, action="ask_proxy", now=now, payload=sides.payload)
        return request.id


def answer_request(
    *, poll_id: uuid.UUID, request_id: uuid.UUID, accepts: bool, actor: Actor, now: datetime
) -> None:
    """Accept or decline to be somebody's proxy; from an acceptance on it is a proxy on the posted list.

    Raises NotFound, NotEligible (somebody else is asked), Invalid ("not_asked", or a MandateFault),
    TransitionNotAllowed, RuleRefused: the rules are asked again, for other proxies may stand by now.
    """
    with transaction() as session:
        poll = _lock(session, poll_id, actor)
        request = _open_request(session, poll, request_id)
        if request.holder.person_id != actor.person_id:
            raise NotEligible(actor.person_id)
        payload = {"principal": request.principal.position, "holder": request.holder.position}
        if accepts:
            check_time(poll, now)
            sides = check_sides(session, poll, request.principal_id, request.holder_id)
            request.answer, request.answered_at = MandateAnswer.ACCEPTED, now
            session.flush()
            written_on = day_of(request.asked_at)
            mandate = make_mandate(
                session, poll, sides, reason=request.reason, written_on=written_on, actor=actor, now=now
            )
            request.mandate_id = mandate.id
        else:
            request.answer, request.answered_at = MandateAnswer.DECLINED, now
        action = "accept_proxy" if accepts else "decline_proxy"
        _record(session, poll, request, actor=actor, action=action, now=now, payload=payload)


def take_back(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take back what the actor asked, or the proxy that stands, before the voting opens.

    Later the desk withdraws a proxy that was not used. Raises NotFound, TransitionNotAllowed (opened),
    AlreadyDone (there is nothing to take back).
    """
    with transaction() as session:
        poll = _lock(session, poll_id, actor)
        if poll.state not in BEFORE_OPENING:
            raise TransitionNotAllowed(poll.state, "take_back")
        own = queries.find_own_entry(session, poll_id=poll.id, person_id=actor.person_id)
        if own is None:
            raise NotFound(poll_id)
        request = queries.find_open_request(session, principal_id=own.id)
        mandate = queries.find_mandate_of(session, principal_id=own.id)
        if request is not None:
            request.answer, request.answered_at = MandateAnswer.TAKEN_BACK, now
        if mandate is not None:
            mandate.withdrawn_at, mandate.withdrawal = now, OWN_WISH
        held: Mandate | MandateRequest | None = mandate or request
        if held is None:
            raise AlreadyDone(poll_id)
        _record_taken_back(session, poll, held, own, actor=actor, now=now)


def _lock(session: Session, poll_id: uuid.UUID, actor: Actor) -> Poll:
    poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
    if not poll.stands_alone or poll.roll_posted_at is None:
        raise NotFound(poll_id)
    return poll


def _open_request(session: Session, poll: Poll, request_id: uuid.UUID) -> MandateRequest:
    request = queries.get_request(session, request_id=request_id, poll_id=poll.id)
    if request.answer is not None:
        raise Invalid(MandateFault.NOT_ASKED)
    return request


def _check_away(poll: Poll, wish: Wish) -> None:
    assert poll.opens_at is not None  # noqa: S101, check_time refused it
    if wish.away_until < wish.away_from:
        raise Invalid(MandateFault.AWAY_BACKWARDS, "away_until")
    voting = day_of(poll.opens_at), day_of(poll.closes_at or poll.opens_at)
    verdict = judge_away(rules_of(poll), (wish.away_from, wish.away_until), voting)
    if not verdict.holds:
        raise RuleRefused(verdict)


def _record_taken_back(
    session: Session,
    poll: Poll,
    held: Mandate | MandateRequest,
    own: RollEntry,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write it down; what stood on the posted list in public."""
    stood = isinstance(held, Mandate)
    record_poll(
        session,
        poll,
        actor=actor,
        action="withdraw_mandate" if stood else "take_back_proxy",
        payload={"principal": own.position, "holder": held.holder.position},
        reason=OWN_WISH if stood else "",
        now=now,
        is_public=stood,
    )


def _record(
    session: Session,
    poll: Poll,
    request: MandateRequest,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    payload: dict[str, int],
) -> None:
    """Write a journal entry; public is only what stands on the posted list."""
    session.flush()
    is_public = request.answer is MandateAnswer.ACCEPTED
    record_poll(session, poll, actor=actor, action=action, payload=payload, now=now, is_public=is_public)
