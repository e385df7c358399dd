"""Reads of elections for their pages: the list, one election, who presides, and what can be elected."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.bodies.models import Body
from civicforum.elections.models import Election
from civicforum.elections.rules import BODY_OF, Stage
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.records.models import JournalEntry

OVER = (Stage.CLOSED, Stage.VOID)


@dataclass(frozen=True)
class ElectionLists:
    """The page of all elections."""

    running: Page[Election]
    over: Page[Election]


def list_elections(session: Session, *, community_id: uuid.UUID, pages: dict[str, int]) -> ElectionLists:
    """Return the elections of a community; `pages` says which page of each list."""
    every = select(Election).where(Election.community_id == community_id)
    return ElectionLists(
        running=paginate(
            session,
            every.where(Election.stage.not_in(OVER)).order_by(Election.opens_at, Election.id),
            number=pages.get("running", 1),
            argument="running",
        ),
        over=paginate(
            session,
            every.where(Election.stage.in_(OVER)).order_by(Election.opens_at.desc(), Election.id),
            number=pages.get("over", 1),
            argument="over",
        ),
    )


def get_election(session: Session, *, election_id: uuid.UUID, community_id: uuid.UUID) -> Election:
    """Return an election with its body, seats and group. Raises NotFound."""
    election = session.scalars(
        select(Election)
        .options(
            joinedload(Election.body).selectinload(Body.posts),
            joinedload(Election.group),
            selectinload(Election.seats),
        )
        .where(Election.id == election_id)
    ).one_or_none()
    if election is None or election.community_id != community_id:
        raise NotFound(election_id)
    return election


def list_bodies(session: Session, *, community_id: uuid.UUID) -> Sequence[Body]:
    """Return the bodies that can be elected, in the order of the law, each with its posts."""
    order = list(BODY_OF.values())
    bodies = session.scalars(
        select(Body)
        .options(selectinload(Body.posts))
        .where(Body.community_id == community_id, Body.kind.in_(order), Body.dissolved_on.is_(None))
    ).all()
    return sorted(
        (body for body in bodies if body.posts), key=lambda body: (order.index(body.kind), body.name)
    )


def list_journal(session: Session, election_id: uuid.UUID, *, number: int) -> Page[JournalEntry]:
    """Return a page of what was done about an election in public, the latest first, with who did it."""
    return paginate(
        session,
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(
            JournalEntry.subject_kind == "election",
            JournalEntry.subject_id == election_id,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence.desc()),
        number=number,
    )
