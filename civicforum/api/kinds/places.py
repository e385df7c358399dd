"""Bodies, departments from outside, and the ratings of the service station."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from civicforum import rulebook
from civicforum.api.filters import ListFilters
from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.shapes.places import (
    BodyShape,
    DepartmentShape,
    HolderShape,
    LevelCount,
    PostShape,
    RatingMonthShape,
)
from civicforum.bodies.models import Body
from civicforum.bodies.queries import BodyLine, PostLine, with_posts
from civicforum.departments.models import Department
from civicforum.departments.queries import count_replies
from civicforum.departments.rules import LEAST_RULE, Replies
from civicforum.ratings.models import RatingPublication
from civicforum.ratings.publishing import TOGETHER, TOTAL
from civicforum.ratings.queries.station import counts_of
from civicforum.rulebook.days import day_of


def _select_bodies(scope: Scope, _filters: ListFilters) -> Select[Any]:
    return select(Body).where(Body.community_id == scope.community_id, Body.dissolved_on.is_(None))


def _write_bodies(scope: Scope, bodies: Sequence[Body]) -> list[BodyShape]:
    return [_body(line) for line in with_posts(scope.session, bodies, day_of(scope.now))]


def _body(line: BodyLine) -> BodyShape:
    body = line.body
    return BodyShape(
        id=body.id,
        kind=body.kind,
        name=body.name,
        duty=body.duty,
        founded_on=body.founded_on,
        posts=[_post(post) for post in line.posts],
        path=url_for("bodies.show", body_id=body.id),
    )


def _post(line: PostLine) -> PostShape:
    return PostShape(
        kind=line.post.kind,
        title=line.post.title,
        seats=line.post.seats,
        holders=[
            HolderShape(
                name=term.person.name,
                appointed=term.appointed,
                since=term.since,
                until=term.ended_on or term.until,
            )
            for term in line.terms
        ],
    )


def _select_departments(scope: Scope, _filters: ListFilters) -> Select[Any]:
    return select(Department).where(Department.community_id == scope.community_id)


def _write_departments(scope: Scope, departments: Sequence[Department]) -> list[DepartmentShape]:
    least = rulebook.load(scope.community.profile).count(LEAST_RULE).least or 1
    replies = count_replies(scope.session, department_ids=[one.id for one in departments], now=scope.now)
    return [_department(one, replies.get(one.id, Replies()), least) for one in departments]


def _department(one: Department, replies: Replies, least: int) -> DepartmentShape:
    rate = replies.rate(least)
    return DepartmentShape(
        id=one.id,
        kind=one.kind,
        name=one.name,
        duty=one.duty,
        phone=one.phone,
        since=one.since,
        until=one.until,
        opinions=replies.total,
        in_time=None if rate is None else replies.in_time,
        settled=None if rate is None else replies.settled,
        reply_rate=rate,
        path=url_for("departments.show", department_id=one.id),
    )


def _select_ratings(scope: Scope, _filters: ListFilters) -> Select[Any]:
    return select(RatingPublication).where(RatingPublication.community_id == scope.community_id)


def _write_ratings(_scope: Scope, publications: Sequence[RatingPublication]) -> list[RatingMonthShape]:
    return [_month(publication) for publication in publications]


def _month(publication: RatingPublication) -> RatingMonthShape:
    counts = counts_of(publication.figures[TOTAL][TOGETHER])
    return RatingMonthShape(
        id=publication.id,
        published_on=publication.published_on,
        counts=[LevelCount(level=level, count=count) for level, count in counts.by_level.items()],
        satisfied=counts.satisfied,
        total=counts.total,
    )


BODIES = Kind(
    name="bodies",
    summary="Bodies that exist now, their posts and who holds them, oldest first",
    shape=BodyShape,
    filters=ListFilters,
    select=_select_bodies,
    key=(Body.founded_on, Body.id),
    write=_write_bodies,
    is_descending=False,
)
DEPARTMENTS = Kind(
    name="departments",
    summary="Departments and firms that work here, and whether they reply to residents",
    shape=DepartmentShape,
    filters=ListFilters,
    select=_select_departments,
    key=(Department.since, Department.id),
    write=_write_departments,
    is_descending=False,
)
RATINGS = Kind(
    name="service-ratings",
    summary="Monthly publications of the ratings of the service station, the latest first",
    shape=RatingMonthShape,
    filters=ListFilters,
    select=_select_ratings,
    key=(RatingPublication.published_on, RatingPublication.id),
    write=_write_ratings,
)
