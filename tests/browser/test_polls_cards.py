"""Voting cards in the committee's browser, and the record in an observer's, on the pages as served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Request, expect
from sqlalchemy import select, update

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Person
from civicforum.polls.models import Board, BoardLine, CredentialLink, Poll, RollEntry
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards
from civicforum.polls.services.casting import Cast, cast_sealed_ballot
from civicforum.sealed import Answer
from tests.browser.conftest import Visit
from tests.support.browser import DESK, ROOT, Visitor, words
from tests.support.keyholders import KeyPoll, make_key_poll
from tests.support.polls import AGAINST, FOR, settings_now
from tests.support.town import Neighbour, Town

VOTERS = 12
CODE = re.compile(r"[0-9A-Z]{7}-[0-9A-Z]{7}-[0-9A-Z]{7}")
JSQR = ROOT / "frontend" / "node_modules" / "jsqr" / "dist" / "jsQR.js"
# What a phone reads in the first QR code of the page.
SCAN = """async () => {
  const drawn = document.querySelector(".voting-card svg").cloneNode(true);
  drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  drawn.setAttribute("width", 600);
  drawn.setAttribute("height", 600);
  const image = new Image(600, 600);
  image.src = "data:image/svg+xml," + encodeURIComponent(drawn.outerHTML);
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 640 });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, 640, 640);
  context.drawImage(image, 20, 20);
  return jsQR(context.getImageData(0, 0, 640, 640).data, 640, 640).data;
}"""


@dataclass
class Scene:
    """A sealed poll of the town, those on its roll, and the officer who runs it."""

    town: Town
    poll: KeyPoll
    officer: Neighbour
    voters: list[Neighbour]
    codes: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/polls/{self.poll.id}"

    def found_and_open(self) -> None:
        now = datetime.now(UTC)
        with self.town.app.app_context():
            self.poll.hold_ceremony(now)
            self.poll.found(now)
            with transaction() as session:
                row = session.get_one(Poll, self.poll.id)
                row.state, row.opened_at = PollState.OPEN, now

    def cast(self, voter: int, answer: Answer, *, code: str, sequence: int = 0) -> Cast:
        with self.town.app.app_context():
            manifest = boards.manifest_of(db.session(), self.poll.id)
            secret = sealed.secret_of(str(self.poll.id), sealed.read_code(code))
            picks = sealed.picks_of(manifest.contests, [answer])
            return cast_sealed_ballot(
                poll_id=self.poll.id,
                entry_id=self.poll.poll.entries[voter],
                ballot=sealed.seal(manifest.race, picks, secret, sequence, bytes(32)),
                actor=self.voters[voter].actor,
                settings=settings_now(),
                now=datetime.now(UTC),
            )

    def head(self) -> bytes:
        with self.town.app.app_context():
            return boards.replay(db.session(), self.poll.id).head


def make_scene(town: Town, *, voters: int = VOTERS) -> Scene:
    now = datetime.now(UTC)
    officer = town.officer(Role.ELECTION_OFFICER, "沈主任")
    residents = [town.resident(f"居民{number:02}") for number in range(1, voters + 1)]
    with town.app.app_context():
        people = [db.session.get_one(Person, one.id) for one in residents]
        poll = make_key_poll(
            town.community,
            officer.actor,
            people=people,
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=1),
        )
    return Scene(town, poll, officer, residents)


@pytest.fixture(scope="module")
def scene(town: Town) -> Scene:
    """One poll, through which the tests of this file go in order."""
    return make_scene(town)


@pytest.fixture
def sent() -> list[str]:
    """Addresses and bodies of every request of the visitors that `listen` was called for."""
    return []


def listen(visitor: Visitor, sent: list[str]) -> None:
    def note(request: Request) -> None:
        sent.append(request.url + " " + (request.post_data or "") + " " + str(request.headers))

    visitor.context.on("request", note)


def printed(visitor: Visitor) -> Iterator[str]:
    visitor.page.emulate_media(media="print")
    cards = visitor.page.locator(".voting-card").all_inner_texts()
    visitor.page.emulate_media(media="null")
    return iter(cards)


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_without_a_script_the_page_says_why_no_cards_are_made(visit: Visit, scene: Scene) -> None:
    officer = visit(scene.officer, scripts=False)
    officer.open(f"{scene.address}/cards")
    expect(officer.main.locator(".govuk-inset-text").first).to_contain_text("JavaScript")
    assert officer.main.get_by_role("button", name=re.compile("12")).count() == 0


def test_cards_are_made_in_the_browser_and_no_code_leaves_it(
    visit: Visit, scene: Scene, sent: list[str]
) -> None:
    officer = visit(scene.officer, size=DESK)
    listen(officer, sent)
    officer.open(f"{scene.address}/cards")
    officer.main.get_by_role("button", name=re.compile("12")).click()
    expect(officer.button("Print the cards")).to_be_visible(timeout=20_000)
    officer.check()
    cards = list(printed(officer))
    codes = [found[0] for card in cards if (found := CODE.search("".join(card.split())))]
    assert len(set(codes)) == VOTERS
    assert ["".join(card.split()).count(f"居民{at:02}") for at, card in enumerate(cards, 1)] == [1] * VOTERS
    with scene.town.app.app_context():
        rows = db.session.execute(
            select(RollEntry.position, CredentialLink.public)
            .join(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
            .where(RollEntry.poll_id == scene.poll.id)
            .order_by(RollEntry.position)
        ).all()
    made = [bytes(sealed.credential_of(str(scene.poll.id), sealed.read_code(code))) for code in codes]
    assert [row.public for row in rows] == made
    secret = [spelt for code in codes for spelt in (code, sealed.read_code(code))]
    assert len([one for one in sent if "/cards" in one]) >= 3
    assert not [code for code in secret if any(code in one for one in sent)]
    officer.page.evaluate(JSQR.read_text(encoding="utf-8"))
    assert officer.page.evaluate(SCAN) == f"{scene.town.url}{scene.address}/ballot#{codes[0]}"
    assert pages_of(officer.page.pdf(prefer_css_page_size=True)) == -(-VOTERS // 8)
    dialogs: list[str] = []

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    officer.page.on("dialog", stay)
    officer.page.evaluate("setTimeout(() => location.reload())")
    officer.page.wait_for_timeout(500)
    assert dialogs == ["beforeunload"]
    officer.press("All sheets are printed: forget the codes")
    assert len(dialogs) == 1
    assert officer.page.locator(".voting-card").count() == 0
    scene.codes = codes


def test_a_lost_card_is_replaced_by_one_that_votes(visit: Visit, scene: Scene, sent: list[str]) -> None:
    scene.found_and_open()
    officer = visit(scene.officer)
    listen(officer, sent)
    officer.open(f"{scene.address}/cards?q=居民03")
    officer.follow("Replace")
    officer.tick("The card cannot be read")
    officer.button("Void the old card and make a new one").click()
    expect(officer.button("Print the card")).to_be_visible()
    officer.check()
    (card,) = printed(officer)
    found = CODE.search("".join(card.split()))
    assert found is not None
    code = found[0]
    assert not any(code in one or sealed.read_code(code) in one for one in sent)
    assert pages_of(officer.page.pdf(prefer_css_page_size=True)) == 1
    assert scene.cast(2, FOR, code=code).is_new
    with pytest.raises(Exception, match="wrong_credential"):
        scene.cast(2, FOR, code=scene.codes[2], sequence=1)
    officer.press("It is printed: forget the code")


def test_an_observer_sees_a_ballot_arrive_within_two_seconds(visit: Visit, scene: Scene) -> None:
    observer = visit()
    observer.open(f"{scene.address}/observe")
    status = observer.page.locator('[data-tell="holds"]')
    expect(status).to_be_visible()
    before = int(observer.page.locator("[data-lines-now]").first.inner_text())
    done = scene.cast(0, FOR, code=scene.codes[0])
    assert done.number == before + 1
    number = observer.page.locator("[data-lines-now]").first
    expect(number).to_have_text(str(done.number), timeout=2_000)
    shown = observer.page.locator("[data-head-now]").first.inner_text()
    assert "".join(shown.split()) == done.head.hex()
    expect(status).to_be_visible()
    observer.check()


def test_observers_notice_a_changed_history(visit: Visit, scene: Scene) -> None:
    """The site rewrites a line and every head after it: whoever looks for the first time sees nothing odd."""
    observer, newcomer = visit(), visit()
    with scene.town.app.app_context(), transaction() as session:
        note = sealed.note_line("选举委员会决定延长一小时")
        boards.append(session, poll=session.get_one(Poll, scene.poll.id), line=note)
    scene.cast(1, AGAINST, code=scene.codes[1])
    observer.open(f"{scene.address}/observe")
    expect(observer.page.locator('[data-tell="holds"]')).to_be_visible()
    rewrite_history(scene, sealed.note_line("选举委员会决定不延长"))
    newcomer.open(f"{scene.address}/observe")
    expect(newcomer.page.locator('[data-tell="holds"]')).to_be_visible()
    for _ in range(2):
        observer.open(f"{scene.address}/observe")
        alarm = observer.page.get_by_role("alert")
        expect(alarm).to_contain_text(words("The record has been changed"))
        expect(alarm).to_contain_text(scene.head().hex())
    observer.check()


def rewrite_history(scene: Scene, instead: bytes) -> None:
    with scene.town.app.app_context(), transaction() as session:
        lines = list(boards.list_lines(session, scene.poll.id))
        at = next(at for at, line in enumerate(lines) if sealed.read_line(line)["type"] == "note")
        lines[at] = instead
        head = bytes(32)
        for number, line in enumerate(lines, 1):
            head = sealed.extend(head, sealed.line_digest(line))
            row = update(BoardLine).where(BoardLine.poll_id == scene.poll.id, BoardLine.number == number)
            session.execute(row.values(raw=line.decode(), head=head))
        session.execute(update(Board).where(Board.poll_id == scene.poll.id).values(head=head))


def test_the_archive_verifies_and_a_flipped_byte_is_named(visit: Visit, town: Town, tmp_path: Path) -> None:
    scene = make_scene(town, voters=3)
    now = datetime.now(UTC)
    with town.app.app_context():
        scene.poll.make_cards()
        scene.poll.hold_ceremony(now)
        scene.poll.found(now)
        scene.poll.vote_and_close([[FOR], [FOR], [AGAINST]], now)
        for one in scene.poll.keyholders[:2]:
            scene.poll.share(one, now)
    resident = visit()
    resident.open(f"{scene.address}/checking")
    with resident.page.expect_download() as arriving:
        resident.link("Download the archive").click()
    archive = tmp_path / "archive.jsonl"
    arriving.value.save_as(archive)
    assert sealed.verify_archive(archive, head=scene.head()).holds
    with resident.page.expect_download() as saving:
        resident.link("Save the checking page").click()
    assert saving.value.suggested_filename == "civicforum-verify.html"
    whole = archive.read_bytes()
    fifth = whole.index(b'"ballot":"', sum(len(line) + 1 for line in whole.split(b"\n")[:4])) + 600
    archive.write_bytes(whole[:fifth] + bytes([whole[fifth] ^ 1]) + whole[fifth + 1 :])
    report = sealed.verify_archive(archive, head=scene.head())
    assert 5 in [failure.line for failure in report.failures]
