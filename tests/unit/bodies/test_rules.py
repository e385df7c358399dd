from __future__ import annotations

import uuid
from datetime import date
from itertools import product

import pytest

from civicforum import rulebook
from civicforum.bodies.rules import (
    BodyKind,
    Holding,
    PostKind,
    composition,
    default_until,
    find_conflict,
    last_day,
    most_at_once,
    post_name,
)
from civicforum.people.rules import KinshipKind

NATIONAL = rulebook.load("national-2026")
NANHAI = rulebook.load("nanhai-sample")
ME, RELATIVE, STRANGER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
_B = BodyKind

# Law, arts 8, 15 and 36, and the rule of the Ministry that relatives do not share the election committee.
SAME_PERSON = {frozenset({_B.RESIDENTS_COMMITTEE, _B.SUPERVISION_COMMITTEE})}
RELATIVES = {
    frozenset({_B.RESIDENTS_COMMITTEE}),
    frozenset({_B.RESIDENTS_COMMITTEE, _B.SUPERVISION_COMMITTEE}),
    frozenset({_B.ELECTION_COMMITTEE}),
}


def conflict_rule(book: rulebook.Rulebook, new: str, held: str, holder: uuid.UUID) -> str | None:
    conflict = find_conflict(
        new,
        person_id=ME,
        holdings=[Holding(holder, "张三", held, held)],
        kin={RELATIVE: KinshipKind.SIBLING},
        pairs=book.pairs(),
    )
    return conflict.rule.id if conflict else None


@pytest.mark.parametrize(("new", "held"), list(product(BodyKind, BodyKind)))
def test_every_pair_of_bodies(new: BodyKind, held: BodyKind) -> None:
    first, second = post_name(new, PostKind.MEMBER), post_name(held, PostKind.MEMBER)
    pair = frozenset({new, held})
    assert (conflict_rule(NATIONAL, first, second, ME) is not None) == (pair in SAME_PERSON)
    assert (conflict_rule(NATIONAL, first, second, RELATIVE) is not None) == (pair in RELATIVES)
    assert conflict_rule(NATIONAL, first, second, STRANGER) is None


@pytest.mark.parametrize(("new", "held"), list(product(PostKind, PostKind)))
def test_every_pair_of_posts_of_committee_and_supervision(new: PostKind, held: PostKind) -> None:
    first, second = post_name(_B.RESIDENTS_COMMITTEE, new), post_name(_B.SUPERVISION_COMMITTEE, held)
    assert conflict_rule(NATIONAL, first, second, ME) == "posts.supervision"
    assert conflict_rule(NATIONAL, second, first, RELATIVE) == "posts.near_relatives"


@pytest.mark.parametrize("post", PostKind)
def test_co_operative_is_barred_by_a_local_profile_only(post: PostKind) -> None:
    manager = post_name(_B.ECONOMIC_COOPERATIVE, PostKind.MANAGER)
    member = post_name(_B.RESIDENTS_COMMITTEE, post)
    assert conflict_rule(NATIONAL, member, manager, ME) is None
    assert conflict_rule(NANHAI, member, manager, ME) == "posts.economic_separation"
    in_party = post_name(_B.PARTY_COMMITTEE, post)
    expected = "posts.economic_separation" if post is PostKind.SECRETARY else None
    assert conflict_rule(NANHAI, in_party, manager, ME) == expected


def test_party_and_owners_committee_may_be_held_beside_the_residents_committee() -> None:
    member = post_name(_B.RESIDENTS_COMMITTEE, PostKind.DIRECTOR)
    for body in (_B.PARTY_COMMITTEE, _B.OWNERS_COMMITTEE):
        for book in (NATIONAL, NANHAI):
            assert conflict_rule(book, member, post_name(body, PostKind.MEMBER), ME) is None


def test_most_at_once_counts_the_fullest_day() -> None:
    year, spans = 2026, [(1, 3), (4, 6), (2, 5)]
    days = [(date(year, first, 1), date(year, last, 28)) for first, last in spans]
    assert most_at_once(days, date(year, 1, 1), date(year, 12, 31)) == 2
    assert most_at_once(days, date(year, 1, 1), date(year, 1, 31)) == 1
    assert most_at_once(days, date(year, 3, 28), date(year, 3, 28)) == 2
    assert most_at_once(days, date(year, 7, 1), date(year, 8, 1)) == 0
    assert most_at_once([], date(year, 7, 1), date(year, 8, 1)) == 0


def test_term_of_whole_years_ends_the_day_before() -> None:
    assert last_day(date(2026, 3, 2), 5) == date(2031, 3, 1)
    assert last_day(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert default_until(_B.RESIDENTS_COMMITTEE, date(2026, 3, 2), NATIONAL) == date(2031, 3, 1)
    assert default_until(_B.MEDIATION_COMMITTEE, date(2026, 3, 2), NATIONAL) == date(2029, 3, 1)


@pytest.mark.parametrize(("holders", "holds"), [(4, False), (5, True), (9, True), (10, False)])
def test_committee_has_five_to_nine_members(holders: int, holds: bool) -> None:
    size, women = composition(_B.RESIDENTS_COMMITTEE, holders=holders, women=1, households=0, book=NATIONAL)
    assert (size.holds, women.holds) == (holds, True)


def test_committee_without_a_woman_is_a_warning() -> None:
    _size, women = composition(_B.RESIDENTS_COMMITTEE, holders=5, women=0, households=0, book=NATIONAL)
    assert (women.holds, women.arithmetic, women.rule.article_short) == (False, "0 < 1", "art 8")


def test_one_representative_for_twenty_to_fifty_households() -> None:
    (ratio,) = composition(_B.REPRESENTATIVE_ASSEMBLY, holders=25, women=9, households=1300, book=NATIONAL)
    assert not ratio.holds
    assert composition(_B.SERVICE_STATION, holders=1, women=0, households=1300, book=NATIONAL) == []
