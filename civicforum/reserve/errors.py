"""What a selection refuses beside the refusals of all features."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class TieUndecided(CivicForumError):
    """Some share the last place, and nobody has decided what becomes of them."""


class NotAllDone(CivicForumError):
    """A stage cannot end: `names` have no result in it yet."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names
