"""Deciding a round: what holds for any votes, and how rounds are joined."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.elections.rules import RoundKind
from civicforum.elections.verdicts import SeatVotes, Turnout, added_downwards, decide, joined, next_round
from tests.support.law import BOOK, book_with, person

SEATS = [uuid.UUID(int=1000 + number) for number in range(3)]
TURNOUT = Turnout(on_roll=100, valid=60, invalid=0)
Votes = dict[uuid.UUID, int]
votes = st.dictionaries(st.integers(1, 6).map(person), st.integers(0, 60), max_size=6)
ballots = st.tuples(votes, votes, votes)


def seats_of(found: tuple[Votes, Votes, Votes]) -> list[SeatVotes]:
    """One director, one deputy, two members."""
    return [SeatVotes(seat, number, own) for seat, number, own in zip(SEATS, (1, 1, 2), found, strict=True)]


@given(ballots, st.sampled_from(RoundKind))
def test_nobody_is_elected_to_two_posts_and_no_post_has_more_people_than_seats(
    found: tuple[Votes, Votes, Votes], kind: RoundKind
) -> None:
    counts = decide(BOOK, kind, TURNOUT, seats_of(found))
    elected = [who for count in counts for who in count.elected]
    assert len(elected) == len(set(elected))
    for count in counts:
        assert len(count.elected) <= count.seats
        assert count.tied == () or len(count.tied) > count.tied_seats == count.open_seats
        assert all(count.votes[who] >= max(count.least, 1) for who in count.elected)


@given(ballots, st.sampled_from(RoundKind))
def test_the_order_in_which_people_are_named_decides_nothing(
    found: tuple[Votes, Votes, Votes], kind: RoundKind
) -> None:
    backwards = tuple(dict(reversed(own.items())) for own in found)
    one = decide(BOOK, kind, TURNOUT, seats_of(found))
    other = decide(BOOK, kind, TURNOUT, seats_of(backwards))  # type: ignore[arg-type]
    assert one == other
    assert next_round(BOOK, one, is_valid=True) == next_round(BOOK, other, is_valid=True)


@given(ballots)
def test_whoever_is_elected_is_not_voted_on_again(found: tuple[Votes, Votes, Votes]) -> None:
    counts = decide(BOOK, RoundKind.FIRST, TURNOUT, seats_of(found))
    elected = {who for count in counts for who in count.elected}
    following = next_round(BOOK, counts, is_valid=True)
    for part in following.asked if following else ():
        assert elected.isdisjoint(part.people)
        assert part.people


@given(ballots, ballots)
def test_a_round_takes_nobody_away_who_was_elected_before(
    first: tuple[Votes, Votes, Votes], again: tuple[Votes, Votes, Votes]
) -> None:
    before = decide(BOOK, RoundKind.FIRST, TURNOUT, seats_of(first))
    following = next_round(BOOK, before, is_valid=True)
    if following is None:
        return
    own = dict(zip(SEATS, again, strict=True))
    asked = [
        SeatVotes(one.seat_id, one.seats, {who: own[one.seat_id].get(who, 0) for who in one.people})
        for one in following.asked
    ]
    after = joined(before, decide(BOOK, following.kind, TURNOUT, asked), following.kind)
    for old, new in zip(before, after, strict=True):
        assert set(old.elected) <= set(new.elected)
        assert len(new.elected) <= new.seats
    elected = [who for count in after for who in count.elected]
    assert len(elected) == len(set(elected))


def test_votes_are_not_added_where_a_paper_may_choose_one_person_twice() -> None:
    book = book_with("ballot.added_downwards", on=True)
    twice = book_with("ballot.two_posts_void_paper", book, on=False)
    with pytest.raises(ValueError, match="two posts"):
        added_downwards(twice, [{person(1): 3}, {person(1): 2}])


def test_without_new_votes_on_ties_people_who_are_level_stand_in_a_further_round() -> None:
    book = book_with("election.ties_voted_again", on=False)
    counts = decide(book, RoundKind.FIRST, TURNOUT, [SeatVotes(SEATS[0], 1, {person(1): 40, person(2): 40})])
    following = next_round(book, counts, is_valid=True)
    assert following is not None
    assert following.kind is RoundKind.FURTHER
    assert following.asked[0].people == (person(1), person(2))
