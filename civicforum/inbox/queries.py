"""Reads for the home page of what goes on in the community. No other feature's table is touched here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post
from civicforum.bodies.queries import list_holders
from civicforum.bodies.rules import BodyKind
from civicforum.matters.models import Matter
from civicforum.matters.queries.listing import MatterLine, count_groups, list_overdue
from civicforum.matters.queries.overview import list_authored
from civicforum.matters.rules import StageGroup
from civicforum.meetings import queries as meetings
from civicforum.meetings.models import Meeting
from civicforum.notices.models import Notice
from civicforum.notices.queries import latest
from civicforum.paging import Page
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import ShownVerdict, show_verdicts
from civicforum.polls.queries.overview import list_latest_results
from civicforum.rulebook.days import day_of

# The home page shows the beginning of each list, and links to the whole.
SHOWN = 5
DECISIONS_SHOWN = 3


@dataclass(frozen=True)
class Decision:
    """A vote that was counted, with each rule it was judged by."""

    poll: Poll
    is_adopted: bool
    verdicts: Sequence[ShownVerdict]


@dataclass(frozen=True)
class Board:
    """What goes on in the community, for everybody to see."""

    counts: dict[StageGroup, int]
    overdue: Page[MatterLine]
    decisions: Sequence[Decision]
    meetings: Sequence[Meeting]
    notices: Sequence[Notice]


def list_mine(session: Session, actor: Actor) -> Sequence[Matter]:
    """Return what somebody raised, as many as the home page shows; what is still under way comes first."""
    return list_authored(session, person_id=actor.person_id, limit=SHOWN)


@dataclass(frozen=True)
class Head:
    """A body that runs the community, with the first of its posts and who holds it; None where vacant."""

    body: Body
    post: Post | None
    person: Person | None


def list_heads(
    session: Session, *, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], now: datetime
) -> list[Head]:
    """Return the bodies of these kinds, in this order of kinds, each once."""
    heads: dict[uuid.UUID, Head] = {}
    for body, post, person in list_holders(session, community_id=community_id, kinds=kinds, day=day_of(now)):
        heads.setdefault(body.id, Head(body, post, person))
    return sorted(heads.values(), key=lambda head: kinds.index(head.body.kind))


def get_board(session: Session, *, community_id: uuid.UUID, now: datetime) -> Board:
    """Return the beginning of every list, in a number of statements that does not grow with the lists."""
    decided = list_latest_results(session, community_id=community_id, limit=DECISIONS_SHOWN)
    return Board(
        counts=count_groups(session, community_id=community_id),
        overdue=list_overdue(session, community_id=community_id, number=1, now=now),
        decisions=[
            Decision(poll, bool(poll.result.is_adopted), show_verdicts(poll))
            for poll in decided
            if poll.result
        ],
        meetings=meetings.coming(session, community_id=community_id, now=now, limit=SHOWN),
        notices=latest(session, community_id=community_id, limit=SHOWN),
    )
