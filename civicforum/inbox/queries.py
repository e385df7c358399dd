"""Reads for the home page. Every feature is asked; no other feature's table is touched here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.queries.needs import list_needs as list_needs_of_cycles
from civicforum.appraisals.queries.needs_due import list_needs as list_needs_of_appraisals
from civicforum.appraisals.queries.needs_follow import list_needs as list_needs_of_actions
from civicforum.appraisals.queries.needs_results import list_needs as list_needs_of_results
from civicforum.bodies.models import Body, Post
from civicforum.bodies.queries import list_holders
from civicforum.bodies.rules import BodyKind
from civicforum.departments.queries import list_needs as list_needs_of_departments
from civicforum.drafts.queries import list_needs as list_needs_of_drafts
from civicforum.elections.queries.needs import list_needs as list_needs_of_elections
from civicforum.inbox.queries_told import list_needs as list_needs_of_outbox
from civicforum.inbox.rules import Need, in_order
from civicforum.matters import queries as matters
from civicforum.matters.models import Matter
from civicforum.matters.queries.listing import MatterLine, count_groups, list_overdue
from civicforum.matters.queries.overview import list_authored
from civicforum.matters.rules import StageGroup
from civicforum.meetings import queries as meetings
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries.follow_ups import list_follow_up_needs
from civicforum.meetings.queries.minutes import list_minutes_to_sign
from civicforum.moderation.queries.needs import list_needs as list_needs_of_moderation
from civicforum.notices.models import Notice
from civicforum.notices.queries import latest
from civicforum.notices.queries.needs import list_needs as list_needs_of_notices
from civicforum.notices.queries.needs_asking import list_needs as list_needs_of_asking
from civicforum.paging import Page
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import ShownVerdict, show_verdicts
from civicforum.polls.queries.needs import list_needs as list_needs_of_polls
from civicforum.polls.queries.overview import list_latest_results
from civicforum.ratings.queries.grades import list_needs as list_needs_of_ratings
from civicforum.registers.queries.needs import list_needs as list_needs_of_registers
from civicforum.rulebook.days import day_of
from civicforum.statements.queries import list_needs as list_needs_of_statements
from civicforum.supervision.queries.desk import list_needs as list_needs_of_supervision
from civicforum.transfer.queries import list_needs as list_needs_of_transfer

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


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in any feature, what is due first, first."""
    return in_order(
        [
            *matters.list_needs(session, actor, now),
            *meetings.list_needs(session, actor, now),
            *list_minutes_to_sign(session, actor),
            *list_follow_up_needs(session, actor, now),
            *list_needs_of_drafts(session, actor, now),
            *list_needs_of_polls(session, actor, now),
            *list_needs_of_elections(session, actor, now),
            *list_needs_of_statements(session, actor, now),
            *list_needs_of_ratings(session, actor, now),
            *list_needs_of_departments(session, actor, now),
            *list_needs_of_asking(session, actor, now),
            *list_needs_of_registers(session, actor, now),
            *list_needs_of_cycles(session, actor, now),
            *list_needs_of_actions(session, actor, now),
            *list_needs_of_appraisals(session, actor, now),
            *list_needs_of_results(session, actor, now),
            *list_needs_of_supervision(session, actor, now),
            *list_needs_of_moderation(session, actor, now),
            *list_needs_of_notices(session, actor, now),
            *list_needs_of_transfer(session, actor),
            *list_needs_of_outbox(session, actor),
        ]
    )


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
