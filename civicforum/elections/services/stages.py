"""From one stage of an election to the next: only when nothing stands in the way."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post, Term
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone
from civicforum.elections.errors import BlockedStage
from civicforum.elections.models import Election
from civicforum.elections.queries.blockers import list_blockers
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.rules import ORDER, ElectionKind, Stage, is_running, move
from civicforum.elections.services.planning import lock_to_change
from civicforum.elections.services.steps import mark_done, record_election
from civicforum.errors import TransitionNotAllowed
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of

_M = Milestone
# The dates that have come when a stage ends, unless the act itself wrote them down before.
ENDS: dict[Stage, tuple[Milestone, ...]] = {
    Stage.REGISTRATION: (_M.REGISTRATION_CLOSES, _M.ELECTORS_CHOSEN),
    Stage.ROLL: (_M.OBJECTIONS_CLOSE, _M.RULINGS_PUBLISHED),
    Stage.NOMINATION: (_M.NOMINATION_CLOSES,),
    Stage.REVIEW: (_M.PRELIMINARY_LIST, _M.REVIEW_DONE),
    Stage.CANDIDATES: (_M.PROXIES_CLOSE,),
    Stage.POLLING: (_M.POLLING_DAY,),
    Stage.HANDOVER: (_M.HANDED_OVER,),
}
BEGINS: dict[Stage, tuple[Milestone, ...]] = {
    Stage.REGISTRATION: (_M.REGISTRATION_OPENS,),
    Stage.NOMINATION: (_M.NOMINATION_OPENS,),
}
# Why the terms of the election committee end, as the record of the body names it.
HANDED_OVER = "工作移交完成，选举工作结束"


def advance(*, election_id: uuid.UUID, seen: Stage | None = None, actor: Actor, now: datetime) -> Stage:
    """Go on to the stage that follows, and return it.

    Args:
        seen: the stage that the page showed; a second click, after the first was obeyed, goes no further.

    Raises NotFound, NotEligible, BlockedStage, TransitionNotAllowed (nothing follows, or not at `seen`).
    """
    with transaction() as session:
        election = lock_to_change(session, election_id=election_id, actor=actor)
        before = election.stage
        if not is_running(before) or seen not in (None, before):
            raise TransitionNotAllowed(before, "advance")
        found = list_blockers(session, election, now=now)
        if found:
            raise BlockedStage(found)
        election.stage = move(before, ORDER[ORDER.index(before) + 1])
        for milestone, done_at in get_dates(session, election).elsewhere.items():
            mark_done(session, election, milestone, actor=actor, now=done_at)
        for milestone in (*ENDS.get(before, ()), *BEGINS.get(election.stage, ())):
            mark_done(session, election, milestone, actor=actor, now=now)
        if election.stage is Stage.RESULT:
            _settle_seats(session, election)
        if election.stage is Stage.CLOSED:
            _close(session, election, now)
        payload = {"from": before.value, "to": election.stage.value}
        record_election(session, election, actor=actor, action="advance", payload=payload, now=now)
        return election.stage


def _settle_seats(session: Session, election: Election) -> None:
    """Let each post have as many seats as were put to the vote, where the whole body was."""
    if election.kind in (ElectionKind.BY_ELECTION, ElectionKind.REPRESENTATIVES):
        return
    for seat in election.seats:
        session.get_one(Post, seat.post_id).seats = seat.seats


def _close(session: Session, election: Election, now: datetime) -> None:
    """End the election, and the election committee's time unless it presides over another one (art 15)."""
    election.closed_at = now
    if election.presiding_id is None:
        return
    lock_register(session, election.community_id)
    other = select(Election.id).where(
        Election.presiding_id == election.presiding_id,
        Election.id != election.id,
        Election.stage.not_in((Stage.CLOSED, Stage.VOID)),
    )
    if session.scalars(other.limit(1)).one_or_none() is not None:
        return
    today = day_of(now)
    running = session.scalars(
        select(Term)
        .join(Post, Post.id == Term.post_id)
        .where(
            Post.body_id == election.presiding_id,
            Term.ended_on.is_(None),
            or_(Term.until >= today, Term.since > today),
        )
        .with_for_update(of=Term)
    )
    for term in running:
        term.ended_on, term.end_reason = max(term.since, min(today, term.until)), HANDED_OVER
