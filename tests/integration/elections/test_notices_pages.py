"""The pages of an election's notices: the list, a notice, issuing one, the archive."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.models import Election, ElectionNotice
from civicforum.elections.rules import NoticeKind
from civicforum.people.models import Community, Person
from tests.factories import make_account, make_community, make_officer, sign_in
from tests.support.election_records import ASKED, issue, issue_all, make_records
from tests.support.elections import make_election, make_round, make_voters, seat_committee
from tests.support.statements import count_statements

FORM = {**ASKED, "extra": "", "corrects": "", "issue": "1"}


@dataclass(frozen=True)
class Scene:
    id: uuid.UUID

    @property
    def url(self) -> str:
        return f"/elections/{self.id}/notices"

    @property
    def row(self) -> Election:
        """The election's row; wants an app context."""
        return db.session.get_one(Election, self.id)


def make_scene(community: Community, election_id: uuid.UUID, officer_id: uuid.UUID) -> Scene:
    """Let "officer", who presides, "supervisor" and "resident" sign in."""
    make_account(db.session.get_one(Person, officer_id), login="officer")
    make_officer(community, Role.SUPERVISOR, login="supervisor")
    make_officer(community, Role.RESIDENT, login="resident")
    make_officer(community, Role.COMMITTEE, login="member")
    return Scene(election_id)


@pytest.fixture
def done(app: Flask, database: None) -> Scene:
    """An election with all its records and no notice."""
    with app.app_context():
        community = make_community()
        records = make_records(community)
        return make_scene(community, records.id, records.officers[0])


@pytest.fixture
def begun(app: Flask, database: None) -> Scene:
    """An election whose committee is formed, and nothing more."""
    with app.app_context():
        community = make_community()
        election = make_election(community)
        officers = seat_committee(election)
        return make_scene(community, election.id, officers[0].id)


def count_issued(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ElectionNotice)) or 0


def test_a_draft_shows_gaps_until_they_are_typed_and_is_issued_once(
    app: Flask, client: FlaskClient, begun: Scene
) -> None:
    sign_in(client, "officer")
    address = f"{begun.url}/registration/issue"
    assert "＿＿＿＿＿＿" in client.get(address).text
    issued = client.post(address, data=FORM)
    assert issued.status_code == 303
    assert "登记地点：社区党群服务中心一楼。" in client.get(issued.headers["Location"]).text
    assert client.post(address, data=FORM).headers["Location"].endswith("/notices")
    assert count_issued(app) == 1


def test_a_preview_issues_nothing_and_loses_nothing(app: Flask, client: FlaskClient, begun: Scene) -> None:
    sign_in(client, "officer")
    typed = {**FORM, "office": "老年活动室", "extra": "欢迎互相转告。", "preview": "1"}
    del typed["issue"]
    page = client.post(f"{begun.url}/registration/issue", data=typed)
    assert page.status_code == 200
    assert "登记地点：老年活动室。" in page.text
    assert page.text.count("欢迎互相转告。") == 2
    assert count_issued(app) == 0


@pytest.mark.parametrize(
    ("change", "field"), [({"office": ""}, "office"), ({"extra": "150204197005171234"}, "extra")]
)
def test_what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, client: FlaskClient, begun: Scene, change: dict[str, str], field: str
) -> None:
    sign_in(client, "officer")
    page = client.post(f"{begun.url}/registration/issue", data={**FORM, **change})
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-error"' in page.text
    assert 'value="9:00至17:00"' in page.text
    assert count_issued(app) == 0


def test_all_that_the_notice_says_and_is_not_typed_is_named_at_once(
    client: FlaskClient, begun: Scene
) -> None:
    sign_in(client, "officer")
    page = client.post(f"{begun.url}/registration/issue", data={**FORM, "office": "", "office_hours": " "})
    assert page.status_code == 422
    assert 'href="#office"' in page.text
    assert 'href="#office_hours"' in page.text


def test_a_notice_that_is_not_ready_says_what_is_missing_with_a_link(
    client: FlaskClient, begun: Scene
) -> None:
    sign_in(client, "officer")
    page = client.get(f"{begun.url}/roll/issue").text
    assert f'href="/elections/{begun.id}/rounds"' in page
    assert 'name="issue"' not in page


def test_an_issued_notice_is_public_and_set_in_chinese_on_an_english_page(
    app: Flask, client: FlaskClient, done: Scene
) -> None:
    with app.app_context():
        notice_id = issue(done.row, NoticeKind.FORMAL_LIST).id
    client.get("/language/en")
    page = client.get(f"{done.url}/{notice_id}").text
    assert '<html lang="en"' in page
    assert '<article class="official" lang="zh-Hans"' in page
    assert "青松里社区居民选举委员会公告" in page
    assert "（第一号）" in page
    assert "二〇二六年三月二日" in page


def test_the_board_shows_the_text_with_its_own_signature_and_leads_to_the_election(
    app: Flask, client: FlaskClient, done: Scene
) -> None:
    with app.app_context():
        board_id = issue(done.row, NoticeKind.MEETING).notice_id
    page = client.get(f"/notices/{board_id}").text
    assert "青松里社区居民选举委员会\n二〇二六年三月二日</div>" in page
    assert "notice__sign" not in page
    assert f'href="{done.url}"' in page


def test_a_corrected_notice_says_which_one_holds(app: Flask, client: FlaskClient, done: Scene) -> None:
    with app.app_context():
        first = issue(done.row, NoticeKind.POLLING).id
        second = issue(done.row, NoticeKind.POLLING, corrects=1, reason="时间有误").id
    sign_in(client, "officer")
    assert f"/notices/{second}" in client.get(f"{done.url}/{first}").text
    latest = client.get(f"{done.url}/{second}").text
    assert "现对第一号公告予以更正。更正原因：时间有误。" in latest
    assert f"{done.url}/polling/issue" in latest


def test_residents_see_what_is_issued_and_officers_what_is_ready_and_late(
    app: Flask, client: FlaskClient, done: Scene
) -> None:
    with app.app_context():
        issue(done.row, NoticeKind.COMMITTEE)
    client.get("/language/en")
    public = client.get(done.url).text
    assert "关于居民选举委员会组成人员的公告" in public
    assert "Ready to issue" not in public
    sign_in(client, "supervisor")
    assert "Ready to issue" in client.get(done.url).text
    assert f"{done.url}/roll/issue" not in client.get(done.url).text
    sign_in(client, "officer")
    page = client.get(done.url).text
    # The days of this election are over: everything but the notice issued is late.
    assert page.count(">Late<") == 17
    assert f"{done.url}/result/issue?round=1" in page


def test_only_who_presides_issues(client: FlaskClient, done: Scene) -> None:
    for login in ("supervisor", "resident"):
        sign_in(client, login)
        assert client.get(f"{done.url}/roll/issue").status_code == 403


def test_addresses_of_nothing_are_not_found(client: FlaskClient, done: Scene) -> None:
    sign_in(client, "officer")
    for address in ("nonsense/issue", "result/issue?round=9", "void/issue"):
        assert client.get(f"{done.url}/{address}").status_code == 404
    assert client.get(f"{done.url}/{uuid.uuid4()}").status_code == 404
    assert client.get(f"/elections/{uuid.uuid4()}/notices").status_code == 404


def test_the_archive_says_in_words_what_is_missing_and_when_it_is_complete(
    app: Flask, client: FlaskClient, done: Scene
) -> None:
    sign_in(client, "supervisor")
    client.get("/language/en")
    address = f"/elections/{done.id}/archive"
    page = client.get(address).text
    assert "Is missing: not issued" in page
    assert "The archive is complete" not in page
    with app.app_context():
        issue_all(done.row)
    page = client.get(address).text
    assert "The archive is complete" in page
    assert "Is missing" not in page
    assert "李文涛（主任）" in page
    assert f"/elections/{done.id}/review" in page
    sign_in(client, "member")
    page = client.get(address).text
    assert "The archive is complete" in page
    assert f"/elections/{done.id}/review" not in page


def test_a_roll_of_five_thousand_is_shown_with_its_group_on_top_of_each_table(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        election = make_election(make_community())
        seat_committee(election)
        groups = ("第一居民小组", "第二居民小组")
        make_round(election, people=make_voters(election, 5000, groups=groups, bulk=True))
        notice_id = issue(election, NoticeKind.ROLL).id
        address = f"/elections/{election.id}/notices/{notice_id}"
    with count_statements() as counted:
        page = client.get(address)
    assert page.text.count("<td>居民") == 5000
    assert page.text.count('<thead><tr><th colspan="6" scope="colgroup">') == 2
    assert "（共2500人）" in page.text
    assert counted.total < 15
