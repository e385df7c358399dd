"""Takes the pictures of README.md from the running application: `make screenshots`.

The demonstration community is loaded into a temporary database of its own, so the pictures show what anybody
sees after `make run`. Files are small: the colours of a page fit a palette.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from bench.demonstration import running
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.rules import CycleState
from civicforum.config import ROOT
from civicforum.database import db
from civicforum.demo.poll_plans import CHARGING, PROPERTY, READING, Plan
from civicforum.drafts.models import Draft
from civicforum.drafts.rules import DraftState
from civicforum.elections.models import Election
from civicforum.elections.rules import ElectionKind
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.meetings.models import Meeting
from civicforum.polls.models import Poll, ResultSheet
from civicforum.statements.models import Conversation
from civicforum.statements.rules import ConversationState

FOLDER = ROOT / "docs" / "images"
EXAMPLE = ROOT / "docs" / "officers" / "examples" / "council.csv"
COLOURS = 128
DESK, PHONE = 1280, 360


@dataclass(frozen=True)
class Picture:
    """One picture: what is opened by whom, what is done there first, and how large the window is."""

    name: str
    path: str
    role: str = ""
    width: int = DESK
    height: int = 900
    language: str = "zh_Hans"
    elder: bool = False
    first: Callable[[Page], None] | None = None


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="civicforum-pictures-") as folder, running(Path(folder)) as app:
        with app.app_context():
            pictures = list_pictures()
        with serving(app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            for picture in pictures:
                say(picture.name, keep(picture.name, take(browser, url, picture)))
            say("count-report", keep("count-report", take_report(browser, Path(folder))))
            browser.close()


def say(name: str, size: int) -> None:
    print(f"{name}.png  {size // 1024} KB")


def list_pictures() -> list[Picture]:
    """Return the pages that say most about the software, with the stories of the demonstration on them."""
    closed = first_matter(Stage.CLOSED)
    in_review = first_matter(Stage.IN_REVIEW)
    draft = first_matter(Stage.DRAFT)
    vote = db.session.scalars(
        select(Poll.id)
        .join(ResultSheet)
        .where(ResultSheet.is_adopted.is_(True))
        .order_by(ResultSheet.made_at)
    ).first()
    return [
        Picture("home", "/"),
        Picture("home-committee", "/", role="committee"),
        Picture("matter", f"/matters/{closed}", height=1300),
        Picture("review", f"/matters/{in_review}/review", role="committee", height=1100),
        Picture("vote-en", f"/polls/{vote}", language="en", height=1000),
        Picture("phone-home", "/", role="resident", width=PHONE, height=740),
        Picture("phone-draft", f"/matters/{draft}/draft/check", role="resident", width=PHONE, height=740),
        Picture("phone-elder", "/", role="resident", width=PHONE, height=740, elder=True),
        *list_pictures_of_polls(),
        *list_pictures_of_elections(),
        *list_pictures_of_meetings(),
        *list_pictures_of_grades(),
    ]


def list_pictures_of_polls() -> list[Picture]:
    """Return a vote from the phone of a voter to the desk of its officer."""
    ballot = f"/polls/{find_poll(READING)}/ballot"
    sealed = f"/polls/{find_poll(PROPERTY)}"
    result = f"/polls/{find_poll(CHARGING)}/result"
    return [
        Picture("phone-ballot", ballot, role="resident", width=PHONE, height=740, first=fill_in),
        Picture("phone-cast", ballot, role="resident", width=PHONE, height=740, first=cast),
        Picture("phone-observe", f"{sealed}/observe", width=PHONE, height=740, first=check),
        Picture("poll-result", result, height=1480),
        Picture("poll-manage", f"{sealed}/manage", role="election_officer", height=1080),
    ]


def list_pictures_of_elections() -> list[Picture]:
    """Return an election that is under way as its officers see it, and one that is over."""
    kinds = ElectionKind.COMMITTEE, ElectionKind.SUPERVISION
    over, under_way = (f"/elections/{find_election(kind)}" for kind in kinds)
    return [
        Picture("election-manage", f"{under_way}/manage", role="election_officer", height=1250),
        Picture("election-archive", f"{over}/archive", role="election_officer", height=1080),
        Picture("phone-candidates", f"{over}/candidates", width=PHONE, height=740),
    ]


def list_pictures_of_meetings() -> list[Picture]:
    """Return what a session leaves, the groups of a conversation, and a draft with its comments answered."""
    minutes = db.session.scalars(
        select(Meeting.id)
        .where(Meeting.minutes_posted_at.is_not(None))
        .order_by(Meeting.minutes_posted_at.desc())
    ).first()
    conversation = select(Conversation.id).where(Conversation.state == ConversationState.CLOSED)
    draft = select(Draft.id).where(Draft.state == DraftState.CLOSED)
    return [
        Picture("minutes", f"/meetings/{minutes}/minutes", height=1500),
        Picture("opinion-groups", f"/statements/{db.session.scalar(conversation)}/results", height=1300),
        Picture("draft", f"/drafts/{db.session.scalar(draft)}", height=1300),
    ]


def list_pictures_of_grades() -> list[Picture]:
    """Return the grades of a half-year, and the service station as it is rated on a phone at the counter."""
    certified = db.session.scalars(
        select(Cycle.id).where(Cycle.state == CycleState.CERTIFIED).order_by(Cycle.held_on.desc())
    ).first()
    return [
        Picture("appraisal-result", f"/appraisals/{certified}/results", height=1500),
        Picture("phone-station", "/service/", width=PHONE, height=740, first=scroll_to_ratings),
    ]


def find_election(kind: ElectionKind) -> str:
    return str(db.session.scalars(select(Election.id).where(Election.kind == kind)).one())


def find_poll(plan: Plan) -> str:
    return str(db.session.scalars(select(Poll.id).where(Poll.title == plan.title)).one())


def fill_in(page: Page) -> None:
    """Mark the ballot of the reading room, question by question, up to its review."""
    page.check('[name="q1"][value="for"]')
    page.click("[data-next]")
    for place, option in enumerate((1, 0, 4), 1):
        page.select_option(f'[name="q2-{option}"]', str(place))
    page.click("[data-next]")
    for row, level in enumerate((0, 1, 0)):
        page.check(f'[name="q3-{row}"][value="{level}"]')
    page.click("[data-next]")
    page.locator("#review-title").wait_for()


def cast(page: Page) -> None:
    fill_in(page)
    page.click("[data-cast]")
    page.wait_for_url("**/done")


def check(page: Page) -> None:
    """Wait until the page has replayed the record."""
    page.locator('[data-tell="holds"]').wait_for()


def scroll_to_ratings(page: Page) -> None:
    page.locator("#ratings").evaluate("heading => heading.scrollIntoView()")


def first_matter(stage: Stage) -> str:
    statement = select(Matter.id).where(Matter.stage == stage).order_by(Matter.created_at).limit(1)
    return str(db.session.scalars(statement).one())


def take(browser: Browser, url: str, picture: Picture) -> bytes:
    """Return the picture as Chromium gives it."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=2 if picture.width == PHONE else 1,
    )
    page = context.new_page()
    page.goto(f"{url}/language/{picture.language}")
    if picture.elder:
        page.goto(f"{url}/elder/on")
    if picture.role:
        page.goto(f"{url}/sign-in")
        page.click(f'button[name="role"][value="{picture.role}"]')
    answer = page.goto(url + picture.path)
    assert answer is not None
    assert answer.ok, f"{picture.path} cannot be shown"
    if picture.first:
        picture.first(page)
    taken = page.screenshot()
    context.close()
    return taken


def take_report(browser: Browser, folder: Path) -> bytes:
    """Return the picture of what `civicforum count` writes about the ballots of the officers' guide."""
    report = folder / "report.html"
    arguments = ["--rule", "scottish-stv", "--language", "zh_Hans", "--report", str(report)]
    subprocess.run([sys.executable, "-m", "civicforum", "count", str(EXAMPLE), *arguments], check=True)  # noqa: S603
    page = browser.new_page(viewport={"width": DESK, "height": 1650})
    page.goto(report.as_uri())
    taken = page.screenshot()
    page.close()
    return taken


def keep(name: str, taken: bytes) -> int:
    """Write the picture with few colours, and return its size in bytes."""
    path = FOLDER / f"{name}.png"
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(timeout=5)


def find_chromium() -> str:
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("Chromium is missing: `make test-browser` installs it.")


if __name__ == "__main__":
    main()
