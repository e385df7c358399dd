"""The pages of personal data and of the community's file."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.people.models import Community, Person
from civicforum.polls import keyring
from civicforum.transfer import services
from civicforum.transfer.models import CommunityExport, DeletionRequest
from civicforum.transfer.persons import MARK
from civicforum.transfer.rules import RequestState
from tests.factories import actor_of, make_community, make_officer, sign_in
from tests.support.forgotten import LOGIN, NAME, PHONE, make_scene
from tests.support.polls import make_poll


@pytest.fixture
def people(app: Flask, client: FlaskClient) -> tuple[str, str]:
    """Return the ids of a community and of its resident; there are a clerk and an administrator too."""
    with app.app_context():
        scene = make_scene()
        community = db.session.get_one(Community, scene.community_id)
        make_officer(community, Role.CLERK, login="clerk")
        return str(scene.community_id), str(scene.person_id)


def test_a_resident_has_a_copy_and_asks_and_the_clerk_does_it(
    app: Flask, client: FlaskClient, people: tuple[str, str]
) -> None:
    sign_in(client, LOGIN)
    page = client.get("/data/mine")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert PHONE in page.text
    own = json.loads(client.get("/data/mine.json").get_data())
    assert own["tables"]["person"][0]["name"] == NAME
    assert "identity_hash" not in own["tables"]["person"][0]
    assert "password_hash" not in own["tables"]["account"][0]
    assert client.post("/data/mine/deletion", data={}).status_code == 422
    form = {"texts": "delete", "sure": "y"}
    assert client.post("/data/mine/deletion", data=form).status_code == 303
    client.post("/sign-out")
    sign_in(client, "clerk")
    assert NAME in client.get("/").text
    assert NAME in client.get("/data/requests").text
    with app.app_context():
        asked = db.session.scalars(select(DeletionRequest)).one()
        address = f"/data/requests/{asked.id}"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/deletion", data={}).status_code == 422
    assert client.post(f"{address}/refusal", data={"ground": ""}).status_code == 422
    assert client.post(f"{address}/deletion", data={"sure": "y"}).status_code == 303
    assert MARK in client.get(address).text
    for page_of in ("/", "/matters/", "/polls/", "/register", "/people/"):
        assert NAME not in client.get(page_of, follow_redirects=True).text


def test_a_request_is_taken_back_and_another_refused(
    app: Flask, client: FlaskClient, people: tuple[str, str]
) -> None:
    form = {"texts": "keep", "sure": "y"}
    sign_in(client, LOGIN)
    client.post("/data/mine/deletion", data=form)
    client.post("/data/mine/withdrawal")
    client.post("/data/mine/deletion", data=form)
    client.post("/sign-out")
    sign_in(client, "admin")
    with app.app_context():
        waits = DeletionRequest.state == RequestState.ASKED
        asked = db.session.scalars(select(DeletionRequest).where(waits)).one().id
    client.post(f"/data/requests/{asked}/refusal", data={"ground": "正在诉讼中"})
    client.post("/sign-out")
    sign_in(client, LOGIN)
    assert "正在诉讼中" in client.get("/data/mine").text


def test_the_administrator_fetches_the_file_and_nobody_else(committed: Flask, settings: Settings) -> None:
    with committed.app_context():
        community = make_community()
        make_officer(community, Role.CLERK, login="clerk")
        admin = make_officer(community, Role.ADMIN, login="admin")
        poll_id = make_poll(community).id
        actor = actor_of(admin, Role.ADMIN)
    client = committed.test_client()
    sign_in(client, "admin")
    blocked = client.get("/data/community").text
    assert "小区事项表决" in blocked
    keyring.destroy_keys(settings.instance, poll_id)
    assert client.post("/data/community", data={}).status_code == 422
    assert client.post("/data/community", data={"sure": "y"}).status_code == 303
    with committed.app_context():
        asked = db.session.scalars(select(CommunityExport)).one().id
    address = f"/data/community/{asked}/file"
    assert client.get(address).status_code == 404
    with committed.app_context():
        services.make_export(export_id=asked, settings=settings, clock=lambda: datetime.now(UTC))
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert answer.get_data()[:2] == b"PK"
    assert len(answer.get_data()) == answer.content_length
    client.post("/sign-out")
    sign_in(client, "clerk")
    assert client.get(address).status_code == 403
    with committed.app_context():
        assert db.session.get_one(Person, actor.person_id) is not None
