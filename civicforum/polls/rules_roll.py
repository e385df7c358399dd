"""When a posted roll may be objected to, and what keeps it from being frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civicforum.polls.rules import PollState
from civicforum.rulebook import Clock, Rule, Rulebook, Switch, Verdict
from civicforum.rulebook.days import day_ends, day_of, day_starts


@dataclass(frozen=True)
class ObjectionPeriod:
    """From the posting of a roll to the last instant at which somebody may object to it.

    Attributes:
        days: how many; the day of posting is not counted. None are allowed with 0.
        clock: the rule of the law, where the poll is bound by it; otherwise the poll set its own days.
    """

    posted_at: datetime
    days: int
    clock: Clock | None = None

    @property
    def ends_at(self) -> datetime:
        if self.clock is not None:
            return self.clock.deadline(self.posted_at)
        if self.days == 0:
            return self.posted_at
        return day_ends(day_of(self.posted_at) + timedelta(days=self.days))

    def runs(self, now: datetime) -> bool:
        """Tell whether somebody may still object; the last instant counts."""
        return self.days > 0 and now <= self.ends_at


def objection_period(
    book: Rulebook, *, posted_at: datetime, is_statutory: bool, objection_days: int
) -> ObjectionPeriod:
    """Return the period of a poll: in an election the law's (城市居民委员会组织法 art 17), else its own."""
    if not is_statutory:
        return ObjectionPeriod(posted_at, objection_days)
    clock = book.clock("roll.objection")
    return ObjectionPeriod(posted_at, clock.days, clock)


class HindranceKind(StrEnum):
    OBJECTIONS_RUN = "objections_run"
    UNRULED = "unruled"
    NOBODY = "nobody"
    NO_PAPER = "no_paper"


@dataclass(frozen=True)
class Hindrance:
    """What keeps a roll from being frozen, with the sum; `rule` where the law says so."""

    kind: HindranceKind
    arithmetic: str
    rule: Rule | None = None
    holds: bool = False


def hindrances_to_freezing(
    book: Rulebook,
    period: ObjectionPeriod,
    *,
    filed: int,
    ruled: int,
    entries: int,
    now: datetime,
    has_paper: bool = True,
) -> list[Hindrance]:
    """Return what keeps the roll from being frozen now; nothing does when the list is empty.

    Args:
        filed, ruled: objections made, and those of them ruled on.
        entries: persons on the roll who are not struck off.
        has_paper: the box is made for the questions of the paper, which an election sets after the roll.
    """
    found = []
    if period.runs(now):
        today, posted = day_of(now), day_of(period.posted_at)
        arithmetic = f"{today} − {posted} = {(today - posted).days} ≤ {period.days}"
        found.append(Hindrance(HindranceKind.OBJECTIONS_RUN, arithmetic, period.clock))
    if filed > ruled:
        rule = book.clock("roll.ruling")
        found.append(Hindrance(HindranceKind.UNRULED, f"{filed} − {ruled} = {filed - ruled} > 0", rule))
    if entries == 0:
        found.append(Hindrance(HindranceKind.NOBODY, "0 < 1"))
    if not has_paper:
        found.append(Hindrance(HindranceKind.NO_PAPER, ""))
    return found


def ruling_due(book: Rulebook, filed_at: datetime) -> datetime:
    """Return the last instant for the ruling on an objection (art 17)."""
    return book.clock("roll.ruling").deadline(filed_at)


def last_lawsuit(book: Rulebook, opens_at: datetime) -> datetime:
    """Return the last instant for a lawsuit about entitlement to vote (民事诉讼法 art 188)."""
    return book.clock("roll.lawsuit").latest(day_starts(day_of(opens_at)))


# A roll is corrected until the stop, and by dated entries only.
CORRECTED_IN = frozenset({PollState.ROLL_POSTED, PollState.READY, PollState.OPEN})


class CorrectionFault(StrEnum):
    """Why a roll is not corrected so."""

    FROZEN = "frozen"
    ON_ROLL = "on_roll"
    NOT_ON_ROLL = "not_on_roll"
    HAS_PAPER = "has_paper"
    HAS_LEFT = "has_left"
    HOUSEHOLD_HAS_ONE = "household_has_one"
    IS_GRADED = "is_graded"
    NO_PERSON = "no_person"
    UNCHANGED = "unchanged"


class ObjectionFault(StrEnum):
    """Why an objection is not taken so."""

    TOO_LATE = "too_late"
    NO_NAME = "no_name"
    NO_ENTRY = "no_entry"


class MandateFault(StrEnum):
    """Why a proxy is not entered or withdrawn, where no rule of the rulebook says it."""

    NOT_PROVIDED = "not_provided"
    PRINCIPAL_NOT_ON_ROLL = "principal_not_on_roll"
    HOLDER_NOT_ON_ROLL = "holder_not_on_roll"
    SAME_PERSON = "same_person"
    HAS_PROXY = "has_proxy"
    WRITTEN_LATER = "written_later"
    HAS_VOTED = "has_voted"
    HAS_REQUEST = "has_request"
    AWAY_BACKWARDS = "away_backwards"
    NOT_ASKED = "not_asked"


def judge_away(book: Rulebook, away: tuple[date, date], voting: tuple[date, date]) -> Verdict:
    """Judge that a voter who gives a proxy is away on every day of the voting (art 19).

    Args:
        away, voting: first and last day of each.
    """
    switch = book.switch("proxy.away_only")
    leaves, returns = away[0] <= voting[0], voting[1] <= away[1]
    sums = [
        f"{away[0]} {'≤' if leaves else '>'} {voting[0]}",
        f"{away[1]} {'≥' if returns else '<'} {voting[1]}",
    ]
    return Verdict((leaves and returns) or not switch.on, "; ".join(sums), switch)


def refusal_of_switch(switch: Switch, arithmetic: str = "") -> Verdict:
    """Return the verdict that what is asked for is not allowed, because the switch is off."""
    return Verdict(False, arithmetic or switch.value, switch)
