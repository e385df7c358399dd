"""Refusals that only meetings have."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class NotYetTheDay(CivicForumError):
    """The day that the notice named has not come."""


class VoteIsOpen(CivicForumError):
    """A vote is being taken, and has to be closed first."""


class HandsNotCounted(CivicForumError):
    """The vote is by raised hands, and nobody has entered their number."""


class PapersNotCounted(CivicForumError):
    """Papers were handed out, and two people have to count them before the box is opened."""


class NothingToVoteOn(CivicForumError):
    """The item has no text, so nobody could say what was decided."""


class MinutesChanged(CivicForumError):
    """Somebody corrected the minutes after the page was read: another text would be signed."""


class FollowUpMissing(CivicForumError):
    """Items were agreed on, and nothing says what comes of them. `positions` are theirs on the agenda."""

    def __init__(self, positions: list[int]) -> None:
        super().__init__(positions)
        self.positions = positions
