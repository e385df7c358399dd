"""Paper on a phone: the desk by keyboard, two counts with a difference that is mended, and both sign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import ViewportSize
from sqlalchemy import func, select

from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.polls.models import PaperIssue, Poll, Station
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import StationKind, VoteChannel
from tests.browser.conftest import Visit
from tests.factories import make_person
from tests.support.browser import DESK, Visitor, words
from tests.support.paper import Hall, make_mandate, make_station, stop
from tests.support.polls import YES_NO, make_poll
from tests.support.town import Neighbour, Town

ELECTION = QuestionSpec(
    QuestionKind.SELECTION,
    "推选楼栋长二人",
    options=("陈建国", "林晓燕", "吴志强"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
)
VOTERS = ("王秀英", "李大伟", "周小川", "郑芳")


@pytest.fixture(scope="module")
def door(town: Town) -> tuple[Hall, Neighbour, Neighbour]:
    """A poll that is open now, with a desk in the hall; one voter stands for another."""
    clerk, officer = town.officer(Role.CLERK, "赵办事"), town.officer(Role.ELECTION_OFFICER, "钱委员")
    with town.app.app_context():
        people = [make_person(town.community, name=name) for name in VOTERS]
        poll = make_poll(town.community, people=people, questions=[YES_NO, ELECTION], by_paper=True)
        with transaction() as session:
            session.get_one(Poll, poll.id).closes_at = datetime.now(UTC) + timedelta(hours=1)
        hall = Hall(poll, make_station(poll), clerk.actor, officer.actor)
        make_mandate(hall, principal=2, holder=1)
    return hall, clerk, officer


def search_by_keyboard(visitor: Visitor, text: str) -> None:
    # The cursor stands in the search already: nothing has to be pointed at.
    assert visitor.page.evaluate("document.activeElement.id") == "q"
    visitor.page.keyboard.type(text)
    visitor.arrive(lambda: visitor.page.keyboard.press("Enter"))


def tab_to(visitor: Visitor, text: str, **values: str) -> None:
    """Press Tab until what bears this text has the focus."""
    for _press in range(40):
        visitor.page.keyboard.press("Tab")
        if words(text, **values) in visitor.page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"not reached by keyboard: {text}")


def test_a_paper_is_handed_out_by_keyboard_and_the_desk_says_so(
    visit: Visit, door: tuple[Hall, Neighbour, Neighbour]
) -> None:
    hall, clerk, _officer = door
    desk = visit(clerk)
    desk.open(f"/polls/{hall.poll.id}/desk")
    search_by_keyboard(desk, "秀英")
    desk.sees("王秀英", words("May vote"))
    tab_to(desk, "Hand out a paper")
    desk.arrive(lambda: desk.page.keyboard.press("Enter"))
    # The one button has the focus: Enter hands the paper out.
    desk.sees(words("A paper for %(name)s?", name="王秀英"))
    desk.arrive(lambda: desk.page.keyboard.press("Enter"))
    desk.sees(words("Give %(name)s one paper. It is noted.", name="王秀英"))
    search_by_keyboard(desk, "1")
    desk.sees("王秀英", words("Has voted"), words("Paper handed out at: %(station)s", station="社区活动室"))
    desk.fill("Name, number on the roll, household or group", "陌生人")
    desk.press("Search")
    desk.sees(words("Not on the roll"))


def test_the_desk_works_without_a_script_and_for_a_proxy(
    visit: Visit, town: Town, door: tuple[Hall, Neighbour, Neighbour]
) -> None:
    hall, clerk, _officer = door
    desk = visit(clerk, scripts=False)
    desk.open(f"/polls/{hall.poll.id}/desk?q=李大伟")
    desk.follow("Paper for %(name)s", name="周小川")
    desk.press("Hand the paper for %(name)s to %(holder)s", name="周小川", holder="李大伟")
    desk.sees(words("Give %(holder)s one paper for %(name)s. It is noted.", holder="李大伟", name="周小川"))
    desk.press("A spoiled paper was exchanged")
    desk.sees(words("Noted: %(number)s spoiled papers were exchanged here.", number=1))
    # The paper stands for the principal, and is marked as taken by a proxy.
    with town.app.app_context():
        issued = select(PaperIssue.channel).where(PaperIssue.roll_entry_id == hall.poll.entries[2])
        assert db.session.scalars(issued).all() == [VoteChannel.PROXY]


def fill_count(visitor: Visitor, numbers: dict[str, str]) -> None:
    for field, text in numbers.items():
        visitor.page.locator(f"[name={field}]").fill(text)


def test_two_count_apart_mend_a_difference_and_sign(
    visit: Visit, town: Town, door: tuple[Hall, Neighbour, Neighbour]
) -> None:
    hall, clerk, officer = door
    with town.app.app_context():
        box = make_station(hall.poll, name="一号流动票箱", kind=StationKind.ROVING, is_offline=True)
        stop(hall.poll)
    stations = f"/polls/{hall.poll.id}/stations"
    first, second = visit(clerk), visit(officer, size=DESK)
    first.open(stations)
    first.follow("Enter its list")
    first.fill("Numbers of those who took a paper", "1, 4, 88")
    first.press("Show the names", status=422)
    first.sees("郑芳", words("Cannot be entered"), words("There is nobody with this number on the roll."))
    first.fill("Numbers of those who took a paper", "４")
    first.press("Show the names")
    first.press("Enter this list of %(num)s paper", num=1)

    first.open(f"{stations}/{hall.station}/count")
    count = {"found": "2", "invalid": "0", "mark-0": "1", "mark-1": "1"}
    count |= {f"mark-{slot}": "0" for slot in range(2, 8)} | {"mark-2": "2", "lines-0": "孙小梅 = 1"}
    fill_count(first, {**count, "mark-1": "2"})
    first.press("Enter my count", status=422)
    first.sees("1 + 2 = 3 > 2")
    fill_count(first, count)
    first.press("Enter my count")
    first.sees(words("Your count is entered."))

    second.open(f"{stations}/{hall.station}/count")
    fill_count(second, {**count, "mark-2": "1", "mark-3": "1"})
    second.press("Enter my count")
    second.sees("陈建国", words("≠ differs by %(number)s", number=1))
    second.press("Correct my count")
    fill_count(second, count)
    second.press("Correct my count")
    second.sees(words("Both counts agree in every number. Now both sign, each on their own sign-in."))
    second.press("Sign the count as %(name)s", name="钱委员")
    first.open(f"{stations}/{hall.station}/differences")
    first.press("Sign the count as %(name)s", name="赵办事")
    first.sees(words("Both have signed. The count of this box is fixed."))

    none = {f"mark-{slot}": "0" for slot in range(8)} | {"found": "0", "invalid": "0"}
    for visitor in (first, second):
        visitor.open(f"{stations}/{box}/count")
        fill_count(visitor, none)
        visitor.press("Enter my count")
    first.press("Correct my count")
    first.open(f"{stations}/{box}/differences")
    for visitor, name in ((first, "赵办事"), (second, "钱委员")):
        visitor.open(f"{stations}/{box}/differences")
        visitor.press("Sign the count as %(name)s", name=name)
    second.open(f"/polls/{hall.poll.id}/paper")
    second.sees("3 = 2 + 1 · 2 = 2 + 0")
    second.open(f"{stations}/{hall.station}/sheet")
    second.sees(*VOTERS)
    with town.app.app_context():
        signed = select(Station.signed_at).where(Station.poll_id == hall.poll.id)
        assert len(at := db.session.scalars(signed).all()) == 2
        assert all(at)


AT_THE_DOOR = tuple(f"方{serial:02}" for serial in range(1, 13))
TABLET: ViewportSize = {"width": 1024, "height": 768}
# Pages that one person at the door may cost: 40 an hour leave ninety seconds for each.
MOST_PAGES = 4


def test_a_queue_at_the_door_of_an_election_costs_three_taps_and_one_field_each(
    visit: Visit, town: Town
) -> None:
    clerk = town.officer(Role.CLERK, "方办事")
    with town.app.app_context():
        people = [make_person(town.community, name=name) for name in AT_THE_DOOR]
        terms: dict[str, Any] = {"by_paper": True, "by_screen": False, "is_statutory": True}
        poll = make_poll(town.community, people=people, questions=[ELECTION], **terms)
        with transaction() as session:
            session.get_one(Poll, poll.id).closes_at = datetime.now(UTC) + timedelta(hours=1)
        make_station(poll, name="第三投票站")
    desk = visit(clerk, size=TABLET)
    desk.open(f"/polls/{poll.id}/desk")
    # The pages have been checked above; here a person at the door is counted.
    desk.checks = False
    pages: list[str] = []
    desk.page.on("request", lambda sent: pages.append(sent.url) if sent.is_navigation_request() else None)
    for name in AT_THE_DOOR:
        # One field and three taps, and the cursor stands in the field again.
        desk.page.locator("#q").fill(name)
        desk.press("Search")
        desk.press("Hand out a paper")
        desk.press("Hand the paper to %(name)s", name=name)
        desk.sees(words("Give %(name)s one paper. It is noted.", name=name))
        assert desk.page.evaluate("document.activeElement.id") == "q"
    served = len(AT_THE_DOOR)
    assert len(pages) <= MOST_PAGES * served
    with town.app.app_context():
        issued = select(func.count()).select_from(PaperIssue).where(PaperIssue.poll_id == poll.id)
        assert db.session.scalar(issued) == served
