"""Cycles of appraisal that are counted or certified, as rows: for tests of what follows from grades.

with app.app_context():
    town = make_town()
    graded = make_cycle(town, grades={town.members[0]: (1, 2, 3, 14)}, held_on=date(2025, 9, 1))
    graded.subjects[town.members[0]]            # the subject's id
    certify(graded.cycle_id)                    # with what the rules propose
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from civicforum import rulebook
from civicforum.appraisals.models import AppraisalSubject, Consequence, Cycle, Scale, SubjectResult
from civicforum.appraisals.rules import CycleKind, CycleState, SubjectKind
from civicforum.appraisals.scales import DUTY_LEVELS, DUTY_POINTS
from civicforum.appraisals.services.consequences import propose
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind
from civicforum.database import db
from civicforum.people.models import Community, Person
from civicforum.rulebook import SHANGHAI
from tests.support.appraisals import Town

# Counts of 优秀, 称职, 基本称职, 不称职: twelve of twenty say unfit; and one that is well.
UNFIT = (1, 3, 4, 12)
WELL = (12, 5, 2, 1)


@dataclass(frozen=True)
class GradedCycle:
    """Ids of a cycle, and of its subjects by person."""

    cycle_id: uuid.UUID
    subjects: dict[uuid.UUID, uuid.UUID]


def make_cycle(
    town: Town, *, grades: Mapping[uuid.UUID, Sequence[int]], held_on: date, **terms: Any
) -> GradedCycle:
    """Make a counted cycle; `grades` are counts by level of each person, `terms` are columns of the cycle."""
    community = db.session.get_one(Community, town.community_id)
    book, at = rulebook.load(community.profile), instant(held_on)
    values: dict[str, Any] = {
        "kind": CycleKind.MEMBERS,
        "title": f"{held_on}民主评议",
        "state": CycleState.COUNTED,
        "counts_for_37": True,
        "least": 5,
        "rank_least": 5,
        **terms,
    }
    cycle = Cycle(
        id=uuid.uuid4(),
        community_id=community.id,
        period_from=held_on - timedelta(days=180),
        period_until=held_on - timedelta(days=1),
        held_on=held_on,
        profile=book.name,
        profile_version=book.version,
        made_by_id=town.supervisor.person_id,
        made_at=at - timedelta(days=30),
        posted_at=at - timedelta(days=20),
        opened_at=at,
        counted_at=at,
        **values,
    )
    scale = Scale(
        community_id=community.id,
        position=1,
        title="成员",
        levels=list(DUTY_LEVELS),
        points=list(DUTY_POINTS),
        poor_from=3,
        ends_with_unfit=True,
    )
    cycle.scales = [scale]
    subjects = [_subject(cycle, scale, at, place, *one) for place, one in enumerate(grades.items(), 1)]
    db.session.add(cycle)
    db.session.commit()
    return GradedCycle(cycle.id, {one.person_id: one.id for one in subjects if one.person_id})


def certify(graded: GradedCycle, *, now: datetime | None = None) -> list[Consequence]:
    """Certify a cycle twelve days after it was held, and return what the rules propose."""
    cycle = db.session.get_one(Cycle, graded.cycle_id)
    at = now or instant(cycle.held_on + timedelta(days=12))
    cycle.state, cycle.certified_at, cycle.result_hash = CycleState.CERTIFIED, at, "0" * 64
    made = propose(db.session(), cycle, now=at)
    db.session.commit()
    return made


def instant(day: date, hour: int = 15) -> datetime:
    """Return an hour of a day in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


def term_of(person_id: uuid.UUID) -> Term:
    """Return the term of somebody who holds one post."""
    return db.session.scalars(select(Term).where(Term.person_id == person_id)).one()


def _subject(
    cycle: Cycle,
    scale: Scale,
    at: datetime,
    position: int,
    person_id: uuid.UUID,
    counts: Sequence[int],
) -> AppraisalSubject:
    person, term = db.session.get_one(Person, person_id), _running(person_id, cycle.held_on)
    most = max(counts)
    modal = [level for level, number in zip(scale.levels, counts, strict=True) if number == most]
    grade = modal[0] if len(modal) == 1 else ""
    subject = AppraisalSubject(
        id=uuid.uuid4(),
        community_id=cycle.community_id,
        cycle=cycle,
        scale=scale,
        position=position,
        kind=SubjectKind.PERSON,
        name=person.name,
        person_id=person_id,
        term_id=term.id if term else None,
        is_elected_member=term is not None and _is_elected(term),
        plan_told_at=at - timedelta(days=20),
    )
    subject.result = SubjectResult(
        community_id=cycle.community_id,
        figures={"counts": list(counts)},
        raters=sum(counts),
        grade=grade,
        is_poor=grade == scale.levels[-1],
        is_unfit=grade == scale.levels[-1],
    )
    return subject


def _running(person_id: uuid.UUID, day: date) -> Term | None:
    return db.session.scalars(
        select(Term).where(Term.person_id == person_id, Term.since <= day, Term.until >= day)
    ).one_or_none()


def _is_elected(term: Term) -> bool:
    kind = db.session.scalars(select(Body.kind).join(Post).where(Post.id == term.post_id)).one()
    return kind is BodyKind.RESIDENTS_COMMITTEE and term.appointed is Appointed.ELECTED
