"""Queries about a notice: their clock to the instant, the thread, who answers, and what others see."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.matters.rules import Channel
from civicforum.notices.models import NoticeQuery
from civicforum.notices.queries.needs_asking import list_needs
from civicforum.notices.queries.querying import count_waiting, get_query, list_queries
from civicforum.notices.rules_asking import MOST_OPEN_QUERIES, QueryState
from civicforum.notices.services import querying
from civicforum.notices.services.querying_clocks import sweep_queries
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, sign_in
from tests.support.asking import Town, make_notice, make_town
from tests.support.races import at_once, numbered
from tests.support.statements import count_statements

# Asked on 2 March, a query is answered by the end of 7 March.
LAST_INSTANT = day_ends(date(2026, 3, 7))
AFTER = LAST_INSTANT + timedelta(microseconds=1)


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


def ask(town: Town, notice_id: uuid.UUID, text: str = "九千元用在哪里？", now: datetime = NOW) -> uuid.UUID:
    return querying.ask_about(notice_id=notice_id, text=text, actor=town.resident, now=now)


def answer(town: Town, query_id: uuid.UUID, now: datetime = NOW, text: str = "用于更换路灯。") -> None:
    querying.answer_query(query_id=query_id, text=text, actor=town.director, now=now)


@pytest.mark.law("E4", "disclosure.query_answered")
def test_query_waits_until_the_end_of_the_fifth_day(session: Session, town: Town) -> None:
    query_id = ask(town, make_notice(town))
    assert session.get_one(NoticeQuery, query_id).due_at == LAST_INSTANT


@pytest.mark.parametrize(("at", "is_late"), [(LAST_INSTANT, False), (AFTER, True)])
def test_answer_is_late_after_the_last_instant(
    session: Session, town: Town, at: datetime, is_late: bool
) -> None:
    query_id = ask(town, make_notice(town))
    answer(town, query_id, at)
    query = session.get_one(NoticeQuery, query_id)
    assert [(entry.kind.value, entry.is_late) for entry in query.entries] == [
        ("question", False),
        ("answer", is_late),
    ]
    assert "director" in query.entries[1].post


def test_asking_on_starts_the_clock_anew(session: Session, town: Town) -> None:
    query_id = ask(town, make_notice(town))
    answer(town, query_id)
    later = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
    querying.ask_again(query_id=query_id, text="路灯在哪条路？", actor=town.resident, now=later)
    query = session.get_one(NoticeQuery, query_id)
    assert query.due_at == day_ends(date(2026, 3, 15))
    assert [entry.position for entry in query.entries] == [1, 2, 3]
    with pytest.raises(TransitionNotAllowed):
        querying.ask_again(query_id=query_id, text="还有呢？", actor=town.resident, now=later)


def test_only_who_asked_asks_on(town: Town) -> None:
    query_id = ask(town, make_notice(town))
    answer(town, query_id)
    with pytest.raises(NotEligible):
        querying.ask_again(query_id=query_id, text="我也想问。", actor=town.neighbour, now=NOW)


def test_at_most_three_of_a_persons_queries_wait_for_one_notice(town: Town) -> None:
    notice_id = make_notice(town)
    first, *_rest = [ask(town, notice_id, f"问题{number}") for number in range(MOST_OPEN_QUERIES)]
    with pytest.raises(Invalid, match="too_many"):
        ask(town, notice_id, "第四个问题")
    querying.ask_about(notice_id=notice_id, text="别人的问题", actor=town.neighbour, now=NOW)
    answer(town, first)
    ask(town, notice_id, "第四个问题")


def test_same_words_count_once_while_they_wait(town: Town) -> None:
    notice_id = make_notice(town)
    query_id = ask(town, notice_id)
    with pytest.raises(AlreadyDone):
        ask(town, notice_id)
    answer(town, query_id)
    ask(town, notice_id)


@pytest.mark.parametrize("text", ["", "问" * 1001, "请打13812345678告诉我", "证件11010119900307765X为何在榜"])
def test_query_without_words_or_with_a_personal_number_is_refused(town: Town, text: str) -> None:
    with pytest.raises(Invalid):
        ask(town, make_notice(town), text)


def test_answer_may_name_the_telephone_of_an_office(session: Session, town: Town) -> None:
    query_id = ask(town, make_notice(town))
    answer(town, query_id, text="详询社区服务站，电话0312-5550188。")
    assert session.get_one(NoticeQuery, query_id).due_at is None


def test_who_answers_is_the_committee_and_once(town: Town) -> None:
    query_id = ask(town, make_notice(town))
    for actor in (
        town.clerk,
        town.supervisor,
        town.resident,
        replace(town.director, assisted_by=uuid.uuid4()),
    ):
        with pytest.raises(NotEligible):
            querying.answer_query(query_id=query_id, text="答复。", actor=actor, now=NOW)
    answer(town, query_id)
    with pytest.raises(AlreadyDone):
        answer(town, query_id)


def test_clerk_asks_for_somebody_at_the_counter(session: Session, town: Town) -> None:
    helped = replace(town.resident, assisted_by=town.clerk.person_id)
    query_id = querying.ask_about(notice_id=make_notice(town), text="看不清公示。", actor=helped, now=NOW)
    query = session.get_one(NoticeQuery, query_id)
    assert (query.author_id, query.channel) == (town.resident.person_id, Channel.DESK)


def test_somebody_who_left_does_not_ask(session: Session, town: Town) -> None:
    session.get_one(Person, town.resident.person_id).left_on = TODAY - timedelta(days=1)
    session.commit()
    with pytest.raises(NotEligible):
        ask(town, make_notice(town))


def test_late_query_is_flagged_once_by_the_clock(session: Session, town: Town) -> None:
    notice_id = make_notice(town)
    late, answered = ask(town, notice_id, "问题一"), ask(town, notice_id, "问题二")
    answer(town, answered)
    assert sweep_queries(now=LAST_INSTANT).overdue == 0
    assert sweep_queries(now=AFTER).overdue == 1
    assert sweep_queries(now=AFTER).overdue == 0
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "notice.query_overdue")).all()
    assert [(entry.payload["query_id"], entry.subject_id) for entry in entries] == [(str(late), notice_id)]
    figures = count_waiting(session, community_id=town.community_id, now=AFTER)
    assert (figures.waiting, figures.late) == (1, 1)


def test_asking_on_after_a_late_answer_can_be_late_again(town: Town) -> None:
    query_id = ask(town, make_notice(town))
    sweep_queries(now=AFTER)
    answer(town, query_id, AFTER)
    querying.ask_again(query_id=query_id, text="还是不清楚。", actor=town.resident, now=AFTER)
    assert sweep_queries(now=AFTER + timedelta(days=7)).overdue == 1


def test_hidden_query_neither_waits_nor_shows_its_words(session: Session, town: Town) -> None:
    query_id = ask(town, make_notice(town))
    with transaction() as own:
        querying.hide_query(own, query_id=query_id, reason="insult", actor=town.clerk, now=NOW)
    thread = get_query(session, query_id=query_id, community_id=town.community_id, person_id=None, now=AFTER)
    assert (thread.state, thread.is_overdue) == (QueryState.HIDDEN, False)
    assert sweep_queries(now=AFTER).overdue == 0
    assert list_needs(session, town.director, NOW) == []
    with pytest.raises(TransitionNotAllowed):
        answer(town, query_id)
    with transaction() as own:
        querying.show_query(own, query_id=query_id, community_id=town.community_id, now=AFTER)
    assert session.get_one(NoticeQuery, query_id).due_at == day_ends(date(2026, 3, 13))


def test_committee_finds_each_query_on_its_home_page_in_one_statement(session: Session, town: Town) -> None:
    notice_id = make_notice(town)
    for number in range(3):
        ask(town, notice_id, f"问题{number}")
    with count_statements() as counted:
        needs = list_needs(session, town.director, NOW)
    assert [(need.kind, need.due_at) for need in needs] == [(NeedKind.ANSWER, LAST_INSTANT)] * 3
    assert counted.total == 1
    assert list_needs(session, town.resident, NOW) == []


def test_list_begins_with_what_waits_longest_and_makes_few_statements(session: Session, town: Town) -> None:
    notice_id = make_notice(town)
    asked = [ask(town, notice_id, f"问题{number}", NOW + timedelta(days=number)) for number in range(3)]
    answer(town, asked[0], NOW + timedelta(days=3))
    session.expire_all()
    with count_statements() as counted:
        page = list_queries(
            session, community_id=town.community_id, person_id=town.resident.person_id, number=1, now=NOW
        )
    assert [thread.query.id for thread in page.items] == [asked[1], asked[2], asked[0]]
    assert all(thread.is_own for thread in page.items)
    assert counted.total <= 4


def test_query_of_another_community_is_not_found(town: Town) -> None:
    query_id = ask(town, make_notice(town))
    stranger = actor_of(make_officer(make_community(name="外社区"), Role.COMMITTEE), Role.COMMITTEE)
    with pytest.raises(NotFound):
        querying.answer_query(query_id=query_id, text="答复。", actor=stranger, now=NOW)
    with pytest.raises(NotFound):
        querying.ask_about(notice_id=make_notice(town), text="外人提问。", actor=stranger, now=NOW)


def test_two_answers_at_once_leave_one(committed: Flask) -> None:
    with committed.app_context():
        town = make_town()
        community = db.session.get_one(Community, town.community_id)
        second = actor_of(make_officer(community, Role.COMMITTEE), Role.COMMITTEE)
        query_id = ask(town, make_notice(town))
    actors = [town.director, second]

    def reply(index: int) -> None:
        querying.answer_query(query_id=query_id, text=f"答复{index}", actor=actors[index], now=NOW)

    assert at_once(committed, numbered(2, reply)) == ["AlreadyDone", "done"]


def test_clicks_at_once_do_not_pass_the_limit(committed: Flask) -> None:
    with committed.app_context():
        town = make_town()
        notice_id = make_notice(town)
    ended = at_once(committed, numbered(5, lambda index: ask(town, notice_id, f"问题{index}")))
    assert ended == ["Invalid"] * 2 + ["done"] * 3


class TestPages:
    def test_asked_answered_and_read_by_everybody(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            notice_id = make_notice(make_town(), now=datetime.now(UTC))
        sign_in(client, "resident")
        page = client.post(f"/notices/{notice_id}/ask", data={"text": "九千元用在哪里？"})
        assert page.status_code == 303
        sign_in(client, "committee")
        with app.app_context():
            query_id = db.session.scalars(select(NoticeQuery.id)).one()
        assert str(query_id) in client.get("/").text
        page = client.post(f"/notices/queries/{query_id}/answer", data={"text": "用于更换路灯。"})
        assert page.status_code == 303
        text = app.test_client().get(f"/notices/{notice_id}").text
        assert "九千元用在哪里？" in text
        assert "用于更换路灯。" in text
        assert "王秀兰" in text
        assert client.get(f"/notices/queries/{query_id}/answer").status_code == 409

    def test_list_shows_what_waits_and_what_is_late_to_everybody(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            town = make_town()
            waiting = ask(town, make_notice(town), "一直没有答复的问题")
        text = client.get("/notices/queries").text
        assert f"query-{waiting}" in text
        assert "exchange--overdue" in text

    def test_refused_query_is_shown_again_with_its_words(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            notice_id = make_notice(make_town())
        sign_in(client, "resident")
        page = client.post(f"/notices/{notice_id}/ask", data={"text": "请回电13812345678"})
        assert page.status_code == 422
        assert "请回电13812345678" in page.text
        assert client.post(f"/notices/{notice_id}/ask", data={"text": ""}).status_code == 422

    def test_hidden_query_shows_its_reason_instead(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            notice_id = make_notice(town)
            query_id = ask(town, notice_id, "某人是骗子")
            with transaction() as session:
                querying.hide_query(session, query_id=query_id, reason="insult", actor=town.clerk, now=NOW)
        for address in (f"/notices/{notice_id}", f"/notices/queries?notice={notice_id}"):
            text = client.get(address).text
            assert "某人是骗子" not in text
            assert f"query-{query_id}" in text

    def test_notice_of_another_community_is_not_found(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            make_town()
            other = make_community(name="外社区")
            director = actor_of(make_officer(other, Role.COMMITTEE, login="other"), Role.COMMITTEE)
            town = Town(other.id, director, director, director, director, director)
            notice_id = make_notice(town)
            query_id = ask(town, notice_id)
        sign_in(client, "committee")
        assert client.get(f"/notices/{notice_id}/ask").status_code == 404
        assert client.get(f"/notices/queries?notice={notice_id}").status_code == 404
        assert client.post(f"/notices/queries/{query_id}/answer", data={"text": "答"}).status_code == 404
