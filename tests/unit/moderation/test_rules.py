"""Every pair of the tables of states, and who may be the second of two or rule."""

from __future__ import annotations

import itertools
import uuid

import pytest

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed
from civicforum.moderation.rules import (
    DecisionState,
    HeldState,
    Kind,
    Reason,
    check_moderate,
    check_reason,
    may_rule,
    may_second,
    move,
    move_held,
)

HERE = uuid.uuid4()
D, H = DecisionState, HeldState


def actor(*roles: Role, helped_by: uuid.UUID | None = None) -> Actor:
    return Actor(uuid.uuid4(), HERE, frozenset(roles), assisted_by=helped_by)


@pytest.mark.parametrize(("state", "to"), list(itertools.product(D, D)))
def test_a_hiding_takes_only_the_steps_of_its_table(state: D, to: D) -> None:
    allowed = {(D.PROPOSED, D.IN_FORCE), (D.PROPOSED, D.DROPPED), (D.IN_FORCE, D.RESTORED)}
    if (state, to) in allowed:
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


@pytest.mark.parametrize(("state", "to"), list(itertools.product(H, H)))
def test_a_held_text_takes_only_the_steps_of_its_table(state: H, to: H) -> None:
    allowed = {(H.HELD, other) for other in (H.RELEASED, H.REFUSED, H.TAKEN_BACK, H.LAPSED)}
    allowed |= {(H.REFUSED, H.RELEASED), (H.REFUSED, H.LAPSED)}
    if (state, to) in allowed:
        assert move_held(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move_held(state, to)


@pytest.mark.parametrize("role", list(Role))
def test_the_committee_and_the_clerk_moderate(role: Role) -> None:
    if role in (Role.COMMITTEE, Role.CLERK):
        check_moderate(actor(role), author_id=uuid.uuid4())
    else:
        with pytest.raises(NotEligible):
            check_moderate(actor(role), author_id=uuid.uuid4())


def test_nobody_decides_on_a_text_they_wrote_or_entered() -> None:
    clerk = actor(Role.CLERK)
    with pytest.raises(NotEligible):
        check_moderate(clerk, author_id=clerk.person_id)
    with pytest.raises(NotEligible):
        check_moderate(clerk, author_id=None, helper_id=clerk.person_id)
    with pytest.raises(NotEligible):
        check_moderate(actor(Role.CLERK, helped_by=uuid.uuid4()), author_id=None)


def test_the_second_of_two_sits_in_no_body_of_the_first() -> None:
    first, committee, station = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    second, author = actor(Role.COMMITTEE), uuid.uuid4()

    def may(bodies: set[uuid.UUID], *, who: Actor = second, proposed_by: uuid.UUID = first) -> bool:
        return may_second(
            who, author_id=author, proposed_by=proposed_by, bodies=bodies, bodies_of_first={station}
        )

    assert may({committee})
    # Who holds posts in both bodies is not another body.
    assert not may({committee, station})
    assert not may({committee}, proposed_by=second.person_id)
    assert not may({committee}, who=actor(Role.SUPERVISOR))
    assert not may({committee}, who=Actor(author, HERE, frozenset({Role.COMMITTEE})))


def test_a_supervisor_rules_unless_concerned() -> None:
    supervisor = actor(Role.SUPERVISOR)
    assert may_rule(supervisor, uuid.uuid4(), None)
    assert not may_rule(supervisor, uuid.uuid4(), supervisor.person_id)
    assert not may_rule(actor(Role.COMMITTEE))
    assert not may_rule(actor(Role.SUPERVISOR, helped_by=uuid.uuid4()))
    assert not may_rule(None)


def test_reasons_of_a_conversation_are_for_statements_alone() -> None:
    check_reason(Kind.STATEMENT, Reason.OFF_TOPIC)
    with pytest.raises(Invalid):
        check_reason(Kind.COMMENT, Reason.OFF_TOPIC)
