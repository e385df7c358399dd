"""What stands between a poll and its next step, each with whose task it is and where it is done.

Plain values in, blockers out: queries/blockers.py gathers the facts, texts_blockers.py has the sentences.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from civicforum.polls.cards import has_cards
from civicforum.polls.keyholders import Candidate, stands_on_paper
from civicforum.polls.rules import PollState, Preset, StationKind
from civicforum.polls.rules_paper import ROVING_SUPERVISORS
from civicforum.polls.rules_roll import objection_period
from civicforum.rulebook import Rule, Rulebook, Verdict
from civicforum.sealed import Phase


class BlockerKind(StrEnum):
    NO_QUESTION = "no_question"
    PAPER_NOT_SET = "paper_not_set"
    NO_TIMES = "no_times"
    TOO_EARLY = "too_early"
    ALREADY_OVER = "already_over"
    NO_ROLL = "no_roll"
    ROLL_NOT_POSTED = "roll_not_posted"
    POSTED_TOO_LATE = "posted_too_late"
    ROLL_NOT_FROZEN = "roll_not_frozen"
    FEWER_THAN_LEAST = "fewer_than_least"
    OBJECTIONS_RUNNING = "objections_running"
    OBJECTIONS_UNRULED = "objections_unruled"
    SCREEN_NOT_ALLOWED = "screen_not_allowed"
    TRUSTEES_NOT_NAMED = "trustees_not_named"
    CEREMONY_UNFINISHED = "ceremony_unfinished"
    DRILL_NOT_DONE = "drill_not_done"
    TRUSTEE_IS_CANDIDATE = "trustee_is_candidate"
    CARDS_MISSING = "cards_missing"
    BOARD_NOT_FOUNDED = "board_not_founded"
    KEYS_MISSING = "keys_missing"
    NO_STATION = "no_station"
    BOX_UNWATCHED = "box_unwatched"
    PROXIES_LATE = "proxies_late"
    TOO_MANY_PROXIES = "too_many_proxies"
    CANDIDATE_HOLDS_PROXY = "candidate_holds_proxy"
    STILL_OPEN = "still_open"
    WAY_TOO_SMALL = "way_too_small"
    FORMS_TOO_FEW = "forms_too_few"
    FEW_CAME_BACK = "few_came_back"
    OTHERS_GRADE = "others_grade"
    LISTS_AWAITED = "lists_awaited"
    BALLOTS_TOO_FEW = "ballots_too_few"
    STATIONS_UNSIGNED = "stations_unsigned"
    SHARES_MISSING = "shares_missing"
    OBJECTIONS_UNANSWERED = "objections_unanswered"


class Who(StrEnum):
    """Whose task it is to clear a blocker."""

    RUNNERS = "runners"
    TRUSTEES = "trustees"
    DOOR = "door"
    CLOCK = "clock"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way.

    Attributes:
        endpoint: the page on which it is cleared, of the poll or with the arguments `where`.
        figures: what its sentence says, by the names of its placeholders.
        rule, arithmetic: of a rule that does not hold.
    """

    kind: BlockerKind
    endpoint: str
    who: Who = Who.RUNNERS
    figures: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    arithmetic: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)


class Requirement(StrEnum):
    """What has to be in order before a poll opens: a line of the officer's page."""

    BALLOT = "ballot"
    TIMES = "times"
    ROLL = "roll"
    OBJECTIONS = "objections"
    SCREEN = "screen"
    KEY = "key"
    CARDS = "cards"
    BOARD = "board"
    STATIONS = "stations"
    PROXIES = "proxies"


@dataclass(frozen=True)
class StationFact:
    """What is asked of a station: who watches it, and whether its list and its count are in."""

    name: str
    kind: StationKind
    supervisors: int
    is_list_awaited: bool = False
    is_signed: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a poll that has not opened. Names are as they stand on roll, paper and ceremony."""

    preset: Preset
    by_screen: bool
    by_paper: bool
    by_proxy: bool
    is_statutory: bool
    opens_at: datetime | None
    closes_at: datetime | None
    roll_posted_at: datetime | None
    roll_frozen_at: datetime | None
    objection_days: int
    least: int
    trustees: int
    questions: int
    candidates: frozenset[str]
    on_roll: int
    # When each objection that waits for its ruling had to be ruled on.
    rulings_due: tuple[datetime, ...]
    trustees_named: tuple[str, ...]
    is_key_made: bool
    is_drilled: bool
    cards: int
    phase: Phase | None
    has_keys: bool
    stations: tuple[StationFact, ...]
    # How many proxies each holder has, and when the last one was put on the posted list.
    proxies: tuple[tuple[str, int], ...]
    last_proxy_at: datetime | None
    # The election whose candidates the paper names.
    election_id: uuid.UUID | None = None

    @property
    def has_board(self) -> bool:
        """Tell whether ballots are sealed on the screen."""
        return self.preset is not Preset.OPEN and self.by_screen

    @property
    def has_trustees(self) -> bool:
        """Tell whether officers keep the key in parts."""
        return has_cards(self.preset, by_screen=self.by_screen)


Find = Callable[[Facts, Rulebook, datetime], Iterator[Blocker]]


def requirements(facts: Facts, book: Rulebook, now: datetime) -> dict[Requirement, list[Blocker]]:
    """Return every requirement that this poll has, in order, with what is still missing of it."""
    return {which: list(find(facts, book, now)) for which, (asks, find) in _FINDERS.items() if asks(facts)}


def blockers_of(facts: Facts, book: Rulebook, now: datetime) -> list[Blocker]:
    """Return everything that stands against opening the poll now, but that its hour may not have come."""
    return [one for missing in requirements(facts, book, now).values() for one in missing]


@dataclass(frozen=True, kw_only=True)
class LaterFacts:
    """What is known of a poll from its opening on."""

    state: PollState
    closes_at: datetime | None
    is_sealed: bool
    has_trustees: bool
    threshold: int
    shares: int
    is_opened: bool
    stations: tuple[StationFact, ...]
    unanswered: int


def next_blockers_of(facts: LaterFacts, now: datetime) -> list[Blocker]:
    """Return what stands against the next step: stopping, closing the board, counting, certifying."""
    match facts.state:
        case PollState.OPEN if facts.closes_at is not None and now < facts.closes_at:
            at = {"at": facts.closes_at}
            return [Blocker(BlockerKind.STILL_OPEN, "polls.extend", Who.CLOCK, at)]
        case PollState.CLOSED if not facts.is_sealed:
            return _awaited(facts)
        case PollState.CLOSED:
            return [*_uncounted(facts), *_unopened(facts)]
        case PollState.COUNTED if facts.unanswered:
            figures = {"num": facts.unanswered}
            return [
                Blocker(BlockerKind.OBJECTIONS_UNANSWERED, "polls.result_objections", Who.RUNNERS, figures)
            ]
    return []


def _ballot(facts: Facts, _book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if facts.questions:
        return
    if facts.election_id is None:
        yield Blocker(BlockerKind.NO_QUESTION, "polls.questions")
    else:
        where = {"election_id": facts.election_id}
        yield Blocker(BlockerKind.PAPER_NOT_SET, "elections.rounds", where=where)


def _times(facts: Facts, _book: Rulebook, now: datetime) -> Iterator[Blocker]:
    if facts.opens_at is None or facts.closes_at is None:
        yield Blocker(BlockerKind.NO_TIMES, "polls.terms")
    elif now >= facts.closes_at:
        yield Blocker(BlockerKind.ALREADY_OVER, "polls.void", figures={"at": facts.closes_at})


def _roll(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if not facts.on_roll:
        yield Blocker(BlockerKind.NO_ROLL, "polls.draw_roll")
        return
    if facts.on_roll < facts.least:
        figures = {"on_roll": facts.on_roll, "least": facts.least}
        yield Blocker(BlockerKind.FEWER_THAN_LEAST, "polls.roll", figures=figures)
    if facts.roll_posted_at is None:
        yield Blocker(BlockerKind.ROLL_NOT_POSTED, "polls.draw_roll")
        return
    if facts.is_statutory and facts.opens_at is not None:
        verdict = book.clock("roll.posting").judge(facts.roll_posted_at, facts.opens_at)
        yield from _unless(verdict, BlockerKind.POSTED_TOO_LATE, "polls.void", at=facts.roll_posted_at)
    if facts.roll_frozen_at is None:
        yield Blocker(BlockerKind.ROLL_NOT_FROZEN, "polls.freeze_roll")


def _objections(facts: Facts, book: Rulebook, now: datetime) -> Iterator[Blocker]:
    if facts.roll_posted_at is not None:
        period = objection_period(
            book,
            posted_at=facts.roll_posted_at,
            is_statutory=facts.is_statutory,
            objection_days=facts.objection_days,
        )
        if period.runs(now):
            at = {"at": period.ends_at}
            yield Blocker(BlockerKind.OBJECTIONS_RUNNING, "polls.roll", Who.CLOCK, at, rule=period.clock)
    if facts.rulings_due:
        overdue = sum(due < now for due in facts.rulings_due)
        yield Blocker(
            BlockerKind.OBJECTIONS_UNRULED,
            "polls.roll_objections",
            figures={"num": len(facts.rulings_due), "overdue": overdue},
            rule=book.clock("roll.ruling"),
        )


def _screen(_facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    switch = book.switch("election.online")
    if not switch.on:
        yield Blocker(BlockerKind.SCREEN_NOT_ALLOWED, "polls.void", rule=switch)


def _key(facts: Facts, _book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    missing = facts.trustees - len(facts.trustees_named)
    if missing > 0:
        yield Blocker(BlockerKind.TRUSTEES_NOT_NAMED, "polls.ceremony", figures={"num": missing})
    elif not facts.is_key_made:
        yield Blocker(BlockerKind.CEREMONY_UNFINISHED, "polls.ceremony", Who.TRUSTEES)
    elif not facts.is_drilled:
        yield Blocker(BlockerKind.DRILL_NOT_DONE, "polls.ceremony", Who.TRUSTEES)
    conflicted = _standing(facts.trustees_named, facts.candidates)
    if conflicted:
        figures = {"names": conflicted}
        yield Blocker(BlockerKind.TRUSTEE_IS_CANDIDATE, "polls.ceremony", figures=figures)


def _cards(facts: Facts, _book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    missing = facts.on_roll - facts.cards
    if missing > 0 or not facts.cards:
        yield Blocker(BlockerKind.CARDS_MISSING, "polls.cards", figures={"num": missing})


def _board(facts: Facts, _book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if facts.phase is None:
        yield Blocker(
            BlockerKind.BOARD_NOT_FOUNDED, "polls.ceremony" if facts.has_trustees else "polls.freeze_roll"
        )
    elif not facts.has_keys:
        yield Blocker(BlockerKind.KEYS_MISSING, "polls.manage", Who.OPERATOR)


def _stations(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if not facts.stations:
        yield Blocker(BlockerKind.NO_STATION, "polls.stations")
    rule = book.count(ROVING_SUPERVISORS)
    for station in facts.stations:
        if station.kind is StationKind.ROVING:
            verdict = rule.judge(station.supervisors)
            yield from _unless(verdict, BlockerKind.BOX_UNWATCHED, "polls.stations", name=station.name)


def _proxies(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if facts.last_proxy_at is not None and facts.opens_at is not None and facts.is_statutory:
        verdict = book.clock("proxy.posting").judge(facts.last_proxy_at, facts.opens_at)
        yield from _unless(verdict, BlockerKind.PROXIES_LATE, "polls.mandates", at=facts.last_proxy_at)
    most = book.count("proxy.per_holder")
    for holder, number in facts.proxies:
        yield from _unless(
            most.judge(number), BlockerKind.TOO_MANY_PROXIES, "polls.mandates", name=holder, num=number
        )
    switch = book.switch("proxy.candidates")
    conflicted = _standing((holder for holder, _ in facts.proxies), facts.candidates)
    if conflicted and not switch.on:
        figures = {"names": conflicted}
        yield Blocker(BlockerKind.CANDIDATE_HOLDS_PROXY, "polls.mandates", figures=figures, rule=switch)


_FINDERS: dict[Requirement, tuple[Callable[[Facts], bool], Find]] = {
    Requirement.BALLOT: (lambda facts: True, _ballot),
    Requirement.TIMES: (lambda facts: True, _times),
    Requirement.ROLL: (lambda facts: True, _roll),
    Requirement.OBJECTIONS: (
        lambda facts: bool(facts.is_statutory or facts.objection_days or facts.rulings_due),
        _objections,
    ),
    # An election may vote on screen by a decision of its own, which it names.
    Requirement.SCREEN: (
        lambda facts: facts.is_statutory and facts.by_screen and facts.election_id is None,
        _screen,
    ),
    Requirement.KEY: (lambda facts: facts.has_trustees, _key),
    Requirement.CARDS: (lambda facts: facts.has_trustees, _cards),
    Requirement.BOARD: (lambda facts: facts.has_board, _board),
    Requirement.STATIONS: (lambda facts: facts.by_paper, _stations),
    Requirement.PROXIES: (lambda facts: facts.by_proxy, _proxies),
}


def _awaited(facts: LaterFacts) -> list[Blocker]:
    names = [station.name for station in facts.stations if station.is_list_awaited]
    figures = {"num": len(names), "names": names}
    return [Blocker(BlockerKind.LISTS_AWAITED, "polls.stations", Who.DOOR, figures)] if names else []


def _uncounted(facts: LaterFacts) -> list[Blocker]:
    names = [station.name for station in facts.stations if not station.is_signed]
    figures = {"num": len(names), "names": names}
    return [Blocker(BlockerKind.STATIONS_UNSIGNED, "polls.stations", Who.DOOR, figures)] if names else []


def _unopened(facts: LaterFacts) -> list[Blocker]:
    if not facts.has_trustees or facts.is_opened:
        return []
    figures = {"shares": facts.shares, "threshold": facts.threshold}
    return [Blocker(BlockerKind.SHARES_MISSING, "polls.opening", Who.TRUSTEES, figures)]


def _unless(verdict: Verdict, kind: BlockerKind, endpoint: str, **figures: Any) -> Iterator[Blocker]:
    if not verdict.holds:
        yield Blocker(kind, endpoint, figures=figures, rule=verdict.rule, arithmetic=verdict.arithmetic)


def _standing(names: Iterable[str], candidates: frozenset[str]) -> list[str]:
    """Return those of the names that stand on the ballot paper."""
    return sorted(name for name in names if stands_on_paper(Candidate(name), candidates))
