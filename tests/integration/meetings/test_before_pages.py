"""The pages of what comes before a session, each once, in both languages."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.matters.rules import Category, Stage
from civicforum.meetings import services
from civicforum.meetings.models import (
    AssemblyDemand,
    ChairTurn,
    Duty,
    Invitation,
    Meeting,
    Paper,
    Procedure,
)
from civicforum.meetings.rules import Answer, MeetingForm
from civicforum.meetings.services import Plan, PlannedItem
from civicforum.meetings.services.texts import add_version
from civicforum.people.models import Person
from tests.factories import make_body, make_officer, make_post, make_term, sign_in
from tests.integration.meetings.scenes import Scene, community_of, make_matter, make_scene

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def soon(days: int = 20) -> datetime:
    return datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=days)


def plan_council(scene: Scene, *, body_id: uuid.UUID | None = None) -> uuid.UUID:
    return services.plan_meeting(
        form=MeetingForm.HEARING,
        plan=Plan(
            "充电棚听证会",
            "社区大礼堂",
            soon(),
            [
                PlannedItem(title="充电棚选址", text="建在3号楼西侧。费用不超过8.6万元。", minutes=45),
                PlannedItem(title="其他", minutes=10),
            ],
            body_id=body_id,
        ),
        actor=scene.director,
        now=datetime.now(UTC),
    )


@pytest.fixture
def hearing(app: Flask) -> tuple[Scene, uuid.UUID]:
    with app.app_context():
        scene = make_scene(members=4, now=datetime.now(UTC), logins=True)
        return scene, plan_council(scene)


def test_hearing_is_prepared_from_invitations_to_letters(
    app: Flask, client: FlaskClient, hearing: tuple[Scene, uuid.UUID]
) -> None:
    scene, meeting_id = hearing
    sign_in(client, "clerk")
    url = f"/meetings/{meeting_id}/invitations"
    missing = client.get(url).text
    assert missing.count("缺少") >= 3
    assert client.get(f"{url}/people").status_code == 200
    assert client.get(f"{url}/nobody").status_code == 404
    wrong = client.post(f"{url}/people", data={"lines": "查无此人", "seat": "participant"})
    assert wrong.status_code == 422
    assert "查无此人" in wrong.text
    done = client.post(
        f"{url}/people",
        data={"lines": "何小雨\n林国栋", "seat": "participant", "as_class": "resident", "stake": "住在旁边"},
    )
    assert done.status_code == 303
    guest = {"name": "孟经理", "unit": "安居物业", "as_class": "property_firm", "seat": "observer"}
    assert client.post(f"{url}/guest", data={**guest, "as_class": ""}).status_code == 422
    assert client.post(f"{url}/guest", data=guest).status_code == 303
    page = client.get(url)
    assert "安居物业" in page.text
    assert "超过半数" in page.text
    with app.app_context():
        row = db.session.scalars(select(Invitation).where(Invitation.name == "孟经理")).one()
        mine = db.session.scalars(
            select(Invitation).where(Invitation.person_id == scene.director.person_id)
        ).one()
        ids = row.id, mine.id
    assert client.post(f"/meetings/invitations/{ids[0]}/answer", data={"answer": "maybe"}).status_code == 400
    assert client.post(f"/meetings/invitations/{ids[0]}/answer", data={"answer": "coming"}).status_code == 303
    letters = client.get(f"/meetings/{meeting_id}/letters")
    assert letters.text.count('class="letter"') == 3
    assert "安居物业" in letters.text
    assert client.post(f"/meetings/invitations/{ids[0]}/withdraw").status_code == 303
    assert client.get(f"/meetings/{meeting_id}/letters?all=1").text.count('class="letter"') == 2

    sign_in(client, "director")
    assert "请答复是否参加" in client.get("/").text
    own = client.get(f"/meetings/{meeting_id}/prepare")
    assert "住在旁边" in own.text
    assert client.post(f"/meetings/{meeting_id}/answer", data={"answer": "not_coming"}).status_code == 303
    with app.app_context():
        kept = db.session.get_one(Invitation, ids[1])
        assert (kept.answer, kept.answered_by_id) == (Answer.NOT_COMING, None)
    assert "请答复是否参加" not in client.get("/").text


def test_papers_are_kept_as_files_and_never_shown_as_pages(
    app: Flask, client: FlaskClient, hearing: tuple[Scene, uuid.UUID]
) -> None:
    _, meeting_id = hearing
    with app.app_context():
        item_id = db.session.get_one(Meeting, meeting_id).agenda[0].id
    sign_in(client, "rep0")
    assert client.get(f"/meetings/items/{item_id}/papers/add").status_code == 403
    sign_in(client, "clerk")
    url = f"/meetings/items/{item_id}/papers/add"
    assert client.post(url, data={"title": "图纸"}).status_code == 422
    html = {"title": "图纸", "file": (io.BytesIO(b"<html><script>1</script>"), "plan.pdf")}
    refused = client.post(url, data=html)
    assert refused.status_code == 422
    assert "图纸" in refused.text
    assert client.post(url, data={"title": "图纸", "file": (io.BytesIO(PDF), "a.html")}).status_code == 303
    unnamed = {"title": "意见", "text": "间距偏小", "is_expert_opinion": "y"}
    assert client.post(url, data=unnamed).status_code == 422
    assert client.post(url, data={**unnamed, "author": "高工"}).status_code == 303
    page = client.get(f"/meetings/{meeting_id}/prepare").text
    assert "专家意见" in page
    assert "10:00" in page
    assert "10:45" in page
    with app.app_context():
        found = {paper.title: paper.id for paper in db.session.scalars(select(Paper))}
    file = client.get(f"/meetings/papers/{found['图纸']}/file")
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/meetings/papers/{found['意见']}").status_code == 200
    assert client.get(f"/meetings/papers/{found['意见']}/file").status_code == 404
    assert client.post(f"/meetings/papers/{found['图纸']}/remove").status_code == 303
    assert client.get(f"/meetings/papers/{found['图纸']}").status_code == 404


def test_versions_stand_side_by_side_with_what_changed_in_words(
    app: Flask, client: FlaskClient, hearing: tuple[Scene, uuid.UUID]
) -> None:
    scene, meeting_id = hearing
    with app.app_context():
        item = db.session.get_one(Meeting, meeting_id).agenda[0]
        text = "建在3号楼东侧。费用不超过8.6万元。"
        add_version(db.session(), item, text, actor=scene.director, now=datetime.now(UTC))
        db.session.commit()
        url = f"/meetings/items/{item.id}/versions"
    page = client.get(url).text
    assert page.count("<del") == 1
    assert page.count("<ins") == 1
    assert "删去" in page
    assert client.get(f"{url}?older=1&newer=1").text.count("<del") == 0
    assert client.get(f"{url}?older=1&newer=7").status_code == 404


def test_rules_of_procedure_start_with_twelve_and_get_versions(
    app: Flask, client: FlaskClient, hearing: tuple[Scene, uuid.UUID]
) -> None:
    assert "12. " in client.get("/meetings/procedures").text
    sign_in(client, "director")
    first = client.get("/meetings/procedures/adopt").text
    assert 'value="120"' in first
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    form = {
        "title": "议事规则",
        "text": "1. 先有动议。\n2. 发言不超过2分钟。",
        "adopted_by": "2026年第一次居民代表会议",
        "in_force_from": today.isoformat(),
        "seconds": "120",
        "times": "2",
        "needs_seconder": "y",
    }
    early = {**form, "in_force_from": (today - timedelta(days=1)).isoformat()}
    assert client.post("/meetings/procedures/adopt", data=early).status_code == 422
    assert client.post("/meetings/procedures/adopt", data={**form, "adopted_by": ""}).status_code == 422
    assert client.post("/meetings/procedures/adopt", data=form).status_code == 303
    second = {**form, "text": "1. 先有动议。\n2. 发言不超过3分钟。", "seconds": "180"}
    assert client.post("/meetings/procedures/adopt", data=second).status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(Procedure).order_by(Procedure.number)).all()
        assert [(row.number, row.speech_seconds, row.needs_seconder) for row in rows] == [
            (1, 120, True),
            (2, 180, True),
        ]
        assert not rows[0].sides_alternate
        latest = rows[1].id
    page = client.get(f"/meetings/procedures/{latest}").text
    assert "<del" in page
    assert "施行中" in page
    assert client.get("/meetings/procedures").text.count("第") > 2
    assert client.get(f"/meetings/{hearing[1]}/prepare").text.count("180") == 1


def test_council_has_rules_members_sessions_and_a_rotating_chair(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=3, now=datetime.now(UTC))
        community = community_of(scene)
        body = make_body(community, BodyKind.DELIBERATION_COUNCIL, name="驻区单位联席会")
        post = make_post(body, PostKind.MEMBER)
        make_term(db.session.get_one(Person, scene.director.person_id), post)
        body_id = body.id
        plan_council(scene, body_id=body_id)
    assert "驻区单位联席会" in client.get("/meetings/councils").text
    url = f"/meetings/councils/{body_id}"
    assert "充电棚听证会" in client.get(url).text
    sign_in(client, "director")
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    turns = {"units": "第一小学\n供电所\n", "start_on": today.isoformat(), "months": "6"}
    assert client.post(f"{url}/turns", data={**turns, "start_on": "soon"}).status_code == 422
    assert client.post(f"{url}/turns", data=turns).status_code == 303
    assert client.post(f"{url}/turns", data=turns).status_code == 422
    page = client.get(url).text
    assert "当前轮值：第一小学" in page
    assert "下一轮：供电所" in page
    with app.app_context():
        turn_id = db.session.scalars(select(ChairTurn.id).order_by(ChairTurn.position)).first()
    bare = client.post(f"/meetings/turns/{turn_id}/skip", data={"body_id": str(body_id)})
    assert bare.status_code == 303
    skip = {"reason": "校舍搬迁", "body_id": str(body_id)}
    assert client.post(f"/meetings/turns/{turn_id}/skip", data=skip).status_code == 303
    assert "当前轮值：供电所" in client.get(url).text
    index = client.get("/meetings/").text
    assert "驻区单位联席会" in index
    assert "居民代表会议" in index


def test_catalogue_of_duties_is_shown_when_a_matter_is_planned(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=3, now=datetime.now(UTC))
        matter_id = make_matter(scene, Stage.DELIBERATING)
        db.session.get_one(Matter, matter_id).category = Category.FACILITIES
        db.session.commit()
    assert client.get("/meetings/duties").status_code == 200
    sign_in(client, "director")
    assert client.post("/meetings/duties/start").status_code == 303
    assert client.post("/meetings/duties", data={"title": "", "kind": "council"}).status_code == 422
    new = {"title": "年货大集", "kind": "open_talk", "category": "culture"}
    assert client.post("/meetings/duties", data=new).status_code == 303
    assert client.post("/meetings/duties", data=new).status_code == 422
    assert "重大工程" in client.get(f"/meetings/plan?matter={matter_id}").text
    form_page = client.get(f"/meetings/plan/hearing?matter={matter_id}").text
    assert "重大工程" in form_page
    assert "听证报告" in form_page
    with app.app_context():
        duty_id = db.session.scalars(select(Duty.id).where(Duty.title == "年货大集")).one()
    assert client.post(f"/meetings/duties/{duty_id}/end", data={"reason": ""}).status_code == 422
    assert client.post(f"/meetings/duties/{duty_id}/end", data={"reason": "不再举办"}).status_code == 303
    assert "年货大集" not in client.get("/meetings/duties").text


def test_assembly_is_demanded_signed_on_paper_and_called(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        scene = make_scene(members=5, now=datetime.now(UTC), logins=True)
    sign_in(client, "clerk")
    make = {"kind": "representative_assembly", "title": "物业合同", "reason": "到期"}
    assert client.post("/meetings/demands/make", data=make).status_code == 422
    sign_in(client, "rep0")
    assert client.post("/meetings/demands/make", data={**make, "title": ""}).status_code == 422
    made = client.post("/meetings/demands/make", data=make)
    assert made.status_code == 303
    # One of four representatives is more than a fifth.
    page = client.get(made.location).text
    assert "1 ≥ 1/5 × 4" in page
    again = client.post(f"{made.location}/sign")
    assert again.status_code == 303
    sign_in(client, "clerk")
    assert client.post(f"{made.location}/signatures", data={"lines": "何小雨"}).status_code == 422
    sign_in(client, "director")
    assert "有人联名要求召开会议" in client.get("/").text
    assert "物业合同" in client.get("/meetings/").text
    with app.app_context():
        meeting_id = services.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=Plan("临时代表会议", "大礼堂", soon(6), [PlannedItem(title="物业合同")]),
            actor=scene.director,
            now=datetime.now(UTC),
        )
    called = client.post(f"{made.location}/called", data={"meeting": str(meeting_id)})
    assert called.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(AssemblyDemand)).one().meeting_id == meeting_id
    assert client.get("/meetings/demands").status_code == 200
    assert "有人联名要求召开会议" not in client.get("/").text


def test_appraisal_is_demanded_and_named_by_the_supervision_committee(
    app: Flask, client: FlaskClient
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        scene = make_scene(members=4, now=now, logins=True)
        make_officer(community_of(scene), Role.SUPERVISOR, login="supervisor")
        meeting_id = services.plan_meeting(
            form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
            plan=Plan("代表会议", "大礼堂", soon(12), [PlannedItem(title="民主评议")]),
            actor=scene.director,
            now=now + timedelta(minutes=5),
        )
    sign_in(client, "rep0")
    make = {"kind": "appraisal", "title": "评议服务站站长", "reason": "账目未公布"}
    made = client.post("/meetings/demands/make", data=make)
    assert made.status_code == 303
    page = client.get(made.location).text
    assert "1 ≥ 1/3 × 3" in page
    # Of an appraisal nobody signs for a household.
    assert 'name="for_household"' not in page
    sign_in(client, "director")
    assert client.post(f"{made.location}/called", data={"meeting": str(meeting_id)}).status_code == 403
    sign_in(client, "supervisor")
    assert "有人联名要求评议" in client.get("/").text
    assert "代表会议" in client.get(made.location).text
    assert client.post(f"{made.location}/called", data={"meeting": ""}).status_code == 422
    assert client.post(f"{made.location}/called", data={"meeting": str(meeting_id)}).status_code == 303
    assert "≤ 20" in client.get(made.location).text
    assert "有人联名要求评议" not in client.get("/").text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_page_opens_in_both_languages(
    app: Flask, client: FlaskClient, hearing: tuple[Scene, uuid.UUID], language: str
) -> None:
    _, meeting_id = hearing
    sign_in(client, "director")
    client.get(f"/language/{language}")
    for url in (
        "/meetings/",
        "/meetings/plan",
        "/meetings/plan/joint",
        "/meetings/plan/residents_assembly",
        f"/meetings/{meeting_id}/change",
        f"/meetings/{meeting_id}/prepare",
        f"/meetings/{meeting_id}/invitations",
        f"/meetings/{meeting_id}/invitations/body",
        "/meetings/procedures",
        "/meetings/councils",
        "/meetings/coordinated",
        "/meetings/duties",
        "/meetings/demands",
        "/meetings/demands/make",
    ):
        assert client.get(url).status_code == 200, url
