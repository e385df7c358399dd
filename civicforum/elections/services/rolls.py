"""The roll of an election: made from those who registered, or from the representatives, and posted."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.database import transaction
from civicforum.elections.calendar import Milestone
from civicforum.elections.law import require
from civicforum.elections.models import Election, Registration, Round
from civicforum.elections.polling import judge_proxies, judge_screen
from civicforum.elections.representatives import CHOICE_BY
from civicforum.elections.rules import ElectionKind, RegistrationState, RoundKind, Stage, Way
from civicforum.elections.services.steps import lock_election, mark_done, record_election, rules_of
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.people.models import Group, Household, Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import (
    STRENGTH,
    Basis,
    Candidate,
    Draw,
    DrawFault,
    Drawn,
    Held,
    compose,
)
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import for_elections
from civicforum.polls.services.rolls import drawn_for, post_locked, roll_terms, write_roll
from civicforum.polls.services.steps import lock_to_run
from civicforum.polls.terms import Subject, Terms, first_terms

# Those of article 16, the strongest first.
GROUNDS = STRENGTH[:3]
# Who registered stays entitled; from when on a capacity is held matters for community workers alone.
ALWAYS = date(1900, 1, 1)


def make_roll(*, election_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """Make the first round's poll with its roll, or the roll anew while it is not posted; return its length.

    Raises NotFound, NotEligible, TransitionNotAllowed (another stage, or posted), RuleRefused (proxies of
    representatives, screens without a ground), Invalid ("nobody", or a DrawFault).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        if election.stage is not Stage.ROLL:
            raise TransitionNotAllowed(election.stage, "make_roll")
        book = rules_of(election)
        require(
            *([judge_proxies(book, election.way)] if election.by_proxy else []),
            *([judge_screen(book, election.screen_ground)] if election.by_screen else []),
        )
        poll = _draft(session, election, actor=actor, now=now)
        drawn, draw = _drawn(session, election, poll, now=now)
        if not drawn:
            raise Invalid("nobody")
        write_roll(session, poll, draw, drawn)
        record_election(
            session, election, actor=actor, action="make_roll", payload={"entries": len(drawn)}, now=now
        )
        return len(drawn)


def post_roll(*, election_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Post the roll, names alone, at least twenty days before election day (art 17).

    Raises NotFound (no roll yet), NotEligible, TransitionNotAllowed, Invalid, RuleRefused (too late).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        first = first_round(session, election)
        if first is None:
            raise NotFound(election_id)
        poll = lock_to_run(session, poll_id=first.poll_id, actor=actor)
        entries = post_locked(session, poll, now=now)
        mark_done(session, election, Milestone.ROLL_POSTED, actor=actor, now=now)
        record_election(
            session, election, actor=actor, action="post_roll", payload={"entries": entries}, now=now
        )


def first_round(session: Session, election: Election) -> Round | None:
    """Return the round whose poll carries the roll; None before it is made."""
    return session.scalars(
        select(Round).where(Round.election_id == election.id, Round.number == 1)
    ).one_or_none()


def quorum_of(election: Election) -> str:
    """Return the rule that says how many have to vote; a unit that chooses representatives has its own."""
    if election.kind is ElectionKind.REPRESENTATIVES:
        return CHOICE_BY[election.way]
    return f"election.validity.{election.way}"


def terms_of_poll(election: Election) -> tuple[Subject, Terms]:
    """Return what is put to the vote, how secretly, and on what terms."""
    preset = Preset.SEALED if election.by_screen else Preset.POLL
    terms = replace(
        first_terms(rules_of(election), preset=preset, is_statutory=True),
        by_screen=election.by_screen,
        by_paper=True,
        by_proxy=election.by_proxy,
        quorum_rule=quorum_of(election),
        opens_at=election.opens_at,
        closes_at=election.closes_at,
    )
    return Subject(title=election.title, question="", preset=preset, is_statutory=True), terms


def _draft(session: Session, election: Election, *, actor: Actor, now: datetime) -> Poll:
    """Return the first round's poll as a draft, made if there is none yet, on the election's terms."""
    first = first_round(session, election)
    subject, terms = terms_of_poll(election)
    if first is not None:
        poll = lock_to_run(session, poll_id=first.poll_id, actor=actor)
        if poll.state is not PollState.DRAFT:
            raise TransitionNotAllowed(poll.state, "make_roll")
        for name in ("opens_at", "closes_at", "by_proxy", "by_screen"):
            setattr(poll, name, getattr(terms, name))
        return poll
    poll = for_elections.make_poll(
        session,
        community_id=election.community_id,
        election_id=election.id,
        subject=subject,
        terms=terms,
        book=rules_of(election),
        created_by_id=actor.person_id,
        now=now,
    )
    session.add(
        Round(
            community_id=election.community_id,
            election_id=election.id,
            number=1,
            kind=RoundKind.FIRST,
            poll_id=poll.id,
            created_at=now,
        )
    )
    return poll


def _drawn(session: Session, election: Election, poll: Poll, *, now: datetime) -> tuple[list[Drawn], Draw]:
    if election.way is Way.REPRESENTATIVES:
        draw = Draw(Basis.POSTS, posts=seats_of_representatives(session, election.community_id))
        return drawn_for(session, poll, draw, now=now), draw
    candidates, chosen = _registered(session, election)
    basis = Basis.HOUSEHOLDS if election.way is Way.HOUSEHOLDS else Basis.CAPACITIES
    draw = Draw(basis, capacities=GROUNDS, chosen=chosen if basis is Basis.HOUSEHOLDS else ())
    found = compose(candidates, draw, roll_terms(poll, now=now))
    if isinstance(found, DrawFault):
        raise Invalid(found)
    return found, draw


def seats_of_representatives(
    session: Session, community_id: uuid.UUID
) -> tuple[tuple[uuid.UUID, PostKind], ...]:
    """Return what representatives hold, as a draw names it."""
    bodies = session.scalars(
        select(Body.id)
        .where(
            Body.community_id == community_id,
            Body.kind == BodyKind.REPRESENTATIVE_ASSEMBLY,
            Body.dissolved_on.is_(None),
        )
        .order_by(Body.name)
    )
    return tuple((body_id, PostKind.REPRESENTATIVE) for body_id in bodies)


def _registered(session: Session, election: Election) -> tuple[list[Candidate], tuple[uuid.UUID, ...]]:
    """Return everybody who registered, and who of them stands for a household; one statement."""
    statement = (
        select(
            Person.id,
            Person.name,
            Person.number,
            Group.name.label("group_name"),
            Person.household_id,
            Person.born_on,
            Person.left_on,
            Registration.ground,
            Registration.employed_since,
            Registration.for_household,
        )
        .join(Registration, Registration.person_id == Person.id)
        .join(Household, Household.id == Person.household_id)
        .join(Group, Group.id == Household.group_id)
        .where(Registration.election_id == election.id, Registration.state == RegistrationState.REGISTERED)
        .order_by(Person.number)
    )
    if election.group_id is not None:
        statement = statement.where(Household.group_id == election.group_id)
    people, chosen = [], []
    for *who, ground, employed_since, for_household in session.execute(statement):
        candidate = Candidate(*who)
        people.append(replace(candidate, capacities=(_held(ground, employed_since),)))
        if for_household:
            chosen.append(candidate.person_id)
    return people, tuple(chosen)


def _held(ground: CapacityKind, employed_since: date | None) -> Held:
    return Held(ground, employed_since or ALWAYS)
