"""The deputies' liaison point: opinions are forwarded and answered, and nobody learns who wrote them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments.errors import TooManyWaiting
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.notices.errors import PersonalData
from civicforum.records.models import JournalEntry
from civicforum.registers.models_deputies import Deputy, DeputyOpinion, LiaisonDay
from civicforum.registers.queries.deputies import (
    count_forwarded,
    list_deputies,
    list_opinions,
    list_own_opinions,
)
from civicforum.registers.queries.needs import list_needs
from civicforum.registers.rules_deputies import Forwarded
from civicforum.registers.services.deputies import (
    add_deputy,
    add_liaison_day,
    change_deputy,
    change_liaison_day,
)
from civicforum.registers.services.opinions import (
    answer_opinion,
    enter_paper,
    forward_opinion,
    send_opinion,
)
from civicforum.rulebook.days import day_of
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, sign_in
from tests.support.asking import Town, make_town
from tests.support.deputies import deputy_given, hours_on, make_deputy
from tests.support.races import at_once, numbered
from tests.support.statements import count_statements

WORDS = "公园晚上太暗，希望增加路灯。"


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


@pytest.fixture
def deputy_id(town: Town) -> uuid.UUID:
    return make_deputy(town)


def send(town: Town, deputy_id: uuid.UUID, text: str = WORDS, now: datetime = NOW) -> uuid.UUID:
    return send_opinion(deputy_id=deputy_id, text=text, actor=town.resident, now=now)


def forward(town: Town, opinion_id: uuid.UUID, on: date = TODAY, now: datetime = NOW) -> None:
    forward_opinion(opinion_id=opinion_id, on=on, actor=town.clerk, now=now)


def answer(town: Town, opinion_id: uuid.UUID, text: str = "已列入明年预算。") -> None:
    answer_opinion(
        opinion_id=opinion_id, text=text, answered_by="方雨 区人大代表", actor=town.director, now=NOW
    )


class TestOpinions:
    def test_words_are_read_by_everybody_only_once_forwarded(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = send(town, deputy_id)
        own = list_own_opinions(session, deputy_id=deputy_id, person_id=town.resident.person_id, now=NOW)
        shown = list_opinions(session, deputy_id=deputy_id, now=NOW, number=1).items
        assert ([line.text for line in own], [line.text for line in shown]) == ([WORDS], [""])
        forward(town, opinion_id)
        shown = list_opinions(session, deputy_id=deputy_id, now=NOW, number=1).items
        assert [line.text for line in shown] == [WORDS]

    def test_journal_has_neither_the_author_nor_the_words(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = send(town, deputy_id)
        forward(town, opinion_id)
        entries = session.scalars(
            select(JournalEntry).where(JournalEntry.subject_id == deputy_id).order_by(JournalEntry.sequence)
        ).all()
        assert [entry.action for entry in entries] == ["deputy.add", "deputy.opinion", "deputy.forward"]
        sent = entries[1]
        assert (sent.actor_id, sent.assisted_by_id, sent.is_public) == (None, None, False)
        for entry in entries:
            assert str(town.resident.person_id) not in str(entry.payload)
            assert WORDS not in str(entry.payload)

    @pytest.mark.parametrize(("days", "is_late"), [(7, False), (8, True)])
    def test_forwarding_is_late_after_the_seventh_day(
        self, session: Session, town: Town, deputy_id: uuid.UUID, days: int, is_late: bool
    ) -> None:
        opinion_id = send(town, deputy_id)
        then = NOW + timedelta(days=days)
        counts = count_forwarded(session, deputy_ids=[deputy_id], now=then)
        assert counts == {deputy_id: Forwarded(waiting=not is_late, late=is_late)}
        forward(town, opinion_id, TODAY + timedelta(days=days), then)
        shown = list_opinions(session, deputy_id=deputy_id, now=then, number=1).items
        assert [line.is_late for line in shown] == [is_late]

    def test_day_of_forwarding_is_neither_to_come_nor_before_the_opinion(
        self, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = send(town, deputy_id)
        for days, reason in ((1, "future"), (-1, "before_sent")):
            with pytest.raises(Invalid, match=reason):
                forward(town, opinion_id, TODAY + timedelta(days=days))

    def test_one_answer_of_three_forwarded_is_a_third_and_waiting_ones_do_not_count(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        sent = [send(town, deputy_id, f"意见{number}") for number in range(4)]
        for opinion_id in sent[:3]:
            forward(town, opinion_id)
        answer(town, sent[0])
        counts = count_forwarded(session, deputy_ids=[deputy_id], now=NOW)[deputy_id]
        assert (counts.rate, counts.forwarded, counts.total) == (Fraction(1, 3), 3, 4)
        assert Forwarded(waiting=2).rate is None

    def test_answer_needs_forwarding_and_comes_once(self, town: Town, deputy_id: uuid.UUID) -> None:
        opinion_id = send(town, deputy_id)
        with pytest.raises(TransitionNotAllowed):
            answer(town, opinion_id)
        forward(town, opinion_id)
        answer(town, opinion_id)
        with pytest.raises(AlreadyDone):
            answer(town, opinion_id)
        with pytest.raises(AlreadyDone):
            forward(town, opinion_id)

    def test_texts_with_somebodys_number_are_refused(self, town: Town, deputy_id: uuid.UUID) -> None:
        with pytest.raises(PersonalData):
            send(town, deputy_id, "请打我电话13800138000")
        opinion_id = send(town, deputy_id)
        forward(town, opinion_id)
        with pytest.raises(PersonalData):
            answer(town, opinion_id, "请打电话13800138000")

    def test_same_words_wait_once_and_five_opinions_at_most(self, town: Town, deputy_id: uuid.UUID) -> None:
        send(town, deputy_id)
        with pytest.raises(AlreadyDone):
            send(town, deputy_id)
        for number in range(4):
            send(town, deputy_id, f"意见{number}")
        with pytest.raises(TooManyWaiting):
            send(town, deputy_id, "第六条")

    def test_paper_is_the_clerks_and_names_no_author(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = enter_paper(deputy_id=deputy_id, text=WORDS, actor=town.clerk, now=NOW)
        opinion = session.get_one(DeputyOpinion, opinion_id)
        assert (opinion.author_id, opinion.entered_by_id) == (None, town.clerk.person_id)
        for other in (town.resident, town.director, replace(town.clerk, assisted_by=uuid.uuid4())):
            with pytest.raises(NotEligible):
                enter_paper(deputy_id=deputy_id, text="其他", actor=other, now=NOW)

    def test_forwarding_and_answering_are_the_clerks_and_the_committees(
        self, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = send(town, deputy_id)
        for other in (town.resident, town.supervisor, replace(town.clerk, assisted_by=uuid.uuid4())):
            with pytest.raises(NotEligible):
                forward(replace(town, clerk=other), opinion_id)
            with pytest.raises(NotEligible):
                answer(replace(town, director=other), opinion_id)

    def test_waits_on_the_home_page_in_one_statement(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        opinion_id = send(town, deputy_id)
        with count_statements() as counted:
            needs = list_needs(session, town.clerk, NOW)
        assert [(need.kind, need.arguments) for need in needs] == [
            (NeedKind.FORWARD_OPINIONS, {"deputy_id": deputy_id})
        ]
        assert counted.total == 1
        forward(town, opinion_id)
        assert list_needs(session, town.clerk, NOW) == []


class TestRegister:
    def test_deputy_who_left_takes_no_opinions(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        given = replace(deputy_given(), until=TODAY - timedelta(days=1))
        change_deputy(deputy_id=deputy_id, given=given, actor=town.director, now=NOW)
        with pytest.raises(TransitionNotAllowed):
            send(town, deputy_id)

    def test_same_deputy_is_entered_once_and_by_those_who_keep_the_register(
        self, town: Town, deputy_id: uuid.UUID
    ) -> None:
        with pytest.raises(NotEligible):
            add_deputy(given=deputy_given(), actor=town.resident, now=NOW)
        given = replace(deputy_given("周宁"), place="联系电话13800138000")
        with pytest.raises(PersonalData):
            add_deputy(given=given, actor=town.clerk, now=NOW)
        with pytest.raises(Invalid, match="taken"):
            add_deputy(given=deputy_given(), actor=town.clerk, now=NOW)

    def test_liaison_day_is_announced_moved_and_listed(
        self, session: Session, town: Town, deputy_id: uuid.UUID
    ) -> None:
        first = hours_on(TODAY + timedelta(days=3))
        day_id = add_liaison_day(deputy_id=deputy_id, given=first, actor=town.clerk, now=NOW)
        moved = replace(first, day=TODAY + timedelta(days=5))
        change_liaison_day(day_id=day_id, given=moved, actor=town.clerk, now=NOW)
        with pytest.raises(Invalid, match="hours"):
            add_liaison_day(
                deputy_id=deputy_id, given=replace(first, ends=time(8)), actor=town.clerk, now=NOW
            )
        with count_statements() as counted:
            page = list_deputies(session, community_id=town.community_id, now=NOW, number=1)
        assert [line.next_day for line in page.items] == [TODAY + timedelta(days=5)]
        assert counted.total == 4

    def test_nothing_of_another_community_is_found(self, town: Town, deputy_id: uuid.UUID) -> None:
        opinion_id = send(town, deputy_id)
        day_id = add_liaison_day(deputy_id=deputy_id, given=hours_on(TODAY), actor=town.clerk, now=NOW)
        stranger = actor_of(make_officer(make_community(name="外社区"), Role.CLERK), Role.CLERK)
        other = replace(town, clerk=stranger, director=stranger, resident=stranger)
        with pytest.raises(NotFound):
            send(other, deputy_id)
        with pytest.raises(NotFound):
            forward(other, opinion_id)
        with pytest.raises(NotFound):
            answer(other, opinion_id)
        with pytest.raises(NotFound):
            change_deputy(deputy_id=deputy_id, given=deputy_given(), actor=stranger, now=NOW)
        with pytest.raises(NotFound):
            change_liaison_day(day_id=day_id, given=hours_on(TODAY), actor=stranger, now=NOW)


def test_two_clicks_at_once_leave_one_opinion_one_forwarding_and_one_answer(committed: Flask) -> None:
    with committed.app_context():
        town = make_town()
        deputy_id = make_deputy(town)
    assert at_once(committed, numbered(2, lambda _: send(town, deputy_id))) == ["AlreadyDone", "done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(DeputyOpinion)) == 1
        opinion_id = db.session.scalars(select(DeputyOpinion.id)).one()
    assert at_once(committed, numbered(2, lambda _: forward(town, opinion_id))) == ["AlreadyDone", "done"]
    assert at_once(committed, numbered(2, lambda _: answer(town, opinion_id))) == ["AlreadyDone", "done"]


class TestPages:
    def test_left_forwarded_answered_and_read_by_everybody(self, app: Flask, client: FlaskClient) -> None:
        today = day_of(datetime.now(UTC)).isoformat()
        with app.app_context():
            address = f"/registers/deputies/{make_deputy(make_town())}"
        sign_in(client, "resident")
        page = client.post(f"{address}/opinions", data={"text": f"{WORDS}电话13800138000"})
        assert page.status_code == 422
        assert WORDS in page.text
        assert client.post(f"{address}/opinions", data={"text": WORDS}).status_code == 303
        assert WORDS in client.get(address).text
        assert WORDS not in app.test_client().get(address).text
        opinion = f"/registers/deputies/opinions/{_first(app, DeputyOpinion)}"
        sign_in(client, "clerk")
        assert WORDS in client.get(f"{opinion}/forward").text
        assert client.post(f"{opinion}/forward", data={"forwarded_on": "2199-01-01"}).status_code == 422
        assert client.post(f"{opinion}/forward", data={"forwarded_on": today}).status_code == 303
        assert client.post(f"{opinion}/answer", data={"text": "会解决。"}).status_code == 422
        data = {"text": "会解决。", "answered_by": "方雨代表"}
        assert client.post(f"{opinion}/answer", data=data).status_code == 303
        page = app.test_client().get(address).text
        assert WORDS in page
        assert "会解决。" in page
        assert "王秀兰" not in page
        assert "方雨" in app.test_client().get("/registers/deputies").text

    def test_register_is_kept_on_pages(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            make_town()
        sign_in(client, "committee")
        data = {
            "name": "方雨",
            "kind": "congress",
            "level": "district",
            "place": "社区服务站二楼",
            "since": "2026-01-01",
        }
        assert client.post("/registers/deputies/new", data={**data, "kind": ""}).status_code == 422
        page = client.post("/registers/deputies/new", data=data)
        assert page.status_code == 303
        address = page.headers["Location"]
        assert client.post("/registers/deputies/new", data=data).status_code == 422
        assert "社区服务站二楼" in client.get(f"{address}/change").text
        data["place"] = "社区服务站三楼"
        assert client.post(f"{address}/change", data=data).status_code == 303
        hours = {"day": "2199-05-01", "begins": "09:00", "ends": "11:00", "place": "三楼会议室"}
        assert client.post(f"{address}/days", data={**hours, "ends": "08:00"}).status_code == 422
        assert client.post(f"{address}/days", data=hours).status_code == 303
        day = f"/registers/deputies/days/{_first(app, LiaisonDay)}"
        assert "三楼会议室" in client.get(day).text
        assert client.post(day, data={**hours, "begins": "09:30"}).status_code == 303
        assert "09:30–11:00" in app.test_client().get(address).text
        sign_in(client, "clerk")
        assert client.get(f"{address}/paper").status_code == 200
        assert client.post(f"{address}/paper", data={"text": WORDS}).status_code == 303

    def test_nothing_of_another_community_is_shown(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            deputy_id = make_deputy(town)
            opinion_id = send(town, deputy_id)
            day_id = add_liaison_day(deputy_id=deputy_id, given=hours_on(TODAY), actor=town.clerk, now=NOW)
            make_officer(make_community(name="外社区"), Role.CLERK, login="other")
            assert db.session.get(Deputy, deputy_id) is not None
        sign_in(client, "other")
        for path in (
            f"{deputy_id}",
            f"{deputy_id}/change",
            f"{deputy_id}/days",
            f"{deputy_id}/paper",
            f"days/{day_id}",
            f"opinions/{opinion_id}/forward",
            f"opinions/{opinion_id}/answer",
        ):
            assert client.get(f"/registers/deputies/{path}").status_code == 404, path
        page = client.post(f"/registers/deputies/{deputy_id}/opinions", data={"text": WORDS})
        assert page.status_code == 404


def _first(app: Flask, table: type[DeputyOpinion] | type[LiaisonDay]) -> uuid.UUID:
    with app.app_context():
        return db.session.scalars(select(table.id)).one()
