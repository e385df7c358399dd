"""The pages up to the decision: the way through them, what they refuse, what they cost."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Comment, Matter, Second
from civicforum.matters.rules import Act, Stage
from civicforum.rulebook.days import day_of
from tests.factories import sign_in
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import (
    decided,
    declined,
    draft,
    photo_file,
    raised,
    seconded,
    stage_of,
    studied,
)
from tests.support.statements import count_statements

NOW = datetime.now(UTC)


@pytest.fixture
def place(app: Flask, database: None) -> Place:
    with app.app_context():
        return make_place(residents=8)


@pytest.fixture
def author(app: Flask, place: Place) -> FlaskClient:
    return browser(app, "resident0")


def browser(app: Flask, login: str | None = None) -> FlaskClient:
    client = app.test_client()
    if login:
        sign_in(client, login)
    client.get("/language/en")
    return client


def test_the_wizard_leads_from_the_first_sentence_to_the_receipt(app: Flask, author: FlaskClient) -> None:
    started = author.post("/matters/new", data={"title": "东侧路灯不亮"})
    assert started.status_code == 303
    matter_id = started.location.split("/")[2]
    # Nothing is alike, so the way leads on to the details.
    skipped = author.get(started.location)
    assert skipped.location == f"/matters/{matter_id}/draft/details"
    details = {"body": "三盏灯坏了。", "category": "facilities", "place": "6号楼东侧", "grid_id": ""}
    assert author.post(skipped.location, data=details).location == f"/matters/{matter_id}/draft/photos"
    chosen = {"photos": [(io.BytesIO(photo_file()), "a.jpg"), (io.BytesIO(photo_file()), "b.jpg")]}
    added = author.post(f"/matters/{matter_id}/draft/photos", data=chosen)
    assert added.location == f"/matters/{matter_id}/draft/photos"
    page = author.get(added.location).text
    fields = re.findall(r'name="(description-[0-9a-f-]+)"', page)
    assert len(fields) == 2
    described = author.post(added.location, data={fields[0]: "灯柱", fields[1]: ""})
    assert described.location == f"/matters/{matter_id}/draft/check"
    check = author.get(described.location).text
    assert "三盏灯坏了。" in check
    assert "灯柱" in check
    assert author.post(f"/matters/{matter_id}/publish").location == f"/matters/{matter_id}/receipt"
    receipt = author.get(f"/matters/{matter_id}/receipt").text
    with app.app_context():
        raised_at = db.session.get_one(Matter, uuid.UUID(matter_id)).raised_at
    assert raised_at is not None
    assert f"{day_of(raised_at).year}-0001" in receipt
    shown = browser(app).get(f"/matters/{matter_id}").text
    assert "东侧路灯不亮" in shown
    assert "灯柱" in shown


def test_a_refused_page_of_the_wizard_keeps_what_was_typed(
    app: Flask, place: Place, author: FlaskClient
) -> None:
    assert author.post("/matters/new", data={"title": " "}).status_code == 422
    with app.app_context():
        matter_id = draft(place.residents[0])
    answer = author.post(
        f"/matters/{matter_id}/draft/details",
        data={"body": "", "category": "parking", "place": "南门外", "grid_id": ""},
    )
    assert answer.status_code == 422
    assert 'value="南门外"' in answer.text
    assert "Describe what it is about." in answer.text


def test_a_file_that_is_no_photo_is_named_and_the_good_one_is_kept(
    app: Flask, place: Place, author: FlaskClient
) -> None:
    with app.app_context():
        matter_id = draft(place.residents[0])
    chosen = {"photos": [(io.BytesIO(photo_file()), "good.jpg"), (io.BytesIO(b"%PDF"), "bad.pdf")]}
    answer = author.post(f"/matters/{matter_id}/draft/photos", data=chosen)
    assert answer.status_code == 422
    assert "“bad.pdf”: This file is not a photo." in answer.text
    assert answer.text.count('name="remove"') == 1


def test_what_is_alike_is_shown_and_can_be_seconded_instead(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(place, title="小区东路路灯夜间不亮")
    other = browser(app, "resident1")
    started = other.post("/matters/new", data={"title": "东侧路灯不亮"})
    page = other.get(started.location).text
    assert "小区东路路灯夜间不亮" in page
    assert other.post(f"/matters/{matter_id}/second").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Second.person_id)).all() == [place.residents[1].person_id]


def test_a_draft_is_a_missing_page_for_everybody_else(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = draft(place.residents[0])
    for client in (browser(app), browser(app, "resident1"), browser(app, "committee")):
        assert client.get(f"/matters/{matter_id}").status_code == 404
    assert browser(app, "resident0").get(f"/matters/{matter_id}").status_code == 200


def test_a_matter_of_another_community_is_a_missing_page(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(make_place(suffix="x"))
    assert browser(app, "resident0").get(f"/matters/{matter_id}").status_code == 404


def test_pressing_twice_says_so_kindly_and_counts_once(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(place)
    client = browser(app, "resident1")
    client.post(f"/matters/{matter_id}/second")
    again = client.post(f"/matters/{matter_id}/second", follow_redirects=True)
    assert again.status_code == 200
    assert "You already second this matter." in again.text


def test_each_wrong_line_of_a_paper_list_stands_beside_the_field(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(place)
    answer = browser(app, "clerk").post(
        f"/matters/{matter_id}/paper-seconds", data={"lines": "查无此人甲\n查无此人乙"}
    )
    assert answer.status_code == 422
    assert "Line 1, “查无此人甲”" in answer.text
    assert "Line 2, “查无此人乙”" in answer.text
    assert "查无此人甲\n查无此人乙" in answer.text.replace("\r", "")


def test_a_refusal_without_a_ground_stays_on_the_review_page(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = studied(place)
    answer = browser(app, "committee").post(
        f"/matters/{matter_id}/decide", data={"act": "decline", "ground": "", "text": "没有经费"}
    )
    assert answer.status_code == 422
    assert "Choose the ground on which it is declined." in answer.text
    assert "没有经费" in answer.text


def test_a_review_goes_from_the_queue_to_the_public_page(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = seconded(place, now=NOW)
    party, committee = browser(app, "party"), browser(app, "committee")
    assert f"/matters/{matter_id}/review" in party.get("/matters/queue").text
    assert f"/matters/{matter_id}/review" not in committee.get("/matters/queue").text
    party.post(f"/matters/{matter_id}/study", data={"outcome": "remarks", "text": "请核实电费。"})
    assert f"/matters/{matter_id}/review" in committee.get("/matters/queue").text
    done = committee.post(
        f"/matters/{matter_id}/decide", data={"act": "accept", "ground": "", "text": "受理。"}
    )
    assert done.status_code == 303
    shown = browser(app).get(f"/matters/{matter_id}").text
    assert "请核实电费。" in shown
    assert "Accepted for deliberation" in shown


def test_the_demand_shows_its_sum(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = declined(place)
    page = browser(app, "resident1").get(f"/matters/{matter_id}").text
    assert "0 &lt; 1/10 × 13 = 1.3" in page
    assert "Demand that the assembly decides" in page


def test_a_hidden_comment_leaves_its_reason_and_is_read_by_its_author_alone(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(place)
        comment_id = services.add_comment(
            matter_id=matter_id, actor=place.residents[1], text="低价代办", parent_id=None, now=NOW
        )
    hidden = browser(app, "clerk").post(
        f"/matters/{matter_id}/comments/{comment_id}/hide", data={"reason": "advertising"}
    )
    assert hidden.location.endswith(f"/comments/{comment_id}")
    for login, sees in (("resident1", True), ("resident2", False), (None, False)):
        page = browser(app, login).get(f"/matters/{matter_id}").text
        assert "It advertises something" in page
        assert ("低价代办" in page) is sees


def test_an_empty_comment_is_refused_on_the_page_of_the_matter(app: Flask, place: Place) -> None:
    with app.app_context():
        matter_id = raised(place)
    answer = browser(app, "resident1").post(f"/matters/{matter_id}/comments", data={"text": " "})
    assert answer.status_code == 422
    assert "Write something first." in answer.text


def test_the_list_finds_by_number_by_words_and_by_part_of_the_title(app: Flask, place: Place) -> None:
    with app.app_context():
        raised(place, title="东侧路灯不亮", text="台阶看不清。")
        raised(place, title="电梯经常停运", text="12号楼的电梯。")
        number = db.session.scalars(select(Matter.number).where(Matter.title == "电梯经常停运")).one()
    client = browser(app)
    for words, found in ((number, "电梯经常停运"), ("台阶", "东侧路灯不亮"), ("常停", "电梯经常停运")):
        page = client.get("/matters", query_string={"q": words}).text
        assert found in page
        assert ("东侧路灯不亮" in page) is (found == "东侧路灯不亮")
    assert "Nothing found" in client.get("/matters?q=游泳池").text


@pytest.mark.parametrize(
    "query",
    ["group=nonsense", "category=nonsense", "grid=nonsense", "sort=nonsense", "page=nonsense", "q=%27%25%5F"],
)
def test_nonsense_in_the_address_is_passed_over(app: Flask, place: Place, query: str) -> None:
    assert browser(app).get(f"/matters?{query}").status_code == 200


def test_what_is_late_is_listed_publicly_without_anybody_pressing_a_button(app: Flask, place: Place) -> None:
    with app.app_context():
        seconded(place, now=NOW - timedelta(days=9))
        late = studied(place, now=NOW - timedelta(days=20))
        returned = decided(place, Act.RETURN, now=NOW - timedelta(days=60))
    page = browser(app).get("/matters/overdue").text
    assert f"/matters/{late}" in page
    # A returned matter waits for its author, who owes nothing to anybody.
    assert f"/matters/{returned}" not in page


def test_the_author_revises_a_returned_matter_on_the_same_pages(
    app: Flask, place: Place, author: FlaskClient
) -> None:
    with app.app_context():
        matter_id = decided(place, Act.RETURN, now=NOW)
    assert author.get(f"/matters/{matter_id}/draft/check").status_code == 200
    refused = author.post(f"/matters/{matter_id}/resubmit", data={"text": ""})
    assert refused.status_code == 422
    assert author.post(f"/matters/{matter_id}/resubmit", data={"text": "补充了位置"}).status_code == 303
    with app.app_context():
        assert stage_of(matter_id) is Stage.IN_REVIEW
    assert author.get(f"/matters/{matter_id}/draft/check").status_code == 409


@pytest.mark.parametrize("login", [None, "resident1", "committee"])
def test_a_page_costs_the_same_whatever_hangs_on_the_matter(
    app: Flask, place: Place, login: str | None
) -> None:
    with app.app_context():
        few, many = raised(place), declined(place)
        for matter_id, number in ((few, 1), (many, 60)):
            db.session.add_all(
                Comment(
                    community_id=place.community_id,
                    matter_id=matter_id,
                    author_id=place.residents[index % 8].person_id,
                    text=f"第{index}条",
                    at=NOW + timedelta(seconds=index),
                )
                for index in range(number)
            )
        db.session.commit()
    client = browser(app, login)
    for address in ("/matters", f"/matters/{few}", f"/matters/{many}", f"/matters/{many}?comments=3"):
        client.get(address)
        with count_statements() as counted:
            assert client.get(address).status_code == 200
        assert counted.total <= 42, (address, counted.total)


def test_ids_that_do_not_exist_are_missing_pages(app: Flask, place: Place) -> None:
    client, nobody = browser(app, "committee"), uuid.uuid4()
    for address in ("", "/review", "/merge", f"/comments/{nobody}"):
        assert client.get(f"/matters/{nobody}{address}").status_code == 404
