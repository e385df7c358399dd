"""What the registers refuse."""

from __future__ import annotations

from datetime import date

from civicforum.errors import AlreadyDone


class AlreadyReported(AlreadyDone):
    """The person reported in before in this term, on `day`."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day
