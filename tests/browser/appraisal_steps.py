"""Steps of an appraisal on the pages, as the person concerned takes them, and years made by the services."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, select

from civicforum import rulebook
from civicforum.appraisals.models import AppraisalSubject, Cycle, RaterGroup
from civicforum.appraisals.queries.offers import begin_plan
from civicforum.appraisals.rules import CycleKind
from civicforum.appraisals.services import certifying, counting, hearing, planning, posting, rating, reporting
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.meetings import services as meetings
from civicforum.meetings.rules import MeetingForm
from civicforum.rulebook.days import day_of
from tests.factories import make_body, make_post
from tests.support.browser import Visitor, words
from tests.support.rating import grade, settings_now
from tests.support.town import Neighbour, Town

LEVELS = ("优秀", "称职", "基本称职", "不称职")
BEST, FIT, BARELY, UNFIT = range(4)
# Two thirds of twelve are eight.
MEMBERS = 12
DAY = timedelta(days=1)
SEATS = {
    Role.PARTY: (BodyKind.PARTY_COMMITTEE, "社区党委", PostKind.SECRETARY, "书记"),
    Role.STATION_HEAD: (BodyKind.SERVICE_STATION, "社区服务站", PostKind.STATION_HEAD, "站长"),
    Role.COMMITTEE: (BodyKind.RESIDENTS_COMMITTEE, "社区居民委员会", PostKind.DIRECTOR, "主任"),
    Role.SUPERVISOR: (BodyKind.SUPERVISION_COMMITTEE, "居务监督委员会", PostKind.DIRECTOR, "主任"),
}
# As the form names them, in its order.
SECRETARY, HEAD, DIRECTOR = "林国安（书记）", "刘建平（站长）", "陈伯龙（主任）"


@dataclass(frozen=True)
class People:
    """Everybody of a half-year. `chair` and `second` are of the supervision committee."""

    chair: Neighbour
    second: Neighbour
    secretary: Neighbour
    head: Neighbour
    director: Neighbour
    clerk: Neighbour
    members: list[Neighbour]


def settle(town: Town) -> People:
    """Seat the three who report, who checks them, and the assembly."""
    with town.app.app_context():
        for kind, name, post, title in SEATS.values():
            make_post(make_body(town.community, kind, name=name), post, title=title)
    return People(
        chair=town.officer(Role.SUPERVISOR, "周正"),
        second=town.officer(Role.SUPERVISOR, "吴监督"),
        secretary=town.officer(Role.PARTY, "林国安"),
        head=town.officer(Role.STATION_HEAD, "刘建平"),
        director=town.officer(Role.COMMITTEE, "陈伯龙"),
        clerk=town.officer(Role.CLERK, "赵敏"),
        members=town.representatives(MEMBERS),
    )


def plan_assembly(town: Town, people: People, *, starts_at: datetime, now: datetime) -> uuid.UUID:
    """Let the assembly be called together for the reports."""
    item = meetings.PlannedItem(
        title="听取述职并评议", text="三人述职。", studied_on=day_of(now), study_text="提请会议评议。"
    )
    plan = meetings.Plan(title="居民代表会议", place="社区活动室", starts_at=starts_at, items=[item])
    with town.app.app_context():
        return meetings.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY, plan=plan, actor=people.director.actor, now=now
        )


def pass_days(town: Town, cycle_id: uuid.UUID, days: int) -> None:
    """Let days go by for an appraisal: its own days, those of its reports and of its assembly move back."""
    with town.app.app_context():
        cycle = db.session.get_one(Cycle, cycle_id)
        assert cycle.meeting is not None
        for row in (cycle, cycle.meeting, *(one.report for one in cycle.subjects if one.report)):
            _move_back(row, timedelta(days=days))
        db.session.commit()


def _move_back(row: Any, by: timedelta) -> None:
    for column in row.__table__.columns:
        value = getattr(row, column.key)
        if isinstance(column.type, Date | DateTime) and value is not None:
            setattr(row, column.key, value - by)


def rate(town: Town, poll_id: uuid.UUID, forms: Mapping[Neighbour, Sequence[int]], now: datetime) -> None:
    """Let people fill in their forms on screen, without a page."""
    with town.app.app_context():
        for member, grades in forms.items():
            grade(poll_id, member.actor, grades, now=now)


def poll_of(town: Town, cycle_id: uuid.UUID) -> uuid.UUID:
    """Return the poll of the one group of a cycle."""
    with town.app.app_context():
        found = db.session.scalars(select(RaterGroup.poll_id).where(RaterGroup.cycle_id == cycle_id)).one()
    assert found is not None
    return found


def grade_in_the_hall(town: Town, people: People, grades: Sequence[int], *, held_at: datetime) -> uuid.UUID:
    """Plan, post and hear a half-year by the services, and let all members give these grades on screen."""
    early = held_at - 20 * DAY
    meeting_id = plan_assembly(town, people, starts_at=held_at, now=early)
    cycle_id, leads = uuid.uuid4(), people.chair.actor
    with town.app.app_context():
        book = rulebook.load(town.community.profile)
        plan = begin_plan(
            db.session(),
            book,
            community_id=town.community_id,
            kind=CycleKind.DUTY_REPORTS,
            today=day_of(early),
            held_on=day_of(held_at),
        )
        plan = replace(plan, counts_for_37=True)
        planning.plan_cycle(cycle_id=cycle_id, plan=plan, actor=leads, now=early)
        posting.post_plan(cycle_id=cycle_id, actor=leads, now=early)
        _report(town, people, cycle_id, early)
        members = [member.id for member in people.members]
        meetings.open_meeting(meeting_id=meeting_id, actor=people.director.actor, now=held_at)
        meetings.tick_present(
            meeting_id=meeting_id, person_ids=members, actor=people.clerk.actor, now=held_at
        )
        for subject_id in subjects_of(cycle_id):
            hearing.note_report(subject_id=subject_id, text="已述职。", actor=people.clerk.actor, now=held_at)
        rating.open_rating(
            cycle_id=cycle_id, by_paper=False, actor=leads, settings=settings_now(), now=held_at
        )
    rate(town, poll_of(town, cycle_id), dict.fromkeys(people.members[:6], grades), held_at)
    return cycle_id


def _report(town: Town, people: People, cycle_id: uuid.UUID, now: datetime) -> None:
    reporters = (people.secretary, people.head, people.director)
    for subject_id, who in zip(subjects_of(cycle_id), reporters, strict=True):
        reporting.submit_report(
            subject_id=subject_id, text="半年来的工作。", file=None, actor=who.actor, now=now
        )
        reporting.check_report(
            subject_id=subject_id, accepts=True, note="", actor=people.chair.actor, now=now
        )


def count_and_certify(town: Town, people: People, cycle_id: uuid.UUID, *, now: datetime) -> None:
    """End the grading, count it and certify it by the second supervisor, without a page."""
    with town.app.app_context():
        chair = people.chair.actor
        rating.end_rating(cycle_id=cycle_id, actor=chair, settings=settings_now(), now=now)
        counting.count_cycle(cycle_id=cycle_id, actor=chair, now=now)
        certifying.certify(cycle_id=cycle_id, actor=people.second.actor, now=now + DAY)


def subjects_of(cycle_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the ids of who is graded, in the order of the form. Wants an app context."""
    which = select(AppraisalSubject.id).where(AppraisalSubject.cycle_id == cycle_id)
    return db.session.scalars(which.order_by(AppraisalSubject.position)).all()


def grades_of(visitor: Visitor, name: str) -> dict[str, str]:
    """Return how often each grade was given to somebody, as the page of the results says."""
    article = visitor.main.locator(".grades").filter(has=visitor.page.get_by_role("heading", name=name))
    rows = article.locator(".grades__table tbody tr").all()
    said = [(row.locator("th").inner_text().split(), row.locator("td").first.inner_text()) for row in rows]
    return {level: number for heading, number in said for level in LEVELS if level in heading}


def certify(second: Visitor, cycle_id: uuid.UUID) -> None:
    """Certify a counted result as somebody who did not chair it, and post it."""
    second.open(f"/appraisals/{cycle_id}/results")
    second.press("Certify the result")
    second.sees(words("The result is certified and does not change any more."))
    second.press("Tell everybody graded, and post it")
