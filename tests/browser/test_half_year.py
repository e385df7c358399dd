"""One half-year of reports and grades: from the plan to what residents find mended."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator

from civicforum.appraisals.models import CorrectiveAction
from civicforum.appraisals.rules import Recheck
from civicforum.appraisals.services import rechecks
from civicforum.appraisals.services.action_clocks import sweep_actions
from civicforum.appraisals.services.clocks import sweep_clocks
from civicforum.database import db
from civicforum.meetings import services as meetings
from civicforum.polls.services.paper import issue_paper
from civicforum.rulebook.days import day_of
from tests.browser import appraisal_steps as steps
from tests.browser import poll_steps
from tests.browser.appraisal_steps import BARELY, BEST, DAY, DIRECTOR, FIT, HEAD, SECRETARY, UNFIT, People
from tests.browser.conftest import Visit
from tests.browser.steps import open_meeting, take_attendance
from tests.support.browser import DESK, Visitor, words
from tests.support.rating import entry_of, station_of
from tests.support.town import Town, id_in

# The forms of the three in their order: six on phones, six on paper.
ON_PHONES = (
    (BEST, FIT, UNFIT),
    (BEST, FIT, UNFIT),
    (FIT, FIT, UNFIT),
    (FIT, FIT, UNFIT),
    (FIT, FIT, BARELY),
    (FIT, FIT, BARELY),
)
ON_PAPER = (
    (BEST, BEST, FIT),
    (BEST, BEST, BARELY),
    (BEST, FIT, BARELY),
    (FIT, FIT, UNFIT),
    (FIT, FIT, UNFIT),
    (FIT, FIT, UNFIT),
)
# By hand, from the twelve forms above: 2 + 3 and 4 + 3; 0 + 2 and 6 + 4; 0 + 1, 2 + 2 and 4 + 3.
COUNTED = {
    SECRETARY: {"优秀": "5", "称职": "7", "基本称职": "0", "不称职": "0"},
    HEAD: {"优秀": "2", "称职": "10", "基本称职": "0", "不称职": "0"},
    DIRECTOR: {"优秀": "0", "称职": "1", "基本称职": "4", "不称职": "7"},
}

# What the profile says of the quorum, which stands beside the sum.
ARTICLE = "评议会应有三分之二以上的居民代表到会。"


def test_a_half_year_runs_from_the_plan_to_what_residents_find_mended(town: Town, visit: Visit) -> None:
    people = steps.settle(town)
    now = datetime.now(UTC)
    meeting_id = steps.plan_assembly(town, people, starts_at=now + 20 * DAY, now=now)
    chair, clerk = visit(people.chair, size=DESK), visit(people.clerk, size=DESK)
    cycle = plan(chair)
    report(town, visit, people, chair, clerk, cycle)
    hear(town, visit, people, chair, clerk, cycle, f"/meetings/{meeting_id}")
    fill_in(town, visit, people, clerk, cycle)
    count(visit, people, chair, clerk, cycle)
    mend(town, visit, people, chair, cycle)


def plan(chair: Visitor) -> uuid.UUID:
    """Plan the half-year from the usual, and post the plan."""
    chair.open("/appraisals/")
    chair.press("Plan an appraisal")
    chair.tick("Half-yearly duty reports")
    chair.press("Begin the plan")
    chair.sees(SECRETARY, HEAD, DIRECTOR)
    for _page in ("subjects", "scales", "raters", "days"):
        chair.press("Save and go on")
    chair.press("Post the plan")
    chair.sees(words("The plan is posted. Everybody who is graded has been told."), "居民代表会议")
    return id_in(chair.path)


def report(
    town: Town, visit: Visit, people: People, chair: Visitor, clerk: Visitor, cycle: uuid.UUID
) -> None:
    """The secretary hands in, the clerk enters the head's paper, and the director is late."""
    secretary, director = visit(people.secretary), visit(people.director)
    secretary.open(f"/appraisals/{cycle}/reports")
    secretary.press("Hand in your report")
    secretary.fill("The report", "上半年办结居民来信四十七件。")
    secretary.press("Hand in the report")
    clerk.open(f"/appraisals/{cycle}/reports")
    clerk.go(report_of(clerk, HEAD).get_by_role("button", name=words("Enter it from paper")))
    clerk.fill("On which day was it handed in?", day_of(datetime.now(UTC)).isoformat())
    clerk.fill("The report", "服务站受理事项三百一十件。")
    clerk.press("Enter the report")
    for name in (SECRETARY, HEAD):
        accept(chair, cycle, name)

    steps.pass_days(town, cycle, 15)
    with town.app.app_context():
        sweep_clocks(now=datetime.now(UTC))
    director.open(f"/appraisals/{cycle}/reports")
    assert words("Overdue") in report_of(director, DIRECTOR).inner_text()
    director.press("Hand in your report")
    director.fill("The report", "停车管理办法尚未完成。")
    director.press("Hand in the report")
    accept(chair, cycle, DIRECTOR)
    reader = visit()
    reader.open(f"/appraisals/{cycle}/reports")
    reader.sees("上半年办结居民来信四十七件。", "服务站受理事项三百一十件。", "停车管理办法尚未完成。")
    late = words("%(num)s day late", num=2)
    told = [late in report_of(reader, name).inner_text() for name in (SECRETARY, HEAD, DIRECTOR)]
    assert told == [False, False, True]


def report_of(visitor: Visitor, name: str) -> Locator:
    heading = visitor.page.get_by_role("heading", name=name)
    return visitor.main.locator(".duty-report").filter(has=heading)


def accept(chair: Visitor, cycle: uuid.UUID, name: str) -> None:
    chair.open(f"/appraisals/{cycle}/reports")
    chair.go(report_of(chair, name).get_by_role("button", name=words("Check this report")))
    chair.tick("Yes: accept it; everybody can read it then")
    chair.press("Save")
    chair.sees(words("The report is accepted and published."))


def hear(
    town: Town,
    visit: Visit,
    people: People,
    chair: Visitor,
    clerk: Visitor,
    cycle: uuid.UUID,
    meeting: str,
) -> None:
    """Hear the reports; with seven of twelve there no forms are given out, with all of them they are."""
    steps.pass_days(town, cycle, 5)
    open_meeting(visit(people.director, size=DESK), town, meeting)
    take_attendance(clerk, meeting, [member.name for member in people.members[:7]])
    for place, name in enumerate((SECRETARY, HEAD, DIRECTOR), 1):
        clerk.open(f"/appraisals/{cycle}/rating")
        clerk.go(hearing_of(clerk, place).get_by_role("button", name=words("Report heard")))
        clerk.fill("What the oral report said", f"{name}汇报半年工作。")
        clerk.press("Note it down")
    clerk.go(hearing_of(clerk, 3).get_by_role("button", name=words("Record a question and its answer")))
    clerk.fill("What was asked", "办法什么时候定？")
    clerk.fill("What was answered", "下月底前征求意见。")
    clerk.press("Note it down")
    clerk.sees("办法什么时候定？", "下月底前征求意见。")

    chair.open(f"/appraisals/{cycle}/rating")
    chair.sees("7 < 2/3 × 12 = 8", ARTICLE)
    assert not chair.button("Give out the forms").count()
    # Whoever has the page open already, because enough were there before, is refused in the same words.
    chair.open(f"/appraisals/{cycle}/rating/open")
    give_out(chair, status=409)
    chair.sees(words("This was not done"), "7 < 2/3 × 12 = 8", ARTICLE)
    with town.app.app_context():
        meetings.tick_present(
            meeting_id=id_in(meeting),
            person_ids=[member.id for member in people.members[7:]],
            actor=people.clerk.actor,
            now=datetime.now(UTC),
        )
    chair.open(f"/appraisals/{cycle}/rating")
    chair.press("Give out the forms")
    give_out(chair)
    chair.sees(words("The grading has begun."), "12 ≥ 2/3 × 12 = 8")


def hearing_of(visitor: Visitor, place: int) -> Locator:
    return visitor.main.locator(f"#report-{place}")


def give_out(chair: Visitor, *, status: int = 200) -> None:
    chair.tick("On the phone, and on paper whoever prefers it or has no phone or account")
    chair.press("Give out the forms", status=status)


def fill_in(town: Town, visit: Visit, people: People, clerk: Visitor, cycle: uuid.UUID) -> None:
    """Six grade on phones and six on paper: one of each on the pages, as all of them do."""
    poll_id, now = steps.poll_of(town, cycle), datetime.now(UTC)
    voter = visit(people.members[0])
    voter.open(f"/polls/{poll_id}")
    voter.press("Vote now")
    for name, level in zip((SECRETARY, HEAD, DIRECTOR), ON_PHONES[0], strict=True):
        poll_steps.mark_row(voter, name, steps.LEVELS[level])
    poll_steps.review(voter)
    poll_steps.cast(voter)
    steps.rate(town, poll_id, dict(zip(people.members[1:6], ON_PHONES[1:], strict=True)), now)
    clerk.open(f"/appraisals/{cycle}/rating")
    clerk.follow("Hand out paper forms")
    poll_steps.hand_paper(clerk, people.members[6].name)
    with town.app.app_context():
        for member in people.members[7:]:
            issue_paper(
                station_id=station_of(poll_id).id,
                entry_id=entry_of(poll_id, member.id),
                actor=people.clerk.actor,
                now=now,
            )


def count(visit: Visit, people: People, chair: Visitor, clerk: Visitor, cycle: uuid.UUID) -> None:
    """Count paper by two people, open the box, count, certify by a second supervisor, and post."""
    chair.open(f"/appraisals/{cycle}/rating")
    chair.sees(words("In the hall: %(screen)s forms on screen, %(paper)s on paper.", screen=6, paper=6))
    chair.press("End the grading in the hall")
    for counter in (clerk, chair):
        counter.open(f"/appraisals/{cycle}/rating")
        counter.follow("Count the paper forms")
        counter.follow("Enter the count")
        for box in counter.main.locator('input[name^="mark-"]').all():
            box.fill("0")
        poll_steps.fill_count(counter, {"found": "6", "invalid": "0", **paper_marks()})
        counter.press("Enter my count")
    chair.press("Sign the count as %(name)s", name=people.chair.name)
    clerk.open(chair.path)
    clerk.press("Sign the count as %(name)s", name=people.clerk.name)
    chair.open(f"/appraisals/{cycle}/rating")
    chair.press("Open the box and count")
    chair.press("Count the grades")
    reader = visit()
    reader.open(f"/appraisals/{cycle}/results")
    assert {name: steps.grades_of(reader, name) for name in COUNTED} == COUNTED
    steps.certify(visit(people.second, size=DESK), cycle)
    reader.open(f"/appraisals/{cycle}/results")
    reader.sees(words("Unfit for the post"), "SHA-256")


def paper_marks() -> dict[str, str]:
    """Return the number of each mark on paper: four grades of each of the three, one after the other."""
    return {
        f"mark-{subject * 4 + level}": str(sum(form[subject] == level for form in ON_PAPER))
        for subject in range(3)
        for level in range(4)
    }


def mend(town: Town, visit: Visit, people: People, chair: Visitor, cycle: uuid.UUID) -> None:
    """Open an action for the poor grade: its owner plans and reports it, residents recheck, it is closed."""
    chair.open(f"/appraisals/{cycle}/follow")
    chair.follow("Open a corrective action")
    chair.fill("What has to be mended", "停车管理办法拖了半年")
    chair.fill("The problem", "居民反映夜间停车无人管理。")
    chair.press("Open it")
    action = chair.path
    director = visit(people.director)
    director.open(action)
    director.press("Say what is done, and by when")
    director.fill("What is done about it", "公布草案并征求意见。")
    director.fill("Done by", day_of(datetime.now(UTC) + 20 * DAY).isoformat())
    director.press("Publish it")
    director.press("Report it done")
    director.fill("What was done, and how one can tell", "草案已公布，收到意见十二条。")
    director.press("Report it done")
    resident = visit(people.members[0])
    resident.open(action)
    resident.press("Say whether it is mended")
    resident.tick("Mended")
    resident.press("Send my answer")
    with town.app.app_context():
        for member, verdict in zip(people.members[1:6], [*[Recheck.MENDED] * 4, Recheck.PARTLY], strict=True):
            rechecks.recheck(
                action_id=id_in(action),
                verdict=verdict,
                comment="",
                actor=member.actor,
                now=datetime.now(UTC),
            )
        row = db.session.get_one(CorrectiveAction, id_in(action))
        row.recheck_until = datetime.now(UTC) - timedelta(minutes=1)
        db.session.commit()
        sweep_actions(now=datetime.now(UTC))
    chair.open(action)
    chair.press("Check and close it")
    chair.tick("It is mended: close it")
    chair.fill("What you found", "草案已公布，居民认可。")
    chair.press("Publish the decision")
    chair.sees(words("Mended and closed"), "草案已公布，居民认可。")
