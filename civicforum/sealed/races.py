"""What a ballot is checked against: its slots, and the rules that their contents must obey.

A slot holds a mark (0 or 1) or a text (a write-in name, a ranking). A *rule* is a list of cases, one of which
holds; a *case* is a list of claims, all of which hold; a *claim* says that the sum of its slots is a value,
or only that whoever sealed the ballot knows what is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from .group import Point


class Claim(NamedTuple):
    """The slots' sum is `value`; with None, the sealer knows the content."""

    slots: tuple[int, ...]
    value: int | None


Case: TypeAlias = tuple[Claim, ...]
Rule: TypeAlias = tuple[Case, ...]

WORD = 32
SEQUENCE_BYTES = 4


def sum_in(slots: Iterable[int], values: Iterable[int]) -> Rule:
    """Return the rule that the slots' sum is one of the values."""
    slots = tuple(slots)
    return tuple((Claim(slots, value),) for value in values)


@dataclass(frozen=True)
class Race:
    """All that a ballot is bound to; it follows from the manifest line that `id` digests.

    Attributes:
        key: the trustees' joint public key.
        marks, texts: how many slots of each kind; marks come first.
        contest_rules: what the questions ask for, beside that each mark is 0 or 1 and each text is known.
    """

    id: bytes
    key: Point
    marks: int
    texts: int
    contest_rules: Sequence[Rule]

    @property
    def slots(self) -> int:
        """Return the number of ciphertexts."""
        return self.marks + self.texts

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Return all rules in the order in which a ballot proves them."""
        binary = [sum_in((slot,), (0, 1)) for slot in range(self.marks)]
        known: list[Rule] = [((Claim((slot,), None),),) for slot in range(self.marks, self.slots)]
        return (*binary, *known, *self.contest_rules)

    @cached_property
    def ballot_bytes(self) -> int:
        """Return the exact length of a ballot."""
        proofs = sum(len(rule) - 1 + sum(map(len, rule)) for rule in self.rules)
        return SEQUENCE_BYTES + WORD * (1 + 2 * self.slots + 2 + proofs)
