"""Refusals of leaving, coming back and being forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from civicforum.errors import CivicForumError
from civicforum.transfer.blocking import Block


class PollsInTheWay(CivicForumError):
    """Votes are not over, and their keys are on this server."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__("These votes have to be over first, for their keys stay here: " + "; ".join(titles))
        self.titles = list(titles)


class ImportRefused(CivicForumError):
    """The file cannot be brought in; nothing was written. `problems` are sentences in English."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class RemovalRefused(CivicForumError):
    """The export given is not what the community is now."""


class StillNeeded(CivicForumError):
    """Something that runs needs to know who the person is."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        super().__init__("; ".join(block.title for block in blocks))
        self.blocks = list(blocks)
