"""Refusals that only meetings have."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class NotYetTheDay(CivicForumError):
    """The day that the notice named has not come."""


class VoteIsOpen(CivicForumError):
    """A vote is being taken, and has to be closed first."""


class NothingToVoteOn(CivicForumError):
    """The item has no text, so nobody could say what was decided."""
