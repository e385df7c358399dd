"""Who is nominated by whom, what bars a candidate, and how many candidates there are (art 18).

require(judge_signers(book, signers, on_roll, nominee), judge_one_post(book, posts=1))
require(*judge_checks(book, answers))
require(*judge_excess(book, body, post, candidates=6, seats=5))
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.law import asked_by, none_of
from civicforum.elections.rules import Disqualification, NominationRoute
from civicforum.rulebook import Count, Rulebook, Verdict

T = TypeVar("T")

# What a place may say beyond the law about the excess of each post; written for committees alone.
EXCESS_OF_POST = {
    PostKind.DIRECTOR: "election.excess_of_directors",
    PostKind.DEPUTY_DIRECTOR: "election.excess_of_directors",
    PostKind.MEMBER: "election.excess_of_members",
}


class NominationFault(StrEnum):
    """Why a nomination or a signature is not taken so, where no rule of the rulebook says it."""

    NO_PERSON = "no_person"
    NO_SEAT = "no_seat"
    NOT_ON_ROLL = "not_on_roll"
    HAS_LEFT = "has_left"
    OTHER_UNIT = "other_unit"
    NOMINATED_ALREADY = "nominated_already"
    NO_CONSENT = "no_consent"
    STANDS_ALREADY = "stands_already"
    REFUSED_BEFORE = "refused_before"
    ORDER_INCOMPLETE = "order_incomplete"
    TOO_MANY_WAIT = "too_many_wait"
    BOX_IS_MADE = "box_is_made"


class SignatureProblem(StrEnum):
    """Why a line of a signed paper does not count, besides that it names nobody."""

    NOT_ON_ROLL = "not_on_roll"
    IS_NOMINEE = "is_nominee"
    TOO_MANY = "too_many"


# The decision on the other nominations of somebody who chose one post (in writing, or on screen).
CHOSE_OTHER_POST = "chose_other_post"


def judge_self(book: Rulebook) -> Verdict:
    """Judge whether people may nominate themselves, and so sign for themselves (art 18)."""
    switch = book.switch("election.nomination.self")
    return Verdict(switch.on, switch.value, switch)


def judge_route(book: Rulebook, route: NominationRoute) -> Verdict | None:
    """Judge whether the party organisation may nominate here; None for joint voters, who always may."""
    if route is NominationRoute.JOINT:
        return None
    switch = book.switch("election.nomination.party")
    return Verdict(switch.on, switch.value, switch)


def judge_signers(
    book: Rulebook,
    signers: Iterable[uuid.UUID],
    on_roll: Collection[uuid.UUID],
    nominee: uuid.UUID,
) -> Verdict:
    """Judge a joint nomination; each voter on the roll counts once.

    The nominee counts only where people may nominate themselves (our reading of art 18, which left
    self-nomination out).
    """
    counted = set(signers).intersection(on_roll)
    if not book.switch("election.nomination.self").on:
        counted.discard(nominee)
    return book.count("election.nomination.voters").judge(len(counted))


def judge_nominations_of(book: Rulebook, nominated: int, seats: int) -> Verdict:
    """Judge how many people one voter has nominated for a post, this one included."""
    switch = book.switch("election.nomination.within_seats")
    within = nominated <= seats
    return Verdict(within or not switch.on, f"{nominated} {'≤' if within else '>'} {seats}", switch)


def judge_one_post(book: Rulebook, posts: int) -> Verdict:
    """Judge that somebody stands for one post alone; who is nominated for more chooses in writing."""
    switch = book.switch("election.nomination.one_post")
    is_one = posts <= 1
    return Verdict(is_one or not switch.on, f"{posts} {'≤' if is_one else '>'} 1", switch)


def judge_checks(book: Rulebook, answers: Mapping[Disqualification, bool]) -> list[Verdict]:
    """Judge the review of a nominee: each ground was asked about, and none applies.

    Args:
        answers: whether a ground applies, for each that was asked about.
    """
    rule = book.switch("election.disqualified")
    asked, grounds = len(answers), len(Disqualification)
    all_asked = asked == grounds
    arithmetic = f"{asked} {'=' if all_asked else '<'} {grounds}"
    return [
        Verdict(all_asked or not rule.on, arithmetic, rule, grounds),
        none_of(rule, sum(answers.values()) if rule.on else 0),
    ]


def judge_excess(
    book: Rulebook, body: BodyKind, post: PostKind, *, candidates: int, seats: int
) -> list[Verdict]:
    """Judge that more people stand for a post than it has seats, and by how many where the place says so.

    `least` of each verdict is the number of candidates that would do.
    """
    verdicts = [judge_more(book, candidates=candidates, seats=seats)]
    if body is BodyKind.RESIDENTS_COMMITTEE and post in EXCESS_OF_POST:
        verdicts.append(_excess(book.count(EXCESS_OF_POST[post]), candidates, seats))
    return verdicts


def judge_more(book: Rulebook, *, candidates: int, seats: int) -> Verdict:
    """Judge that more people stand than there are seats (art 18)."""
    return _excess(book.count("election.excess"), candidates, seats)


def judge_meeting(book: Rulebook, *, was_held: bool) -> Verdict:
    """Judge that candidates met the voters, said what they plan, and answered (art 18)."""
    return asked_by(book.switch("election.meeting_candidates"), is_met=was_held)


def judge_presentation(book: Rulebook, polling: Iterable[tuple[date, date]], today: date) -> Verdict:
    """Judge whether candidates may be presented today: no longer on a day of voting, where the place says so.

    Args:
        polling: first and last day of voting in each round.
    """
    switch = book.switch("election.campaign_on_election_day")
    voting = next((first for first, last in polling if first <= today <= last), None)
    if voting is None:
        return Verdict(True, switch.value, switch)
    return Verdict(switch.on, f"{today} ≥ {voting}", switch)


def in_order(candidates: Iterable[T], name_of: Callable[[T], str]) -> list[T]:
    """Return candidates by the pinyin of their names, which favours nobody.

    Common characters stand in the order of their pinyin in GB 18030; the strokes of a character are in no
    table that is at hand.
    """
    return sorted(candidates, key=lambda one: name_of(one).encode("gb18030"))


def _excess(rule: Count, candidates: int, seats: int) -> Verdict:
    more = candidates - seats
    found = rule.judge(more)
    least = None if found.least is None else seats + found.least
    return Verdict(found.holds, f"{candidates} − {seats} = {more}; {found.arithmetic}", rule, least)
