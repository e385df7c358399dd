"""Pages of residents, grids and lists: who may see them, and what they answer."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Capacity, Community, Grid, Kinship, Person, ResidentImport
from civicforum.people.rules import CapacityKind
from tests.factories import make_community, make_officer, make_person, sign_in
from tests.resident_lists import Line, lines, text

ROLES = (None, Role.RESIDENT, Role.COMMITTEE, Role.CLERK, Role.ADMIN)


@dataclass(frozen=True)
class Ids:
    community: uuid.UUID
    person: uuid.UUID
    grid: uuid.UUID
    capacity: uuid.UUID


@pytest.fixture
def ids(app: Flask, database: None) -> Ids:
    with app.app_context():
        community = make_community()
        for role in ROLES[1:]:
            assert role is not None
            make_officer(community, role, login=role.value)
        person = make_person(
            community, name="王小明", number="Z9", phone="13800001234", capacities=(CapacityKind.OWNER,)
        )
        return Ids(
            community.id,
            person.id,
            db.session.scalars(select(Grid.id)).one(),
            db.session.scalars(select(Capacity.id).where(Capacity.person_id == person.id)).one(),
        )


@pytest.fixture
def admin(client: FlaskClient, ids: Ids) -> FlaskClient:
    sign_in(client, "admin")
    return client


def upload(client: FlaskClient, content: bytes, name: str = "a.csv") -> TestResponse:
    return client.post("/people/import", data={"file": (io.BytesIO(content), name)})


# Path -> who may; everybody else who is signed in gets a page of words with 403.
PAGES = {
    "/administration": {Role.ADMIN},
    "/people/": {Role.ADMIN, Role.CLERK},
    "/people/{person}": {Role.ADMIN, Role.CLERK},
    "/people/new": {Role.ADMIN, Role.CLERK},
    "/households/new": {Role.ADMIN, Role.CLERK},
    "/people/{person}/kin": {Role.ADMIN, Role.CLERK},
    "/people/{person}/capacities/{capacity}/end": {Role.ADMIN, Role.CLERK},
    "/people/import": {Role.ADMIN},
    "/people/import/template.csv": {Role.ADMIN},
    "/people/import/template.xlsx": {Role.ADMIN},
    "/grids/{grid}/worker": {Role.ADMIN},
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_which_page(client: FlaskClient, ids: Ids, role: Role | None) -> None:
    if role is not None:
        sign_in(client, role.value)
    for path, allowed in PAGES.items():
        response = client.get(path.format(person=ids.person, grid=ids.grid, capacity=ids.capacity))
        if role is None:
            assert response.status_code == 302, path
            assert "/sign-in" in response.location
        else:
            assert response.status_code == (200 if role in allowed else 403), path


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", ["/grids", "/communities"])
def test_grids_and_communities_are_public(
    client: FlaskClient, ids: Ids, path: str, role: Role | None
) -> None:
    if role is not None:
        sign_in(client, role.value)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.COMMITTEE, Role.CLERK])
def test_only_an_administrator_changes_grids_and_imports(client: FlaskClient, ids: Ids, role: Role) -> None:
    sign_in(client, role.value)
    for path in ("/grids", "/groups", f"/grids/{ids.grid}/worker", "/people/import"):
        assert client.post(path).status_code == 403


def test_without_a_community_the_page_says_how_to_begin(client: FlaskClient) -> None:
    page = client.get("/communities").text
    assert "civicforum init" in page
    assert "civicforum demo" in page
    assert client.get("/grids").status_code == 302


@pytest.mark.parametrize("wanted", ["王小明", "小明", "Z9", "1234", "号楼"])
def test_resident_is_found_by_name_number_address_and_end_of_the_phone(
    admin: FlaskClient, ids: Ids, wanted: str
) -> None:
    assert "王小明" in admin.get("/people/", query_string={"q": wanted}).text


def test_search_that_finds_nobody_says_so(admin: FlaskClient) -> None:
    for wanted in ("赵无此人", "%", "z" * 500):
        response = admin.get("/people/", query_string={"q": wanted})
        assert response.status_code == 200


def test_community_page_never_shows_people_of_another(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        stranger = make_person(make_community(name="别处社区"), name="邻社区人").id
    assert "邻社区人" not in admin.get("/people/", query_string={"q": "邻"}).text
    assert admin.get(f"/people/{stranger}").status_code == 404


def test_list_goes_from_upload_to_preview_to_residents(app: Flask, admin: FlaskClient) -> None:
    shown = upload(admin, text(list(lines(120)), encoding="gb18030"))
    assert shown.status_code == 303
    page = admin.get(shown.location)
    assert "R00050" in page.text
    assert "R00051" not in page.text
    assert "R00051" in admin.get(shown.location, query_string={"page": 2}).text
    assert "R00001" not in admin.get(shown.location, query_string={"kind": "error"}).text
    confirmed = admin.post(f"{shown.location}/confirm")
    assert (confirmed.status_code, confirmed.location) == (303, "/people/")
    assert "R00050" in admin.get("/people/", query_string={"q": "R00050"}).text
    assert admin.post(f"{shown.location}/confirm").status_code == 303
    assert admin.get(shown.location).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id)).where(Person.number.like("R%"))) == 120


def test_bad_row_is_shown_first_with_line_and_reason_and_cannot_be_confirmed(
    app: Flask, admin: FlaskClient
) -> None:
    table = list(lines(80))
    table[70][8] = "第九网格"
    shown = upload(admin, text(table))
    page = admin.get(shown.location).text
    assert "第九网格" in page
    assert re.search(r"</span>72\b", page)
    assert "/confirm" not in page
    assert admin.post(f"{shown.location}/confirm").status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id)).where(Person.number.like("R%"))) == 0


def test_preview_that_things_overtook_is_refused_with_words(app: Flask, admin: FlaskClient) -> None:
    first, second = upload(admin, text(list(lines(3)))), upload(admin, text(list(lines(3))))
    assert admin.post(f"{first.location}/confirm").status_code == 303
    assert admin.post(f"{second.location}/confirm").status_code == 409
    assert admin.post(f"{second.location}/discard").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(ResidentImport.id))) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x89PNG\x00", "姓名,性别".encode()]
)
def test_file_that_is_no_list_is_refused_beside_the_field(admin: FlaskClient, content: bytes) -> None:
    response = upload(admin, content)
    assert response.status_code == 422
    assert 'id="file-error"' in response.text
    assert 'href="#file"' in response.text
    assert admin.post("/people/import").status_code == 422


def test_template_can_be_imported_as_it_is(app: Flask, admin: FlaskClient) -> None:
    for kind in ("csv", "xlsx"):
        for language in ("zh_Hans", "en"):
            admin.get(f"/language/{language}")
            content = admin.get(f"/people/import/template.{kind}").data
            shown = upload(admin, content, f"a.{kind}")
            assert shown.status_code == 303
            with app.app_context():
                rows = db.session.scalars(
                    select(ResidentImport.rows).order_by(ResidentImport.created_at.desc())
                ).first()
                assert rows is not None
                assert [row["kind"] for row in rows] == ["new"]


PERSON = {
    "number": "N1",
    "name": "新来人",
    "sex": "male",
    "born_on": "1990-01-02",
    "household": "",
    "phone": "13811112222",
}


def test_refused_registration_keeps_what_was_typed(app: Flask, admin: FlaskClient, ids: Ids) -> None:
    response = admin.post("/people/new", data={**PERSON, "household": "无此户", "born_on": "后天"})
    assert response.status_code == 422
    for typed in ("N1", "新来人", "无此户", "13811112222", "后天"):
        assert f'value="{typed}"' in response.text
    for data in (
        {**PERSON, "household": "无此户"},
        {**PERSON, "number": "Z9", "household": number_of(app, ids)},
    ):
        assert admin.post("/people/new", data=data).status_code == 422


def number_of(app: Flask, ids: Ids) -> str:
    with app.app_context():
        return db.session.get_one(Person, ids.person).household.number


def test_registered_resident_has_a_page_with_capacities(app: Flask, admin: FlaskClient, ids: Ids) -> None:
    data = {**PERSON, "household": number_of(app, ids), "capacities": ["hukou", "owner"]}
    created = admin.post("/people/new", data=data)
    assert created.status_code == 303
    assert admin.get(created.location).text.count("/end") == 2
    again = admin.post(f"{created.location}/capacities", data={"kind": "owner", "since": "2030-01-01"})
    assert again.status_code == 422
    added = admin.post(f"{created.location}/capacities", data={"kind": "party_member", "since": "2020/7/1"})
    assert added.status_code == 303


def test_capacity_ends_on_a_day_that_fits(app: Flask, admin: FlaskClient, ids: Ids) -> None:
    url = f"/people/{ids.person}/capacities/{ids.capacity}/end"
    assert admin.post(url, data={"on": "2009-12-31"}).status_code == 422
    assert admin.post(url, data={"on": ""}).status_code == 422
    assert admin.post(url, data={"on": "2026-01-31"}).status_code == 303
    assert admin.get(f"/people/{uuid.uuid4()}/capacities/{ids.capacity}/end").status_code == 404


def test_relative_is_searched_chosen_and_recorded(app: Flask, admin: FlaskClient, ids: Ids) -> None:
    url = f"/people/{ids.person}/kin"
    with app.app_context():
        relative = make_person(db.session.get_one(Community, ids.community), name="王小红").id
    found = admin.post(url, data={"q": "王小红", "search": "1", "kind": "spouse"})
    assert (found.status_code, str(relative) in found.text) == (200, True)
    assert 'value="spouse" checked' in found.text
    assert admin.post(url, data={"q": "王小红", "kind": "spouse"}).status_code == 422
    chosen = {"q": "王小红", "kind": "spouse", "person": str(relative)}
    assert admin.post(url, data=chosen).status_code == 303
    assert admin.post(url, data=chosen).status_code == 422
    assert admin.post(url, data={**chosen, "person": "nobody"}).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count(Kinship.id))) == 1


def test_grid_without_a_person_is_flagged_until_one_is_named(admin: FlaskClient, ids: Ids) -> None:
    assert "govuk-tag--red" in admin.get("/grids").text
    url = f"/grids/{ids.grid}/worker"
    assert "王小明" in admin.get(url, query_string={"q": "Z9"}).text
    assert admin.post(url, data={}).status_code == 422
    assert admin.post(url, data={"person": str(ids.person)}).status_code == 303
    page = admin.get("/grids").text
    assert "王小明" in page
    assert "govuk-tag--red" not in page


def test_grid_and_group_of_a_known_name_are_refused_beside_the_field(admin: FlaskClient) -> None:
    assert admin.post("/grids", data={"code": "02", "name": "第二网格"}).status_code == 303
    response = admin.post("/grids", data={"code": "02", "name": "第三网格"})
    assert (response.status_code, 'value="第三网格"' in response.text) == (422, True)
    assert admin.post("/groups", data={"group": "第一居民小组"}).status_code == 422
    assert admin.post("/groups", data={"group": "第二居民小组"}).status_code == 303


def test_household_is_added_once(admin: FlaskClient, app: Flask, ids: Ids) -> None:
    page = admin.get("/households/new").text
    grid, group = re.findall(r'<option value="([0-9a-f-]{36})"', page)
    data = {"number": "H-1", "address": "9号楼", "grid": grid, "group": group}
    assert admin.post("/households/new", data=data).status_code == 303
    assert admin.post("/households/new", data=data).status_code == 422
    assert admin.post("/households/new", data={**data, "grid": str(uuid.uuid4())}).status_code == 422


def test_identity_number_is_on_no_page(admin: FlaskClient, app: Flask, ids: Ids) -> None:
    table: list[Line] = list(lines(3))
    shown = upload(admin, text(table))
    pages = [admin.get(shown.location).text]
    admin.post(f"{shown.location}/confirm")
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.number == "R00001")).one()
        person_id, fingerprint = person.id, person.identity_hash
    pages += [admin.get(path).text for path in ("/people/", f"/people/{person_id}", "/register")]
    number = table[0][4]
    refused = admin.post("/people/new", data={**PERSON, "household": "0001", "identity_number": number})
    assert refused.status_code == 422
    for page in pages:
        assert number not in page
        assert str(fingerprint) not in page


@pytest.mark.parametrize("address", ["/", "/matters", "/meetings/", "/notices", "/bodies/", "/register"])
def test_visitor_who_has_chosen_no_community_is_led_to_the_choice(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with app.app_context():
        make_community(name="青松里社区")
        make_community(name="柳荫社区")
    answer = client.get(address, follow_redirects=True)
    assert answer.request.path == "/communities"
    assert "柳荫社区" in answer.text
