"""Tasks, progress and the report that a matter is done."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.matters import services
from civicforum.matters.models import GradeRound, Matter, Task, TaskReport
from civicforum.matters.rules import Stage, TaskState
from civicforum.records.models import JournalEntry, Photo
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY
from tests.integration.matters.carrying import DAY, Place, add_task, finish, make_matter_at, make_place

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def report(
    place: Place, task_id: uuid.UUID, progress: int, *, role: Role = Role.STATION_HEAD, text: str = "进展"
) -> None:
    services.report_progress(task_id=task_id, actor=place.actors[role], progress=progress, text=text, now=NOW)


def stage_of(matter_id: uuid.UUID) -> Stage:
    return db.session.get_one(Matter, matter_id).stage


def test_first_task_moves_a_decided_matter_on_and_gives_it_its_deadline(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    add_task(place, matter_id, due_on=TODAY + 10 * DAY)
    matter = db.session.get_one(Matter, matter_id)
    assert matter.stage is Stage.CARRYING_OUT
    assert matter.due_at == day_ends(TODAY + 10 * DAY)
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.add_task")).one()
    assert entry.payload["from"] == "decided"
    assert entry.payload["to"] == "carrying_out"


def test_later_task_moves_the_deadline_and_an_earlier_one_does_not(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    add_task(place, matter_id, due_on=TODAY + 10 * DAY)
    add_task(place, matter_id, due_on=TODAY + 5 * DAY)
    assert db.session.get_one(Matter, matter_id).due_at == day_ends(TODAY + 10 * DAY)
    add_task(place, matter_id, due_on=TODAY + 20 * DAY)
    assert db.session.get_one(Matter, matter_id).due_at == day_ends(TODAY + 20 * DAY)
    positions = db.session.scalars(
        select(Task.position).where(Task.matter_id == matter_id).order_by(Task.position)
    )
    assert positions.all() == [1, 2, 3]


def test_owner_holds_a_post_in_the_body(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    with pytest.raises(Invalid) as refusal:
        services.add_task(
            matter_id=matter_id,
            actor=place.actors[Role.COMMITTEE],
            title="确定施工单位",
            body_id=place.station_id,
            owner_id=place.actors[Role.PARTY].person_id,
            standard="合同已公示",
            money_cents=0,
            money_source="",
            starts_on=TODAY,
            due_on=TODAY,
            now=NOW,
        )
    assert refusal.value.field == "responsible"
    assert stage_of(matter_id) is Stage.DECIDED


@pytest.mark.parametrize("stage", [Stage.TO_DECIDE, Stage.DONE, Stage.CLOSED])
def test_task_is_refused_at_other_stages(place: Place, stage: Stage) -> None:
    with pytest.raises(TransitionNotAllowed):
        add_task(place, make_matter_at(place, stage))


def test_matter_of_another_community_is_not_found(place: Place) -> None:
    elsewhere = make_place(residents=1, suffix="-b")
    with pytest.raises(NotFound):
        add_task(place, make_matter_at(elsewhere, Stage.DECIDED))


def test_whole_task_is_done_and_less_opens_it_again(place: Place) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    report(place, task_id, 100)
    task = db.session.get_one(Task, task_id)
    assert (task.state, task.done_at) == (TaskState.DONE, NOW)
    report(place, task_id, 80, text="验收发现扶手松动，退回返工")
    db.session.refresh(task)
    assert (task.state, task.done_at, task.progress) == (TaskState.DOING, None, 80)
    entry = db.session.scalars(
        select(JournalEntry)
        .where(JournalEntry.action == "matter.report_progress")
        .order_by(JournalEntry.sequence.desc())
    ).first()
    assert entry is not None
    assert entry.reason == "验收发现扶手松动，退回返工"
    assert (entry.payload["before"], entry.payload["after"]) == (100, 80)


def test_report_keeps_the_post_in_which_it_was_made(place: Place) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    report(place, task_id, 10)
    assert "station_head" in db.session.scalars(select(TaskReport.post)).one()


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.STATION_HEAD, Role.CLERK])
def test_committee_and_the_people_of_the_body_report(place: Place, role: Role) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    report(place, task_id, 10, role=role)
    assert db.session.scalars(select(TaskReport.progress)).all() == [10]


@pytest.mark.parametrize("role", [Role.PARTY, Role.SUPERVISOR])
def test_others_do_not_report(place: Place, role: Role) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    with pytest.raises(NotEligible):
        report(place, task_id, 10, role=role)


def test_report_keeps_a_photo_and_refuses_what_is_none(place: Place) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    services.report_progress(
        task_id=task_id,
        actor=place.actors[Role.STATION_HEAD],
        progress=50,
        text="模板已支好",
        photo=picture.getvalue(),
        photo_description="坡道模板",
        now=NOW,
    )
    assert db.session.scalars(select(Photo.description)).all() == ["坡道模板"]
    with pytest.raises(Invalid):
        services.report_progress(
            task_id=task_id,
            actor=place.actors[Role.STATION_HEAD],
            progress=60,
            text="进展",
            photo=b"<svg>",
            now=NOW,
        )
    assert db.session.get_one(Task, task_id).progress == 50


def test_matter_is_done_only_when_every_task_is(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    committee = place.actors[Role.COMMITTEE]
    with pytest.raises(Invalid) as none:
        services.report_done(matter_id=matter_id, actor=committee, text="完成", now=NOW)
    first = add_task(place, matter_id)
    add_task(place, matter_id)
    report(place, first, 100)
    with pytest.raises(Invalid) as some:
        services.report_done(matter_id=matter_id, actor=committee, text="完成", now=NOW)
    assert (none.value.reason, some.value.reason) == ("no_tasks", "tasks_open")
    finish(place, matter_id, now=NOW)
    assert stage_of(matter_id) is Stage.DONE


def test_report_that_a_matter_is_done_opens_a_round_of_grades(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    add_task(place, matter_id)
    finish(place, matter_id, now=NOW)
    grading = db.session.scalars(select(GradeRound)).one()
    assert (grading.number, grading.opened_at, grading.report) == (1, NOW, "坡道已建成")
    # matter.appraise: fifteen days, the last of them whole.
    assert grading.closes_at == day_ends(TODAY + timedelta(days=15))
    assert db.session.get_one(Matter, matter_id).due_at == grading.closes_at
