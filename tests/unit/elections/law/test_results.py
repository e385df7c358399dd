"""Who took part, who is elected, who is voted on again: art 19 and the local rules beside it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.kin import Elected, yielding
from civicforum.elections.rules import RoundKind, Way
from civicforum.elections.verdicts import (
    Asked,
    NextRound,
    SeatCount,
    SeatVotes,
    Turnout,
    added_downwards,
    decide,
    joined,
    judge_day,
    judge_stop,
    judge_validity,
    judge_votes,
    next_round,
)
from tests.support.law import BOOK, POLLING_DAY, at, book_with, person, related

DIRECTOR, DEPUTY, MEMBERS = (uuid.UUID(int=1000 + number) for number in range(3))
# 1,800 of 3,400 took part, with twenty papers that do not count.
TURNOUT = Turnout(on_roll=3400, valid=1780, invalid=20)


def votes(**by_person: int) -> dict[uuid.UUID, int]:
    """Return votes by person: votes(p1=900)."""
    return {person(int(who[1:])): number for who, number in by_person.items()}


def elected_of(kind: RoundKind, found: Mapping[uuid.UUID, int], seats: int, turnout: Turnout) -> SeatCount:
    return decide(BOOK, kind, turnout, [SeatVotes(MEMBERS, seats, found)])[0]


@pytest.mark.law("B4", "election.validity.voters")
@pytest.mark.parametrize(("taking_part", "holds"), [(1699, False), (1700, False), (1701, True)])
def test_art_19_more_than_half_of_the_registered_voters_take_part(taking_part: int, holds: bool) -> None:
    verdict = judge_validity(BOOK, Way.VOTERS, Turnout(3400, taking_part, 0))
    assert (verdict.holds, verdict.least) == (holds, 1701)
    assert "第十九条" in verdict.rule.article


@pytest.mark.law("B4", "election.validity.households")
@pytest.mark.parametrize(("taking_part", "holds"), [(599, False), (600, False), (601, True)])
def test_art_19_more_than_half_of_the_household_representatives_take_part(
    taking_part: int, holds: bool
) -> None:
    assert judge_validity(BOOK, Way.HOUSEHOLDS, Turnout(1200, taking_part, 0)).holds is holds


@pytest.mark.law("B4", "election.validity.representatives")
@pytest.mark.parametrize(("taking_part", "holds"), [(39, False), (40, False), (41, True)])
def test_art_19_more_than_two_thirds_of_the_representatives_take_part(taking_part: int, holds: bool) -> None:
    verdict = judge_validity(BOOK, Way.REPRESENTATIVES, Turnout(60, taking_part, 0))
    assert verdict.holds is holds
    assert verdict.arithmetic == f"{taking_part} {'>' if holds else '≤'} 2/3 × 60 = 40"


@pytest.mark.law("B3", "election.validity.voters", "election.validity.households")
@pytest.mark.parametrize(
    ("way", "least"), [(Way.VOTERS, 31), (Way.HOUSEHOLDS, 31), (Way.REPRESENTATIVES, 41)]
)
def test_art_14_the_way_of_electing_decides_how_many_have_to_take_part(way: Way, least: int) -> None:
    assert judge_validity(BOOK, way, Turnout(60, 40, 0)).least == least


@pytest.mark.law("B4", "ballot.spoiled_take_part")
@pytest.mark.parametrize("invalid", [0, 1, 41])
def test_art_19_who_handed_in_an_invalid_paper_took_part(invalid: int) -> None:
    assert judge_validity(BOOK, Way.REPRESENTATIVES, Turnout(60, 41 - invalid, invalid)).holds


@pytest.mark.law("B5", "election.elected")
@pytest.mark.parametrize(("got", "is_elected"), [(899, False), (900, False), (901, True)])
def test_art_19_more_than_half_of_those_who_took_part_elect(got: int, is_elected: bool) -> None:
    verdict = judge_votes(BOOK, RoundKind.FIRST, got, TURNOUT)
    assert verdict is not None
    assert verdict.holds is is_elected
    count = elected_of(RoundKind.FIRST, votes(p1=got), 1, TURNOUT)
    assert count.elected == ((person(1),) if is_elected else ())


@pytest.mark.law("B5", "ballot.spoiled_take_part")
def test_local_invalid_papers_count_among_those_who_took_part_where_declared() -> None:
    # Half of 1,780 valid papers is 890, half of all 1,800 is 900.
    off = book_with("ballot.spoiled_take_part", on=False)
    for book, holds in ((BOOK, False), (off, True)):
        verdict = judge_votes(book, RoundKind.FIRST, 891, TURNOUT)
        assert verdict is not None
        assert verdict.holds is holds


@pytest.mark.law("B5", "election.elected")
def test_art_19_of_more_than_seats_those_with_most_votes_are_elected() -> None:
    count = elected_of(RoundKind.FIRST, votes(p1=1000, p2=1300, p3=1100), 2, TURNOUT)
    assert set(count.elected) == {person(2), person(3)}
    assert count.open_seats == 0


@pytest.mark.law("B6", "election.further_round.floor")
@pytest.mark.parametrize(("got", "is_elected"), [(299, False), (300, True), (301, True)])
def test_art_19_a_further_round_elects_with_a_third_of_the_ballots_cast(got: int, is_elected: bool) -> None:
    cast = Turnout(on_roll=3400, valid=880, invalid=20)
    verdict = judge_votes(BOOK, RoundKind.FURTHER, got, cast)
    assert verdict is not None
    assert verdict.holds is is_elected
    assert elected_of(RoundKind.FURTHER, votes(p1=got), 1, cast).elected == (
        (person(1),) if is_elected else ()
    )


@pytest.mark.law("B6", "election.excess")
def test_art_19_the_best_not_elected_stand_in_a_further_round() -> None:
    counted = [SeatVotes(MEMBERS, 3, votes(p1=1200, p2=800, p3=700, p4=600, p5=500))]
    counts = decide(BOOK, RoundKind.FIRST, TURNOUT, counted)
    # Two seats are open: three stand.
    assert next_round(BOOK, counts, is_valid=True) == NextRound(
        RoundKind.FURTHER, (Asked(MEMBERS, 2, (person(2), person(3), person(4))),)
    )


@pytest.mark.law("B6", "election.excess")
def test_art_19_who_is_level_with_the_last_of_the_best_stands_too() -> None:
    counted = [SeatVotes(MEMBERS, 1, votes(p1=800, p2=700, p3=700))]
    following = next_round(BOOK, decide(BOOK, RoundKind.FIRST, TURNOUT, counted), is_valid=True)
    assert following is not None
    assert following.asked[0].people == (person(1), person(2), person(3))
    assert not following.asked[0].lacks_candidates


@pytest.mark.law("B6", "election.further_round.within")
@pytest.mark.parametrize(("days", "holds"), [(29, True), (30, True), (31, False)])
def test_local_a_further_round_is_held_within_thirty_days(days: int, holds: bool) -> None:
    verdict = judge_day(
        BOOK, RoundKind.FURTHER, at(POLLING_DAY, 18), at(POLLING_DAY + timedelta(days=days), 8)
    )
    assert verdict is not None
    assert verdict.holds is holds


@pytest.mark.law("B6", "election.further_round.may_stop_at")
@pytest.mark.parametrize(("elected", "may_stop"), [(2, False), (3, True), (4, True)])
def test_local_seats_may_stay_empty_once_three_are_elected(elected: int, may_stop: bool) -> None:
    assert judge_stop(BOOK, elected).holds is may_stop


@pytest.mark.law("B32", "election.further_round.may_stop_at")
@pytest.mark.parametrize(
    ("elected", "staying", "may_stop"), [(1, 1, False), (1, 2, True), (0, 3, True), (2, 0, False)]
)
def test_local_a_by_election_counts_those_who_stay_in_their_posts(
    elected: int, staying: int, may_stop: bool
) -> None:
    assert judge_stop(BOOK, elected, staying).holds is may_stop


def test_the_sum_of_a_by_election_shows_both_numbers() -> None:
    assert judge_stop(BOOK, 1, 1).arithmetic == "1 + 1 = 2; 2 < 3"


@pytest.mark.law("B7", "election.ties_voted_again")
@pytest.mark.parametrize(("second", "is_tied"), [(949, False), (950, True), (951, False)])
def test_electoral_law_art_45_people_who_are_level_are_voted_on_again(second: int, is_tied: bool) -> None:
    counted = [SeatVotes(DIRECTOR, 1, votes(p2=second, p1=950))]
    counts = decide(BOOK, RoundKind.FIRST, TURNOUT, counted)
    following = next_round(BOOK, counts, is_valid=True)
    if is_tied:
        assert counts[0].elected == ()
        assert following == NextRound(RoundKind.TIE, (Asked(DIRECTOR, 1, (person(1), person(2))),))
    else:
        assert counts[0].elected == (person(2) if second > 950 else person(1),)
        assert following is None


@pytest.mark.law("B7", "election.ties_voted_again")
@pytest.mark.parametrize(("second", "winner"), [(4, 1), (5, None), (6, 2)])
def test_electoral_law_art_45_between_people_who_are_level_more_votes_win(
    second: int, winner: int | None
) -> None:
    # No share is asked for: eleven took part, and five votes are enough.
    count = elected_of(RoundKind.TIE, votes(p1=5, p2=second), 1, Turnout(3400, 11, 0))
    assert count.elected == ((person(winner),) if winner else ())
    assert len(count.tied) == (0 if winner else 2)


@pytest.mark.law("B7", "election.ties_voted_again")
def test_electoral_law_art_45_a_tie_for_a_higher_post_decides_first() -> None:
    # The first two are level for director; the second was also written in for deputy, and won there.
    first = decide(
        BOOK,
        RoundKind.FIRST,
        TURNOUT,
        [SeatVotes(DIRECTOR, 1, votes(p1=950, p2=950)), SeatVotes(DEPUTY, 1, votes(p2=1000, p3=905))],
    )
    assert (first[1].elected, first[1].waits) == ((), True)
    again = decide(
        BOOK, RoundKind.TIE, Turnout(3400, 900, 0), [SeatVotes(DIRECTOR, 1, votes(p1=400, p2=500))]
    )
    final = joined(first, again, RoundKind.TIE)
    assert [count.elected for count in final] == [(person(2),), (person(3),)]
    # Had the other won, the second would be deputy.
    other = decide(
        BOOK, RoundKind.TIE, Turnout(3400, 900, 0), [SeatVotes(DIRECTOR, 1, votes(p1=500, p2=400))]
    )
    assert [count.elected for count in joined(first, other, RoundKind.TIE)] == [(person(1),), (person(2),)]


@pytest.mark.law("B7", "election.ties_voted_again")
def test_electoral_law_art_45_who_loses_a_tie_is_among_the_best_not_elected() -> None:
    counted = [SeatVotes(MEMBERS, 1, votes(p1=950, p2=950)), SeatVotes(DEPUTY, 1, votes(p3=400, p4=300))]
    first = decide(BOOK, RoundKind.FIRST, TURNOUT, counted)
    again = decide(BOOK, RoundKind.TIE, Turnout(3400, 100, 0), [SeatVotes(MEMBERS, 1, votes(p1=60, p2=40))])
    after = joined(first, again, RoundKind.TIE)
    assert after[0].votes == votes(p1=950, p2=950)
    # The seat of the deputy is still open: it is voted on among those who stood for it.
    assert next_round(BOOK, after, is_valid=True) == NextRound(
        RoundKind.FURTHER, (Asked(DEPUTY, 1, (person(3), person(4))),)
    )


@pytest.mark.law("B4", "election.validity.voters")
def test_art_19_a_poll_in_which_too_few_took_part_is_held_again() -> None:
    counts = (SeatCount(MEMBERS, 1, votes(p1=900, p2=100), 0),)
    assert next_round(BOOK, counts, is_valid=False) == NextRound(
        RoundKind.RERUN, (Asked(MEMBERS, 1, (person(1), person(2))),)
    )


@pytest.mark.law("B20", "ballot.added_downwards")
def test_local_votes_are_added_downwards_only_where_the_round_declares_it() -> None:
    by_post = [votes(p1=1000, p2=500), votes(p2=300, p3=700), votes(p2=200, p4=950)]
    assert added_downwards(BOOK, by_post) == by_post
    declared = book_with("ballot.added_downwards", on=True)
    # The second has 500 as director, 500 + 300 as deputy, and 500 + 300 + 200 as member.
    assert added_downwards(declared, by_post) == [
        votes(p1=1000, p2=500),
        votes(p2=800, p3=700),
        votes(p2=1000, p4=950),
    ]


@pytest.mark.law("B20", "ballot.added_downwards")
@pytest.mark.parametrize(("as_member", "is_elected"), [(399, False), (400, False), (401, True)])
def test_local_votes_added_downwards_elect_like_others(as_member: int, is_elected: bool) -> None:
    declared = book_with("ballot.added_downwards", on=True)
    seats = [SeatVotes(DIRECTOR, 1, votes(p1=500)), SeatVotes(MEMBERS, 1, votes(p1=as_member))]
    counts = decide(declared, RoundKind.FIRST, TURNOUT, seats)
    assert counts[1].elected == ((person(1),) if is_elected else ())


@pytest.mark.law("B25", "election.relatives_highest_stays", "posts.near_relatives")
@pytest.mark.parametrize("pair", [(1, 2), (2, 1)])
def test_local_of_relatives_elected_together_the_highest_post_stays(pair: tuple[int, int]) -> None:
    found = yielding(
        BOOK,
        BodyKind.RESIDENTS_COMMITTEE,
        [Elected(person(2), PostKind.MEMBER, 1500), Elected(person(1), PostKind.DIRECTOR, 901)],
        related((person(pair[0]), person(pair[1]))),
    )
    assert [(one.person_id, one.relative_id, one.is_undecided) for one in found] == [
        (person(2), person(1), False)
    ]


@pytest.mark.law("B25", "election.relatives_highest_stays")
@pytest.mark.parametrize(
    ("second", "who_yields", "is_undecided"), [(999, 2, False), (1000, 2, True), (1001, 1, False)]
)
def test_local_of_relatives_in_equal_posts_the_one_with_more_votes_stays(
    second: int, who_yields: int, is_undecided: bool
) -> None:
    found = yielding(
        BOOK,
        BodyKind.RESIDENTS_COMMITTEE,
        [Elected(person(1), PostKind.MEMBER, 1000), Elected(person(2), PostKind.MEMBER, second)],
        related((person(1), person(2))),
    )
    assert [(one.person_id, one.is_undecided) for one in found] == [(person(who_yields), is_undecided)]


@pytest.mark.law("B25", "posts.near_relatives")
def test_art_8_who_yields_makes_nobody_else_yield() -> None:
    # The deputy yields to the director, so that the deputy's own relative may stay.
    found = yielding(
        BOOK,
        BodyKind.RESIDENTS_COMMITTEE,
        [
            Elected(person(1), PostKind.DIRECTOR, 950),
            Elected(person(2), PostKind.DEPUTY_DIRECTOR, 950),
            Elected(person(3), PostKind.MEMBER, 950),
        ],
        related((person(1), person(2)), (person(2), person(3))),
    )
    assert [one.person_id for one in found] == [person(2)]


@pytest.mark.law("B28", "election.rerun")
@pytest.mark.parametrize(("days", "holds"), [(29, True), (30, True), (31, False)])
def test_local_a_void_election_is_held_again_within_thirty_days(days: int, holds: bool) -> None:
    void_on = date(2026, 4, 12)
    verdict = judge_day(BOOK, RoundKind.RERUN, at(void_on, 20), at(void_on + timedelta(days=days), 8))
    assert verdict is not None
    assert verdict.holds is holds
