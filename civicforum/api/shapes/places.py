"""Shapes of communities, their bodies, their rules, departments from outside and service ratings."""

from __future__ import annotations

import uuid
from datetime import date

from pydantic import Field

from civicforum.api.shapes.common import Exact, Path, Sha256, Shape
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.departments.rules import DepartmentKind
from civicforum.ratings.rules import RatingLevel
from civicforum.rulebook import Level


class CommunityShape(Shape):
    """A community that this site serves."""

    id: uuid.UUID
    name: str
    subdistrict: str
    district: str | None
    city: str | None
    is_demonstration: bool
    introduction: str
    rules: str
    rules_version: str


class CommunityList(Shape):
    """Every community of the site."""

    items: list[CommunityShape]


class HeadShape(Shape):
    """Where a community's journal ends."""

    community: uuid.UUID
    sequence: int
    hash: Sha256


class HolderShape(Shape):
    """Somebody who holds a post now."""

    name: str
    appointed: Appointed
    since: date
    until: date


class PostShape(Shape):
    """A post with those who hold it now."""

    kind: PostKind
    title: str
    seats: int
    holders: list[HolderShape]


class BodyShape(Shape):
    """A body that exists now, with its posts."""

    id: uuid.UUID
    kind: BodyKind
    name: str
    duty: str
    founded_on: date
    posts: list[PostShape]
    path: Path


class RuleShape(Shape):
    """A rule in force, with its source and its words."""

    id: str
    kind: str
    value: str
    level: Level
    source_zh: str
    source_en: str
    articles: list[int]
    in_force_from: date
    until: date | None
    set_by: str = Field(description="The profile that gave the value.")
    text_zh: str
    text_en: str
    path: Path


class RuleList(Shape):
    """Every rule in force in a community today."""

    profile: str
    version: str
    title_zh: str
    title_en: str
    items: list[RuleShape]


class DepartmentShape(Shape):
    """A department or firm that works here, and what became of the opinions on it."""

    id: uuid.UUID
    kind: DepartmentKind
    name: str
    duty: str
    phone: str = Field(description="The number of the office, for residents to call.")
    since: date
    until: date | None
    opinions: int
    in_time: int | None
    settled: int | None
    reply_rate: Exact | None = Field(description="Replied in time; null under so few that it says nothing.")
    path: Path


class LevelCount(Shape):
    """How often a level was given."""

    level: RatingLevel
    count: int


class RatingMonthShape(Shape):
    """A monthly publication of the ratings of the service station: all ratings published until then."""

    id: uuid.UUID
    published_on: date
    counts: list[LevelCount]
    satisfied: int
    total: int
