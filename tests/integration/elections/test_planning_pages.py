"""The pages for planning an election, its committee, the officers' page and the subdistrict's board."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import CommitteePlace, Election, Step
from civicforum.elections.rules import ElectionKind, LeftGround, Stage
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from tests.factories import (
    make_account,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    sign_in,
)
from tests.support.days import today
from tests.support.elections import (
    do_steps,
    make_candidate,
    make_election,
    make_registration,
    make_round,
    make_voters,
    make_winner,
    seat_committee,
)
from tests.support.statements import count_statements

FAR = today() + timedelta(days=60)
_M = Milestone


def town() -> Community:
    """Make a community whose committee, supervisor and a resident can sign in by the name of their role."""
    community = make_community()
    for role in (Role.COMMITTEE, Role.SUPERVISOR, Role.RESIDENT):
        make_officer(community, role, login=role.value)
    return community


def elected_body(community: Community) -> Body:
    body = make_body(community, BodyKind.DELIBERATION_COUNCIL, name="议事会")
    make_post(body, PostKind.MEMBER, title="议事员", seats=5)
    return body


def form_for(body: Body, **changed: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "body": str(body.id),
        "occasion": "term",
        "way": "voters",
        "title": "",
        "polling_on": FAR.isoformat(),
        "opens": "08:00",
        "closes": "18:00",
        "place": "党群服务中心",
        f"seats_{body.posts[0].id.hex}": "5",
        "by_proxy": "y",
        **changed,
    }


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)
    assert found
    return found.group(1)


@pytest.fixture
def planned(app: Flask, client: FlaskClient) -> uuid.UUID:
    """An election planned for a day far ahead, and the committee signed in."""
    with app.app_context():
        election_id = make_election(town(), day=FAR).id
    sign_in(client, "committee")
    return election_id


def test_calendar_is_shown_before_the_plan_is_saved(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        form = form_for(elected_body(town()))
    sign_in(client, "committee")
    page = client.post("/elections/new", data=form).text
    assert "选民名单公布" in page
    with app.app_context():
        assert db.session.scalars(select(Election)).all() == []
    # Another day than the one shown is shown first.
    other = {**form, "polling_on": (FAR + timedelta(days=1)).isoformat(), "seen": seen_on(page), "save": "1"}
    assert client.post("/elections/new", data=other).status_code == 200
    answer = client.post("/elections/new", data={**form, "seen": seen_on(page), "save": "1"})
    assert answer.status_code == 303
    assert answer.location == f"/elections/{form['key']}/manage"
    with app.app_context():
        election = db.session.scalars(select(Election)).one()
        assert (election.title, day_of(election.opens_at)) == (f"{FAR.year}年议事会换届选举", FAR)
    assert client.post("/elections/new", data={**form, "seen": seen_on(page), "save": "1"}).status_code == 303


def test_day_too_near_is_refused_with_the_article_and_the_first_that_would_do(
    app: Flask, client: FlaskClient
) -> None:
    near = today() + timedelta(days=19)
    with app.app_context():
        form = form_for(elected_body(town()), polling_on=near.isoformat())
    sign_in(client, "committee")
    answer = client.post("/elections/new", data=form, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "art 17" in answer.text
    assert f"{near} − {today()} = 19 &lt; 20" in answer.text
    first = today() + timedelta(days=20)
    assert f"The first day that would do: {first:%B} {first.day}, {first.year}." in answer.text
    # Nothing typed is lost.
    assert 'value="党群服务中心"' in answer.text


def test_screen_without_ground_is_refused_beside_its_field(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        form = form_for(elected_body(town()), by_screen="y")
    sign_in(client, "committee")
    answer = client.post("/elections/new", data=form)
    assert answer.status_code == 422
    assert 'id="screen_ground-error"' in answer.text
    assert client.post("/elections/new", data={**form, "screen_ground": "街道复函"}).status_code == 200


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_officers_page_shows_what_stands_in_the_way_and_leads_there(
    client: FlaskClient, planned: uuid.UUID, locale: str
) -> None:
    page = client.get(f"/elections/{planned}/manage", headers={"Accept-Language": locale}).text
    assert f"/elections/{planned}/steps/plan_approved" in page
    assert 'action="/elections/' not in page.split("stage-bar")[0]


def test_step_is_recorded_and_the_election_goes_on(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    blocked = client.post(f"/elections/{planned}/advance", follow_redirects=True)
    assert "方案" in blocked.text
    assert client.post(f"/elections/{planned}/steps/plan_approved", data={"note": ""}).status_code == 422
    client.post(f"/elections/{planned}/steps/plan_approved", data={"note": "代表会议第1号决议"})
    client.post(f"/elections/{planned}/advance")
    with app.app_context():
        assert db.session.get_one(Election, planned).stage is Stage.COMMITTEE
    assert "代表会议第1号决议" in client.get(f"/elections/{planned}").text
    assert client.get(f"/elections/{planned}/steps/committee_formed").status_code == 404


def test_day_is_moved_and_a_day_that_is_over_is_refused(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    url = f"/elections/{planned}/day"
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert client.post(url, data={"day": yesterday, "reason": "误选"}).status_code == 422
    later = FAR + timedelta(days=7)
    assert client.post(url, data={"day": later.isoformat(), "reason": "场地冲突"}).status_code == 303
    with app.app_context():
        assert day_of(db.session.get_one(Election, planned).opens_at) == later


def test_single_date_that_breaks_a_clock_is_refused_beside_it(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    with app.app_context():
        steps = db.session.scalars(select(Step).where(Step.election_id == planned)).all()
        form = {step.milestone.value: step.planned_on.isoformat() for step in steps}
    url = f"/elections/{planned}/dates"
    late = {**form, "formal_list": (FAR - timedelta(days=4)).isoformat()}
    answer = client.post(url, data=late)
    assert answer.status_code == 422
    assert 'id="formal_list-error"' in answer.text
    assert client.post(url, data=form).status_code == 303


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", ""])
def test_day_that_nobody_means_is_refused_beside_its_field(
    app: Flask, client: FlaskClient, planned: uuid.UUID, day: str
) -> None:
    with app.app_context():
        community = db.session.scalars(select(Community)).one()
        form = form_for(elected_body(community), polling_on=day)
        steps = db.session.scalars(select(Step).where(Step.election_id == planned)).all()
        dates = {step.milestone.value: step.planned_on.isoformat() for step in steps}
    assert client.post("/elections/new", data=form).status_code == 422
    assert client.post(f"/elections/{planned}/day", data={"day": day, "reason": "误"}).status_code == 422
    answer = client.post(f"/elections/{planned}/dates", data={**dates, "handed_over": day})
    assert answer.status_code == 422
    assert 'id="handed_over-error"' in answer.text


@pytest.mark.parametrize("number", ["99999999999", "-1", "x", "1000"])
def test_number_of_seats_that_nobody_means_is_refused(
    app: Flask, client: FlaskClient, planned: uuid.UUID, number: str
) -> None:
    with app.app_context():
        body = elected_body(db.session.scalars(select(Community)).one())
        form = form_for(body, **{f"seats_{body.posts[0].id.hex}": number})
    assert client.post("/elections/new", data=form).status_code == 422


def test_plan_is_changed_on_its_page(app: Flask, client: FlaskClient, planned: uuid.UUID) -> None:
    with app.app_context():
        election = db.session.get_one(Election, planned)
        seats = {f"seats_{post.id.hex}": "3" for post in election.body.posts}
        body_id = str(election.body_id)
    form = {
        "body": body_id,
        "way": "households",
        "title": "改过的名称",
        "opens": "07:00",
        "closes": "19:00",
        "place": "学校礼堂",
    }
    url = f"/elections/{planned}/plan"
    assert client.get(url).status_code == 200
    assert client.post(url, data=form | seats).status_code == 303
    with app.app_context():
        assert db.session.get_one(Election, planned).title == "改过的名称"
    too_many = dict.fromkeys(seats, "4")
    assert client.post(url, data=form | too_many).status_code == 422


def test_committee_is_entered_and_formed_on_its_page(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    with app.app_context():
        election = db.session.get_one(Election, planned)
        community = db.session.get_one(Community, election.community_id)
        people = [make_person(community, name=f"推选{number}") for number in range(5)]
        ids = [str(person.id) for person in people]
        election.stage = Stage.COMMITTEE
        db.session.commit()
    url = f"/elections/{planned}/committee"
    assert "推选3" in client.get(f"{url}?q=推选").text
    for votes, person in enumerate(ids):
        client.post(f"{url}/places", data={"person": person, "votes": str(50 - votes)})
    again = client.post(f"{url}/places", data={"person": ids[0], "votes": "1"}, follow_redirects=True)
    assert "已在名单中" in again.text
    bad = client.post(f"{url}/form", data={"size": "4", "director": ids[0]})
    assert bad.status_code == 422
    assert "4 &lt; 5" in bad.text
    good = client.post(f"{url}/form", data={"size": "5", "director": ids[0], "deputies": [ids[1]]})
    assert good.status_code == 303
    with app.app_context():
        posts = db.session.scalars(select(CommitteePlace.post).order_by(CommitteePlace.position)).all()
        assert posts[:3] == [PostKind.DIRECTOR, PostKind.DEPUTY_DIRECTOR, PostKind.MEMBER]
    # The committee in office reads along from now on.
    assert "has resigned" not in client.get(url, headers={"Accept-Language": "en"}).text.lower()
    assert client.post(f"/elections/{planned}/advance").status_code == 403


def test_member_resigns_and_another_misses_meetings_on_the_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        election = make_election(town(), day=FAR, stage=Stage.REGISTRATION)
        members = seat_committee(election)
        make_account(members[0], login="chair")
        url, second, third = f"/elections/{election.id}/committee", members[1].id, members[2].id
        follower = db.session.scalars(
            select(CommitteePlace.person_id).where(CommitteePlace.post.is_(None))
        ).one()
    sign_in(client, "chair")
    assert client.post(f"{url}/resign", data={"person": str(second)}).status_code == 303
    again = client.post(f"{url}/resign", data={"person": str(second)}, follow_redirects=True)
    assert "已经不是成员" in again.text
    for _ in range(2):
        assert client.post(f"{url}/meetings", data={"absent": [str(third)]}).status_code == 303
    with app.app_context():
        rows = db.session.execute(
            select(CommitteePlace.person_id, CommitteePlace.left_ground, CommitteePlace.post)
        ).all()
        grounds = {person: ground for person, ground, _post in rows}
        assert (grounds[second], grounds[third]) == (LeftGround.RESIGNED, LeftGround.ABSENT)
        posts = {person: post for person, _ground, post in rows}
        assert posts[follower] is PostKind.DEPUTY_DIRECTOR
    assert client.post(f"{url}/resign", data={}).status_code == 404


def test_void_election_is_planned_again_with_what_it_had(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    assert client.post(f"/elections/{planned}/void", data={"ground": ""}).status_code == 422
    client.post(f"/elections/{planned}/void", data={"ground": "候选人行贿"})
    assert "候选人行贿" in client.get(f"/elections/{planned}").text
    page = client.get(f"/elections/new?follows={planned}").text
    assert "社区党群服务中心一楼大厅" in page
    with app.app_context():
        body = db.session.get_one(Election, planned).body
        form = {**form_for(body), **{f"seats_{post.id.hex}": "3" for post in body.posts[:1]}}
        form |= {f"seats_{post.id.hex}": "1" for post in body.posts[1:]}
    shown = client.post(f"/elections/new?follows={planned}", data=form).text
    client.post(f"/elections/new?follows={planned}", data={**form, "seen": seen_on(shown), "save": "1"})
    with app.app_context():
        assert db.session.scalars(select(Election.follows_id).where(Election.id != planned)).one() == planned


@pytest.mark.parametrize("path", ["", "?running=9&over=9"])
def test_visitors_read_the_list_and_the_page_of_an_election(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with app.app_context():
        election_id = make_election(town(), day=FAR).id
    assert "青松里社区居民委员会换届选举" in client.get(f"/elections/{path}").text
    page = client.get(f"/elections/{election_id}", headers={"Accept-Language": "en"}).text
    assert "Where it stands" in page
    assert f"/elections/{election_id}/manage" not in page


def test_election_of_another_community_is_not_there(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        town()
        other = make_election(make_community(name="别处社区"), day=FAR).id
    sign_in(client, "committee")
    for path in ("", "/manage", "/committee", "/plan", "/day", "/dates", "/void"):
        assert client.get(f"/elections/{other}{path}").status_code == 404


def test_board_shows_every_community_of_the_subdistrict_in_one_statement(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        community = town()
        for name in ("银杏社区", "金桂社区"):
            neighbour = make_community(name=name)
            neighbour.subdistrict_id = community.subdistrict_id
        make_community(name="别区社区")
        done = make_election(neighbour, stage=Stage.CLOSED, day=date(2021, 4, 11), title="上届选举")
        candidate = make_candidate(done, "主任", make_person(neighbour))
        make_winner(make_round(done), candidate, 60, certificate="01", certified_on=date(2021, 4, 12))
        running = make_election(community, day=FAR)
        do_steps(running, _M.PLAN_APPROVED)
        make_election(community, stage=Stage.VOID, void_ground="无效", day=date(2021, 4, 11))
        other = {"kind": ElectionKind.SUPERVISION, "title": "监督委员会上届选举"}
        make_election(community, stage=Stage.CLOSED, day=date(2021, 4, 18), **other)
        db.session.commit()
    sign_in(client, "resident")
    client.get("/elections/board")
    with count_statements() as counted:
        page = client.get("/elections/board", headers={"Accept-Language": "en"}).text
    assert "1, 1 with certificate" in page
    assert "No election has been planned here yet." in page
    assert "别区社区" not in page
    # The void one is not shown while another is running.
    assert page.count("青松里社区居民委员会换届选举") == 1
    # What is over is shown beside what is running for another body.
    assert "监督委员会上届选举" in page
    assert sum("row_number" in statement for statement in counted.statements) == 1


def test_supervisors_read_along_and_residents_do_not(
    app: Flask, client: FlaskClient, planned: uuid.UUID
) -> None:
    sign_in(client, "supervisor")
    page = client.get(f"/elections/{planned}/manage", headers={"Accept-Language": "en"}).text
    assert "You read along here." in page
    # A page that would be refused is not offered.
    assert f"/elections/{planned}/committee" in page
    assert f"/elections/{planned}/dates" not in page
    assert client.post(f"/elections/{planned}/advance").status_code == 403
    sign_in(client, "resident")
    assert client.get(f"/elections/{planned}/manage").status_code == 403


def test_officers_page_costs_as_many_statements_for_a_large_election_as_for_a_small_one(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        election = make_election(town(), day=FAR, stage=Stage.REVIEW)
        election_id = election.id
        make_candidate(election, "委员", make_person(db.session.get_one(Community, election.community_id)))
    sign_in(client, "supervisor")
    url = f"/elections/{election_id}/manage"
    client.get(url)
    with count_statements() as few:
        client.get(url)
    with app.app_context():
        election = db.session.get_one(Election, election_id)
        for person in make_voters(election, 30):
            make_registration(election, person)
            make_candidate(election, "委员", person)
    with count_statements() as many:
        client.get(url)
    assert many.total == few.total
