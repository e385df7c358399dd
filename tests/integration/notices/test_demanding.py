"""Demands for a further item: who signs, the sums to the person, and what follows when it is reached."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.matters.services.people import LinesRefused
from civicforum.notices.models import DisclosureDue, DisclosureItem, ItemDemand
from civicforum.notices.queries.demanding import get_item_demand, list_item_demands
from civicforum.notices.queries.needs_asking import list_needs
from civicforum.notices.rules import ItemSource, NoticeCategory, Rhythm
from civicforum.notices.rules_asking import DemandState
from civicforum.notices.services import demanding
from civicforum.people.models import Community, Person
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, make_person, sign_in
from tests.support.asking import Town, make_notice, make_town
from tests.support.races import at_once, numbered
from tests.support.statements import count_statements

# With the five people of `make_town`, so many adults live here: a tenth of them are three.
ADULTS = 21


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


def add_neighbours(town: Town, number: int = ADULTS - 5) -> list[Actor]:
    community = db.session.get_one(Community, town.community_id)
    return [actor_of(make_person(community, name=f"邻居{index}")) for index in range(number)]


def demand(town: Town, rhythm: Rhythm = Rhythm.AD_HOC) -> uuid.UUID:
    return demanding.demand_item(
        title="电梯广告收入",
        reason="广告挂了一年，没见过账。",
        category=NoticeCategory.MONEY_AND_DONATIONS,
        rhythm=rhythm,
        actor=town.resident,
        now=NOW,
    )


def sign(demand_id: uuid.UUID, actor: Actor) -> bool:
    return demanding.sign_item_demand(demand_id=demand_id, actor=actor, now=NOW).is_enough


@pytest.mark.law("E4", "disclosure.demand.residents")
def test_a_tenth_of_the_residents_is_enough_and_one_less_is_not(session: Session, town: Town) -> None:
    neighbours = add_neighbours(town)
    demand_id = demand(town)
    assert sign(demand_id, neighbours[0]) is False
    assert sign(demand_id, neighbours[1]) is True
    item = session.get_one(ItemDemand, demand_id).item
    assert item is not None
    assert (item.name, item.source, item.rhythm, item.since) == (
        "电梯广告收入",
        ItemSource.DEMANDED,
        Rhythm.AD_HOC,
        TODAY,
    )
    assert item.body is not None
    assert item.body.kind.value == "residents_committee"


@pytest.mark.law("E4", "disclosure.demand.representatives")
def test_a_fifth_of_the_representatives_is_enough(session: Session, town: Town) -> None:
    add_neighbours(town, 30)
    community = session.get_one(Community, town.community_id)
    holders = [actor_of(make_officer(community, Role.REPRESENTATIVE)) for _ in range(6)]
    demand_id = demand(town)
    assert sign(demand_id, holders[0]) is False
    assert sign(demand_id, holders[1]) is True


def test_reached_demand_is_due_within_ten_days_and_waits_on_the_committees_page(
    session: Session, town: Town
) -> None:
    demand_id = demand(town)
    due = session.scalars(select(DisclosureDue)).one()
    assert due.due_at == day_ends(date(2026, 3, 12))
    with count_statements() as counted:
        needs = list_needs(session, town.director, NOW)
    assert [(need.kind, need.arguments, need.due_at) for need in needs] == [
        (NeedKind.POST_DEMANDED, {"demand_id": demand_id}, due.due_at)
    ]
    assert counted.total == 1
    due.notice_id = make_notice(town)
    session.commit()
    assert list_needs(session, town.director, NOW) == []


def test_demanded_rhythm_is_that_of_the_item(session: Session, town: Town) -> None:
    demand(town, Rhythm.QUARTERLY)
    assert session.scalars(select(DisclosureItem.rhythm)).one() is Rhythm.QUARTERLY
    assert session.scalars(select(DisclosureDue)).all() == []


def test_somebody_signs_once_and_not_after_it_is_reached(town: Town) -> None:
    neighbours = add_neighbours(town)
    demand_id = demand(town)
    with pytest.raises(AlreadyDone):
        sign(demand_id, town.resident)
    for neighbour in neighbours[:2]:
        sign(demand_id, neighbour)
    with pytest.raises(TransitionNotAllowed):
        sign(demand_id, neighbours[2])


def test_minors_and_people_who_left_do_not_sign(session: Session, town: Town) -> None:
    neighbours = add_neighbours(town)
    session.get_one(Person, neighbours[0].person_id).born_on = date(2008, 3, 3)
    session.get_one(Person, neighbours[1].person_id).left_on = TODAY - timedelta(days=1)
    session.commit()
    demand_id = demand(town)
    for actor in neighbours[:2]:
        with pytest.raises(NotEligible):
            sign(demand_id, actor)


def test_paper_counts_all_of_its_lines_or_none(session: Session, town: Town) -> None:
    add_neighbours(town)
    demand_id = demand(town)
    with pytest.raises(LinesRefused) as refused:
        demanding.enter_paper_signatures(
            demand_id=demand_id, lines=["邻居0", "王秀兰", "没有此人"], actor=town.clerk, now=NOW
        )
    assert [line.number for line in refused.value.lines] == [2, 3]
    figures = demanding.enter_paper_signatures(
        demand_id=demand_id, lines=["邻居0", "邻居1"], actor=town.clerk, now=NOW
    )
    assert (figures.residents, figures.adults, figures.is_enough) == (3, ADULTS, True)
    page = get_item_demand(
        session, demand_id=demand_id, community_id=town.community_id, person_id=None, now=NOW
    )
    assert (page.signatures, page.on_paper) == (3, 2)


def test_paper_is_the_clerks(town: Town) -> None:
    add_neighbours(town)
    demand_id = demand(town)
    for actor in (town.director, replace(town.clerk, assisted_by=uuid.uuid4())):
        with pytest.raises(NotEligible):
            demanding.enter_paper_signatures(demand_id=demand_id, lines=["邻居0"], actor=actor, now=NOW)


def test_only_who_made_it_takes_it_back_and_only_before_it_is_reached(session: Session, town: Town) -> None:
    neighbours = add_neighbours(town)
    demand_id = demand(town)
    with pytest.raises(NotEligible):
        demanding.withdraw_item_demand(demand_id=demand_id, actor=neighbours[0], now=NOW)
    demanding.withdraw_item_demand(demand_id=demand_id, actor=town.resident, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        sign(demand_id, neighbours[0])
    line = list_item_demands(session, community_id=town.community_id, number=1).items[0]
    assert (line.state, line.signatures) == (DemandState.WITHDRAWN, 1)
    reached = demand(town)
    for neighbour in neighbours[:2]:
        sign(reached, neighbour)
    with pytest.raises(TransitionNotAllowed):
        demanding.withdraw_item_demand(demand_id=reached, actor=town.resident, now=NOW)


def test_sums_stay_those_of_the_day_it_was_reached(session: Session, town: Town) -> None:
    demand_id = demand(town)
    session.get_one(Person, town.resident.person_id).left_on = TODAY + timedelta(days=1)
    session.commit()
    page = get_item_demand(
        session,
        demand_id=demand_id,
        community_id=town.community_id,
        person_id=None,
        now=NOW + timedelta(days=30),
    )
    assert (page.state, page.figures.residents, page.figures.adults) == (DemandState.REACHED, 1, 5)


def test_demand_with_somebodys_number_is_refused(town: Town) -> None:
    with pytest.raises(Invalid, match="personal_number"):
        demanding.demand_item(
            title="收入",
            reason="联系我13812345678",
            category=NoticeCategory.FACILITIES,
            rhythm=Rhythm.YEARLY,
            actor=town.resident,
            now=NOW,
        )


def test_demand_of_another_community_is_not_found(town: Town) -> None:
    stranger = actor_of(make_officer(make_community(name="外社区"), Role.RESIDENT))
    with pytest.raises(NotFound):
        sign(demand(town), stranger)


def test_two_clicks_that_reach_the_sum_make_one_item(committed: Flask) -> None:
    with committed.app_context():
        town = make_town()
        neighbours = add_neighbours(town)
        demand_id = demand(town)
        sign(demand_id, neighbours[0])
    actors = [neighbours[1], neighbours[2]]
    assert at_once(committed, numbered(2, lambda index: sign(demand_id, actors[index]))) == [
        "TransitionNotAllowed",
        "done",
    ]
    with committed.app_context():
        assert len(db.session.scalars(select(DisclosureItem)).all()) == 1


class TestPages:
    def test_made_signed_and_shown_with_its_sums(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            add_neighbours(make_town())
        sign_in(client, "resident")
        page = client.post(
            "/notices/demands/make",
            data={
                "title": "电梯广告收入",
                "reason": "没见过账。",
                "category": "facilities",
                "rhythm": "quarterly",
            },
        )
        assert page.status_code == 303
        address = page.headers["Location"]
        text = app.test_client().get(address).text
        assert "1 &lt; 1/10 × 21 = 2.1" in text
        assert "王秀兰" not in text
        assert "电梯广告收入" in app.test_client().get("/notices/demands").text
        sign_in(client, "clerk")
        page = client.post(f"{address}/signatures", data={"lines": "邻居0\n没有此人"})
        assert page.status_code == 422
        assert "邻居0" in page.text
        assert client.post(f"{address}/sign").status_code == 303

    def test_form_with_a_gap_is_shown_again(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            make_town()
        sign_in(client, "resident")
        page = client.post("/notices/demands/make", data={"reason": "没见过账。"})
        assert page.status_code == 422
        assert "没见过账。" in page.text

    def test_demand_of_another_community_is_not_shown(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            make_town()
            other = make_community(name="外社区")
            actor = actor_of(make_officer(other, Role.RESIDENT, login="other"))
            demand_id = demand(Town(other.id, actor, actor, actor, actor, actor))
        sign_in(client, "resident")
        assert client.get(f"/notices/demands/{demand_id}").status_code == 404
        assert client.post(f"/notices/demands/{demand_id}/sign").status_code == 404
