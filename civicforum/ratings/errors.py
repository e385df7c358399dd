"""Refusals that only service ratings have."""

from __future__ import annotations

from civicforum.errors import CivicForumError
from civicforum.ratings.rules import SlipStanding


class SlipRefused(CivicForumError):
    """The slip opens no rating now; `standing` says why, None for a code that belongs to no slip."""

    def __init__(self, standing: SlipStanding | None) -> None:
        super().__init__(standing)
        self.standing = standing
