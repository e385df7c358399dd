"""Raising and voting with nothing but a keyboard, and seeing at each stop where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Visit
from tests.browser.scenes import open_vote
from tests.support.browser import Visitor, words
from tests.support.town import Town

# Where the keyboard stands shows by an outline or a shadow around it.
IS_SHOWN = """one => {
  const style = getComputedStyle(one);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}"""
MOST_STOPS = 60


def tab_to(visitor: Visitor, where: Locator) -> None:
    """Press Tab until the keyboard stands there; each stop on the way has to be visible."""
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.locator(":focus")
        assert focus.evaluate(IS_SHOWN), focus.evaluate("one => one.outerHTML.slice(0, 200)")
        if where.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {where}")


def enter(visitor: Visitor, key: str = "Enter", *, status: int = 200) -> None:
    visitor.arrive(lambda: visitor.page.keyboard.press(key), status=status)


def test_matter_is_raised_with_the_keyboard(town: Town, visit: Visit) -> None:
    visitor = visit(town.resident("王秀英"))
    visitor.open("/matters/new")
    tab_to(visitor, visitor.button("Continue"))
    enter(visitor, status=422)
    summary = visitor.page.locator(".govuk-error-summary")
    assert summary.evaluate("one => one === document.activeElement")
    tab_to(visitor, summary.get_by_role("link"))
    visitor.page.keyboard.press("Enter")
    assert visitor.field("In one sentence").evaluate("one => one === document.activeElement")
    visitor.page.keyboard.insert_text("单元门的门禁坏了")
    enter(visitor)
    tab_to(visitor, visitor.field("Describe it"))
    visitor.page.keyboard.insert_text("谁都能进，晚上不放心。")
    tab_to(visitor, visitor.field("What kind of matter is it?"))
    visitor.page.keyboard.press("ArrowUp")
    tab_to(visitor, visitor.button("Continue"))
    enter(visitor, "Space")
    tab_to(visitor, visitor.button("Continue"))
    enter(visitor)
    tab_to(visitor, visitor.button("Publish it"))
    enter(visitor)
    visitor.sees(words("Your matter is raised"), "单元门的门禁坏了")


def test_vote_is_cast_with_the_keyboard(town: Town, visit: Visit) -> None:
    scene = open_vote(town, members=3)
    visitor = visit(scene.members[0])
    visitor.open(scene.poll)
    tab_to(visitor, visitor.button("Against"))
    enter(visitor, "Space")
    visitor.sees(words("Your vote is cast"), words("Against"))
