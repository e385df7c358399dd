"""The pages of the channel: what a reporter sends, the authority opens, everybody is told."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.reports import boxes, contents
from civicforum.reports.models import Report
from civicforum.sealed import from_base64, to_base64
from tests.factories import make_community, make_officer, sign_in
from tests.support.reports import (
    ADDRESS,
    NAME,
    PHONE,
    TOLD,
    Holder,
    days_ago,
    make_holder,
    picture,
    reply,
    send,
)

SLIP = re.compile(r'data-slot="(number|code)">([0-9A-Z-]+)<')
FILLED = {"kind": TOLD.kind.value, "text": TOLD.text, "where": TOLD.where, "contact": TOLD.contact}


@pytest.fixture
def holder(app: Flask, database: None) -> Holder:
    with app.app_context():
        return make_holder(make_community(), now=datetime.now(UTC))


@pytest.fixture
def visitor(app: Flask, client: FlaskClient, holder: Holder) -> FlaskClient:
    """Somebody who came in with the private key."""
    assert pass_test(client, holder).status_code == 303
    return client


def the_community() -> Community:
    return db.session.scalars(select(Community)).one()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(ticket|key|test)"[^>]*value="([^"]+)"', page))


def pass_test(client: FlaskClient, holder: Holder, *, secret: bytes | None = None) -> TestResponse:
    page = client.get(f"/reports/keys/{holder.key_id}/prove").text
    found = re.search(r'data-sealed="([\w-]+)"', page)
    assert found
    try:
        word = boxes.open_sealed(from_base64(found[1]), secret or holder.secret).decode()
    except boxes.NotOpened:
        word = "0" * 64
    return client.post(
        f"/reports/keys/{holder.key_id}/prove", data={"test": hidden(page)["test"], "answer": word}
    )


def post_report(client: FlaskClient, **changes: object) -> TestResponse:
    fields = hidden(client.get("/reports/new").text)
    return client.post("/reports/new", data={**fields, **FILLED, **changes})


def read(client: FlaskClient, number: str, code: str) -> TestResponse:
    return client.post("/reports/answer", data={"number": number, "code": code})


def stored(app: Flask, holder: Holder) -> contents.Content:
    with app.app_context():
        return contents.open_report(db.session.scalars(select(Report.sealed)).one(), secret=holder.secret)[0]


def test_nobody_signs_in_to_report_and_the_authority_alone_reads_it(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    sent = post_report(client, photos=[(io.BytesIO(picture(place=True)), "a.jpg")])
    assert sent.status_code == 201
    told = stored(app, holder)
    assert replace(told, photos=()) == TOLD
    (photo,) = told.photos
    assert not Image.open(io.BytesIO(photo)).getexif()


def test_the_slip_opens_the_answer_and_nothing_else_does(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    slip = dict(SLIP.findall(post_report(client).text))
    assert "还没有答复" in read(client, slip["number"], slip["code"]).text
    with app.app_context():
        report = db.session.scalars(select(Report)).one()
        sealed = contents.Sealed("", report.salt, report.reply, report.sealed)
        reply(holder, report.number, sealed, now=datetime.now(UTC), text="已受理，<b>正在</b>调查。")
    answer = read(client, slip["number"].lower(), slip["code"].replace("-", " ").lower())
    assert answer.status_code == 200
    assert "已受理，&lt;b&gt;正在&lt;/b&gt;调查。" in answer.text
    assert boxes.fingerprint(holder.public) in answer.text
    wrong = [(slip["number"], boxes.new_code()), ("0000-0000", slip["code"]), ("x", "y"), ("", "")]
    for number, code in wrong:
        refused = read(client, number, code)
        assert refused.status_code == 422
        assert "已受理" not in refused.text


def test_a_browser_gets_the_answer_sealed_and_the_code_stays_there(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    with app.app_context():
        number, sealed = send(holder, now=datetime.now(UTC))
    waiting = client.post("/reports/answer/sealed", data={"number": number})
    assert (waiting.status_code, waiting.json["answer"]) == (200, None)
    with app.app_context():
        reply(holder, number, sealed, now=datetime.now(UTC), text="已受理")
    got = client.post("/reports/answer/sealed", data={"number": number.lower()}).json
    public = from_base64(got["public"])
    assert public == holder.public
    assert (
        contents.read_answer(
            from_base64(got["answer"]), code=sealed.code, salt=from_base64(got["salt"]), authority=public
        )
        == "已受理"
    )
    assert client.post("/reports/answer/sealed", data={"number": "x"}).status_code == 404
    assert client.post("/reports/answer/sealed").status_code == 404


def test_a_refused_report_loses_nothing_not_even_its_photos(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    photos = [(io.BytesIO(picture("red")), "a.jpg"), (io.BytesIO(b"no photo"), "b.jpg")]
    refused = post_report(client, kind="", photos=photos)
    assert refused.status_code == 422
    for typed in (TOLD.text, TOLD.where, TOLD.contact, "b.jpg"):
        assert typed in refused.text
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)
    assert len(kept) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Report.id))) == 0
    more = [(io.BytesIO(picture("blue")), "c.jpg")]
    fields = hidden(refused.text)
    sent = client.post("/reports/new", data={**fields, **FILLED, "kept": kept, "photos": more})
    assert sent.status_code == 201
    assert len(stored(app, holder).photos) == 2


def test_a_photo_of_a_refused_form_can_be_left_out_and_none_is_smuggled_in(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    kept = [base64.b64encode(picture(colour)).decode() for colour in ("red", "blue")]
    sent = post_report(client, kept=kept, leave_out="0")
    assert sent.status_code == 201
    assert len(stored(app, holder).photos) == 1
    smuggled = post_report(client, kept=[base64.b64encode(b"<svg/>").decode()])
    assert smuggled.status_code == 422


def test_more_than_three_photos_are_said_to_be_too_many(client: FlaskClient, holder: Holder) -> None:
    photos = [(io.BytesIO(picture()), f"{number}.jpg") for number in range(4)]
    refused = post_report(client, photos=photos)
    assert refused.status_code == 422
    assert refused.text.count('name="kept"') == 3


def test_a_page_sent_again_is_kept_once_and_shows_no_second_code(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    fields = hidden(client.get("/reports/new").text)
    assert client.post("/reports/new", data={**fields, **FILLED}).status_code == 201
    again = client.post("/reports/new", data={**fields, **FILLED})
    assert again.status_code == 422
    assert not SLIP.findall(again.text)
    with app.app_context():
        assert db.session.scalar(select(func.count(Report.id))) == 1


def test_a_report_for_a_key_that_was_replaced_meanwhile_is_not_sealed_for_the_new_one_unseen(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    fields = hidden(client.get("/reports/new").text)
    with app.app_context():
        make_holder(the_community(), now=datetime.now(UTC))
    refused = client.post("/reports/new", data={**fields, **FILLED})
    assert refused.status_code == 422
    assert TOLD.text in refused.text


def test_what_a_browser_sealed_is_kept_as_it_came(app: Flask, client: FlaskClient, holder: Holder) -> None:
    fields = hidden(client.get("/reports/new").text)
    sealed = contents.seal_report(TOLD, holder.public)
    data = {**fields, "salt": to_base64(sealed.salt), "reply": to_base64(sealed.reply)}
    sent = client.post("/reports/sealed", data={**data, "sealed": (io.BytesIO(sealed.sealed), "sealed")})
    assert sent.status_code == 201
    assert set(sent.json) == {"number"}
    assert stored(app, holder) == TOLD


@pytest.mark.parametrize(
    "change", [{"ticket": "x"}, {"key": "x"}, {"salt": "!"}, {"reply": ""}, {"key": "0" * 32}]
)
def test_what_is_no_sealed_report_is_refused_in_words(
    client: FlaskClient, holder: Holder, change: dict[str, str]
) -> None:
    fields = hidden(client.get("/reports/new").text)
    sealed = contents.seal_report(TOLD, holder.public)
    data = {**fields, "salt": to_base64(sealed.salt), "reply": to_base64(sealed.reply), **change}
    refused = client.post("/reports/sealed", data={**data, "sealed": (io.BytesIO(sealed.sealed), "sealed")})
    assert refused.status_code == 422
    assert refused.json["message"]


def test_who_holds_no_key_gets_nothing(app: Flask, client: FlaskClient, holder: Holder) -> None:
    with app.app_context():
        number, _ = send(holder, now=datetime.now(UTC))
    paths = ("", "/all", f"/{number}", f"/{number}/sealed")
    assert pass_test(client, holder, secret=boxes.new_secret()).status_code == 422
    assert [client.get(f"/reports/inbox{path}").status_code for path in paths] == [403] * 4
    assert client.post(f"/reports/inbox/{number}", data={"sealed": "x"}).status_code == 403


def test_an_answer_to_a_test_works_once(app: Flask, client: FlaskClient, holder: Holder) -> None:
    address = f"/reports/keys/{holder.key_id}/prove"
    page = client.get(address).text
    found = re.search(r'data-sealed="([\w-]+)"', page)
    assert found
    word = boxes.open_sealed(from_base64(found[1]), holder.secret).decode()
    data = {"test": hidden(page)["test"], "answer": word}
    assert client.post(address, data=data).status_code == 303
    assert app.test_client().post(address, data=data).status_code == 422
    client.post("/reports/leave")
    assert client.get("/reports/inbox").status_code == 403
    assert client.post(address, data=data).status_code == 422


@pytest.mark.parametrize(("text", "answer"), [("", ""), ("a.b.c", "x"), ("1", "é")])
def test_a_test_made_up_is_refused(client: FlaskClient, holder: Holder, text: str, answer: str) -> None:
    address = f"/reports/keys/{holder.key_id}/prove"
    assert client.post(address, data={"test": text, "answer": answer}).status_code == 422


def test_the_authority_answers_once_and_the_list_says_so(
    app: Flask, visitor: FlaskClient, holder: Holder
) -> None:
    with app.app_context():
        number, sealed = send(holder, now=days_ago(40))
    assert "逾期" in visitor.get("/reports/inbox").text
    assert visitor.get(f"/reports/inbox/{number}/sealed").data == sealed.sealed
    assert visitor.post(f"/reports/inbox/{number}", data={"sealed": "AAAA"}).status_code == 422
    assert visitor.post(f"/reports/inbox/{number}", data={"sealed": ""}).status_code == 422
    answer = to_base64(contents.write_answer("已受理", reply=sealed.reply, secret=holder.secret))
    assert visitor.post(f"/reports/inbox/{number}", data={"sealed": answer}).status_code == 303
    assert visitor.post(f"/reports/inbox/{number}", data={"sealed": answer}).status_code == 303
    assert "逾期答复" in visitor.get("/reports/inbox").text
    lines = [json.loads(line) for line in visitor.get("/reports/inbox/all").text.splitlines()]
    assert lines[0]["fingerprint"] == boxes.fingerprint(holder.public)
    assert lines[1]["answered_on"] is not None


def test_everybody_reads_the_counts_and_red_says_what_is_late(
    app: Flask, client: FlaskClient, holder: Holder
) -> None:
    with app.app_context():
        send(holder, now=days_ago(40))
        send(holder, now=days_ago(2))
        send(holder, now=days_ago(0))
    page = client.get("/reports/").text
    assert re.findall(r'figures__value(?:--bad)?">(\d+)<', page) == ["2", "0", "0", "1", "1"]
    assert page.count("figures__value--bad") == 1
    assert "有 1 件举报没有按时答复" in page
    for words in (NAME, PHONE, ADDRESS, boxes.fingerprint(holder.public)):
        assert words in page


def test_staff_read_the_same_page_as_everybody(app: Flask, client: FlaskClient, holder: Holder) -> None:
    with app.app_context():
        number, _ = send(holder, now=days_ago(2))
        make_officer(the_community(), Role.COMMITTEE, login="director")
    everybody = client.get("/reports/").text
    sign_in(client, "director")
    page = client.get("/reports/").text
    main = re.compile(r"<main.*</main>", re.DOTALL)
    assert main.findall(page) == main.findall(everybody)
    assert number not in page
    assert client.get("/reports/inbox").status_code == 403


def test_without_a_proved_key_there_is_a_telephone_number_and_no_form(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        make_community()
    assert client.get("/reports/").status_code == 200
    assert client.get("/reports/new").status_code == 404
    with app.app_context():
        make_holder(the_community(), now=datetime.now(UTC), is_proved=False)
    page = client.get("/reports/").text
    assert PHONE in page
    assert "/reports/new" not in page
    assert client.get("/reports/new").status_code == 404


def test_an_administrator_enters_a_key_and_the_register_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_officer(make_community(), Role.ADMIN, login="admin")
    sign_in(client, "admin")
    given = {"authority": NAME, "phone": PHONE, "address": ADDRESS}
    public = boxes.public_of(boxes.new_secret())
    for wrong in ("", "zz", bytes(32).hex()):
        refused = client.post("/reports/keys/new", data={**given, "public": wrong})
        assert refused.status_code == 422
        assert PHONE in refused.text
    entered = client.post("/reports/keys/new", data={**given, "public": public.hex()})
    assert entered.status_code == 303
    page = client.get(entered.headers["Location"]).text
    assert boxes.fingerprint(public) in page
    assert NAME in client.get("/register?about=report_key").text
    assert client.get("/reports/keys/new").status_code == 200
    assert client.post("/reports/keys/new", data={**given, "public": "11" * 32}).status_code == 422
    replaced = client.post("/reports/keys/new", data={**given, "public": "11" * 32, "reason": "钥匙遗失"})
    assert replaced.status_code == 303
    assert boxes.fingerprint(public) in client.get("/reports/").text
