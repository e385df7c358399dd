"""What departments refuse beside the refusals of all features."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class TooManyWaiting(CivicForumError):
    """As many opinions of one person on this department wait for a reply as may."""
