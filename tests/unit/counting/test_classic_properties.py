from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, groupby, permutations, product
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civicforum.counting import Result, Rule, count
from civicforum.counting.rules import ranked_pairs
from tests.support.counting import (
    Groups,
    Poll,
    contests_with_approvals,
    contests_with_rankings,
    renamed,
    shuffled,
)

CONDORCET = st.sampled_from([Rule.SCHULZE, Rule.RANKED_PAIRS])
RANKING_RULES = st.sampled_from(
    [Rule.PLURALITY, Rule.APPROVAL, Rule.BORDA, Rule.SCHULZE, Rule.RANKED_PAIRS, Rule.PHRAGMEN]
)
APPROVAL_RULES = st.sampled_from(
    [Rule.PLURALITY, Rule.BLOCK_PLURALITY, Rule.APPROVAL, Rule.BORDA, Rule.SCHULZE, Rule.PHRAGMEN]
)
RANKED = contests_with_rankings(ties=True)
APPROVED = contests_with_approvals()
SEATS = st.integers(1, 4)

Sets = set[frozenset[str]]
Name = TypeVar("Name", str, int)


def said(result: Result) -> dict[str, object]:
    """Return a result without the contest, whose options have an order."""
    return {name: value for name, value in vars(result).items() if name != "contest"}


def seated(result: Result) -> tuple[frozenset[str], frozenset[str]]:
    """Return who is elected for certain, and who is tied besides."""
    tied = result.tied
    certain = set(result.elected) | set(tied.certain if tied else ())
    return frozenset(certain), frozenset(tied.names if tied else ()) - certain


@given(shuffled(RANKED), RANKING_RULES, SEATS)
def test_the_order_of_rankings_and_options_does_not_matter(
    polls: tuple[Poll, Poll], rule: Rule, seats: int
) -> None:
    one, other = (count(poll.contest(rule, seats), poll.profile()) for poll in polls)
    assert said(one) == said(other)


@given(shuffled(APPROVED), APPROVAL_RULES, SEATS)
def test_the_order_of_approvals_and_options_does_not_matter(
    polls: tuple[Poll, Poll], rule: Rule, seats: int
) -> None:
    one, other = (count(poll.contest(rule, seats), poll.profile()) for poll in polls)
    assert said(one) == said(other)


@given(renamed(RANKED), RANKING_RULES, SEATS)
def test_names_do_not_matter(polls: tuple[Poll, Poll, dict[str, str]], rule: Rule, seats: int) -> None:
    poll, other, names = polls
    first = count(poll.contest(rule, seats), poll.profile())
    second = count(other.contest(rule, seats), other.profile())
    certain, tied = seated(first)
    assert frozenset(names[name] for name in certain) == seated(second)[0]
    assert frozenset(names[name] for name in tied) == seated(second)[1]


@given(RANKED | APPROVED, RANKING_RULES, SEATS)
def test_merged_ballots_count_as_the_unmerged(poll: Poll, rule: Rule, seats: int) -> None:
    contest = poll.contest(rule, seats)
    assert said(count(contest, poll.profile())) == said(count(contest, poll.unmerged_profile()))


@given(RANKED | APPROVED, RANKING_RULES, SEATS)
def test_every_paper_is_valid_blank_or_spoiled(poll: Poll, rule: Rule, seats: int) -> None:
    result = count(poll.contest(rule, seats), poll.profile())
    assert result.valid + result.blank + result.spoiled == len(poll.ballots)
    assert len(result.elected) <= seats


@given(contests_with_rankings(), st.sampled_from([Rule.PLURALITY, Rule.APPROVAL, Rule.BORDA]))
def test_a_ballot_more_for_the_winner_keeps_the_winner(poll: Poll, rule: Rule) -> None:
    result = count(poll.contest(rule), poll.profile())
    assume(result.elected)
    more = poll.with_ballots((result.elected,))
    assert count(more.contest(rule), more.profile()).elected == result.elected


@given(APPROVED, st.sampled_from([Rule.PLURALITY, Rule.BLOCK_PLURALITY, Rule.APPROVAL]))
def test_an_approval_more_for_the_winner_keeps_the_winner(poll: Poll, rule: Rule) -> None:
    result = count(poll.contest(rule), poll.profile())
    assume(result.elected)
    more = poll.with_ballots((result.elected,))
    assert count(more.contest(rule), more.profile()).elected == result.elected


@given(RANKED, CONDORCET)
def test_whoever_beats_every_other_wins_and_whoever_loses_to_every_other_does_not(
    poll: Poll, rule: Rule
) -> None:
    result = count(poll.contest(rule), poll.profile())
    assert result.pairs is not None
    over = result.pairs.over
    for name in poll.options:
        others = [other for other in poll.options if other != name]
        if all(over[name][other] > over[other][name] for other in others):
            assert (result.elected, result.tied) == ((name,), None)
        if all(over[name][other] < over[other][name] for other in others):
            assert name not in result.elected
            assert result.order[-1] == (name,)


@given(RANKED)
def test_borda_points_are_the_averages_of_shared_places(poll: Poll) -> None:
    result = count(poll.contest(Rule.BORDA), poll.profile())
    points = dict.fromkeys(poll.options, Fraction(0))
    for ballot in filter(None, poll.ballots):
        left_out = tuple(name for name in poll.options if all(name not in group for group in ballot))
        next_points = len(poll.options) - 1
        for group in (*ballot, left_out):
            shared = range(next_points - len(group) + 1, next_points + 1)
            for name in group:
                points[name] += Fraction(sum(shared), len(group))
            next_points -= len(group)
    assert result.stages[0].totals == points


# Each of the rules below is written down again as its source defines it, with every path and every order.


def over(poll: Poll, upper: str, lower: str) -> int:
    return sum(place(ballot, upper) < place(ballot, lower) for ballot in poll.ballots)


def place(ballot: Groups, name: str) -> int:
    return next((number for number, group in enumerate(ballot) if name in group), len(ballot))


def agrees(result: Result, possible: Sets) -> None:
    """Check that a result is the only possible set of elected, or a tie between the possible sets."""
    always = frozenset.intersection(*possible)
    sometimes = frozenset.union(*possible)
    assert (result.tied is not None) == (len(possible) > 1)
    assert seated(result) == (always, sometimes - always)


def top_sets(names: Iterable[str], above: set[tuple[str, str]], seats: int) -> Sets:
    """Return the sets that can be first in an order with every pair of `above` in that order."""
    return {
        frozenset(some)
        for some in combinations(names, seats)
        if not any(lower in some and upper not in some for upper, lower in above)
    }


@given(contests_with_rankings(max_options=5, ties=True), SEATS)
def test_schulze_equals_a_search_through_all_paths(poll: Poll, seats: int) -> None:
    assume(any(poll.ballots))
    seats = min(seats, len(poll.options))

    def step(upper: str, lower: str) -> int:
        votes = over(poll, upper, lower)
        return votes if votes > over(poll, lower, upper) else 0

    def strongest(start: str, end: str) -> int:
        between = [name for name in poll.options if name not in (start, end)]
        paths = [path for length in range(len(between) + 1) for path in permutations(between, length)]
        return max(
            min(step(*pair) for pair in zip((start, *path), (*path, end), strict=True)) for path in paths
        )

    pairs = permutations(poll.options, 2)
    above = {(upper, lower) for upper, lower in pairs if strongest(upper, lower) > strongest(lower, upper)}
    result = count(poll.contest(Rule.SCHULZE, seats), poll.profile())
    agrees(result, top_sets(poll.options, above, seats))


def orders_of_locking(poll: Poll) -> Iterator[list[tuple[str, str]]]:
    """Yield the majorities, strongest first, with equal ones in every order."""
    votes = {pair: over(poll, *pair) for pair in permutations(poll.options, 2)}
    majorities = [pair for pair in votes if votes[pair] > votes[pair[::-1]]]
    strength = {pair: (-votes[pair], votes[pair[::-1]]) for pair in majorities}
    majorities.sort(key=strength.__getitem__)
    equal = [list(group) for _, group in groupby(majorities, key=strength.__getitem__)]
    for order in product(*map(permutations, equal)):
        yield [pair for group in order for pair in group]


def lock(majorities: Iterable[tuple[Name, Name]]) -> set[tuple[Name, Name]]:
    above: set[tuple[Name, Name]] = set()
    for upper, lower in majorities:
        if (lower, upper) not in above:
            uppers = {upper} | {a for a, b in above if b == upper}
            lowers = {lower} | {b for a, b in above if a == lower}
            above |= set(product(uppers, lowers))
    return above


@given(contests_with_rankings(max_options=4, max_ballots=7, ties=True), SEATS)
def test_ranked_pairs_equal_a_search_through_all_orders_of_locking(poll: Poll, seats: int) -> None:
    assume(any(poll.ballots))
    seats = min(seats, len(poll.options))
    outcomes = {frozenset(lock(order)) for order in orders_of_locking(poll)}
    possible = {some for above in outcomes for some in top_sets(poll.options, set(above), seats)}
    contest = poll.contest(Rule.RANKED_PAIRS, seats)
    result = count(contest, poll.profile())
    agrees(result, possible)
    if result.tied:
        for drawn in permutations(result.tied.names):
            settled = count(contest.with_lot(*drawn), poll.profile())
            assert frozenset(settled.elected) in possible


@given(st.lists(st.integers(-2, 2), min_size=6, max_size=6))
def test_equal_majorities_end_as_some_order_of_locking_them_ends(votes: list[int]) -> None:
    pairs = list(zip(combinations(range(4), 2), votes, strict=True))
    table = [[0] * 4 for _ in range(4)]
    for (one, other), strength in pairs:
        upper, lower = (one, other) if strength > 0 else (other, one)
        table[upper][lower] = abs(strength)
    equal = [[(a, b) for a, b in permutations(range(4), 2) if table[a][b] == strength] for strength in (2, 1)]
    outcomes = set()
    for order in product(*map(permutations, equal)):
        above = lock(pair for group in order for pair in group)
        outcomes.add(tuple(sum(1 << b for b in range(4) if a == b or (a, b) in above) for a in range(4)))
    assert ranked_pairs._outcomes(tuple(map(tuple, table))) == outcomes


@given(contests_with_rankings(max_options=4, max_ballots=7, ties=True), SEATS)
def test_ranked_pairs_cut_short_call_nobody_certain_who_is_not(poll: Poll, seats: int) -> None:
    assume(any(poll.ballots))
    full, full_ties = seated(count(poll.contest(Rule.RANKED_PAIRS, seats), poll.profile()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranked_pairs, "_MOST_WORK", 0)
        ranked_pairs._outcomes.cache_clear()
        result = ranked_pairs.ranked_pairs(poll.contest(Rule.RANKED_PAIRS, seats), poll.profile())
    ranked_pairs._outcomes.cache_clear()
    certain, tied = seated(result)
    assert certain <= full
    assert full | full_ties <= certain | tied


def ends_of_phragmen(poll: Poll, seats: int, elected: tuple[str, ...], loads: list[Fraction]) -> Sets:
    papers = {
        name: [number for number, ballot in enumerate(poll.ballots) if ballot and name in ballot[0]]
        for name in poll.options
        if name not in elected
    }
    new = {
        name: (1 + sum((loads[number] for number in held), Fraction(0))) / len(held)
        for name, held in papers.items()
        if held
    }
    if not new or len(elected) == seats:
        return {frozenset(elected)}
    ends: Sets = set()
    for name in (name for name in new if new[name] == min(new.values())):
        after = [new[name] if number in papers[name] else load for number, load in enumerate(loads)]
        ends |= ends_of_phragmen(poll, seats, (*elected, name), after)
    return ends


@given(APPROVED, SEATS)
def test_phragmen_equals_a_count_of_the_load_of_every_paper(poll: Poll, seats: int) -> None:
    ends = ends_of_phragmen(poll, seats, (), [Fraction(0)] * len(poll.ballots))
    result = count(poll.contest(Rule.PHRAGMEN, seats), poll.profile())
    certain, _ = seated(result)
    assert (result.tied is not None) == (len(ends) > 1)
    assert frozenset(result.elected) <= certain <= frozenset.intersection(*ends)


@given(APPROVED, SEATS, st.permutations(range(5)))
def test_phragmen_settles_every_tie_by_a_lot_of_all_names(poll: Poll, seats: int, lot: list[int]) -> None:
    ends = ends_of_phragmen(poll, seats, (), [Fraction(0)] * len(poll.ballots))
    drawn = [poll.options[number] for number in lot if number < len(poll.options)]
    contest = replace(poll.contest(Rule.PHRAGMEN, seats), lots=(tuple(drawn),))
    result = count(contest, poll.profile())
    assert result.tied is None
    assert frozenset(result.elected) in ends
