"""A clerk at the counter raises a matter for somebody, and it stays known who did what."""

from __future__ import annotations

from civicforum.bodies.rules import Role
from tests.browser.conftest import Visit
from tests.browser.steps import raise_matter
from tests.support.browser import DESK, words
from tests.support.town import Town

TITLE = "菜市场门口的台阶加扶手"


def test_clerk_raises_a_matter_for_somebody_without_a_phone(town: Town, visit: Visit) -> None:
    person = town.resident("没有手机的钱奶奶")
    clerk = visit(town.officer(Role.CLERK, "小赵"), size=DESK)
    clerk.open("/desk/")
    clerk.fill("Whom do you help?", "钱奶奶")
    clerk.press("Find")
    clerk.follow(person.name)
    clerk.press("Begin to act for %(name)s", name=person.name, status=422)
    clerk.fill("Why do you act for this person?", "本人到窗口，没有智能手机")
    clerk.press("Begin to act for %(name)s", name=person.name)
    strip = clerk.page.get_by_role("region", name=words("Acting for somebody"))
    assert person.name in strip.inner_text()

    matter = raise_matter(clerk, title=TITLE, body="下雨天台阶滑，已经有两位老人摔倒。")
    clerk.sees(person.name)
    clerk.go(clerk.page.get_by_role("button", name=words("Stop acting for %(name)s", name=person.name)))
    clerk.sees(
        words("What was entered for %(name)s", name=person.name), "小赵", "本人到窗口，没有智能手机", TITLE
    )
    assert strip.count() == 0

    visitor = visit()
    visitor.open(matter)
    visitor.sees(TITLE, person.name)
    visitor.open("/register")
    visitor.sees(TITLE, "小赵")
