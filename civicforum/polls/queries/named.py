"""Reads of polls for pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from civicforum import rulebook
from civicforum.errors import NotFound
from civicforum.people.models import Person
from civicforum.polls.models import OpenBallot, Poll, ResultSheet, RollEntry
from civicforum.polls.rules import Choice, PollState, VerdictKind, choice_of
from civicforum.rulebook import Rule, RuleNotFound, Threshold


@dataclass(frozen=True)
class ShownVerdict:
    """A verdict of a result sheet with its rule, as components/verdict.html takes it."""

    kind: VerdictKind
    holds: bool
    arithmetic: str
    article: str
    rule: Rule | None


@dataclass(frozen=True)
class Turnout:
    voted: int
    entitled: int


@dataclass(frozen=True)
class Vote:
    """One line of a named vote; `choice` None where somebody present did not vote."""

    position: int
    name: str
    ground: str
    choice: Choice | None
    was_entered: bool


@dataclass(frozen=True)
class PollPage:
    """What the page of a poll shows. `votes` is None until the vote is over: nobody sees names before."""

    poll: Poll
    turnout: Turnout
    majority: Threshold
    least: int
    entry_id: uuid.UUID | None
    own_choice: Choice | None
    verdicts: list[ShownVerdict]
    votes: Sequence[Vote] | None

    @property
    def may_vote(self) -> bool:
        """Tell whether the visitor is on the roll of an open poll and has not voted."""
        return self.poll.state is PollState.OPEN and self.entry_id is not None and self.own_choice is None


SHOWS_NAMES = frozenset({PollState.CLOSED, PollState.COUNTED, PollState.CERTIFIED})


def get_page(
    session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID, person_id: uuid.UUID | None
) -> PollPage:
    """Return a poll as this visitor may see it. Raises NotFound."""
    poll = session.scalars(
        select(Poll).options(joinedload(Poll.result)).where(Poll.id == poll_id)
    ).one_or_none()
    if poll is None or poll.community_id != community_id:
        raise NotFound(poll_id)
    own = session.execute(
        select(RollEntry.id, OpenBallot.answers)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.person_id == person_id)
    ).one_or_none()
    turnout = get_turnout(session, poll_id=poll.id)
    majority = rulebook.load(poll.profile).threshold(poll.majority_rule)
    return PollPage(
        poll=poll,
        turnout=turnout,
        majority=majority,
        least=majority.least(turnout.entitled),
        entry_id=own.id if own else None,
        own_choice=choice_of(own.answers) if own and own.answers else None,
        verdicts=show_verdicts(poll),
        votes=list_votes(session, poll_id=poll.id) if poll.state in SHOWS_NAMES else None,
    )


def get_turnout(session: Session, *, poll_id: uuid.UUID) -> Turnout:
    """Return ballots cast and persons on the roll, in one statement."""
    voted, entitled = session.execute(
        select(func.count(OpenBallot.id), func.count(RollEntry.id))
        .select_from(RollEntry)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll_id)
    ).one()
    return Turnout(voted, entitled)


def list_votes(session: Session, *, poll_id: uuid.UUID) -> list[Vote]:
    """Return who voted how, in the order of the roll."""
    rows = session.execute(
        select(
            RollEntry.position, Person.name, RollEntry.ground, OpenBallot.answers, OpenBallot.entered_by_id
        )
        .join(Person, Person.id == RollEntry.person_id)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll_id)
        .order_by(RollEntry.position)
    ).all()
    return [
        Vote(position, name, ground, choice_of(answers) if answers else None, by is not None)
        for position, name, ground, answers, by in rows
    ]


@dataclass(frozen=True)
class Hand:
    """A place on the roll of an open vote, for whoever enters raised hands; not how it voted."""

    entry_id: uuid.UUID
    position: int
    name: str
    has_voted: bool


def list_hands(session: Session, *, poll_id: uuid.UUID) -> list[Hand]:
    """Return the roll in its order, each with whether a ballot is in."""
    rows = session.execute(
        select(RollEntry.id, RollEntry.position, Person.name, OpenBallot.id)
        .join(Person, Person.id == RollEntry.person_id)
        .outerjoin(OpenBallot, OpenBallot.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll_id)
        .order_by(RollEntry.position)
    ).all()
    return [Hand(entry, position, name, ballot is not None) for entry, position, name, ballot in rows]


def list_waiting_for(session: Session, *, person_id: uuid.UUID) -> Sequence[Poll]:
    """Return the open votes of meetings on whose roll the person stands and has not voted."""
    return session.scalars(
        select(Poll)
        .join(RollEntry, RollEntry.poll_id == Poll.id)
        .where(_waits_for(person_id))
        .order_by(Poll.opened_at, Poll.title, Poll.id)
    ).all()


def has_open_vote(person_id: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Return the condition that `list_waiting_for` finds something."""
    return select(Poll.id).join(RollEntry, RollEntry.poll_id == Poll.id).where(_waits_for(person_id)).exists()


def _waits_for(person_id: uuid.UUID | ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Tell of a vote and an entry of its roll whether it is the person's, open, and nothing is in for it."""
    has_voted = exists().where(OpenBallot.roll_entry_id == RollEntry.id)
    return and_(RollEntry.person_id == person_id, Poll.state == PollState.OPEN, ~Poll.has_pages, ~has_voted)


def show_verdicts(poll: Poll) -> list[ShownVerdict]:
    """Return the verdicts of a poll's result sheet; none before the count."""
    return shown_verdicts(poll.result, poll.profile) if poll.result else []


def shown_verdicts(sheet: ResultSheet, profile: str) -> list[ShownVerdict]:
    """Return the verdicts as they were kept; one whose rule the profile no longer has is shown without it."""
    book = rulebook.load(profile)
    shown = []
    for kept in sheet.verdicts:
        try:
            rule: Rule | None = book.rule(str(kept["rule"]))
        except RuleNotFound:
            rule = None
        shown.append(
            ShownVerdict(
                VerdictKind(str(kept["kind"])),
                bool(kept["holds"]),
                str(kept["arithmetic"]),
                str(kept["article"]),
                rule,
            )
        )
    return shown
