"""What stands between an election and its next stage, each with where it is cleared.

Plain values in, blockers out: queries/blockers.py gathers the facts, texts.py has the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from civicforum.bodies.rules import WOMEN_RULE, BodyKind, PostKind
from civicforum.elections.calendar import Milestone, breaches
from civicforum.elections.committees import APART, LEAVES_WHEN_NOMINATED, SIZE, judge_odd
from civicforum.elections.nominations import judge_excess, judge_meeting
from civicforum.elections.registers import judge_posting
from civicforum.elections.rules import ElectionKind, Stage, Way
from civicforum.elections.verdicts import judge_stop
from civicforum.polls.rules import PollState
from civicforum.rulebook import Rule, Rulebook, Verdict
from civicforum.rulebook.days import day_ends, day_starts

_M = Milestone


class BlockerKind(StrEnum):
    PLAN_NOT_APPROVED = "plan_not_approved"
    DATES_BROKEN = "dates_broken"
    COMMITTEE_NOT_FORMED = "committee_not_formed"
    COMMITTEE_SIZE = "committee_size"
    COMMITTEE_EVEN = "committee_even"
    COMMITTEE_KIN = "committee_kin"
    MEMBER_NOMINATED = "member_nominated"
    REGISTRATION_RUNNING = "registration_running"
    NO_ELECTORS = "no_electors"
    APPLICATIONS_OPEN = "applications_open"
    HOUSEHOLDS_WITHOUT_VOTER = "households_without_voter"
    TOO_LATE_FOR_ROLL = "too_late_for_roll"
    ROLL_NOT_POSTED = "roll_not_posted"
    OBJECTIONS_RUNNING = "objections_running"
    OBJECTIONS_UNRULED = "objections_unruled"
    NOMINATION_RUNNING = "nomination_running"
    NOMINATIONS_UNDECIDED = "nominations_undecided"
    IN_TWO_POSTS = "in_two_posts"
    TOO_FEW_NOMINATED = "too_few_nominated"
    CHECKS_MISSING = "checks_missing"
    DISQUALIFIED = "disqualified"
    TOO_FEW_CANDIDATES = "too_few_candidates"
    NO_FORMAL_LIST = "no_formal_list"
    FORMAL_LIST_LATE = "formal_list_late"
    CANDIDATES_NOT_MET = "candidates_not_met"
    STAFF_NOT_POSTED = "staff_not_posted"
    PROXIES_NOT_POSTED = "proxies_not_posted"
    POLL_NOT_READY = "poll_not_ready"
    POLLING_RUNNING = "polling_running"
    POLL_VOID = "poll_void"
    NOT_COUNTED = "not_counted"
    NOT_TAKEN_OVER = "not_taken_over"
    SEATS_EMPTY = "seats_empty"
    NO_WOMAN = "no_woman"
    KIN_ELECTED = "kin_elected"
    NOT_ANNOUNCED = "not_announced"
    UNCERTIFIED = "uncertified"
    NOT_FILED = "not_filed"
    TERMS_NOT_BEGUN = "terms_not_begun"
    HANDOVER_OPEN = "handover_open"


@dataclass(frozen=True)
class Blocker:
    """One thing that stands in the way.

    Attributes:
        endpoint: the page of the election, or of its poll ("polls."), on which it is cleared.
        figures: what its sentence says, by the names of its placeholders.
        rule, arithmetic: of a rule that does not hold.
        is_waiting: it passes by itself when its day has come.
    """

    kind: BlockerKind
    endpoint: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    arithmetic: str = ""
    is_waiting: bool = False


@dataclass(frozen=True)
class SeatFact:
    """A post that is filled: how many to elect, and how many people stand for it at each step."""

    title: str
    post: PostKind
    seats: int
    nominated: int = 0
    candidates: int = 0
    formal: int = 0


@dataclass(frozen=True)
class PollFact:
    """The poll of the round that is under way. `unruled` is how many objections to its roll wait."""

    state: PollState
    opens_at: datetime | None
    roll_posted_at: datetime | None
    unruled: int = 0


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an election. Names are people's; pairs of names are near relatives."""

    stage: Stage
    kind: ElectionKind = ElectionKind.COMMITTEE
    way: Way = Way.VOTERS
    body: BodyKind = BodyKind.RESIDENTS_COMMITTEE
    by_proxy: bool = False
    # The day of each milestone: in fact where it is done, else as planned.
    dates: Mapping[Milestone, date] = field(default_factory=dict)
    done: frozenset[Milestone] = frozenset()
    is_formed: bool = False
    members: int = 0
    kin_on_committee: tuple[tuple[str, str], ...] = ()
    # Members who are nominated, or whose near relatives are.
    nominated_members: tuple[str, ...] = ()
    electors: int = 0
    applications: int = 0
    households_without_voter: int = 0
    round_number: int = 0
    is_decided: bool = False
    poll: PollFact | None = None
    seats: tuple[SeatFact, ...] = ()
    nominations_undecided: int = 0
    in_two_posts: tuple[str, ...] = ()
    checks_missing: tuple[str, ...] = ()
    disqualified: tuple[str, ...] = ()
    elected: int = 0
    # Whom a by-election leaves in their posts.
    staying: int = 0
    # Women on the body when those elected have taken their seats.
    women: int = 0
    kin_elected: tuple[tuple[str, str], ...] = ()
    uncertified: int = 0
    without_term: int = 0
    handover_items: int = 0
    handover_open: int = 0

    @property
    def is_first_round(self) -> bool:
        return self.round_number <= 1


Find = Callable[[Facts, Rulebook, datetime], Iterator[Blocker]]


def blockers_of(facts: Facts, book: Rulebook, now: datetime) -> list[Blocker]:
    """Return what stands against the stage that follows, in the order in which it is cleared."""
    return list(_FINDERS[facts.stage](facts, book, now)) if facts.stage in _FINDERS else []


def _planned(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    switch = book.switch("election.seats_decided_by_assembly")
    if _M.PLAN_APPROVED not in facts.done:
        yield Blocker(
            BlockerKind.PLAN_NOT_APPROVED, "elections.record_step", rule=switch if switch.on else None
        )
    yield from _dates(facts, book)


def _dates(facts: Facts, book: Rulebook) -> Iterator[Blocker]:
    for breach in breaches(book, facts.dates):
        if breach.verdict is not None and breach.last not in facts.done:
            yield from _unless(breach.verdict, BlockerKind.DATES_BROKEN, "elections.set_dates")


def _committee(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if not facts.is_formed:
        yield Blocker(BlockerKind.COMMITTEE_NOT_FORMED, "elections.committee")
        return
    yield from _sitting(facts, book)


def _sitting(facts: Facts, book: Rulebook) -> Iterator[Blocker]:
    """Yield what is wrong with the election committee as it sits today."""
    page, num = "elections.committee", facts.members
    yield from _unless(book.count(SIZE).judge(num), BlockerKind.COMMITTEE_SIZE, page, num=num)
    yield from _unless(judge_odd(book, num), BlockerKind.COMMITTEE_EVEN, page, num=num)
    if facts.kin_on_committee:
        rule = book.rule(APART)
        yield Blocker(
            BlockerKind.COMMITTEE_KIN, "elections.committee", {"pairs": facts.kin_on_committee}, rule
        )
    if facts.nominated_members:
        figures = {"names": facts.nominated_members}
        rule = book.rule(LEAVES_WHEN_NOMINATED)
        yield Blocker(BlockerKind.MEMBER_NOMINATED, "elections.committee", figures, rule)


def _registration(facts: Facts, book: Rulebook, now: datetime) -> Iterator[Blocker]:
    yield from _until(facts, _M.REGISTRATION_CLOSES, BlockerKind.REGISTRATION_RUNNING, now)
    if facts.applications:
        yield Blocker(BlockerKind.APPLICATIONS_OPEN, "elections.registrations", {"num": facts.applications})
    if facts.way is Way.HOUSEHOLDS and facts.households_without_voter:
        figures = {"num": facts.households_without_voter}
        yield Blocker(BlockerKind.HOUSEHOLDS_WITHOUT_VOTER, "elections.registrations", figures)
    if not facts.electors:
        endpoint = "bodies.index" if facts.way is Way.REPRESENTATIVES else "elections.registrations"
        yield Blocker(BlockerKind.NO_ELECTORS, endpoint)
    yield from _time_for_roll(facts, book, now)


def _time_for_roll(facts: Facts, book: Rulebook, posted_at: datetime) -> Iterator[Blocker]:
    if _M.POLLING_DAY in facts.dates:
        verdict = judge_posting(book, posted_at, facts.dates[_M.POLLING_DAY])
        yield from _unless(verdict, BlockerKind.TOO_LATE_FOR_ROLL, "elections.move_day")


def _roll(facts: Facts, book: Rulebook, now: datetime) -> Iterator[Blocker]:
    poll = facts.poll
    if poll is None or poll.roll_posted_at is None:
        yield Blocker(BlockerKind.ROLL_NOT_POSTED, "elections.rounds")
        yield from _time_for_roll(facts, book, now)
        return
    yield from _time_for_roll(facts, book, poll.roll_posted_at)
    objecting = book.clock("roll.objection")
    ends_at = objecting.deadline(poll.roll_posted_at)
    if now <= ends_at:
        yield Blocker(
            BlockerKind.OBJECTIONS_RUNNING, "polls.roll_objections", {"at": ends_at}, objecting, "", True
        )
    if poll.unruled:
        figures = {"num": poll.unruled}
        rule = book.clock("roll.ruling")
        yield Blocker(BlockerKind.OBJECTIONS_UNRULED, "polls.roll_objections", figures, rule)


def _nomination(facts: Facts, book: Rulebook, now: datetime) -> Iterator[Blocker]:
    page = "elections.nominations"
    yield from _until(facts, _M.NOMINATION_CLOSES, BlockerKind.NOMINATION_RUNNING, now)
    if facts.nominations_undecided:
        yield Blocker(BlockerKind.NOMINATIONS_UNDECIDED, page, {"num": facts.nominations_undecided})
    if facts.in_two_posts:
        yield Blocker(
            BlockerKind.IN_TWO_POSTS,
            page,
            {"names": facts.in_two_posts},
            book.switch("election.nomination.one_post"),
        )
    yield from _excess(facts, book, of="nominated", kind=BlockerKind.TOO_FEW_NOMINATED, endpoint=page)
    yield from _sitting(facts, book)


def _review(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if facts.checks_missing:
        figures = {"names": facts.checks_missing}
        yield Blocker(BlockerKind.CHECKS_MISSING, "elections.review", figures)
    if facts.disqualified:
        figures = {"names": facts.disqualified}
        yield Blocker(BlockerKind.DISQUALIFIED, "elections.review", figures)
    kind = BlockerKind.TOO_FEW_CANDIDATES
    yield from _excess(facts, book, of="candidates", kind=kind, endpoint="elections.review")
    yield from _sitting(facts, book)


def _candidates(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    # A further round has its candidates from the round before it, and no new list.
    if facts.is_first_round:
        yield from _formal(facts, book)
        yield from _met_and_posted(facts, book)
    if facts.poll is None or facts.poll.state in (PollState.DRAFT, PollState.ROLL_POSTED):
        yield Blocker(BlockerKind.POLL_NOT_READY, _poll_page(facts))
    elif facts.poll.state is PollState.VOID:
        yield Blocker(BlockerKind.POLL_VOID, "elections.rounds")


def _formal(facts: Facts, book: Rulebook) -> Iterator[Blocker]:
    if _M.FORMAL_LIST not in facts.done:
        yield Blocker(
            BlockerKind.NO_FORMAL_LIST, "elections.formal_list", rule=book.clock("election.formal_list")
        )
        return
    start, end = facts.dates[_M.FORMAL_LIST], facts.dates[_M.POLLING_DAY]
    verdict = book.clock("election.formal_list").judge(day_starts(start), day_starts(end))
    yield from _unless(verdict, BlockerKind.FORMAL_LIST_LATE, "elections.move_day")
    kind = BlockerKind.TOO_FEW_CANDIDATES
    yield from _excess(facts, book, of="formal", kind=kind, endpoint="elections.formal_list")


def _met_and_posted(facts: Facts, book: Rulebook) -> Iterator[Blocker]:
    meeting = judge_meeting(book, was_held=_M.CANDIDATES_MET in facts.done)
    if not meeting.holds:
        yield Blocker(BlockerKind.CANDIDATES_NOT_MET, "elections.record_step", rule=meeting.rule)
    if _M.STAFF_POSTED not in facts.done:
        rule = book.rule("posts.polling_staff")
        yield Blocker(BlockerKind.STAFF_NOT_POSTED, "elections.notices", rule=rule)
    published = book.switch("proxy.published")
    if facts.by_proxy and published.on and _M.PROXY_LIST not in facts.done:
        yield Blocker(BlockerKind.PROXIES_NOT_POSTED, "elections.notices", rule=published)


def _polling(facts: Facts, _book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    state = facts.poll.state if facts.poll else PollState.DRAFT
    if state is PollState.VOID:
        yield Blocker(BlockerKind.POLL_VOID, "elections.rounds")
    elif state not in (PollState.CLOSED, PollState.COUNTED, PollState.CERTIFIED):
        yield Blocker(BlockerKind.POLLING_RUNNING, _poll_page(facts), is_waiting=state is not PollState.DRAFT)


def _count(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    state = facts.poll.state if facts.poll else PollState.DRAFT
    if state is PollState.VOID:
        yield Blocker(BlockerKind.POLL_VOID, "elections.rounds")
        return
    if state is not PollState.CERTIFIED:
        yield Blocker(BlockerKind.NOT_COUNTED, _poll_page(facts))
        return
    if not facts.is_decided:
        yield Blocker(BlockerKind.NOT_TAKEN_OVER, "elections.rounds")
        return
    seats = sum(seat.seats for seat in facts.seats)
    if facts.elected < seats:
        verdict = judge_stop(book, facts.elected, facts.staying)
        yield from _unless(verdict, BlockerKind.SEATS_EMPTY, "elections.rounds", num=seats - facts.elected)


def _result(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if _M.RESULT_ANNOUNCED not in facts.done:
        rule = book.switch("election.result_on_the_spot")
        yield Blocker(BlockerKind.NOT_ANNOUNCED, "elections.rounds", rule=rule)
    if facts.kin_elected:
        pairs = {"pairs": facts.kin_elected}
        yield Blocker(BlockerKind.KIN_ELECTED, "elections.winners", pairs, book.rule("posts.near_relatives"))
    if facts.body in WOMEN_RULE:
        verdict = book.count(WOMEN_RULE[facts.body]).judge(facts.women)
        yield from _unless(verdict, BlockerKind.NO_WOMAN, "elections.winners")
    certificate = book.switch("election.certificate")
    if certificate.on and facts.uncertified:
        figures = {"num": facts.uncertified}
        yield Blocker(BlockerKind.UNCERTIFIED, "elections.winners", figures, certificate)
    if _M.RESULT_FILED not in facts.done:
        yield Blocker(BlockerKind.NOT_FILED, "elections.winners")


def _handover(facts: Facts, book: Rulebook, _now: datetime) -> Iterator[Blocker]:
    if facts.without_term:
        yield Blocker(BlockerKind.TERMS_NOT_BEGUN, "elections.handover", {"num": facts.without_term})
    if facts.handover_open or not facts.handover_items:
        figures = {"num": facts.handover_open}
        rule = book.clock("committee.handover")
        yield Blocker(BlockerKind.HANDOVER_OPEN, "elections.handover", figures, rule)


_FINDERS: dict[Stage, Find] = {
    Stage.PLANNED: _planned,
    Stage.COMMITTEE: _committee,
    Stage.REGISTRATION: _registration,
    Stage.ROLL: _roll,
    Stage.NOMINATION: _nomination,
    Stage.REVIEW: _review,
    Stage.CANDIDATES: _candidates,
    Stage.POLLING: _polling,
    Stage.COUNT: _count,
    Stage.RESULT: _result,
    Stage.HANDOVER: _handover,
}


def _until(facts: Facts, closes: Milestone, kind: BlockerKind, now: datetime) -> Iterator[Blocker]:
    """Yield a blocker until the announced last day is over, for whoever relied on it."""
    if closes in facts.dates and closes not in facts.done and now <= day_ends(facts.dates[closes]):
        yield Blocker(kind, "elections.set_dates", {"day": facts.dates[closes]}, is_waiting=True)


def _excess(facts: Facts, book: Rulebook, *, of: str, kind: BlockerKind, endpoint: str) -> Iterator[Blocker]:
    """Yield a blocker for each post for which there are not more people than seats (art 18).

    By how many at most, a place may say of the formal list alone.
    """
    for seat in facts.seats:
        people = getattr(seat, of)
        verdicts = judge_excess(book, facts.body, seat.post, candidates=people, seats=seat.seats)
        for verdict in verdicts if of == "formal" else verdicts[:1]:
            figures = {"post": seat.title, "num": people, "seats": seat.seats}
            yield from _unless(verdict, kind, endpoint, **figures)


def _poll_page(facts: Facts) -> str:
    return "polls.manage" if facts.poll else "elections.rounds"


def _unless(verdict: Verdict, kind: BlockerKind, endpoint: str, **figures: Any) -> Iterator[Blocker]:
    if not verdict.holds:
        yield Blocker(kind, endpoint, figures, verdict.rule, verdict.arithmetic)
