"""Appraisals on demand (DOMAIN.md D2): signed, due for the supervision committee, and held in time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.plans import Demander
from civicforum.appraisals.queries.demands import reached_appraisal_demands
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible
from civicforum.inbox.rules import NeedKind
from civicforum.meetings.models import AssemblyDemand, DemandSignature
from civicforum.meetings.queries.demands import get_demand
from civicforum.meetings.queries.needs import list_needs
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services import PlannedItem
from civicforum.meetings.services.demands import (
    answer_demand,
    enter_paper_signatures,
    make_demand,
    sign_demand,
)
from civicforum.people.models import Capacity, Community, Person
from civicforum.people.rules import CapacityKind
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_household, make_officer, make_person
from tests.integration.meetings.scenes import Scene, make_scene, plan

TODAY = day_of(NOW)


@dataclass
class Place:
    """An assembly, forty adults who live here, and a member of the supervision committee."""

    scene: Scene
    people: list[Person]
    supervisor: Actor

    @property
    def community_id(self) -> uuid.UUID:
        return self.scene.community_id


@pytest.fixture
def place(session: Session) -> Place:
    scene = make_scene(members=7)
    community = session.get_one(Community, scene.community_id)
    household = make_household(community)
    # With the director, the clerk, the supervisor and six representatives there are forty.
    people = [make_person(community, household=household, name=f"居民{number}") for number in range(31)]
    supervisor = make_officer(community, Role.SUPERVISOR, login="supervisor")
    session.add_all(
        Capacity(
            community_id=community.id,
            person_id=person.id,
            kind=CapacityKind.HUKOU,
            since=TODAY - timedelta(days=900),
        )
        for person in people
    )
    session.commit()
    return Place(scene, people, actor_of(supervisor, Role.SUPERVISOR))


def demand_by(actor: Actor) -> uuid.UUID:
    return make_demand(
        form=MeetingForm.APPRAISAL,
        title="评议物业服务站站长",
        reason="半年未公布维修账目",
        for_household=True,
        actor=actor,
        now=NOW,
    )


def resident(place: Place, number: int) -> Actor:
    return actor_of(place.people[number], Role.RESIDENT)


@pytest.mark.law("D2", "appraisal.demand.voters", "appraisal.after_demand")
def test_a_tenth_of_the_voters_reach_an_appraisal_that_is_held_within_twenty_days(
    session: Session, place: Place
) -> None:
    demand_id = demand_by(resident(place, 0))
    for number in (1, 2):
        # One household, many voters: each counts.
        figures = sign_demand(demand_id=demand_id, for_household=True, actor=resident(place, number), now=NOW)
    demand = session.get_one(AssemblyDemand, demand_id)
    assert figures.verdicts[0].arithmetic.startswith("3 < 1/10 × 40 = 4")
    assert (figures.verdicts[0].least, demand.reached_at) == (4, None)
    enter_paper_signatures(
        demand_id=demand_id, lines=["居民3"], for_households=True, actor=place.scene.clerk, now=NOW
    )
    session.refresh(demand)
    assert demand.reached_at == NOW
    assert demand.due_at is not None
    assert day_of(demand.due_at) == TODAY + timedelta(days=20)
    assert not session.scalars(select(DemandSignature.id).where(DemandSignature.for_household)).all()
    actions = session.scalars(select(JournalEntry.action).where(JournalEntry.subject_id == demand_id)).all()
    assert set(actions) == {
        "appraisal_demand.make",
        "appraisal_demand.sign",
        "appraisal_demand.enter_paper",
    }


@pytest.mark.law("D2", "appraisal.demand.representatives")
def test_a_third_of_the_representatives_reach_it_and_a_plan_takes_their_numbers_over(
    session: Session, place: Place
) -> None:
    # Six representatives beside the director.
    demand_id = demand_by(place.scene.members[1])
    assert reached_appraisal_demands(session, place.community_id) == []
    sign_demand(demand_id=demand_id, for_household=False, actor=place.scene.members[2], now=NOW)
    # Whoever signs afterwards changes nothing in what was reached.
    later = NOW + timedelta(days=1)
    sign_demand(demand_id=demand_id, for_household=False, actor=place.scene.members[3], now=later)
    (reached,) = reached_appraisal_demands(session, place.community_id)
    assert (reached.id, day_of(reached.due_at)) == (demand_id, TODAY + timedelta(days=20))
    found = reached.demand
    assert (found.by, found.signatures, found.of) == (Demander.REPRESENTATIVES, 2, 6)
    assert (found.reached_on, found.text) == (TODAY, "半年未公布维修账目")


def test_a_reached_demand_waits_for_the_supervision_committee_and_not_for_the_committee(
    session: Session, place: Place
) -> None:
    def kinds(actor: Actor) -> list[NeedKind]:
        return [need.kind for need in list_needs(session, actor, NOW)]

    demand_id = demand_by(place.scene.members[1])
    assert NeedKind.HOLD_APPRAISAL not in kinds(place.supervisor)
    sign_demand(demand_id=demand_id, for_household=False, actor=place.scene.members[2], now=NOW)
    assert NeedKind.HOLD_APPRAISAL in kinds(place.supervisor)
    assert NeedKind.HOLD_APPRAISAL not in kinds(place.scene.director)
    assert NeedKind.CALL_ASSEMBLY not in kinds(place.scene.director)


@pytest.mark.law("D2", "appraisal.after_demand")
@pytest.mark.parametrize(("days", "holds"), [(20, True), (21, False)])
def test_the_supervision_committee_names_the_assembly_and_the_page_says_whether_it_is_soon_enough(
    session: Session, place: Place, days: int, holds: bool
) -> None:
    demand_id = demand_by(place.scene.members[1])
    sign_demand(demand_id=demand_id, for_household=False, actor=place.scene.members[2], now=NOW)
    starts_at = NOW + timedelta(days=days)
    assembly = plan(
        place.scene,
        MeetingForm.REPRESENTATIVE_ASSEMBLY,
        PlannedItem(title="民主评议"),
        starts_at=starts_at,
    )
    talk = plan(place.scene, MeetingForm.OPEN_TALK, PlannedItem(title="恳谈"), starts_at=starts_at)
    with pytest.raises(NotEligible):
        answer_demand(
            demand_id=demand_id, meeting_id=assembly.meeting_id, actor=place.scene.director, now=NOW
        )
    with pytest.raises(Invalid):
        answer_demand(demand_id=demand_id, meeting_id=talk.meeting_id, actor=place.supervisor, now=NOW)
    answer_demand(demand_id=demand_id, meeting_id=assembly.meeting_id, actor=place.supervisor, now=NOW)
    page = get_demand(session, demand_id=demand_id, community_id=place.community_id, person_id=None, now=NOW)
    assert page.held is not None
    assert page.held.holds is holds
    assert reached_appraisal_demands(session, place.community_id) == []
