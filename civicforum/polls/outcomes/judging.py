"""The rulebook with the numbers that its shares are taken of."""

from __future__ import annotations

from dataclasses import dataclass

from civicforum.polls.rules import KeptVerdict, VerdictKind, kept
from civicforum.rulebook import Rulebook

SPOILED_TAKE_PART = "ballot.spoiled_take_part"


@dataclass(frozen=True)
class Electorate:
    """How many could vote. `members` belong to the body, or are adults here; 0 where nobody said.

    `present` are in the room where the vote is a meeting's (城市居民委员会组织法 arts 27, 29); 0:
    whoever took part.
    """

    on_roll: int
    members: int = 0
    present: int = 0


@dataclass(frozen=True)
class Judge:
    """The rulebook with the numbers that its shares are taken of."""

    book: Rulebook
    electorate: Electorate
    taking_part: int

    def quorum(self, rule: str) -> KeptVerdict:
        """Judge how many took part, or are present."""
        there = self.electorate.present or self.taking_part
        verdict = self.book.threshold(rule).judge(there, self.wholes(self.taking_part))
        return kept(VerdictKind.QUORUM, verdict)

    def majority(self, rule: str, votes: int, *, taking_part: int, cast: int) -> KeptVerdict:
        """Judge how many were in favour."""
        wholes = self.wholes(taking_part) | {"cast": cast}
        return kept(VerdictKind.MAJORITY, self.book.threshold(rule).judge(votes, wholes))

    def least(self, rule: str, *, taking_part: int, cast: int) -> int:
        """Return how many votes a rule asks for."""
        threshold = self.book.threshold(rule)
        return threshold.least((self.wholes(taking_part) | {"cast": cast})[threshold.of])

    def counts_all(self) -> bool:
        """Tell whether abstentions and invalid papers count among those who took part."""
        return self.book.switch(SPOILED_TAKE_PART).on

    def wholes(self, taking_part: int) -> dict[str, int]:
        """Return what a share may be of. Representatives and households vote on a roll of their own."""
        roll = self.electorate.on_roll
        members = max(self.electorate.members, roll)
        everybody = {"roll": roll, "representatives": roll, "households": roll, "party_members": roll}
        bodies = {"members": members, "adults": members, "residents": members}
        there = self.electorate.present or self.taking_part
        return {**everybody, **bodies, "present": there, "taking_part": taking_part}
