"""Which official notices an election needs, when each is due by its calendar, and what is not there yet.

A need is a kind of notice and the round it speaks of (0: the whole election). No database is looked at here:
`Standing` says in numbers where the election stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from civicforum.elections.calendar import Milestone
from civicforum.elections.rules import ElectionKind, NoticeKind, RoundKind, Stage
from civicforum.errors import CivicForumError
from civicforum.rulebook import Rulebook

EXCESS = "election.excess"
ROVING_SUPERVISORS = "election.roving_box.supervisors"

_N, _M = NoticeKind, Milestone
# The date of the calendar by which a notice hangs on the board.
DUE: dict[NoticeKind, Milestone] = {
    _N.ELECTION_DAY: _M.COMMITTEE_FORMED,
    _N.COMMITTEE: _M.COMMITTEE_FORMED,
    _N.REGISTRATION: _M.REGISTRATION_OPENS,
    _N.ROLL: _M.ROLL_POSTED,
    _N.RULINGS: _M.RULINGS_PUBLISHED,
    _N.NOMINATION: _M.NOMINATION_OPENS,
    _N.PRELIMINARY_LIST: _M.PRELIMINARY_LIST,
    _N.FORMAL_LIST: _M.FORMAL_LIST,
    _N.MEETING: _M.FORMAL_LIST,
    _N.POLLING: _M.STAFF_POSTED,
    _N.STAFF: _M.STAFF_POSTED,
    _N.ROVING_BOXES: _M.STAFF_POSTED,
    _N.PROXIES: _M.PROXY_LIST,
    _N.INVALID_PAPERS: _M.STAFF_POSTED,
    _N.RESULT: _M.RESULT_ANNOUNCED,
    _N.HANDOVER: _M.HANDED_OVER,
}
# Notices of a round after the first, which has no dates in the calendar: due by the day it is voted on.
OF_ROUNDS = frozenset({_N.FURTHER_ROUND, _N.RESULT})


class Missing(StrEnum):
    """What keeps a notice from being issued."""

    COMMITTEE = "committee"
    ROLL = "roll"
    RULINGS = "rulings"
    NOMINEES = "nominees"
    FORMAL_LIST = "formal_list"
    STATIONS = "stations"
    SUPERVISORS = "supervisors"
    PROXIES_RUN = "proxies_run"
    PAPER = "paper"
    COUNT = "count"
    HANDOVER = "handover"


class NoticeNotReady(CivicForumError):
    """A notice cannot be issued before its data is there; `lacks` says what is not."""

    def __init__(self, lacks: Sequence[Missing]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = tuple(lacks)


@dataclass(frozen=True, order=True)
class Need:
    """A notice that the election needs."""

    kind: NoticeKind
    round_number: int = 0


@dataclass(frozen=True)
class Wish:
    """What the officer adds to the fixed text.

    Attributes:
        asked: blanks that no data holds (Wording.asks). extra: paragraphs before the closing words.
        corrects: the number of the notice that this one corrects; None for the first of its kind.
        reason: what was wrong in that notice.
    """

    asked: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class SeatStanding:
    """A seat with how many stand for it."""

    title: str
    seats: int
    nominees: int
    formal: int


@dataclass(frozen=True)
class RoundStanding:
    """A round: `day` is the day of its poll, None while that is not set."""

    number: int
    kind: RoundKind
    day: date | None
    has_paper: bool
    is_decided: bool
    is_void: bool


@dataclass(frozen=True)
class Standing:
    """Where an election stands, in numbers.

    Attributes:
        dates: the calendar. objections: to the roll; unruled: of them.
        supervisors: how many watch each box; roving: how many watch each roving box, which is in both.
        handover: things to hand over; handed: of them.
    """

    kind: ElectionKind
    stage: Stage
    by_proxy: bool
    dates: Mapping[Milestone, date]
    is_formed: bool
    is_roll_posted: bool = False
    objections: int = 0
    unruled: int = 0
    seats: Sequence[SeatStanding] = ()
    halls: int = 0
    supervisors: Sequence[int] = ()
    roving: Sequence[int] = ()
    rounds: Sequence[RoundStanding] = ()
    handover: int = 0
    handed: int = 0


def needs(standing: Standing, issued: Collection[Need] = ()) -> list[Need]:
    """Return the notices that this election needs, in the order of its days, and those issued besides."""
    if standing.stage is Stage.VOID:
        return [*sorted(set(issued) - {Need(_N.VOID)}, key=_order), Need(_N.VOID)]
    left_out = set()
    if not standing.objections:
        left_out.add(_N.RULINGS)
    if not standing.roving:
        left_out.add(_N.ROVING_BOXES)
    if not standing.by_proxy:
        left_out.add(_N.PROXIES)
    whole = [kind for kind in DUE if kind not in OF_ROUNDS | left_out and kind is not _N.HANDOVER]
    found = [Need(kind) for kind in whole] + _of_rounds(standing.rounds)
    if standing.kind is ElectionKind.COMMITTEE:
        found.append(Need(_N.HANDOVER))
    return sorted({*found, *issued}, key=_order)


def due_on(need: Need, standing: Standing) -> date | None:
    """Return the last day to post a notice; None where no date tells."""
    if need.round_number > 1 or need.kind is _N.FURTHER_ROUND:
        return next((one.day for one in standing.rounds if one.number == need.round_number), None)
    milestone = DUE.get(need.kind)
    return standing.dates.get(milestone) if milestone else None


def missing(need: Need, standing: Standing, *, book: Rulebook, today: date) -> list[Missing]:
    """Return what is not there yet for a notice; empty when it can be issued."""
    lacks = _lacks(need, standing, book, today)
    if not standing.is_formed and need.kind not in (_N.ELECTION_DAY, _N.VOID):
        return [Missing.COMMITTEE, *lacks]
    return lacks


def _of_rounds(rounds: Sequence[RoundStanding]) -> list[Need]:
    found = [] if rounds else [Need(_N.RESULT, 1)]
    for one in rounds:
        if one.number > 1:
            found.append(Need(_N.FURTHER_ROUND, one.number))
        found.append(Need(_N.VOID if one.is_void else _N.RESULT, one.number))
    return found


def _order(need: Need) -> tuple[int, int, int]:
    """Order by the round, and within it by the kinds; the handover ends it all."""
    kinds = list(_N)
    place = kinds.index(need.kind)
    is_after = place >= kinds.index(_N.RESULT)
    last = need.kind is _N.HANDOVER or need == Need(_N.VOID)
    announced_first = 0 if need.kind is _N.FURTHER_ROUND else 1
    return (3 if last else int(is_after), need.round_number, announced_first if is_after else place)


def _lacks(need: Need, standing: Standing, book: Rulebook, today: date) -> list[Missing]:
    watched_enough = book.count(ROVING_SUPERVISORS)
    no_paper = {one.number for one in standing.rounds if not one.has_paper}
    decided = {one.number for one in standing.rounds if one.is_decided}
    last_day = standing.dates.get(_M.PROXIES_CLOSE)
    tests: dict[NoticeKind, list[tuple[bool, Missing]]] = {
        _N.ROLL: [(not standing.is_roll_posted, Missing.ROLL)],
        _N.RULINGS: [(standing.unruled > 0, Missing.RULINGS)],
        _N.PRELIMINARY_LIST: [(not _all_have_nominees(standing), Missing.NOMINEES)],
        _N.FORMAL_LIST: [(not _is_contested(standing, book), Missing.FORMAL_LIST)],
        _N.MEETING: [(not _is_contested(standing, book), Missing.FORMAL_LIST)],
        _N.POLLING: [(standing.halls == 0, Missing.STATIONS)],
        _N.STAFF: [
            (standing.halls == 0, Missing.STATIONS),
            (not all(standing.supervisors), Missing.SUPERVISORS),
        ],
        _N.ROVING_BOXES: [
            (not all(watched_enough.judge(one).holds for one in standing.roving), Missing.SUPERVISORS)
        ],
        _N.PROXIES: [(last_day is not None and today <= last_day, Missing.PROXIES_RUN)],
        _N.FURTHER_ROUND: [(need.round_number in no_paper, Missing.PAPER)],
        _N.RESULT: [(need.round_number not in decided, Missing.COUNT)],
        _N.HANDOVER: [(standing.handed < max(1, standing.handover), Missing.HANDOVER)],
    }
    return [lack for holds, lack in tests.get(need.kind, []) if holds]


def _all_have_nominees(standing: Standing) -> bool:
    return bool(standing.seats) and all(seat.nominees for seat in standing.seats)


def _is_contested(standing: Standing, book: Rulebook) -> bool:
    """Tell whether more people stand for each seat than are elected to it (art 18)."""
    excess = book.count(EXCESS)
    return bool(standing.seats) and all(excess.judge(one.formal - one.seats).holds for one in standing.seats)
