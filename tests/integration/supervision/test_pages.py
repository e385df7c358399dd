"""Pages of the supervision committee: what everybody reads, what members do, and what is refused."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from civicforum.database import db
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.rulebook.days import day_of
from civicforum.supervision import services
from civicforum.supervision.comparing import compare_package
from civicforum.supervision.models import ArchiveCopy, Referral, SupervisionReport
from civicforum.supervision.rules import CopyState, Period, ReportState
from tests.factories import make_community, sign_in
from tests.support.statements import count_statements
from tests.support.supervision import Records, file_on_notice, make_records, make_session


@pytest.fixture
def scene(app: Flask, database: None) -> Records:
    with app.app_context():
        return make_records(now=datetime.now(UTC) - timedelta(days=1))


def test_everybody_reads_the_records_and_nobody_the_letter(client: FlaskClient, scene: Records) -> None:
    assert "收支表缺少支出凭证编号" in client.get("/supervision/findings").text
    assert "收支表缺少支出凭证编号" in client.get(f"/supervision/findings/{scene.finding_id}").text
    assert "收支表缺少支出凭证编号" in client.get(f"/notices/{scene.desk.notice_id}").text
    assert "第一季度支出的凭证" in client.get("/supervision/questions").text
    assert "三笔维修支出的凭证" in client.get(f"/supervision/questions/{scene.question_id}").text
    assert "两委联席会议" in client.get("/supervision/sessions").text
    listed = client.get("/supervision/referrals").text
    assert "松河街道办事处" in listed
    page = client.get(f"/supervision/referrals/{scene.referral_id}").text
    assert "书面询问到期没有答复。" not in page
    assert client.get(f"/supervision/reports/{scene.report_id}").status_code == 404
    assert str(scene.report_id) not in client.get("/supervision/reports").text


@pytest.mark.parametrize("login", ["director", "clerk", "admin", "resident"])
def test_nobody_else_reaches_the_desk_nor_writes_there(
    client: FlaskClient, scene: Records, login: str
) -> None:
    sign_in(client, login)
    for path in (
        "/supervision",
        f"/supervision/findings/new/notice/{scene.desk.notice_id}",
        "/supervision/questions/new",
        "/supervision/referrals/new",
        f"/supervision/referrals/{scene.referral_id}/letter",
        f"/supervision/referrals/{scene.referral_id}/package.zip",
        f"/supervision/reports/{scene.report_id}/conclusions",
        "/supervision/archive",
    ):
        assert client.get(path).status_code == 403, path
    for path in (
        f"/supervision/sessions/{scene.meeting_id}/sit-in",
        f"/supervision/reports/{scene.report_id}/put-up",
        f"/supervision/reports/{scene.report_id}/sign",
    ):
        assert client.post(path).status_code == 403, path


def test_a_finding_is_filed_on_the_page_of_its_notice_and_a_refusal_loses_nothing(
    client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")
    address = f"/supervision/findings/new/notice/{scene.desk.notice_id}"
    assert address in client.get(f"/notices/{scene.desk.notice_id}").text
    refused = client.post(address, data={"kind": "remark", "text": "请致电13812345678。", "corrects_id": ""})
    assert refused.status_code == 422
    assert "请致电13812345678。" in refused.text
    assert 'href="#text"' in refused.text
    corrected = {"kind": "in_order", "text": "编号已补上。", "corrects_id": str(scene.finding_id)}
    sent = client.post(address, data=corrected)
    assert sent.status_code == 303
    page = client.get(f"/supervision/findings/{scene.finding_id}").text
    # Its own number and that of the one that corrects it, which begins anew with each year.
    assert len(set(re.findall(r"20\d\d-000\d", page))) == 2
    again = client.post(address, data=corrected)
    assert again.headers["Location"] == sent.headers["Location"]


@pytest.mark.parametrize("kind", ["notice", "poll", "matter", "nonsense"])
def test_what_is_not_there_cannot_be_found_anything_about(
    client: FlaskClient, scene: Records, kind: str
) -> None:
    sign_in(client, "supervisor1")
    assert client.get(f"/supervision/findings/new/{kind}/{uuid.uuid4()}").status_code == 404


def test_another_communitys_records_are_not_found(app: Flask, client: FlaskClient, scene: Records) -> None:
    with app.app_context():
        other = make_community(name="柳荫里社区")
        for table in ("supervision_finding", "supervision_referral"):
            db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for table in ("finding", "question", "referral", "report"):
            db.session.execute(
                text(f"UPDATE supervision_{table} SET community_id = :other"), {"other": other.id}
            )
        db.session.commit()
    sign_in(client, "supervisor1")
    for path in (
        f"/supervision/findings/{scene.finding_id}",
        f"/supervision/questions/{scene.question_id}",
        f"/supervision/referrals/{scene.referral_id}",
        f"/supervision/referrals/{scene.referral_id}/package.zip",
        f"/supervision/reports/{scene.report_id}",
    ):
        assert client.get(path).status_code == 404, path


def test_a_body_answers_on_the_page_and_the_committee_asks_again(client: FlaskClient, scene: Records) -> None:
    address = f"/supervision/questions/{scene.question_id}"
    sign_in(client, "resident")
    assert client.post(f"{address}/answer", data={"text": "我来答。"}).status_code == 403
    sign_in(client, "director")
    assert address in client.get("/").text
    empty = client.post(f"{address}/answer", data={"text": " "})
    assert empty.status_code == 422
    assert client.post(f"{address}/answer", data={"text": "凭证在档案柜。"}).status_code == 303
    assert "凭证在档案柜。" in client.application.test_client().get(address).text
    sign_in(client, "supervisor2")
    assert client.post(f"{address}/again", data={"text": "由谁审批？"}).status_code == 303
    second = client.post(f"{address}/again", data={"text": "由谁审批？"})
    assert second.status_code == 422
    assert "由谁审批？" in second.text


def test_a_member_asks_a_body(client: FlaskClient, scene: Records) -> None:
    sign_in(client, "supervisor1")
    given = {"body_id": str(scene.desk.committee_id), "title": "楼道灯", "text": ""}
    refused = client.post("/supervision/questions/new", data=given)
    assert refused.status_code == 422
    assert "楼道灯" in refused.text
    assert client.post("/supervision/questions/new", data={**given, "text": "何时修好？"}).status_code == 303


def test_a_member_sits_in_and_leaves_a_remark_on_the_meetings_page(
    app: Flask, client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")
    assert client.post(f"/supervision/sessions/{scene.meeting_id}/sit-in").status_code == 303
    remark = f"/supervision/sessions/{scene.meeting_id}/remark"
    early = client.post(remark, data={"text": "程序合规。"})
    assert early.status_code == 422
    assert "程序合规。" in early.text
    with app.app_context():
        meeting = db.session.get_one(Meeting, scene.meeting_id)
        meeting.state, meeting.opened_at = MeetingState.CLOSED, meeting.starts_at
        meeting.closed_at = meeting.starts_at + timedelta(hours=1)
        db.session.commit()
    assert client.post(remark, data={"text": "程序合规。"}).status_code == 303
    shown = client.application.test_client().get(f"/meetings/{scene.meeting_id}").text
    assert "韩正清" in shown
    assert "程序合规。" in shown
    assert client.get("/supervision/sessions?show=over").status_code == 200
    sign_in(client, "supervisor2")
    assert client.get(remark).status_code == 404


def test_a_referral_goes_from_its_form_to_the_letter_of_the_office(
    app: Flask, client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")
    given = {
        "level": "district",
        "ground": "unanswered",
        "basis": [f"finding:{scene.finding_id}", f"question:{scene.question_id}"],
        "text": "两次询问没有答复。",
    }
    refused = client.post("/supervision/referrals/new", data={**given, "basis": []})
    assert refused.status_code == 422
    assert "两次询问没有答复。" in refused.text
    sent = client.post("/supervision/referrals/new", data=given)
    assert sent.status_code == 303
    page = sent.headers["Location"]
    assert "东湖区人民政府" in client.get(f"{page}/letter").text
    package = client.get(f"{page}/package.zip")
    assert package.data.startswith(b"PK")
    assert "no-store" in package.headers["Cache-Control"]
    assert client.post(f"{page}/hand-over", data={"to": "区政府收发室"}).status_code == 303
    letter = {
        "outcome": "ordered",
        "letter_on": day_of(datetime.now(UTC)).isoformat(),
        "letter_number": "",
        "text": "已责令。",
    }
    late = client.post(f"{page}/answer", data={**letter, "letter_on": "2199-01-01"})
    assert late.status_code == 422
    assert client.post(f"{page}/answer", data=letter).status_code == 303
    assert "已责令。" in client.application.test_client().get(page).text
    assert "区政府收发室" not in client.application.test_client().get(page).text
    with app.app_context():
        assert len(db.session.scalars(select(Referral)).all()) == 2


def test_a_report_is_written_signed_and_posted_on_its_page(
    app: Flask, client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")
    page = f"/supervision/reports/{scene.report_id}"
    assert page in client.get("/").text
    assert client.post(f"{page}/conclusions", data={"conclusions": " "}).status_code == 422
    assert client.post(f"{page}/conclusions", data={"conclusions": "总体规范，财务待改。"}).status_code == 303
    client.post(f"{page}/put-up")
    with app.app_context():
        digest = db.session.get_one(SupervisionReport, scene.report_id).text_sha256
    client.post(f"{page}/sign", data={"text_sha256": digest})
    client.post(f"{page}/post")
    shown = client.get(page).text
    assert "1 ≤ 1/2 × 3 = 1.5" in shown
    sign_in(client, "supervisor2")
    client.post(f"{page}/sign", data={"text_sha256": "0" * 64})
    assert "1 ≤ 1/2 × 3 = 1.5" in client.get(page).text
    client.post(f"{page}/sign", data={"text_sha256": digest})
    client.post(f"{page}/post")
    assert "总体规范，财务待改。" in client.application.test_client().get(page).text
    with app.app_context():
        assert db.session.get_one(SupervisionReport, scene.report_id).state is ReportState.POSTED


def test_a_copy_is_taken_had_and_compared_and_shows_what_was_changed(
    app: Flask, client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")
    today = day_of(datetime.now(UTC))
    period = {"period_from": (today - timedelta(days=30)).isoformat(), "period_until": "2199-01-01"}
    assert client.post("/supervision/archive", data=period).status_code == 422
    period["period_until"] = (today - timedelta(days=0)).isoformat()
    assert client.post("/supervision/archive", data=period).status_code == 303
    assert "hx-trigger" in client.get("/supervision/archive").text
    with app.app_context():
        copy_id = db.session.scalars(select(ArchiveCopy.id)).one()
        services.make_copy(copy_id=copy_id, now=datetime.now(UTC))
    content = client.get(f"/supervision/archive/{copy_id}.zip").data
    with app.app_context():
        same = compare_package(db.session(), content, community_id=scene.desk.community_id)
        assert same.is_same
        assert same.compared >= 3
        db.session.execute(text("UPDATE notice SET text = '收入两万元。'"))
        db.session.execute(
            text("UPDATE journal_entry SET hash = repeat('0', 64) WHERE action = 'supervision.find'")
        )
        db.session.commit()
        found = compare_package(db.session(), content, community_id=scene.desk.community_id)
    assert [(one.section, one.how) for one in found.differences] == [("notices", "changed")]
    assert len(found.entries) == 1
    kept_here = client.post(f"/supervision/archive/{copy_id}/compare")
    assert "第一季度公共收益收支" in kept_here.text
    kept_at_home = client.post(
        "/supervision/archive/compare", data={"package": (io.BytesIO(content), "archive.zip")}
    )
    assert kept_at_home.status_code == 200
    broken = client.post(
        "/supervision/archive/compare", data={"package": (io.BytesIO(b"PK nonsense"), "archive.zip")}
    )
    assert broken.status_code == 422


def test_a_copy_that_fails_says_so_and_is_made_at_the_next_try(
    app: Flask, scene: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        today = now.date()
        copy_id = services.ask_for_copy(
            period=Period(today - timedelta(days=9), today - timedelta(days=1)),
            actor=scene.desk.supervisor,
            now=now,
        )

        def fail(*_arguments: object, **_more: object) -> bytes:
            raise OSError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr("civicforum.supervision.services.archiving.read_section", fail)
            with pytest.raises(OSError, match="disk full"):
                services.make_copy(copy_id=copy_id, now=now)
        assert db.session.get_one(ArchiveCopy, copy_id).state is CopyState.FAILED
        services.make_copy(copy_id=copy_id, now=now)
        assert db.session.get_one(ArchiveCopy, copy_id).state is CopyState.READY


def test_the_desk_makes_as_many_statements_for_many_rows_as_for_few(
    app: Flask, client: FlaskClient, scene: Records
) -> None:
    sign_in(client, "supervisor1")

    def cost(path: str) -> int:
        with count_statements() as counted:
            assert client.get(path).status_code == 200
        return counted.total

    paths = ("/supervision", "/supervision/findings", "/supervision/questions", "/supervision/sessions")
    before = [cost(path) for path in paths]
    with app.app_context():
        for number in range(4):
            file_on_notice(scene.desk, text=f"第{number}次检查，情况正常。", now=datetime.now(UTC))
            meeting_id = make_session(scene.desk, starts_at=datetime.now(UTC) + timedelta(days=number + 1))
            services.sit_in(meeting_id=meeting_id, actor=scene.desk.supervisor, now=datetime.now(UTC))
            services.ask_body(
                body_id=scene.desk.committee_id,
                title=f"第{number}个问题",
                text="请说明。",
                actor=scene.desk.supervisor,
                now=datetime.now(UTC),
            )
    assert [cost(path) - old for path, old in zip(paths, before, strict=True)] <= [0, 0, 0, 1]
