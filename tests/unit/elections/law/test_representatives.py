"""Representatives and leaders of groups, the supervision and mediation committees: arts 13 and 36."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from civicforum.bodies.rules import (
    BodyKind,
    Holding,
    PostKind,
    composition,
    default_until,
    find_conflict,
    post_name,
)
from civicforum.elections.representatives import (
    judge_absences,
    judge_choice,
    judge_demand,
    judge_households,
    judge_leader,
    judge_number,
    judge_posting,
    judge_vote_day,
)
from civicforum.elections.rules import Way
from civicforum.people.rules import KinshipKind
from civicforum.rulebook import Verdict
from tests.support.law import BOOK, at, people, person

SUPERVISOR = post_name(BodyKind.SUPERVISION_COMMITTEE, PostKind.MEMBER)
MEMBER = post_name(BodyKind.RESIDENTS_COMMITTEE, PostKind.MEMBER)
ASKED = at(date(2026, 6, 1))
SINCE = date(2026, 4, 12)


def verdict_of(body: BodyKind, rule_id: str, *, holders: int, women: int = 1) -> Verdict:
    found = composition(body, holders=holders, women=women, households=0, book=BOOK)
    return next(verdict for verdict in found if verdict.rule.id == rule_id)


@pytest.mark.law("B33", "representatives.households")
@pytest.mark.parametrize(
    ("representatives", "holds"), [(23, False), (24, True), (25, True), (59, True), (60, True), (61, False)]
)
def test_art_13_one_representative_for_twenty_to_fifty_households(representatives: int, holds: bool) -> None:
    # 1,200 households: 1,200 ÷ 50 = 24 and 1,200 ÷ 20 = 60.
    assert judge_number(BOOK, representatives, 1200).holds is holds


@pytest.mark.law("B33", "representatives.households")
@pytest.mark.parametrize(("households", "holds"), [(999, True), (1000, True), (1001, False)])
def test_art_13_twenty_representatives_are_enough_for_a_thousand_households(
    households: int, holds: bool
) -> None:
    assert judge_number(BOOK, 20, households).holds is holds


@pytest.mark.law("B33", "representatives.term_years")
def test_art_13_representatives_serve_for_five_years() -> None:
    assert default_until(BodyKind.REPRESENTATIVE_ASSEMBLY, SINCE, BOOK) == date(2031, 4, 11)


@pytest.mark.law("B33", "representatives.choice_by_voters")
@pytest.mark.parametrize(("taking_part", "holds"), [(49, False), (50, True), (51, True)])
def test_local_half_of_a_units_voters_choose_its_representatives(taking_part: int, holds: bool) -> None:
    assert judge_choice(BOOK, Way.VOTERS, taking_part, 100).holds is holds


@pytest.mark.law("B33", "representatives.choice_by_households")
@pytest.mark.parametrize(("taking_part", "holds"), [(199, False), (200, True), (201, True)])
def test_local_two_thirds_of_a_units_households_choose_its_representatives(
    taking_part: int, holds: bool
) -> None:
    assert judge_choice(BOOK, Way.HOUSEHOLDS, taking_part, 300).holds is holds


@pytest.mark.law("B33", "representatives.per_household")
@pytest.mark.parametrize(("of_one", "holds"), [(0, True), (1, True), (2, False)])
def test_local_no_household_provides_two_representatives(of_one: int, holds: bool) -> None:
    assert judge_households(BOOK, [person(1)] * of_one).holds is holds
    assert judge_households(BOOK, people(5)).holds


@pytest.mark.law("B33", "representatives.absences")
@pytest.mark.parametrize(("absences", "may_end"), [(2, False), (3, True), (4, True)])
def test_local_three_absences_may_end_the_office_of_a_representative(absences: int, may_end: bool) -> None:
    assert judge_absences(BOOK, absences).holds is may_end


@pytest.mark.law("B33", "representatives.recall_demand")
@pytest.mark.parametrize(("signers", "holds"), [(99, False), (100, True), (101, True)])
def test_local_a_third_of_a_units_voters_ask_for_another_representative(signers: int, holds: bool) -> None:
    assert judge_demand(BOOK, [*people(signers), person(1), person(301)], people(300)).holds is holds


@pytest.mark.law("B33", "representatives.recall_vote")
@pytest.mark.parametrize(("days", "holds"), [(29, True), (30, True), (31, False)])
def test_local_that_is_voted_on_within_thirty_days(days: int, holds: bool) -> None:
    assert judge_vote_day(BOOK, ASKED, ASKED + timedelta(days=days)).holds is holds


@pytest.mark.law("B33", "representatives.change_posted")
@pytest.mark.parametrize(("days", "holds"), [(4, True), (5, True), (6, False)])
def test_local_a_change_of_representatives_is_posted_within_five_days(days: int, holds: bool) -> None:
    assert judge_posting(BOOK, ASKED, ASKED + timedelta(days=days)).holds is holds


@pytest.mark.law("B34", "representatives.leader_from_representatives")
def test_art_13_a_groups_leader_is_one_of_its_representatives() -> None:
    assert not judge_leader(BOOK, is_representative=False).holds
    assert judge_leader(BOOK, is_representative=True).holds


@pytest.mark.law("B35", "supervision.size")
@pytest.mark.parametrize(("holders", "holds"), [(2, False), (3, True), (4, True), (5, True), (6, False)])
def test_local_the_supervision_committee_has_three_to_five_members(holders: int, holds: bool) -> None:
    assert verdict_of(BodyKind.SUPERVISION_COMMITTEE, "supervision.size", holders=holders).holds is holds


@pytest.mark.law("B35", "posts.supervision", "posts.near_relatives")
@pytest.mark.parametrize(
    ("holder", "rule"), [(1, "posts.supervision"), (2, "posts.near_relatives"), (3, None)]
)
def test_art_36_committee_members_and_their_relatives_do_not_supervise(holder: int, rule: str | None) -> None:
    conflict = find_conflict(
        SUPERVISOR,
        person_id=person(1),
        holdings=[Holding(person(holder), "张三", MEMBER, "委员")],
        kin={person(2): KinshipKind.SPOUSE},
        pairs=BOOK.pairs(),
    )
    assert (conflict.rule.id if conflict else None) == rule


@pytest.mark.law("B35", "supervision.term_years")
def test_art_36_the_supervision_committee_serves_as_long_as_the_committee() -> None:
    ends = {
        default_until(body, SINCE, BOOK)
        for body in (BodyKind.SUPERVISION_COMMITTEE, BodyKind.RESIDENTS_COMMITTEE)
    }
    assert ends == {date(2031, 4, 11)}


@pytest.mark.law("B36", "mediation.size")
@pytest.mark.parametrize(
    ("holders", "holds"), [(2, False), (3, True), (4, True), (8, True), (9, True), (10, False)]
)
def test_mediation_law_art_8_a_mediation_committee_has_three_to_nine_members(
    holders: int, holds: bool
) -> None:
    assert verdict_of(BodyKind.MEDIATION_COMMITTEE, "mediation.size", holders=holders).holds is holds


@pytest.mark.law("B36", "mediation.women")
@pytest.mark.parametrize(("women", "holds"), [(0, False), (1, True), (2, True)])
def test_mediation_law_art_8_women_are_among_its_members(women: int, holds: bool) -> None:
    verdict = verdict_of(BodyKind.MEDIATION_COMMITTEE, "mediation.women", holders=5, women=women)
    assert verdict.holds is holds


@pytest.mark.law("B36", "mediation.term_years")
def test_mediation_law_art_9_mediators_serve_for_three_years() -> None:
    assert default_until(BodyKind.MEDIATION_COMMITTEE, SINCE, BOOK) == date(2029, 4, 11)
