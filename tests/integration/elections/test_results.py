"""What follows from the count of a round: who is elected, who is voted on again, what is held again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.elections.models import Winner
from civicforum.elections.queries.rounds import list_written_in
from civicforum.elections.rules import RoundKind, Stage
from civicforum.elections.services import next_rounds
from civicforum.errors import Invalid, RuleRefused, TransitionNotAllowed
from civicforum.polls.models import RollEntry
from civicforum.polls.rules import PollState
from civicforum.polls.services import states
from tests.factories import make_community
from tests.support.elections import DAY, at
from tests.support.polls import settings_now
from tests.support.rounds import Running, latest, make_running

NAMES = {"主任": ("甲", "乙"), "委员": ("丙", "丁", "戊")}


@pytest.fixture
def running(session: Session) -> Running:
    return make_running(make_community(), NAMES)


def asked(running: Running) -> list[tuple[str, int, list[str]]]:
    """Return what the last round asks: post, seats, names."""
    poll = latest(running.election_id).poll
    return [(one.title, one.seats, one.options) for one in poll.questions]


def test_who_has_more_than_half_is_elected_the_most_votes_first(running: Running) -> None:
    running.vote({"主任": {"甲": 8, "乙": 4}, "委员": {"丙": 9, "丁": 8, "戊": 7}}, voters=12)
    running.take_over()
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9), ("委员", "丁", 8)}
    assert running.standing.following is None
    with pytest.raises(TransitionNotAllowed):
        running.vote_again()


@pytest.mark.parametrize(("voters", "is_valid"), [(10, False), (11, True)])
def test_article_19_a_poll_without_more_than_half_of_the_roll_is_held_again(
    running: Running, voters: int, is_valid: bool
) -> None:
    running.vote({"主任": {"甲": 9}, "委员": {"丙": 9, "丁": 9}}, voters=voters)
    running.take_over()
    following = running.standing.following
    if is_valid:
        assert following is None
        return
    assert running.elected() == set()
    assert following is not None
    assert following.kind is RoundKind.RERUN
    running.vote_again()
    assert latest(running.election_id).kind is RoundKind.RERUN
    assert asked(running) == [("主任", 1, ["甲", "乙"]), ("委员", 2, ["丙", "丁", "戊"])]
    assert running.election.stage is Stage.CANDIDATES
    running.vote({"主任": {"甲": 9}, "委员": {"丙": 9, "丁": 9}}, voters=12)
    running.take_over()
    assert running.elected() == {("主任", "甲", 9), ("委员", "丙", 9), ("委员", "丁", 9)}


def test_a_poll_that_was_declared_void_is_held_again(running: Running) -> None:
    poll_id = latest(running.election_id).poll_id
    states.open_poll(poll_id=poll_id, actor=running.officer, settings=settings_now(), now=at(DAY, 8))
    running.go_to(Stage.POLLING)
    states.void_poll(poll_id=poll_id, ground="票箱被毁", actor=running.officer, now=at(DAY, 9))
    running.vote_again()
    assert latest(running.election_id).kind is RoundKind.RERUN
    assert running.election.stage is Stage.CANDIDATES


def test_with_a_sealed_box_the_roll_that_is_carried_over_waits_to_be_frozen(session: Session) -> None:
    running = make_running(make_community(), NAMES, by_screen=True, screen_ground="区民政局〔2026〕5号批复")
    poll_id = latest(running.election_id).poll_id
    states.void_poll(poll_id=poll_id, ground="制钥失败", actor=running.officer, now=at(DAY, 7))
    running.vote_again()
    poll = latest(running.election_id).poll
    # Until then somebody who was left out can still be added; the cards are made for the frozen roll.
    assert (poll.state, poll.roll_frozen_at) == (PollState.ROLL_POSTED, None)
    assert len(poll.roll) == 20


def test_who_is_level_for_the_last_seat_is_voted_on_again_without_names_written_in(
    running: Running,
) -> None:
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 7, "戊": 7}}, voters=12)
    running.take_over()
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9)}
    running.vote_again()
    second = latest(running.election_id)
    assert second.kind is RoundKind.TIE
    assert [(one.seats, one.write_ins, one.majority_rule) for one in second.poll.questions] == [(1, 0, "")]
    # In the order in which they stood on the first paper.
    assert asked(running) == [("委员", 1, ["丁", "戊"])]
    # More votes win, however few: 5 of 11.
    running.vote({"委员": {"丁": 4, "戊": 5}}, voters=11)
    running.take_over()
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9), ("委员", "戊", 5)}


@pytest.mark.parametrize(("votes", "is_elected"), [(3, False), (4, True), (5, True)])
def test_article_19_a_third_of_the_ballots_is_the_floor_of_a_further_round(
    running: Running, votes: int, is_elected: bool
) -> None:
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 6, "戊": 5}}, voters=12)
    running.take_over()
    running.vote_again()
    assert asked(running) == [("委员", 1, ["丁", "戊"])]
    running.vote({"委员": {"丁": votes, "戊": 1}}, voters=12)
    running.take_over()
    assert (("委员", "丁", votes) in running.elected()) is is_elected


def test_who_is_elected_to_a_higher_post_is_not_elected_to_a_lower_one(session: Session) -> None:
    running = make_running(make_community(), NAMES)
    # 甲 is written in for a second post too.
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "甲": 8, "丁": 7}}, voters=12)
    running.take_over()
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9), ("委员", "丁", 7)}


def test_a_name_written_in_means_the_one_person_on_the_roll_who_bears_it(
    session: Session, running: Running
) -> None:
    entry = _entries(session, running)[4]
    running.vote({"主任": {entry.name: 8, "甲": 2}, "委员": {"丙": 9, "丁": 8}}, voters=12)
    running.take_over()
    assert ("主任", entry.name, 8) in running.elected()


def test_a_name_that_the_roll_does_not_settle_is_left_to_the_officer(
    session: Session, running: Running
) -> None:
    first, second, third = _entries(session, running)[:3]
    first.name = second.name = "王芳"
    session.commit()
    running.vote({"主任": {"王芳": 8, "甲": 2}, "委员": {"丙": 9, "丁": 8}}, voters=12)
    (name,) = list_written_in(session, latest(running.election_id))
    assert [entry.id for entry in name.bearers] == [first.id, second.id]
    with pytest.raises(Invalid, match="unclear"):
        running.take_over()
    with pytest.raises(Invalid, match="not_on_roll"):
        running.take_over(王芳=999)
    running.take_over(王芳=second.position)
    winner = session.scalars(select(Winner).where(Winner.votes == 8, Winner.person_id == second.person_id))
    assert winner.one().seat.title == "主任"
    # Until somebody deals with the winners it can be taken over once more, with another answer.
    running.take_over(王芳=first.position)
    assert {one.person_id for one in session.scalars(select(Winner)) if one.seat.title == "主任"} == {
        first.person_id
    }
    assert third.person_id not in {one.person_id for one in session.scalars(select(Winner))}


def test_votes_for_a_name_that_is_nobody_on_the_roll_are_for_nobody(running: Running) -> None:
    running.vote({"主任": {"孙悟空": 8, "甲": 3, "乙": 1}, "委员": {"丙": 9, "丁": 8}}, voters=12)
    with pytest.raises(Invalid, match="unclear"):
        running.take_over()
    running.take_over(孙悟空=None)
    assert running.elected() == {("委员", "丙", 9), ("委员", "丁", 8)}
    running.vote_again()
    assert asked(running) == [("主任", 1, ["甲", "乙"])]


@pytest.mark.parametrize(("days", "is_in_time"), [(29, True), (30, True), (31, False)])
def test_a_further_round_is_held_within_thirty_days(running: Running, days: int, is_in_time: bool) -> None:
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 6, "戊": 5}}, voters=12)
    running.take_over()
    if is_in_time:
        running.vote_again(after=days)
        return
    with pytest.raises(RuleRefused) as refused:
        running.vote_again(after=days)
    assert refused.value.verdict.rule.id == "election.further_round.within"


def test_a_round_that_is_late_anyway_is_held_all_the_same(running: Running) -> None:
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 6, "戊": 5}}, voters=12)
    running.take_over()
    late = DAY + timedelta(days=40)
    next_rounds.next_round(
        election_id=running.election_id,
        opens_at=at(late, 8),
        closes_at=at(late, 18),
        actor=running.officer,
        settings=settings_now(),
        now=at(late - timedelta(days=5), 8),
    )
    assert latest(running.election_id).number == 2


def test_nothing_is_taken_over_before_the_count(running: Running) -> None:
    running.go_to(Stage.COUNT)
    with pytest.raises(TransitionNotAllowed):
        running.take_over()


def _entries(session: Session, running: Running) -> list[RollEntry]:
    """Return the entries of those who do not stand, in the order of the roll."""
    poll_id = latest(running.election_id).poll_id
    others = RollEntry.poll_id == poll_id, RollEntry.person_id.not_in(running.people.values())
    return list(session.scalars(select(RollEntry).where(*others).order_by(RollEntry.position)))
