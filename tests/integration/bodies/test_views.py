"""Pages of bodies: what everybody sees, and how an administrator fills posts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.people.models import Community, Kinship
from civicforum.people.rules import KinshipKind
from tests.factories import (
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    make_term,
    sign_in,
)

ROLES = (None, Role.RESIDENT, Role.CLERK, Role.COMMITTEE, Role.ADMIN)


@dataclass(frozen=True)
class Ids:
    body: uuid.UUID
    post: uuid.UUID
    term: uuid.UUID
    person: uuid.UUID
    relative: uuid.UUID


@pytest.fixture
def ids(app: Flask, database: None) -> Ids:
    """A committee whose member 李委员 has a relative 李亲属, who holds nothing."""
    with app.app_context():
        community = make_community()
        for role in (Role.RESIDENT, Role.CLERK, Role.ADMIN):
            make_officer(community, role, login=role.value)
        body = make_body(community, BodyKind.RESIDENTS_COMMITTEE, name="青松里居委会")
        make_body(community, BodyKind.PARTY_COMMITTEE, name="青松里党委")
        make_body(community, BodyKind.SERVICE_STATION, name="青松里服务站")
        post = make_post(body, PostKind.MEMBER, title="委员", seats=2)
        person, relative = make_person(community, name="李委员"), make_person(community, name="李亲属")
        term = make_term(person, post)
        make_officer(community, Role.COMMITTEE, login="committee")
        db.session.add(
            Kinship(
                community_id=community.id,
                person_id=person.id,
                relative_id=relative.id,
                kind=KinshipKind.SIBLING,
            )
        )
        db.session.commit()
        return Ids(body.id, post.id, term.id, person.id, relative.id)


@pytest.fixture
def admin(client: FlaskClient, ids: Ids) -> FlaskClient:
    sign_in(client, "admin")
    return client


@pytest.mark.parametrize("role", ROLES)
def test_bodies_are_public_and_their_forms_the_administrators(
    client: FlaskClient, ids: Ids, role: Role | None
) -> None:
    if role is not None:
        sign_in(client, role.value)
    assert client.get("/bodies/").status_code == 200
    page = client.get(f"/bodies/{ids.body}")
    assert page.status_code == 200
    assert "李委员" in page.text
    assert (f"/bodies/terms/{ids.term}/end" in page.text) == (role is Role.ADMIN)
    expected = {None: 302, Role.ADMIN: 200}.get(role, 403)
    for path in (
        "new",
        f"{ids.body}/posts/new",
        f"{ids.body}/dissolve",
        f"posts/{ids.post}/appoint",
        f"terms/{ids.term}/end",
    ):
        assert client.get(f"/bodies/{path}").status_code == expected


def test_party_committee_stands_above_and_the_other_two_side_by_side(client: FlaskClient, ids: Ids) -> None:
    page = client.get("/bodies/").text
    top, pair = page.split("bodies-chart__pair")
    assert "青松里党委" in top
    assert "青松里居委会" in pair
    assert "青松里服务站" in pair


def test_list_of_bodies_makes_as_many_statements_for_many_as_for_few(
    app: Flask, client: FlaskClient, ids: Ids
) -> None:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    def statements() -> int:
        event.listen(engine, "before_cursor_execute", note)
        assert client.get("/bodies/").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        number = len(seen)
        seen.clear()
        return number

    with app.app_context():
        engine = db.engine
    few = statements()
    with app.app_context():
        community = db.session.get_one(Body, ids.body).community_id
        for _ in range(20):
            body = make_body(db.session.get_one(Community, community), BodyKind.SUBCOMMITTEE)
            post = make_post(body, PostKind.MEMBER)
            make_term(make_person(db.session.get_one(Community, community)), post)
    assert statements() == few < 12


def test_committee_too_small_or_without_a_woman_is_warned_of_with_its_arithmetic(
    client: FlaskClient, ids: Ids
) -> None:
    page = client.get(f"/bodies/{ids.body}").text
    assert "2 &lt; 5" in page
    assert "verdict--fails" in page


def test_relative_of_a_member_is_refused_beside_the_field_with_the_article(
    admin: FlaskClient, ids: Ids
) -> None:
    url = f"/bodies/posts/{ids.post}/appoint"
    data = {"q": "李亲属", "person": str(ids.relative), "appointed": "elected", "since": "2026-03-05"}
    refused = admin.post(url, data=data)
    assert refused.status_code == 422
    for words in ("第八条", "李委员", "person-error", 'value="2026-03-05"'):
        assert words in refused.text
    assert f'value="{ids.relative}" checked' in refused.text


def test_post_is_filled_after_a_search_that_keeps_what_was_typed(
    app: Flask, admin: FlaskClient, ids: Ids
) -> None:
    with app.app_context():
        body = db.session.get_one(Body, ids.body)
        person = make_person(db.session.get_one(Community, body.community_id), name="赵候任").id
        free = make_post(body, PostKind.DEPUTY_DIRECTOR, title="副主任", seats=1).id
    url = f"/bodies/posts/{free}/appoint"
    assert admin.get(url).status_code == 200
    found = admin.post(url, data={"q": "赵候任", "search": "1", "since": "2026-04-01"})
    assert found.status_code == 200
    assert 'value="2026-04-01"' in found.text
    data = {"person": str(person), "appointed": "elected", "since": "2026-04-01", "until": "2025-01-01"}
    assert admin.post(url, data=data).status_code == 422
    assert admin.post(url, data={**data, "until": "", "appointed": "appointed"}).status_code == 422
    assert admin.post(url, data={**data, "until": ""}).status_code == 303
    assert admin.post(url, data={**data, "until": "", "person": str(ids.relative)}).status_code == 422
    assert admin.post(url, data={}).status_code == 422


def test_term_is_ended_with_a_day_and_a_reason(admin: FlaskClient, app: Flask, ids: Ids) -> None:
    url = f"/bodies/terms/{ids.term}/end"
    assert admin.post(url, data={"on": "2026-02-01", "reason": ""}).status_code == 422
    outside = admin.post(url, data={"on": "2000-01-01", "reason": "因病辞职"})
    assert (outside.status_code, "因病辞职" in outside.text) == (422, True)
    assert admin.post(url, data={"on": "2026-02-01", "reason": "因病辞职"}).status_code == 303
    assert admin.post(url, data={"on": "2026-02-01", "reason": "因病辞职"}).status_code == 409
    assert "因病辞职" in admin.get(f"/bodies/{ids.body}").text


def test_body_is_founded_given_a_post_and_dissolved(admin: FlaskClient, app: Flask, ids: Ids) -> None:
    data = {
        "kind": "mediation_committee",
        "name": "调解委员会",
        "duty": "调解纠纷",
        "founded_on": "2026-01-01",
    }
    founded = admin.post("/bodies/new", data=data)
    assert founded.status_code == 303
    assert admin.post("/bodies/new", data=data).status_code == 422
    assert admin.post("/bodies/new", data={**data, "name": "x", "founded_on": "昨天"}).status_code == 422
    posts = f"{founded.location}/posts/new"
    for seats, status in (("0", 422), ("many", 422), ("3", 303), ("3", 422)):
        response = admin.post(posts, data={"kind": "member", "title": "委员", "seats": seats})
        assert response.status_code == status
    end = f"{founded.location}/dissolve"
    assert admin.post(end, data={"on": "2025-01-01", "reason": "并入"}).status_code == 422
    assert admin.post(end, data={"on": "2026-03-01", "reason": "并入"}).status_code == 303
    assert "调解委员会" not in admin.get("/bodies/").text
    assert admin.get(founded.location).status_code == 200


def test_body_of_another_community_is_not_found(app: Flask, admin: FlaskClient, ids: Ids) -> None:
    with app.app_context():
        body = make_body(make_community(name="别处社区"), BodyKind.SUBCOMMITTEE)
        body_id, post_id = body.id, make_post(body, PostKind.MEMBER).id
    for path in (f"{body_id}", f"{body_id}/posts/new", f"posts/{post_id}/appoint", f"{uuid.uuid4()}"):
        assert admin.get(f"/bodies/{path}").status_code == 404
