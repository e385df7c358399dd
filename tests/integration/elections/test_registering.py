"""Registering: who may, once each, on which ground, and what is refused with which rule."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.elections.models import Election, Registration
from civicforum.elections.queries import doors
from civicforum.elections.queries import registrations as queries
from civicforum.elections.registers import OWN_WISH, RegisterFault
from civicforum.elections.rules import RegistrationState, Stage, Way
from civicforum.elections.services import registering as services
from civicforum.elections.services.registering import Said
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.paging import Page
from civicforum.people.models import Capacity, Community
from civicforum.people.rules import CapacityKind
from civicforum.records.models import JournalEntry
from tests.factories import NOW, TODAY, actor_of, make_community, make_household, make_officer, make_person
from tests.support.elections import DAY, make_election, make_registration, make_voters
from tests.support.statements import count_statements, gather_statistics

HUKOU = Said(CapacityKind.HUKOU, is_declared=True)
LIVES_HERE = Said(CapacityKind.USUAL_RESIDENCE, "邻市河东区桃园社区", is_declared=True)


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def election(community: Community) -> Election:
    return make_election(community, stage=Stage.REGISTRATION)


@pytest.fixture
def officer(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)


def register(election: Election, actor: Actor, said: Said = HUKOU) -> RegistrationState:
    return services.register(election_id=election.id, said=said, actor=actor, now=NOW)


def row_of(session: Session, election: Election, person_id: uuid.UUID) -> Registration:
    row = queries.find_registration(session, election_id=election.id, person_id=person_id)
    assert row is not None
    return row


def test_who_has_hukou_here_is_registered_at_once(
    session: Session, community: Community, election: Election
) -> None:
    person = make_person(community)
    assert register(election, actor_of(person)) is RegistrationState.REGISTERED
    row = row_of(session, election, person.id)
    assert (row.ground, row.declared, row.entered_by_id) == (CapacityKind.HUKOU, True, None)


def test_who_lives_here_without_hukou_says_where_it_is(
    session: Session, community: Community, election: Election
) -> None:
    person = make_person(community, capacities=[CapacityKind.USUAL_RESIDENCE])
    said = Said(CapacityKind.USUAL_RESIDENCE, is_declared=True)
    with pytest.raises(Invalid, match=RegisterFault.NO_HUKOU_PLACE):
        register(election, actor_of(person), said)
    assert register(election, actor_of(person), LIVES_HERE) is RegistrationState.REGISTERED
    assert row_of(session, election, person.id).hukou_place == "邻市河东区桃园社区"


def test_nobody_registers_without_declaring_to_be_registered_nowhere_else(
    community: Community, election: Election
) -> None:
    with pytest.raises(RuleRefused) as refused:
        register(election, actor_of(make_person(community)), Said(CapacityKind.HUKOU))
    assert refused.value.verdict.rule.id == "roll.one_place"


@pytest.mark.parametrize(("born_on", "is_taken"), [(date(2008, 4, 12), True), (date(2008, 4, 13), False)])
def test_age_is_counted_on_election_day(
    community: Community, election: Election, born_on: date, is_taken: bool
) -> None:
    assert date(2026, 4, 12) == DAY
    actor = actor_of(make_person(community, born_on=born_on))
    if is_taken:
        assert register(election, actor) is RegistrationState.REGISTERED
    else:
        with pytest.raises(RuleRefused) as refused:
            register(election, actor)
        assert refused.value.verdict.rule.id == "roll.voting_age"


def test_the_application_of_a_community_worker_waits_and_is_confirmed(
    session: Session, community: Community, election: Election, officer: Actor
) -> None:
    person = make_person(community, capacities=[CapacityKind.COMMUNITY_WORKER])
    # Six months before 12 April 2026 is 12 October 2025.
    late = Said(CapacityKind.COMMUNITY_WORKER, is_declared=True, employed_since=date(2025, 10, 13))
    with pytest.raises(RuleRefused) as refused:
        register(election, actor_of(person), late)
    assert refused.value.verdict.rule.id == "roll.social_worker"
    said = Said(CapacityKind.COMMUNITY_WORKER, is_declared=True, employed_since=date(2025, 10, 12))
    assert register(election, actor_of(person), said) is RegistrationState.APPLIED
    row = row_of(session, election, person.id)
    decide(election, row, officer, is_confirmed=True)
    assert row.state is RegistrationState.REGISTERED
    with pytest.raises(AlreadyDone):
        decide(election, row, officer, is_confirmed=False, reason="已决定")


def test_an_application_is_refused_with_its_reason_and_not_filed_again_by_the_applicant(
    session: Session, community: Community, election: Election, officer: Actor
) -> None:
    person = make_person(community)
    said = Said(CapacityKind.COMMUNITY_WORKER, is_declared=True, employed_since=date(2020, 1, 1))
    register(election, actor_of(person), said)
    row = row_of(session, election, person.id)
    decide(election, row, officer, is_confirmed=False, reason="劳动合同不在本社区")
    assert (row.state, row.decision) == (RegistrationState.REFUSED, "劳动合同不在本社区")
    with pytest.raises(AlreadyDone):
        register(election, actor_of(person))
    assert enter(election, person.id, officer) is RegistrationState.REGISTERED


def decide(
    election: Election, row: Registration, officer: Actor, *, is_confirmed: bool, reason: str = ""
) -> None:
    services.decide_registration(
        election_id=election.id,
        registration_id=row.id,
        is_confirmed=is_confirmed,
        reason=reason,
        actor=officer,
        now=NOW,
    )


def enter(election: Election, person_id: uuid.UUID, officer: Actor, said: Said = HUKOU) -> RegistrationState:
    return services.enter_registration(
        election_id=election.id, person_id=person_id, said=said, actor=officer, now=NOW
    )


def test_nobody_is_registered_twice(community: Community, election: Election, officer: Actor) -> None:
    person = make_person(community)
    register(election, actor_of(person))
    with pytest.raises(AlreadyDone):
        register(election, actor_of(person))
    with pytest.raises(AlreadyDone):
        enter(election, person.id, officer)


def test_help_at_the_counter_is_kept_with_the_registration(
    session: Session, community: Community, election: Election
) -> None:
    person, clerk = make_person(community), make_officer(community, Role.CLERK)
    actor = Actor(person_id=person.id, community_id=community.id, assisted_by=clerk.id)
    register(election, actor)
    assert row_of(session, election, person.id).entered_by_id == clerk.id


def test_only_officers_enter_for_others(community: Community, election: Election) -> None:
    with pytest.raises(NotEligible):
        enter(election, make_person(community).id, actor_of(make_person(community)))


def test_who_moves_away_before_election_day_is_not_registered(
    community: Community, election: Election
) -> None:
    left = make_person(community, left_on=date(2026, 4, 11))
    with pytest.raises(Invalid, match=RegisterFault.HAS_LEFT):
        register(election, actor_of(left))


@pytest.mark.parametrize("stage", [Stage.COMMITTEE, Stage.ROLL])
def test_people_register_at_the_stage_of_registration_only(community: Community, stage: Stage) -> None:
    election = make_election(community, stage=stage)
    with pytest.raises(TransitionNotAllowed):
        register(election, actor_of(make_person(community)))


def test_nobody_registers_where_representatives_elect(community: Community) -> None:
    election = make_election(community, stage=Stage.REGISTRATION, way=Way.REPRESENTATIVES)
    with pytest.raises(Invalid, match=RegisterFault.BY_REPRESENTATIVES):
        register(election, actor_of(make_person(community)))


def test_one_of_each_household_stands_for_it(session: Session, community: Community, officer: Actor) -> None:
    election = make_election(community, stage=Stage.REGISTRATION, way=Way.HOUSEHOLDS)
    home = make_household(community)
    first, second = make_person(community, household=home), make_person(community, household=home)
    register(election, actor_of(first))
    row = row_of(session, election, first.id)
    assert row.for_household
    with pytest.raises(RuleRefused) as refused:
        register(election, actor_of(second))
    assert refused.value.verdict.rule.id == "roll.per_household"
    withdraw(election, row, actor_of(first))
    register(election, actor_of(second))
    with pytest.raises(RuleRefused):
        tick(election, [first.id], officer)


def withdraw(election: Election, row: Registration, actor: Actor, reason: str = OWN_WISH) -> None:
    services.withdraw_registration(
        election_id=election.id, registration_id=row.id, reason=reason, actor=actor, now=NOW
    )


def test_who_withdrew_may_register_again(session: Session, community: Community, election: Election) -> None:
    person = make_person(community)
    register(election, actor_of(person))
    row = row_of(session, election, person.id)
    with pytest.raises(NotEligible):
        withdraw(election, row, actor_of(make_person(community)))
    withdraw(election, row, actor_of(person))
    with pytest.raises(AlreadyDone):
        withdraw(election, row, actor_of(person))
    register(election, actor_of(person))
    assert (row.state, row.decision, row.decided_at) == (RegistrationState.REGISTERED, "", None)


def tick(election: Election, people: list[uuid.UUID], officer: Actor) -> int:
    return services.enter_from_doors(election_id=election.id, people=people, actor=officer, now=NOW)


def test_the_list_from_the_doors_registers_whoever_has_a_ground_and_nobody_twice(
    session: Session, community: Community, election: Election, officer: Actor
) -> None:
    here = make_person(community)
    lives = make_person(community, capacities=[CapacityKind.USUAL_RESIDENCE])
    owner = make_person(community, capacities=[CapacityKind.OWNER])
    young = make_person(community, born_on=date(2008, 4, 13))
    known = make_person(community)
    make_registration(election, known)
    asked = [one.id for one in (here, lives, owner, young, known)]
    assert tick(election, asked, officer) == 2
    assert row_of(session, election, here.id).ground is CapacityKind.HUKOU
    assert row_of(session, election, lives.id).ground is CapacityKind.USUAL_RESIDENCE
    assert queries.find_registration(session, election_id=election.id, person_id=owner.id) is None
    assert tick(election, asked, officer) == 0
    with pytest.raises(Invalid, match=RegisterFault.NOBODY_TICKED):
        tick(election, [], officer)


def test_what_somebody_stated_is_not_in_the_public_part_of_the_journal(
    session: Session, community: Community, election: Election
) -> None:
    register(election, actor_of(make_person(community)))
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "election.register")).one()
    assert not entry.is_public


def test_two_of_one_name_are_told_apart_and_one_person_twice_is_noticed(
    session: Session, community: Community, election: Election
) -> None:
    for born_on in (date(1970, 5, 17), date(1970, 5, 17), date(1981, 1, 1)):
        make_registration(election, make_person(community, name="王芳", born_on=born_on))
    make_registration(election, make_person(community, name="李静"))
    page = queries.list_registrations(session, election=election)
    told = {
        (line.registration.person.name, line.registration.person.born_on.year): line for line in page.items
    }
    assert told["王芳", 1970].has_namesake
    assert told["王芳", 1970].is_double
    assert told["王芳", 1981].has_namesake
    assert not told["王芳", 1981].is_double
    assert not told["李静", 1970].has_namesake
    assert queries.count_registrations(session, election_id=election.id).doubles == 1
    assert queries.list_registrations(session, election=election, is_double=True).total == 2


def test_five_thousand_registrations_are_listed_in_a_few_statements(
    session: Session, election: Election
) -> None:
    people = make_voters(election, 5000, groups=("第一居民小组", "第二居民小组"), bulk=True)
    session.execute(insert(Registration), [_filed(election, person.id) for person in people])
    gather_statistics()
    session.expire_all()
    with count_statements() as counted:
        page = queries.list_registrations(session, election=election, number=100)
        assert all(line.registration.person.household.group.name for line in page.items)
        assert (page.total, len(page.items)) == (5000, 50)
    assert counted.total <= 4
    found = queries.list_registrations(session, election=election, text="居民4999")
    assert [line.registration.person.name for line in found.items] == ["居民4999"]
    assert queries.count_registrations(session, election_id=election.id).states == {
        RegistrationState.REGISTERED: 5000
    }


def test_the_doors_of_five_thousand_are_listed_in_a_few_statements(
    session: Session, election: Election
) -> None:
    people = make_voters(election, 5000, groups=("第一居民小组", "第二居民小组"), bulk=True)
    session.execute(insert(Capacity), [_hukou(election, person.id) for person in people])
    gather_statistics()
    session.expire_all()
    with count_statements() as counted:
        page = list_doors(session, election, number=100)
        assert all(line.person.household.group.name for line in page.items)
        assert (page.total, len(page.items)) == (5000, 50)
    # The election, the page with its count, the capacities, what was stated already.
    assert counted.total <= 5


def test_who_said_so_already_leaves_the_list_of_those_missing(
    session: Session, community: Community, election: Election
) -> None:
    known, missing = make_person(community), make_person(community)
    make_registration(election, known)
    withdrew = make_person(community)
    make_registration(election, withdrew, state=RegistrationState.WITHDRAWN, decision=OWN_WISH)
    found = [line.person.id for line in list_doors(session, election, is_missing=True).items]
    assert sorted(found) == sorted([missing.id, withdrew.id])


def list_doors(session: Session, election: Election, **filters: Any) -> Page[doors.DoorLine]:
    return doors.list_at_the_doors(
        session, election=election, born_by=date(2008, 4, 12), today=TODAY, election_day=DAY, **filters
    )


def _hukou(election: Election, person_id: uuid.UUID) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "community_id": election.community_id,
        "person_id": person_id,
        "kind": CapacityKind.HUKOU,
        "since": date(2010, 1, 1),
    }


def _filed(election: Election, person_id: uuid.UUID) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "community_id": election.community_id,
        "election_id": election.id,
        "person_id": person_id,
        "ground": CapacityKind.HUKOU,
        "declared": True,
        "state": RegistrationState.REGISTERED,
        "filed_at": NOW,
    }
