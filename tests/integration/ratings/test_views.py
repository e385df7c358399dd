"""The pages of service ratings: on one screen without an account, at the counter, for those who answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.database import db
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.rules import ServiceClass
from civicforum.ratings.services import station as services
from civicforum.ratings.services.publications import sweep_night
from tests.factories import sign_in
from tests.integration.ratings.scenes import (
    BAD,
    GOOD,
    Station,
    id_of,
    make_station,
    print_slips,
    rate,
    rate_all,
)
from tests.support.statements import count_statements

NOW = datetime.now(UTC)
NUMBER = re.compile(r'name="number"[^>]*value="([0-9A-Z]{12})"')
SHOWN = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})")
PRINTED = re.compile(r'rating-slip__code">([0-9A-Z]{4}-[0-9A-Z]{4})<')


@pytest.fixture
def place(app: Flask, client: FlaskClient) -> Station:
    client.get("/language/en")
    with app.app_context():
        return make_station()


def printed(app: Flask, place: Station) -> list[str]:
    with app.app_context():
        return print_slips(place, now=NOW)


def test_a_slip_opens_one_screen_and_a_number_leads_to_the_answer(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    code, *_ = printed(app, place)
    typed = f"{code[:4].lower()} {code[4:]}"
    led = client.post("/service/code", data={"code": typed})
    assert led.headers["Location"] == f"/service/rate/{code}"
    page = client.get(led.headers["Location"]).text
    assert page.count('type="radio"') == 5
    assert page.count("<h1") == 1
    number = NUMBER.search(page)
    assert number
    sent = client.post(
        f"/service/rate/{code}", data={"level": BAD.value, "number": number[1], "phone": "0311-5550101"}
    )
    assert sent.status_code == 201
    shown = SHOWN.search(sent.text)
    assert shown
    again = client.post(f"/service/rate/{code}", data={"level": GOOD.value, "number": number[1]})
    assert (again.status_code, shown[1] in again.text) == (200, True)
    with app.app_context():
        kept = db.session.scalars(select(ServiceRating)).one()
        assert (kept.level, kept.is_named_bad) == (BAD, True)
    found = client.post("/service/mine", data={"number": shown[1].lower()})
    assert found.status_code == 200
    assert "We have your rating." in found.text
    # Whoever reads over a shoulder learns neither grade nor telephone.
    assert "issatisfied" not in found.text
    assert "5550101" not in found.text


def test_a_form_without_a_level_keeps_what_was_typed(app: Flask, client: FlaskClient, place: Station) -> None:
    code, *_ = printed(app, place)
    answer = client.post(f"/service/rate/{code}", data={"comment": "等了很久", "name": "王秀英"})
    assert answer.status_code == 422
    assert "Choose one of the five faces." in answer.text
    assert "等了很久" in answer.text
    assert "王秀英" in answer.text


@pytest.mark.parametrize("code", ["00000000", "KKKK-KKKK", "short", "UUUUUUUU"])
def test_an_unknown_code_says_what_to_do(client: FlaskClient, place: Station, code: str) -> None:
    answer = client.get(f"/service/rate/{code}")
    assert answer.status_code == 404
    assert "No slip has this code" in answer.text


def test_a_used_slip_and_an_old_one_say_what_to_do(app: Flask, client: FlaskClient, place: Station) -> None:
    code, *_ = printed(app, place)
    with app.app_context():
        rate(code, now=NOW)
        old, *_ = print_slips(place, now=NOW - timedelta(days=100), until=(NOW - timedelta(days=40)).date())
    used = client.get(f"/service/rate/{code}")
    assert (used.status_code, "Thank you" in used.text) == (200, True)
    expired = client.get(f"/service/rate/{old}")
    assert (expired.status_code, "This slip is too old" in expired.text) == (410, True)


def test_the_counter_prints_24_slips_once_and_withdraws_them(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    sign_in(client, "clerk")
    until = (NOW + timedelta(days=30)).date()
    data = {"term": str(place.clerk_term), "counter": "一号窗口", "valid_until": until.isoformat()}
    answer = client.post("/service/slips", data=data)
    assert answer.status_code == 201
    codes = PRINTED.findall(answer.text)
    assert len(set(codes)) == 24
    assert answer.text.count("<svg") >= 24
    assert answer.headers["Cache-Control"] == "no-store"
    listed = client.get("/service/slips").text
    assert codes[0] not in listed
    sheet = re.search(r"/service/slips/([0-9a-f-]{36})/withdraw", listed)
    assert sheet
    assert client.post(sheet[0], data={"reason": ""}).status_code == 422
    assert client.post(sheet[0], data={"reason": "丢失"}).status_code == 303
    assert client.get(f"/service/rate/{codes[0]}").status_code == 410
    late = client.post("/service/slips", data=data | {"valid_until": "2020-01-01"})
    assert (late.status_code, "choose a later one" in late.text) == (422, True)


def test_the_stations_page_tells_what_everybody_may_know(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    assert "No ratings are published yet" in client.get("/service/").text
    sign_in(client, "head")
    card = {"phone": "0311-5550188", "address": "松河路1号", "hours": "9–17"}
    assert client.post("/service/card", data=card).status_code == 303
    added = client.post("/service/items", data={"service_class": "social_security", "name": "低保初审"})
    assert added.status_code == 303
    twice = client.post("/service/items", data={"service_class": "social_security", "name": "低保初审"})
    assert (twice.status_code, "on the list already" in twice.text) == (422, True)
    codes = printed(app, place)
    with app.app_context():
        rate_all(codes, [GOOD] * 5 + [BAD], now=NOW - timedelta(days=40))
        sweep_night(now=NOW)
    client.post("/sign-out")
    page = client.get("/service/").text
    assert page.count("<h1") == 1
    for words in ("0311-5550188", "低保初审", "保障组", "丁淑兰", "83.3"):
        assert words in page


def test_a_bad_grade_is_called_answered_disputed_and_ruled_on(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    codes = printed(app, place)
    with app.app_context():
        number = rate(codes[0], BAD, name="王秀英", phone="0311-5550101", now=NOW)
        rating_id = id_of(number)
    url = f"/service/grades/{rating_id}"
    sign_in(client, "head")
    assert "Call somebody who was not satisfied" in client.get("/").text
    listed = client.get("/service/grades").text
    assert "一号窗口" in listed
    page = client.get(url).text
    assert "0311-5550101" in page
    # The number is the rater's alone: whoever asks with it what became of a rating is not told by it.
    assert number not in listed + page
    short = client.post(f"{url}/contact", data={"note": "已致电"})
    assert (short.status_code, "say by which day" in short.text) == (422, True)
    far = client.post(f"{url}/contact", data={"note": "已致电", "mended_by": "2099-01-01"})
    assert (far.status_code, "2099-01-01 &gt;" in far.text) == (422, True)
    done = {"note": "已致电", "about": "等候时间长", "answer": "增开窗口"}
    assert client.post(f"{url}/contact", data=done).status_code == 303
    assert client.post(f"{url}/contact", data=done).status_code == 303
    assert client.post(f"{url}/dispute", data={"reason": "点错了"}).status_code == 303
    assert client.post(f"{url}/rule", data={"ruling": "stands", "text": "属实"}).status_code == 403
    sign_in(client, "supervisor")
    assert client.post(f"{url}/rule", data={"ruling": "stands", "text": "属实"}).status_code == 303
    assert client.post(f"{url}/call-back", data={"is_content": "yes"}).status_code == 303
    assert "0311-5550101" not in client.get(url).text


def test_whoever_served_reaches_neither_grade_nor_name(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    with app.app_context():
        codes = print_slips(place, term_id=place.head_term, now=NOW)
        rating_id = id_of(rate(codes[0], BAD, name="王秀英", now=NOW))
    sign_in(client, "head")
    assert client.get(f"/service/grades/{rating_id}").status_code == 403
    assert "王秀英" not in client.get("/service/grades").text
    assert "Call somebody" not in client.get("/").text
    sign_in(client, "clerk")
    assert client.get("/service/grades").status_code == 403


def test_the_stations_page_costs_the_same_with_more_on_it(
    app: Flask, client: FlaskClient, place: Station
) -> None:
    codes = printed(app, place)
    with app.app_context():
        rate_all(codes, [GOOD] * 6, now=NOW - timedelta(days=40))
        sweep_night(now=NOW)
    with count_statements() as before:
        client.get("/service/")
    with app.app_context():
        for name in ("低保初审", "门牌变更", "老年证"):
            services.add_item(
                service_class=ServiceClass.PUBLIC_SERVICE, name=name, actor=place.clerk, now=NOW
            )
        rate_all(codes[6:], [GOOD] * 9, now=NOW - timedelta(days=40))
        sweep_night(now=NOW + timedelta(days=31))
    with count_statements() as after:
        client.get("/service/")
    assert after.total <= before.total
