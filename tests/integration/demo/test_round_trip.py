"""The demonstration leaves in a file and comes to an empty database: the same pages, byte for byte."""

from __future__ import annotations

import re
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from civicforum.database import db
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from civicforum.transfer.archive import Archive
from civicforum.transfer.importing import import_community
from tests.conftest import MakeApp
from tests.support.transfer import all_rows, export_to

# Of lists with hundreds of the same page only the first are visited; every address of the site is.
EACH = 4
LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
# What is new on each page that anybody opens: the token against forged forms, one-time values of forms, and
# the minute at which a sheet is printed.
NONCE = re.compile(
    rb'(name="(?:csrf_token|ticket|test|key)"[^>]* value="|data-csrf-token="|data-sealed="'
    rb'|csrf-token" content="|id="sealed-word"[^>]*>|data-moment>)[^"<]*'
)


@pytest.fixture(scope="module")
def moved(
    loaded: Flask,
    make_database: Callable[[str], str],
    make_app: MakeApp,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """The application on another database, into which the demonstration was brought."""
    path, app = tmp_path_factory.mktemp("moved") / "demo.zip", make_app(make_database(template))
    with loaded.app_context():
        export_to(path, _community_id())
    with app.app_context():
        with Archive(path) as archive:
            preview = import_community(db.engine, archive, identity_key="key", report=lambda *_: None)
        assert preview.notes == []
    yield app
    with app.app_context():
        db.engine.dispose()


def test_every_row_arrives(loaded: Flask, moved: Flask) -> None:
    there, here = all_rows(loaded), all_rows(moved)
    assert [name for name in there if there[name] != here[name]] == []
    assert sum(bool(rows) for rows in here.values()) > 90


def test_the_journal_is_the_same_and_holds(loaded: Flask, moved: Flask) -> None:
    hashes = []
    for app in (loaded, moved):
        with app.app_context():
            hashes.append(db.session.scalars(select(JournalEntry.hash).order_by(JournalEntry.sequence)).all())
            entries, found = verify_journal(db.session(), community_id=_community_id())
            assert (entries, found) == (len(hashes[-1]), None)
    assert hashes[0] == hashes[1]


def test_every_public_page_is_the_same(loaded: Flask, moved: Flask) -> None:
    there = _crawl(loaded)
    here = _crawl(moved, there)
    assert len(there) > 150
    assert [address for address, page in there.items() if here[address] != page] == []
    assert Counter(status for status, _place, _body in there.values())[200] > 120


Page = tuple[int, str, bytes]


def _crawl(app: Flask, addresses: dict[str, Page] | None = None) -> dict[str, Page]:
    """Return what a visitor sees, from the home page on, or at these addresses."""
    client, seen, counts = app.test_client(), dict[str, Page](), Counter[str]()
    waiting = deque(addresses or ["/"])
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        answer = client.get(address, headers={"Accept-Language": "zh"})
        body = answer.get_data()
        seen[address] = (answer.status_code, answer.location or "", NONCE.sub(rb"\1", body))
        if addresses is not None or answer.mimetype != "text/html":
            continue
        for link in LINK.findall(body.decode()):
            target = link.replace("&amp;", "&")
            endpoint = _endpoint(app, target)
            if target not in known and counts[endpoint] < EACH and endpoint != "static":
                counts[endpoint] += 1
                known.add(target)
                waiting.append(target)
    return seen


def _endpoint(app: Flask, address: str) -> str:
    adapter: Any = app.url_map.bind("localhost")
    try:
        endpoint, _arguments = adapter.match(address.partition("?")[0])
    except HTTPException:
        return address
    return str(endpoint)


def _community_id() -> uuid.UUID:
    return db.session.scalars(select(Community.id)).one()
