"""What the hearing and the grading are refused for."""

from __future__ import annotations

from collections.abc import Sequence

from civicforum.errors import CivicForumError


class ReportsNotHeard(CivicForumError):
    """Reports were handed in that are neither heard nor noted as not given; `names` says whose."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


class NobodyToGrade(CivicForumError):
    """Of those present, or on the roll of a group, nobody is left who is not graded; `group` names it."""

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self.group = group


class NotPrepared(CivicForumError):
    """The rolls of these groups are not posted yet, so that nobody could have objected."""

    def __init__(self, groups: Sequence[str]) -> None:
        super().__init__(", ".join(groups))
        self.groups = tuple(groups)


class GroupsUnfinished(CivicForumError):
    """These groups have not finished, so that nothing can be counted; `groups` names them."""

    def __init__(self, groups: Sequence[str]) -> None:
        super().__init__(", ".join(groups))
        self.groups = tuple(groups)
