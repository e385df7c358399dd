"""One Chromium for the run, and for each file of tests a community of its own on a running server."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from civicforum.database import db
from tests.conftest import MakeApp
from tests.support.browser import PHONE, Visitor
from tests.support.town import Neighbour, Town, serve

ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A third less work for each page: it comes into the frame of the one before. Of several such lists the
    # last counts, so what Playwright turns off and our pages would meet is named again.
    "--disable-features=RenderDocument,PaintHolding,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
]
# The first is Chromium without a window to draw, and takes half the time of a processor for the same pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OUTCOME = pytest.StashKey[bool]()


class Visit(Protocol):
    def __call__(
        self, who: Neighbour | None = None, *, size: ViewportSize = PHONE, scripts: bool = True
    ) -> Visitor: ...


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[OUTCOME] = report.passed
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "the browser tests need Chromium: make test-browser installs it"
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *root])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def town(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Iterator[Town]:
    """A community on a server with every protection on, as in use."""
    app = make_app(make_database(template))
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with serve(app) as url:
        yield Town(app, url)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visit(chromium: Browser, town: Town, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a function that gives somebody a browser; nothing may have gone wrong in any of them."""
    visitors: list[Visitor] = []
    known: dict[str, str] = {}

    def begin(who: Neighbour | None = None, *, size: ViewportSize = PHONE, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=scripts
        )
        context.set_default_timeout(30_000)
        if who is not None:
            context.add_cookies(
                [{"name": town.app.config["SESSION_COOKIE_NAME"], "value": who.cookie, "url": town.url}]
            )
        visitor = Visitor(context, town.url, known=known, scripts=scripts)
        visitors.append(visitor)
        return visitor

    yield begin
    if not request.node.stash.get(OUTCOME, False):
        _take_pictures(visitors, request.node.name)
    for visitor in visitors:
        visitor.leave()
    faults = [fault for visitor in visitors for fault in visitor.faults]
    assert not faults, "\n".join(faults)


def _take_pictures(visitors: list[Visitor], test: str) -> None:
    folder = Path(tempfile.gettempdir()) / "civicforum-pictures"
    folder.mkdir(exist_ok=True)
    for number, visitor in enumerate(visitors, start=1):
        path = folder / f"{test}-{number}.png"
        visitor.page.screenshot(path=path, full_page=True)
        print(f"{visitor.path}: {path}")  # noqa: T201
