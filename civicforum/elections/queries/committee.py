"""Reads of the election committee: who was chosen to it, who is near kin to whom, who is nominated."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session, joinedload

from civicforum.elections.committees import Place
from civicforum.elections.models import Candidate, CommitteePlace, Nomination
from civicforum.elections.rules import CandidateState, NominationState
from civicforum.people.models import Household, Kinship, Person


def list_places(session: Session, election_id: uuid.UUID) -> Sequence[CommitteePlace]:
    """Return who was chosen, in the order of votes, each with person and address."""
    return session.scalars(
        select(CommitteePlace)
        .options(joinedload(CommitteePlace.person).joinedload(Person.household).joinedload(Household.group))
        .where(CommitteePlace.election_id == election_id)
        .order_by(CommitteePlace.position)
    ).all()


def place_of(row: CommitteePlace) -> Place:
    """Return a place as the rules take it."""
    return Place(
        row.person_id,
        row.position,
        is_member=row.joined_at is not None,
        absences=row.absences,
        has_left=row.left_at is not None,
    )


def kin_among(session: Session, people: Collection[uuid.UUID]) -> set[frozenset[uuid.UUID]]:
    """Return the pairs of near relatives among these people, in one statement."""
    rows = session.execute(
        select(Kinship.person_id, Kinship.relative_id).where(
            Kinship.person_id.in_(people), Kinship.relative_id.in_(people)
        )
    )
    return {frozenset({first, second}) for first, second in rows}


def nominated_people(session: Session, election_id: uuid.UUID) -> set[uuid.UUID]:
    """Return whose nomination was accepted, or who stands, and has not withdrawn or been refused.

    One that is merely filed moves nobody: a single voter's paper would push a member off the committee.
    """
    nominated = select(Nomination.person_id).where(
        Nomination.election_id == election_id, Nomination.state == NominationState.ACCEPTED
    )
    standing = select(Candidate.person_id).where(
        Candidate.election_id == election_id,
        Candidate.state.in_((CandidateState.PRELIMINARY, CandidateState.FORMAL)),
    )
    return set(session.scalars(union(nominated, standing)))


def names_of_kin(
    places: Iterable[CommitteePlace], kin: Collection[frozenset[uuid.UUID]]
) -> dict[uuid.UUID, list[str]]:
    """Return for each of those chosen the names of near relatives who were chosen too."""
    names = {place.person_id: place.person.name for place in places}
    return {
        person_id: sorted(
            names[other]
            for pair in kin
            if person_id in pair
            for other in pair
            if other != person_id and other in names
        )
        for person_id in names
    }
