"""Counted and certified cycles for tests, from counts made by hand. Wants an app context; keep ids."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select, update

from civicforum.accounts.rules import Actor
from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.models import Cycle, RaterGroup
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.appraisals.services import certifying, publishing
from civicforum.appraisals.services.counting import count_locked
from civicforum.appraisals.services.steps import lock_to_lead
from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db, transaction
from civicforum.people.models import Community
from tests.factories import NOW, actor_of, make_account, make_person, make_term
from tests.support.appraisals import (
    Town,
    make_town,
    plan_kind,
    post,
    posted_halfyear,
    roll_of_residents,
    subject_ids,
)

DAY = timedelta(days=1)
# The evening of the assembly; the plan was posted on 2 March.
COUNTED = NOW + 30 * DAY
GOOD, FAIR, POOR = (9, 3, 1, 0), (3, 8, 2, 1), (1, 2, 3, 7)


@dataclass(frozen=True)
class Counted:
    """A cycle that was counted, of a town with two supervisors."""

    town: Town
    second: Actor
    cycle_id: uuid.UUID
    subjects: list[uuid.UUID]


def make_second(town: Town, *, login: str = "second") -> Actor:
    """Seat somebody else on the supervision committee."""
    community = db.session.get_one(Community, town.community_id)
    post = db.session.scalars(
        select(Post)
        .join(Body, Body.id == Post.body_id)
        .where(Body.community_id == community.id, Body.kind == BodyKind.SUPERVISION_COMMITTEE)
    ).first()
    assert post is not None
    person = make_person(community, name="吴监督")
    make_term(person, post)
    make_account(person, login=login)
    return actor_of(person, Role.SUPERVISOR)


def start_rating(cycle_id: uuid.UUID, town: Town, *, now: datetime = COUNTED) -> None:
    """Put a posted cycle into the state in which it is rated, without boxes."""
    with transaction() as session:
        session.execute(
            update(Cycle)
            .where(Cycle.id == cycle_id)
            .values(state=CycleState.RATING, opened_at=now, chaired_by_id=town.supervisor.person_id)
        )


def hand_counts(
    cycle_id: uuid.UUID, levels: Mapping[str, Sequence[Sequence[int]]], **changes: Any
) -> list[GroupCount]:
    """Return the counts of a cycle's groups: by group, a row for each subject; no rows are a shut box."""
    subjects = subject_ids(cycle_id)
    groups = db.session.scalars(
        select(RaterGroup).where(RaterGroup.cycle_id == cycle_id).order_by(RaterGroup.position)
    ).all()
    return [_count(group, subjects, levels[group.name], changes) for group in groups]


def _count(
    group: RaterGroup, subjects: list[uuid.UUID], rows: Sequence[Sequence[int]], changes: Mapping[str, Any]
) -> GroupCount:
    values: dict[str, Any] = {
        "entitled": 20,
        "forms": max((sum(row) for row in rows), default=4),
        "invalid": 0,
        **changes,
    }
    return GroupCount(
        group_id=group.id,
        name=group.name,
        basis=group.basis,
        weight=Fraction(group.weight_numerator, group.weight_denominator),
        least=group.least,
        levels={one: tuple(row) for one, row in zip(subjects, rows, strict=False)},
        **values,
    )


def count_by_hand(
    town: Town,
    cycle_id: uuid.UUID,
    levels: Mapping[str, Sequence[Sequence[int]]],
    *,
    now: datetime = COUNTED,
    **changes: Any,
) -> None:
    """Count a cycle from these figures; `changes` are of every group."""
    start_rating(cycle_id, town, now=now)
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=town.supervisor)
        groups = hand_counts(cycle_id, levels, **changes)
        count_locked(session, cycle, groups, actor=town.supervisor, now=now)


def make_counted(
    *,
    town: Town | None = None,
    cycle_id: uuid.UUID | None = None,
    rows: Sequence[Sequence[int]] = (GOOD, FAIR, POOR),
    now: datetime = COUNTED,
    **changes: Any,
) -> Counted:
    """Count the half-yearly reports of secretary, station head and director: good, fair and poor."""
    town = town or make_town()
    second = make_second(town)
    cycle_id = cycle_id or posted_halfyear(town)
    count_by_hand(town, cycle_id, {"居民代表": rows}, now=now, **changes)
    return Counted(town, second, cycle_id, subject_ids(cycle_id))


def make_certified(*, is_posted: bool = True, now: datetime = COUNTED, **changes: Any) -> Counted:
    """Count, certify by the second supervisor a day later, and post on the same day."""
    made = make_counted(now=now, **changes)
    certifying.certify(cycle_id=made.cycle_id, actor=made.second, now=now + DAY)
    if is_posted:
        publishing.publish_result(cycle_id=made.cycle_id, actor=made.second, now=now + DAY)
    return made


def posted_again(town: Town, held_at: datetime) -> uuid.UUID:
    """Post another half-yearly cycle twenty days before `held_at`, with one group on a roll."""
    now = held_at - 20 * DAY
    group = roll_of_residents(name="居民代表", closes_at=held_at + DAY)
    terms: dict[str, Any] = {"groups": (group,), "meeting_id": None, "held_on": held_at.date()}
    return post(town, plan_kind(town, CycleKind.DUTY_REPORTS, now=now, **terms), now=now)
