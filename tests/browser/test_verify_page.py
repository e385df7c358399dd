"""The page that checks an archive, opened from a file: what it finds, and that it talks to nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, Worker, expect

from civicforum.sealed import issue_receipt, paper_line, seal, tracker_of
from civicforum.sealed.audits import Audit
from civicforum.sealed.base32 import grouped, spell
from civicforum.sealed.fields import data
from civicforum.sealed.lines import read_line
from tests.support.browser import PHONE, ROOT, check_page
from tests.support.sealed_election import FULL, RECEIPT_SECRET, UUID, Election, played

VERIFY_PAGE = ROOT / "civicforum" / "static" / "dist" / "verify.html"
HOLDS = "Every check holds"
SLOW_MS = 120_000  # a page checks some ten ballots a second, and the machine may have much else to do

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def election() -> Election:
    """Five of six vote, one twice, one takes paper instead; the paper is counted."""
    election = played()
    texts = [{"王小明": 1}, {"201": 1}]
    marks = [pick for pick in FULL if isinstance(pick, int)]
    election.put(paper_line(issued=1, found=1, invalid=0, counts=marks, texts=texts, signed_by=["甲", "乙"]))
    return election


@pytest.fixture
def page(chromium: Browser) -> Iterator[Open]:
    """Open the page from its file in a browser without a network; nothing may go wrong in it."""
    wrong: list[str] = []
    contexts = []

    def open_page(language: str = "en", before: str = "") -> Page:
        context = chromium.new_context(viewport=PHONE, locale=language, offline=True)
        context.add_init_script(before)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda sent: wrong.append(sent.url) if sent.url.startswith("http") else None)
        page.goto(VERIFY_PAGE.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def check(page: Page, archive: bytes, head: str = "") -> None:
    page.set_input_files("#archive", {"name": "archive.jsonl", "mimeType": "", "buffer": archive})
    page.fill("#head", head)
    page.click("main form button[type=submit]")
    expect(page.locator("#verdict")).to_be_focused(timeout=SLOW_MS)


def archive_of(election: Election) -> bytes:
    return b"".join(line + b"\n" for line in election.lines)


def ballot_at(election: Election, line: int) -> bytes:
    return data(read_line(election.lines[line - 1])["ballot"])


def first_ballot(election: Election) -> int:
    return next(at for at, line in enumerate(election.lines, 1) if b'"type":"ballot"' in line)


def shown_tracker(ballot: bytes) -> str:
    return grouped(spell(tracker_of(ballot), 20), 4)


def test_a_sound_archive_holds_and_its_result_is_shown(page: Open, election: Election) -> None:
    opened = page()
    check_page(opened)
    workers: list[Worker] = []
    opened.on("worker", lambda worker: workers.append(worker))
    check(opened, archive_of(election), election.board.head.hex())
    expect(opened.locator("#verdict")).to_have_text(HOLDS)
    assert workers
    assert opened.locator("td .passed").count() >= 30
    assert opened.locator(".failures").count() == 0
    counts = election.board.result["counts"] if election.board.result else []
    options = opened.get_by_role("table", name="居民小组长").locator("tbody tr")
    assert options.locator("td:nth-of-type(1)").all_inner_texts() == [str(count) for count in counts[:5]]
    expect(opened.locator("main")).to_contain_text("王小明")
    check_page(opened)


def test_a_flipped_byte_is_found_and_its_line_named(page: Open, election: Election) -> None:
    line = first_ballot(election)
    archive = bytearray(archive_of(election))
    at = archive.index(b'"type":"ballot"') - 40
    archive[at] = ord("B") if archive[at] == ord("A") else ord("A")
    opened = page()
    check(opened, bytes(archive), election.board.head.hex())
    expect(opened.locator("#verdict")).to_contain_text("It does not hold")
    expect(opened.locator(".failures li").first).to_contain_text(f"Line {line} (ballot): check 15")
    expect(opened.locator(".failures")).to_contain_text("check 33")
    expect(opened.locator("main")).to_contain_text("All later lines rest on the line that failed last")
    check_page(opened)


def test_without_an_announced_head_the_page_says_so(page: Open, election: Election) -> None:
    opened = page()
    check(opened, archive_of(election))
    expect(opened.locator("#verdict")).to_contain_text("no announced fingerprint was compared")


def test_a_browser_without_workers_checks_in_the_page(page: Open, election: Election) -> None:
    opened = page(before="delete window.Worker")
    check(opened, archive_of(election), election.board.head.hex())
    expect(opened.locator("#verdict")).to_have_text(HOLDS)


def test_what_is_no_archive_does_not_hold(page: Open) -> None:
    opened = page()
    for content in (b"", b"not an archive\n", b'{"type":"ceremony"}\n' * 4, bytes(1000)):
        check(opened, content)
        expect(opened.locator(".failures")).to_contain_text("check 32")


def test_the_page_speaks_chinese_and_english(page: Open, election: Election) -> None:
    opened = page("zh-CN")
    expect(opened.locator("h1")).to_have_text("核对投票存档")
    check(opened, archive_of(election), election.board.head.hex())
    expect(opened.locator("#verdict")).to_have_text("全部检查都通过")
    check_page(opened)
    opened.click(".language")
    expect(opened.locator("h1")).to_have_text("Check a voting archive")
    expect(opened.locator("#verdict")).to_have_text(HOLDS)
    assert opened.evaluate("document.documentElement.lang") == "en"


def test_what_is_missing_or_mistyped_is_said_beside_its_field(page: Open) -> None:
    opened = page()
    opened.fill("#head", "abc")
    opened.click("main form button[type=submit]")
    expect(opened.locator("#archive")).to_be_focused()
    expect(opened.locator("#archive-error")).to_have_text("Choose the archive file")
    expect(opened.locator("#head-error")).to_contain_text("64 characters")
    check_page(opened)


def test_a_voter_finds_their_ballot_receipt_and_test(page: Open, election: Election) -> None:
    opened = page()
    check(opened, archive_of(election), election.board.head.hex())

    def answer_to(typed: str) -> str:
        opened.fill("#mine", typed)
        opened.click(".mine button")
        expect(opened.locator(".mine [role=status] p")).to_have_count(1)
        return opened.locator(".mine [role=status]").inner_text()

    first = first_ballot(election)
    assert f"Line {first}, replaced" in answer_to(shown_tracker(ballot_at(election, first)))
    assert f"Line {first + 1}, void" in answer_to(shown_tracker(ballot_at(election, first + 1)).lower())
    assert f"line {first + 2}, counted" in answer_to(shown_tracker(ballot_at(election, first + 2)))
    assert "No ballot" in answer_to("0" * 20)
    assert "no tracker" in answer_to("hello")

    tracker = tracker_of(ballot_at(election, first))
    _, _, heads = Election.replayed(election.lines)
    genuine = issue_receipt(RECEIPT_SECRET, UUID, first, tracker, heads[first - 1])
    lying = issue_receipt(RECEIPT_SECRET, UUID, first, tracker, bytes(32))
    assert "agrees" in answer_to(genuine.raw.decode())
    assert "lied" in answer_to(lying.raw.decode())
    assert "does not hold" in answer_to(genuine.raw.decode().replace(f'"line":{first}', '"line":9'))

    seed = bytes(range(32))
    tested = seal(election.race, FULL, election.secrets[0], 9, seed)
    shown = answer_to(Audit(tested, tuple(FULL), seed).raw.decode())
    assert "委员会: 甲: for, 乙: against, Write-in, line 1, 王小明" in shown
    assert "先修哪里: 车位 > 电梯 > 花园" in shown
    other = answer_to(Audit(tested, tuple(FULL), bytes(32)).raw.decode())
    assert "The audited ballot holds the marks" in other


def test_a_ballot_is_sealed_under_the_content_policy_of_the_site(
    chromium: Browser, election: Election
) -> None:
    """Nothing but files of ours may run, and nothing is evaluated; the bytes are those of the server."""
    sealing = SEALING.format(manifest=json.dumps(election.lines[2].decode()), code=election.codes[0])
    files = {
        "page.html": ("text/html", '<!doctype html><p></p><script type="module" src="sealing.js"></script>'),
        "sealing.js": ("text/javascript", sealing),
        "sealed.js": ("text/javascript", (VERIFY_PAGE.parent / "sealed.js").read_text()),
    }

    def serve(route: Route) -> None:
        kind, body = files[route.request.url.rsplit("/", 1)[1]]
        route.fulfill(body=body, headers={"content-type": kind, "content-security-policy": POLICY})

    with chromium.new_context() as context:
        page = context.new_page()
        page.route("**/*", serve)
        page.goto("http://page.invalid/page.html")
        ballot = seal(election.race, FULL, election.secrets[0], 3, bytes(32))
        expect(page.locator("p")).to_have_text(shown_tracker(ballot), timeout=SLOW_MS)


POLICY = "default-src 'self'"
SEALING = """
import * as sealed from "./sealed.js";
const {{ race, uuid }} = sealed.parseManifest(new TextEncoder().encode({manifest}));
const marks = [1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1];
const picks = [...marks, sealed.pointOfText("王小明"), sealed.pointOfText("201")];
const secret = sealed.secretOf(uuid, sealed.readCode("{code}"));
const ballot = sealed.seal(race, picks, secret, 3, new Uint8Array(32));
document.querySelector("p").textContent = sealed.shownTracker(sealed.trackerOf(ballot));
"""
