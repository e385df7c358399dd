"""Steps of a poll on the pages, each reached by links as the person concerned would."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import delete

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.jobs import load_tasks
from civicforum.people.models import Capacity
from civicforum.polls.models import Poll
from civicforum.polls.services import clocks, destroying, results
from civicforum.rulebook.days import day_of
from tests.support.browser import ROOT, Visitor, words
from tests.support.polls import settings_now
from tests.support.town import Neighbour, Town, id_in

VERIFY_PAGE = ROOT / "civicforum" / "static" / "dist" / "verify.html"
SLOW_MS = 90_000  # keys, shuffles and proofs in a browser, on a machine that may have much else to do
DAY = timedelta(days=1)


def day(days: int) -> date:
    return day_of(datetime.now(UTC)) + timedelta(days=days)


def outsider(town: Town, role: Role, name: str) -> Neighbour:
    """Return an officer who has no vote here."""
    neighbour = town.officer(role, name)
    take_out(town, neighbour)
    return neighbour


def take_out(town: Town, neighbour: Neighbour) -> None:
    """Take from the register what entitles somebody to vote."""
    with town.app.app_context():
        db.session.execute(delete(Capacity).where(Capacity.person_id == neighbour.id))
        db.session.commit()


# The officer's path


@dataclass(frozen=True)
class Terms:
    """What an officer fills in; `ticks` and `fields` are further ones by their label."""

    title: str
    preset: str
    ticks: Sequence[str] = ()
    objection_days: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)


def draft(officer: Visitor, terms: Terms) -> None:
    """Draft a poll from the list of polls on, as far as its questions."""
    officer.open("/polls/")
    officer.press("New vote")
    officer.fill("Title", terms.title)
    officer.tick(terms.preset)
    officer.press("Save and continue")
    officer.fill("First day", day(10).isoformat())
    officer.fill("Last day", day(12).isoformat())
    officer.main.locator("summary").click()
    for label in terms.ticks:
        officer.tick(label)
    officer.fill("Days for objections to the roll", str(terms.objection_days))
    for label, text in terms.fields.items():
        officer.fill(label, text)
    officer.press("Save and continue")


def add_question(
    officer: Visitor, kind: str, title: str, fields: Mapping[str, str], *ticks: str, rule: str = ""
) -> None:
    """Add a question; `ticks` are radios by their label, `rule` is one by its id."""
    officer.follow(kind)
    officer.fill("Question", title)
    for label, text in fields.items():
        officer.fill(label, text)
    for label in ticks:
        officer.main.get_by_label(label if label[0] > "z" else words(label)).first.check()
    if rule:
        officer.main.locator(f'[name="majority_rule"][value="{rule}"]').check()
    officer.press("Save the question")
    officer.sees(title)


def draw_and_post(officer: Visitor, *, people: int) -> None:
    """Draw the roll from capacities and post it; `people` is how many are on it."""
    officer.press("Continue to the roll")
    officer.follow("All residents who are entitled")
    officer.press("Show the numbers")
    officer.press("Draw the roll")
    officer.sees(words("%(num)s person is on the roll", num=people))
    officer.press("Post the roll")
    officer.sees(words("The roll is posted. Residents can read it and object to it."))


def run(officer: Visitor, title: str) -> None:
    """Go to the officer's page of a poll, from the list of polls."""
    to_poll(officer, title)
    officer.follow("Run this vote")


def freeze(officer: Visitor, title: str) -> None:
    run(officer, title)
    officer.press("Freeze the roll")
    officer.press("Freeze the roll")


def to_poll(visitor: Visitor, title: str) -> None:
    """Go to the page of a poll: whoever is the first by the site's own menu, all others by its address."""
    if title in visitor.known:
        visitor.open(visitor.known[title])
        return
    visitor.open("/")
    visitor.go(visitor.page.get_by_role("link", name=words("Polls"), exact=True).first)
    visitor.follow(title)
    visitor.known[title] = visitor.path


# The clock


def set_clock(town: Town, poll_id: uuid.UUID, **times: datetime | timedelta) -> None:
    """Set times of a poll, or move them by so much: as if that had gone by."""
    with town.app.app_context():
        poll = db.session.get_one(Poll, poll_id)
        for name, time in times.items():
            setattr(poll, name, getattr(poll, name) + time if isinstance(time, timedelta) else time)
        db.session.commit()


def sweep(town: Town, *, at: datetime | None = None) -> None:
    """Do what the worker does every minute; `at` another time, do what it does then."""
    with town.app.app_context():
        if at is None:
            load_tasks()["polls.sweep"].function()
            return
        for part in (clocks, results, destroying):
            part.sweep(now=at, settings=settings_now())


def let_it_open(town: Town, poll_id: uuid.UUID) -> None:
    now = datetime.now(UTC)
    set_clock(town, poll_id, opens_at=now - timedelta(minutes=1), closes_at=now + DAY)
    sweep(town)


def let_it_end(town: Town, poll_id: uuid.UUID) -> None:
    set_clock(town, poll_id, closes_at=datetime.now(UTC) - timedelta(seconds=1))
    sweep(town)


def id_of_poll(visitor: Visitor) -> uuid.UUID:
    return id_in(visitor.page.url.partition("/polls/")[2].partition("/")[0])


# Keyholders


def await_section(screen: Visitor, name: str) -> None:
    """Wait until the keyholder's page shows this part of it."""
    expect(screen.page.locator(f'[data-section="{name}"]')).to_be_visible(timeout=SLOW_MS)


def copy_slip(screen: Visitor) -> str:
    """Copy the slip by hand, and type its last group back."""
    await_section(screen, "slip")
    groups = screen.page.locator(".slip-groups li").all_inner_texts()
    screen.fill("Type the last group, from the paper", groups[-1])
    screen.button("The slip is on paper").click()
    return "-".join(groups)


def type_slip(screen: Visitor, slip: str) -> None:
    await_section(screen, "enter")
    screen.page.get_by_label(words("The 13 groups of your slip")).last.fill(slip)
    screen.button("Go on").click()


# Voters


def to_ballot(voter: Visitor, title: str, *, button: str = "Vote now", **values: str) -> None:
    """Go from the front page to the ballot."""
    to_poll(voter, title)
    voter.press(button, **values)


def type_card(voter: Visitor, code: str) -> None:
    voter.field("Code on the card").fill(code)
    voter.button("Go on").click()


def next_question(voter: Visitor) -> None:
    voter.button("Next question").click()


def review(voter: Visitor) -> None:
    voter.button("Go to the review").click()
    voter.main.get_by_role("heading", name=words("Is this how you want to vote?")).wait_for()


def cast(voter: Visitor) -> str:
    """Seal and cast, and return the tracker."""
    voter.arrive(voter.button("Seal and cast").click)
    voter.sees(words("Your vote is in the box"), words("That is all. You can put the phone away."))
    return "".join(voter.page.locator(".tracker__text").inner_text().split())


def mark_row(voter: Visitor, name: str, mark: str) -> None:
    """Mark one of several names; the words of a mark that is no English text are its own."""
    voter.main.get_by_role("radiogroup", name=name).get_by_label(words(mark), exact=True).check()


# Paper


def hand_paper(desk: Visitor, name: str) -> None:
    """Search for somebody at the desk, and hand them a paper."""
    desk.fill("Name, number on the roll, household or group", name)
    desk.press("Search")
    desk.press("Hand out a paper")
    desk.press("Hand the paper to %(name)s", name=name)
    desk.sees(words("Give %(name)s one paper. It is noted.", name=name))


def station_link(visitor: Visitor, link: str, station: str) -> Locator:
    """Return the link of a station on the list of stations."""
    return visitor.main.locator(".card", has_text=station).get_by_role("link", name=words(link))


def enter_count(counter: Visitor, station: str, numbers: Mapping[str, str], *, button: str) -> None:
    """Enter the count of a box, from the list of stations on; `numbers` by the name of the field."""
    counter.go(station_link(counter, "Enter the count", station))
    fill_count(counter, numbers)
    counter.press(button)


def fill_count(counter: Visitor, numbers: Mapping[str, str]) -> None:
    for name, number in numbers.items():
        counter.page.locator(f"[name={name}]").fill(number)


# Whoever reads and checks


def figures_of(visitor: Visitor, title: str) -> dict[str, list[str]]:
    """Return the figures of a question, each as it is read, by the first words of their row."""
    caption = visitor.page.locator("caption", has_text=title)
    table = visitor.main.locator("table").filter(has=caption).first
    return {
        row.locator("th").inner_text().split()[0]: row.locator("td").all_inner_texts()
        for row in table.locator("tbody tr").all()
    }


def announced_head(visitor: Visitor) -> str:
    """Return the fingerprint of the record as the result sheet bears it."""
    return visitor.page.locator(".result__hash").last.inner_text().strip()


def download(visitor: Visitor, link: str, to: Path) -> Path:
    """Save what a link downloads."""
    with visitor.page.expect_download() as arriving:
        visitor.link(link).click()
    arriving.value.save_as(to)
    return to


def command_says(archive: Path, head: str) -> tuple[int, str]:
    """Run `civicforum verify` as anybody would; return its status and what it prints."""
    command = [sys.executable, "-m", "civicforum", "verify", str(archive), "--head", head]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def open_checker(chromium: Browser, page_file: Path) -> Page:
    """Open the saved checking page in a browser without a network."""
    page = chromium.new_context(locale="zh-CN", offline=True).new_page()
    page.goto(page_file.as_uri())
    return page


def let_check(page: Page, archive: Path, head: str) -> None:
    page.set_input_files("#archive", archive)
    page.fill("#head", head)
    page.click("main form button[type=submit]")
    expect(page.locator("#verdict")).to_be_focused(timeout=SLOW_MS)


def flip(archive: Path, line: int, to: Path) -> Path:
    """Write the archive with one bit changed in the ballot of this line."""
    lines = archive.read_bytes().split(b"\n")
    at = lines[line - 1].index(b'"ballot":"') + 600
    wrong = b"A" if lines[line - 1][at : at + 1] != b"A" else b"B"
    lines[line - 1] = lines[line - 1][:at] + wrong + lines[line - 1][at + 1 :]
    to.write_bytes(b"\n".join(lines))
    return to
