"""What filling a post can be refused for; each carries the words' material, not the words."""

from __future__ import annotations

from civicforum.bodies.rules import Conflict
from civicforum.errors import CivicForumError, RuleRefused
from civicforum.rulebook import Verdict


class NoSeatLeft(CivicForumError):
    """Every seat of the post is taken in the time asked for."""

    def __init__(self, title: str, seats: int, taken: int) -> None:
        super().__init__(f"{title}: {taken} of {seats} seats taken")
        self.title = title
        self.seats = seats
        self.taken = taken


class MustBeElected(RuleRefused):
    """The post is filled by election only; an appointment never replaces one."""


class PairForbidden(RuleRefused):
    """A post that the person, or a near relative, holds at the same time bars this one."""

    def __init__(self, verdict: Verdict, conflict: Conflict) -> None:
        super().__init__(verdict)
        self.conflict = conflict
