"""The pages of the hearing and the grading: what each visitor sees, and the way of a hall through them."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.appraisals.models import HearingQuestion, RaterGroup
from civicforum.appraisals.rules import CycleState, RaterBasis
from civicforum.database import db
from civicforum.meetings import services as meetings
from civicforum.people.models import Person
from tests.factories import make_account, sign_in
from tests.support.appraisal_results import start_rating
from tests.support.appraisals import cycle_of, make_town, posted_halfyear, subject_ids, three_groups
from tests.support.rating import HOUR, Hall, grade, hand_out, make_hall, open_hall, sign_box, station_of
from tests.support.statements import count_statements

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def hall(app: Flask, database: None) -> Hall:
    with app.app_context():
        return make_hall(representatives=6, present=3, hears=False)


@pytest.fixture
def supervisor(app: Flask, hall: Hall) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "supervisor")
    return client


@pytest.fixture
def clerk(app: Flask, hall: Hall) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "clerk")
    return client


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url, headers=ENGLISH)
    assert answer.status_code == status, answer.status_code
    return answer.text


def rating(hall: Hall) -> str:
    return f"/appraisals/{hall.cycle_id}/rating"


def subjects(app: Flask, hall: Hall) -> list[uuid.UUID]:
    with app.app_context():
        return subject_ids(hall.cycle_id)


def test_what_is_said_is_noted_down_read_by_everybody_and_put_into_the_minutes(
    app: Flask, hall: Hall, clerk: FlaskClient
) -> None:
    first, second, _third = subjects(app, hall)
    notes = [
        (f"/appraisals/rating/{first}/heard", {"text": "完成了三件实事。"}),
        (f"/appraisals/rating/{first}/question", {"question": "电梯何时修好？", "answer": "下月底前。"}),
        (f"/appraisals/rating/{second}/not-given", {"reason": "住院治疗"}),
    ]
    for url, data in notes:
        assert "<form" in text(clerk, url)
        answer = clerk.post(url, data=data)
        assert answer.status_code == 303
    page = text(app.test_client(), rating(hall))
    for words in ("完成了三件实事。", "电梯何时修好？", "下月底前。", "Reason: 住院治疗"):
        assert words in page
    assert "Passage for the minutes" not in page
    minutes = text(clerk, rating(hall))
    assert "刘建平（站长）：未到会口头述职，原因：住院治疗。不影响对其进行评议。" in minutes
    assert "陈伯龙（主任）：未提交书面述职报告，也未口头述职。不影响对其进行评议。" in minutes
    with app.app_context():
        asked = db.session.scalars(select(HearingQuestion)).one()
    assert "电梯何时修好？" in text(clerk, f"/appraisals/rating/questions/{asked.id}")


def test_an_empty_note_comes_back_with_its_error(app: Flask, hall: Hall, clerk: FlaskClient) -> None:
    url = f"/appraisals/rating/{subjects(app, hall)[0]}/question"
    answer = clerk.post(url, data={"question": "电梯何时修好？", "answer": " "}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Write down what was answered." in answer.text
    assert "电梯何时修好？" in answer.text


def test_too_few_present_are_told_with_sum_article_and_what_to_do(
    app: Flask, hall: Hall, supervisor: FlaskClient
) -> None:
    assert "3 &lt; 2/3 × 6 = 4" in text(supervisor, rating(hall))
    answer = supervisor.post(f"{rating(hall)}/open", data={"way": "screen"}, headers=ENGLISH)
    assert answer.status_code == 409
    assert "An appraisal needs at least two thirds of the representatives to be present" in answer.text
    with app.app_context():
        assert cycle_of(hall.cycle_id).state is CycleState.POSTED


def test_a_hall_from_the_first_form_to_the_count(
    app: Flask, hall: Hall, supervisor: FlaskClient, clerk: FlaskClient
) -> None:
    with app.app_context():
        town = hall.town
        meetings.tick_present(
            meeting_id=town.meeting_id, person_ids=town.representatives, actor=town.clerk, now=HOUR
        )
        make_account(db.session.get_one(Person, town.representatives[0]), login="rep")
    assert supervisor.post(f"{rating(hall)}/open", data={}).status_code == 422
    assert clerk.post(f"{rating(hall)}/open", data={"way": "paper"}).status_code == 403
    assert supervisor.post(f"{rating(hall)}/open", data={"way": "paper"}).status_code == 303
    voter = app.test_client()
    sign_in(voter, "rep")
    with app.app_context():
        poll_id = hall.poll.id
    assert f"/polls/{poll_id}" in text(voter, "/")
    ballot = text(voter, f"/polls/{poll_id}/ballot")
    for words in ("请您评议：林国安（书记）、刘建平（站长）、陈伯龙（主任）", "不记名", "基本称职"):
        assert words in ballot
    assert "Left off, because they are graded on this form" in text(voter, f"/polls/{poll_id}/roll")
    with app.app_context():
        whole = Hall(town, hall.cycle_id, town.representatives)
        opened_at = hall.poll.opened_at or HOUR
        for at in range(5):
            grade(poll_id, whole.voter(at), (0, 1, 2), now=opened_at)
        hand_out(whole, 5, now=opened_at)
    refused = supervisor.post(f"{rating(hall)}/end", headers=ENGLISH)
    assert refused.status_code == 409
    assert "5 forms are in on screen and 1 on paper" in refused.text
    assert "5 + 1; 1 &lt; 5" in refused.text
    with app.app_context():
        for at in range(5):
            hand_out(whole, at, now=opened_at)
    assert supervisor.post(f"{rating(hall)}/end").location == rating(hall)
    assert "Count the paper forms" in text(clerk, rating(hall))
    # A member of the committee, who is graded, reads no count of papers.
    graded = app.test_client()
    sign_in(graded, "director")
    with app.app_context():
        box = f"/polls/{poll_id}/stations/{station_of(poll_id).id}/differences"
    assert graded.get(box).status_code == 403
    assert graded.get(f"/polls/{poll_id}/paper").status_code == 403
    assert clerk.get(box).status_code == 200
    with app.app_context():
        sign_box(whole, [(0, 1, 2)] * 6)
    assert supervisor.post(f"{rating(hall)}/end").location == f"/appraisals/{hall.cycle_id}/results"
    assert "Count the grades" in text(supervisor, rating(hall))


def test_nobody_sees_a_figure_or_a_button_who_does_not_lead(app: Flask, hall: Hall) -> None:
    with app.app_context():
        meetings.tick_present(
            meeting_id=hall.town.meeting_id,
            person_ids=hall.town.representatives,
            actor=hall.town.clerk,
            now=HOUR,
        )
        open_hall(hall)
        for at in range(3):
            grade(hall.poll.id, hall.voter(at), (3, 3, 3))
    page = text(app.test_client(), rating(hall))
    assert "Nobody sees a figure before every group has finished." in page
    assert "forms on screen" not in page
    assert "End the grading" not in page


def test_whoever_is_graded_neither_notes_nor_leads(app: Flask, hall: Hall) -> None:
    with app.app_context():
        cycle = cycle_of(hall.cycle_id)
        cycle.subjects[1].person_id = hall.town.clerk.person_id
        db.session.commit()
    client = app.test_client()
    sign_in(client, "clerk")
    assert client.get(f"/appraisals/rating/{subjects(app, hall)[0]}/heard").status_code == 403
    assert "Report heard" not in text(client, rating(hall))


@pytest.fixture
def street(app: Flask, database: None) -> tuple[uuid.UUID, list[uuid.UUID]]:
    with app.app_context():
        town = make_town()
        cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
        start_rating(cycle_id, town)
        group_id = db.session.scalars(
            select(RaterGroup.id).where(RaterGroup.basis == RaterBasis.OUTSIDE)
        ).one()
        found = subject_ids(cycle_id)
    return group_id, found


def test_the_second_reads_a_sheet_without_seeing_the_first_and_both_see_where_they_differ(
    app: Flask, street: tuple[uuid.UUID, list[uuid.UUID]]
) -> None:
    group_id, found = street
    url = f"/appraisals/outside/{group_id}"
    first, second = app.test_client(), app.test_client()
    sign_in(first, "supervisor")
    sign_in(second, "clerk")
    sheet = {"forms": "73", **{f"{one}-{level}": "17" for one in found for level in range(4)}}
    assert first.post(url, data=sheet | {f"{found[0]}-0": "x"}, headers=ENGLISH).status_code == 422
    too_many = first.post(url, data=sheet | {f"{found[0]}-0": "37"}, headers=ENGLISH)
    assert "More grades than forms." in too_many.text
    assert first.post(url, data=sheet).status_code == 303
    for page in (text(second, url), text(second, f"{url}/compare"), text(first, f"{url}/compare")):
        assert not re.search(r"\b(17|73)\b", re.sub(r'"[^"]*"', "", page))
    assert second.post(url, data=sheet | {f"{found[0]}-1": "16"}).status_code == 303
    compared = text(first, f"{url}/compare")
    assert "The two readings differ in 1 number." in compared
    assert "≠ differs by 1" in compared
    assert second.post(url, data=sheet).status_code == 303
    assert "read every number alike" in text(first, f"{url}/compare")
    assert first.get(url).status_code == 409


def test_the_page_makes_as_many_statements_for_one_question_as_for_many(
    app: Flask, hall: Hall, clerk: FlaskClient
) -> None:
    first, second, third = subjects(app, hall)

    def ask(subject_id: uuid.UUID) -> None:
        data = {"question": "问", "answer": "答"}
        assert clerk.post(f"/appraisals/rating/{subject_id}/question", data=data).status_code == 303

    ask(first)
    with count_statements() as few:
        text(clerk, rating(hall))
    for one in (first, second, third) * 2:
        ask(one)
    with count_statements() as many:
        text(clerk, rating(hall))
    assert many.total == few.total
