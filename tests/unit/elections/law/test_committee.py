"""The residents' committee and the election committee: arts 8, 14 and 15, and the local rules beside them."""

from __future__ import annotations

from datetime import date

import pytest

from civicforum.bodies.rules import BodyKind, Holding, PostKind, default_until, find_conflict, post_name
from civicforum.elections.calendar import judge_renewal
from civicforum.elections.committees import (
    Place,
    judge_apart,
    judge_formation,
    judge_odd,
    judge_seats,
    leavings,
    successor,
)
from civicforum.elections.law import require
from civicforum.elections.rules import LeftGround
from civicforum.elections.verdicts import judge_women
from civicforum.errors import RuleRefused
from civicforum.people.rules import KinshipKind
from tests.support.law import BOOK, at, book_with, people, person, related

MEMBER = post_name(BodyKind.RESIDENTS_COMMITTEE, PostKind.MEMBER)
DIRECTOR = post_name(BodyKind.RESIDENTS_COMMITTEE, PostKind.DIRECTOR)
NOBODY = related()


@pytest.mark.law("B1", "committee.size")
@pytest.mark.parametrize(
    ("members", "holds"), [(2, False), (3, True), (4, True), (6, True), (7, True), (8, False)]
)
def test_art_8_director_deputy_and_members_are_five_to_nine(members: int, holds: bool) -> None:
    # One director and one deputy: 1 + 1 + 3 = 5 and 1 + 1 + 7 = 9.
    verdict = judge_seats(BOOK, BodyKind.RESIDENTS_COMMITTEE, (1, 1, members))
    assert verdict is not None
    assert verdict.holds is holds
    assert "第八条" in verdict.rule.article


@pytest.mark.law("B1", "committee.women")
@pytest.mark.parametrize(("women", "holds"), [(0, False), (1, True), (2, True)])
def test_art_8_at_least_one_woman_is_on_the_committee(women: int, holds: bool) -> None:
    verdict = judge_women(BOOK, BodyKind.RESIDENTS_COMMITTEE, women)
    assert verdict is not None
    assert verdict.holds is holds


@pytest.mark.law("B1", "posts.near_relatives")
@pytest.mark.parametrize(("holder", "is_refused"), [(person(2), True), (person(3), False)])
def test_art_8_near_relatives_do_not_serve_together(holder: object, is_refused: bool) -> None:
    conflict = find_conflict(
        MEMBER,
        person_id=person(1),
        holdings=[Holding(holder, "张三", DIRECTOR, "主任")],  # type: ignore[arg-type]
        kin={person(2): KinshipKind.SIBLING},
        pairs=BOOK.pairs(),
    )
    assert (conflict is not None) is is_refused


@pytest.mark.law("B2", "committee.term_years")
def test_art_14_a_term_is_five_years_to_the_day() -> None:
    assert default_until(BodyKind.RESIDENTS_COMMITTEE, date(2026, 4, 12), BOOK) == date(2031, 4, 11)


@pytest.mark.law("B2", "committee.late_renewal")
@pytest.mark.parametrize(
    ("polling_day", "holds"),
    [(date(2026, 9, 29), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
)
def test_local_a_renewal_is_at_most_six_months_late(polling_day: date, holds: bool) -> None:
    assert judge_renewal(BOOK, at(date(2026, 3, 30)), at(polling_day)).holds is holds


@pytest.mark.law("B9", "election.committee.size")
@pytest.mark.parametrize(
    ("members", "holds"), [(4, False), (5, True), (6, True), (8, True), (9, True), (10, False)]
)
def test_local_the_election_committee_has_five_to_nine_members(members: int, holds: bool) -> None:
    size, _odd, _apart = judge_formation(BOOK, people(members), NOBODY)
    assert size.holds is holds


@pytest.mark.law("B9", "election.committee.odd")
@pytest.mark.parametrize(("members", "holds"), [(6, False), (7, True), (8, False)])
def test_local_the_number_of_the_election_committee_is_odd(members: int, holds: bool) -> None:
    assert judge_odd(BOOK, members).holds is holds
    assert judge_odd(book_with("election.committee.odd", on=False), members).holds


@pytest.mark.law("B9", "posts.election_committee")
def test_local_near_relatives_are_not_on_the_election_committee_together() -> None:
    members = people(5)
    assert judge_apart(BOOK, members, related((person(5), person(6)))).holds
    verdict = judge_apart(BOOK, members, related((person(1), person(2)), (person(3), person(9))))
    assert not verdict.holds
    assert verdict.arithmetic == "1 > 0"
    with pytest.raises(RuleRefused):
        require(*judge_formation(BOOK, members, related((person(1), person(2)))))


@pytest.mark.law("B9", "posts.candidate")
def test_art_15_a_nominated_member_or_one_whose_relative_is_leaves_the_committee() -> None:
    places = [Place(one, number) for number, one in enumerate(people(5), start=1)]
    kin = related((person(2), person(8)), (person(3), person(9)))
    left = leavings(BOOK, places, {person(1), person(8)}, kin)
    assert [(one.person_id, one.ground) for one in left] == [
        (person(1), LeftGround.NOMINATED),
        (person(2), LeftGround.RELATIVE_NOMINATED),
    ]
    assert "第十五条" in left[0].verdict.rule.article
    assert leavings(BOOK, places, set(), kin) == []


@pytest.mark.law("B9", "election.committee.absences")
@pytest.mark.parametrize(("absences", "has_left"), [(1, False), (2, True), (3, True)])
def test_local_who_misses_two_meetings_running_has_left(absences: int, has_left: bool) -> None:
    left = leavings(BOOK, [Place(person(1), 1, absences=absences)], set(), NOBODY)
    assert [one.ground for one in left] == ([LeftGround.ABSENT] if has_left else [])


@pytest.mark.law("B9", "election.committee.next_in_order")
def test_art_15_who_follows_is_next_in_the_order_of_votes_and_free_to_serve() -> None:
    sitting = [Place(one, number) for number, one in enumerate(people(4), start=1)]
    gone = Place(person(5), 5, has_left=True)
    waiting = [Place(one, number, is_member=False) for number, one in enumerate(people(4, first=6), start=6)]
    places = [*reversed(waiting), gone, *sitting]
    assert successor(BOOK, places, set(), NOBODY) == waiting[0]
    # The sixth is nominated, the seventh a relative of a member, the eighth of a nominee: the ninth follows.
    kin = related((person(7), person(1)), (person(8), person(6)))
    assert successor(BOOK, places, {person(6)}, kin) == waiting[3]
    assert successor(BOOK, sitting, set(), NOBODY) is None
    chosen_anew = book_with("election.committee.next_in_order", on=False)
    assert successor(chosen_anew, places, set(), NOBODY) is None
