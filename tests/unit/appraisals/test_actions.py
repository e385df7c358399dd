"""The way of a corrective action, and what residents' rechecks say."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from civicforum.accounts.rules import Actor
from civicforum.appraisals.actions import (
    NEXT_STATES,
    Outcome,
    is_late,
    is_owner,
    judge_rechecks,
    may_close,
    move,
    takes_rechecks,
)
from civicforum.appraisals.rules import ActionState, Recheck
from civicforum.bodies.rules import Role
from civicforum.errors import TransitionNotAllowed

_S, _R = ActionState, Recheck
ALLOWED = {
    (_S.OPEN, _S.PLANNED),
    (_S.PLANNED, _S.PLANNED),
    (_S.PLANNED, _S.REPORTED),
    (_S.REPORTED, _S.OPEN),
    (_S.REPORTED, _S.CLOSED),
}
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(("state", "to"), list(product(_S, _S)))
def test_every_pair_of_states(state: ActionState, to: ActionState) -> None:
    if (state, to) in ALLOWED:
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


def test_what_is_closed_stays_closed() -> None:
    assert _S.CLOSED not in NEXT_STATES


@pytest.mark.parametrize(
    ("mended", "partly", "not_mended", "expected"),
    [
        (0, 0, 0, Outcome.NOBODY),
        (0, 0, 1, Outcome.NOT_MENDED),
        (2, 0, 2, Outcome.MENDED),
        (2, 9, 3, Outcome.NOT_MENDED),
        (0, 4, 0, Outcome.MENDED),
    ],
)
def test_it_is_not_mended_where_more_say_so_than_say_mended(
    mended: int, partly: int, not_mended: int, expected: Outcome
) -> None:
    counts = {_R.MENDED: mended, _R.PARTLY: partly, _R.NOT_MENDED: not_mended}
    assert judge_rechecks(counts) is expected


@pytest.mark.law("D10")
@pytest.mark.parametrize(
    ("state", "due_on", "expected"),
    [
        (_S.OPEN, date(2026, 3, 1), True),
        (_S.PLANNED, date(2026, 3, 1), True),
        (_S.PLANNED, date(2026, 3, 2), False),
        (_S.REPORTED, date(2026, 3, 1), False),
        (_S.CLOSED, date(2026, 3, 1), False),
    ],
)
def test_an_owner_is_late_after_the_day_until_it_is_reported(
    state: ActionState, due_on: date, expected: bool
) -> None:
    assert is_late(state, due_on, date(2026, 3, 2)) is expected


@pytest.mark.law("D10", "action.recheck")
def test_residents_recheck_until_the_last_instant_of_their_time() -> None:
    assert takes_rechecks(_S.REPORTED, NOW, NOW)
    assert not takes_rechecks(_S.REPORTED, NOW, NOW + timedelta(microseconds=1))
    assert not takes_rechecks(_S.CLOSED, NOW, NOW)


def test_whoever_is_named_or_sits_in_the_body_answers_for_it() -> None:
    person, body = uuid.uuid4(), uuid.uuid4()
    assert is_owner(person, owner_id=body, owner_person_id=person, held=())
    assert is_owner(person, owner_id=body, owner_person_id=None, held=(body,))
    assert not is_owner(person, owner_id=body, owner_person_id=None, held=(uuid.uuid4(),))


def test_nobody_closes_the_own_work() -> None:
    supervisor = Actor(uuid.uuid4(), uuid.uuid4(), frozenset({Role.RESIDENT, Role.SUPERVISOR}))
    assert may_close(supervisor, owns=False, is_graded=False)
    assert not may_close(supervisor, owns=True, is_graded=False)
    assert not may_close(supervisor, owns=False, is_graded=True)
    resident = Actor(supervisor.person_id, supervisor.community_id)
    assert not may_close(resident, owns=False, is_graded=False)
    helped = Actor(supervisor.person_id, supervisor.community_id, supervisor.roles, assisted_by=uuid.uuid4())
    assert not may_close(helped, owns=False, is_graded=False)
