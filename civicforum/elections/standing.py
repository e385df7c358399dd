"""Where the seats of an election stand after its rounds: who won which seat, what is open, who is level.

    table = replay(book, rounds)                 # rounds in their order, the highest post first in each
    table.gains                                  # who won what, in which round and with how many votes
    table.counts                                 # as verdicts.next_round takes them

The figures of every round stay, and this only reads them in the order of the rounds.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from civicforum.elections.rules import ElectionKind, RoundKind
from civicforum.elections.verdicts import SeatCount, SeatVotes, Turnout, decide, joined
from civicforum.rulebook import Rulebook


@dataclass(frozen=True)
class RoundVotes:
    """The votes of one round that was decided; `elects_by` says what elects in it."""

    round_id: uuid.UUID
    kind: RoundKind
    elects_by: RoundKind
    turnout: Turnout
    seats: tuple[SeatVotes, ...]
    is_valid: bool


@dataclass(frozen=True)
class Gain:
    """Somebody elected to a seat in a round."""

    round_id: uuid.UUID
    seat_id: uuid.UUID
    person_id: uuid.UUID
    votes: int


@dataclass(frozen=True)
class Table:
    """The seats after the rounds, the highest post first, and everybody who won one."""

    counts: tuple[SeatCount, ...] = ()
    gains: tuple[Gain, ...] = ()

    @property
    def open_seats(self) -> int:
        return sum(count.open_seats for count in self.counts)

    @property
    def elected(self) -> int:
        return sum(len(count.elected) for count in self.counts)

    @property
    def is_tied(self) -> bool:
        return any(count.tied for count in self.counts)


def replay(book: Rulebook, rounds: Sequence[RoundVotes], *, gone: Collection[uuid.UUID] = ()) -> Table:
    """Return the seats after these rounds; one that was not valid decided nothing.

    Args:
        gone: who was elected and yielded, declined, or whose election is void: the seat is open, and nobody
            of them is voted on again.
    """
    counts: tuple[SeatCount, ...] = ()
    gains: list[Gain] = []
    for one in (one for one in rounds if one.is_valid):
        won = {gain.person_id for gain in gains}
        after = decide(book, one.elects_by, one.turnout, [_without(seat, won) for seat in one.seats])
        counts = joined(counts, after, one.kind) if counts else after
        gains += _new_gains(one, counts, after, won)
    return Table(tuple(_left_by(count, gone) for count in counts), tuple(gains))


def elects_by(kind: ElectionKind, round_kind: RoundKind) -> RoundKind:
    """Return what elects: a unit chooses its representatives by the most votes (DOMAIN.md B33)."""
    return RoundKind.TIE if kind is ElectionKind.REPRESENTATIVES else round_kind


def _without(seat: SeatVotes, people: Collection[uuid.UUID]) -> SeatVotes:
    return replace(seat, votes={who: votes for who, votes in seat.votes.items() if who not in people})


def _new_gains(
    one: RoundVotes, counts: Sequence[SeatCount], after: Sequence[SeatCount], won: Collection[uuid.UUID]
) -> Iterator[Gain]:
    # A tie above a post may decide that post too, by the votes of the round in which it waited.
    votes = {count.seat_id: count.votes for count in (*counts, *after)}
    for count in counts:
        for who in count.elected:
            if who not in won:
                yield Gain(one.round_id, count.seat_id, who, votes[count.seat_id][who])


def _left_by(count: SeatCount, gone: Collection[uuid.UUID]) -> SeatCount:
    return replace(
        count,
        elected=tuple(who for who in count.elected if who not in gone),
        votes={who: votes for who, votes in count.votes.items() if who not in gone},
    )
