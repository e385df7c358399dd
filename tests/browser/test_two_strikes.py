"""Two unfit grades running: they end the post of an elected member, and not that of the secretary."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from sqlalchemy import select

from civicforum.bodies.models import Term
from civicforum.database import db
from civicforum.rulebook.days import day_of
from tests.browser import appraisal_steps as steps
from tests.browser.appraisal_steps import DAY, DIRECTOR, FIT, SECRETARY, UNFIT, People
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Town

# Of secretary, station head and director.
GRADES = (UNFIT, FIT, UNFIT)
APPOINTED = (
    "%(name)s was not elected to the residents' committee: the same grades, twice running, end no post that "
    "somebody was appointed to."
)


def test_two_unfit_grades_end_the_post_of_the_director_and_not_that_of_the_secretary(
    town: Town, visit: Visit
) -> None:
    people, now = steps.settle(town), datetime.now(UTC)
    reader, chair = visit(), visit(people.chair, size=DESK)
    before = steps.grade_in_the_hall(town, people, GRADES, held_at=now - 190 * DAY)
    steps.count_and_certify(town, people, before, now=now - 190 * DAY)
    reader.open(f"/appraisals/{before}/follow")
    reader.sees(
        words(APPOINTED, name=SECRETARY),
        words("This grade counts. A second one running would end the post by law."),
        "1 < 2",
    )

    cycle = steps.grade_in_the_hall(town, people, GRADES, held_at=now)
    chair.open(f"/appraisals/{cycle}/rating")
    chair.press("End the grading in the hall")
    chair.press("Count the grades")
    steps.certify(visit(people.second, size=DESK), cycle)
    reader.open(f"/appraisals/{cycle}/follow")
    reader.sees(words(APPOINTED, name=SECRETARY), f"{DIRECTOR} · {words('The post ends')}", "2 ≥ 2")
    assert f"{SECRETARY} · {words('The post ends')}" not in reader.text

    assert last_days(town, people) == (None, None)
    end_post(chair, cycle)
    assert last_days(town, people) == (None, day_of(now))


def end_post(chair: Visitor, cycle: uuid.UUID) -> None:
    """Record that the director's post has ended, with the paper that says so."""
    chair.open(f"/appraisals/{cycle}/follow")
    heading = chair.page.get_by_role("heading", name=f"{DIRECTOR} · {words('The post ends')}")
    proposal = chair.main.locator(".consequence").filter(has=heading)
    chair.go(proposal.get_by_role("button", name=words("Record what was done")))
    chair.fill("Last day in the post", day_of(datetime.now(UTC)).isoformat())
    chair.fill("Paper that says so", "评议结果公告第2号")
    chair.press("Record that the post has ended")
    chair.sees(words("What was done is recorded."), "评议结果公告第2号")


def last_days(town: Town, people: People) -> tuple[date | None, date | None]:
    """Return when the posts of secretary and director ended, if they did."""
    with town.app.app_context():
        ended = [
            db.session.scalars(select(Term.ended_on).where(Term.person_id == who.id)).one()
            for who in (people.secretary, people.director)
        ]
    return ended[0], ended[1]
