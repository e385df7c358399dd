"""Refusals of polls."""

from __future__ import annotations

from civicforum.errors import CivicForumError
from civicforum.polls.blockers import Blocker
from civicforum.polls.cards import CardFault
from civicforum.polls.keyholders import KeyholderFault
from civicforum.polls.rules import PollFault
from civicforum.polls.rules_paper import PaperFault
from civicforum.polls.rules_roll import Hindrance


class BallotRefused(CivicForumError):
    """This ballot, from this person, now: no; `fault` says why, and nothing was written."""

    def __init__(self, fault: PollFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class CardsRefused(CivicForumError):
    """These voting cards, now: no; `fault` says why, and nothing was written."""

    def __init__(self, fault: CardFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class PaperRefused(CivicForumError):
    """This person gets no paper here and now, or a list of papers handed out cannot be entered: `fault`."""

    def __init__(self, fault: PaperFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class KeysMissing(CivicForumError):
    """The folder of keys has none for this poll: it was destroyed, or the folder was not brought along."""


class KeyholderRefused(CivicForumError):
    """This message of a trustee, now: no; `detail` says what was found in it, and nothing was written."""

    def __init__(self, fault: KeyholderFault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


class RollHindered(CivicForumError):
    """The roll cannot be frozen yet; `hindrances` say why, each with its sum."""

    def __init__(self, hindrances: list[Hindrance]) -> None:
        super().__init__("; ".join(f"{one.kind}: {one.arithmetic}" for one in hindrances))
        self.hindrances = hindrances


class StepBlocked(CivicForumError):
    """The poll cannot take its next step yet; `blockers` say why, each with where it is cleared."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__(", ".join(one.kind for one in blockers))
        self.blockers = blockers


class OpeningBlocked(StepBlocked):
    """Voting cannot begin yet."""


class BelowLeast(CivicForumError):
    """Fewer ballots count than were promised to be opened together: the box stays shut."""

    def __init__(self, counted: int, least: int, *, has_paper: bool) -> None:
        super().__init__(f"{counted} < {least}")
        self.counted = counted
        self.least = least
        # Nothing on screen that counts, and paper: paper alone can be counted.
        self.may_count_paper = counted == 0 and has_paper


class CountStopped(CivicForumError):
    """Two engines count the same ballots differently: nothing is published before a person has looked."""
