"""Pages of meetings, votes and notices: who sees what, who may do what, and what a refused form says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civicforum import create_app
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.inbox.rules import NeedKind
from civicforum.matters.rules import Stage
from civicforum.meetings import queries, services
from civicforum.meetings.models import Attendance, Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.meetings.services import PlannedItem
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import publish_notice
from civicforum.polls.models import OpenBallot
from civicforum.security import limiter
from tests.factories import actor_of, make_officer, sign_in
from tests.integration.meetings.scenes import (
    Scene,
    Sitting,
    community_of,
    make_matter,
    make_scene,
    open_assembly,
    open_sitting,
    plan,
)
from tests.support.statements import count_statements

ROLES = ("visitor", *Role)


def today() -> datetime:
    # Tests of pages run by the clock on the wall; a minute ago is today unless midnight has just passed.
    return datetime.now(UTC) - timedelta(seconds=1)


def scene_of_today(members: int = 3) -> Scene:
    return make_scene(members=members, now=today(), logins=True)


def as_role(client: FlaskClient, scene: Scene, role: str) -> None:
    """Sign in as somebody who holds the role; a visitor stays outside."""
    if role == "visitor":
        return
    login = {Role.COMMITTEE: "director", Role.CLERK: "clerk", Role.REPRESENTATIVE: "rep0"}.get(Role(role))
    if login is None:
        login = f"as-{role}"
        with client.application.app_context():
            make_officer(community_of(scene), Role(role), login=login)
    sign_in(client, login)


def sitting_in(state: MeetingState, scene: Scene) -> Sitting:
    """Return an assembly of the scene in the state asked for."""
    matter_id = make_matter(scene, Stage.TO_DECIDE)
    form, item = MeetingForm.REPRESENTATIVE_ASSEMBLY, PlannedItem(matter_id=matter_id)
    if state is MeetingState.PLANNED:
        return plan(scene, form, item)
    if state is MeetingState.CANCELLED:
        sitting = plan(scene, form, item)
        services.cancel_meeting(
            meeting_id=sitting.meeting_id, reason="改期", actor=scene.director, now=scene.now
        )
        return sitting
    sitting = open_sitting(scene, form, item, present=3)
    if state is MeetingState.CLOSED:
        services.close_meeting(meeting_id=sitting.meeting_id, actor=scene.director, now=scene.now)
    return sitting


def expected(act: str, role: str, state: MeetingState) -> int:
    """Return the status of an attempt: 302 to sign in, 403 for the wrong people, 409 at the wrong time."""
    if role == "visitor":
        return 302
    runs, concludes = role in (Role.COMMITTEE, Role.CLERK), role == Role.COMMITTEE
    allowed = {
        "open": runs,
        "check_in": True,
        "tick": runs,
        "close": runs,
        "open_vote": concludes,
        "cancel": concludes,
    }[act]
    in_time = {
        "open": {MeetingState.PLANNED},
        "check_in": {MeetingState.PLANNED, MeetingState.OPEN},
        "tick": {MeetingState.PLANNED, MeetingState.OPEN},
        "close": {MeetingState.OPEN},
        "open_vote": {MeetingState.OPEN},
        "cancel": {MeetingState.PLANNED},
    }[act]
    # Attendance asks first whether there is anything to attend.
    if act in ("tick", "check_in") and state not in in_time:
        return 409
    if not allowed:
        return 403
    return 303 if state in in_time else 409


@pytest.mark.parametrize("state", MeetingState)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what_in_which_state(
    app: Flask, client: FlaskClient, role: str, state: MeetingState
) -> None:
    attempts: dict[str, Callable[[Sitting, Scene], tuple[str, dict[str, str]]]] = {
        "check_in": lambda at, scene: (f"/meetings/{at.meeting_id}/check-in", {"code": code}),
        "tick": lambda at, scene: (
            f"/meetings/{at.meeting_id}/attendance",
            {"person": str(scene.members[2].person_id)},
        ),
        "open_vote": lambda at, scene: (f"/meetings/items/{at.item_id}/vote/open", {}),
        "cancel": lambda at, scene: (f"/meetings/{at.meeting_id}/cancel", {"reason": "改期"}),
    }
    with app.app_context():
        scene = scene_of_today()
        sitting = sitting_in(state, scene)
        code = db.session.get_one(Meeting, sitting.meeting_id).check_in_code
    as_role(client, scene, role)
    assert client.get(f"/meetings/{sitting.meeting_id}").status_code == 200
    last = "open" if state is not MeetingState.OPEN else "close"
    attempts[last] = lambda at, scene: (f"/meetings/{at.meeting_id}/{last}", {})
    for act, attempt in attempts.items():
        # A vote that was opened would keep the meeting from closing; it has tests of its own.
        if act == "open_vote" and state is MeetingState.OPEN and role == Role.COMMITTEE:
            continue
        if act == "cancel" and state is MeetingState.PLANNED and role == Role.COMMITTEE:
            continue
        url, data = attempt(sitting, scene)
        answer = client.post(url, data=data)
        assert answer.status_code == expected(act, role, state), (act, role, state)


def test_the_public_reads_no_name_of_a_resident_who_came_as_a_resident(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        scene = scene_of_today()
        sitting = open_sitting(scene, MeetingForm.RESIDENTS_ASSEMBLY, PlannedItem(title="公约"), present=3)
        guest = make_officer(community_of(scene), Role.RESIDENT, login="guest", name="不该公开的人")
        services.tick_present(
            meeting_id=sitting.meeting_id, person_ids=[guest.id], actor=scene.clerk, now=scene.now
        )
        services.raise_point(
            meeting_id=sitting.meeting_id, text="没有按议程来", actor=actor_of(guest), now=scene.now
        )
    pages = [f"/meetings/{sitting.meeting_id}{end}" for end in ("", "/wall", "/live/wall/now")]
    for page in pages:
        said = client.get(page).get_data(as_text=True)
        assert "没有按议程来" in said
        assert "一位居民" in said
        assert "不该公开的人" not in said
    # Who is signed in reads on screen whom everybody in the room hears.
    sign_in(client, "rep0")
    for page in pages:
        assert "不该公开的人" in client.get(page).get_data(as_text=True)
    assert "离开" not in client.get(pages[0]).get_data(as_text=True).partition('id="room"')[2]


def test_codes_of_the_room_are_not_guessed(settings: Settings, committed: Flask) -> None:
    with committed.app_context():
        scene = scene_of_today()
        sitting = open_assembly(scene, present=1)
        code = db.session.get_one(Meeting, sitting.meeting_id).check_in_code
    limiter.enabled = True
    try:
        limited = create_app(replace(settings, database_url=committed.config["SQLALCHEMY_DATABASE_URI"]))
        limited.config["WTF_CSRF_ENABLED"] = False
        client = limited.test_client()
        sign_in(client, "rep0")
        path = f"/meetings/{sitting.meeting_id}/check-in"
        answers = [client.post(path, data={"code": "111111"}).status_code for _ in range(9)]
        assert answers == [422] * 8 + [429]
        assert client.post(path, data={"code": code}).status_code == 429
        sign_in(client, "rep1")
        assert client.post(path, data={"code": code}).status_code == 303
    finally:
        limiter.reset()
        limiter.enabled = False


def test_plan_form_keeps_what_was_typed_and_says_why_it_is_too_soon(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        matter_id = make_matter(scene, Stage.TO_DECIDE)
    sign_in(client, "director")
    tomorrow = (datetime.now(UTC) + timedelta(days=1, hours=8)).date()
    form = {
        "title": "临时代表会议",
        "starts_on": tomorrow.isoformat(),
        "starts_at": "19:00",
        "place": "社区大礼堂",
        "agenda-0-matter": str(matter_id),
        "agenda-0-minutes": "20",
    }
    url = "/meetings/plan/representative_assembly"
    assert client.get(f"{url}?matter={matter_id}").status_code == 200
    late = client.post(url, data=form)
    assert late.status_code == 422
    assert "临时代表会议" in late.text
    assert "&lt; 3" in late.text
    more = client.post(url, data={**form, "add_item": "1"})
    assert more.status_code == 200
    assert "agenda-1-title" in more.text
    empty = client.post(url, data={**form, "title": "", "starts_on": "soon"})
    assert empty.status_code == 422
    assert 'href="#title"' in empty.text
    done = client.post(url, data={**form, "urgent_reason": "供水主管破裂"})
    assert done.status_code == 303
    with app.app_context():
        meeting = db.session.scalars(select(Meeting)).one()
        assert (meeting.title, meeting.urgent_reason) == ("临时代表会议", "供水主管破裂")


def test_member_votes_on_a_phone_and_sees_that_it_is_the_end(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        sitting = open_assembly(scene, present=3)
        poll_id = services.open_vote(item_id=sitting.item_id, actor=scene.director, now=scene.now)
    sign_in(client, "rep0")
    assert client.get(f"/polls/{poll_id}").text.count('class="choice"') == 3
    cast = client.post(f"/polls/{poll_id}/vote", data={"choice": "for"})
    assert cast.status_code == 303
    assert cast.location.endswith(f"/polls/{poll_id}/done")
    assert client.get(cast.location).status_code == 200
    # A second time: told in words, and nothing counted.
    again = client.post(f"/polls/{poll_id}/vote", data={"choice": "against"}, follow_redirects=True)
    assert again.status_code == 200
    assert client.post(f"/polls/{poll_id}/vote", data={"choice": "maybe"}).status_code == 400
    with app.app_context():
        assert db.session.scalar(select(func.count(OpenBallot.id))) == 1
    assert "choice" not in client.get(f"/polls/{poll_id}").text.split("<main")[1].split('class="choices')[0]


def test_too_few_present_is_a_page_with_article_and_sum(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today(members=6)
        sitting = open_assembly(scene, present=3)
    sign_in(client, "director")
    answer = client.post(f"/meetings/items/{sitting.item_id}/vote/open")
    assert answer.status_code == 409
    assert "3 &lt; 2/3 × 6 = 4" in answer.text
    assert "第二十九条" in answer.text


def test_outcome_without_its_dissent_comes_back_with_what_was_typed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        matter_id = make_matter(scene, Stage.DELIBERATING)
        sitting = open_sitting(scene, MeetingForm.COUNCIL, PlannedItem(matter_id=matter_id))
    sign_in(client, "director")
    url = f"/meetings/items/{sitting.item_id}/outcome"
    assert client.get(url).status_code == 200
    answer = client.post(url, data={"outcome": "agreed_with_dissent", "text": "安装照明灯"})
    assert answer.status_code == 422
    assert "安装照明灯" in answer.text
    done = client.post(url, data={"outcome": "agreed", "text": "安装照明灯"})
    assert done.status_code == 303


def test_guest_and_residents_are_entered_at_the_door(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        sitting = open_assembly(scene, present=0)
    sign_in(client, "clerk")
    url = f"/meetings/{sitting.meeting_id}"
    assert client.post(f"{url}/guests", data={"name": "", "as_class": "expert"}).status_code == 422
    assert client.post(f"{url}/guests", data={"name": "孟经理", "as_class": "expert"}).status_code == 303
    everybody = {"person": [str(key) for key in scene.member_ids]}
    assert client.post(f"{url}/attendance", data=everybody).status_code == 303
    page = client.get(f"{url}/attendance?q=何小雨")
    assert "孟经理" in page.text
    assert "何小雨" in page.text.split("<main")[1]
    with app.app_context():
        assert db.session.scalar(select(func.count(Attendance.id))) == 4


def test_page_of_a_large_meeting_makes_few_statements(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        small = make_scene(members=5, now=today())
        few = open_assembly(small, present=5)
        with count_statements() as counted_few:
            queries.get_page(
                db.session(),
                meeting_id=few.meeting_id,
                community_id=small.community_id,
                actor=small.director,
                now=small.now,
            )
        db.session.expire_all()
        for _ in range(115):
            person = make_officer(community_of(small), Role.REPRESENTATIVE)
            small.members.append(actor_of(person, Role.REPRESENTATIVE))
        many = open_sitting(
            small,
            MeetingForm.REPRESENTATIVE_ASSEMBLY,
            PlannedItem(matter_id=few.matter_id),
            present=len(small.members),
        )
        db.session.expire_all()
        with count_statements() as counted_many:
            page = queries.get_page(
                db.session(),
                meeting_id=many.meeting_id,
                community_id=small.community_id,
                actor=small.director,
                now=small.now,
            )
        assert page.room.present == 120
        assert counted_many.total <= counted_few.total + 1 <= 16


def test_notice_is_posted_found_and_never_shows_an_identity_number(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene_of_today()
    sign_in(client, "clerk")
    form = {"category": "facilities", "title": "活动室开放时间", "text": "每日八点至二十点开放。"}
    refused = client.post("/notices/publish", data={**form, "text": "张某 11010119900307765X"})
    assert refused.status_code == 422
    assert client.post("/notices/publish", data={**form, "title": ""}).status_code == 422
    done = client.post("/notices/publish", data=form)
    assert done.status_code == 303
    page = client.get(done.location)
    assert "每日八点至二十点开放。" in page.text
    assert "<svg" in page.text.split("code__picture")[1]
    assert "style=" not in page.text.split("code__picture")[1].split("</svg>")[0]
    assert "活动室开放时间" in client.get("/notices/?q=八点&category=facilities&state=posted").text
    assert "活动室开放时间" not in client.get("/notices/?category=deliberation").text
    assert client.get(f"/notices/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_who_posts_notices(app: Flask, client: FlaskClient, role: str) -> None:
    with app.app_context():
        scene = scene_of_today()
    as_role(client, scene, role)
    status = {"visitor": 302, Role.COMMITTEE: 200, Role.CLERK: 200}.get(role, 403)
    assert client.get("/notices/publish").status_code == status


def test_notice_stays_readable_after_its_posting(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        notice_id = publish_notice(
            actor=scene.clerk,
            category=NoticeCategory.COMMON_CONCERN,
            title="停水通知",
            text="明日停水。",
            now=datetime.now(UTC) - timedelta(days=40),
        )
        notice = db.session.get_one(Notice, notice_id)
        assert notice.until < datetime.now(UTC)
    assert "明日停水。" in client.get(f"/notices/{notice_id}").text
    assert "停水通知" not in client.get("/notices/?state=posted").text


def test_what_waits_for_members_and_for_those_who_run_the_meeting(app: Flask, database: None) -> None:
    with app.app_context():
        scene = make_scene(members=3, now=today())
        plan(
            scene,
            MeetingForm.REPRESENTATIVE_ASSEMBLY,
            PlannedItem(title="通报"),
            starts_at=scene.now + timedelta(days=7),
        )
        sitting = open_assembly(scene, present=3)
        services.open_vote(item_id=sitting.item_id, actor=scene.director, now=scene.now)

        def kinds(actor: object) -> list[NeedKind]:
            return [need.kind for need in queries.list_needs(db.session(), actor, scene.now)]  # type: ignore[arg-type]

        assert kinds(scene.members[1]) == [NeedKind.VOTE, NeedKind.ATTEND, NeedKind.ATTEND]
        assert kinds(scene.director) == [NeedKind.VOTE, NeedKind.RUN_MEETING, NeedKind.ATTEND]
        assert kinds(scene.clerk) == [NeedKind.RUN_MEETING]


def test_lists_and_minutes_open_for_everybody(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = scene_of_today()
        sitting = sitting_in(MeetingState.CLOSED, scene)
    for url in ("/meetings/", f"/meetings/{sitting.meeting_id}/minutes", "/notices/"):
        assert client.get(url).status_code == 200
    assert client.get(f"/meetings/{sitting.meeting_id}/attendance").status_code == 302
