"""An officer drafts a poll with the four kinds of question on a phone-sized screen, with nothing but keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator

from civicforum.bodies.rules import Role
from civicforum.rulebook.days import day_of
from tests.browser.conftest import Visit
from tests.browser.test_keyboard import enter
from tests.support.browser import PHONE, Visitor, words
from tests.support.town import Town

TITLE = "2026年社区事项表决"
MOST_STOPS = 60
# Where the keyboard stands shows around the field; of a radio or a box, around what its label draws. What the
# browser draws within a date or a time, such as the button of its calendar, it marks by itself.
IS_SHOWN = """() => {
  const one = document.activeElement;
  if (!one.matches(":focus")) return one.type === "date" || one.type === "time";
  const drawn = one.type === "radio" || one.type === "checkbox" ? [one.labels[0], "::before"] : [one];
  const style = getComputedStyle(...drawn);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}"""


def tab_to(visitor: Visitor, where: Locator) -> None:
    """Press Tab until the keyboard stands there; each stop on the way has to be visible."""
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(IS_SHOWN), visitor.page.evaluate("document.activeElement.outerHTML")
        if where.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {where}")


def write(visitor: Visitor, label: str, text: str) -> None:
    """Go to a field with Tab and type; what was in it is typed over."""
    tab_to(visitor, visitor.field(label))
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.insert_text(text)


def choose(visitor: Visitor, first: Locator, *, downs: int) -> None:
    """Go to a group of radios with Tab, and down so many from its first."""
    tab_to(visitor, first)
    for _ in range(downs):
        visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Space")


def press(visitor: Visitor, button: str, *, status: int = 200) -> None:
    tab_to(visitor, visitor.button(button))
    enter(visitor, status=status)


def begin_question(visitor: Visitor, kind: str) -> None:
    tab_to(visitor, visitor.main.locator(f'a[href$="/questions/new/{kind}"]'))
    enter(visitor)


def day(days: int) -> str:
    return (day_of(datetime.now(UTC)) + timedelta(days=days)).isoformat()


def begin_draft(visitor: Visitor) -> None:
    visitor.open("/polls/")
    tab_to(visitor, visitor.button("New vote"))
    enter(visitor)
    press(visitor, "Save and continue", status=422)
    write(visitor, "Title", TITLE)
    write(visitor, "What voters should know first", "材料见公示栏。")
    press(visitor, "Save and continue")
    visitor.sees(TITLE, words("How can people vote?"))


def set_terms(visitor: Visitor) -> None:
    # Days are typed in parts that depend on the browser's language: they are set as its calendar does.
    visitor.fill("First day", day(10))
    visitor.fill("Last day", day(9))
    press(visitor, "Save and continue", status=422)
    visitor.sees(words("Voting has to end after it begins."))
    assert visitor.field("First day").input_value() == day(10)
    visitor.fill("Last day", day(12))
    tab_to(visitor, visitor.field("On paper, at a polling station or a roving box"))
    visitor.page.keyboard.press("Space")
    press(visitor, "Save and continue")
    visitor.sees(words("There is no question on the ballot paper yet"))


def add_questions(visitor: Visitor) -> None:
    begin_question(visitor, "motion")
    assert visitor.field("Question").input_value() == TITLE
    write(visitor, "Question", "是否同意加装电梯")
    choose(visitor, visitor.main.locator('[name="majority_rule"]').first, downs=1)
    press(visitor, "Save the question")
    begin_question(visitor, "selection")
    write(visitor, "Question", "补选委员两名")
    write(visitor, "Names or proposals, one on each line", "王建国\n买买提·阿卜杜热合曼\n欧阳慧敏")
    write(visitor, "How many are chosen?", "2")
    write(visitor, "Lines for other names", "5")
    choose(visitor, visitor.main.locator('[name="majority_rule"]').first, downs=0)
    press(visitor, "Save the question", status=422)
    visitor.sees(words("No more names than may be marked for."))
    assert "欧阳慧敏" in visitor.field("Names or proposals, one on each line").input_value()
    write(visitor, "Lines for other names", "1")
    press(visitor, "Save the question")
    begin_question(visitor, "grade")
    write(visitor, "Question", "成员评议")
    write(visitor, "Who or what is graded, one on each line", "主任 陈志强\n副主任 刘芳")
    choose(visitor, visitor.main.locator('[name="scale"]').first, downs=1)
    press(visitor, "Save the question")
    begin_question(visitor, "ranking")
    write(visitor, "Question", "广场名称")
    write(visitor, "Options, one on each line", "青松广场\n和睦园\n东湖角")
    press(visitor, "Save the question")


def test_a_poll_with_the_four_kinds_of_question_is_drafted_with_the_keyboard(
    town: Town, visit: Visit
) -> None:
    visitor = visit(town.officer(Role.ELECTION_OFFICER, "陈主任"), size=PHONE)
    begin_draft(visitor)
    set_terms(visitor)
    add_questions(visitor)
    visitor.sees("是否同意加装电梯", "优秀 / 称职 / 基本称职 / 不称职", words("Each against each (Schulze)"))
    up = visitor.main.get_by_role("button", name=words("Move up")).last
    tab_to(visitor, up)
    enter(visitor)
    order = visitor.main.locator("h2.govuk-heading-s").all_inner_texts()
    assert order == ["是否同意加装电梯", "补选委员两名", "广场名称", "成员评议"]
    tab_to(visitor, visitor.button("See the ballot paper"))
    enter(visitor)
    visitor.sees(TITLE, "买买提·阿卜杜热合曼", words("Other name:"), words("Seal"))
    marks = visitor.main.locator(".ballot-paper__mark")
    # 2 of the motion, 3 names by 2 and a written one, 3 to rank, 2 graded by 4.
    assert marks.count() == 2 + 7 + 3 + 8
    assert all(mark.is_disabled() for mark in marks.all())


def test_the_pages_of_a_draft_are_fit_in_english_and_without_a_script(town: Town, visit: Visit) -> None:
    officer = town.officer(Role.COMMITTEE, "刘主任")
    plain = visit(officer, scripts=False)
    begin_plain(plain)
    visitor = visit(officer)
    visitor.page.goto(f"{visitor.url}/language/en")
    base = plain.path.removesuffix("/questions")
    for page in ("edit", "terms", "questions", "preview", *KINDS):
        visitor.open(f"{base}/{page}")
    visitor.open("/polls/")
    assert TITLE in visitor.text


KINDS = tuple(f"questions/new/{kind}" for kind in ("motion", "selection", "grade", "ranking"))


def begin_plain(visitor: Visitor) -> None:
    visitor.open("/polls/new")
    visitor.fill("Title", TITLE)
    visitor.press("Save and continue")
    visitor.fill("First day", day(10))
    visitor.fill("Last day", day(12))
    visitor.press("Save and continue")
    visitor.sees(words("There is no question on the ballot paper yet"))
