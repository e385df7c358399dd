"""What holds for every transferable vote: order and names never matter, and every paper is accounted for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import Amount, Result, Rule, count
from tests.support.counting import Poll, contests_with_rankings, renamed, shuffled

POLLS = contests_with_rankings(max_options=6, max_ballots=25)
SEATS = st.integers(1, 3)
RULES = [Rule.SCOTTISH_STV, Rule.ALBANY_STV, Rule.MEEK_STV]


def stages(result: Result, names: Mapping[str, str] | None = None) -> list[tuple[object, ...]]:
    """Return what every stage shows, with the names exchanged where `names` says so."""
    name = (lambda old: names[old]) if names else str
    return [
        (
            stage.step,
            sorted(map(name, stage.source)),
            {name(option): total for option, total in stage.totals.items()},
            stage.non_transferable,
            stage.quota,
            sorted(map(name, stage.elected)),
        )
        for stage in result.stages
    ]


@pytest.mark.parametrize("rule", RULES)
@given(polls=shuffled(POLLS), seats=SEATS)
def test_order_of_ballots_and_options_never_matters(rule: Rule, polls: tuple[Poll, Poll], seats: int) -> None:
    one, other = (count(poll.contest(rule, seats), poll.profile()) for poll in polls)
    assert (stages(one), one.elected, one.ties, one.tied) == (
        stages(other),
        other.elected,
        other.ties,
        other.tied,
    )


@pytest.mark.parametrize("rule", RULES)
@given(polls=renamed(POLLS), seats=SEATS)
def test_names_never_matter(rule: Rule, polls: tuple[Poll, Poll, dict[str, str]], seats: int) -> None:
    poll, other, names = polls
    before = count(poll.contest(rule, seats), poll.profile())
    after = count(other.contest(rule, seats), other.profile())
    assert stages(before, names) == stages(after)
    assert sorted(names[name] for name in before.elected) == sorted(after.elected)
    assert (before.tied is None) == (after.tied is None)


@pytest.mark.parametrize("rule", RULES)
@given(poll=POLLS, seats=SEATS)
def test_merged_ballots_count_as_one_by_one(rule: Rule, poll: Poll, seats: int) -> None:
    contest = poll.contest(rule, seats)
    one_by_one = count(contest, poll.unmerged_profile())
    assert count(contest, poll.unmerged_profile().merged()) == one_by_one
    assert count(contest, poll.profile()) == one_by_one


@pytest.mark.parametrize("rule", RULES)
@given(poll=POLLS, seats=SEATS)
def test_totals_and_what_is_lost_make_the_valid_papers_at_every_stage(
    rule: Rule, poll: Poll, seats: int
) -> None:
    result = count(poll.contest(rule, seats), poll.profile())
    assert result.valid == sum(1 for ballot in poll.ballots if ballot)
    for stage in result.stages:
        totals: list[Amount] = list(stage.totals.values())
        assert sum(totals) + stage.non_transferable == result.valid
        assert min(totals) >= 0


@pytest.mark.parametrize("rule", RULES)
@given(poll=POLLS, seats=SEATS)
def test_never_more_are_elected_than_there_are_seats_and_a_tie_alone_leaves_one_open(
    rule: Rule, poll: Poll, seats: int
) -> None:
    result = count(poll.contest(rule, seats), poll.profile())
    assert len(set(result.elected)) == len(result.elected) <= seats
    if result.valid and result.tied is None:
        assert len(result.elected) == min(seats, len(poll.options))


@given(poll=POLLS)
def test_meek_for_one_seat_elects_whom_instant_runoff_elects(poll: Poll) -> None:
    runoff = count(poll.contest(Rule.IRV), poll.profile())
    meek = count(poll.contest(Rule.MEEK_STV), poll.profile())
    if runoff.tied is None and meek.tied is None:
        assert meek.elected == runoff.elected


@given(poll=POLLS, seats=SEATS)
def test_lots_only_decide_what_the_tie_left_open(poll: Poll, seats: int) -> None:
    contest = poll.contest(Rule.SCOTTISH_STV, seats)
    result = count(contest, poll.profile())
    if result.tied is None:
        return
    for draw in (result.tied.names, result.tied.names[::-1]):
        drawn = count(contest.with_lot(*draw), poll.profile())
        assert drawn.stages[: len(result.stages)] == result.stages
        if drawn.tied is None:
            assert set(result.tied.certain) <= set(drawn.elected)
