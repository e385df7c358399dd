"""Pages of moderation: who reads what, what is never shown, and what a refused request gives back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum import create_app
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.moderation import services
from civicforum.moderation.rules import Kind, Outcome, Reason
from civicforum.security import limiter
from tests.factories import make_officer, sign_in
from tests.support.moderation import (
    DISGUISED,
    SAID,
    WORD,
    Place,
    add_all,
    add_comment,
    add_matter,
    get_held,
    hide,
    hold_comment,
    leave_work,
    list_word,
    make_place,
)
from tests.support.statements import count_statements


@dataclass
class Scene:
    place: Place
    ids: dict[Kind, uuid.UUID]
    decision_id: uuid.UUID


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def place(app: Flask, database: None) -> Place:
    with app.app_context():
        return make_place()


@pytest.fixture
def scene(app: Flask, place: Place, now: datetime) -> Scene:
    """A hidden matter and a hidden comment on it, of which the author has heard."""
    with app.app_context():
        matter_id = add_matter(place, now=now)
        comment_id = add_comment(place, matter_id, text="这是骂人的话", now=now)
        decision_id = hide(place, Kind.COMMENT, comment_id, now=now)
        return Scene(place, {Kind.MATTER: matter_id, Kind.COMMENT: comment_id}, decision_id)


def test_in_the_place_of_a_hidden_text_stand_who_when_why_and_the_appeal(
    app: Flask, client: FlaskClient, scene: Scene, now: datetime
) -> None:
    address = f"/matters/{scene.ids[Kind.MATTER]}"
    page = client.get(address).text
    assert "这是骂人的话" not in page
    for said in ("何办事", "侮辱或人身攻击", "尚无申诉"):
        assert said in page
    with app.app_context():
        services.appeal(decision_id=scene.decision_id, text="说的是事实", actor=scene.place.author, now=now)
    assert "等待居务监督委员会裁决" in client.get(address).text
    shown = client.get(f"/moderation/decisions/{scene.decision_id}").text
    assert "何办事" in shown
    assert "这是骂人的话" not in shown
    assert "周写手" not in shown


@pytest.mark.parametrize(("login", "reads"), [("author", True), ("supervisor", True), ("reporter", False)])
def test_the_author_and_the_supervision_committee_still_read_a_hidden_text(
    client: FlaskClient, scene: Scene, login: str, reads: bool
) -> None:
    sign_in(client, login)
    assert ("这是骂人的话" in client.get(f"/moderation/decisions/{scene.decision_id}").text) is reads


def test_a_hidden_matter_shows_its_words_nowhere(
    app: Flask, client: FlaskClient, scene: Scene, now: datetime
) -> None:
    matter_id = scene.ids[Kind.MATTER]
    with app.app_context():
        decision_id = hide(scene.place, Kind.MATTER, matter_id, now=now)
    sign_in(client, "reporter")
    for address in (
        f"/matters/{matter_id}",
        "/matters",
        "/matters?q=电梯常坏",
        "/",
        "/register",
        f"/moderation/decisions/{decision_id}",
    ):
        page = client.get(address, follow_redirects=True)
        assert SAID not in page.text, address
        assert "电梯常坏" not in page.text.replace('value="电梯常坏"', ""), address


def test_a_report_page_says_who_is_never_told_and_links_back(client: FlaskClient, scene: Scene) -> None:
    address = f"/moderation/report/matter/{scene.ids[Kind.MATTER]}"
    sign_in(client, "reporter")
    assert address in client.get(f"/matters/{scene.ids[Kind.MATTER]}").text
    assert client.get(address).status_code == 200
    assert client.post(address, data={"reason": "", "note": "看看"}).status_code == 422
    assert client.post(address, data={"reason": "unlawful", "note": ""}).status_code == 303
    assert client.get("/moderation/report/nothing/" + str(uuid.uuid4())).status_code == 404
    sign_in(client, "author")
    assert client.get(address).status_code == 403


def test_the_pages_to_report_and_to_hide_repeat_no_words_that_are_not_to_be_read(
    app: Flask, client: FlaskClient, scene: Scene, now: datetime
) -> None:
    with app.app_context():
        ids = add_all(scene.place, text="尚未公开的话")
    hidden, waiting = f"comment/{scene.ids[Kind.COMMENT]}", f"draft_comment/{ids[Kind.DRAFT_COMMENT]}"
    sign_in(client, "reporter")
    assert client.get(f"/moderation/report/{hidden}").status_code == 303
    assert client.get(f"/moderation/report/{waiting}").status_code == 404
    data = {"reason": "unlawful", "note": ""}
    assert client.post(f"/moderation/report/{waiting}", data=data).status_code == 404
    sign_in(client, "clerk")
    assert client.get(f"/moderation/hide/{hidden}").status_code == 303
    assert "尚未公开的话" in client.get(f"/moderation/hide/{waiting}").text


def test_the_reporter_is_on_no_page_of_those_who_decide(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "reporter")
    data = {"reason": "unlawful", "note": "请看"}
    client.post(f"/moderation/report/matter/{scene.ids[Kind.MATTER]}", data=data)
    sign_in(client, "clerk")
    queue = client.get("/moderation").text
    case = "/moderation/cases/" + queue.partition("/moderation/cases/")[2][:36]
    page = client.get(case).text
    assert "请看" in page
    for shown in (queue, page, client.get("/").text):
        assert "赵举报" not in shown
    hidden = client.post(
        f"/moderation/hide/matter/{scene.ids[Kind.MATTER]}", data={"reason": "unlawful", "note": ""}
    )
    proposal = hidden.location
    sign_in(client, "author")
    assert client.get(proposal).status_code == 404
    sign_in(client, "director")
    assert client.get(proposal).status_code == 200
    assert client.post(f"{proposal}/confirm").status_code == 303
    assert SAID not in client.get(f"/matters/{scene.ids[Kind.MATTER]}").text


def test_appeal_and_ruling_go_by_pages(client: FlaskClient, scene: Scene) -> None:
    address = f"/moderation/decisions/{scene.decision_id}"
    sign_in(client, "author")
    assert "这是骂人的话" in client.get("/moderation/mine").text
    assert client.post(f"{address}/appeal", data={"text": ""}).status_code == 422
    assert client.post(f"{address}/appeal", data={"text": "说的是事实"}).status_code == 303
    sign_in(client, "supervisor")
    assert address in client.get("/moderation").text
    assert client.post(f"{address}/rule", data={"outcome": "", "text": "不是攻击"}).status_code == 422
    done = client.post(f"{address}/rule", data={"outcome": Outcome.OVERTURNED.value, "text": "不是攻击"})
    assert done.status_code == 303
    assert "这是骂人的话" in client.get(f"/matters/{scene.ids[Kind.MATTER]}").text
    assert "不是攻击" in client.get(address).text


def test_a_held_comment_is_kept_for_its_author_and_shown_to_nobody_else(
    app: Flask, client: FlaskClient, place: Place, now: datetime
) -> None:
    with app.app_context():
        list_word(place)
        matter_id = add_matter(place, now=now)
    sign_in(client, "author")
    sent = client.post(f"/matters/{matter_id}/comments", data={"text": f"真是{DISGUISED}"})
    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert DISGUISED in page
    assert WORD in page
    assert DISGUISED in client.get("/moderation/mine").text
    assert DISGUISED not in client.get(f"/matters/{matter_id}").text
    sign_in(client, "reporter")
    assert client.get(sent.location).status_code == 404
    addresses = (f"/matters/{matter_id}", "/", "/moderation/log", "/register", "/matters?q=" + WORD)
    for address in (*addresses, f"/api/v1/matters/{matter_id}/comments", "/api/v1/matters"):
        assert DISGUISED not in client.get(address).text, address
    sign_in(client, "clerk")
    assert sent.location in client.get("/moderation").text
    assert client.post(f"{sent.location}/release").status_code == 303
    assert client.post(f"{sent.location}/release").status_code == 303
    assert client.get(f"/matters/{matter_id}").text.count(DISGUISED) == 1


def test_a_held_text_can_be_refused_or_taken_back_by_pages(
    app: Flask, client: FlaskClient, place: Place, now: datetime
) -> None:
    with app.app_context():
        first = hold_comment(place, now=now)
        matter_id = uuid.UUID(get_held(first).arguments["matter_id"])
    sign_in(client, "author")
    second = client.post(f"/matters/{matter_id}/comments", data={"text": f"又是{WORD}"}).location
    assert client.post(f"{second}/take-back").status_code == 303
    sign_in(client, "clerk")
    address = f"/moderation/held/{first}"
    assert client.get(f"{address}/refuse").status_code == 200
    assert client.post(f"{address}/refuse", data={"reason": "", "note": ""}).status_code == 422
    assert client.post(f"{address}/refuse", data={"reason": "unlawful", "note": ""}).status_code == 303
    sign_in(client, "author")
    mine = client.get("/moderation/mine").text
    assert DISGUISED in mine
    assert WORD in mine


def test_the_words_are_for_those_who_keep_and_watch_them_and_their_number_for_all(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        make_officer(place.community, Role.ADMIN, login="admin")
    sign_in(client, "admin")
    assert client.post("/moderation/words", data={"words": "黑", "why": "试"}).status_code == 422
    assert client.post("/moderation/words", data={"words": f"{WORD}\n加微信", "why": "试"}).status_code == 303
    sign_in(client, "supervisor")
    page = client.get("/moderation/words").text
    assert WORD in page
    assert "/end" not in page
    assert client.post("/moderation/words", data={"words": "词语", "why": "试"}).status_code == 403
    sign_in(client, "clerk")
    assert client.get("/moderation/words").status_code == 403
    sign_in(client, "author")
    assert WORD not in client.get("/moderation/log").text + client.get("/register").text


def test_the_queue_asks_no_oftener_for_many_than_for_one(
    app: Flask, client: FlaskClient, place: Place, now: datetime
) -> None:
    with app.app_context():
        leave_work(place, now=now)
    sign_in(client, "supervisor")
    assert client.get("/moderation").text.count("queue-line") == 4
    with app.app_context(), count_statements() as few:
        client.get("/moderation")
    with app.app_context():
        for kind, subject_id in add_all(place, text="另一段话").items():
            report_as(place, kind, subject_id, now)
    with app.app_context(), count_statements() as many:
        assert client.get("/moderation").text.count("queue-line") == 9
    assert many.total == few.total


def report_as(place: Place, kind: Kind, subject_id: uuid.UUID, now: datetime) -> None:
    services.report(
        kind=kind,
        subject_id=subject_id,
        reason=Reason.PERSONAL_ATTACK,
        note="",
        actor=place.director,
        now=now,
    )


def test_what_a_limit_refuses_is_given_back_to_copy(
    settings: Settings, committed: Flask, now: datetime
) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = add_matter(place, now=now)
    limiter.enabled = True
    try:
        limited = create_app(replace(settings, database_url=committed.config["SQLALCHEMY_DATABASE_URI"]))
        limited.config["WTF_CSRF_ENABLED"] = False
        client = limited.test_client()
        sign_in(client, "author")
        path = f"/matters/{matter_id}/comments"
        answers = [client.post(path, data={"text": f"第{number}条"}).status_code for number in range(10)]
        assert answers == [303] * 10
        refused = client.post(path, data={"text": "写了很久的<b>一段</b>话", "password": "秘密"})
        assert refused.status_code == 429
        assert "写了很久的&lt;b&gt;一段&lt;/b&gt;话" in refused.text
        assert "秘密" not in refused.text
        # Counted by person: somebody else at the same address goes on.
        sign_in(client, "reporter")
        assert client.post(path, data={"text": "你好"}).status_code == 303
    finally:
        limiter.enabled = False
        limiter.reset()


def test_needs_come_to_those_who_can_act(
    app: Flask, client: FlaskClient, place: Place, now: datetime
) -> None:
    with app.app_context():
        hold_comment(place, now=now)
    for login, waits in (("clerk", True), ("director", True), ("supervisor", False), ("author", False)):
        sign_in(client, login)
        assert ("查看因词表暂缓发布的文字" in client.get("/").text) is waits, login


def test_a_held_text_is_overdue_in_public_when_the_clock_posted_it(
    app: Flask, client: FlaskClient, place: Place, now: datetime
) -> None:
    with app.app_context():
        hold_comment(place, now=now - timedelta(days=3))
        services.sweep_clocks(now=now)
    page = client.get("/moderation/log").text
    assert "到期自动发布" in page
