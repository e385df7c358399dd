"""Refusals of the notice board."""

from __future__ import annotations

from collections.abc import Sequence

from civicforum.errors import Invalid
from civicforum.notices.pii import Place


class PersonalData(Invalid):
    """A text shows somebody's number. `places` says where, for the author of the text alone."""

    def __init__(self, field: str, places: Sequence[Place]) -> None:
        super().__init__("personal_data", field)
        self.places = places
