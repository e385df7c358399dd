"""What an unsigned visitor may not read stands in no answer, no export, no feed and no calendar."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.api.kinds import KINDS, ONES, PLAIN
from tests.support.open_data import SECRETS, Filled, fill

FILES = [f"/api/v1/exports/{kind.name}.{suffix}" for kind in KINDS for suffix in ("csv", "jsonl")]
LISTS = [f"/api/v1/{kind.name}?limit=100" for kind in KINDS]
OTHERS = [f"/api/v1/{one.name}" for one in PLAIN] + ["/api/v1/communities", "/feed.atom", "/calendar.ics"]


@pytest.fixture
def filled(app: Flask, client: FlaskClient) -> Filled:
    with app.app_context():
        return fill(whole=True)


@pytest.fixture
def everything(client: FlaskClient, filled: Filled) -> str:
    """Every answer there is, as one text."""
    texts = [client.get(address).text for address in (*LISTS, *OTHERS, *FILES)]
    for one in ONES:
        ids = [row["id"] for row in client.get(f"/api/v1/{one.of}").get_json()["items"]]
        texts += [client.get(f"/api/v1/{one.of}/{key}").text for key in ids]
    return "\n".join(texts)


def test_no_secret_leaves(everything: str) -> None:
    assert "林桂芳" in everything
    assert [name for name, secret in SECRETS.items() if secret in everything] == []


def test_no_id_of_a_person_leaves(everything: str, filled: Filled) -> None:
    # By known ids the hashes of entries that are not public could be found by trying.
    assert str(filled.author_id) not in everything


def test_no_field_is_called_like_personal_data() -> None:
    from civicforum.api.openapi import document

    names = {
        name
        for schema in document()["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
    assert {
        name for name in names if re.search(r"born|birth|address|identity|household|person|actor", name)
    } == set()
    assert {
        name
        for name, schema in document()["components"]["schemas"].items()
        if "phone" in schema.get("properties", {})
    } == {"DepartmentShape"}


def test_nothing_is_found_by_words_that_are_not_shown(client: FlaskClient, filled: Filled) -> None:
    for kind in ("notices", "matters"):
        for secret in SECRETS.values():
            assert client.get(f"/api/v1/{kind}", query_string={"q": secret}).get_json()["items"] == []
