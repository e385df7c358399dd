"""Three officers make a key on three screens, lose a slip, and open the box all the same."""

from __future__ import annotations

import json
import logging

import pytest
from playwright.sync_api import Request, expect
from sqlalchemy import text

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.polls.models import Poll
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState, Preset
from civicforum.sealed import Answer
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.keyholders import Keyholder, KeyPoll
from tests.support.polls import ABSTAIN, AGAINST, FOR, YES_NO, make_poll
from tests.support.town import Neighbour, Town

RANKING = QuestionSpec(
    QuestionKind.RANKING, "先办哪一件", options=("修路灯", "建车棚", "装监控"), depth=3, method="stv"
)
BALLOTS = [
    [FOR, Answer(order=(0, 1, 2))],
    [FOR, Answer(order=(0, 1, 2))],
    [AGAINST, Answer(order=(2,))],
    [ABSTAIN, Answer()],
]


def sealed_poll(town: Town, chair: Neighbour, keepers: list[Neighbour]) -> KeyPoll:
    with town.app.app_context():
        poll = make_poll(
            town.community,
            questions=[YES_NO, RANKING],
            preset=Preset.SEALED,
            threshold=2,
            trustees=3,
            voters=5,
        )
        with transaction() as session:
            row = session.get_one(Poll, poll.id)
            row.state, row.opened_at = PollState.ROLL_POSTED, None
        holders = [Keyholder(keeper.actor, number) for number, keeper in enumerate(keepers, 1)]
        return KeyPoll(poll, holders, chair.actor)


def section(screen: Visitor, name: str) -> None:
    """Wait until the trustee's page shows this part of it, and check the page as it is then."""
    expect(screen.page.locator(f'[data-section="{name}"]')).to_be_visible(timeout=30_000)
    screen.check()


def copy_slip(screen: Visitor) -> str:
    """Copy the slip by hand, and type its last group back."""
    section(screen, "slip")
    groups = screen.page.locator(".slip-groups li").all_inner_texts()
    assert len(groups) == 13
    screen.page.get_by_label(words("Type the last group, from the paper")).fill("0000")
    screen.page.get_by_role("button", name=words("The slip is on paper")).click()
    expect(
        screen.page.get_by_text(words("That is not the last group. Compare the paper with the screen."))
    ).to_be_visible()
    screen.check()
    screen.page.get_by_label(words("Type the last group, from the paper")).fill(groups[-1].lower())
    screen.page.get_by_role("button", name=words("The slip is on paper")).click()
    return "-".join(groups)


def type_slip(screen: Visitor, slip: str) -> None:
    section(screen, "enter")
    screen.page.get_by_label(words("The 13 groups of your slip")).last.fill(slip)
    screen.page.get_by_role("button", name=words("Go on")).click()


def hear(requests: list[str], request: Request) -> None:
    requests.append(f"{request.url} {request.post_data or ''}")


def kept_of(screen: Visitor) -> str:
    """Return all that the browser keeps beyond the page."""
    return screen.page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )


def rows_of(town: Town) -> str:
    """Return every row of every table, as text."""
    with town.app.app_context():
        tables = db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(
            str(row)
            for table in tables
            for row in db.session.scalars(text(f'SELECT row_to_json(t)::text FROM "{table}" t'))
        )


def traces_of(slip: str) -> list[str]:
    """Return all the ways in which a slip could be found again."""
    seed = sealed.read_seed(slip)
    as_numbers = json.dumps(list(seed), separators=(",", ":"))
    return [slip, slip.replace("-", ""), slip[5:24], seed.hex(), sealed.to_base64(seed), as_numbers]


def test_a_key_is_made_by_three_and_the_box_opened_by_two(
    town: Town, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chair = town.officer(Role.ELECTION_OFFICER, "选举主任")
    keepers = [
        town.officer(Role.SUPERVISOR, "监督主任"),
        town.officer(Role.PARTY, "支部书记"),
        town.resident("老教师"),
    ]
    poll = sealed_poll(town, chair, keepers)
    desk = visit(chair, size=DESK)
    name_the_trustees(desk, poll, keepers)

    screens = [visit(keeper) for keeper in keepers]
    sent: list[str] = []
    for screen in screens:
        screen.context.on("request", lambda request: hear(sent, request))
        screen.open(f"/polls/{poll.id}/trustee")
    slips = [copy_slip(screen) for screen in screens]
    say_the_characters(desk, screens)
    try_the_slips(screens, slips)
    for screen in screens:
        section(screen, "done")
    found_the_box(town, desk, poll)

    with town.app.app_context():
        poll.vote_and_close(BALLOTS)
    desk.open(f"/polls/{poll.id}/opening")
    open_the_box(desk, poll, [screens[0], screens[2]], [slips[0], slips[2]])

    everything = "\n".join([*sent, rows_of(town), caplog.text, *map(kept_of, screens)])
    for slip in slips:
        assert [trace for trace in traces_of(slip) if trace in everything] == []


def name_the_trustees(desk: Visitor, poll: KeyPoll, keepers: list[Neighbour]) -> None:
    desk.open(f"/polls/{poll.id}/ceremony")
    for number, keeper in enumerate(keepers, 1):
        desk.fill("Trustee %(number)s", keeper.name if number > 1 else "没有这个人", number=number)
    desk.press("Name these trustees", status=422)
    desk.fill("Trustee %(number)s", keepers[0].name, number=1)
    desk.press("Name these trustees")
    desk.sees(words("Step 1 of 4: every trustee makes a slip"))


def say_the_characters(desk: Visitor, screens: list[Visitor]) -> None:
    """Everybody sees the same; one page was loaded again meanwhile, and asks for its slip later."""
    for screen in screens:
        section(screen, "aloud")
    expect(desk.page.locator(".characters")).to_be_visible(timeout=30_000)
    desk.check()
    shown = {screen.page.locator('[data-part="characters"]').inner_text() for screen in screens}
    assert shown == {desk.page.locator(".characters").inner_text()}
    screens[1].page.reload()
    section(screens[1], "aloud")
    for screen in screens:
        screen.page.get_by_role("button", name=words("The same on my screen")).click()


def try_the_slips(screens: list[Visitor], slips: list[str]) -> None:
    """The one who loaded the page again types the slip to deal; then all read their slips back."""
    first, second, third = screens
    type_slip(second, slips[0])
    expect(
        second.page.get_by_text(words("This is a slip, but not yours of this ceremony. Take the right one."))
    ).to_be_visible()
    type_slip(second, slips[1])
    type_slip(first, slips[0][:-1])
    mistyped = "Something is mistyped: compare group by group. There are 13 groups of four characters."
    expect(first.page.get_by_text(words(mistyped))).to_be_visible()
    type_slip(first, slips[0].lower().replace("-", " "))
    section(first, "waiting")
    type_slip(third, slips[2])
    expect(second.page.locator('[data-says="drill"]')).to_be_visible(timeout=30_000)
    type_slip(second, slips[1])


def found_the_box(town: Town, desk: Visitor, poll: KeyPoll) -> None:
    expect(desk.page.locator(".poster")).to_be_visible(timeout=30_000)
    desk.check()
    desk.sees(words("Not everybody on the roll has a voting card yet."))
    with town.app.app_context():
        poll.make_cards()
    desk.open(f"/polls/{poll.id}/ceremony")
    desk.press("Set up the sealed box")
    desk.sees(words("The box is set up under this key. The poll opens at its hour."))


def open_the_box(desk: Visitor, poll: KeyPoll, screens: list[Visitor], slips: list[str]) -> None:
    """Two of the three open: the second has lost the slip."""
    announced = desk.page.locator(".characters").inner_text()
    for screen in screens:
        screen.open(f"/polls/{poll.id}/opening/trustee")
        section(screen, "begin")
        if screen is screens[1]:
            screen.page.get_by_label(words("Prove every ballot again in this browser")).uncheck(force=True)
        screen.page.get_by_role("button", name=words("Check the record")).click()
    for screen, slip in zip(screens, slips, strict=True):
        section(screen, "head")
        how = "unproved" if screen is screens[1] else "proved"
        expect(screen.page.locator(f'[data-one-of="how"][data-says="{how}"]')).to_be_visible()
        assert screen.page.locator('[data-part="head-start"]').inner_text() == announced
        assert screen.page.locator('[data-part="counted"]').inner_text() == str(len(BALLOTS))
        screen.page.get_by_role("button", name=words("The same on the paper")).click()
        type_slip(screen, slip)
    for screen in screens:
        section(screen, "done")
    expect(desk.page.get_by_role("heading", name=words("The box is open"))).to_be_visible(timeout=30_000)
    desk.check()
    desk.sees("赞成 2", "反对 1", "修路灯 › 建车棚 › 装监控 2", "装监控 1")


def test_a_slip_is_read_from_a_picture_of_its_code(town: Town, visit: Visit) -> None:
    """One trustee alone, threshold 1 of 1: the picture is the one that the page itself drew."""
    chair, keeper = town.officer(Role.ELECTION_OFFICER, "主任二"), town.resident("独守人")
    with town.app.app_context():
        made = make_poll(town.community, preset=Preset.SEALED, threshold=1, trustees=1, voters=1)
        with transaction() as session:
            row = session.get_one(Poll, made.id)
            row.state, row.opened_at = PollState.ROLL_POSTED, None
        KeyPoll(made, [Keyholder(keeper.actor, 1)], chair.actor).start()
    screen = visit(keeper)
    screen.open(f"/polls/{made.id}/trustee")
    section(screen, "slip")
    picture = screen.page.locator('[data-part="slip-picture"] svg').screenshot()
    copy_slip(screen)
    section(screen, "aloud")
    screen.page.get_by_role("button", name=words("The same on my screen")).click()
    section(screen, "enter")
    scan = screen.page.get_by_label(words("Or take a picture of the QR code on the slip"))
    scan.set_input_files({"name": "wall.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(screen.page.locator('[data-one-of="slip-fault"][data-says="mistyped"]')).to_be_visible()
    scan.set_input_files({"name": "slip.png", "mimeType": "image/png", "buffer": picture})
    section(screen, "done")


def test_whoever_sees_other_characters_ends_the_ceremony(town: Town, visit: Visit) -> None:
    chair, keeper = town.officer(Role.ELECTION_OFFICER, "主任三"), town.resident("细心人")
    with town.app.app_context():
        made = make_poll(town.community, preset=Preset.SEALED, threshold=1, trustees=1, voters=1)
        with transaction() as session:
            row = session.get_one(Poll, made.id)
            row.state, row.opened_at = PollState.ROLL_POSTED, None
        KeyPoll(made, [Keyholder(keeper.actor, 1)], chair.actor).start()
    screen = visit(keeper)
    screen.open(f"/polls/{made.id}/trustee")
    copy_slip(screen)
    section(screen, "aloud")
    screen.press("Different")
    screen.press("End this ceremony", status=422)
    screen.fill("What happened?", "我屏幕上的字不一样")
    screen.press("End this ceremony")
    screen.sees("我屏幕上的字不一样")
