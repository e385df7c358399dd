"""An assembly with everybody in it at once: who leads, who writes, who speaks and votes, and who looks on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.statements import services as statements
from civicforum.statements.models import Statement, StatementVote
from tests.browser import poll_steps
from tests.browser.conftest import Visit
from tests.browser.steps import take_attendance
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Neighbour, Town

TITLE = "非机动车管理办法"
TEXT = "电动车一律停放在集中充电棚，费用每月20元。"
BETTER = "电动车一律停放在集中充电棚，费用每月15元，困难家庭免费。"


@dataclass(frozen=True)
class Hall:
    """The people of the assembly; `absent` members make the quorum a matter of who leaves."""

    chair: Neighbour
    clerk: Neighbour
    phones: list[Neighbour]
    without_phone: Neighbour
    observer: Neighbour
    meeting: str


@pytest.fixture(scope="module")
def hall(town: Town) -> Hall:
    """Seven members, of whom two never come: five are just enough."""
    chair, clerk = town.officer(Role.COMMITTEE, "林国栋"), town.officer(Role.CLERK, "何小雨")
    phones = [town.officer(Role.REPRESENTATIVE, name) for name in ("赵敏", "孙立", "周芳")]
    without_phone = town.officer(Role.REPRESENTATIVE, "吴大爷")
    for absent in ("郑强", "王蕾"):
        town.officer(Role.REPRESENTATIVE, absent)
    observer = town.resident("冯静")
    now = datetime.now(UTC)
    item = PlannedItem(
        title=TITLE,
        text=TEXT,
        studied_on=(now - timedelta(days=20)).date(),
        study_text="原则同意，提请居民代表会议表决。",
    )
    with town.app.app_context():
        meeting_id = services.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=Plan(
                title="居民代表会议", place="社区大礼堂", starts_at=now, items=[item], chair_id=chair.id
            ),
            actor=chair.actor,
            now=now - timedelta(days=12),
        )
    return Hall(chair, clerk, phones, without_phone, observer, f"/meetings/{meeting_id}")


def come(visitor: Visitor, meeting: str, code: str) -> None:
    visitor.open(meeting)
    visitor.fill("Code that is shown in the room", code)
    visitor.press("I am here")


def lead(chair: Visitor, meeting: str) -> None:
    chair.open(f"{meeting}/floor")


def ask(visitor: Visitor, meeting: str, side: str) -> None:
    visitor.open(meeting)
    visitor.press(side)
    visitor.sees(words("In the queue. The chair gives the floor."))


def queue_of(chair: Visitor) -> list[str]:
    return chair.main.locator(".queue__who strong").all_inner_texts()


def test_assembly_from_its_opening_to_its_closing(town: Town, visit: Visit, hall: Hall) -> None:
    chair, clerk = visit(hall.chair, size=DESK), visit(hall.clerk, size=DESK)
    first, second, third = (visit(member) for member in hall.phones)
    observer = visit(hall.observer)
    # They see what the first representative sees.
    second.checks = third.checks = False
    at = hall.meeting

    # Attendance: by the code of the room, and by the clerk for who has no phone.
    chair.open(at)
    chair.press("Open the meeting")
    chair.press("Lead the session")
    code = chair.main.locator(".check-in__code").inner_text()
    for one in (chair, first, second, third):
        come(one, at, code)
    # As the picture on the wall leads there.
    observer.open(f"{at}/here?code={code}")
    observer.press("I am here")
    observer.sees(words("Welcome. You are entered as sitting in."))
    take_attendance(clerk, at, [hall.without_phone.name])
    lead(chair, at)
    chair.sees(words("entered by the clerk"), words("by the code of the room"))
    chair.press("Call item %(number)s: %(title)s", number=1, title=TITLE)

    # Somebody leaves: no quorum, no vote; and comes back.
    third.press("I have to go")
    lead(chair, at)
    chair.press("Put the item to the vote")
    chair.press("Open the vote", status=409)
    chair.sees("4 < 2/3 × 7 = 4 2/3", "第二十九条")
    come(third, at, code)

    # Speaking: who asked first, then the other side, then who waits; the clerk asks for who has no phone.
    ask(first, at, "For it")
    ask(second, at, "For it")
    lead(clerk, at)
    clerk.field("Somebody without a phone asks to speak").select_option(label=hall.without_phone.name)
    clerk.field("For which side").select_option(label=words("Against it"))
    clerk.press("Into the queue")
    ask(observer, at, "A question or a fact")
    lead(chair, at)
    assert queue_of(chair) == ["赵敏", "吴大爷", "孙立", "冯静"]
    chair.press("Give the floor")
    first.open(at)
    first.sees(words("You have the floor."))
    first.press("I am done")
    lead(chair, at)
    chair.press("Give the floor")
    lead(clerk, at)
    clerk.fill("What was said, for the minutes", "费用太高，老人负担不起。")
    clerk.press("End the speech")
    lead(chair, at)
    chair.main.locator("#queue summary").click()
    chair.sees(words("written down by the clerk"))

    # What is out of order is ruled out, with a reason.
    third.open(f"{at}/move?kind=postpone")
    third.press("Move it")
    lead(chair, at)
    chair.follow("Rule it out of order")
    chair.fill("Reason", "上次会议已经延期过一次。")
    chair.press("Rule it out of order")
    chair.sees(words("Ruled out of order. The reason is recorded."))

    # An amendment: moved, seconded, adopted by raised hands.
    second.open(at)
    second.follow("Move something: an amendment, the end of the debate, or to put it off")
    second.fill("The text as it would read", BETTER)
    second.press("Move it")
    first.open(at)
    first.press("Second it")
    lead(chair, at)
    chair.press("Put it to the vote")
    chair.tick("Raised hands, counted")
    chair.press("Open the vote")
    poll = chair.path
    clerk.open(poll)
    clerk.press("Enter the numbers")
    for label, number in (("For", "4"), ("Against", "1"), ("Abstain", "0")):
        clerk.main.get_by_label(words(label), exact=True).fill(number)
    clerk.fill("Name of the second counter", "周芳")
    clerk.press("Enter the numbers")
    chair.open(poll)
    chair.press("Close the vote and count")
    chair.sees(words("Adopted"), "4 > 1/2 × 5 = 2.5")

    # The resolution: adopted by a sealed vote, on the text as amended.
    lead(chair, at)
    chair.press("Put the item to the vote")
    chair.tick("Sealed")
    chair.press("Open the vote")
    resolution = chair.path
    chair.sees(BETTER)
    for one in (chair, first, second, third):
        one.open(resolution)
        one.press("Vote now")
        one.main.get_by_label(words("For"), exact=True).check()
        poll_steps.review(one)
        poll_steps.cast(one)
    chair.open(resolution)
    chair.press("Close the vote and open the box")
    chair.sees(words("Adopted"))
    observer.open(f"{resolution}/result")
    observer.sees("4 > 1/2 × 5 = 2.5", "5 ≥ 2/3 × 7 = 4 2/3")

    # Closed; the minutes say what happened, chair and clerk sign them, and they are posted.
    chair.open(at)
    chair.press("Close the meeting")
    for one in (chair, clerk):
        one.open(f"{at}/minutes")
        one.sees("赵敏", "吴大爷", "费用太高，老人负担不起。")
        one.go(one.main.locator("form[action$='/minutes/sign'] button"))
    observer.open(f"{at}/minutes")
    observer.sees(words("Signed and posted"), BETTER)
    observer.open("/notices")
    observer.sees("会议记录")


def test_who_has_no_phone_says_what_they_think_through_the_clerk(
    town: Town, visit: Visit, hall: Hall
) -> None:
    now, who = datetime.now(UTC), hall.without_phone
    with town.app.app_context():
        conversation = statements.plan_conversation(
            plan=statements.Plan("电动车停哪里", now, now + timedelta(days=7), seeds=["建集中充电棚"]),
            actor=hall.chair.actor,
            now=now,
        )
    clerk = visit(hall.clerk, size=DESK)
    clerk.open("/desk/")
    clerk.fill("Whom do you help?", who.name)
    clerk.press("Find")
    clerk.follow(who.name)
    clerk.fill("Why do you act for this person?", "本人在会场，没有手机")
    clerk.press("Begin to act for %(name)s", name=who.name)
    clerk.open(f"/statements/{conversation}/answer")
    clerk.go(clerk.main.locator("button[name=answer][value=agree]"))
    clerk.open(f"/statements/{conversation}/add")
    clerk.fill("Your statement", "老人免停车费")
    clerk.press("Hand it in")
    with town.app.app_context():
        said = db.session.scalars(select(Statement).where(Statement.text == "老人免停车费")).one()
        answered = db.session.scalars(select(StatementVote).where(StatementVote.person_id == who.id)).all()
        assert (said.author_id, said.entered_by_id) == (who.id, hall.clerk.id)
        assert {vote.entered_by_id for vote in answered} == {hall.clerk.id}
