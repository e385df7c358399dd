"""What moderation refuses or does instead, each named for what happened."""

from __future__ import annotations

import uuid

from civicforum.errors import CivicForumError


class Held(CivicForumError):
    """A word on the list holds the text back: it is kept, and waits until somebody looks.

    Raised after the commit, so that no page takes the text for posted.
    """

    def __init__(self, held_id: uuid.UUID) -> None:
        super().__init__(str(held_id))
        self.held_id = held_id


class TooLate(CivicForumError):
    """The time for an appeal is over."""
