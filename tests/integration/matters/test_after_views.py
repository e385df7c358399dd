"""The pages from the decision on: what they say, what they refuse with which words, and what they cost."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Grade, Matter, Query, Task
from civicforum.matters.queries import list_needs
from civicforum.matters.queries.after import get_after
from civicforum.matters.rules import FindingKind, GradeLevel, Stage
from civicforum.rulebook.days import day_of
from tests.factories import sign_in
from tests.integration.matters.carrying import (
    DAY,
    Place,
    add_task,
    grade,
    make_done,
    make_matter_at,
    make_place,
)
from tests.support.statements import count_statements

NOW = datetime.now(UTC)
TODAY = day_of(NOW)


@pytest.fixture
def place(app: Flask, database: None) -> Place:
    with app.app_context():
        return make_place(residents=6)


def at(app: Flask, place: Place, stage: Stage) -> uuid.UUID:
    with app.app_context():
        return make_matter_at(place, stage)


def task_form(place: Place, **changes: str) -> dict[str, str]:
    return {
        "title": "确定施工单位",
        "responsible": f"{place.station_id}:{place.actors[Role.STATION_HEAD].person_id}",
        "standard": "合同已公示",
        "money": "12,000.50",
        "money_source": "社区服务资金",
        # Not today: that day has passed when midnight comes between the start of the run and the page.
        "starts_on": (TODAY + DAY).isoformat(),
        "due_on": (TODAY + 10 * DAY).isoformat(),
        **changes,
    }


def test_committee_adds_a_task(app: Flask, client: FlaskClient, place: Place) -> None:
    matter_id = at(app, place, Stage.DECIDED)
    sign_in(client, "committee")
    assert client.get(f"/matters/{matter_id}/tasks/new").status_code == 200
    answer = client.post(f"/matters/{matter_id}/tasks/new", data=task_form(place))
    assert answer.status_code == 303
    with app.app_context():
        task = db.session.scalars(select(Task)).one()
        assert (task.money_cents, task.owner_id) == (1_200_050, place.actors[Role.STATION_HEAD].person_id)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "Say what has to be done."),
        ({"responsible": ""}, "Choose who is responsible."),
        ({"standard": ""}, "Say how residents can tell that it is done."),
        ({"money": "plenty"}, "Enter an amount in yuan"),
        ({"money_source": ""}, "Say where the money comes from."),
        ({"starts_on": "2020-01-01"}, "This day has passed."),
        ({"due_on": TODAY.isoformat()}, "A task cannot be due before it starts."),
        ({"due_on": "soon"}, "Enter the day as year, month and day"),
    ],
)
def test_task_that_is_refused_says_why_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, place: Place, changes: dict[str, str], words: str
) -> None:
    matter_id = at(app, place, Stage.DECIDED)
    sign_in(client, "committee")
    answer = client.post(
        f"/matters/{matter_id}/tasks/new", data=task_form(place, **changes), headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    # Beside the field, and in the summary on top.
    assert answer.text.count(words) == 2
    assert "合同已公示" in answer.text or "standard" in changes
    with app.app_context():
        assert db.session.scalars(select(Task)).first() is None


@pytest.mark.parametrize(("progress", "text"), [("101", "进展"), ("很多", "进展"), ("50", ""), ("", "进展")])
def test_report_that_is_refused_is_shown_again(
    app: Flask, client: FlaskClient, place: Place, progress: str, text: str
) -> None:
    with app.app_context():
        task_id = add_task(place, make_matter_at(place, Stage.DECIDED), now=NOW)
    sign_in(client, "station_head")
    url = f"/matters/tasks/{task_id}/report"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"progress": progress, "text": text}).status_code == 422
    assert client.post(url, data={"progress": "50", "text": "进展"}).status_code == 303


def test_matter_with_an_open_task_is_not_reported_done(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        matter_id = make_matter_at(place, Stage.DECIDED)
        add_task(place, matter_id, now=NOW)
    sign_in(client, "committee")
    answer = client.post(
        f"/matters/{matter_id}/done", data={"text": "完成"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert "Not every task is done." in answer.text


def test_supervisor_files_a_finding_and_sees_the_list(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        matter_id = make_matter_at(place, Stage.DECIDED)
        task_id = add_task(place, matter_id, now=NOW)
    sign_in(client, "supervisor")
    url = f"/matters/{matter_id}/findings/new"
    assert client.get(f"{url}?task={task_id}").status_code == 200
    assert client.post(url, data={"kind": "problem", "text": "", "task_id": ""}).status_code == 422
    assert client.post(url, data={"kind": "", "text": "缺少票据", "task_id": ""}).status_code == 422
    answer = client.post(url, data={"kind": "problem", "text": "缺少票据", "task_id": str(task_id)})
    assert answer.status_code == 303
    for watch in ("all", "late", "unanswered", "problems", "unchecked"):
        assert client.get(f"/matters/supervision?show={watch}").status_code == 200
    assert client.get("/matters/supervision?show=everything").status_code == 404


def test_finding_has_no_address_to_change_or_remove_it(app: Flask) -> None:
    findings = [rule for rule in app.url_map.iter_rules() if "finding" in rule.rule]
    changing = {rule.rule for rule in findings if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}
    assert changing == {
        "/matters/<uuid:matter_id>/findings/new",
        "/supervision/findings/new/<kind>/<uuid:subject_id>",
    }


def test_query_and_answer_are_public_with_name_and_post(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    matter_id = at(app, place, Stage.CARRYING_OUT)
    sign_in(client, "resident1")
    assert client.get(f"/matters/{matter_id}/ask").status_code == 200
    assert client.post(f"/matters/{matter_id}/ask", data={"text": "  "}).status_code == 422
    assert client.post(f"/matters/{matter_id}/ask", data={"text": "何时完工？"}).status_code == 303
    # The same again is no error, and not a second query.
    assert client.post(f"/matters/{matter_id}/ask", data={"text": "何时完工？"}).status_code == 303
    with app.app_context():
        query_id = db.session.scalars(select(Query.id)).one()
    sign_in(client, "station_head")
    assert client.get(f"/matters/queries/{query_id}/answer").status_code == 200
    assert client.post(f"/matters/queries/{query_id}/answer", data={"text": ""}).status_code == 422
    assert client.post(f"/matters/queries/{query_id}/answer", data={"text": "三月底"}).status_code == 303
    assert client.post(f"/matters/queries/{query_id}/answer", data={"text": "四月"}).status_code == 409
    page = app.test_client().get(f"/matters/{matter_id}/queries").text
    assert "何时完工？" in page
    assert "三月底" in page
    assert "station_head" in page


def test_overdue_is_public_before_any_sweep(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        matter_id = make_matter_at(place, Stage.CARRYING_OUT)
        services.ask(matter_id=matter_id, actor=place.residents[1], text="何时完工？", now=NOW - 30 * DAY)
        late = make_matter_at(place, Stage.DECIDED)
        add_task(place, late, now=NOW - 30 * DAY)
    english = {"Accept-Language": "en"}
    assert "exchange--overdue" in client.get(f"/matters/{matter_id}/queries", headers=english).text
    assert "task--late" in client.get(f"/matters/{late}", headers=english).text


def test_resident_grades_and_changes_the_grade(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        matter_id = make_done(place, now=NOW)
    sign_in(client, "resident0")
    url, english = f"/matters/{matter_id}/grade", {"Accept-Language": "en"}
    assert "keeps your grade together with your name" in client.get(url, headers=english).text
    assert client.post(url, data={"level": ""}).status_code == 422
    assert client.post(url, data={"level": "excellent"}).status_code == 422
    assert client.post(url, data={"level": "satisfied", "comment": "x" * 501}).status_code == 422
    assert client.post(url, data={"level": "satisfied"}).status_code == 303
    assert client.post(url, data={"level": "dissatisfied"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Grade.level)).all() == [GradeLevel.DISSATISFIED]


def test_round_that_is_over_takes_no_grade(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        matter_id = make_done(place, now=NOW - 30 * DAY)
    sign_in(client, "resident0")
    assert client.get(f"/matters/{matter_id}/grade").status_code == 409
    assert client.post(f"/matters/{matter_id}/grade", data={"level": "satisfied"}).status_code == 409


def test_committee_closes_and_the_page_shows_the_result(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    started = NOW - 30 * DAY
    with app.app_context():
        matter_id = make_done(place, now=started)
        grade(place.residents, matter_id, GradeLevel.SATISFIED, now=started)
        services.sweep_clocks(now=NOW)
    sign_in(client, "committee")
    assert client.get(f"/matters/{matter_id}/close").status_code == 200
    assert client.post(f"/matters/{matter_id}/close", data={"text": ""}).status_code == 422
    assert client.post(f"/matters/{matter_id}/close", data={"text": "坡道投入使用"}).status_code == 303
    page = client.get(f"/matters/{matter_id}").text
    assert "坡道投入使用" in page
    assert "0 ≤ 1/3 × 6" in page


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/matters/{id}/tasks/new", 404),
        ("/matters/{id}/close", 404),
        ("/matters/{id}/grade", 404),
        ("/matters/{id}/queries", 404),
        ("/matters/tasks/{id}/report", 404),
        ("/matters/queries/{id}/answer", 404),
    ],
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, place: Place, url: str, status: int) -> None:
    sign_in(client, "committee")
    assert client.get(url.format(id=uuid.uuid4())).status_code == status


def test_visitor_is_asked_to_sign_in_before_asking(app: Flask, client: FlaskClient, place: Place) -> None:
    matter_id = at(app, place, Stage.CARRYING_OUT)
    answer = client.get(f"/matters/{matter_id}/ask")
    assert answer.status_code == 302
    assert "sign-in" in answer.headers["Location"]


def fill(place: Place, matter_id: uuid.UUID, number: int) -> None:
    """Hang as many tasks with reports, findings and queries on a matter."""
    for index in range(number):
        task_id = add_task(place, matter_id, now=NOW)
        services.report_progress(
            task_id=task_id, actor=place.actors[Role.STATION_HEAD], progress=index, text="进展", now=NOW
        )
        services.file_finding(
            matter_id=matter_id,
            actor=place.actors[Role.SUPERVISOR],
            kind=FindingKind.REMARK,
            text="提醒",
            task_id=task_id,
            now=NOW,
        )
        services.ask(matter_id=matter_id, actor=place.residents[index % 6], text=f"问{index}", now=NOW)


def test_statements_of_a_page_do_not_grow_with_what_hangs_on_a_matter(session: Session) -> None:
    place = make_place(residents=6)
    costs = []
    for number in (1, 9):
        matter_id = make_matter_at(place, Stage.DECIDED)
        fill(place, matter_id, number)
        session.expunge_all()
        with count_statements() as sent:
            after = get_after(
                session,
                matter=session.get_one(Matter, matter_id),
                actor=place.actors[Role.COMMITTEE],
                now=NOW,
            )
            for line in after.tasks:
                assert line.task.body.name
                assert all(entry.report.person.name for entry in line.reports)
            assert all(line.query.author.name for line in after.queries.items)
            assert all(finding.person.name for finding in after.findings)
        costs.append(sent.total)
    assert costs[0] == costs[1] <= 11


def needs(session: Session, actor: Actor, now: datetime = NOW) -> list[str]:
    with count_statements() as sent:
        found = list_needs(session, actor, now)
    assert sent.total <= 9
    return sorted(need.kind.value for need in found)


def test_home_tells_residents_what_to_grade_and_that_an_answer_came(session: Session) -> None:
    place = make_place(residents=3)
    done = make_done(place, now=NOW)
    grade(place.residents[:1], done, GradeLevel.SATISFIED, now=NOW)
    query_id = services.ask(matter_id=done, actor=place.residents[2], text="谁出钱？", now=NOW)
    services.answer(query_id=query_id, actor=place.actors[Role.PARTY], text="社区服务资金", now=NOW)
    assert needs(session, place.residents[0]) == []
    assert needs(session, place.residents[1]) == ["grade"]
    assert needs(session, place.residents[2]) == ["grade", "read_answer"]
    # The round is over, and the answer has been shown for its fourteen days.
    assert needs(session, place.residents[2], NOW + 16 * DAY) == []


def test_home_tells_each_office_what_waits_for_it(session: Session) -> None:
    place = make_place()
    make_matter_at(place, Stage.DECIDED)
    make_matter_at(place, Stage.APPRAISED)
    working = make_matter_at(place, Stage.DECIDED)
    task_id = add_task(place, working, now=NOW)
    services.ask(matter_id=working, actor=place.residents[2], text="何时完工？", now=NOW)
    committee = place.actors[Role.COMMITTEE]
    assert needs(session, committee) == ["answer", "close", "plan_tasks"]
    assert needs(session, place.actors[Role.STATION_HEAD]) == ["answer", "report"]
    assert needs(session, place.actors[Role.PARTY]) == ["answer"]
    services.report_progress(task_id=task_id, actor=committee, progress=100, text="完成", now=NOW)
    assert needs(session, committee) == ["answer", "close", "plan_tasks", "report"]


def test_home_tells_the_supervision_committee_of_a_late_task_until_it_has_filed_something(
    session: Session,
) -> None:
    place = make_place()
    matter_id = make_matter_at(place, Stage.DECIDED)
    add_task(place, matter_id, now=NOW)
    supervisor = place.actors[Role.SUPERVISOR]
    assert needs(session, supervisor) == []
    assert needs(session, supervisor, NOW + 11 * DAY) == ["watch"]
    services.sweep_clocks(now=NOW + 11 * DAY)
    services.file_finding(
        matter_id=matter_id, actor=supervisor, kind=FindingKind.PROBLEM, text="已逾期", now=NOW + 12 * DAY
    )
    assert needs(session, supervisor, NOW + 12 * DAY) == []
