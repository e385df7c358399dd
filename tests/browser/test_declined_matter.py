"""A matter that the committee declines, and that representatives bring to the assembly all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from civicforum.bodies.rules import Role
from civicforum.matters.rules import ReviewOutcome
from civicforum.matters.services import study_matter
from civicforum.rulebook import SHANGHAI
from tests.browser.conftest import Visit
from tests.browser.steps import enter_hands, open_meeting, plan_meeting, take_attendance
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Town, id_in

TITLE = "把闲置的车棚改成老年活动角"


def test_declined_matter_is_demanded_and_adopted(town: Town, visit: Visit) -> None:
    matter = town.matter(town.resident("何大爷"), title=TITLE, seconds=5)
    party = town.officer(Role.PARTY, "周书记")
    with town.app.app_context():
        study_matter(
            matter_id=id_in(matter),
            actor=party.actor,
            outcome=ReviewOutcome.REMARKS,
            text="想法很好，请先核实产权。",
            now=datetime.now(UTC),
        )
    committee = visit(town.officer(Role.COMMITTEE, "陈主任"), size=DESK)
    representatives = town.representatives(8)

    _decline(committee)
    _demand(visit, matter, *(visit(one) for one in representatives[:2]))
    _announce_too_late(committee, matter)
    clerk = visit(town.officer(Role.CLERK, "小赵"), size=DESK)
    meeting = plan_meeting(committee, matter, form="representative_assembly", days=4)
    open_meeting(committee, town, meeting)
    take_attendance(clerk, meeting, [one.name for one in representatives])
    committee.open(meeting)
    committee.press("Open the vote")
    enter_hands(clerk, meeting)
    committee.open(meeting)
    committee.press("Close the vote and count")
    committee.sees("8 ≥ 2/3 × 9 = 6", "8 > 1/2 × 8 = 4")

    visitor = visit()
    visitor.open(matter)
    visitor.sees(
        words("Declined by the committee"),
        words("There is neither money nor people for it this year"),
        words("Brought to the assembly by demand"),
        words("Adopted by the assembly"),
    )


def _decline(committee: Visitor) -> None:
    committee.open("/matters/queue")
    committee.follow(TITLE)
    committee.tick("Decline it, with a ground")
    committee.fill("Answer and reasons", "今年没有这笔经费，明年预算时再议。")
    committee.press("Record the decision", status=422)
    assert committee.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    # What was typed before the refusal is still there.
    assert committee.field("Answer and reasons").input_value() == "今年没有这笔经费，明年预算时再议。"
    committee.field("Ground, if it is declined").select_option("no_means")
    committee.press("Record the decision")
    committee.sees(words("Declined, with its ground. Residents can still demand the assembly."))


def _demand(visit: Visit, matter: str, first: Visitor, second: Visitor) -> None:
    for representative in (first, second):
        representative.open(matter)
        representative.sees(words("Declined"), "今年没有这笔经费，明年预算时再议。")
        representative.press("Demand that the assembly decides")
    first.open(matter)
    # A fifth of eight representatives is 1.6, so two are enough.
    first.sees(words("Waiting for a decision"), "2 ≥ 1/5 × 8 = 1.6", "第二十八条")


def _announce_too_late(committee: Visitor, matter: str) -> None:
    committee.open(matter)
    committee.press("Plan a meeting on it")
    committee.go(committee.main.locator('a[href*="/meetings/plan/representative_assembly"]'))
    tomorrow = datetime.now(UTC).astimezone(SHANGHAI).date() + timedelta(days=1)
    committee.fill("Day", tomorrow.isoformat())
    committee.fill("Place", "社区活动室")
    committee.press("Plan the meeting and post the notice", status=422)
    assert committee.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
