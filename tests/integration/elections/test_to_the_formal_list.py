"""From the first registration to the formal list, in each of the three ways of electing (art 14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.elections.models import Candidate, Election
from civicforum.elections.queries import registrations as queries
from civicforum.elections.rules import CandidateState, Disqualification, Stage, Way
from civicforum.elections.services import nominating, registering, reviewing, rolls, stages
from civicforum.elections.services.nominating import PutForward
from civicforum.elections.services.registering import Said
from civicforum.elections.services.reviewing import Check
from civicforum.people.models import Community, Person
from civicforum.people.rules import CapacityKind
from tests.factories import actor_of, make_community, make_officer, make_person
from tests.support.elections import DAY, at, make_election, seat_committee, seat_of

# One more than seats for each of the two directors, two more for the three members.
STANDING = {"主任": 2, "副主任": 2, "委员": 5}
CLEAR = {ground: Check(False, "街道纪工委复函") for ground in Disqualification}


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


def before(days: int) -> datetime:
    """Return nine in the morning so many days before election day."""
    return at(DAY - timedelta(days=days), 9)


def go_on(election: Election, officer: Actor, days: int) -> Stage:
    return stages.advance(election_id=election.id, actor=officer, now=before(days))


def find_electors(community: Community, election: Election) -> list[Person]:
    """Let forty people take part: state it themselves, or hold the post of a representative."""
    if election.way is Way.REPRESENTATIVES:
        return [make_officer(community, Role.REPRESENTATIVE) for _ in range(40)]
    people = [make_person(community) for _ in range(40)]
    said = Said(CapacityKind.HUKOU, is_declared=True)
    for person in people:
        registering.register(election_id=election.id, said=said, actor=actor_of(person), now=before(31))
    return people


def nominate_all(election: Election, electors: list[Person], nominees: list[Person], officer: Actor) -> None:
    """Nominate for every post: each nominee by ten voters, nobody by more people than there are seats."""
    left = iter(nominees)
    for title, number in STANDING.items():
        for turn in range(number):
            nominee, first = next(left), 10 * (turn % 4)
            nomination_id = nominating.enter_joint_nomination(
                election_id=election.id,
                who=PutForward(seat_of(election, title).id, nominee.id),
                lines=[person.number for person in electors[first : first + 10]],
                actor=officer,
                now=before(18),
            )
            nominating.consent(
                election_id=election.id, nomination_id=nomination_id, actor=actor_of(nominee), now=before(17)
            )
            reviewing.accept_nomination(
                election_id=election.id, nomination_id=nomination_id, actor=officer, now=before(16)
            )


@pytest.mark.parametrize("way", list(Way))
def test_those_who_take_part_stand_on_the_roll_nominate_and_get_their_list(
    session: Session, community: Community, way: Way
) -> None:
    election = make_election(community, stage=Stage.REGISTRATION, way=way)
    officer = actor_of(seat_committee(election)[0], Role.ELECTION_OFFICER)
    electors = find_electors(community, election)
    assert go_on(election, officer, 28) is Stage.ROLL
    assert rolls.make_roll(election_id=election.id, actor=officer, now=before(28)) == 40
    rolls.post_roll(election_id=election.id, actor=officer, now=before(28))
    asked = {person.id for person in electors}
    assert queries.electors_among(session, election=election, people=asked, day=DAY) == asked
    assert go_on(election, officer, 20) is Stage.NOMINATION
    nominees = [make_person(community) for _ in range(sum(STANDING.values()))]
    nominate_all(election, electors, nominees, officer)
    assert go_on(election, officer, 14) is Stage.REVIEW
    standing = session.scalars(select(Candidate).where(Candidate.election_id == election.id)).all()
    for one in standing:
        reviewing.answer_checks(
            election_id=election.id, candidate_id=one.id, checks=CLEAR, actor=officer, now=before(10)
        )
    assert go_on(election, officer, 7) is Stage.CANDIDATES
    reviewing.post_formal_list(
        election_id=election.id, order=[one.id for one in standing], actor=officer, now=before(6)
    )
    assert {one.state for one in standing} == {CandidateState.FORMAL}
