"""Who may vote on this board, and the last ballot of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from .checks import Check, Refused, require
from .fields import array, exactly, point, whole
from .group import Point
from .lines import Record

GREATEST_TOTAL_WEIGHT = 10**9  # sums are opened by searching for a logarithm


class Why(StrEnum):
    """Why a credential is voided."""

    PAPER = "paper"
    REISSUED = "reissued"
    STRUCK_OFF = "struck off"


@dataclass(slots=True)
class Standing:
    """How things stand with one credential.

    Attributes:
        sequence: of its last ballot, or -1.
        void: why it is no longer in force.
        is_replaced: whether another was enrolled in its place.
    """

    weight: int = 1
    sequence: int = -1
    void: Why | None = None
    is_replaced: bool = False


class Electorate:
    """All credentials of a roll.

    Attributes:
        standings: by credential.
        ballots: the ballot that counts, by credential, in the order of each credential's first ballot.
    """

    def __init__(self, credentials: Sequence[Point], weights: Sequence[int] | None) -> None:
        self.is_weighted = weights is not None
        self.standings = {
            credential: Standing(weight)
            for credential, weight in zip(credentials, weights or [1] * len(credentials), strict=True)
        }
        self.ballots: dict[Point, bytes] = {}

    def weighted_ballots(self) -> Iterator[tuple[int, bytes]]:
        """Yield the weight of each ballot that counts, and the ballot."""
        for credential, ballot in self.ballots.items():
            yield self.standings[credential].weight, ballot

    def voided(self, why: Why) -> list[Standing]:
        """Return the standings that were voided for this reason."""
        return [standing for standing in self.standings.values() if standing.void is why]

    def check_ballot(self, credential: Point, sequence: int, *, revote: bool) -> None:
        """Raise Refused unless this is the next ballot of a credential in force."""
        standing = self._in_force(credential, Check.BALLOT_ELIGIBLE)
        expected = standing.sequence + 1
        require(sequence == expected, Check.BALLOT_SEQUENCE, f"{sequence} where {expected} is next")
        require(sequence == 0 or revote, Check.BALLOT_SEQUENCE, "voting again is not provided for")

    def cast(self, credential: Point, sequence: int, ballot: bytes) -> None:
        """Enter a ballot that was checked."""
        self.standings[credential].sequence = sequence
        self.ballots[credential] = ballot

    def void(self, credential: Point, why: Why, *, is_stopped: bool) -> None:
        """Put a credential out of force, and its ballot with it; after the stop only for paper."""
        standing = self._in_force(credential, Check.VOID)
        require(why is Why.PAPER or not is_stopped, Check.VOID, f"{why} after the stop")
        standing.void = why
        self.ballots.pop(credential, None)

    def enroll(self, credential: Point, replaces: Point) -> None:
        """Put a new credential in the place, and at the weight, of one that was voided as reissued."""
        old = self.standings.get(replaces)
        if old is None or old.void is not Why.REISSUED or old.is_replaced:
            raise Refused(Check.ENROLL, "it replaces none that waits for it")
        require(credential not in self.standings, Check.ENROLL, "on the roll before")
        old.is_replaced = True
        self.standings[credential] = Standing(old.weight)

    def _in_force(self, credential: Point, check: Check) -> Standing:
        standing = self.standings.get(credential)
        if standing is None:
            raise Refused(check, "not on the roll")
        require(standing.void is None, check, f"void: {standing.void}")
        return standing


def parse_roll(record: Record) -> Electorate:
    """Return the electorate of a roll line."""
    exactly(record, ("type", "creds"), ("weights",))
    credentials = array(record["creds"], point)
    is_ascending = all(before < after for before, after in pairwise(credentials))
    require(is_ascending and bool(credentials), Check.ROLL_SORTED)
    if "weights" not in record:
        return Electorate(credentials, None)
    weights = array(record["weights"], lambda value: whole(value, least=1))
    require(len(weights) == len(credentials), Check.ROLL_WEIGHTS, "not one for each")
    require(sum(weights) <= GREATEST_TOTAL_WEIGHT, Check.ROLL_WEIGHTS, "too heavy together")
    return Electorate(credentials, weights)
