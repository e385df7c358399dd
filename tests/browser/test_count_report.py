"""The report of a count in a browser: on a telephone and a desk, by keyboard, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.ballot_files import COUNCIL, TIE, run_count
from tests.support.browser import DESK, OVERFLOW, PHONE, check_page

LONG_NAMES = (
    COUNCIL.replace("Ann", "Aleksandra Featherstonehaugh-Cholmondeley")
    .replace("Bob", "WITHOUTANYBLANKSINITSNAMEATALLWHICHISRATHERLONG")
    .replace("Cem", "努尔古丽·阿卜杜热合曼·买买提明·艾合买提江")
)
# Twelve options with 11 to 22 papers and no second choice: eleven stages.
MANY = "\n".join(
    [
        "12 1",
        *(f"{10 + number} {number} 0" for number in range(1, 13)),
        "0",
        *(f'"候选人 {number}"' for number in range(1, 13)),
        '"居民委员会选举"',
        "",
    ]
)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def open_report(page: Page, folder: Path, ballots: str, *arguments: str, size: ViewportSize = DESK) -> None:
    target = folder / "report.html"
    ran = run_count(folder, ballots, "--report", str(target), *arguments)
    assert ran.exit_code == 0, ran.stderr
    page.set_viewport_size(size)
    page.goto(target.as_uri())


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def check_all(page: Page) -> None:
    """Let axe look at everything, folded parts too."""
    unfold(page)
    check_page(page)


@pytest.mark.parametrize(("language", "size"), [("zh_Hans", PHONE), ("en", DESK)], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("ballots", "rule"),
    [
        (LONG_NAMES, "scottish-stv"),
        (LONG_NAMES, "meek-stv"),
        (LONG_NAMES, "schulze"),
        (COUNCIL, "approval"),
        (TIE, "irv"),
        (MANY, "irv"),
    ],
)
def test_report_can_be_read_by_everybody(
    page: Page, tmp_path: Path, ballots: str, rule: str, language: str, size: ViewportSize
) -> None:
    open_report(page, tmp_path, ballots, "--rule", rule, "--language", language, size=size)
    check_all(page)


def test_stages_fold_and_unfold_by_keyboard(page: Page, tmp_path: Path) -> None:
    open_report(page, tmp_path, MANY, "--rule", "irv")
    second = page.locator("details.stage:has(h3)").nth(1)
    inside = second.locator("table")
    assert not inside.is_visible()
    second.locator("summary").focus()
    page.keyboard.press("Enter")
    assert inside.is_visible()


def test_skip_link_is_the_first_stop_of_the_keyboard(page: Page, tmp_path: Path) -> None:
    open_report(page, tmp_path, COUNCIL, "--rule", "borda")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_a_long_name_stays_beside_its_figures(page: Page, tmp_path: Path) -> None:
    open_report(page, tmp_path, LONG_NAMES, "--rule", "scottish-stv", size=PHONE)
    ends = page.locator(".tally-names").evaluate_all(
        "names => names.map((one) => [one.x.baseVal.value + one.width.baseVal.value, "
        "one.parentElement.querySelector('.tally-figure').getBBox().x])"
    )
    assert len(ends) == 6
    assert [pair for pair in ends if pair[0] > pair[1]] == []


def test_folded_stages_of_a_short_count_are_printed(page: Page, tmp_path: Path) -> None:
    open_report(page, tmp_path, MANY, "--rule", "irv", size={"width": 700, "height": 990})
    folded = page.locator("details.stage:not([open]):not(.stage--all) .pair").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.bounding_box()
    assert page.evaluate(OVERFLOW) == []


def test_report_asks_no_network_for_anything(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_report(page, tmp_path, COUNCIL, "--rule", "schulze")
    assert [url for url in asked if not url.startswith("file:")] == []
