"""Refusals that only drafts have."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class StillOut(CivicForumError):
    """People can still comment, so the round cannot be closed."""


class CommentsUnanswered(CivicForumError):
    """Comments wait for their answer, so the round cannot be closed. `number` says how many."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class TooManyComments(CivicForumError):
    """The same person has commented on this draft as often as anybody may."""
