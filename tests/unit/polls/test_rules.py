"""Worked counts of a motion, by hand, and the states of a poll."""

from __future__ import annotations

import hashlib
import itertools
import uuid

import pytest

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.counting import count_motion
from civicforum.errors import TransitionNotAllowed
from civicforum.polls.rules import (
    APPRAISAL,
    HEARING,
    NEXT_STATES,
    PollState,
    hash_of_ballots,
    judge_motion,
    may_keep_the_door,
    may_run,
    move,
)

BOOK = rulebook.load("national-2026")


@pytest.mark.parametrize(
    ("members", "present", "in_favour", "quorum", "majority"),
    [
        (60, 40, 21, True, True),
        (60, 39, 39, False, True),
        (60, 41, 22, True, True),
        (60, 41, 21, True, True),
        (60, 41, 20, True, False),
        (60, 40, 20, True, False),
        (61, 40, 40, False, True),
        (61, 41, 41, True, True),
    ],
)
def test_motion_in_the_representative_assembly(
    members: int, present: int, in_favour: int, quorum: bool, majority: bool
) -> None:
    verdicts = judge_motion(
        BOOK,
        quorum_rule="assembly.representatives.quorum",
        majority_rule="assembly.representatives.majority",
        members=members,
        present=present,
        tally=count_motion({"for": in_favour, "against": present - in_favour}, entitled=present),
    )
    assert [verdict.holds for verdict in verdicts] == [quorum, majority]


def test_arithmetic_of_a_motion_can_be_checked_by_hand() -> None:
    quorum, majority = judge_motion(
        BOOK,
        quorum_rule="assembly.representatives.quorum",
        majority_rule="assembly.representatives.majority",
        members=60,
        present=41,
        tally=count_motion({"for": 22, "against": 15}, entitled=41),
    )
    assert quorum.arithmetic == "41 ≥ 2/3 × 60 = 40"
    assert majority.arithmetic == "22 > 1/2 × 41 = 20.5"
    assert majority.article == "城市居民委员会组织法 第二十九条"


def test_who_does_not_vote_is_present_and_not_in_favour() -> None:
    verdicts = judge_motion(
        BOOK,
        quorum_rule="assembly.representatives.quorum",
        majority_rule="assembly.representatives.majority",
        members=60,
        present=41,
        # Twenty of twenty who voted, and still less than half of those in the room.
        tally=count_motion({"for": 20}, entitled=41),
    )
    assert not verdicts[1].holds


@pytest.mark.parametrize(("present", "holds"), [(1400, False), (1401, True)])
def test_residents_assembly_needs_more_than_half_of_the_adults(present: int, holds: bool) -> None:
    quorum, _majority = judge_motion(
        BOOK,
        quorum_rule="assembly.residents.quorum",
        majority_rule="assembly.residents.majority",
        members=2800,
        present=present,
        tally=count_motion({"for": present}, entitled=present),
    )
    assert quorum.holds is holds


def test_hash_is_that_of_the_list_on_the_page_whatever_the_order_of_the_rows() -> None:
    written = b'[[1,"for"],[2,""],[3,"against"]]'
    ballots = [(3, "against"), (1, "for"), (2, "")]
    assert hash_of_ballots(ballots) == hashlib.sha256(written).hexdigest()


def test_every_poll_can_become_void_once_and_a_certified_one_nothing_else() -> None:
    assert all(PollState.VOID in NEXT_STATES[state] for state in PollState if state is not PollState.VOID)
    assert NEXT_STATES[PollState.CERTIFIED] == {PollState.VOID}
    assert PollState.VOID not in NEXT_STATES


@pytest.mark.parametrize(("state", "to"), list(itertools.product(PollState, PollState)))
def test_every_pair_of_poll_states(state: PollState, to: PollState) -> None:
    if to in NEXT_STATES.get(state, set()):
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


@pytest.mark.parametrize("kind", [APPRAISAL, HEARING])
def test_an_appraisal_is_run_by_the_supervision_committee_alone(kind: str) -> None:
    runs = {role for role in Role if may_run(somebody(role), is_statutory=False, kind=kind)}
    assert runs == {Role.SUPERVISOR}
    keep = {role for role in Role if may_keep_the_door(somebody(role), kind=kind)}
    assert keep == {Role.SUPERVISOR, Role.CLERK}


def test_nobody_runs_a_poll_that_grades_them_or_hands_out_its_papers() -> None:
    graded = somebody(Role.SUPERVISOR, Role.CLERK)
    assert not may_run(graded, is_statutory=False, kind=APPRAISAL, barred=[graded.person_id])
    assert not may_keep_the_door(graded, kind=APPRAISAL, barred=[graded.person_id])
    assert may_run(graded, is_statutory=False, kind=APPRAISAL, barred=[uuid.uuid4()])


def somebody(*roles: Role) -> Actor:
    return Actor(person_id=uuid.uuid4(), community_id=uuid.uuid4(), roles=frozenset(roles))
