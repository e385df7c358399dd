"""Refusals of polls."""

from __future__ import annotations

from civicforum.errors import CivicForumError
from civicforum.polls.rules import PollFault


class BallotRefused(CivicForumError):
    """This ballot, from this person, now: no; `fault` says why, and nothing was written."""

    def __init__(self, fault: PollFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class KeysMissing(CivicForumError):
    """The folder of keys has none for this poll: it was destroyed, or the folder was not brought along."""
