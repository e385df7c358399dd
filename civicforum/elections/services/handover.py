"""The handover (art 25): what is handed over item by item, and the day on which the new terms begin."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Appointed, default_until
from civicforum.bodies.services import begin_term
from civicforum.database import transaction
from civicforum.elections.models import Election, HandoverItem, Seat, Winner
from civicforum.elections.queries.results import list_items, list_winners
from civicforum.elections.recalls import last_day_of_by_elected
from civicforum.elections.rules import ElectionKind, Stage, WinnerState
from civicforum.elections.services.steps import lock_election, record_election, rules_of
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.people.models import Household, Person
from civicforum.people.services import lock_register
from civicforum.rulebook.days import day_of

LONGEST_TITLE, LONGEST_NOTE = 120, 200
# From the announcement on: a seal may be handed over on the very day.
HANDING_OVER = frozenset({Stage.COUNT, Stage.RESULT, Stage.HANDOVER})
# A term may be entered so many days before it begins.
LONGEST_WAIT = 30
# Why the terms of the former holders end, as the record of the body names it.
SUCCEEDED = "换届选举产生新一届成员，任期结束"


def tick_item(*, item_id: uuid.UUID, election_id: uuid.UUID, note: str, actor: Actor, now: datetime) -> None:
    """Write that something was handed over, and what there is to say of it.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed, Invalid ("note").
    """
    with transaction() as session:
        election = _lock(session, election_id, actor)
        item = session.get(HandoverItem, item_id, with_for_update=True, populate_existing=True)
        if item is None or item.election_id != election.id:
            raise NotFound(item_id)
        if item.done_at is not None:
            raise AlreadyDone(item_id)
        if len(note.strip()) > LONGEST_NOTE:
            raise Invalid("note", "note")
        item.note, item.done_at, item.done_by_id = note.strip(), now, actor.person_id
        record_election(
            session,
            election,
            actor=actor,
            action="tick_item",
            payload={"item": item.title},
            reason=item.note,
            now=now,
        )


def add_item(*, election_id: uuid.UUID, title: str, actor: Actor, now: datetime) -> None:
    """Add what else is handed over. Raises NotFound, NotEligible, TransitionNotAllowed, Invalid ("title")."""
    with transaction() as session:
        election = _lock(session, election_id, actor)
        title = title.strip()
        if not title or len(title) > LONGEST_TITLE:
            raise Invalid("title", "title")
        last = session.scalar(
            select(func.max(HandoverItem.position)).where(HandoverItem.election_id == election.id)
        )
        session.add(
            HandoverItem(
                community_id=election.community_id,
                election_id=election.id,
                position=(last or 0) + 1,
                title=title,
            )
        )
        record_election(session, election, actor=actor, action="add_item", payload={"item": title}, now=now)


def begin_terms(*, election_id: uuid.UUID, since: date, actor: Actor, now: datetime) -> int:
    """Begin the terms of those elected on `since`, and end those of whom they follow on the day before.

    A by-election leaves the others in their posts, and its terms last as long as theirs (art 24). Returns how
    many began. Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone, Invalid ("since"), and what
    bodies' `begin_term` raises: PairForbidden, NoSeatLeft, each with its rule.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        if election.stage is not Stage.HANDOVER:
            raise TransitionNotAllowed(election.stage, "begin_terms")
        if not day_of(election.closes_at) <= since <= day_of(now) + timedelta(days=LONGEST_WAIT):
            raise Invalid("since", "since")
        lock_register(session, election.community_id)
        winners = [
            winner
            for winner in list_winners(session, election.id)
            if winner.state is WinnerState.ELECTED and winner.term_id is None
        ]
        if not winners:
            raise AlreadyDone(election_id)
        body = session.get_one(Body, election.body_id)
        until = _last_day(session, election, since)
        if election.kind is not ElectionKind.BY_ELECTION:
            _end_former(session, election, since)
        for winner in winners:
            winner.term_id = _begin(session, body, winner, since, until).id
        payload = {"since": since.isoformat(), "terms": len(winners)}
        record_election(session, election, actor=actor, action="begin_terms", payload=payload, now=now)
        return len(winners)


def _begin(session: Session, body: Body, winner: Winner, since: date, until: date | None) -> Term:
    return begin_term(
        session,
        body=body,
        post=winner.seat.post,
        person_id=winner.person_id,
        appointed=Appointed.ELECTED,
        since=since,
        until=until,
    )


def _lock(session: Session, election_id: uuid.UUID, actor: Actor) -> Election:
    election = lock_election(session, election_id=election_id, actor=actor)
    # The list is made with the announcement.
    if election.stage not in HANDING_OVER or not list_items(session, election.id):
        raise TransitionNotAllowed(election.stage, "handover")
    return election


def _last_day(session: Session, election: Election, since: date) -> date | None:
    """Return the last day of those elected beside others who stay in the body; None for a full term."""
    if election.kind is not ElectionKind.BY_ELECTION:
        return None
    theirs = session.scalar(
        select(func.max(Term.until))
        .join(Post, Post.id == Term.post_id)
        .where(Post.body_id == election.body_id, is_running(since))
    )
    if theirs is None:
        return None
    book = rules_of(election)
    return last_day_of_by_elected(book, theirs, default_until(election.body.kind, since, book))


def _end_former(session: Session, election: Election, since: date) -> None:
    """End the terms in the posts that were filled on the day before; of a unit, those of its own people."""
    seats = select(Seat.post_id).where(Seat.election_id == election.id)
    running = select(Term).where(Term.post_id.in_(seats), Term.ended_on.is_(None), Term.until >= since)
    if election.group_id is not None:
        unit = select(Person.id).join(Household).where(Household.group_id == election.group_id)
        running = running.where(Term.person_id.in_(unit))
    for term in session.scalars(running.with_for_update(of=Term)).all():
        term.ended_on, term.end_reason = max(term.since, since - timedelta(days=1)), SUCCEEDED
    session.flush()
