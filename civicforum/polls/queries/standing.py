"""A poll as whoever comes by sees it: how many have voted, and where the visitor stands."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.polls.models import (
    Credential,
    CredentialLink,
    Mandate,
    OpenBallot,
    PaperIssue,
    Poll,
    RollEntry,
)
from civicforum.polls.queries.drafting import READERS
from civicforum.polls.queries.named import Turnout
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.turnout import GroupTurnout, told_by_group
from civicforum.records.models import JournalEntry
from civicforum.sealed import Why


class PlaceState(StrEnum):
    """How things stand with one place on the roll of a poll."""

    MAY_VOTE = "may_vote"
    MAY_CHANGE = "may_change"
    HAS_VOTED = "has_voted"
    ON_PAPER = "on_paper"
    HAS_PAPER = "has_paper"
    NO_CARD = "no_card"
    GAVE_PROXY = "gave_proxy"
    PROXY_VOTED = "proxy_voted"
    STRUCK_OFF = "struck_off"
    OVER = "over"


@dataclass(frozen=True)
class OwnPlace:
    """A place on the roll that the visitor votes for: the own one, or that of somebody whose proxy it is."""

    entry_id: uuid.UUID
    name: str
    is_own: bool
    state: PlaceState


def find_alone(
    session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None
) -> Poll | None:
    """Return a poll that the pages of polls show, with questions and result; None for a meeting's named vote.

    Raises NotFound, also for a draft to those who do not read drafts.
    """
    poll = session.scalars(
        select(Poll).options(selectinload(Poll.questions), joinedload(Poll.result)).where(Poll.id == poll_id)
    ).one_or_none()
    if poll is None or poll.community_id != community_id:
        raise NotFound(poll_id)
    if not poll.has_pages:
        return None
    if poll.state is PollState.DRAFT and (actor is None or not actor.has(*READERS)):
        raise NotFound(poll_id)
    return poll


def list_own_places(session: Session, poll: Poll, *, person_id: uuid.UUID, now: datetime) -> list[OwnPlace]:
    """Return the visitor's places on the roll, the own one first, in one statement."""
    rows = session.execute(
        with_ballots(
            RollEntry.id,
            RollEntry.name,
            RollEntry.person_id,
            RollEntry.struck_off_at,
            and_(RollEntry.person_id == person_id, gave_proxy()).label("gave_proxy"),
        )
        .where(RollEntry.poll_id == poll.id, is_for(person_id))
        .order_by(case((RollEntry.person_id == person_id, 0), else_=1), RollEntry.position)
    ).all()
    is_over = poll.state is not PollState.OPEN or (poll.closes_at is not None and now >= poll.closes_at)
    return [
        OwnPlace(
            row.id,
            row.name,
            row.person_id == person_id,
            PlaceState.OVER if is_over else _state(poll, row),
        )
        for row in rows
    ]


def is_for(person_id: uuid.UUID | ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Tell of an entry of a roll whether the person votes for it, oneself or as a proxy."""
    holder = aliased(RollEntry)
    principals = (
        select(Mandate.principal_id)
        .join(holder, holder.id == Mandate.holder_id)
        .where(holder.person_id == person_id, Mandate.withdrawn_at.is_(None))
    )
    return or_(RollEntry.person_id == person_id, RollEntry.id.in_(principals))


def gave_proxy() -> ColumnElement[bool]:
    """Tell of an entry of a roll whether somebody else votes for it."""
    return (
        select(Mandate.id)
        .where(Mandate.principal_id == RollEntry.id, Mandate.withdrawn_at.is_(None))
        .correlate(RollEntry)
        .exists()
    )


def has_not_voted() -> ColumnElement[bool]:
    """Tell of an entry, joined by `with_ballots`, whether nothing is in for it yet, by any way."""
    return and_(
        RollEntry.struck_off_at.is_(None),
        OpenBallot.id.is_(None),
        PaperIssue.id.is_(None),
        or_(Credential.public.is_(None), and_(Credential.sequence < 0, Credential.void.is_(None))),
    )


def get_turnout(session: Session, poll: Poll) -> Turnout:
    """Return how many have voted, on the screen and with papers handed out, and how many are on the roll."""
    entitled = select(func.count()).where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
    if poll.preset is Preset.OPEN:
        counted = OpenBallot.poll_id == poll.id, RollEntry.struck_off_at.is_(None)
        on_screen = select(func.count(OpenBallot.id)).join(OpenBallot.entry).where(*counted)
    else:
        on_screen = select(func.count()).where(
            Credential.poll_id == poll.id, Credential.sequence >= 0, Credential.void.is_(None)
        )
    on_paper = select(func.count()).where(PaperIssue.poll_id == poll.id)
    row = session.execute(
        select(
            (on_screen.scalar_subquery() + on_paper.scalar_subquery()).label("voted"),
            entitled.scalar_subquery().label("entitled"),
        )
    ).one()
    return Turnout(row.voted, row.entitled)


def list_group_turnout(session: Session, poll: Poll) -> list[GroupTurnout]:
    """Return the turnout by residents' group, once who took part was written down for everybody together."""
    if poll.state not in (PollState.COUNTED, PollState.CERTIFIED):
        return []
    rows = session.execute(
        select(RollEntry.group_name, func.count(RollEntry.took_part), func.count())
        .where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
        .group_by(RollEntry.group_name)
        .order_by(func.min(RollEntry.position))
    ).all()
    return told_by_group([GroupTurnout(*row) for row in rows])


def with_ballots(*columns: Any) -> Select[Any]:
    """Select of each entry of rolls, beside these columns, what is in for it."""
    return (
        select(
            *columns,
            OpenBallot.id.label("named"),
            PaperIssue.id.label("paper"),
            Credential.sequence,
            Credential.void,
        )
        .select_from(RollEntry)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .outerjoin(PaperIssue, PaperIssue.roll_entry_id == RollEntry.id)
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .outerjoin(
            Credential,
            and_(Credential.poll_id == RollEntry.poll_id, Credential.public == CredentialLink.public),
        )
    )


def _state(poll: Poll, row: Any) -> PlaceState:
    if row.struck_off_at is not None or row.void is Why.STRUCK_OFF:
        return PlaceState.STRUCK_OFF
    if row.paper is not None or row.void is Why.PAPER:
        return PlaceState.HAS_PAPER
    has_voted = row.named is not None or (row.sequence is not None and row.sequence >= 0)
    if row.gave_proxy:
        return PlaceState.PROXY_VOTED if has_voted else PlaceState.GAVE_PROXY
    if not poll.by_screen:
        return PlaceState.ON_PAPER
    if poll.preset is not Preset.OPEN and row.sequence is None:
        return PlaceState.NO_CARD
    if not has_voted:
        return PlaceState.MAY_VOTE
    return PlaceState.MAY_CHANGE if poll.revote else PlaceState.HAS_VOTED


def list_extensions(session: Session, poll_id: uuid.UUID) -> Sequence[JournalEntry]:
    """Return each time that voting was made to last longer, with its reason."""
    return session.scalars(
        select(JournalEntry)
        .where(
            JournalEntry.subject_kind == "poll",
            JournalEntry.subject_id == poll_id,
            JournalEntry.action == "poll.extend",
        )
        .order_by(JournalEntry.sequence)
    ).all()


def list_journal(session: Session, poll_id: uuid.UUID, *, number: int) -> Page[JournalEntry]:
    """Return a page of what was done about a poll in public, the latest first, with who did it."""
    return paginate(
        session,
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(
            JournalEntry.subject_kind == "poll",
            JournalEntry.subject_id == poll_id,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence.desc()),
        number=number,
    )
