from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.bodies.models import Body, Term
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people import services
from civicforum.people.founding import Administrator, Place, found_community
from civicforum.people.models import Community, Grid, Group, Kinship, Person, Region
from civicforum.people.queries import get_figures, kin_of, list_grids_with_sizes
from civicforum.people.rules import CapacityKind, KinshipKind, Sex
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from tests.factories import NOW, TODAY, actor_of, make_community, make_household, make_officer, make_person
from tests.resident_lists import identity_number

PLACE = Place("临江市", "东湖区", "松河街道", "青松里社区", "national-2026", "第一网格", "第一居民小组")
ADMINISTRATOR = Administrator(
    number="A0001",
    name="陈管理",
    sex=Sex.FEMALE,
    born_on=date(1980, 5, 17),
    phone="",
    household="A0001",
    address="青松里社区服务站",
    login="chen",
    password="a long enough password",
)


def make(name: str) -> uuid.UUID:
    return services.create_community(
        city="临江市",
        district="东湖区",
        subdistrict="松河街道",
        name=name,
        profile="national-2026",
        now=NOW,
    )


def test_communities_of_one_subdistrict_share_its_regions(session: Session) -> None:
    first, second = make("甲社区"), make("乙社区")
    assert session.scalar(select(func.count(Region.id))) == 3
    for community_id in (first, second):
        assert verify_journal(session, community_id=community_id) == (1, None)
    with pytest.raises(AlreadyDone):
        make("甲社区")


def test_community_needs_a_known_profile(session: Session) -> None:
    with pytest.raises(Invalid):
        services.create_community(
            city="a", district="b", subdistrict="c", name="d", profile="nowhere", now=NOW
        )
    assert session.scalar(select(func.count(Region.id))) == 0


def test_founding_gives_bodies_posts_and_an_administrator_who_can_sign_in(session: Session) -> None:
    community_id = found_community(place=PLACE, administrator=ADMINISTRATOR, now=NOW)
    account = session.scalars(select(Account)).one()
    assert (account.login, account.person.name) == ("chen", "陈管理")
    assert roles_held(session, person_id=account.person_id, day=TODAY) == {Role.ADMIN}
    kinds = set(session.scalars(select(Body.kind).where(Body.community_id == community_id)))
    assert {BodyKind.PARTY_COMMITTEE, BodyKind.RESIDENTS_COMMITTEE, BodyKind.SERVICE_STATION} < kinds
    assert len(kinds) == 7
    assert verify_journal(session, community_id=community_id) == (1, None)


def test_founding_that_is_refused_leaves_nothing(session: Session) -> None:
    found_community(place=PLACE, administrator=ADMINISTRATOR, now=NOW)
    other = Place("临江市", "东湖区", "松河街道", "别的社区", "national-2026", "一", "一")
    with pytest.raises(Invalid):
        found_community(place=other, administrator=ADMINISTRATOR, now=NOW)
    assert session.scalar(select(func.count(Community.id))) == 1
    assert session.scalar(select(func.count(Term.id))) == 1


def test_person_is_registered_with_capacities_and_outside_the_public_register(session: Session) -> None:
    community = make_community()
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    number = identity_number(3, date(1970, 1, 1), is_male=True)
    values = {
        "community_id": community.id,
        "name": "王新",
        "sex": Sex.MALE,
        "born_on": date(1970, 1, 1),
        "household_id": make_household(community).id,
        "identity_number": number,
        "capacities": frozenset({CapacityKind.HUKOU}),
        "actor": clerk,
        "now": NOW,
    }
    person_id = services.register_person(number="N1", **values)
    person = session.get_one(Person, person_id)
    assert [(each.kind, each.since) for each in person.capacities] == [(CapacityKind.HUKOU, TODAY)]
    assert person.identity_hash is not None
    assert number not in person.identity_hash
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.is_public, entry.subject_title) == (False, "N1")
    assert "王新" not in str(entry.payload)
    with pytest.raises(AlreadyDone):
        services.register_person(number="N1", **values)
    with pytest.raises(Invalid) as known:
        services.register_person(number="N2", **values)
    assert known.value.reason == "identity_known"


def test_capacity_begins_once_and_ends_once(session: Session) -> None:
    community = make_community()
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    person = make_person(community, capacities=())

    def record(since: date) -> uuid.UUID:
        return services.record_capacity(
            person_id=person.id, kind=CapacityKind.OWNER, since=since, actor=clerk, now=NOW
        )

    with pytest.raises(Invalid):
        record(date(1960, 1, 1))
    capacity_id = record(date(2020, 1, 1))
    with pytest.raises(AlreadyDone):
        record(date(2021, 1, 1))
    with pytest.raises(Invalid):
        services.end_capacity(capacity_id=capacity_id, on=date(2019, 12, 31), actor=clerk, now=NOW)
    services.end_capacity(capacity_id=capacity_id, on=date(2020, 6, 30), actor=clerk, now=NOW)
    with pytest.raises(AlreadyDone):
        services.end_capacity(capacity_id=capacity_id, on=date(2020, 6, 30), actor=clerk, now=NOW)
    record(date(2020, 7, 1))


def test_two_relatives_are_one_pair_whoever_is_named_first(session: Session) -> None:
    community = make_community()
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    first, second = make_person(community), make_person(community)

    def record(one: Person, other: Person) -> None:
        services.record_kinship(
            person_id=one.id, relative_id=other.id, kind=KinshipKind.SPOUSE, actor=clerk, now=NOW
        )

    record(first, second)
    with pytest.raises(AlreadyDone):
        record(second, first)
    with pytest.raises(Invalid):
        record(first, first)
    assert session.scalar(select(func.count(Kinship.id))) == 1
    assert kin_of(session, person_id=second.id) == {first.id: KinshipKind.SPOUSE}


def test_grids_and_groups_are_the_administrators_and_have_names_of_their_own(session: Session) -> None:
    community = make_community()
    admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    with pytest.raises(NotEligible):
        services.add_grid(community_id=community.id, code="02", name="二", actor=clerk, now=NOW)
    with pytest.raises(AlreadyDone):
        services.add_grid(community_id=community.id, code="第一网格", name="二", actor=admin, now=NOW)
    grid_id = services.add_grid(community_id=community.id, code="02", name="二", actor=admin, now=NOW)
    with pytest.raises(AlreadyDone):
        services.add_group(community_id=community.id, name="第一居民小组", actor=admin, now=NOW)
    assert get_figures(session, community_id=community.id).grids_without_worker == 2
    services.name_grid_worker(grid_id=grid_id, person_id=clerk.person_id, actor=admin, now=NOW)
    assert get_figures(session, community_id=community.id).grids_without_worker == 1
    lines = list_grids_with_sizes(session, community_id=community.id)
    assert [(line.grid.code, line.households, line.people) for line in lines] == [("01", 2, 2), ("02", 0, 0)]


def test_people_of_another_community_are_not_found(session: Session) -> None:
    here, elsewhere = make_community(), make_community(name="别处社区")
    admin = actor_of(make_officer(here, Role.ADMIN), Role.ADMIN)
    stranger = make_person(elsewhere)
    grid = session.scalars(select(Grid).where(Grid.community_id == here.id)).one()
    with pytest.raises(NotFound):
        services.name_grid_worker(grid_id=grid.id, person_id=stranger.id, actor=admin, now=NOW)
    group = session.scalars(select(Group).where(Group.community_id == elsewhere.id)).one()
    with pytest.raises(NotFound):
        services.add_household(
            community_id=here.id,
            number="9",
            address="x",
            grid_id=grid.id,
            group_id=group.id,
            actor=admin,
            now=NOW,
        )
