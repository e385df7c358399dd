"""Pages of conversations: who sees what, what a refused form says, and what is not told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.statements import services
from civicforum.statements.models import Conversation, Statement, StatementVote
from civicforum.statements.rules import Answer, ConversationState, RejectReason, StatementState
from tests.factories import sign_in
from tests.integration.statements.scenes import SEEDS, Scene, answer_all, make_scene, plan_of
from tests.support.statements import count_statements

YES, NO = Answer.AGREE, Answer.DISAGREE
WORDS = "请在广场加一排长椅"


@pytest.fixture
def scene(app: Flask, database: None) -> Scene:
    now = datetime.now(UTC) - timedelta(minutes=1)
    plan = plan_of(opens_at=now, closes_at=now + timedelta(days=7))
    with app.app_context():
        return make_scene(residents=13, plan=plan, now=now, logins=True)


def url(scene: Scene, page: str = "") -> str:
    return f"/statements/{scene.conversation_id}{page}"


def statement_of(text: str) -> Statement:
    return db.session.scalars(select(Statement).where(Statement.text == text)).one()


def vote_in_two_camps(scene: Scene) -> None:
    now = datetime.now(UTC)
    answer_all(scene, scene.residents[:7], [YES, NO, YES, NO, YES, NO, YES, YES], now=now)
    answer_all(scene, scene.residents[7:], [NO, YES, NO, YES, NO, YES, NO, YES], now=now)
    services.compute_grouping(conversation_id=scene.conversation_id, now=now)


def test_answering_leads_from_one_statement_to_the_next_and_to_the_thanks(
    client: FlaskClient, scene: Scene
) -> None:
    sign_in(client, "resident0")
    for _ in SEEDS:
        page = client.get(url(scene, "/answer"))
        action = page.text.split('class="statement" method="post" action="')[1].split('"')[0]
        sent = client.post(action, data={"answer": "agree"})
        assert (sent.status_code, sent.headers["Location"]) == (303, url(scene, "/answer"))
    last = client.get(url(scene, "/answer"), follow_redirects=True)
    assert last.request.path == url(scene, "/mine")
    assert "全部 8 条都表态了" in last.text


def test_answer_is_changed_from_the_list_of_ones_own(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "resident0")
    first = f"/statements/statement/{scene.statements[0]}/vote"
    client.post(first, data={"answer": "agree"})
    page = client.get(url(scene, f"/answer?statement={scene.statements[0]}"))
    assert SEEDS[0] in page.text
    sent = client.post(first, data={"answer": "disagree", "to": "mine"})
    assert sent.headers["Location"] == url(scene, "/mine")
    with client.application.app_context():
        votes = db.session.scalars(select(StatementVote).where(StatementVote.superseded_at.is_(None))).all()
        assert [vote.value for vote in votes] == [-1]


def test_answer_to_a_statement_that_was_just_taken_down_leads_to_the_next(
    client: FlaskClient, scene: Scene
) -> None:
    with client.application.app_context():
        services.reject_statement(
            statement_id=scene.statements[0],
            reason=RejectReason.OFF_TOPIC,
            actor=scene.director,
            now=datetime.now(UTC),
        )
    sign_in(client, "resident0")
    sent = client.post(f"/statements/statement/{scene.statements[0]}/vote", data={"answer": "agree"})
    assert sent.headers["Location"] == url(scene, "/answer")
    assert "已不再展示" in client.get(url(scene, "/answer")).text


def test_answer_that_there_is_none_of_is_refused(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "resident0")
    vote = f"/statements/statement/{scene.statements[0]}/vote"
    assert client.post(vote, data={"answer": "maybe"}).status_code == 422
    assert client.post(vote).status_code == 422


def test_statement_that_is_too_long_comes_back_with_its_words(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "resident0")
    page = client.post(url(scene, "/add"), data={"text": "长" * 141})
    assert page.status_code == 422
    assert "长" * 141 in page.text
    assert page.text.count("最多 140 字：一句话，一个意思。") == 2
    again = client.post(url(scene, "/add"), data={"text": SEEDS[0]})
    assert again.status_code == 422
    assert "已有一模一样的一句" in again.text


def test_moderator_shows_one_statement_and_keeps_another_out_with_a_reason(
    client: FlaskClient, scene: Scene
) -> None:
    sign_in(client, "resident0")
    client.post(url(scene, "/add"), data={"text": WORDS})
    client.post(url(scene, "/add"), data={"text": "买保健品找我"})
    sign_in(client, "clerk")
    with client.application.app_context():
        good, bad = statement_of(WORDS).id, statement_of("买保健品找我").id
    assert WORDS in client.get(url(scene, "/moderate")).text
    client.post(f"/statements/statement/{good}/show")
    assert client.post(f"/statements/statement/{bad}/reject").status_code == 422
    client.post(f"/statements/statement/{bad}/reject", data={"reason": "advertising"})
    sign_in(client, "resident0")
    mine = client.get(url(scene, "/mine")).text
    assert "发布广告" in mine
    with client.application.app_context():
        states = {text: statement_of(text).state for text in (WORDS, "买保健品找我")}
    assert states == {WORDS: StatementState.SHOWN, "买保健品找我": StatementState.REJECTED}


def test_names_of_authors_are_seen_by_moderators_only(client: FlaskClient, scene: Scene) -> None:
    with client.application.app_context():
        services.add_statement(
            conversation_id=scene.conversation_id,
            text=WORDS,
            actor=scene.residents[3],
            now=datetime.now(UTC),
        )
        services.show_statement(
            statement_id=statement_of(WORDS).id, actor=scene.director, now=datetime.now(UTC)
        )
        name = statement_of(WORDS).author.name  # type: ignore[union-attr]
        vote_in_two_camps(scene)
    sign_in(client, "resident0")
    for page in ("", "/answer", "/mine", "/results"):
        assert name not in client.get(url(scene, page)).text, page
    assert client.get(url(scene, "/moderate")).status_code == 403
    sign_in(client, "director")
    assert name in client.get(url(scene, "/moderate")).text


def test_results_say_in_tables_what_the_picture_shows(client: FlaskClient, scene: Scene) -> None:
    with client.application.app_context():
        vote_in_two_camps(scene)
    page = client.get(url(scene, "/results")).text
    assert page.count("opinions__dot--") == 2
    assert "您离这个群体最近" not in page
    assert '100%</span> <span class="muted">7 人中 7 人' in page
    sign_in(client, "resident0")
    assert "您离这个群体最近" in client.get(url(scene, "/results")).text


def test_results_of_four_people_say_nothing(client: FlaskClient, scene: Scene) -> None:
    with client.application.app_context():
        answer_all(scene, scene.residents[:4], [YES] * 8, now=datetime.now(UTC))
        services.compute_grouping(conversation_id=scene.conversation_id, now=datetime.now(UTC))
    page = client.get(url(scene, "/results")).text
    assert "还没有统计" in page
    assert SEEDS[0] not in page


def test_committee_plans_a_conversation_with_its_first_statements(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "director")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    form = {
        "topic": "电动车停在哪里",
        "audience": "everybody",
        "opens_on": tomorrow,
        "opens_at": "08:00",
        "closes_on": tomorrow,
        "closes_at": "20:00",
        "is_moderated": "y",
        "seeds": "楼下建充电棚\n  \n楼道里不许停\n楼下建充电棚",
    }
    late = client.post("/statements/plan", data=form | {"closes_at": "07:00"})
    assert late.status_code == 422
    assert "电动车停在哪里" in late.text
    long = client.post("/statements/plan", data=form | {"seeds": "长" * 141})
    assert long.status_code == 422
    done = client.post("/statements/plan", data=form)
    assert done.status_code == 303
    with client.application.app_context():
        conversation = db.session.get_one(Conversation, uuid.UUID(done.headers["Location"].rsplit("/", 1)[1]))
        assert conversation.state is ConversationState.PLANNED
        texts = db.session.scalars(
            select(Statement.text)
            .where(Statement.conversation_id == conversation.id)
            .order_by(Statement.number)
        ).all()
        assert list(texts) == ["楼下建充电棚", "楼道里不许停"]


@pytest.mark.parametrize("page", ["/moderate", "/change", "/close"])
def test_residents_do_not_reach_the_convenors_pages(client: FlaskClient, scene: Scene, page: str) -> None:
    sign_in(client, "resident0")
    assert client.get(url(scene, page)).status_code == 403


def test_closing_asks_for_a_reason_and_ends_the_answering(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "director")
    assert client.post(url(scene, "/close"), data={"reason": ""}).status_code == 422
    assert client.post(url(scene, "/close"), data={"reason": "议事会已开"}).status_code == 303
    sign_in(client, "resident0")
    sent = client.post(f"/statements/statement/{scene.statements[0]}/vote", data={"answer": "agree"})
    assert (sent.status_code, sent.headers["Location"]) == (303, url(scene))
    assert "目前不接受表态" in client.get(url(scene)).text


def test_number_of_statements_does_not_grow_with_the_conversation(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, "resident0")

    def counted() -> list[int]:
        totals = []
        for page in ("", "/answer", "/mine", "/results"):
            with count_statements() as found:
                assert client.get(url(scene, page)).status_code == 200
            totals.append(found.total)
        return totals

    before = counted()
    with client.application.app_context():
        for number in range(12):
            services.add_seed(
                conversation_id=scene.conversation_id,
                text=f"第{number}条",
                actor=scene.director,
                now=datetime.now(UTC),
            )
        vote_in_two_camps(scene)
    after = counted()
    assert max(late - early for early, late in zip(before, after, strict=True)) <= 2
    assert max(after) < 25


def test_page_of_a_matter_leads_to_its_conversations(client: FlaskClient, scene: Scene) -> None:
    now = datetime.now(UTC)
    with client.application.app_context():
        matter = Matter(
            community_id=scene.community_id,
            number="2026-001",
            title="广场舞太吵",
            body="晚上睡不着。",
            stage=Stage.DELIBERATING,
            stage_since=now,
            author_id=scene.residents[0].person_id,
            profile="national-2026",
            created_at=now,
            raised_at=now,
        )
        db.session.add(matter)
        db.session.commit()
        address = f"/matters/{matter.id}"
        plan = plan_of(topic="几点以后该安静", opens_at=now, closes_at=now + timedelta(days=2))
        services.plan_conversation(plan=plan, matter_id=matter.id, actor=scene.director, now=now)
    page = client.get(address).text
    assert "几点以后该安静" in page
    assert "/statements/plan" not in page
    sign_in(client, "director")
    assert f"/statements/plan?matter={address.rsplit('/', 1)[1]}" in client.get(address).text
