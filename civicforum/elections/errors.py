"""What a step of an election is refused for; each carries the words' material, not the words."""

from __future__ import annotations

from datetime import date

from civicforum.elections.blockers import Blocker
from civicforum.elections.calendar import Breach
from civicforum.elections.polling import StaffConflict
from civicforum.errors import CivicForumError, Invalid


class CalendarBroken(CivicForumError):
    """These dates break clocks of the law, or stand in the wrong order.

    `first_day` is the first election day that would do, None where another single date would do.
    """

    def __init__(self, breaches: list[Breach], first_day: date | None = None) -> None:
        super().__init__(", ".join(one.milestone for one in breaches))
        self.breaches = breaches
        self.first_day = first_day


class BlockedStage(CivicForumError):
    """The election cannot go on to its next stage; `blockers` say why, each with where it is cleared."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(", ".join(one.kind for one in blockers))
        self.blockers = blockers


class BodyBusy(CivicForumError):
    """Another election to the same body is still running: one has to end, or to be void, first."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


class StaffBarred(Invalid):
    """Somebody named for polling day may not serve; `name` as it was typed."""

    def __init__(self, name: str, conflict: StaffConflict, field: str) -> None:
        super().__init__("candidate" if conflict.relative_id is None else "relative", field)
        self.name = name
        self.conflict = conflict
