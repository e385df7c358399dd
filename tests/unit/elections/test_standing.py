"""Where the seats stand after one round and another; every count is worked by hand."""

from __future__ import annotations

import uuid

from civicforum.elections.rules import ElectionKind, RoundKind
from civicforum.elections.standing import Gain, RoundVotes, Table, elects_by, replay
from civicforum.elections.verdicts import SeatVotes, Turnout, next_round
from civicforum.rulebook import load

BOOK = load("national-2026")
DIRECTOR, MEMBER = uuid.UUID(int=1), uuid.UUID(int=2)
A, B, C, D, E = (uuid.UUID(int=number) for number in range(11, 16))
FIRST, SECOND, THIRD = (uuid.UUID(int=number) for number in range(21, 24))


def held(
    round_id: uuid.UUID,
    *seats: SeatVotes,
    kind: RoundKind = RoundKind.FIRST,
    cast: int = 10,
    is_valid: bool = True,
) -> RoundVotes:
    return RoundVotes(round_id, kind, kind, Turnout(15, cast, 0), seats, is_valid)


def director(**votes: int) -> SeatVotes:
    return SeatVotes(DIRECTOR, 1, _by_name(votes))


def members(seats: int = 2, **votes: int) -> SeatVotes:
    return SeatVotes(MEMBER, seats, _by_name(votes))


def _by_name(votes: dict[str, int]) -> dict[uuid.UUID, int]:
    return {{"a": A, "b": B, "c": C, "d": D, "e": E}[name]: number for name, number in votes.items()}


def seats_of(table: Table) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    return {count.seat_id: count.elected for count in table.counts}


def test_a_round_that_is_not_valid_decides_nothing() -> None:
    table = replay(BOOK, [held(FIRST, director(a=9), is_valid=False)])
    assert (table.gains, table.counts) == ((), ())


def test_seats_are_won_over_several_rounds() -> None:
    table = replay(
        BOOK,
        [
            held(FIRST, director(a=6, b=4), members(c=7, d=5, e=4)),
            # Four of ten reach the third that a further round asks for.
            held(SECOND, members(1, d=4, e=3), kind=RoundKind.FURTHER),
        ],
    )
    assert table.gains == (
        Gain(FIRST, DIRECTOR, A, 6),
        Gain(FIRST, MEMBER, C, 7),
        Gain(SECOND, MEMBER, D, 4),
    )
    assert (table.open_seats, table.elected) == (0, 3)
    assert next_round(BOOK, table.counts, is_valid=True) is None


def test_votes_of_a_further_round_for_somebody_elected_before_count_for_nobody() -> None:
    table = replay(
        BOOK,
        [
            held(FIRST, director(a=6, b=4), members(c=7, d=5, e=4)),
            held(SECOND, members(1, a=9, d=4), kind=RoundKind.FURTHER),
        ],
    )
    assert seats_of(table) == {DIRECTOR: (A,), MEMBER: (C, D)}


def test_a_post_waits_for_the_tie_above_it_and_is_decided_by_its_own_votes() -> None:
    # Nobody reaches six of ten. Then four would do, and A may still become director.
    first = held(FIRST, director(a=5, b=5), members(1, a=2, c=5))
    second = held(SECOND, director(a=4, b=4), members(1, a=5, c=4), kind=RoundKind.FURTHER)
    before = replay(BOOK, [first, second])
    assert before.is_tied
    assert seats_of(before) == {DIRECTOR: (), MEMBER: ()}
    following = next_round(BOOK, before.counts, is_valid=True)
    assert following is not None
    assert [one.seat_id for one in following.asked] == [DIRECTOR]
    a_wins = replay(BOOK, [first, second, held(THIRD, director(a=5, b=4), kind=RoundKind.TIE)])
    assert seats_of(a_wins) == {DIRECTOR: (A,), MEMBER: (C,)}
    b_wins = replay(BOOK, [first, second, held(THIRD, director(a=4, b=5), kind=RoundKind.TIE)])
    assert seats_of(b_wins) == {DIRECTOR: (B,), MEMBER: (A,)}
    assert b_wins.gains[-1] == Gain(THIRD, MEMBER, A, 5)


def test_who_lost_a_tie_is_still_among_the_best_not_elected() -> None:
    table = replay(
        BOOK,
        [
            held(FIRST, members(3, a=7, b=6, c=6, d=6, e=5)),
            held(SECOND, members(2, b=5, c=4, d=4), kind=RoundKind.TIE),
            held(THIRD, members(1, c=5, d=3), kind=RoundKind.TIE),
        ],
        gone={C},
    )
    assert seats_of(table) == {MEMBER: (A, B)}
    following = next_round(BOOK, table.counts, is_valid=True)
    assert following is not None
    # By the votes of the first round: six for D, five for E.
    assert following.asked[0].people == (D, E)


def test_who_is_gone_leaves_the_seat_open_and_does_not_stand_again() -> None:
    table = replay(BOOK, [held(FIRST, members(c=7, d=6, e=4))], gone={D})
    assert seats_of(table) == {MEMBER: (C,)}
    assert [gain.person_id for gain in table.gains] == [C, D]
    following = next_round(BOOK, table.counts, is_valid=True)
    assert following is not None
    assert (following.kind, following.asked[0].people) == (RoundKind.FURTHER, (E,))


def test_a_unit_chooses_its_representatives_by_the_most_votes() -> None:
    assert elects_by(ElectionKind.REPRESENTATIVES, RoundKind.FIRST) is RoundKind.TIE
    assert elects_by(ElectionKind.COMMITTEE, RoundKind.FIRST) is RoundKind.FIRST
