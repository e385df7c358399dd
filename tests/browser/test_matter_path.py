"""One matter from the first sentence to the residents' grade, through the hands of everybody concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from civicforum.bodies.rules import Role
from civicforum.matters.rules import GradeLevel
from civicforum.matters.services import second_matter
from civicforum.matters.services.appraising import cast_grade
from civicforum.rulebook import SHANGHAI
from tests.browser.conftest import Visit
from tests.browser.steps import (
    accept,
    come,
    enter_hands,
    open_meeting,
    photo,
    plan_meeting,
    raise_matter,
    study,
    take_attendance,
)
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Town, id_in

TITLE = "东门小路的路灯坏了一个月"
BODY = "晚上老人和孩子走这条路看不清台阶，已经有人摔倒。希望尽快换灯，并加装两盏。"


def test_matter_travels_its_whole_path(town: Town, visit: Visit) -> None:
    author, phone = town.resident("王秀英"), town.resident("李建国")
    director = town.officer(Role.COMMITTEE, "陈主任")
    clerk = visit(town.officer(Role.CLERK, "小赵"), size=DESK)
    committee = visit(director, size=DESK)
    representatives = town.representatives(8)
    resident, neighbour = visit(author), visit(phone)
    visitor = visit()

    matter = raise_matter(resident, title=TITLE, body=BODY)
    _gather_seconds(town, matter, resident, neighbour, clerk)
    study(visit(town.officer(Role.PARTY, "周书记")), TITLE, opinion="关系老人孩子出行安全，应当尽快办。")
    accept(committee, TITLE, answer="委员会同意受理，请大家商议怎么装、装在哪。")

    resident.open(matter)
    resident.sees(words("Being deliberated"), "周书记", "陈主任", words("Accepted for deliberation"))
    _deliberate(town, matter, committee, clerk)
    visitor.open(matter)
    visitor.sees(words("Waiting for a decision"), words("Put to the assembly"))

    names = [one.name for one in representatives]
    first = plan_meeting(committee, matter, form="representative_assembly", days=4)
    _fail_the_quorum(town, first, committee, clerk, names[:5])
    second = plan_meeting(committee, matter, form="representative_assembly", days=4)
    voter = visit(representatives[0])
    _adopt(town, second, committee, clerk, voter, [*names[1:6], director.name])
    _read_the_resolution(visitor)

    _carry_out(matter, committee, resident, visit(town.officer(Role.SUPERVISOR, "孙主任")))
    neighbour.open(matter)
    neighbour.press("Grade the result")
    neighbour.tick("Satisfied")
    neighbour.fill("What would you add?", "灯很亮，谢谢大家。")
    neighbour.press("Send my grade")
    neighbour.sees(words("Thank you. Your grade counts."))
    _close(town, matter, committee)
    visitor.open(matter)
    visitor.sees(words("Closed"), words("Accepted by residents"), "路灯修好了，以后由服务站每月巡查。")


def _gather_seconds(town: Town, matter: str, author: Visitor, neighbour: Visitor, clerk: Visitor) -> None:
    assert author.button("Second this matter").count() == 0
    neighbour.open("/matters")
    neighbour.follow(TITLE)
    neighbour.press("Second this matter")
    neighbour.sees(words("You second this matter."))
    others = [town.resident(name) for name in ("刘桂兰", "吴德明", "郑小丽")]
    with town.app.app_context():
        for other in others:
            second_matter(matter_id=id_in(matter), actor=other.actor, now=datetime.now(UTC))
    signer = town.resident("没有手机的钱奶奶")
    clerk.open(matter)
    clerk.sees(words("Gathering seconders"))
    clerk.follow("Enter signatures from paper")
    clerk.fill("Who signed?", "查无此人")
    clerk.press("Enter the signatures", status=422)
    clerk.fill("Who signed?", signer.name)
    clerk.press("Enter the signatures")
    clerk.sees(words("That is enough: it goes to review now."), words("Seconded by enough residents"))


def _deliberate(town: Town, matter: str, committee: Visitor, clerk: Visitor) -> None:
    session = plan_meeting(committee, matter, form="council", days=5)
    open_meeting(committee, town, session)
    clerk.open(session + "/attendance")
    clerk.fill("Name, number or address", "刘桂兰")
    clerk.press("Search")
    clerk.field("Seat of %(name)s", name="刘桂兰").select_option("resident")
    clerk.press("Present")
    clerk.fill("Name of the guest", "物业 何经理")
    clerk.press("Enter the guest")
    clerk.sees("何经理", words("Property firm"))
    committee.open(session)
    committee.press("Record the outcome")
    committee.tick("Sent to the assembly")
    committee.fill(
        "The outcome, word for word", "更换东门小路全部六盏路灯，并加装两盏，费用从服务群众专项经费列支。"
    )
    committee.press("Record the outcome")
    committee.sees(words("The outcome is recorded."))
    committee.press("Close the meeting")
    committee.sees(words("The meeting is closed. Its minutes wait for the signatures of chair and clerk."))


def _fail_the_quorum(
    town: Town, meeting: str, committee: Visitor, clerk: Visitor, present: list[str]
) -> None:
    open_meeting(committee, town, meeting)
    take_attendance(clerk, meeting, present)
    committee.open(meeting)
    committee.press("Open the vote", status=409)
    # Nine belong to the assembly: eight representatives and the director.
    committee.sees("5 < 2/3 × 9 = 6", "第二十九条")
    committee.open(meeting)
    committee.press("Close the meeting")
    committee.sees(words("No vote: too few were present"))


def _adopt(
    town: Town, meeting: str, committee: Visitor, clerk: Visitor, voter: Visitor, others: list[str]
) -> None:
    open_meeting(committee, town, meeting)
    come(voter, town, meeting)
    take_attendance(clerk, meeting, others)
    committee.open(meeting)
    committee.press("Open the vote")
    committee.sees(words("The vote is open. Everybody present can vote now."))
    voter.open("/")
    voter.go(voter.main.locator('a[href^="/polls/"]').first)
    voter.sees("更换东门小路全部六盏路灯")
    voter.press("For")
    voter.sees(words("Your vote is cast"))
    enter_hands(clerk, meeting)
    committee.open(meeting)
    committee.press("Close the vote and count")
    committee.sees(
        words("Adopted. The resolution is posted."), "7 ≥ 2/3 × 9 = 6", "7 > 1/2 × 7 = 3.5", "第二十九条"
    )
    committee.open(meeting)
    committee.press("Close the meeting")


def _read_the_resolution(visitor: Visitor) -> None:
    visitor.open("/notices/")
    visitor.follow(f"关于“{TITLE}”的决议")
    visitor.sees("更换东门小路全部六盏路灯", "赞成7票", "应到9人，实到7人")


def _carry_out(matter: str, committee: Visitor, resident: Visitor, supervisor: Visitor) -> None:
    today = datetime.now(UTC).astimezone(SHANGHAI).date()
    committee.open(matter)
    committee.press("Add a task")
    committee.fill("What has to be done", "更换并加装路灯")
    committee.field("Who is responsible").select_option(index=1)
    committee.fill("How residents can tell that it is done", "八盏路灯天黑后全部亮起")
    committee.fill("Starts on", today.isoformat())
    committee.fill("Done by", (today - timedelta(days=1)).isoformat())
    committee.fill("Money, in yuan", "12,000")
    committee.fill("Where the money comes from", "服务群众专项经费")
    committee.press("Add the task", status=422)
    committee.fill("Done by", (today + timedelta(days=20)).isoformat())
    committee.press("Add the task")
    committee.sees(words("Being carried out"), "¥12,000.00", "服务群众专项经费")

    supervisor.open(matter)
    supervisor.press("File a finding")
    supervisor.tick("Remark")
    supervisor.fill("The finding", "已核对发票与合同，三号楼旁的一盏尚未安装。")
    supervisor.press("File the finding")
    supervisor.sees(words("The finding is filed and public."), "三号楼旁的一盏尚未安装")

    resident.open(matter)
    resident.follow("Put a query")
    resident.fill("Your query", "加装的两盏装在哪里？")
    resident.press("Put the query")
    committee.open(matter)
    committee.go(committee.main.locator('a[href*="/answer"]').first)
    committee.fill("The answer", "一盏在三号楼旁，一盏在东门口。")
    committee.press("Publish the answer")
    resident.open("/")
    resident.open(matter)
    resident.sees("一盏在三号楼旁，一盏在东门口。", "已核对发票与合同", "陈主任")

    committee.open(matter)
    committee.press("Report progress")
    committee.fill("How much is done", "100")
    committee.fill("What has been done", "八盏路灯已全部装好并试亮。")
    committee.field("Photo as proof").set_input_files(photo())
    committee.fill("What the photo shows", "亮起的路灯")
    committee.press("Publish the report")
    committee.sees("八盏路灯已全部装好并试亮。")
    committee.press("Report the matter done")
    committee.fill("Closing report", "八盏路灯全部亮起，共花费一万一千八百元。")
    committee.press("Report it done")
    committee.sees(words("Done, waiting for grades"))


def _close(town: Town, matter: str, committee: Visitor) -> None:
    graders = [town.resident(f"评议人{serial}") for serial in range(1, 6)]
    with town.app.app_context():
        for number, grader in enumerate(graders):
            level = GradeLevel.DISSATISFIED if number == 0 else GradeLevel.SATISFIED
            cast_grade(
                matter_id=id_in(matter),
                actor=grader.actor,
                level=level,
                comment="",
                now=datetime.now(UTC),
            )
    committee.open(matter)
    assert committee.button("Close the matter").count() == 0
    town.let_grading_end()
    committee.open(matter)
    committee.sees(words("Graded"), words("Accepted by residents"))
    committee.press("Close the matter")
    committee.fill("Closing words", "路灯修好了，以后由服务站每月巡查。")
    committee.press("Close the matter")
    committee.sees(words("The matter is closed. Its whole story stays on this page."))
