"""Requests to delete personal data: asked by the resident or at the desk, decided within the clock."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, NotFound, TransitionNotAllowed, require_text
from civicforum.people.models import Person
from civicforum.people.queries import rules_in
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of
from civicforum.transfer.blocking import list_blocks
from civicforum.transfer.erasing import Erasure, erase
from civicforum.transfer.errors import StillNeeded
from civicforum.transfer.models import DeletionRequest
from civicforum.transfer.rules import ANSWER_RULE, DECIDES, RequestState, move_request

GROUND_MOST = 2000


def ask_deletion(*, actor: Actor, keeps_texts: bool, now: datetime) -> uuid.UUID:
    """Ask for the own data to be deleted; a clerk who acts for somebody is named. Raises AlreadyDone."""
    with transaction() as session:
        person = session.get_one(Person, actor.person_id, with_for_update=True)
        if session.scalar(_waiting(person.id)) is not None:
            raise AlreadyDone(person.id)
        book = rules_in(session, actor.community_id)
        request = DeletionRequest(
            community_id=actor.community_id,
            person_id=person.id,
            asked_at=now,
            due_at=book.clock(ANSWER_RULE).deadline(now),
            keeps_texts=keeps_texts,
            entered_by_id=actor.assisted_by,
        )
        session.add(request)
        session.flush()
        _record(session, request, person, actor=actor, action="data.ask", now=now)
        return request.id


def withdraw_deletion(*, actor: Actor, now: datetime) -> None:
    """Take the own request back. Raises NotFound."""
    with transaction() as session:
        request = session.scalar(_waiting(actor.person_id).with_for_update())
        if request is None:
            raise NotFound(actor.person_id)
        _end(request, RequestState.WITHDRAWN, actor, now)
        _record(session, request, request.person, actor=actor, action="data.withdraw", now=now)


def refuse_deletion(*, request_id: uuid.UUID, ground: str, actor: Actor, now: datetime) -> None:
    """Refuse a request, with the ground that its author reads.

    Raises NotEligible, NotFound, Invalid (no ground), TransitionNotAllowed.
    """
    text = require_text(ground, most=GROUND_MOST, field="ground")
    with transaction() as session:
        request = _decided(session, request_id, actor)
        _end(request, RequestState.REFUSED, actor, now)
        request.ground = text
        _record(session, request, request.person, actor=actor, action="data.refuse", now=now)


def carry_out_deletion(*, request_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Delete what no law keeps of a person, and make the rest nameless. There is no way back.

    Raises NotEligible, NotFound, TransitionNotAllowed, StillNeeded (a post, a vote or an election runs).
    """
    with transaction() as session:
        request = _decided(session, request_id, actor)
        person = session.get_one(Person, request.person_id, with_for_update=True, populate_existing=True)
        if blocks := list_blocks(session, person_id=person.id, today=day_of(now)):
            raise StillNeeded(blocks)
        _end(request, RequestState.DONE, actor, now)
        request.outcome = erase(session, Erasure(person, request.keeps_texts, actor, now))
        _record(session, request, person, actor=actor, action="data.delete", now=now)


def _waiting(person_id: uuid.UUID) -> Select[DeletionRequest]:
    return select(DeletionRequest).where(
        DeletionRequest.person_id == person_id, DeletionRequest.state == RequestState.ASKED
    )


def _decided(session: Session, request_id: uuid.UUID, actor: Actor) -> DeletionRequest:
    """Return a request that waits, locked for who decides it; nobody decides their own."""
    if not actor.has(*DECIDES):
        raise NotEligible(actor.person_id)
    request = lock_row(session, DeletionRequest, request_id, community_id=actor.community_id)
    if request.person_id == actor.person_id:
        raise NotEligible(actor.person_id)
    if request.state is not RequestState.ASKED:
        raise TransitionNotAllowed(request.state, "decide")
    return request


def _end(request: DeletionRequest, state: RequestState, actor: Actor, now: datetime) -> None:
    request.state = move_request(request.state, state)
    request.ended_at, request.ended_by_id = now, actor.person_id


def _record(
    session: Session, request: DeletionRequest, person: Person, *, actor: Actor, action: str, now: datetime
) -> None:
    # The number in the register and no name: the entry outlives what is deleted.
    subject = Subject(request.community_id, "deletion_request", request.id, person.number)
    record_about(session, subject, actor=actor, action=action, now=now, is_public=False)
