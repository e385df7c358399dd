"""How far a demand for the assembly has come, counted against who lives here today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.bodies.queries import list_members
from civicforum.bodies.rules import BodyKind
from civicforum.matters.models import Demand, Matter
from civicforum.people.models import Capacity, Person
from civicforum.people.queries import runs_on
from civicforum.people.rules import CapacityKind, latest_birth_of_adult
from civicforum.rulebook import Threshold, Verdict
from civicforum.rulebook.days import day_of

LIVES_HERE = (CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE)


@dataclass(frozen=True)
class DemandFigures:
    """Two ways to reach the assembly, each with its numbers and its sum."""

    residents: int
    adults: int
    by_residents: Verdict
    representatives: int
    all_representatives: int
    by_representatives: Verdict

    @property
    def is_enough(self) -> bool:
        return self.by_residents.holds or self.by_representatives.holds


def count_demands(session: Session, *, matter: Matter, now: datetime) -> DemandFigures:
    """Count who demands, and of how many; by who lives here and holds the post on the day of counting."""
    book = rulebook.load(matter.profile)
    return judge_signers(
        session,
        community_id=matter.community_id,
        signers=set(session.scalars(select(Demand.person_id).where(Demand.matter_id == matter.id))),
        of_residents=book.threshold("assembly.residents.demand"),
        of_representatives=book.threshold("assembly.representatives.demand"),
        day=day_of(now),
    )


def judge_signers(
    session: Session,
    *,
    community_id: uuid.UUID,
    signers: set[uuid.UUID],
    of_residents: Threshold,
    of_representatives: Threshold,
    day: date,
) -> DemandFigures:
    """Judge who signed against the adults who live here and against the representatives, both of `day`."""
    adults = count_adults_here(session, community_id=community_id, day=day)
    residents = len(list_adults_among(session, community_id=community_id, person_ids=list(signers), day=day))
    holders = representatives(session, community_id=community_id, day=day)
    return DemandFigures(
        residents=residents,
        adults=adults,
        by_residents=of_residents.judge(residents, {of_residents.of: adults}),
        representatives=len(holders & signers),
        all_representatives=len(holders),
        by_representatives=of_representatives.judge(
            len(holders & signers), {of_representatives.of: len(holders)}
        ),
    )


def list_entitled(
    session: Session, *, community_id: uuid.UUID, person_ids: Sequence[uuid.UUID], day: date
) -> set[uuid.UUID]:
    """Return which of these people can sign a demand: adults who live here, and representatives."""
    adults = list_adults_among(session, community_id=community_id, person_ids=person_ids, day=day)
    return adults | (representatives(session, community_id=community_id, day=day) & set(person_ids))


def count_adults_here(session: Session, *, community_id: uuid.UUID, day: date) -> int:
    """Return how many adults with hukou or usual residence the community has on `day`."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.community_id == community_id, _is_adult_here(day))
        )
        or 0
    )


def list_adults_among(
    session: Session, *, community_id: uuid.UUID, person_ids: Sequence[uuid.UUID], day: date
) -> set[uuid.UUID]:
    """Return which of these people are adults who live here on `day`."""
    return set(
        session.scalars(
            select(Person.id).where(
                Person.community_id == community_id, Person.id.in_(person_ids), _is_adult_here(day)
            )
        )
    )


def representatives(session: Session, *, community_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Return who holds the post of a residents' representative on `day`."""
    members = list_members(
        session, community_id=community_id, kinds=(BodyKind.REPRESENTATIVE_ASSEMBLY,), day=day
    )
    return {person.id for person in members}


def _is_adult_here(day: date) -> ColumnElement[bool]:
    return and_(
        Person.born_on <= latest_birth_of_adult(day),
        or_(Person.left_on.is_(None), Person.left_on >= day),
        exists().where(Capacity.person_id == Person.id, Capacity.kind.in_(LIVES_HERE), runs_on(day)),
    )
