"""Appraisals in every state, and what stands beside them, so that links lead to each of their pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from civicforum.appraisals.models import Criticism, RaterGroup
from civicforum.appraisals.outside_sheets import OutsideSheet
from civicforum.appraisals.rules import CriticismSource, CycleKind, RaterBasis, UsePurpose
from civicforum.appraisals.services import (
    actions,
    certifying,
    criticisms,
    hearing,
    objecting,
    outside,
    publishing,
    reporting,
    support,
    using,
)
from civicforum.appraisals.services.actions import Wanted
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import db
from civicforum.departments import services as departments
from civicforum.departments.rules import DepartmentKind
from civicforum.meetings import services as meetings
from civicforum.meetings.rules import MeetingForm
from civicforum.ratings import codes
from civicforum.ratings.rules import RatingLevel, ServiceClass
from civicforum.ratings.services import rating as service_ratings
from civicforum.ratings.services import slips, station
from civicforum.reserve import services as reserve
from civicforum.rulebook.days import day_of
from tests.support import appraisals
from tests.support.appraisal_results import FAIR, POOR, count_by_hand, start_rating
from tests.support.town import Neighbour, Town

DAY = timedelta(days=1)
People = dict[Role, Neighbour]


def fill_appraisals(town: Town, people: People, now: datetime) -> None:
    """Make a draft, a half-year that is heard now, one that is certified, and one that waits for a sheet."""
    body_id = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.REPRESENTATIVE_ASSEMBLY)).one()
    early = now - 20 * DAY
    meeting_id = meetings.plan_meeting(
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        plan=meetings.Plan(
            title="述职评议会", place="社区活动室", starts_at=now, items=[meetings.PlannedItem(title="述职")]
        ),
        actor=people[Role.COMMITTEE].actor,
        now=early,
    )
    place = appraisals.Town(
        community_id=town.community_id,
        supervisor=people[Role.SUPERVISOR].actor,
        clerk=people[Role.CLERK].actor,
        secretary_id=people[Role.PARTY].id,
        station_head_id=people[Role.STATION_HEAD].id,
        members=(people[Role.COMMITTEE].id,),
        representatives=(people[Role.REPRESENTATIVE].id,),
        meeting_id=meeting_id,
        assembly_id=body_id,
    )
    _hear(place, people, appraisals.posted_halfyear(place, now=early), now)
    appraisals.plan_kind(place, CycleKind.STATION, now=now)
    _follow(place, people, now)
    _await_sheet(place, now)


def fill_services(town: Town, people: People, now: datetime) -> None:
    """Let the station have its card, items, slips and a bad grade; list a firm, and plan two selections."""
    head, clerk = people[Role.STATION_HEAD].actor, people[Role.CLERK].actor
    card = station.Card(
        address="槐荫路6号", hours="8:30–17:30", phone="0312-555-0160", complaints_phone="12345"
    )
    station.write_card(card=card, actor=head, now=now)
    station.add_item(service_class=ServiceClass.MANAGEMENT, name="居住证明", unit="", actor=clerk, now=now)
    key: str = current_app.config["CIVICFORUM"].identity_key
    term = select(Term.id).join(Post).where(Term.person_id == clerk.person_id)
    printed = slips.print_sheet(
        term_id=db.session.scalars(term).one(),
        counter="一号窗口",
        valid_until=day_of(now + 90 * DAY),
        key=key,
        actor=clerk,
        now=now,
    )
    given = service_ratings.Given(
        level=RatingLevel.DISSATISFIED, comment="排队太久。", name="范女士", phone="0312-555-0147"
    )
    service_ratings.rate(code=printed.codes[0], number=codes.new_number(), given=given, key=key, now=now)
    firm = departments.Given(
        kind=DepartmentKind.PROVIDER,
        name="自来水公司",
        duty="供水",
        phone="0312-555-0196",
        since=day_of(now - 400 * DAY),
    )
    committee, resident = people[Role.COMMITTEE].actor, people[Role.RESIDENT].actor
    department_id = departments.add_department(given=firm, actor=committee, now=now)
    departments.send_opinion(department_id=department_id, text="水压低。", actor=resident, now=now)
    for year in (day_of(now).year, day_of(now).year + 1):
        plan = reserve.Given(
            year=year,
            title=f"{year}年后备干部评选",
            criteria="工作满一年。",
            places=1,
            appraisal_weight="0.4",
            exam_weight="0.6",
        )
        selection_id = reserve.plan_selection(given=plan, actor=people[Role.PARTY].actor, now=now)
        if year == day_of(now).year:
            reserve.post_selection(selection_id=selection_id, actor=people[Role.PARTY].actor, now=now)
            reserve.recommend(
                selection_id=selection_id,
                person=people[Role.ADMIN].name,
                recommended_by="党支部",
                recommendation="踏实。",
                actor=people[Role.PARTY].actor,
                now=now,
            )


def _hear(place: appraisals.Town, people: People, cycle_id: uuid.UUID, now: datetime) -> None:
    """One report is accepted, one waits to be checked, one is missing; a question has been asked."""
    first, second, _third = appraisals.subject_ids(cycle_id)
    for subject_id, role in ((first, Role.PARTY), (second, Role.STATION_HEAD)):
        reporting.submit_report(
            subject_id=subject_id, text="半年的工作。", file=None, actor=people[role].actor, now=now
        )
    reporting.check_report(subject_id=first, accepts=True, note="", actor=place.supervisor, now=now)
    meetings.open_meeting(meeting_id=place.meeting_id, actor=people[Role.COMMITTEE].actor, now=now)
    hearing.note_report(subject_id=first, text="已述职。", actor=place.clerk, now=now)
    hearing.note_question(
        subject_id=first,
        question_id=uuid.uuid4(),
        question="何时完成？",
        answer="月底。",
        actor=place.clerk,
        now=now,
    )


def _follow(place: appraisals.Town, people: People, now: datetime) -> None:
    """Certify two poor grades; one is answered by an action and a plan, and a criticism by another action."""
    held = now - 20 * DAY
    cycle_id = _on_roll(place, held, (appraisals.roll_of_residents(closes_at=held + DAY),))
    count_by_hand(place, cycle_id, {"居民": (FAIR, POOR, POOR)}, now=held)
    _secretary, head, director = appraisals.subject_ids(cycle_id)
    certifying.certify(cycle_id=cycle_id, actor=place.supervisor, now=now)
    publishing.publish_result(cycle_id=cycle_id, actor=place.supervisor, now=now)
    objecting.file_objection(
        cycle_id=cycle_id, subject_id=head, text="请复核。", actor=people[Role.RESIDENT].actor, now=now
    )
    use = using.Use(purpose=UsePurpose.ASSESSMENT, organ="柳荫街道")
    using.export_result(cycle_id=cycle_id, subject_id=director, use=use, actor=place.clerk, now=now)
    _mend(place, people, cycle_id, director, now)
    given = support.Help(
        helper_id=people[Role.ADMIN].id, measures="每月一次谈心。", until_on=day_of(now + 90 * DAY)
    )
    support.open_plan(subject_id=director, given=given, actor=place.supervisor, now=now)


def _mend(
    place: appraisals.Town, people: People, cycle_id: uuid.UUID, director: uuid.UUID, now: datetime
) -> None:
    """Three actions: one waits for its measure, one is at work, one is rechecked by residents."""
    committee = db.session.scalars(select(Body.id).where(Body.kind == BodyKind.RESIDENTS_COMMITTEE)).one()
    wanted = Wanted(title="停车管理", problem="没有人管。", owner_id=committee)
    actions.open_for_grade(subject_id=director, wanted=wanted, actor=place.supervisor, now=now)
    texts = ("楼道堆物", "灯不亮", "通知太晚")
    criticisms.enter(
        cycle_id=cycle_id,
        subject_id=None,
        source=CriticismSource.SPOKEN,
        texts=texts,
        actor=place.clerk,
        now=now,
    )
    entered = db.session.scalars(select(Criticism.id).where(Criticism.text.in_(texts[:2]))).all()
    opened = [
        criticisms.open_action(criticism_id=one, wanted=wanted, actor=place.supervisor, now=now)
        for one in entered
    ]
    director_now = people[Role.COMMITTEE].actor
    for action_id in opened:
        actions.plan(
            action_id=action_id, measure="清理。", due_on=day_of(now + 9 * DAY), actor=director_now, now=now
        )
    actions.report(action_id=opened[0], proof="已清理。", actor=director_now, now=now)


def _await_sheet(place: appraisals.Town, now: datetime) -> None:
    """Let a cycle grade whose outside sheet one person has entered."""
    held = now - DAY
    cycle_id = _on_roll(
        place,
        held,
        tuple(
            replace(group, closes_at=group.closes_at and held + 5 * DAY)
            for group in appraisals.three_groups()
        ),
    )
    start_rating(cycle_id, place, now=held)
    of_organ = RaterGroup.cycle_id == cycle_id, RaterGroup.basis == RaterBasis.OUTSIDE
    group_id = db.session.scalars(select(RaterGroup.id).where(*of_organ)).one()
    counts = dict.fromkeys(appraisals.subject_ids(cycle_id), (1, 1, 1, 0))
    outside.enter_outside(group_id=group_id, sheet=OutsideSheet(3, counts), actor=place.clerk, now=now)


def _on_roll(place: appraisals.Town, held: datetime, groups: Sequence[Any]) -> uuid.UUID:
    """Post the half-yearly reports for a day without an assembly, twenty days before it."""
    early = held - 20 * DAY
    terms: dict[str, Any] = {"groups": tuple(groups), "meeting_id": None, "held_on": day_of(held)}
    return appraisals.post(
        place, appraisals.plan_kind(place, CycleKind.DUTY_REPORTS, now=early, **terms), now=early
    )
