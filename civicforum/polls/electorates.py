"""Who goes on a roll, and on what ground: residents by capacity, one of each household, or holders of posts.

A ground is a key that pages put into words, such as "capacity.hukou", "household.chosen",
"household.eldest" or "post.representative_assembly.representative". Who has several grounds is listed once,
with the strongest: capacities in the order of `STRENGTH`, posts in the order of `PostKind`.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.people.rules import CapacityKind, age_on
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import add_months, day_of

# 城市居民委员会组织法 art 16 names the first three, in this order.
STRENGTH = (
    CapacityKind.HUKOU,
    CapacityKind.USUAL_RESIDENCE,
    CapacityKind.COMMUNITY_WORKER,
    CapacityKind.OWNER,
    CapacityKind.COLLECTIVE_MEMBER,
    CapacityKind.PARTY_MEMBER,
)
STATUTORY = frozenset(STRENGTH[:3])
BY_RULING = "ruling"


class Basis(StrEnum):
    """What a roll is drawn from: the three ways of electing (城市居民委员会组织法 art 14), and their kin."""

    CAPACITIES = "capacities"
    HOUSEHOLDS = "households"
    POSTS = "posts"


class DrawFault(StrEnum):
    """Why a draw makes no roll."""

    NO_CAPACITY = "no_capacity"
    NOT_STATUTORY = "not_statutory"
    NO_POST = "no_post"
    NOT_ENTITLED = "not_entitled"
    TWO_OF_A_HOUSEHOLD = "two_of_a_household"


@dataclass(frozen=True)
class Draw:
    """Who goes on the roll; `Poll.draw` keeps it as JSON.

    Attributes:
        capacities: of which one is enough; for households, what makes somebody fit to stand for theirs.
        posts: (id of the body, kind of post) whose holders on the day of opening are meant.
        groups, grids: ids of the residents' groups and grids whose people alone are meant; empty for all.
        chosen: ids of those whom their households chose; any other household sends its eldest.
    """

    basis: Basis
    capacities: tuple[CapacityKind, ...] = ()
    posts: tuple[tuple[uuid.UUID, PostKind], ...] = ()
    groups: tuple[uuid.UUID, ...] = ()
    grids: tuple[uuid.UUID, ...] = ()
    chosen: tuple[uuid.UUID, ...] = ()


def draw_as_json(draw: Draw) -> dict[str, Any]:
    """Return a draw as `Poll.draw` keeps it."""
    return {
        "basis": draw.basis.value,
        "capacities": [kind.value for kind in draw.capacities],
        "posts": [[str(body_id), kind.value] for body_id, kind in draw.posts],
        "groups": [str(one) for one in draw.groups],
        "grids": [str(one) for one in draw.grids],
        "chosen": [str(one) for one in draw.chosen],
    }


def draw_from_json(written: Mapping[str, Any]) -> Draw:
    """Return the draw that `draw_as_json` wrote."""
    return Draw(
        basis=Basis(written["basis"]),
        capacities=tuple(CapacityKind(kind) for kind in written["capacities"]),
        posts=tuple((uuid.UUID(body_id), PostKind(kind)) for body_id, kind in written["posts"]),
        groups=tuple(uuid.UUID(one) for one in written["groups"]),
        grids=tuple(uuid.UUID(one) for one in written["grids"]),
        chosen=tuple(uuid.UUID(one) for one in written["chosen"]),
    )


def fault_of_draw(draw: Draw, *, is_statutory: bool, book: Rulebook) -> DrawFault | None:
    """Return why nobody can be drawn so; in an election only the capacities of the law entitle."""
    if draw.basis is Basis.POSTS:
        return None if draw.posts else DrawFault.NO_POST
    if not draw.capacities:
        return DrawFault.NO_CAPACITY
    allowed = STATUTORY
    if not book.switch("roll.usual_residents").on:
        allowed -= {CapacityKind.USUAL_RESIDENCE}
    return DrawFault.NOT_STATUTORY if is_statutory and not allowed.issuperset(draw.capacities) else None


@dataclass(frozen=True)
class Terms:
    """The days and limits by which somebody is entitled, as the poll's rulebook has them.

    Attributes:
        drawn_on: a capacity has to hold on this day, and to last till `opens_on`.
        age_on: the day on which age is counted.
        worker_months: how long a community worker has to have been employed here when the poll opens.
    """

    drawn_on: date
    opens_on: date
    age_on: date
    voting_age: int
    worker_months: int


def terms_of(book: Rulebook, *, opens_at: datetime, now: datetime) -> Terms:
    """Return the terms of a roll drawn now for a poll that opens then."""
    drawn_on, opens_on = day_of(now), day_of(opens_at)
    return Terms(
        drawn_on=drawn_on,
        opens_on=opens_on,
        age_on=opens_on if book.switch("roll.age_on_election_day").on else drawn_on,
        voting_age=book.count("roll.voting_age").least or 0,
        worker_months=book.clock("roll.social_worker").months,
    )


@dataclass(frozen=True)
class Held:
    """A capacity and when it holds; `until` is its last day."""

    kind: CapacityKind
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody who may come on the roll: by capacities, or by posts as (kind of body, kind of post)."""

    person_id: uuid.UUID
    name: str
    number: str
    group_name: str
    household_id: uuid.UUID
    born_on: date
    left_on: date | None = None
    capacities: tuple[Held, ...] = ()
    posts: tuple[tuple[BodyKind, PostKind], ...] = ()


@dataclass(frozen=True)
class Drawn:
    """Somebody on the roll, and on what ground."""

    candidate: Candidate
    ground: str


def ground_of(candidate: Candidate, draw: Draw, terms: Terms) -> str | None:
    """Return the strongest ground on which somebody is entitled by themselves, or None."""
    if candidate.left_on is not None and candidate.left_on < terms.opens_on:
        return None
    if draw.basis is Basis.POSTS:
        return _ground_of_posts(candidate)
    # Source: 城市居民委员会组织法 art 16.
    if age_on(candidate.born_on, terms.age_on) < terms.voting_age:
        return None
    held = {one.kind for one in candidate.capacities if _holds(one, terms)}
    kinds = [kind for kind in STRENGTH if kind in held and kind in draw.capacities]
    return f"capacity.{kinds[0]}" if kinds else None


def compose(candidates: Sequence[Candidate], draw: Draw, terms: Terms) -> list[Drawn] | DrawFault:
    """Return the roll in its order, or why those chosen by their households cannot stand for them.

    The order is group, name, number: it is the same on every machine.
    """
    entitled = [
        Drawn(candidate, ground)
        for candidate in candidates
        if (ground := ground_of(candidate, draw, terms)) is not None
    ]
    if draw.basis is Basis.HOUSEHOLDS:
        found = _one_of_each_household(entitled, draw)
        if isinstance(found, DrawFault):
            return found
        entitled = found
    return sorted(entitled, key=lambda drawn: order_key(drawn.candidate))


def order_key(candidate: Candidate) -> tuple[object, ...]:
    """Return by what a roll is sorted."""
    group, name = candidate.group_name, candidate.name
    return (natural_key(group), group, name.encode("gb18030"), candidate.number)


def _ground_of_posts(candidate: Candidate) -> str | None:
    order = list(PostKind)
    posts = sorted(candidate.posts, key=lambda post: (order.index(post[1]), post[0]))
    return f"post.{posts[0][0]}.{posts[0][1]}" if posts else None


def _holds(held: Held, terms: Terms) -> bool:
    if held.since > terms.drawn_on or (held.until is not None and held.until < terms.opens_on):
        return False
    if held.kind is not CapacityKind.COMMUNITY_WORKER:
        return True
    return add_months(held.since, terms.worker_months) <= terms.opens_on


def _one_of_each_household(entitled: Iterable[Drawn], draw: Draw) -> list[Drawn] | DrawFault:
    homes: dict[uuid.UUID, list[Candidate]] = defaultdict(list)
    for drawn in entitled:
        homes[drawn.candidate.household_id].append(drawn.candidate)
    chosen = set(draw.chosen)
    if chosen - {one.person_id for home in homes.values() for one in home}:
        return DrawFault.NOT_ENTITLED
    entries = []
    for home in homes.values():
        named = [one for one in home if one.person_id in chosen]
        if len(named) > 1:
            return DrawFault.TWO_OF_A_HOUSEHOLD
        eldest = min(home, key=lambda one: (one.born_on, one.number))
        ground = "household.chosen" if named else "household.eldest"
        entries.append(Drawn(named[0] if named else eldest, ground))
    return entries


_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


@lru_cache(maxsize=1024)
def natural_key(text: str) -> tuple[tuple[str, int], ...]:
    """Return a key by which 第二 comes before 第十, and 9 before 10.

    Words go by their bytes in GB 18030, which has the common characters in the order of their pinyin.
    """
    parts = re.findall(r"[0-9]+|[〇一二三四五六七八九十]+|[^0-9〇一二三四五六七八九十]+", text)
    key = []
    for part in parts:
        number = _number(part)
        key.append((part.encode("gb18030").hex(), 0) if number is None else ("", number))
    return tuple(key)


def _number(part: str) -> int | None:
    """Return a number below a hundred written with 十, or one in digits of either kind; None for words."""
    if part.isascii() and part.isdigit():
        return int(part)
    tens, ten, ones = part.partition("十")
    if not set(tens + ones) <= _DIGITS.keys():
        return None
    if ten:
        return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[0]] if ones else 0)
    return int("".join(str(_DIGITS[digit]) for digit in part)) if part else None
