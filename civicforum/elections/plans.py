"""What an election is to be: what is refused before it is saved, and its calendar fitted to the days left."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from civicforum.bodies.rules import BodyKind
from civicforum.elections import calendar
from civicforum.elections.calendar import CLOCKS, Breach, Milestone
from civicforum.elections.committees import judge_seats
from civicforum.elections.law import require
from civicforum.elections.polling import judge_proxies, judge_screen
from civicforum.elections.rules import ElectionKind, Stage, Way
from civicforum.errors import Invalid
from civicforum.rulebook import SHANGHAI, Rulebook, Span
from civicforum.rulebook.days import day_of, day_starts

# Until the registration is announced: what the notices say afterwards is changed by another notice.
CHANGEABLE = frozenset({Stage.PLANNED, Stage.COMMITTEE})
# Nobody plans further ahead; the search for a lawful day ends there.
LONGEST = 400
MOST_SEATS = 999
LONGEST_TITLE, LONGEST_PLACE, LONGEST_GROUND = 200, 120, 200


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An election as it is planned. `seats` is how many are elected to each post, by id of the post."""

    kind: ElectionKind
    way: Way
    body_id: uuid.UUID
    group_id: uuid.UUID | None
    title: str
    day: date
    opens: time
    closes: time
    place: str
    by_proxy: bool
    by_screen: bool
    screen_ground: str
    seats: Mapping[uuid.UUID, int]

    @property
    def opens_at(self) -> datetime:
        return datetime.combine(self.day, self.opens, SHANGHAI).astimezone(UTC)

    @property
    def closes_at(self) -> datetime:
        return datetime.combine(self.day, self.closes, SHANGHAI).astimezone(UTC)


def check_plan(book: Rulebook, plan: Plan, body: BodyKind) -> None:
    """Refuse a plan that the law does not allow, whatever its day.

    Raises RuleRefused (size of the committee, screens without a ground, proxies of representatives) and
    Invalid ("seats", "no_seat", "hours", "way", "unit").
    """
    if plan.closes <= plan.opens:
        raise Invalid("hours", "closes")
    if any(not 0 <= number <= MOST_SEATS for number in plan.seats.values()):
        raise Invalid("seats", "seats")
    total = sum(plan.seats.values())
    if total < 1:
        raise Invalid("no_seat", "seats")
    # A by-election fills what is empty: the others stay in their seats.
    size = judge_seats(book, body, list(plan.seats.values()))
    if plan.kind is not ElectionKind.BY_ELECTION and size is not None:
        require(size)
    if plan.kind is ElectionKind.REPRESENTATIVES:
        _check_unit(plan)
    _check_ways(book, plan)


def check_near(day: date, to: date, field: str) -> None:
    """Refuse a day that nobody means, such as one of another century. Raises Invalid ("far")."""
    if abs(day - to) > timedelta(days=LONGEST):
        raise Invalid("far", field)


def screen_ground(book: Rulebook, plan: Plan) -> str:
    """Return on what ground people vote on a screen: what was entered, else the rule; "" on paper alone."""
    if not plan.by_screen:
        return ""
    return plan.screen_ground or book.switch("election.online").article


def fitted(book: Rulebook, *, day: date, way: Way, by_proxy: bool, today: date) -> dict[Milestone, date]:
    """Return the usual calendar that leads to `day`, drawn together where it would have to have begun."""
    return _drawn_together(book, calendar.plan(day, way, by_proxy=by_proxy), (), today)


def moved_to(
    book: Rulebook, dates: Mapping[Milestone, date], done: Collection[Milestone], *, day: date, today: date
) -> dict[Milestone, date]:
    """Return the calendar with election day on `day`, and every date that is still ahead moved with it.

    Objections end five days after the roll was posted, wherever election day goes: what a clock binds to
    something done stays with that. So does what was to be done before something that is done.
    """
    bound = bound_to(book, done)
    latest = max((dates[one] for one in done if one in dates), default=date.min)
    fixed = {*done, *bound, *(one for one, planned in dates.items() if planned <= latest)}
    shifted = calendar.moved(dates, fixed, by=day - dates[Milestone.POLLING_DAY])
    for then, (rule_id, first) in bound.items():
        if then in shifted and first in shifted:
            shifted[then] = day_of(book.clock(rule_id).deadline(day_starts(shifted[first])))
    return _drawn_together(book, shifted, fixed, today)


def first_day(
    book: Rulebook,
    calendar_on: Callable[[date], Mapping[Milestone, date]],
    *,
    today: date,
    done: Collection[Milestone] = (),
) -> date | None:
    """Return the first election day whose calendar breaks no clock, or None where none does.

    Args:
        calendar_on: the calendar for an election day.
    """
    for ahead in range(LONGEST):
        day = today + timedelta(days=ahead)
        if not new_breaches(book, calendar_on(day), done):
            return day
    return None


def new_breaches(
    book: Rulebook, dates: Mapping[Milestone, date], done: Collection[Milestone]
) -> list[Breach]:
    """Return what is wrong with the dates that can still be changed: what is done is done."""
    ends = {rule_id: {first, then} for rule_id, first, then in CLOCKS}
    return [
        one
        for one in calendar.breaches(book, dates)
        if not (ends[one.verdict.rule.id] if one.verdict else {one.milestone}) <= set(done)
    ]


def bound_to(book: Rulebook, done: Collection[Milestone]) -> dict[Milestone, tuple[str, Milestone]]:
    """Return the dates ahead that a clock ties to something done: the rule, and what it counts from."""
    bound: dict[Milestone, tuple[str, Milestone]] = {}
    for rule_id, first, then in CLOCKS:
        is_tied = first in done or first in bound
        if is_tied and then not in done and book.clock(rule_id).span is Span.WITHIN:
            bound[then] = (rule_id, first)
    return bound


def _drawn_together(
    book: Rulebook, dates: Mapping[Milestone, date], fixed: Collection[Milestone], today: date
) -> dict[Milestone, date]:
    """Return the dates before election day not before today, nor before what has to be done first."""
    drawn, floor = dict(dates), today
    tied = {then: (rule_id, first) for rule_id, first, then in CLOCKS if then is not Milestone.POLLING_DAY}
    for one in (one for one in Milestone if one in dates):
        if one is Milestone.POLLING_DAY:
            break
        rule_id, first = tied.get(one, ("", one))
        if one not in fixed and rule_id and drawn[first] != dates[first]:
            # The whole time that the law gives for objections and rulings, however short the rest becomes.
            drawn[one] = day_of(book.clock(rule_id).deadline(day_starts(drawn[first])))
        floor = max(drawn[one], floor)
        if one not in fixed:
            drawn[one] = floor
    return drawn


def _check_unit(plan: Plan) -> None:
    if plan.group_id is None:
        raise Invalid("unit", "group")
    if plan.way is Way.REPRESENTATIVES:
        raise Invalid("way", "way")


def _check_ways(book: Rulebook, plan: Plan) -> None:
    if plan.by_screen:
        require(judge_screen(book, plan.screen_ground))
    if plan.by_proxy:
        require(judge_proxies(book, plan.way))
