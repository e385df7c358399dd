"""The ballot paper of an election: one question for each post, with the names that are voted on."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.elections.models import Candidate, Election, Round, Seat
from civicforum.elections.nominations import judge_more
from civicforum.elections.polling import takes_names
from civicforum.elections.rules import CandidateState, RoundKind, Stage
from civicforum.elections.services.steps import lock_election, record_election, rules_of
from civicforum.elections.standing import elects_by
from civicforum.elections.verdicts import SHARE_OF, Asked
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.people.models import Group, Household, Person
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.services import for_elections
from civicforum.polls.services.steps import lock_to_run
from civicforum.rulebook import Rulebook


def set_paper(*, election_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Put the final candidates on the first round's ballot paper, in the order of the list.

    Raises NotFound (no roll yet), NotEligible, TransitionNotAllowed (no final list yet, a later round, or
    voting has begun), RuleRefused (no more candidates than seats), Invalid (a SpecFault).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        latest = latest_round(session, election)
        if latest is None:
            raise NotFound(election_id)
        if election.stage is not Stage.CANDIDATES or latest.kind is not RoundKind.FIRST:
            raise TransitionNotAllowed(election.stage, "set_paper")
        poll = lock_to_run(session, poll_id=latest.poll_id, actor=actor)
        asked = asked_of_list(session, election)
        write_paper(session, election, latest, poll, asked)
        payload = {"names": sum(len(one.people) for one in asked)}
        record_election(session, election, actor=actor, action="set_paper", payload=payload, now=now)


def write_paper(session: Session, election: Election, one: Round, poll: Poll, asked: Sequence[Asked]) -> None:
    """Write the questions of a round, and keep whom each name means. Raises as polls' `set_paper`."""
    book = rules_of(election)
    seats = {seat.id: seat for seat in seats_of(session, election)}
    names = _names(session, poll, [who for part in asked for who in part.people])
    share = SHARE_OF.get(elects_by(election.kind, one.kind), "")
    specs = [
        _spec(book, seats[part.seat_id].title, part, names, share=share, kind=one.kind) for part in asked
    ]
    for_elections.set_paper(session, poll, specs)
    one.paper = [_kept(part) for part in asked]


def latest_round(session: Session, election: Election) -> Round | None:
    """Return the last round; None before the roll is made."""
    return session.scalars(
        select(Round).where(Round.election_id == election.id).order_by(Round.number.desc()).limit(1)
    ).one_or_none()


def seats_of(session: Session, election: Election) -> list[Seat]:
    """Return the seats, the highest post first."""
    return list(
        session.scalars(
            select(Seat)
            .options(joinedload(Seat.post).joinedload(Post.body))
            .where(Seat.election_id == election.id)
            .order_by(Seat.position)
        )
    )


def asked_of_list(session: Session, election: Election) -> list[Asked]:
    """Return what the formal list puts to the vote. Raises RuleRefused: no more candidates than seats."""
    book = rules_of(election)
    rows = session.execute(
        select(Candidate.seat_id, Candidate.person_id)
        .where(Candidate.election_id == election.id, Candidate.state == CandidateState.FORMAL)
        .order_by(Candidate.position, Candidate.accepted_at, Candidate.id)
    ).all()
    asked = []
    for seat in seats_of(session, election):
        people = tuple(row.person_id for row in rows if row.seat_id == seat.id)
        require(judge_more(book, candidates=len(people), seats=seat.seats))
        asked.append(Asked(seat.id, seat.seats, people))
    return asked


def _spec(
    book: Rulebook, title: str, part: Asked, names: Mapping[uuid.UUID, str], *, share: str, kind: RoundKind
) -> QuestionSpec:
    return QuestionSpec(
        QuestionKind.SELECTION,
        title,
        options=tuple(names[who] for who in part.people),
        marking=Marking.EACH,
        most=part.seats,
        seats=part.seats,
        write_ins=part.seats if takes_names(book, kind) else 0,
        majority_rule=share,
    )


def _kept(part: Asked) -> dict[str, Any]:
    return {
        "seat": str(part.seat_id),
        "seats": part.seats,
        "people": [str(who) for who in part.people],
    }


@dataclass(frozen=True)
class _Bearer:
    person_id: uuid.UUID
    name: str
    group: str
    position: int | None


def _names(session: Session, poll: Poll, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return how everybody stands on the paper: two of one name with what tells them apart.

    That is the number on the posted roll, or the residents' group of somebody who is not on it; an identity
    number never is.
    """
    rows = session.execute(
        select(Person.id, Person.name, Group.name, RollEntry.position)
        .join(Household, Household.id == Person.household_id)
        .join(Group, Group.id == Household.group_id)
        .outerjoin(RollEntry, (RollEntry.person_id == Person.id) & (RollEntry.poll_id == poll.id))
        .where(Person.id.in_(set(people)))
    )
    found = [_Bearer(*row) for row in rows]
    number = Counter(one.name for one in found)
    return {one.person_id: one.name if number[one.name] == 1 else _told_apart(one) for one in found}


def _told_apart(one: _Bearer) -> str:
    return f"{one.name}（{one.group if one.position is None else f'名单第{one.position}号'}）"
