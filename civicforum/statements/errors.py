"""Refusals of conversations."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class NotInvited(CivicForumError):
    """The conversation is for others: the members of a body, or those a meeting invites."""


class NotOpen(CivicForumError):
    """The conversation takes no answers now."""


class NotShown(CivicForumError):
    """The statement waits to be looked at, or was taken down: nobody answers it."""


class HasVotes(CivicForumError):
    """Somebody has answered the statement: its words stay as they were answered."""
