"""The election committee: how it is formed, who has to leave it, who follows; and how many seats are filled.

    require(*judge_formation(book, members, kin))
    for leaving in leavings(book, places, nominated, kin): ...
    successor(book, places, nominated, kin)

Source: 城市居民委员会组织法 arts 8 and 15; sizes are local rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from civicforum.bodies.rules import SIZE_RULE, BodyKind, PostKind, post_name
from civicforum.elections.law import Kin, none_of, relatives_of
from civicforum.elections.rules import LeftGround
from civicforum.rulebook import Pairs, Rulebook, Verdict

SIZE = SIZE_RULE[BodyKind.ELECTION_COMMITTEE]
APART = "posts.election_committee"
LEAVES_WHEN_NOMINATED = "posts.candidate"
MEMBER = post_name(BodyKind.ELECTION_COMMITTEE, PostKind.MEMBER)
CANDIDATE = "candidate"


@dataclass(frozen=True)
class Place:
    """Somebody chosen to the election committee, or to follow on it.

    Attributes:
        position: in the order of votes, from 1.
        is_member: has a post on it now; otherwise waits to follow.
        absences: meetings missed one after the other.
        has_left: was on it, and does not come back.
    """

    person_id: uuid.UUID
    position: int
    is_member: bool = True
    absences: int = 0
    has_left: bool = False


@dataclass(frozen=True)
class Leaving:
    """A member who is no longer one, why, and by which rule."""

    person_id: uuid.UUID
    ground: LeftGround
    verdict: Verdict


def judge_formation(book: Rulebook, members: Collection[uuid.UUID], kin: Kin) -> list[Verdict]:
    """Judge a committee as it is about to be formed: its size, its odd number, nobody beside near kin."""
    return [
        book.count(SIZE).judge(len(members)),
        judge_odd(book, len(members)),
        judge_apart(book, members, kin),
    ]


def judge_odd(book: Rulebook, members: int) -> Verdict:
    """Judge that the number is odd, where the profile asks for it, as in "7 = 2 × 3 + 1"."""
    switch = book.switch("election.committee.odd")
    half, rest = divmod(members, 2)
    arithmetic = f"{members} = 2 × {half}" + (" + 1" if rest else "")
    return Verdict(rest == 1 or not switch.on, arithmetic, switch)


def judge_apart(book: Rulebook, members: Collection[uuid.UUID], kin: Kin) -> Verdict:
    """Judge that no two members are near relatives; the number is that of pairs."""
    rule = _pairs(book, APART)
    together = sum(pair <= set(members) for pair in kin)
    return none_of(rule, together if rule.forbids(MEMBER, MEMBER, related=True) else 0)


def leavings(
    book: Rulebook, places: Iterable[Place], nominated: Collection[uuid.UUID], kin: Kin
) -> list[Leaving]:
    """Return which members have to leave: nominated, with a relative who is, or absent too often running."""
    return [
        leaving
        for place in places
        if place.is_member and not place.has_left
        if (leaving := _leaving(book, place, nominated, kin)) is not None
    ]


def successor(
    book: Rulebook, places: Iterable[Place], nominated: Collection[uuid.UUID], kin: Kin
) -> Place | None:
    """Return who follows on a free place, in the order of votes; None where the assembly chooses anew.

    Passed over is whoever would have to leave again at once, or would sit beside a near relative.
    """
    if not book.switch("election.committee.next_in_order").on:
        return None
    known = sorted(places, key=lambda place: place.position)
    sitting = {place.person_id for place in known if place.is_member and not place.has_left}
    for place in known:
        if place.is_member or place.has_left or _barred(book, place.person_id, nominated, kin) is not None:
            continue
        if judge_apart(book, {*sitting, place.person_id}, kin).holds:
            return place
    return None


def judge_seats(book: Rulebook, body: BodyKind, seats: Sequence[int]) -> Verdict | None:
    """Judge how many seats an election fills of a whole body; None where no rule sets a size.

    Args:
        seats: of each post.
    """
    return book.count(SIZE_RULE[body]).judge(sum(seats)) if body in SIZE_RULE else None


def _leaving(book: Rulebook, place: Place, nominated: Collection[uuid.UUID], kin: Kin) -> Leaving | None:
    if (barred := _barred(book, place.person_id, nominated, kin)) is not None:
        return barred
    # The rule is a count that ends the place once it is reached.
    missed = book.count("election.committee.absences").judge(place.absences)
    return Leaving(place.person_id, LeftGround.ABSENT, missed) if missed.holds else None


def _barred(
    book: Rulebook, person_id: uuid.UUID, nominated: Collection[uuid.UUID], kin: Kin
) -> Leaving | None:
    rule = _pairs(book, LEAVES_WHEN_NOMINATED)
    if person_id in nominated and rule.forbids(MEMBER, CANDIDATE):
        return Leaving(person_id, LeftGround.NOMINATED, none_of(rule, 1))
    relatives = len(relatives_of(person_id, kin).intersection(nominated))
    if relatives and rule.forbids(MEMBER, CANDIDATE, related=True):
        return Leaving(person_id, LeftGround.RELATIVE_NOMINATED, none_of(rule, relatives))
    return None


def _pairs(book: Rulebook, rule_id: str) -> Pairs:
    return next(rule for rule in book.pairs() if rule.id == rule_id)
