"""Pages of drafts: who sees the comments, what a refused form says, and the way from draft to result."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.drafts import services
from civicforum.drafts.models import Delivery, Draft, DraftComment
from civicforum.drafts.rules import CommentChannel
from civicforum.people.models import Grid, Household
from civicforum.rulebook.days import day_of
from tests.factories import actor_of, make_community, make_officer, sign_in
from tests.support.statements import count_statements

TEXT = "第一条 垃圾分类。\n第二条 楼道不堆物。"


@dataclass
class Round:
    draft_id: uuid.UUID
    comment_id: uuid.UUID


@pytest.fixture
def round_(app: Flask, database: None) -> Round:
    """A draft put out an hour ago, with a comment of the resident."""
    now = datetime.now(UTC) - timedelta(hours=1)
    with app.app_context():
        community = make_community()
        director = actor_of(make_officer(community, Role.COMMITTEE, login="director"), Role.COMMITTEE)
        make_officer(community, Role.CLERK, login="clerk")
        resident = actor_of(make_officer(community, Role.RESIDENT, login="resident", name="周敏"))
        until = day_of(now) + timedelta(days=8)
        draft_id = services.put_out_draft(title="居民公约", text=TEXT, until=until, actor=director, now=now)
        comment_id = services.comment_on_draft(
            draft_id=draft_id, text="楼道可以放鞋架吗", actor=resident, now=now
        )
        return Round(draft_id, comment_id)


def end(app: Flask, round_: Round) -> None:
    """Let the last day for comments lie behind us."""
    past = datetime.now(UTC) - timedelta(minutes=5)
    with app.app_context():
        db.session.execute(
            update(Draft)
            .where(Draft.id == round_.draft_id)
            .values(until=past, put_out_at=past - timedelta(days=9))
        )
        db.session.commit()


def test_a_resident_comments_and_sees_the_own_comment_and_nobody_elses(
    client: FlaskClient, round_: Round
) -> None:
    page = client.get(f"/drafts/{round_.draft_id}").text
    assert "第二条 楼道不堆物。" in page
    assert "鞋架" not in page
    sign_in(client, "resident")
    assert "鞋架" in client.get(f"/drafts/{round_.draft_id}").text
    empty = client.post(f"/drafts/{round_.draft_id}/comment", data={"text": " ", "passage": "1"})
    assert empty.status_code == 422
    assert 'href="#text"' in empty.text
    sent = client.post(f"/drafts/{round_.draft_id}/comment", data={"text": "同意", "passage": "1"})
    assert sent.status_code == 303
    assert client.get(f"/drafts/{round_.draft_id}/comments").status_code == 403


def test_the_committee_answers_and_cannot_close_before(
    app: Flask, client: FlaskClient, round_: Round
) -> None:
    end(app, round_)
    sign_in(client, "director")
    url = f"/drafts/{round_.draft_id}"
    refused = client.post(f"{url}/close", data={"final_text": TEXT})
    assert refused.headers["Location"].endswith("/comments?handling=waiting")
    none = client.post(f"{url}/comments", data={"handling": "partly", "text": "限一个鞋架"})
    assert none.status_code == 422
    assert "限一个鞋架" in none.text, "nothing typed is lost"
    chosen = {"comment": str(round_.comment_id), "handling": "partly", "text": "限一个鞋架"}
    assert client.post(f"{url}/comments", data=chosen).status_code == 303
    final = TEXT.replace("不堆物", "不堆物，每户限一个鞋架")
    assert client.post(f"{url}/close", data={"final_text": final}).headers["Location"].endswith(url)
    client.post("/sign-out")
    page = client.get(url).text
    assert "<ins>，每户限一个鞋架</ins>" in page
    comments = client.get(f"{url}/comments").text
    assert "楼道可以放鞋架吗" in comments
    assert "限一个鞋架" in comments
    assert "周敏" not in comments, "no name without consent"


def test_too_short_a_time_is_said_beside_the_day(client: FlaskClient, round_: Round) -> None:
    sign_in(client, "director")
    form = {"title": "草案", "text": "一", "until_on": day_of(datetime.now(UTC)).isoformat()}
    page = client.post("/drafts/put-out", data=form)
    assert page.status_code == 422
    assert "征求意见不少于七日" in page.text or "at least seven days" in page.text


def test_the_clerk_enters_paper_and_deliveries(app: Flask, client: FlaskClient, round_: Round) -> None:
    with app.app_context():
        draft = db.session.get_one(Draft, round_.draft_id)
        grid = db.session.scalars(select(Grid).where(Grid.community_id == draft.community_id)).one()
        household = db.session.scalars(select(Household).where(Household.grid_id == grid.id).limit(1)).one()
        grid_id, household_id = grid.id, household.id
    sign_in(client, "clerk")
    url = f"/drafts/{round_.draft_id}"
    paper = {"channel": "paper", "text": "希望多设长椅", "passage": "0", "author_name": "老孙"}
    assert client.post(f"{url}/enter", data=paper).status_code == 303
    assert "希望多设长椅" in client.get(f"{url}/comments").text
    form = {"delivered_on": day_of(datetime.now(UTC)).isoformat(), "household": str(household_id)}
    assert client.post(f"{url}/deliveries?grid={grid_id}", data=form).status_code == 303
    assert client.post(f"{url}/deliveries", data={**form, "household": ""}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Delivery)).one().household_id == household_id
    for page in (f"{url}/deliveries", f"{url}/deliveries/print?grid={grid_id}"):
        assert client.get(page).status_code == 200
    back = f"{url}/deliveries/{household_id}/take-back"
    assert client.post(back).status_code == 303
    sign_in(client, "resident")
    assert client.get(f"{url}/deliveries").status_code == 403


def test_a_page_of_many_comments_takes_as_many_statements_as_one_of_few(
    app: Flask, client: FlaskClient, round_: Round
) -> None:
    sign_in(client, "director")
    url = f"/drafts/{round_.draft_id}/comments"
    client.get(url)
    with count_statements() as few:
        client.get(url)
    with app.app_context():
        draft = db.session.get_one(Draft, round_.draft_id)
        author_id = db.session.scalars(select(DraftComment.author_id)).one()
        common = {"community_id": draft.community_id, "draft_id": draft.id, "author_id": author_id}
        rows = [
            {
                **common,
                "number": n,
                "text": "同上",
                "channel": CommentChannel.SELF,
                "made_at": draft.put_out_at,
            }
            for n in range(2, 1002)
        ]
        db.session.execute(insert(DraftComment), [{**row, "shows_name": True} for row in rows])
        db.session.commit()
    with count_statements() as many:
        page = client.get(url)
    assert page.text.count("周敏") == 49
    assert many.total == few.total


def test_a_closed_round_is_listed_and_its_opinions_stay(
    app: Flask, client: FlaskClient, round_: Round
) -> None:
    sign_in(client, "director")
    url = f"/drafts/{round_.draft_id}"
    assert client.post(f"{url}/opinion", data={"author": "刘洋", "text": "承重需复核"}).status_code == 303
    assert client.post(f"{url}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/withdraw", data={"reason": "文本有误"}).status_code == 303
    client.post("/sign-out")
    assert "承重需复核" in client.get(url).text
    assert "居民公约" in client.get("/drafts/").text
