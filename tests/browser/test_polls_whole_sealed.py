"""A whole sealed poll: on phones, at the door, its key kept by three, and checked by whoever wants to."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect

from civicforum import sealed
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.polls.models import TestedBallot
from civicforum.polls.services import boards
from tests.browser import poll_steps as steps
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Neighbour, Town

PHONE: ViewportSize = {"width": 390, "height": 844}
TITLE = "充电棚与楼栋长"
MOTION, ELECTION = "是否在东门建充电棚", "推选楼栋长二人"
NAMES = ("陈建国", "林晓燕", "吴志强")
WRITTEN = "周大海"
HALL, CLUB = "社区活动室", "老年之家"
OBJECTION_DAYS = 5
F, A, N = "For", "Against", "Abstain"


@dataclass(frozen=True)
class Marks:
    """What one ballot says: on the motion, on each name in order, and a name written in."""

    motion: str
    names: Sequence[str]
    written: str = ""


# Who votes on a phone, and what the last ballot of each says.
#          充电棚  陈 林 吴   另选
# 一  F      F  F  A     (revoted: first all against)
# 二  A      F  A  N  周大海 (revoted: first all for the motion alone)
# 三  F      F  F  N     (tests the phone first)
# 四  F      N  F  F     (away: 五 casts it as the proxy)
# 五  F      F  N  A  周大海
# 八  A      A  F  N
# 九  F      F  F  A
# 十  N      N  N  F
# 十一 F      F  N  A
# 十二 A      A  F  N     (left out of the roll, added by a ruling)
BALLOTS: dict[str, Marks] = {
    "赵一": Marks(F, (F, F, A)),
    "赵二": Marks(A, (F, A, N), WRITTEN),
    "赵三": Marks(F, (F, F, N)),
    "赵四": Marks(F, (N, F, F)),
    "赵五": Marks(F, (F, N, A), WRITTEN),
    "赵八": Marks(A, (A, F, N)),
    "赵九": Marks(F, (F, F, A)),
    "赵十": Marks(N, (N, N, F)),
    "赵十一": Marks(F, (F, N, A)),
    "赵十二": Marks(A, (A, F, N)),
}
FIRST = Marks(A, (A, A, A))
# On paper: 六 while a ballot of his was on the way, 七 with the clerk's help, and four who just came.
AT_THE_DOOR = ("赵六", "赵七", "孙甲", "孙乙", "孙丙", "孙丁")
STAYS_AWAY = "孙戊"
# Handed out in the hall: 六, 七, 甲, 乙; found 4, of which 1 invalid. In the club: 丙, 丁; found 2.
# Slots: motion for, against; for of each name; against of each name.
COUNT_HALL = {"found": "4", "invalid": "1", "ground-unclear_name": "1", "lines-0": f"{WRITTEN} = 1"} | {
    f"mark-{slot}": number for slot, number in enumerate("21210011")
}
COUNT_CLUB = {"found": "2", "invalid": "0", "lines-0": ""} | {
    f"mark-{slot}": number for slot, number in enumerate("10111000")
}
# Online, by hand from the table above: for the motion 一三四五九十一 = 6, against 二八十二 = 3, else 十 = 1.
# 陈: for 一二三五九十一 = 6, against 八十二 = 2, else 2. 林: for 一三四八九十二 = 6, against 二 = 1, else 3.
# 吴: for 四十 = 2, against 一五九十一 = 4, else 4. 周大海 is written in by 二 and 五 = 2.
# Paper, both boxes, 5 valid: motion 2 + 1 = 3, 1 + 0 = 1, else 1. 陈 2 + 1 = 3, 0, else 2.
# 林 1 + 1 = 2, 1, else 2. 吴 0 + 1 = 1, 1, else 3. 周大海 1.
EXPECTED_MOTION = {"赞成": ["6 + 3 = 9"], "反对": ["3 + 1 = 4"], "弃权": ["1 + 1 = 2"]}
EXPECTED_NAMES = {
    "陈建国": ["6 + 3 = 9", "2 + 0 = 2", "2 + 2 = 4"],
    "林晓燕": ["6 + 2 = 8", "1 + 1 = 2", "3 + 2 = 5"],
    "吴志强": ["2 + 1 = 3", "4 + 1 = 5", "4 + 3 = 7"],
    WRITTEN: ["2 + 1 = 3", "0 + 0 = 0", "8 + 4 = 12"],
}
TOOK_PART = "10 + 6 = 16"
ON_ROLL = 17
CODE = re.compile(r"[0-9A-Z]{7}-[0-9A-Z]{7}-[0-9A-Z]{7}")


@dataclass
class Scene:
    """Who takes part, each with a browser, and what they hold in hand."""

    town: Town
    desk: Visitor
    clerk: Visitor
    keepers: list[Visitor]
    people: dict[str, Neighbour]
    poll_id: uuid.UUID = field(default_factory=uuid.uuid4)
    codes: dict[str, str] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)


def test_a_sealed_poll_from_the_draft_to_the_flipped_byte(
    town: Town, visit: Visit, chromium: Browser, tmp_path: Path
) -> None:
    scene = begin(town, visit)
    prepare_roll(scene, visit)
    make_key(scene)
    make_cards(scene)
    found_and_equip(scene)
    steps.let_it_open(town, scene.poll_id)
    vote(scene, visit)
    steps.let_it_end(town, scene.poll_id)
    count_papers(scene)
    open_box(scene)
    read_result(scene)
    check_archive(scene, visit, chromium, tmp_path)


# The roll


def begin(town: Town, visit: Visit) -> Scene:
    """Fill the register: everybody but 赵十二, whose capacities were forgotten, is entitled."""
    chair = steps.outsider(town, Role.ELECTION_OFFICER, "钱委员")
    clerk = steps.outsider(town, Role.CLERK, "何窗口")
    keepers = [
        steps.outsider(town, Role.SUPERVISOR, "监督主任"),
        steps.outsider(town, Role.PARTY, "支部书记"),
        steps.outsider(town, Role.COMMITTEE, "居委主任"),
    ]
    names = {*BALLOTS, *AT_THE_DOOR, STAYS_AWAY}
    people = {name: town.resident(name) for name in sorted(names)}
    steps.take_out(town, people["赵十二"])
    desk, door = visit(chair, size=DESK), visit(clerk, size=DESK)
    screens = [visit(keeper, size=PHONE) for keeper in keepers]
    for visitor in (desk, door, *screens):
        visitor.checks = False
    return Scene(town, desk, door, screens, people)


def prepare_roll(scene: Scene, visit: Visit) -> None:
    """Draft, draw, post; one who is left out objects and is added; freeze."""
    desk = scene.desk
    channels = (
        "On paper, at a polling station or a roving box",
        "By a proxy whom they name in writing",
    )
    steps.draft(
        desk,
        steps.Terms(TITLE, "Sealed vote, trustees keep the key", channels, objection_days=OBJECTION_DAYS),
    )
    scene.poll_id = steps.id_of_poll(desk)
    steps.add_question(desk, "For or against", MOTION, {}, rule="assembly.residents.majority")
    steps.add_question(
        desk,
        "Choosing people or proposals",
        ELECTION,
        {
            "Names or proposals, one on each line": "\n".join(NAMES),
            "How many are chosen?": "2",
            "Lines for other names": "1",
        },
        rule="assembly.residents.majority",
    )
    steps.draw_and_post(desk, people=ON_ROLL - 1)
    object_and_rule(scene, visit)
    steps.set_clock(scene.town, scene.poll_id, roll_posted_at=-timedelta(days=OBJECTION_DAYS + 1))
    steps.freeze(desk, TITLE)


def object_and_rule(scene: Scene, visit: Visit) -> None:
    left_out = visit(scene.people["赵十二"], size=PHONE)
    steps.to_poll(left_out, TITLE)
    left_out.sees(words("You are not on the roll of this vote."))
    left_out.follow("Roll of voters")
    left_out.press("Object to the roll")
    left_out.follow("Somebody is missing")
    left_out.fill("Who is missing?", "赵十二")
    left_out.fill("What is wrong, and how do you know?", "我在三号楼住了十年，名单上没有我。")
    left_out.press("File the objection")

    desk = scene.desk
    steps.run(desk, TITLE)
    desk.press("Rule on the objections")
    desk.press("Rule on it")
    desk.tick("Upheld")
    desk.main.get_by_role("searchbox").fill("赵十二")
    desk.arrive(lambda: desk.main.get_by_role("searchbox").press("Enter"))
    desk.fill("Reasons", "经查户籍与居住情况属实。")
    desk.press("Record and publish the ruling")

    left_out.go(left_out.page.get_by_role("link", name=words("Roll of voters")).first)
    left_out.sees("赵十二", words("You are on the roll: no. %(number)s.", number=ON_ROLL))


# The key, the cards, the box


def make_key(scene: Scene) -> None:
    """Three keyholders make the key on their phones: 2 of 3 open, with a slip each and the drill."""
    desk = scene.desk
    steps.run(desk, TITLE)
    desk.press("Name the trustees")
    for number, name in enumerate(("监督主任", "支部书记", "居委主任"), 1):
        desk.fill("Trustee %(number)s", name, number=number)
    desk.press("Name these trustees")
    for screen in scene.keepers:
        steps.to_poll(screen, TITLE)
        screen.press("Go to your part of the key")
    scene.slips = [steps.copy_slip(screen) for screen in scene.keepers]
    shown = set()
    for screen in scene.keepers:
        steps.await_section(screen, "aloud")
        shown.add(screen.page.locator('[data-part="characters"]').inner_text())
    expect(desk.page.locator(".characters")).to_have_text(shown.pop(), timeout=steps.SLOW_MS)
    assert not shown
    for screen in scene.keepers:
        screen.button("The same on my screen").click()
    for screen, slip in zip(scene.keepers, scene.slips, strict=True):
        steps.type_slip(screen, slip)
    for screen in scene.keepers:
        steps.await_section(screen, "done")
    expect(desk.page.locator(".poster")).to_be_visible(timeout=steps.SLOW_MS)


def make_cards(scene: Scene) -> None:
    """The committee's browser makes the cards; who votes reads the code from the printed page."""
    desk = scene.desk
    desk.follow("Not everybody on the roll has a voting card yet.")
    desk.main.get_by_role("button", name=re.compile(str(ON_ROLL))).click()
    expect(desk.button("Print the cards")).to_be_visible(timeout=steps.SLOW_MS)
    desk.page.emulate_media(media="print")
    for card in desk.page.locator(".voting-card").all():
        found = CODE.search("".join(card.inner_text().split()))
        assert found is not None
        scene.codes[card.locator(".voting-card__name").inner_text()] = found[0]
    desk.page.emulate_media(media="null")
    assert scene.codes.keys() == scene.people.keys()
    desk.press("All sheets are printed: forget the codes")


def found_and_equip(scene: Scene) -> None:
    """Set up the box and two stations, and enter the proxy of 赵四 for 赵五."""
    desk = scene.desk
    steps.run(desk, TITLE)
    desk.press("Set up the ballot box")
    desk.press("Set up the sealed box")
    desk.sees(words("The box is set up under this key. The poll opens at its hour."))
    steps.run(desk, TITLE)
    desk.press("Set up a station")
    for name in (HALL, CLUB):
        desk.fill("Name of the station or box", name)
        desk.fill("Who watches the box", "李监票\n周监票")
        desk.press("Add it")
    steps.run(desk, TITLE)
    desk.follow("Proxies")
    desk.press("Enter a proxy")
    for search, name in (("from", "赵四"), ("to", "赵五")):
        desk.page.locator(f"#{search}").fill(name)
        desk.go(desk.main.locator(f'button[value="{search}"]'))
    desk.fill("Why can the voter not come?", "在外地工作")
    desk.fill("Day on the paper", steps.day(0).isoformat())
    desk.press("Enter the proxy")
    desk.sees("赵四", "赵五")
    steps.run(desk, TITLE)
    desk.sees(words("Everything is in order. Voting opens by itself at its hour."))


# The vote


def vote(scene: Scene, visit: Visit) -> None:
    """Let twelve vote, each in their own way, and four more take paper at the door."""
    trackers = [vote_twice(scene, visit, name) for name in ("赵一", "赵二")]
    check_then_cast(scene, visit)
    vote_as_proxy(scene, visit)
    for name in ("赵八", "赵九", "赵十", "赵十一", "赵十二"):
        cast(enter_booth(scene, visit, name), BALLOTS[name])
    lose_to_paper(scene, visit)
    take_paper_with_help(scene, visit)
    for name, station in (("孙甲", HALL), ("孙乙", HALL), ("孙丙", CLUB), ("孙丁", CLUB)):
        to_desk(scene.desk, station)
        steps.hand_paper(scene.desk, name)
    assert len(set(trackers)) == 2


def enter_booth(scene: Scene, visit: Visit, name: str) -> Visitor:
    """Take up a phone, go to the ballot from the front page, and type the code of the card."""
    voter = visit(scene.people[name], size=PHONE)
    voter.checks = False
    steps.to_ballot(voter, TITLE)
    steps.type_card(voter, scene.codes[name])
    return voter


def mark(voter: Visitor, marks: Marks) -> None:
    """Answer both questions, up to the review."""
    voter.tick(marks.motion)
    steps.next_question(voter)
    for name, word in zip(NAMES, marks.names, strict=True):
        steps.mark_row(voter, name, word)
    if marks.written:
        voter.fill("Another name (%(number)s), if you want somebody else", marks.written, number=1)
    steps.review(voter)


def cast(voter: Visitor, marks: Marks) -> str:
    mark(voter, marks)
    return steps.cast(voter)


def vote_twice(scene: Scene, visit: Visit, name: str) -> str:
    """Vote, and vote otherwise; the first tracker then says that it was replaced."""
    voter = enter_booth(scene, visit, name)
    first = cast(voter, FIRST)
    steps.to_ballot(voter, TITLE, button="Change the ballot")
    steps.type_card(voter, scene.codes[name])
    last = cast(voter, BALLOTS[name])
    voter.press("Back to the poll")
    voter.follow("Find my ballot by its tracker")
    voter.main.get_by_role("textbox").fill(first)
    voter.arrive(lambda: voter.main.get_by_role("textbox").press("Enter"))
    voter.sees(words("A later ballot of the same voter took the place of this one. The later one counts."))
    return last


def check_then_cast(scene: Scene, visit: Visit) -> None:
    """赵三 opens a test of the phone: it shows what was marked, and is never cast."""
    voter = enter_booth(scene, visit, "赵三")
    mark(voter, BALLOTS["赵三"])
    voter.button("Test this phone first").click()
    voter.main.get_by_role("heading", name=words("A test of this phone")).wait_for()
    voter.sees(words("You have not voted yet."))
    raw = voter.page.locator("[data-audit-text]").input_value().encode()
    voter.button("Seal afresh and go on").click()
    steps.cast(voter)
    with scene.town.app.app_context():
        manifest = boards.manifest_of(db.session(), scene.poll_id)
        audit = sealed.read_audit(raw, manifest.race)
        kept = set(db.session.scalars(db.select(TestedBallot.tracker).filter_by(poll_id=scene.poll_id)))
        lines = boards.list_lines(db.session(), scene.poll_id)
    assert kept == {audit.tracker}
    assert not [line for line in lines if sealed.to_base64(audit.ballot).encode() in line]


def vote_as_proxy(scene: Scene, visit: Visit) -> None:
    """赵五 votes for himself, and with the card of 赵四 for her; she sees that it is done."""
    voter = enter_booth(scene, visit, "赵五")
    cast(voter, BALLOTS["赵五"])
    voter.press("Back to the poll")
    voter.press("Vote for %(name)s", name="赵四")
    steps.type_card(voter, scene.codes["赵四"])
    cast(voter, BALLOTS["赵四"])
    away = visit(scene.people["赵四"], size=PHONE)
    steps.to_poll(away, TITLE)
    away.sees(words("Your proxy has voted for you."))


def lose_to_paper(scene: Scene, visit: Visit) -> None:
    """赵六 has marked a ballot on the phone when a paper is handed out in that name: the paper counts."""
    voter = enter_booth(scene, visit, "赵六")
    mark(voter, BALLOTS["赵一"])
    to_desk(scene.desk, HALL)
    steps.hand_paper(scene.desk, "赵六")
    voter.button("Seal and cast").click()
    told = words("You were handed a paper ballot. It counts, and what you cast online no longer does.")
    expect(voter.page.locator("[data-problem-text]")).to_contain_text(told, timeout=steps.SLOW_MS)
    steps.to_poll(voter, TITLE)
    voter.sees(words("You were handed a paper ballot."))


def take_paper_with_help(scene: Scene, visit: Visit) -> None:
    """赵七 has a phone that runs no scripts, is told where paper is, gets it, and gets no second one."""
    voter = visit(scene.people["赵七"], size=PHONE, scripts=False)
    voter.checks = False
    steps.to_ballot(voter, TITLE)
    voter.sees(words("You can vote on paper, or on a device at a polling station:"), HALL, CLUB)
    to_desk(scene.clerk, HALL)
    steps.hand_paper(scene.clerk, "赵七")
    to_desk(scene.desk, CLUB)
    scene.desk.fill("Name, number on the roll, household or group", "赵七")
    scene.desk.press("Search")
    scene.desk.sees(words("Has voted"), words("Paper handed out at: %(station)s", station=HALL))
    assert scene.desk.button("Hand out a paper").count() == 0


def to_desk(officer: Visitor, station: str) -> None:
    """Go to the desk of a station, from the front page."""
    steps.run(officer, TITLE)
    officer.follow("Desk at the door: hand out paper ballots")
    officer.follow(station)


# The count


def count_papers(scene: Scene) -> None:
    """Two count each box apart; a difference in the hall is found, and mended by who was wrong."""
    desk, clerk = scene.desk, scene.clerk
    for counter in (clerk, desk):
        to_stations(counter)
    steps.enter_count(clerk, HALL, COUNT_HALL, button="Enter my count")
    clerk.sees(words("Your count is entered."))
    steps.enter_count(desk, HALL, COUNT_HALL | {"mark-3": "2"}, button="Enter my count")
    desk.sees("林晓燕", words("≠ differs by %(number)s", number=1))
    desk.press("Correct my count")
    steps.fill_count(desk, COUNT_HALL)
    desk.press("Correct my count")
    desk.sees(words("Both counts agree in every number. Now both sign, each on their own sign-in."))
    for counter in (clerk, desk):
        to_stations(counter)
        steps.enter_count(counter, CLUB, COUNT_CLUB, button="Enter my count")
    for station in (HALL, CLUB):
        for counter, name in ((desk, "钱委员"), (clerk, "何窗口")):
            to_stations(counter)
            counter.go(steps.station_link(counter, "Both counts", station))
            counter.press("Sign the count as %(name)s", name=name)
    clerk.sees(words("Both have signed. The count of this box is fixed."))


def to_stations(officer: Visitor) -> None:
    steps.run(officer, TITLE)
    officer.follow("Stations and roving boxes")


def open_box(scene: Scene) -> None:
    """The second keyholder has lost the slip: the first and the third open."""
    desk = scene.desk
    steps.run(desk, TITLE)
    desk.press("Go to the opening")
    announced = desk.page.locator(".characters").inner_text()
    openers = [scene.keepers[0], scene.keepers[2]]
    for screen in openers:
        screen.open("/")
        screen.sees(words("Open the ballot box with your slip"))
        screen.follow(TITLE)
        steps.await_section(screen, "begin")
        screen.button("Check the record").click()
    for screen, slip in zip(openers, (scene.slips[0], scene.slips[2]), strict=True):
        steps.await_section(screen, "head")
        assert screen.page.locator('[data-part="head-start"]').inner_text() == announced
        assert screen.page.locator('[data-part="counted"]').inner_text() == str(len(BALLOTS))
        screen.button("The same on the paper").click()
        steps.type_slip(screen, slip)
    for screen in openers:
        steps.await_section(screen, "done")
    expect(desk.page.get_by_role("heading", name=words("The box is open"))).to_be_visible(
        timeout=steps.SLOW_MS
    )


def read_result(scene: Scene) -> None:
    """Count, compare every figure with what was worked out by hand, and certify."""
    desk = scene.desk
    desk.follow("Go on to the count")
    desk.press("Count the ballots")
    desk.press("Count and publish")
    desk.sees(words("The vote is counted."), TOOK_PART)
    assert steps.figures_of(desk, MOTION) == EXPECTED_MOTION
    assert steps.figures_of(desk, ELECTION) == EXPECTED_NAMES
    # More than half of the 16 who took part: 8 is not enough.
    desk.sees("入选：陈建国", "9 > 1/2 × 16 = 8", "8 ≤ 1/2 × 16 = 8")
    desk.press("Certify the result")
    desk.press("Certify the result")
    desk.sees(words("The result is certified. It does not change any more."))


def check_archive(scene: Scene, visit: Visit, chromium: Browser, folder: Path) -> None:
    """A resident downloads the archive and the page that checks it; command and page say the same of it."""
    head = steps.announced_head(scene.desk)
    resident = visit(scene.people[STAYS_AWAY], size=PHONE)
    steps.to_poll(resident, TITLE)
    resident.follow("Check the ballot box yourself")
    archive = steps.download(resident, "Download the archive", folder / "archive.jsonl")
    checker = steps.open_checker(
        chromium, steps.download(resident, "Save the checking page", folder / "page.html")
    )
    status, said = steps.command_says(archive, head)
    assert (status, "Every check holds." in said) == (0, True), said
    steps.let_check(checker, archive, head)
    expect(checker.locator("#verdict")).to_have_text("全部检查都通过")

    line = next(at for at, raw in enumerate(archive.read_bytes().split(b"\n"), 1) if b'"ballot":"' in raw)
    flipped = steps.flip(archive, line, folder / "flipped.jsonl")
    status, said = steps.command_says(flipped, head)
    # A changed point is no point any more, or the proof fails: command and page name the same check.
    named = re.search(rf"FAILED +(\d+) .*\n +line {line}\b", said)
    assert status == 1
    assert named is not None, said
    steps.let_check(checker, flipped, head)
    expect(checker.locator("#verdict")).to_contain_text("没有通过")
    first = checker.locator(".failures li").first
    expect(first).to_contain_text(re.compile(rf"第 {line} 行.*检查 {named[1]}\b"))
    checker.context.close()
