"""What stands around the content of every page: the way past it, the language, the elder view."""

from __future__ import annotations

from tests.browser.conftest import Visit
from tests.support.browser import DESK, words


def test_visitor_reads_the_rules_in_both_languages(visit: Visit) -> None:
    visitor = visit(size=DESK)
    visitor.open("/rules")
    visitor.sees("第二十九条")
    visitor.go(visitor.page.get_by_role("link", name="English").first)
    visitor.sees("Committees, art 29")


def test_no_script_or_style_of_the_page_breaks_its_own_content_policy(visit: Visit) -> None:
    visitor = visit()
    answer = visitor.page.goto(visitor.url + "/rules")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert visitor.page.evaluate("document.body.classList.contains('js-enabled')")


def test_elder_view_has_larger_letters_and_targets(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/sign-in")
    before = visitor.button("Sign in").bounding_box()
    visitor.go(visitor.page.get_by_role("link", name=words("Elder view")))
    after = visitor.button("Sign in").bounding_box()
    assert before
    assert after
    assert before["height"] >= 44
    assert after["height"] >= 60
    size = visitor.page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize")
    assert float(size.removesuffix("px")) >= 22


def test_skip_link_is_the_first_stop_of_the_keyboard_and_leads_to_the_content(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/rules")
    visitor.page.keyboard.press("Tab")
    skip = visitor.page.get_by_role("link", name=words("Skip to the main content"))
    assert skip.evaluate("one => one === document.activeElement && one.getBoundingClientRect().width > 44")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_wrong_address_is_answered_with_words_and_a_way_out(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/no/such/page", status=404)
    visitor.press("Go to the home page")
    assert visitor.page.url.rstrip("/") == visitor.url.rstrip("/")
