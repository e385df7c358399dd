"""What signing in and the help desk refuse."""

from __future__ import annotations

from datetime import datetime

from civicforum.errors import CivicForumError, NotEligible


class SignInRefused(CivicForumError):
    """Login and secret do not open an account. Which of them is wrong is not told."""


class TooManyAttempts(CivicForumError):
    """Too many failed attempts by this login or from this address; the next one may be made at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class GuardedAccount(NotEligible):
    """The account's owner holds a post with powers: an administrator has to do this, not a clerk."""
