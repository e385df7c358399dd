"""Pages of the floor: what is not in order is said in words, and nothing typed is lost."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.floor import MotionKind, MotionState, SpeechState, Stance
from civicforum.meetings.models import AgendaItem, Attendance, Motion, PointOfOrder, Speech
from civicforum.meetings.services import NewMotion
from tests.factories import sign_in
from tests.integration.meetings.scenes import Scene, Sitting, open_assembly
from tests.integration.meetings.test_views import as_role, scene_of_today
from tests.support.statements import count_statements

BETTER = "费用不超过9.2万元，六个月内完工。"


@pytest.fixture
def floor(app: Flask) -> tuple[Scene, Sitting]:
    """An assembly of three, all present, with its item in hand."""
    with app.app_context():
        scene = scene_of_today()
        sitting = open_assembly(scene, present=3)
        services.call_item(item_id=sitting.item_id, actor=scene.director, now=scene.now)
    return scene, sitting


def post(client: FlaskClient, path: str, **data: str) -> str:
    """Press a button, and return what the page that follows says."""
    answer = client.post(f"/meetings/{path}", data=data, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def only(app: Flask, model: type[Motion] | type[Speech] | type[PointOfOrder]) -> uuid.UUID:
    with app.app_context():
        return db.session.scalars(select(model.id)).one()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COMMITTEE, 200), (Role.CLERK, 200), (Role.REPRESENTATIVE, 403)]
)
def test_who_leads_the_session(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting], role: Role, status: int
) -> None:
    scene, sitting = floor
    as_role(client, scene, role)
    assert client.get(f"/meetings/{sitting.meeting_id}/floor").status_code == status


def test_member_asks_and_the_chair_gives_the_floor(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    _scene, sitting = floor
    sign_in(client, "rep0")
    path = f"{sitting.meeting_id}/speak"
    assert "已排队" in post(client, path, stance="for")
    assert "已经在排队" in post(client, path, stance="for")
    assert client.post(f"/meetings/{path}", data={"stance": "perhaps"}).status_code == 400
    speech = only(app, Speech)
    assert client.post(f"/meetings/speeches/{speech}/give").status_code == 403
    sign_in(client, "director")
    assert "结束发言" in post(client, f"speeches/{speech}/give", back="floor")
    assert "已经有人办了" in post(client, f"speeches/{speech}/give", back="floor")
    post(client, f"speeches/{speech}/end", back="floor", gist="应当尽快建")
    assert "应当尽快建" in client.get(f"/meetings/{sitting.meeting_id}/floor").get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Speech, speech).state is SpeechState.DONE


def test_amendment_is_shown_with_what_it_changes_and_voted_on_by_hands(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    _scene, sitting = floor
    sign_in(client, "rep0")
    page = client.post(
        f"/meetings/{sitting.meeting_id}/move", data={"kind": "amendment", "text": "", "reason": "太贵"}
    )
    assert page.status_code == 422
    assert "请写出文本" in page.get_data(as_text=True)
    assert "太贵" in page.get_data(as_text=True)
    said = post(client, f"{sitting.meeting_id}/move", kind="amendment", text=BETTER)
    assert "<ins" in said
    assert "等待附议" in said
    motion = only(app, Motion)
    sign_in(client, "rep1")
    post(client, f"motions/{motion}/second")
    sign_in(client, "director")
    way = client.get(f"/meetings/items/{sitting.item_id}/vote?motion={motion}").get_data(as_text=True)
    assert BETTER in way
    post(client, f"items/{sitting.item_id}/vote/open", motion=str(motion), way="hands", paper="no")
    hands = f"/meetings/items/{sitting.item_id}/hands/count?motion={motion}"
    numbers = {"in_favour": "3", "against": "1", "abstained": "0", "checked_by": "梁慧"}
    refused = client.post(hands, data=numbers)
    assert refused.status_code == 422
    assert "举手人数超过了到会人数" in refused.get_data(as_text=True)
    assert client.post(hands, data={**numbers, "against": "0"}).status_code == 303
    assert "通过" in post(client, f"items/{sitting.item_id}/vote/close", motion=str(motion))
    with app.app_context():
        assert db.session.get_one(Motion, motion).state is MotionState.ADOPTED
    assert BETTER in client.get(f"/meetings/{sitting.meeting_id}").get_data(as_text=True)


def test_point_of_order_and_its_ruling_are_on_the_page(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    _scene, sitting = floor
    sign_in(client, "rep0")
    assert "最多500字" in post(client, f"{sitting.meeting_id}/points", text=" ")
    post(client, f"{sitting.meeting_id}/points", text="超时了")
    sign_in(client, "director")
    point = f"points/{only(app, PointOfOrder)}/rule"
    assert "为什么不成立" in post(client, point, upheld="no", back="floor")
    assert "还有十秒" in post(client, point, upheld="no", ruling="还有十秒", back="floor")


def test_code_is_asked_for_and_a_wrong_one_comes_back_beside_its_field(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    scene, sitting = floor
    as_role(client, scene, Role.RESIDENT)
    page = client.get(f"/meetings/{sitting.meeting_id}/here?code=234567").get_data(as_text=True)
    assert 'value="234567"' in page
    wrong = client.post(f"/meetings/{sitting.meeting_id}/check-in", data={"code": "000000"})
    assert wrong.status_code == 422
    assert 'value="000000"' in wrong.get_data(as_text=True)


def test_sealed_vote_is_on_the_pages_of_polls_and_run_from_the_meeting(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    _scene, sitting = floor
    sign_in(client, "director")
    said = post(client, f"items/{sitting.item_id}/vote/open", way="sealed", paper="yes")
    assert "结束表决并开票" in said
    assert f"/meetings/{sitting.meeting_id}" in said
    assert "polls.manage" not in said
    with app.app_context():
        poll_id = db.session.get_one(AgendaItem, sitting.item_id).poll_id
    assert client.get(f"/polls/{poll_id}/manage").location == f"/polls/{poll_id}"
    assert client.get(f"/polls/{poll_id}/ballot").status_code == 200
    assert client.get(f"/polls/{poll_id}/desk").status_code == 200
    assert client.post(f"/polls/{poll_id}/certify").status_code in (404, 405)


def test_a_long_queue_makes_no_more_statements(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today(members=12)
        sitting = open_assembly(scene, present=12)
        services.call_item(item_id=sitting.item_id, actor=scene.director, now=scene.now)

    def ask(members: slice) -> None:
        with app.app_context():
            for member in scene.members[members]:
                services.ask_to_speak(
                    meeting_id=sitting.meeting_id, stance=Stance.NEUTRAL, actor=member, now=scene.now
                )

    sign_in(client, "director")
    address = f"/meetings/{sitting.meeting_id}/floor"
    ask(slice(1, 3))
    client.get(address)
    with count_statements() as few:
        client.get(address)
    ask(slice(3, 12))
    with count_statements() as many:
        client.get(address)
    assert many.total == few.total


def test_clerk_seconds_for_somebody_without_a_phone(
    app: Flask, client: FlaskClient, floor: tuple[Scene, Sitting]
) -> None:
    scene, sitting = floor
    with app.app_context():
        motion = services.move_motion(
            meeting_id=sitting.meeting_id,
            motion=NewMotion(MotionKind.AMENDMENT, BETTER),
            actor=scene.members[1],
            now=scene.now,
        )
        seconder = db.session.scalars(
            select(Attendance.id).where(Attendance.person_id == scene.members[2].person_id)
        ).one()
    sign_in(client, "clerk")
    post(client, f"motions/{motion}/second", attendance=str(seconder), back="floor")
    with app.app_context():
        assert db.session.get_one(Motion, motion).seconder_id == seconder
