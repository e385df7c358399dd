"""Somebody with a browser: what they open, press and see; each page on the way is checked."""

from __future__ import annotations

import gettext
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, Route, ViewportSize

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CATALOGUES = ROOT / "civicforum" / "translations"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
# axe waits for what is being loaded; nothing here loads late.
AXE_PATH = "/axe.min.js"
# The town serves it, so that a browser reads and compiles it once; files are opened without a server.
AXE_LOAD = """(address) => new Promise((done, failed) => {
  const script = document.createElement("script");
  Object.assign(script, { src: address, onload: done, onerror: failed });
  document.head.append(script);
  script.remove();
})"""
# Rules whose faults are less than serious are not tried: axe says of each rule how grave it is.
AXE_RUN = """async (isContrastKnown) => {
  const isPassedOver = (rule) => ["minor", "moderate"].includes(rule.impact)
    || (isContrastKnown && rule.id === "color-contrast");
  const off = axe._audit.rules.filter(isPassedOver).map((rule) => [rule.id, { enabled: false }]);
  const options = { resultTypes: ["violations"], preload: false, rules: Object.fromEntries(off) };
  const found = await axe.run(document, options);
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ` + one.nodes.map((node) => node.html.slice(0, 200)).join(" | "));
}"""
# What the contrast of a text follows from, the slowest thing to judge: colour, size and what lies behind.
LOOKS = """() => {
  const look = (one) => {
    const { color, fontSize, fontWeight } = getComputedStyle(one);
    const found = [color, fontSize, fontWeight];
    for (let behind = one; behind; behind = behind.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(behind);
      // What is taken out of its place may lie above anything.
      if (["absolute", "fixed"].includes(position)) found.push(behind.className);
      found.push(backgroundColor, backgroundImage, opacity);
      if (backgroundColor.startsWith("rgb(")) break;
    }
    return found.filter((value) => !["rgba(0, 0, 0, 0)", "none", "1"].includes(value)).join(" ");
  };
  const isText = (own) => own.nodeType === Node.TEXT_NODE && own.data.trim();
  const isRead = (one) => one.matches("input, select, textarea") || [...one.childNodes].some(isText);
  return [...new Set([...document.body.querySelectorAll("*")].filter(isRead).map(look))];
}"""
# What sticks out on the right of the window, the innermost first.
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > room + 1);
  return ["page is " + document.documentElement.scrollWidth + " wide"].concat(
    out.slice(-5).reverse().map((one) => one.outerHTML.slice(0, 160)));
}"""
# What axe judges a page by: elements with their classes, roles and states, whatever they say.
ELEMENT = re.compile(r"<[a-z][^>]*>")
SAID_BY_ATTRIBUTES = re.compile(r'\s(?!class|role|type|aria-|lang)([a-z-]+)="[^"]*"')
CHANGES_EACH_TIME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d")
_checked: defaultdict[str, set[str]] = defaultdict(set)
_looks: set[str] = set()


def words(text: str, **values: Any) -> str:
    """Return the text as the Chinese pages have it; the catalogue's own text where it is not translated."""
    catalogue = gettext.translation("messages", CATALOGUES, languages=["zh_Hans"], fallback=True)
    found = catalogue.gettext(text)
    return found % values if values else found


def check_page(page: Page) -> None:
    """Assert that the page has one heading, no serious fault that axe finds, and fits a phone's width.

    Axe passes over a page made of nothing but what it has seen at the same address, ids apart, in this run,
    and over contrasts where every text has the colours, size and weight of one it has seen.
    """
    faults = [] if page.locator("h1").count() == 1 else ["not exactly one h1"]
    seen, made_of = _checked[_address(page)], _made_of(page)
    if not made_of <= seen:
        faults += _run_axe(page)
    assert not faults, f"{page.url}\n" + "\n".join(faults)
    check_width(page)
    seen |= made_of


def _run_axe(page: Page) -> list[str]:
    is_served = page.url.startswith("http")
    page.evaluate(AXE_LOAD, AXE_PATH) if is_served else page.evaluate(AXE.read_text(encoding="utf-8"))
    looks = set(page.evaluate(LOOKS))
    faults: list[str] = page.evaluate(AXE_RUN, looks <= _looks)
    _looks.update(looks)
    return faults


def check_width(page: Page) -> None:
    """Assert that the page fits a phone's width."""
    size = page.viewport_size or DESK
    if size["width"] > PHONE["width"]:
        page.set_viewport_size(PHONE)
        faults = page.evaluate(OVERFLOW)
        page.set_viewport_size(size)
    else:
        faults = page.evaluate(OVERFLOW)
    assert not faults, f"{page.url}\n" + "\n".join(faults)


def _address(page: Page) -> str:
    return CHANGES_EACH_TIME.sub("", page.url.partition("?")[0]) + str(page.viewport_size)


def _made_of(page: Page) -> set[str]:
    return {
        CHANGES_EACH_TIME.sub("", SAID_BY_ATTRIBUTES.sub(r" \1", found))
        for found in ELEMENT.findall(page.content())
    }


class Mirror:
    """Shows the markup of a page without scripts where axe can run; ours are kept out here too."""

    def __init__(self, page: Page) -> None:
        self._shown = page
        browser = page.context.browser
        assert browser is not None
        self._context = browser.new_context(viewport=page.viewport_size)
        self._context.route("**/*", self._answer)
        self._page = self._context.new_page()

    def check(self) -> None:
        self._context.add_cookies(self._shown.context.cookies())  # type: ignore[arg-type]
        self._page.goto(self._shown.url)
        check_page(self._page)

    def close(self) -> None:
        self._context.close()

    def _answer(self, route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(body=self._shown.content(), content_type="text/html")
        elif urlsplit(route.request.url).path.endswith("/dist/app.js"):
            route.abort()
        else:
            route.continue_()


class Visitor:
    """A person with a browser of their own; what goes wrong in it is kept in `faults`.

    Buttons, links and fields are named by their English text in the code, and found by their Chinese one.
    Pages that other tests look at go faster with `checks` off. `known` are the addresses of pages by their
    titles that anybody of the same test has found.
    """

    def __init__(
        self, context: BrowserContext, url: str, *, known: dict[str, str], scripts: bool = True
    ) -> None:
        self.context = context
        self.url = url
        self.known = known
        self.faults: list[str] = []
        self.checks = True
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        context.on("response", self._note)
        self.page = context.new_page()
        self._mirror = None if scripts else Mirror(self.page)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """What the main part of the page says, with every run of white space as one blank."""
        return " ".join(self.main.inner_text().split())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url)

    def open(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.check()

    def link(self, text: str, **values: Any) -> Locator:
        return self.main.get_by_role("link", name=words(text, **values)).first

    def button(self, text: str, **values: Any) -> Locator:
        return self.main.get_by_role("button", name=words(text, **values)).first

    def field(self, label: str, **values: Any) -> Locator:
        return self.main.get_by_label(words(label, **values)).first

    def follow(self, text: str, **values: Any) -> None:
        self.go(self.link(text, **values))

    def press(self, text: str, *, status: int = 200, **values: Any) -> None:
        self.go(self.button(text, **values), status=status)

    def go(self, where: Locator, *, status: int = 200) -> None:
        """Click, wait for the page that comes, and check it."""
        self.arrive(where.click, status=status)

    def arrive(self, by: Callable[[], object], *, status: int = 200) -> None:
        """Do what leads to another page, wait for it, and check it."""
        with self.page.expect_navigation() as arriving:
            by()
        answer = arriving.value
        assert answer is None or answer.status == status, f"{self.path}: {answer.status} {self.text[:300]}"
        self.check()

    def fill(self, label: str, text: str, **values: Any) -> None:
        self.field(label, **values).fill(text)

    def tick(self, label: str, **values: Any) -> None:
        self.field(label, **values).check()

    def sees(self, *texts: str) -> None:
        """Assert that the page says each of these; pass English through words() first."""
        said = self.text
        missing = [text for text in texts if " ".join(text.split()) not in said]
        assert not missing, f"{self.path} does not say {missing}, but: {said[:1500]}"

    def check(self) -> None:
        if not self.checks:
            return
        if self._mirror:
            self._mirror.check()
        else:
            check_page(self.page)

    def leave(self) -> None:
        if self._mirror:
            self._mirror.close()
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal's page comes with its status, which Chromium reports here too; `_note` tells them apart.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _note(self, answer: Response) -> None:
        is_page = answer.request.resource_type in ("document", "xhr", "fetch")
        if answer.status >= 500 or (answer.status >= 400 and not is_page):
            self.faults.append(f"{answer.status} at {answer.url}")
