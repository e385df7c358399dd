"""Reads for the list of polls, for drafting one, and for its ballot paper."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, NotFound, TransitionNotAllowed
from civicforum.paging import Page, paginate
from civicforum.polls.models import Credential, CredentialLink, OpenBallot, PaperIssue, Poll, RollEntry
from civicforum.polls.queries.polls import WITH_QUESTIONS, get_alone
from civicforum.polls.rules import DOOR, PollState

COMING = (PollState.ROLL_POSTED, PollState.READY)
OVER = (PollState.CLOSED, PollState.COUNTED, PollState.CERTIFIED, PollState.VOID)
# Who looks over the shoulder of those who draft: whoever keeps the door, and the supervision committee.
READERS = (*DOOR, Role.SUPERVISOR)


class Standing(StrEnum):
    """How somebody stands with an open poll."""

    MAY_VOTE = "may_vote"
    MAY_CHANGE = "may_change"
    ON_PAPER = "on_paper"
    HAS_VOTED = "has_voted"
    NOT_ON_ROLL = "not_on_roll"


@dataclass(frozen=True)
class PollLists:
    """The page of all polls. `standing` is by id of an open poll; empty for visitors."""

    open: Page[Poll]
    drafts: Sequence[Poll]
    coming: Page[Poll]
    over: Page[Poll]
    standing: dict[uuid.UUID, Standing]


def list_polls(
    session: Session, *, community_id: uuid.UUID, actor: Actor | None, pages: dict[str, int]
) -> PollLists:
    """Return the polls of a community by where they stand; `pages` says which page of each list."""

    def section(name: str, which: ColumnElement[bool], *order: Any) -> Page[Poll]:
        statement = _listed(community_id, which).order_by(*order, Poll.id)
        return paginate(session, statement, number=pages.get(name, 1), argument=name)

    is_open = section("open", Poll.state == PollState.OPEN, Poll.closes_at, Poll.opened_at)
    return PollLists(
        open=is_open,
        drafts=_list_drafts(session, community_id=community_id, actor=actor),
        coming=section("coming", Poll.state.in_(COMING), Poll.opens_at, Poll.created_at),
        over=section("over", Poll.state.in_(OVER), Poll.closed_at.desc().nulls_last()),
        standing=_standings(session, is_open.items, actor) if actor else {},
    )


def get_draft(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    """Return a draft with its questions, for somebody who runs it.

    Raises NotFound, NotEligible, TransitionNotAllowed (no draft any more, or one of an election).
    """
    poll = get_alone(session, poll_id=poll_id, community_id=actor.community_id, options=WITH_QUESTIONS)
    if not poll.is_run_by(actor):
        raise NotEligible(actor.person_id)
    if poll.state is not PollState.DRAFT or poll.is_set_elsewhere:
        raise TransitionNotAllowed(poll.state, "edit")
    return poll


def get_paper(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None) -> Poll:
    """Return a poll with the questions of its ballot paper; a draft only to officers. Raises NotFound."""
    poll = get_alone(session, poll_id=poll_id, community_id=community_id, options=WITH_QUESTIONS)
    if poll.state is PollState.DRAFT and (actor is None or not actor.has(*READERS)):
        raise NotFound(poll_id)
    return poll


def _listed(community_id: uuid.UUID, which: ColumnElement[bool]) -> Any:
    return select(Poll).options(joinedload(Poll.result)).where(Poll.community_id == community_id, which)


def _list_drafts(session: Session, *, community_id: uuid.UUID, actor: Actor | None) -> Sequence[Poll]:
    """Return what is being drafted, the newest first, to those who may see it."""
    if actor is None or not actor.has(*READERS):
        return []
    drafts = _listed(community_id, and_(Poll.state == PollState.DRAFT, Poll.stands_alone))
    found: Sequence[Poll] = session.scalars(drafts.order_by(Poll.created_at.desc()).limit(50)).all()
    return found


def _standings(session: Session, polls: Sequence[Poll], actor: Actor) -> dict[uuid.UUID, Standing]:
    rows = session.execute(
        select(RollEntry.poll_id, OpenBallot.id, PaperIssue.id, Credential.sequence)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .outerjoin(PaperIssue, PaperIssue.roll_entry_id == RollEntry.id)
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .outerjoin(
            Credential,
            and_(Credential.poll_id == RollEntry.poll_id, Credential.public == CredentialLink.public),
        )
        .where(
            RollEntry.person_id == actor.person_id,
            RollEntry.struck_off_at.is_(None),
            RollEntry.poll_id.in_([poll.id for poll in polls]),
        )
    ).all()
    found = {poll_id: (named, paper, sequence) for poll_id, named, paper, sequence in rows}
    return {poll.id: _standing(poll, found.get(poll.id)) for poll in polls}


def _standing(poll: Poll, row: tuple[uuid.UUID | None, uuid.UUID | None, int | None] | None) -> Standing:
    if row is None:
        return Standing.NOT_ON_ROLL
    named, paper, sequence = row
    if paper is not None:
        return Standing.HAS_VOTED
    if named is not None or (sequence is not None and sequence >= 0):
        may_change = poll.revote and poll.has_pages
        return Standing.MAY_CHANGE if may_change else Standing.HAS_VOTED
    return Standing.MAY_VOTE if poll.by_screen else Standing.ON_PAPER
