"""The calendar of an election, planned back from election day, and the clocks of the law on it.

    dates = plan(book, day, Way.VOTERS)
    breaches(book, dates)                    # [] or what breaks which clock, with the article and the days
    moved(dates, done, by=timedelta(days=7)) # only what is still ahead moves

A day is a calendar day in Asia/Shanghai; the day that a clock starts on is not counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civicforum.elections.rules import Stage, Way
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_starts


class Milestone(StrEnum):
    """What has a date of its own in an election, in the order of the days."""

    PLAN_APPROVED = "plan_approved"
    COMMITTEE_FORMED = "committee_formed"
    REGISTRATION_OPENS = "registration_opens"
    REGISTRATION_CLOSES = "registration_closes"
    ELECTORS_CHOSEN = "electors_chosen"
    ROLL_POSTED = "roll_posted"
    OBJECTIONS_CLOSE = "objections_close"
    RULINGS_PUBLISHED = "rulings_published"
    NOMINATION_OPENS = "nomination_opens"
    NOMINATION_CLOSES = "nomination_closes"
    PRELIMINARY_LIST = "preliminary_list"
    REVIEW_DONE = "review_done"
    FORMAL_LIST = "formal_list"
    PROXIES_CLOSE = "proxies_close"
    CANDIDATES_MET = "candidates_met"
    STAFF_POSTED = "staff_posted"
    PROXY_LIST = "proxy_list"
    POLLING_DAY = "polling_day"
    RESULT_ANNOUNCED = "result_announced"
    RESULT_FILED = "result_filed"
    HANDED_OVER = "handed_over"


_M = Milestone
# Days from election day (DOMAIN.md, the typical timetable of part B). Whoever votes for a household or as a
# representative is chosen before the roll is posted, because article 17 has them posted for twenty days too.
OFFSETS: dict[Milestone, int] = {
    _M.PLAN_APPROVED: -35,
    _M.COMMITTEE_FORMED: -34,
    _M.REGISTRATION_OPENS: -33,
    _M.REGISTRATION_CLOSES: -29,
    _M.ELECTORS_CHOSEN: -29,
    _M.ROLL_POSTED: -28,
    _M.OBJECTIONS_CLOSE: -23,
    _M.RULINGS_PUBLISHED: -20,
    _M.NOMINATION_OPENS: -19,
    _M.NOMINATION_CLOSES: -15,
    _M.PRELIMINARY_LIST: -13,
    _M.REVIEW_DONE: -7,
    _M.FORMAL_LIST: -6,
    _M.PROXIES_CLOSE: -4,
    _M.CANDIDATES_MET: -4,
    _M.STAFF_POSTED: -3,
    _M.PROXY_LIST: -3,
    _M.POLLING_DAY: 0,
    _M.RESULT_ANNOUNCED: 0,
    _M.RESULT_FILED: 5,
    _M.HANDED_OVER: 10,
}

# The stage whose work a date belongs to.
STAGE_OF: dict[Milestone, Stage] = {
    _M.PLAN_APPROVED: Stage.PLANNED,
    _M.COMMITTEE_FORMED: Stage.COMMITTEE,
    _M.REGISTRATION_OPENS: Stage.REGISTRATION,
    _M.REGISTRATION_CLOSES: Stage.REGISTRATION,
    _M.ELECTORS_CHOSEN: Stage.REGISTRATION,
    _M.ROLL_POSTED: Stage.ROLL,
    _M.OBJECTIONS_CLOSE: Stage.ROLL,
    _M.RULINGS_PUBLISHED: Stage.ROLL,
    _M.NOMINATION_OPENS: Stage.NOMINATION,
    _M.NOMINATION_CLOSES: Stage.NOMINATION,
    _M.PRELIMINARY_LIST: Stage.REVIEW,
    _M.REVIEW_DONE: Stage.REVIEW,
    _M.FORMAL_LIST: Stage.CANDIDATES,
    _M.PROXIES_CLOSE: Stage.CANDIDATES,
    _M.CANDIDATES_MET: Stage.CANDIDATES,
    _M.STAFF_POSTED: Stage.CANDIDATES,
    _M.PROXY_LIST: Stage.CANDIDATES,
    _M.POLLING_DAY: Stage.POLLING,
    _M.RESULT_ANNOUNCED: Stage.COUNT,
    _M.RESULT_FILED: Stage.RESULT,
    _M.HANDED_OVER: Stage.HANDOVER,
}

# (rule, from, to): the clock that binds two dates of the calendar.
CLOCKS: tuple[tuple[str, Milestone, Milestone], ...] = (
    # Article 17 has those chosen to elect posted as long as the roll.
    ("roll.posting", _M.ELECTORS_CHOSEN, _M.POLLING_DAY),
    ("roll.posting", _M.ROLL_POSTED, _M.POLLING_DAY),
    ("roll.objection", _M.ROLL_POSTED, _M.OBJECTIONS_CLOSE),
    ("roll.ruling", _M.OBJECTIONS_CLOSE, _M.RULINGS_PUBLISHED),
    ("election.formal_list", _M.FORMAL_LIST, _M.POLLING_DAY),
    ("proxy.apply", _M.PROXIES_CLOSE, _M.POLLING_DAY),
    ("proxy.posting", _M.PROXY_LIST, _M.POLLING_DAY),
    ("committee.handover", _M.RESULT_ANNOUNCED, _M.HANDED_OVER),
)
PROXY_DATES = frozenset({_M.PROXIES_CLOSE, _M.PROXY_LIST})


@dataclass(frozen=True)
class Breach:
    """A date that breaks a clock, or that comes before what has to be done first (`verdict` None).

    `after` is the date that it is bound to: the other end of the clock, or what has to be done first.
    """

    milestone: Milestone
    after: Milestone
    verdict: Verdict | None = None

    @property
    def last(self) -> Milestone:
        """Return which of the two ends comes last: once it is done, nothing can be changed any more."""
        return max(self.milestone, self.after, key=list(Milestone).index)


def milestones(way: Way, *, by_proxy: bool) -> list[Milestone]:
    """Return the dates that such an election has, in their order."""
    left_out = set() if by_proxy else set(PROXY_DATES)
    if way is Way.VOTERS:
        left_out.add(_M.ELECTORS_CHOSEN)
    return [milestone for milestone in Milestone if milestone not in left_out]


def plan(polling_day: date, way: Way, *, by_proxy: bool = False) -> dict[Milestone, date]:
    """Return a calendar that leads to this election day."""
    return {one: polling_day + timedelta(days=OFFSETS[one]) for one in milestones(way, by_proxy=by_proxy)}


def moved(
    dates: Mapping[Milestone, date], done: Collection[Milestone], *, by: timedelta
) -> dict[Milestone, date]:
    """Return the calendar with every date that is still ahead moved, and what is done left where it was."""
    return {one: day if one in done else day + by for one, day in dates.items()}


def breaches(book: Rulebook, dates: Mapping[Milestone, date]) -> list[Breach]:
    """Return what is wrong with a calendar: clocks of the law first, then dates out of their order."""
    found = []
    for rule_id, first, then in CLOCKS:
        if first in dates and then in dates:
            verdict = book.clock(rule_id).judge(day_starts(dates[first]), day_starts(dates[then]))
            if not verdict.holds:
                changed = _moves(first, then)
                found.append(Breach(changed, first if changed is then else then, verdict))
    found += _too_short(book, dates)
    order = [milestone for milestone in Milestone if milestone in dates]
    for first, then in itertools.pairwise(order):
        if dates[then] < dates[first]:
            found.append(Breach(then, first))
    return found


def judge_renewal(book: Rulebook, term_ended: datetime, polling_at: datetime) -> Verdict:
    """Judge how late a term is renewed (art 14 asks for it in time; how late it may be is a local rule)."""
    return book.clock("committee.late_renewal").judge(term_ended, polling_at)


def _too_short(book: Rulebook, dates: Mapping[Milestone, date]) -> Iterator[Breach]:
    """Objections may be made on each of the days that the law gives: the clock is a right, and no less."""
    posted, closed = dates.get(_M.ROLL_POSTED), dates.get(_M.OBJECTIONS_CLOSE)
    clock = book.clock("roll.objection")
    if posted is None or closed is None or (days := (closed - posted).days) >= clock.days:
        return
    arithmetic = f"{closed} − {posted} = {days} < {clock.days}"
    verdict = Verdict(False, arithmetic, clock, clock.days)
    yield Breach(_M.OBJECTIONS_CLOSE, _M.ROLL_POSTED, verdict)


def _moves(first: Milestone, then: Milestone) -> Milestone:
    """Return which of two dates is to be changed: election day stands, and what is derived follows."""
    return first if then is Milestone.POLLING_DAY else then
