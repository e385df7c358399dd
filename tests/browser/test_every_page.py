"""Every page that anybody in any role is led to by links: in English, and in the elder view."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import unescape

from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.routing import Rule

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.inbox.letters import unsubscribe_address
from civicforum.inbox.models import Contact
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from tests.browser.conftest import Visit
from tests.browser.scenes import fill
from tests.support.browser import Visitor, check_page, check_width
from tests.support.town import Town

LINK = re.compile(r'href="(/[^"#]*)')
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
# What a page is made of: kinds of elements, and their classes.
MADE_OF = re.compile(r'<[a-z]\w*|class="[^"]*"')
PASSED_OVER = {
    "static",
    # Not pages, or a way to one of them.
    "appraisals.report_file",
    "appraisals.result_sheet",
    "appraisals.use_json",
    "dossiers.package",
    "dossiers.pdf",
    "matters.find_comment",
    "meetings.live",
    "meetings.live_now",
    "notices.complaint_package",
    "notices.sheet_pdf",
    "operating.metrics",
    "operating.ready",
    "people.import_template",
    "preferences.community",
    "preferences.elder",
    "preferences.health",
    "polls.verifier",
    "preferences.language",
    "records.photo",
    "supervision.download_copy",
    "supervision.package",
    "transfer.copy",
    "transfer.file",
    # Behind something that has to be done first; the journeys go there, or the tests of their feature.
    "appraisals.close_action",
    "appraisals.rating_open",
    "desk.slip",
    "drafts.close",
    "matters.queries",
    "meetings.count_hands",
    "meetings.count_papers",
    "meetings.here",
    "meetings.minutes",
    "meetings.paper_file",
    "meetings.versions",
    "meetings.put_to_vote",
    "meetings.rule_out_motion",
    "people.show_import",
    "second_factor.app",
    "second_factor.enter",
    "second_factor.prove",
    # A code on a slip of paper leads there.
    "ratings.rate",
    "reports.all_sealed",
    "reports.inbox",
    "reports.opened",
    "reports.sealed",
    "reserve.decide",
    "reserve.exam",
    "reserve.inspect",
}
# Two of a kind are enough, of matters one at each stage, of a meeting or a hearing one in each state.
MOST_OF_A_KIND = {
    "matters.show": 20,
    "matters.review": 4,
    "meetings.show": 8,
    "appraisals.show": 4,
    "appraisals.rating": 4,
    "notices.draft": 6,
    "notices.show": 6,
}


def test_every_page_of_every_role_is_fit_in_english_and_in_the_elder_view(town: Town, visit: Visit) -> None:
    people = fill(town)
    faults: list[str] = []
    reached: set[str] = set()
    known: dict[str, set[str]] = defaultdict(set)
    for who in [None, *people.values()]:
        visitor = visit(who)
        visitor.page.goto(f"{town.url}/language/en")
        start = ["/", "/communities"]
        if who is people[Role.RESIDENT]:
            # The wizard leads there by itself; the last line of a mail to the other.
            start += [f"/matters/{_draft(town)}/draft/similar", _way_out(town)]
        pages = _crawl(visitor, town, start, faults)
        reached |= {endpoint for endpoint, _ in pages.values()}
        first = {endpoint: path for path, (endpoint, _) in pages.items() if not known[endpoint]}
        new = [path for path, (endpoint, html) in pages.items() if _has_new(html, known[endpoint])]
        _look_at(visitor, new, _check_in_both_sizes, faults)
        visitor.page.goto(f"{town.url}/language/zh_Hans")
        visitor.page.goto(f"{town.url}/elder/on")
        # The same markup in larger type: what may change is whether it fits.
        _look_at(visitor, first.values(), check_width, faults)
    assert not faults, "\n\n".join(faults)
    pages_there_are = {
        rule.endpoint
        for rule in town.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not _is_of_a_vote(rule)
    }
    not_reached = sorted(one for one in pages_there_are - reached if not _is_passed_over(one))
    assert not not_reached, f"no link leads to {not_reached}"


def _is_passed_over(endpoint: str) -> bool:
    # What the interface for programs answers is no page.
    return endpoint in PASSED_OVER or endpoint.startswith("api.")


def _is_of_a_vote(rule: Rule) -> bool:
    """Tell whether the page belongs to one poll or election: test_polls_*, test_elections_* go there."""
    return rule.endpoint.startswith(("polls.", "elections.")) and bool(rule.arguments)


def _draft(town: Town) -> uuid.UUID:
    with town.app.app_context():
        return db.session.scalars(select(Matter.id).where(Matter.stage == Stage.DRAFT)).one()


def _way_out(town: Town) -> str:
    settings = town.app.config["CIVICFORUM"]
    town.app.config["CIVICFORUM"] = replace(settings, site_url=town.url)
    with town.app.app_context():
        return unsubscribe_address(db.session.scalars(select(Contact)).one()).removeprefix(town.url)


def _crawl(visitor: Visitor, town: Town, start: list[str], faults: list[str]) -> dict[str, tuple[str, str]]:
    """Follow links; return endpoint and markup of each page. Every link has to be answered."""
    waiting, kinds = deque(start), Counter[str]()
    found: dict[str, tuple[str, str]] = {}
    routes = town.app.url_map.bind("")
    # The same application as the server's, with the visitor's cookies, and no browser in between.
    client = town.app.test_client()
    for cookie in visitor.context.cookies():
        client.set_cookie(cookie["name"], cookie["value"], domain="127.0.0.1")
    while waiting:
        path = waiting.popleft()
        endpoint, _ = routes.match(path.split("?")[0])
        if path in found or _is_passed_over(endpoint) or kinds[endpoint] >= MOST_OF_A_KIND.get(endpoint, 2):
            continue
        kinds[endpoint] += 1
        answer = client.get(path, base_url=visitor.url, follow_redirects=True)
        if answer.status_code != 200:
            faults.append(f"{path}: {answer.status}, although a page leads there")
        html = answer.text
        found[path] = (endpoint, html)
        waiting.extend(unescape(link) for link in LINK.findall(html))
    return found


def _has_new(html: str, known: set[str]) -> bool:
    """Tell whether the page is made of something that no page of its kind had before."""
    content = MAIN.search(html)
    made_of = set(MADE_OF.findall(content[0] if content else html))
    is_new = not made_of <= known
    known |= made_of
    return is_new


def _check_in_both_sizes(page: Page) -> None:
    check_page(page)
    page.evaluate("for (const one of [document.documentElement, document.body]) one.classList.add('elder')")
    check_width(page)


def _look_at(
    visitor: Visitor, paths: Iterable[str], check: Callable[[Page], None], faults: list[str]
) -> None:
    for path in paths:
        visitor.page.goto(visitor.url + path)
        try:
            check(visitor.page)
        except AssertionError as fault:
            faults.append(str(fault))
