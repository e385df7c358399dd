"""A roll on a phone: read, objected to by a neighbour, ruled on, corrected, and printed for the board."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from civicforum.bodies.rules import Role
from tests.browser.conftest import Visit
from tests.factories import make_person
from tests.support.browser import DESK, words
from tests.support.rolls import RECALL, make_draft
from tests.support.town import Neighbour, Town

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def officer(town: Town) -> Neighbour:
    return town.officer(Role.ELECTION_OFFICER, "陈选举")


@pytest.fixture(scope="module")
def wang(town: Town) -> Neighbour:
    return town.resident("王芳")


def draft(town: Town, **terms: Any) -> uuid.UUID:
    times: dict[str, Any] = {"opens_at": NOW + timedelta(days=25), "closes_at": NOW + timedelta(days=26)}
    with town.app.app_context():
        return make_draft(town.community, **{**times, **terms})


def test_a_roll_from_the_draw_to_the_ruling(
    town: Town, visit: Visit, officer: Neighbour, wang: Neighbour
) -> None:
    with town.app.app_context():
        make_person(town.community, name="赵小敏", capacities=[])
        make_person(town.community, name="孙洋")
    poll_id = draft(town, **RECALL)
    committee = visit(officer, size=DESK)
    committee.open(f"/polls/{poll_id}/roll/draw")
    committee.follow("All residents who are entitled")
    committee.press("Show the numbers")
    committee.sees("第一居民小组")
    committee.press("Draw the roll")
    committee.press("Post the roll")
    committee.sees(words("The roll is posted. Residents can read it and object to it."))

    resident = visit(wang)
    resident.open(f"/polls/{poll_id}/roll")
    resident.sees("孙洋", "王芳")
    resident.press("Object to the roll")
    resident.go(resident.main.locator('a[href*="kind=omitted"]'))
    resident.press("File the objection", status=422)
    resident.fill("Who is missing?", "赵小敏")
    resident.fill("What is wrong, and how do you know?", "她去年搬来，住在我家楼上。")
    resident.press("File the objection")
    resident.sees(words("Your objection is filed. The ruling is published here, with its reasons."))
    resident.open(f"/polls/{poll_id}/roll/object?kind=wrongly_listed")
    resident.main.get_by_role("searchbox").fill("孙")
    resident.arrive(lambda: resident.main.get_by_role("searchbox").press("Enter"))
    resident.main.get_by_role("radio", name="孙洋").check()
    resident.fill("What is wrong, and how do you know?", "他已经搬走半年了。")
    resident.press("File the objection")

    committee.open(f"/polls/{poll_id}/roll/freeze")
    committee.sees("= 0 ≤ 5", "2 − 0 = 2 > 0")
    for name in ("赵小敏", "孙洋"):
        committee.open(f"/polls/{poll_id}/roll/objections")
        entry = committee.main.locator(".objection", has_text=name)
        committee.go(entry.get_by_role("button"))
        committee.tick("Upheld")
        committee.fill("Reasons", "经查属实。")
        committee.press("Record and publish the ruling")

    visitor = visit()
    visitor.open(f"/polls/{poll_id}/roll/objections")
    visitor.sees("赵小敏", "孙洋", "经查属实。")
    assert "王芳" not in visitor.text
    assert "她去年搬来" not in visitor.text
    visitor.open(f"/polls/{poll_id}/roll")
    visitor.sees("赵小敏", words("by a ruling on an objection"), words("Struck off the roll"))
    assert visitor.main.locator("s", has_text="孙洋").count() == 1
    visitor.open(f"/polls/{poll_id}/roll/sheet")
    visitor.sees("赵小敏")


def test_a_roll_is_read_and_objected_to_without_a_script(
    town: Town, visit: Visit, officer: Neighbour, wang: Neighbour
) -> None:
    poll_id = draft(town)
    committee = visit(officer, scripts=False)
    committee.open(f"/polls/{poll_id}/roll/draw?by=capacities")
    committee.press("Show the numbers")
    committee.press("Draw the roll")
    committee.press("Post the roll")
    resident = visit(wang, scripts=False)
    resident.open(f"/polls/{poll_id}/roll/object?kind=wrong_details")
    resident.main.get_by_role("searchbox").fill("王芳")
    resident.press("Find")
    resident.fill("What is wrong, and how do you know?", "我的小组写错了。")
    resident.press("File the objection")
    resident.sees("我的小组写错了。")
    assert resident.main.locator(".objection").count() == 1


def test_a_proxy_is_entered_and_withdrawn_at_the_desk(
    town: Town, visit: Visit, officer: Neighbour, wang: Neighbour
) -> None:
    poll_id = draft(town, by_paper=True, by_proxy=True, objection_days=0)
    committee = visit(officer)
    committee.open(f"/polls/{poll_id}/roll/draw?by=capacities")
    committee.press("Show the numbers")
    committee.press("Draw the roll")
    committee.press("Post the roll")
    clerk = visit(town.officer(Role.CLERK, "刘窗口"))
    clerk.open(f"/polls/{poll_id}/mandates/add?from=王芳&to=陈选举")
    clerk.press("Enter the proxy", status=422)
    clerk.fill("Why can the voter not come?", "在外地工作")
    clerk.fill("Day on the paper", NOW.date().isoformat())
    clerk.press("Enter the proxy")
    clerk.sees("王芳", "陈选举", "在外地工作")
    clerk.follow("Withdraw")
    clerk.fill("Reason", "提前回来")
    clerk.press("Withdraw the proxy")
    clerk.sees(words("The proxy is withdrawn. The voter votes in person again."))
    neighbour = visit()
    neighbour.open(f"/polls/{poll_id}/mandates")
    neighbour.sees("王芳", "陈选举")
    assert "在外地工作" not in neighbour.text
