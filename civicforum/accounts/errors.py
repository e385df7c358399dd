"""What signing in and the help desk refuse."""

from __future__ import annotations

import uuid
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


class SecondFactorAsked(CivicForumError):
    """The first factor was right, and the account has a second: `half_id` names the sign-in that waits."""

    def __init__(self, half_id: uuid.UUID) -> None:
        super().__init__(str(half_id))
        self.half_id = half_id


class SecondFactorRefused(CivicForumError):
    """This code or key does not prove it; whether it is unknown, used or too old is not told."""


class HalfSignInOver(CivicForumError):
    """There is no sign-in that waits for a second factor any more: begin again with the password."""
