"""What a slip opens, and who may handle a grade."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.ratings import codes
from civicforum.ratings.rules import (
    GROUP_OF_CLASS,
    ServiceClass,
    SlipStanding,
    may_handle,
    may_manage,
    may_rule,
    slip_standing,
)
from civicforum.sealed import base32

TODAY, SOMEBODY = date(2026, 3, 2), uuid.uuid4()


@pytest.mark.parametrize(
    ("is_used", "withdrawn_on", "valid_until", "is_once", "standing"),
    [
        (False, None, date(2026, 3, 2), True, SlipStanding.OPEN),
        (False, None, date(2026, 3, 1), True, SlipStanding.EXPIRED),
        (False, date(2026, 3, 1), date(2026, 3, 1), True, SlipStanding.WITHDRAWN),
        (True, date(2026, 3, 1), date(2026, 3, 1), True, SlipStanding.USED),
        # Where a profile switches the rule off, a slip is good again and again.
        (True, None, date(2026, 3, 2), False, SlipStanding.OPEN),
    ],
)
def test_a_slip_opens_one_rating_until_its_last_day(
    is_used: bool, withdrawn_on: date | None, valid_until: date, is_once: bool, standing: SlipStanding
) -> None:
    found = slip_standing(
        is_used=is_used, withdrawn_on=withdrawn_on, valid_until=valid_until, today=TODAY, is_once=is_once
    )
    assert found is standing


@pytest.mark.parametrize(
    ("role", "manages", "handles", "rules"),
    [
        (Role.STATION_HEAD, True, True, False),
        (Role.CLERK, True, False, False),
        (Role.SUPERVISOR, False, True, True),
        (Role.COMMITTEE, False, False, False),
        (Role.ADMIN, False, False, False),
    ],
)
def test_posts_decide_and_never_over_oneself(role: Role, manages: bool, handles: bool, rules: bool) -> None:
    actor = Actor(person_id=uuid.uuid4(), community_id=uuid.uuid4(), roles=frozenset({role}))
    assert may_manage(actor) is manages
    assert (may_handle(actor, SOMEBODY), may_rule(actor, SOMEBODY)) == (handles, rules)
    assert not may_handle(actor, actor.person_id)
    assert not may_rule(actor, actor.person_id)


@pytest.mark.parametrize("role", [Role.STATION_HEAD, Role.CLERK, Role.SUPERVISOR])
def test_whoever_acts_for_somebody_has_none_of_it(role: Role) -> None:
    helped = Actor(
        person_id=uuid.uuid4(),
        community_id=uuid.uuid4(),
        roles=frozenset({role}),
        assisted_by=uuid.uuid4(),
    )
    assert not may_manage(helped)
    assert not may_handle(helped, SOMEBODY)
    assert not may_rule(helped, SOMEBODY)


def test_each_class_of_items_has_its_group() -> None:
    assert [GROUP_OF_CLASS[one] for one in ServiceClass] == ["管理组", "服务组", "保障组"]


def test_codes_are_read_as_people_type_them_and_stored_under_a_key() -> None:
    code = codes.new_code()
    assert codes.read_code(f"{code[:4].lower()}-{code[4:]} ") == code
    assert len(codes.read_number(codes.new_number())) == 12
    with pytest.raises(base32.Mistyped):
        codes.read_code(code[:7])
    assert codes.hash_code(code, key="one") != codes.hash_code(code, key="another")
    assert len(codes.hash_code(code, key="one")) == 32
