"""What the votes say: is the poll valid, who is elected, who is voted on again, who of near relatives stays.

    turnout = Turnout(on_roll=3400, valid=1780, invalid=20)
    judge_validity(book, Way.VOTERS, turnout)
    counts = decide(book, RoundKind.FIRST, turnout, seats)     # the highest post first
    next_round(book, counts, is_valid=True)
    joined(counts, counts_of_the_tie_round, RoundKind.TIE)

Source: 城市居民委员会组织法 arts 8 and 19, silent on ties: who is tied is voted on again (选举法 art 45).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from civicforum.bodies.rules import WOMEN_RULE, BodyKind
from civicforum.counting import Contest, Rule
from civicforum.counting.rules.committee import best_of
from civicforum.counting.ties import top
from civicforum.elections.rules import RoundKind, Way
from civicforum.rulebook import Rulebook, Threshold, Verdict

Votes = Mapping[uuid.UUID, int]

# What elects in a round; among people who are level, the most votes do.
SHARE_OF: dict[RoundKind, str] = {
    RoundKind.FIRST: "election.elected",
    RoundKind.RERUN: "election.elected",
    RoundKind.FURTHER: "election.further_round.floor",
}
# How soon a round follows; for people who are level, no source says it.
CLOCK_OF: dict[RoundKind, str] = {
    RoundKind.FURTHER: "election.further_round.within",
    RoundKind.RERUN: "election.rerun",
}


@dataclass(frozen=True)
class Turnout:
    """How many there are on the roll of the way of electing, and the ballots of one round.

    Proxies are ballots like others. `invalid` are those that the election committee set aside.
    """

    on_roll: int
    valid: int
    invalid: int

    @property
    def cast(self) -> int:
        return self.valid + self.invalid

    def wholes(self, book: Rulebook) -> dict[str, int]:
        """Return what a share of this law may be of; invalid ballots take part where the profile says so."""
        all_take_part = book.switch("ballot.spoiled_take_part").on
        on_rolls = {"roll": self.on_roll, "households": self.on_roll, "representatives": self.on_roll}
        return {**on_rolls, "taking_part": self.cast if all_take_part else self.valid, "cast": self.cast}


@dataclass(frozen=True)
class SeatVotes:
    """How many voted for whom, for one post; people written in are there too."""

    seat_id: uuid.UUID
    seats: int
    votes: Votes


@dataclass(frozen=True)
class SeatCount:
    """What came out for one post.

    Attributes:
        votes: those that decide, of people not elected to a higher post.
        least: how many it took; 0 where the most votes are enough.
        waits: a tie for a higher post decides first whether somebody is still free for this one.
    """

    seat_id: uuid.UUID
    seats: int
    votes: Votes
    least: int
    elected: tuple[uuid.UUID, ...] = ()
    tied: tuple[uuid.UUID, ...] = ()
    tied_seats: int = 0
    waits: bool = False

    @property
    def open_seats(self) -> int:
        return self.seats - len(self.elected)


@dataclass(frozen=True)
class Asked:
    """What the next ballot paper asks about one post."""

    seat_id: uuid.UUID
    seats: int
    people: tuple[uuid.UUID, ...]

    @property
    def lacks_candidates(self) -> bool:
        """Tell whether others have to be nominated, for there to be more people than seats (art 18)."""
        return len(self.people) <= self.seats


@dataclass(frozen=True)
class NextRound:
    kind: RoundKind
    asked: tuple[Asked, ...]


def judge_validity(book: Rulebook, way: Way, turnout: Turnout) -> Verdict:
    """Judge whether enough took part, invalid ballots and proxies included (art 19)."""
    return book.threshold(f"election.validity.{way}").judge(turnout.cast, turnout.wholes(book))


def judge_votes(book: Rulebook, kind: RoundKind, votes: int, turnout: Turnout) -> Verdict | None:
    """Judge whether somebody has the votes to be elected; None where the most votes are enough."""
    share = _share(book, kind)
    return share.judge(votes, turnout.wholes(book)) if share else None


def decide(
    book: Rulebook, kind: RoundKind, turnout: Turnout, seats: Sequence[SeatVotes]
) -> tuple[SeatCount, ...]:
    """Return who is elected to each post, the highest first; nobody is elected to two.

    Enough votes elect, the most first; who is level at the last seat is tied.
    """
    share = _share(book, kind)
    least = share.least(turnout.wholes(book)[share.of]) if share else 0
    totals = added_downwards(book, [one.votes for one in seats])
    taken: set[uuid.UUID] = set()
    pending: set[uuid.UUID] = set()
    counts = []
    for one, votes in zip(seats, totals, strict=True):
        count = _elect(replace(one, votes=_without(votes, taken)), least)
        if not pending.isdisjoint((*count.elected, *count.tied)):
            count = SeatCount(count.seat_id, count.seats, count.votes, least, waits=True)
        taken.update(count.elected)
        pending.update(count.tied)
        counts.append(count)
    return tuple(counts)


def joined(before: Sequence[SeatCount], after: Sequence[SeatCount], kind: RoundKind) -> tuple[SeatCount, ...]:
    """Return what stands after a round that asked some of the posts again.

    Votes on people who were level decide between them alone: who loses is still among the best not elected.
    """
    found = {one.seat_id: one for one in after}
    taken = {who for one in (*before, *after) for who in one.elected}
    counts = []
    for one in before:
        count = one
        if (then := found.get(one.seat_id)) is not None:
            of_round = one if kind is RoundKind.TIE else then
            count = replace(
                then,
                seats=one.seats,
                votes=of_round.votes,
                least=of_round.least,
                elected=one.elected + then.elected,
            )
        elif one.waits and not any(tie.tied for tie in after):
            left = SeatVotes(one.seat_id, one.open_seats, _without(one.votes, taken))
            count = _elect(left, one.least)
            taken.update(count.elected)
            count = replace(count, seats=one.seats, elected=one.elected + count.elected)
        counts.append(count)
    return tuple(counts)


def added_downwards(book: Rulebook, votes: Sequence[Votes]) -> list[dict[uuid.UUID, int]]:
    """Return the votes that decide: with those for higher posts, where the round declares it (下加).

    Args:
        votes: by post, the highest first.

    Raises ValueError where a paper may choose one person for two posts: sums would count it twice.
    """
    totals = [dict(own) for own in votes]
    if not book.switch("ballot.added_downwards").on:
        return totals
    if not book.switch("ballot.two_posts_void_paper").on:
        raise ValueError("votes are added downwards only where no paper elects one person to two posts")
    for number, own in enumerate(totals):
        for who in own:
            own[who] = sum(higher.get(who, 0) for higher in votes[: number + 1])
    return totals


def next_round(book: Rulebook, counts: Sequence[SeatCount], *, is_valid: bool) -> NextRound | None:
    """Return what has to be voted on next; None where every seat is filled, or nobody is left to stand.

    A poll that is not valid is held again. Ties come before seats left empty, since they decide who is free.
    In a further round stand the best who were not elected, one more than seats (art 19).
    """
    if not is_valid:
        asked = tuple(Asked(one.seat_id, one.seats, tuple(one.votes)) for one in counts)
        return NextRound(RoundKind.RERUN, asked)
    tied = tuple(Asked(one.seat_id, one.tied_seats, one.tied) for one in counts if one.tied)
    if tied and book.switch("election.ties_voted_again").on:
        return NextRound(RoundKind.TIE, tied)
    taken = {who for one in counts for who in one.elected}
    asked = tuple(_further(book, one, taken) for one in counts if one.open_seats and not one.waits)
    asked = tuple(one for one in asked if one.people)
    return NextRound(RoundKind.FURTHER, asked) if asked else None


def judge_stop(book: Rulebook, elected: int, staying: int = 0) -> Verdict:
    """Judge whether so many are elected that the seats still open may stay empty.

    Args:
        staying: whom a by-election leaves in their posts: the committee has them too.
    """
    members = elected + staying
    verdict = book.count("election.further_round.may_stop_at").judge(members)
    if not staying:
        return verdict
    return replace(verdict, arithmetic=f"{elected} + {staying} = {members}; {verdict.arithmetic}")


def judge_day(book: Rulebook, kind: RoundKind, since: datetime, polling_at: datetime) -> Verdict | None:
    """Judge how soon a round follows the one before it; None where no rule says it."""
    return book.clock(CLOCK_OF[kind]).judge(since, polling_at) if kind in CLOCK_OF else None


def judge_women(book: Rulebook, body: BodyKind, women: int) -> Verdict | None:
    """Judge how many of those elected are women (art 8); None where no rule asks for one."""
    return book.count(WOMEN_RULE[body]).judge(women) if body in WOMEN_RULE else None


def _share(book: Rulebook, kind: RoundKind) -> Threshold | None:
    return book.threshold(SHARE_OF[kind]) if kind in SHARE_OF else None


def _elect(one: SeatVotes, least: int) -> SeatCount:
    enough = {str(who): votes for who, votes in one.votes.items() if votes >= least}
    if not enough:
        return SeatCount(one.seat_id, one.seats, one.votes, least)
    contest = Contest(tuple(enough), Rule.SELECTION, seats=one.seats)
    elected, _, tied = top(contest, enough, one.seats)
    return SeatCount(
        one.seat_id,
        one.seats,
        one.votes,
        least,
        elected=_people(elected),
        tied=_people(tied.names) if tied else (),
        tied_seats=tied.seats if tied else 0,
    )


def _people(names: Iterable[str]) -> tuple[uuid.UUID, ...]:
    return tuple(uuid.UUID(name) for name in names)


def _further(book: Rulebook, one: SeatCount, taken: Collection[uuid.UUID]) -> Asked:
    extra = book.count("election.excess").least or 0
    people = best_of(_without(one.votes, taken), one.open_seats + extra)
    return Asked(one.seat_id, one.open_seats, people)


def _without(votes: Votes, taken: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    return {who: number for who, number in votes.items() if who not in taken}
