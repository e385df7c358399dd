"""Real text in real numbers: 80 proposals and 5,633 comments, and pages that cost no more for it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bench.load_madrid import ARCHIVE, Loaded, load
from civicforum.database import db
from civicforum.matters.models import Comment, Matter
from civicforum.matters.queries.similar import list_similar
from tests.factories import NOW, make_community, make_household
from tests.support.statements import count_statements

pytestmark = pytest.mark.skipif(
    not ARCHIVE.exists(), reason=f"the real proposals are not there: {ARCHIVE.name} belongs in ../shared/data"
)
MOST_STATEMENTS = 30


@pytest.fixture
def loaded(app: Flask, database: None) -> Loaded:
    with app.app_context():
        community = make_community(name="测试社区")
        make_household(community)
        loaded = load(db.session(), community=community, path=ARCHIVE)
        db.session.commit()
    return loaded


def test_everything_of_the_archive_is_loaded(app: Flask, loaded: Loaded) -> None:
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Matter, Comment)]
        replies = db.session.scalar(select(func.count()).where(Comment.parent_id.is_not(None)))
    assert counts == [80, 5633]
    assert (loaded.matters, loaded.comments) == (80, 5633)
    assert replies is not None
    assert replies > 1000


def test_lists_details_and_comments_cost_a_bounded_number_of_statements(
    client: FlaskClient, loaded: Loaded
) -> None:
    story = f"/matters/{loaded.talked_about}"
    for address in ("/matters", "/matters?page=4", "/matters?q=calles", story, f"{story}?comments=25"):
        client.get(address)
        with count_statements() as counted:
            assert client.get(address).status_code == 200
        assert counted.total <= MOST_STATEMENTS, (address, counted.total)


def test_a_matter_with_a_thousand_comments_opens_in_pages(
    app: Flask, client: FlaskClient, loaded: Loaded
) -> None:
    with app.app_context():
        fill_to(db.session(), loaded.talked_about, 1000)
    story = f"/matters/{loaded.talked_about}"
    for number in (1, 50):
        page = client.get(f"{story}?comments={number}").text
        assert len(re.findall(r'id="comment-[0-9a-f-]{36}"', page)) == 20
    with count_statements() as counted:
        client.get(f"{story}?comments=50")
    assert counted.total <= MOST_STATEMENTS


def test_words_of_another_language_find_what_is_alike(app: Flask, loaded: Loaded) -> None:
    with app.app_context():
        title = "Limpiar las calles"
        matter = db.session.scalars(select(Matter).where(Matter.title == title)).one()
        with count_statements() as counted:
            found = list_similar(db.session(), matter=matter)
    assert counted.total <= 5
    assert all(line.matter.id != matter.id for line in found)


def test_texts_of_strangers_do_not_enter_a_demonstration(app: Flask, database: None) -> None:
    with app.app_context():
        community = make_community(name="演示社区", is_demonstration=True)
        with pytest.raises(ValueError, match="demonstration"):
            load(db.session(), community=community, path=ARCHIVE)


def fill_to(session: Session, matter_id: uuid.UUID, number: int) -> None:
    """Repeat comments of a matter until it has so many."""
    rows = session.execute(
        select(Comment.community_id, Comment.author_id, Comment.text).where(Comment.matter_id == matter_id)
    ).all()
    session.execute(
        insert(Comment),
        [
            {
                "id": uuid.uuid4(),
                "community_id": row.community_id,
                "matter_id": matter_id,
                "author_id": row.author_id,
                "text": row.text,
                "at": NOW + timedelta(seconds=index),
            }
            for index, row in enumerate(rows[: number - len(rows)])
        ],
    )
    session.commit()
