"""What has to end before somebody can be forgotten: a post, a running vote, a running election."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body, Post, Term
from civicforum.elections.models import Candidate, CommitteePlace, Election, Recall, Registration
from civicforum.elections.recalls import RecallState
from civicforum.elections.rules import Stage
from civicforum.polls.models import Poll, ResultObjection, RollEntry, RollObjection
from civicforum.transfer.blockers import OVER

ENDED = (Stage.CLOSED, Stage.VOID)
RUNNING = (RecallState.DEMANDED, RecallState.COMPLETE, RecallState.VOTING)


class BlockedBy(StrEnum):
    POST = "post"
    POLL = "poll"
    OBJECTION = "objection"
    ELECTION = "election"
    RECALL = "recall"


@dataclass(frozen=True)
class Block:
    """Something that still runs and needs to know who the person is; `title` names it."""

    kind: BlockedBy
    title: str
    id: uuid.UUID


def list_blocks(session: Session, *, person_id: uuid.UUID, today: date) -> list[Block]:
    """Return what keeps a person's data here for now, each once."""
    found = [
        *_posts(session, person_id, today),
        *_polls(session, person_id),
        *_elections(session, person_id),
        *_recalls(session, person_id),
    ]
    return list(dict.fromkeys(found))


def _posts(session: Session, person_id: uuid.UUID, today: date) -> Iterator[Block]:
    rows = session.execute(
        select(Body.id, Body.name, Post.title)
        .select_from(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(Term.person_id == person_id, Term.ended_on.is_(None), Term.until >= today)
        .order_by(Body.name, Post.title)
    )
    for row in rows:
        yield Block(BlockedBy.POST, f"{row.name} {row.title}", row.id)


def _polls(session: Session, person_id: uuid.UUID) -> Iterator[Block]:
    """Yield the votes that are not over, and those whose result they object to without an answer so far."""
    on_roll = select(RollEntry.poll_id).where(RollEntry.person_id == person_id)
    running = select(Poll).where(Poll.state.not_in(OVER), Poll.id.in_(on_roll))
    for poll in session.scalars(running.order_by(Poll.title, Poll.id)):
        yield Block(BlockedBy.POLL, poll.title, poll.id)
    unanswered = [
        select(RollObjection.poll_id).where(
            RollObjection.filed_by_id == person_id, RollObjection.ruled_at.is_(None)
        ),
        select(ResultObjection.poll_id).where(
            ResultObjection.filed_by_id == person_id, ResultObjection.answered_at.is_(None)
        ),
    ]
    waiting = select(Poll).where(or_(*(Poll.id.in_(polls) for polls in unanswered)))
    for poll in session.scalars(waiting.order_by(Poll.title, Poll.id)):
        yield Block(BlockedBy.OBJECTION, poll.title, poll.id)


def _elections(session: Session, person_id: uuid.UUID) -> Iterator[Block]:
    involved = [
        Election.id.in_(select(table.election_id).where(table.person_id == person_id))
        for table in (Registration, Candidate, CommitteePlace)
    ]
    running = select(Election).where(Election.stage.not_in(ENDED), or_(*involved))
    for election in session.scalars(running.order_by(Election.title, Election.id)):
        yield Block(BlockedBy.ELECTION, election.title, election.id)


def _recalls(session: Session, person_id: uuid.UUID) -> Iterator[Block]:
    """Yield the running recalls that they demand or that are about them."""
    terms = select(Term.id).where(Term.person_id == person_id)
    running = select(Recall).where(
        Recall.state.in_(RUNNING), or_(Recall.filed_by_id == person_id, Recall.term_id.in_(terms))
    )
    for recall in session.scalars(running.order_by(Recall.title, Recall.id)):
        yield Block(BlockedBy.RECALL, recall.title, recall.id)
