"""Exports, the feed and the calendar, read as other programs read them."""

from __future__ import annotations

import csv
import io
import json
import uuid
from xml.etree import ElementTree as Tree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.api.kinds import KINDS
from civicforum.database import db
from civicforum.notices.models import Notice
from tests.support.open_data import Filled, fill

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def filled(app: Flask, client: FlaskClient) -> Filled:
    with app.app_context():
        return fill()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.whole is None], ids=lambda kind: kind.name)
def test_lines_are_what_the_list_answers(client: FlaskClient, filled: Filled, kind: object) -> None:
    name = kind.name  # type: ignore[attr-defined]

    lines = client.get(f"/api/v1/exports/{name}.jsonl").text.splitlines()

    assert [json.loads(line) for line in lines] == client.get(f"/api/v1/{name}?limit=100").get_json()["items"]


def test_a_table_has_a_row_for_each_line_and_calculates_nothing(client: FlaskClient, filled: Filled) -> None:
    answer = client.get("/api/v1/exports/comments.csv")

    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["text"] for row in rows] == ["'=支持", ""]
    assert [row["hidden_reason"] for row in rows] == ["", "personal_data"]
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="comments-')


def test_an_export_is_written_while_it_is_read(client: FlaskClient, filled: Filled) -> None:
    answer = client.get("/api/v1/exports/matters.jsonl", buffered=False)

    assert answer.is_streamed
    assert "Content-Length" not in answer.headers
    assert next(iter(answer.response)).startswith((b'{"id"', '{"id"'))  # type: ignore[arg-type]


def test_the_feed_names_each_thing_once_the_newest_first(client: FlaskClient, filled: Filled) -> None:
    answer = client.get("/feed.atom")

    assert answer.mimetype == "application/atom+xml"
    feed = Tree.fromstring(answer.text)  # noqa: S314
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id", "") for entry in entries]
    updated = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert feed.findtext(f"{ATOM}id") == filled.community_id.urn
    assert len(ids) == len(set(ids)) == 4
    assert {uuid.UUID(one) for one in ids} >= {filled.matter_id, filled.notice_id}
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == updated[0]
    assert all(entry.findtext(f"{ATOM}title") for entry in entries)
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert client.get(link.attrib["href"]).status_code == 200
    own = next(link for link in feed.findall(f"{ATOM}link") if link.attrib["rel"] == "self")
    assert client.get(own.attrib["href"]).data == answer.data


def test_a_feed_of_a_category_has_its_notices_alone(client: FlaskClient, filled: Filled) -> None:
    facilities = Tree.fromstring(client.get("/feed.atom?category=facilities").text)  # noqa: S314
    money = Tree.fromstring(client.get("/feed.atom?category=money_and_donations").text)  # noqa: S314

    assert [one.findtext(f"{ATOM}id") for one in facilities.findall(f"{ATOM}entry")] == [filled.notice_id.urn]
    assert money.findall(f"{ATOM}entry") == []
    assert facilities.findtext(f"{ATOM}id") != money.findtext(f"{ATOM}id")


def test_signs_that_xml_has_no_place_for_do_not_break_the_feed(
    app: Flask, client: FlaskClient, filled: Filled
) -> None:
    with app.app_context():
        notice = db.session.get_one(Notice, filled.notice_id)
        notice.text = "响铃\x07与换页\x0c之后 <b>&"
        db.session.commit()

    feed = Tree.fromstring(client.get("/feed.atom?category=facilities").text)  # noqa: S314

    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "响铃与换页之后 <b>&"


def test_the_page_leads_to_files_that_are_there(client: FlaskClient, filled: Filled) -> None:
    page = client.get("/open-data").text

    for kind in KINDS:
        assert f"/api/v1/exports/{kind.name}.csv?community={filled.community_id}" in page
    assert f"/feed.atom?community={filled.community_id}" in page
    assert (
        f'type="application/atom+xml" title="槐荫里社区" href="/feed.atom?community={filled.community_id}"'
        in page
    )
