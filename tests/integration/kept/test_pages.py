"""Each page that is kept is, for people of every post, the page that would be made for them."""

from __future__ import annotations

import re
import uuid

import pytest
from flask.testing import FlaskClient

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.kept.answering import EXTENSION
from civicforum.kept.pages import KEPT
from civicforum.kept.store import Store
from civicforum.matters.rules import Stage
from civicforum.matters.services.commenting import add_comment
from civicforum.people.models import Community, Person
from tests.factories import NOW, sign_in
from tests.integration.matters.carrying import OFFICES, Place, add_task, make_matter_at, make_place
from tests.support.open_data import make_notice

# The visitor twice and two residents, so that each of them gets what was made for the other.
VIEWERS = ("", "", "resident1", "resident2", *(office.value for office in OFFICES), "resident0")


@pytest.fixture
def place(client: FlaskClient) -> Place:
    with client.application.app_context():
        return make_place()


@pytest.fixture
def addresses(client: FlaskClient, place: Place) -> dict[str, str]:
    """Return an address of each endpoint, of things that give different people different things to do."""
    with client.application.app_context():
        community = db.session.get_one(Community, place.community_id)
        officer = db.session.get_one(Person, place.actors[Role.COMMITTEE].person_id)
        matter_id = make_matter_at(place, Stage.CARRYING_OUT, due_at=NOW)
        add_task(place, matter_id, now=NOW)
        for stage in (Stage.RAISED, Stage.IN_REVIEW, Stage.DELIBERATING):
            make_matter_at(place, stage)
        add_comment(
            matter_id=matter_id, actor=place.residents[0], text="我也这样想。", parent_id=None, now=NOW
        )
        notice = make_notice(community, officer, None)
        db.session.add(notice)
        db.session.commit()
        ids: dict[str, uuid.UUID | str] = {
            "matters.show": matter_id,
            "notices.show": notice.id,
            "rules.show": "matter.seconds",
        }
    rules = {rule.endpoint: rule for rule in client.application.url_map.iter_rules()}
    return {
        endpoint: re.sub(r"<[^>]+>", str(ids.get(endpoint, "")), rules[endpoint].rule) for endpoint in KEPT
    }


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_each_kept_page_is_the_page_that_would_be_made(
    client: FlaskClient, addresses: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [_somebody(client, login, language) for login in VIEWERS]
    for endpoint, address in addresses.items():
        made = [_page(person, address) for person in people]
        with monkeypatch.context() as patch:
            patch.setitem(client.application.extensions, EXTENSION, Store(10_000_000))
            kept = [_page(person, address) for person in people]
            again = [_page(person, address) for person in people]
        for login, one, first, second in zip(VIEWERS, made, kept, again, strict=True):
            assert one == first == second, f"{endpoint} for {login or 'a visitor'}"


def _somebody(client: FlaskClient, login: str, language: str) -> FlaskClient:
    other = client.application.test_client()
    other.get(f"/language/{language}")
    if login:
        sign_in(other, login)
    return other


def _page(person: FlaskClient, address: str) -> str:
    """Return a page without its tokens, which no two pages share."""
    answer = person.get(address)
    assert answer.status_code == 200, address
    return re.sub(r'(name="csrf_token"[^>]* value=)"[^"]+"', r"\1", answer.text)
