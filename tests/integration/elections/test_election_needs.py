"""What elections put on somebody's home page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.elections.queries.needs import list_needs
from civicforum.elections.rules import RegistrationState, Stage, Way
from civicforum.inbox.rules import NeedKind
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, actor_of, make_community, make_person
from tests.support.elections import make_election, make_registration, seat_committee


def test_resident_is_asked_to_register_until_something_is_stated(session: Session) -> None:
    community = make_community()
    election = make_election(community, stage=Stage.REGISTRATION)
    person = make_person(community)
    (need,) = list_needs(session, actor_of(person), NOW)
    assert (need.kind, need.endpoint) == (NeedKind.REGISTER, "elections.register")
    assert need.due_at == day_ends(date(2026, 3, 14))
    make_registration(election, person, state=RegistrationState.WITHDRAWN, decision="本人撤回")
    assert list_needs(session, actor_of(person), NOW) == []


@pytest.mark.parametrize(
    ("stage", "way", "born_on"),
    [
        (Stage.ROLL, Way.VOTERS, date(1970, 1, 1)),
        (Stage.REGISTRATION, Way.REPRESENTATIVES, date(1970, 1, 1)),
        (Stage.REGISTRATION, Way.VOTERS, date(2008, 3, 3)),
    ],
)
def test_nobody_is_asked_who_cannot_register_now(
    session: Session, stage: Stage, way: Way, born_on: date
) -> None:
    community = make_community()
    make_election(community, stage=stage, way=way)
    assert list_needs(session, actor_of(make_person(community, born_on=born_on)), NOW) == []


def test_election_waits_for_those_who_plan_it_and_then_for_its_own_committee(session: Session) -> None:
    community = make_community()
    election = make_election(community, stage=Stage.COMMITTEE)
    old = actor_of(make_person(community), Role.COMMITTEE)
    stranger = actor_of(make_person(community), Role.ELECTION_OFFICER)
    (need,) = list_needs(session, old, NOW)
    assert (need.kind, need.due_at) == (NeedKind.RUN_ELECTION, day_ends(date(2026, 3, 8)))
    assert list_needs(session, stranger, NOW) == []
    member = actor_of(seat_committee(election)[2], Role.ELECTION_OFFICER)
    assert list_needs(session, old, NOW) == []
    assert [need.kind for need in list_needs(session, member, NOW)] == [NeedKind.RUN_ELECTION]
    election.stage, election.closed_at = Stage.CLOSED, datetime(2026, 5, 1, tzinfo=UTC)
    session.commit()
    assert list_needs(session, member, NOW) == []
