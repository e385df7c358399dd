"""The order of what waits, and that everything that can wait has words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from civicforum.inbox.rules import Need, NeedKind, in_order
from civicforum.inbox.words import NEEDS, STEPS
from civicforum.matters.rules import LIVE, STAGES_OF_GROUP

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def need(title: str, due_in_days: int | None = None) -> Need:
    due_at = None if due_in_days is None else NOW + timedelta(days=due_in_days)
    return Need(NeedKind.REVIEW, title, "matters.review", due_at=due_at)


def test_what_is_due_first_comes_first_and_what_is_overdue_before_all() -> None:
    found = in_order([need("later", 5), need("overdue", -3), need("soon", 1)])
    assert [each.title for each in found] == ["overdue", "soon", "later"]


def test_what_has_no_deadline_comes_last_in_the_order_of_titles() -> None:
    found = in_order([need("b"), need("a"), need("due", 90)])
    assert [each.title for each in found] == ["due", "a", "b"]


def test_every_kind_of_need_has_words() -> None:
    assert set(NEEDS) == set(NeedKind)


def test_the_five_steps_hold_every_stage_of_a_matter_under_way_once() -> None:
    stages = [stage for step in STEPS for stage in STAGES_OF_GROUP[step.group]]
    assert len(STEPS) == 5
    assert sorted(stages) == sorted(LIVE)
