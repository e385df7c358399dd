"""Lists: pages that neither repeat nor leave out anything, filters, and a bounded number of statements."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.api.kinds import KINDS
from civicforum.database import db
from civicforum.matters.rules import Stage
from civicforum.people.models import Community, Person
from tests.factories import NOW, make_community, make_person
from tests.support.open_data import fill, make_matter, make_notice
from tests.support.statements import count_statements


def walk(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """Return everything of a list, page by page."""
    found: list[dict[str, Any]] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.get_json()
        found += page["items"]
        address = page["next"]
    return found


def test_pages_give_everything_once_even_where_instants_are_equal(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        community = make_community()
        author = make_person(community)
        for serial in range(1, 8):
            matter = make_matter(community, author, serial)
            matter.raised_at = NOW
        db.session.commit()

    found = walk(client, "/api/v1/matters?limit=2")

    assert sorted(one["number"] for one in found) == [f"2026-{serial:04}" for serial in range(1, 8)]


def test_a_page_goes_on_where_the_last_one_ended_whatever_was_added_meanwhile(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        filled = fill(matters=3)
    first = client.get("/api/v1/matters?limit=2").get_json()
    with app.app_context():
        community = db.session.get_one(Community, filled.community_id)
        make_matter(community, db.session.get_one(Person, filled.author_id), 9)
        db.session.commit()

    rest = client.get(first["next"]).get_json()

    assert [one["number"] for one in first["items"]] == ["2026-0003", "2026-0002"]
    assert [one["number"] for one in rest["items"]] == ["2026-0001"]
    assert rest["next"] is None


def test_the_next_page_stands_in_the_link_header_with_the_filters_kept(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        fill(matters=3)

    answer = client.get("/api/v1/matters?limit=1&category=facilities")

    following = answer.get_json()["next"]
    assert answer.headers["Link"] == f'<{following}>; rel="next"'
    assert "category=facilities" in following
    assert "limit=1" in following
    assert "Link" not in client.get("/api/v1/matters").headers


@pytest.mark.parametrize("cursor", ["AAAA", "WzFd", "bnVsbA", "x" * 300])
def test_a_cursor_of_no_page_is_refused(app: Flask, client: FlaskClient, cursor: str) -> None:
    with app.app_context():
        fill()

    answer = client.get(f"/api/v1/matters?cursor={cursor}")

    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.get_json()["errors"]] == ["cursor"]


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_longer_page_makes_no_more_statements(app: Flask, client: FlaskClient, kind: str) -> None:
    with app.app_context():
        filled = fill(matters=2)
    client.get(f"/api/v1/{kind}")
    with count_statements() as before:
        short = client.get(f"/api/v1/{kind}").get_json()["items"]
    with app.app_context():
        _grow(filled.community_id, filled.author_id)
    with count_statements() as after:
        long = client.get(f"/api/v1/{kind}").get_json()["items"]

    # One more where a list was empty before: what hangs on its rows.
    assert after.total <= before.total + (1 if not short else 0)
    assert after.total <= 7
    assert len(long) > len(short) or kind not in ("matters", "notices")


def test_matters_are_narrowed_by_stage_and_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        filled = fill(matters=1)
        community = db.session.get_one(Community, filled.community_id)
        author = db.session.get_one(Person, filled.author_id)
        make_matter(community, author, 2, stage=Stage.DECIDED).title = "安装门禁"
        db.session.commit()

    decided = client.get("/api/v1/matters?stage=decided").get_json()["items"]
    found = client.get("/api/v1/matters", query_string={"q": "门禁"}).get_json()["items"]

    assert [one["number"] for one in decided] == ["2026-0002"]
    assert [one["number"] for one in found] == ["2026-0002"]
    assert client.get("/api/v1/matters?stage=draft").get_json()["items"] == []


def test_updated_since_asks_the_public_register(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        filled = fill(matters=2)

    def since(day: str) -> list[str]:
        answer = client.get(f"/api/v1/matters?updated_since={day}T00:00:00Z")
        return [one["id"] for one in answer.get_json()["items"]]

    assert since("2026-03-02") == [str(filled.matter_id)]
    assert since("2026-03-03") == []


def test_hidden_comments_give_the_reason_alone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        filled = fill()

    shown, hidden = client.get(f"/api/v1/comments?matter={filled.matter_id}").get_json()["items"]

    assert (shown["text"], shown["hidden_reason"]) == ("=支持", None)
    assert (hidden["text"], hidden["hidden_reason"], hidden["hidden_by"]) == (None, "personal_data", "周明")


def test_the_register_can_be_followed_as_a_chain_to_its_head(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        fill()

    entries = walk(client, "/api/v1/journal?limit=1")
    head = client.get("/api/v1/journal/head").get_json()

    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry["previous_hash"] for entry in entries] == ["", *(entry["hash"] for entry in entries[:-1])]
    assert (head["sequence"], head["hash"]) == (len(entries), entries[-1]["hash"])
    published, graded = entries[-2:]
    assert (published["action"], published["by"]) == ("matter.publish", "林桂芳")
    assert graded["is_public"] is False
    assert {name for name, value in graded.items() if value is not None} == {
        "sequence",
        "is_public",
        "previous_hash",
        "hash",
    }
    assert client.get("/api/v1/journal?since=1").get_json()["items"] == entries[1:]


def test_where_a_site_serves_several_communities_one_is_named(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        filled = fill(matters=1)
        other = make_community(name="柳园社区").id

    listed = client.get("/api/v1/communities").get_json()["items"]
    unnamed = client.get("/api/v1/matters")

    assert {one["name"] for one in listed} == {"槐荫里社区", "柳园社区"}
    assert unnamed.status_code == 422
    assert [error["parameter"] for error in unnamed.get_json()["errors"]] == ["community"]
    assert len(client.get(f"/api/v1/matters?community={filled.community_id}").get_json()["items"]) == 1
    assert client.get(f"/api/v1/matters?community={other}").get_json()["items"] == []
    assert client.get(f"/api/v1/matters/{filled.matter_id}?community={other}").status_code == 404


def test_the_rules_in_force_come_with_value_and_article(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()

    rules = {rule["id"]: rule for rule in client.get("/api/v1/rules").get_json()["items"]}

    assert rules["assembly.residents.demand"]["value"] == "≥ 1/10"
    assert rules["assembly.residents.demand"]["articles"] == [26]


def _grow(community_id: Any, author_id: Any) -> None:
    community = db.session.get_one(Community, community_id)
    author = db.session.get_one(Person, author_id)
    for serial in range(20, 26):
        make_matter(community, author, serial)
        db.session.add(make_notice(community, author, None, serial=serial))
    db.session.commit()
