"""The demand over a refusal: a tenth of the adults, or a fifth of the representatives, counted that day."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, NotEligible, TransitionNotAllowed
from civicforum.matters import services
from civicforum.matters.models import Matter
from civicforum.matters.queries.demands import count_demands
from civicforum.matters.rules import LineProblem, Stage
from civicforum.matters.services.people import LinesRefused
from civicforum.people.models import Community, Person
from civicforum.people.rules import CapacityKind
from tests.factories import NOW, actor_of, make_officer, make_person
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import declined, raised, stage_of


@pytest.fixture
def place(session: Session) -> Place:
    """Five officers and 15 residents, all adults who live here: 20 in all."""
    return make_place(residents=15)


def community(session: Session, place: Place) -> Community:
    return session.get_one(Community, place.community_id)


def representatives(session: Session, place: Place, number: int) -> list[Actor]:
    return [
        actor_of(make_officer(community(session, place), Role.REPRESENTATIVE), Role.REPRESENTATIVE)
        for _ in range(number)
    ]


def test_a_tenth_of_the_adults_brings_a_declined_matter_to_the_assembly(
    place: Place, session: Session
) -> None:
    matter_id = declined(place)
    first = services.demand_assembly(matter_id=matter_id, actor=place.residents[1], now=NOW)
    assert first.by_residents.arithmetic == "1 < 1/10 × 20 = 2"
    assert stage_of(matter_id) is Stage.DECLINED
    second = services.demand_assembly(matter_id=matter_id, actor=place.residents[2], now=NOW)
    assert second.by_residents.arithmetic == "2 ≥ 1/10 × 20 = 2"
    assert stage_of(matter_id) is Stage.TO_DECIDE
    assert session.get_one(Matter, matter_id).due_at is not None


def test_a_fifth_of_the_representatives_is_enough(place: Place, session: Session) -> None:
    deputies = representatives(session, place, 10)
    matter_id = declined(place)
    first = services.demand_assembly(matter_id=matter_id, actor=deputies[0], now=NOW)
    assert (first.representatives, first.is_enough) == (1, False)
    second = services.demand_assembly(matter_id=matter_id, actor=deputies[1], now=NOW)
    assert second.by_representatives.arithmetic == "2 ≥ 1/5 × 10 = 2"
    assert not second.by_residents.holds
    assert stage_of(matter_id) is Stage.TO_DECIDE


def test_who_moved_away_counts_on_neither_side(place: Place, session: Session) -> None:
    for _ in range(11):
        make_person(community(session, place))
    matter_id = declined(place)
    services.demand_assembly(matter_id=matter_id, actor=place.residents[1], now=NOW)
    session.get_one(Person, place.residents[1].person_id).left_on = date(2026, 3, 1)
    session.commit()
    figures = count_demands(session, matter=session.get_one(Matter, matter_id), now=NOW)
    assert (figures.residents, figures.adults) == (0, 30)


@pytest.mark.parametrize(
    ("born_on", "capacities"),
    [
        (date(2008, 3, 3), (CapacityKind.HUKOU,)),
        (date(1980, 1, 1), (CapacityKind.OWNER,)),
    ],
)
def test_neither_minors_nor_people_from_elsewhere_demand(
    place: Place, session: Session, born_on: date, capacities: tuple[CapacityKind, ...]
) -> None:
    person = make_person(community(session, place), born_on=born_on, capacities=capacities)
    with pytest.raises(NotEligible):
        services.demand_assembly(matter_id=declined(place), actor=actor_of(person), now=NOW)


def test_who_comes_of_age_that_day_may_demand(place: Place, session: Session) -> None:
    person = make_person(community(session, place), born_on=date(2008, 3, 2))
    figures = services.demand_assembly(matter_id=declined(place), actor=actor_of(person), now=NOW)
    assert (figures.residents, figures.adults) == (1, 21)


def test_nobody_demands_twice_nor_before_a_refusal(place: Place, session: Session) -> None:
    representatives(session, place, 10)
    matter_id = declined(place)
    services.demand_assembly(matter_id=matter_id, actor=place.residents[1], now=NOW)
    with pytest.raises(AlreadyDone):
        services.demand_assembly(matter_id=matter_id, actor=place.residents[1], now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.demand_assembly(matter_id=raised(place), actor=place.residents[1], now=NOW)


def test_a_paper_demand_counts_who_is_entitled_and_names_who_is_not(place: Place, session: Session) -> None:
    make_person(community(session, place), name="未成年人", born_on=date(2015, 1, 1))
    for number in ("D-1", "D-2", "D-3"):
        make_person(community(session, place), number=number)
    clerk, matter_id = place.actors[Role.CLERK], declined(place)
    with pytest.raises(LinesRefused) as refused:
        services.enter_paper_demands(matter_id=matter_id, actor=clerk, lines=["D-1", "未成年人"], now=NOW)
    assert [(line.number, line.problem) for line in refused.value.lines] == [(2, LineProblem.NOT_ENTITLED)]
    services.enter_paper_demands(matter_id=matter_id, actor=clerk, lines=["D-1", "D-2", "D-3"], now=NOW)
    assert stage_of(matter_id) is Stage.TO_DECIDE
