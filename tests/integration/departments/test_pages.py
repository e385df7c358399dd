"""Pages of departments: what a visitor reads, what is refused beside its field, and who is named nowhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.appraisals.models import AppraisalSubject, Cycle, Scale, SubjectResult
from civicforum.appraisals.rules import CycleKind, CycleState, SubjectKind
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments import services
from civicforum.departments.models import DepartmentOpinion
from civicforum.departments.rules import DepartmentKind
from civicforum.departments.services import Given
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from tests.factories import actor_of, make_community, make_officer, sign_in
from tests.support.statements import count_statements


@dataclass
class Box:
    department_id: uuid.UUID
    opinion_id: uuid.UUID


@pytest.fixture
def box(app: Flask, database: None) -> Box:
    """The water firm with an opinion of 周敏 that is a month old and has no reply."""
    then = datetime.now(UTC) - timedelta(days=30)
    with app.app_context():
        community = make_community()
        director = actor_of(make_officer(community, Role.COMMITTEE, login="director"), Role.COMMITTEE)
        resident = actor_of(make_officer(community, Role.RESIDENT, login="resident", name="周敏"))
        make_officer(community, Role.CLERK, login="clerk")
        given = Given(
            kind=DepartmentKind.PROVIDER,
            name="清源自来水公司",
            duty="供水和抢修。",
            phone="0312-5550196",
            since=date(2020, 1, 1),
        )
        department_id = services.add_department(given=given, actor=director, now=then)
        opinion_id = services.send_opinion(
            department_id=department_id, text="六楼上午没有水。", actor=resident, now=then
        )
        return Box(department_id, opinion_id)


def test_a_visitor_reads_opinion_and_clock_and_nobodys_name(client: FlaskClient, box: Box) -> None:
    listed = client.get("/departments").text
    assert "清源自来水公司" in listed
    assert "0312-5550196" in listed
    page = client.get(f"/departments/{box.department_id}").text
    assert "六楼上午没有水。" in page
    assert "opinion--overdue" in page
    for login in (None, "director", "clerk"):
        if login:
            sign_in(client, login)
        assert "周敏" not in client.get(f"/departments/{box.department_id}").text
    assert 'id="own"' not in page
    sign_in(client, "resident")
    assert 'id="own"' in client.get(f"/departments/{box.department_id}").text


def test_a_number_that_names_somebody_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, box: Box
) -> None:
    sign_in(client, "resident")
    address = f"/departments/{box.department_id}/opinions"
    refused = client.post(address, data={"text": "请打13812345678找我"})
    assert refused.status_code == 422
    assert "请打13812345678找我" in refused.text
    assert 'href="#text"' in refused.text
    assert client.post(address, data={"text": "管道漏水"}).status_code == 303


def test_the_committee_enters_a_reply_that_everybody_reads(client: FlaskClient, box: Box) -> None:
    sign_in(client, "director")
    page = f"/departments/{box.department_id}"
    assert f"/departments/opinions/{box.opinion_id}/reply" in client.get(page).text
    address = f"/departments/opinions/{box.opinion_id}/reply"
    empty = client.post(address, data={"text": " ", "replied_by": "客服部"})
    assert empty.status_code == 422
    assert "客服部" in empty.text
    sent = client.post(address, data={"text": "水压已恢复。", "replied_by": "客服部，来函"})
    assert sent.status_code == 303
    again = client.post(address, data={"text": "x", "replied_by": "y"})
    assert again.status_code == 303
    text = client.application.test_client().get(page).text
    assert "水压已恢复。" in text
    assert f"/departments/opinions/{box.opinion_id}/reply" not in text


def test_a_hidden_opinion_keeps_its_reason_and_its_author_still_reads_it(
    client: FlaskClient, box: Box
) -> None:
    sign_in(client, "director")
    hidden = client.post(f"/departments/opinions/{box.opinion_id}/hide", data={"reason": "有他人隐私"})
    assert hidden.status_code == 303
    page = client.get(f"/departments/{box.department_id}").text
    assert "有他人隐私" in page
    assert "六楼上午没有水。" not in page
    sign_in(client, "resident")
    assert "六楼上午没有水。" in client.get(f"/departments/{box.department_id}").text


def test_the_register_is_changed_on_its_page_and_a_wrong_day_stands_beside_its_field(
    client: FlaskClient, box: Box
) -> None:
    sign_in(client, "director")
    entry = {
        "kind": "police",
        "name": "松河派出所",
        "duty": "治安",
        "phone": "",
        "since": "2021-01-01",
        "until": "",
    }
    added = client.post("/departments/new", data=entry)
    assert added.status_code == 303
    address = f"{added.location}/change"
    assert 'value="松河派出所"' in client.get(address).text
    wrong = client.post(address, data={**entry, "until": "2020-12-31"})
    assert (wrong.status_code, 'href="#until"' in wrong.text) == (422, True)
    taken = client.post(address, data={**entry, "name": "清源自来水公司"})
    assert (taken.status_code, 'href="#name"' in taken.text) == (422, True)
    assert client.post(address, data={**entry, "until": "2021-12-31"}).status_code == 303
    assert 'id="write"' not in client.get(added.location).text


def test_a_page_asks_no_more_for_a_longer_list_of_opinions(app: Flask, client: FlaskClient, box: Box) -> None:
    sign_in(client, "resident")
    address = f"/departments/{box.department_id}"
    client.get(address)
    with app.app_context(), count_statements() as few:
        client.get(address)
    with app.app_context():
        first = db.session.scalars(select(DepartmentOpinion)).one()
        copied = {
            name: getattr(first, name)
            for name in ("community_id", "department_id", "author_id", "sent_at", "due_at", "text")
        }
        db.session.add_all([DepartmentOpinion(**copied, number=number) for number in range(2, 32)])
        db.session.commit()
    with app.app_context(), count_statements() as many:
        client.get(address)
    assert many.total == few.total


def appraise(app: Flask, box: Box, *, state: CycleState, title: str) -> None:
    """Have the department graded in an appraisal of this state."""
    now = datetime.now(UTC)
    is_certified = state is CycleState.CERTIFIED
    with app.app_context():
        opinion = db.session.get_one(DepartmentOpinion, box.opinion_id)
        community_id = opinion.community_id
        cycle = Cycle(
            community_id=community_id,
            kind=CycleKind.PROVIDERS,
            title=title,
            period_from=day_of(now),
            period_until=day_of(now),
            state=CycleState.COUNTED if is_certified else state,
            least=5,
            rank_least=10,
            held_on=day_of(now),
            profile="national-2026",
            profile_version="x",
            made_by_id=opinion.author_id,
            made_at=now,
            posted_at=now if state is not CycleState.DRAFT else None,
        )
        scale = Scale(
            community_id=community_id,
            cycle=cycle,
            position=1,
            title="等次",
            levels=["满意", "不满意"],
            points=["100", "0"],
            poor_from=1,
        )
        subject = AppraisalSubject(
            community_id=community_id,
            cycle=cycle,
            scale=scale,
            position=1,
            kind=SubjectKind.PROVIDER,
            name="清源自来水公司",
            department_id=box.department_id,
        )
        db.session.add_all([cycle, scale, subject])
        db.session.flush()
        db.session.add(
            SubjectResult(
                community_id=community_id, subject_id=subject.id, figures={}, raters=40, grade="满意"
            )
        )
        db.session.flush()
        if is_certified:
            cycle.state, cycle.certified_at, cycle.result_hash = state, now, "x" * 64
        db.session.commit()


def test_a_page_lists_posted_appraisals_with_the_certified_grade_alone(
    app: Flask, client: FlaskClient, box: Box
) -> None:
    appraise(app, box, state=CycleState.DRAFT, title="草拟中的评议")
    appraise(app, box, state=CycleState.COUNTED, title="刚计完的评议")
    page = client.get(f"/departments/{box.department_id}").text
    assert "刚计完的评议" in page
    assert "草拟中的评议" not in page
    assert "满意" not in page
    appraise(app, box, state=CycleState.CERTIFIED, title="已确认的评议")
    assert "满意" in client.get(f"/departments/{box.department_id}").text


def test_whoever_leads_appraisals_is_led_from_the_opinions_to_criticism(
    app: Flask, client: FlaskClient, box: Box
) -> None:
    appraise(app, box, state=CycleState.COUNTED, title="服务单位评议")
    with app.app_context():
        community = db.session.scalars(select(Community)).one()
        make_officer(community, Role.SUPERVISOR, login="supervisor")
    address = f"/departments/{box.department_id}"
    assert "criticisms/new" not in client.get(address).text
    sign_in(client, "supervisor")
    assert "criticisms/new" in client.get(address).text
