"""The election committee: the order of votes, forming it, leaving it, and who follows (art 15)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.database import transaction
from civicforum.elections.models import CommitteePlace, Election, Step
from civicforum.elections.rules import LeftGround, Stage
from civicforum.elections.services import committee
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import KinshipKind
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, make_person
from tests.support.elections import make_candidate, make_election, make_nomination

LATER = NOW + timedelta(days=10)


def prepared(*votes: int, stage: Stage = Stage.COMMITTEE) -> tuple[Election, Actor, list[Person]]:
    """Return an election with people chosen to its committee, each with so many votes."""
    community = make_community()
    election = make_election(community, stage=stage)
    actor = actor_of(make_person(community), Role.COMMITTEE)
    people = [make_person(community, name=f"委员{number}") for number in range(len(votes))]
    for person, number in zip(people, votes, strict=True):
        committee.add_place(election_id=election.id, person_id=person.id, votes=number, actor=actor, now=NOW)
    return election, actor, people


def form(election: Election, actor: Actor, people: list[Person], size: int = 5) -> Actor:
    """Form the committee under the first of them; return the actor who presides now."""
    committee.form_committee(
        election_id=election.id,
        size=size,
        director_id=people[0].id,
        deputy_ids=[people[1].id],
        actor=actor,
        now=NOW,
    )
    return actor_of(people[0], Role.ELECTION_OFFICER)


def make_kin(first: Person, second: Person) -> None:
    with transaction() as session:
        session.add(
            Kinship(
                community_id=first.community_id,
                person_id=first.id,
                relative_id=second.id,
                kind=KinshipKind.SIBLING,
            )
        )


def sitting(session: Session, election_id: uuid.UUID) -> dict[str, PostKind | None]:
    rows = session.scalars(
        select(CommitteePlace)
        .where(
            CommitteePlace.election_id == election_id,
            CommitteePlace.joined_at.is_not(None),
            CommitteePlace.left_at.is_(None),
        )
        .order_by(CommitteePlace.position)
    )
    return {row.person.name: row.post for row in rows}


def test_people_stand_in_the_order_of_their_votes(session: Session) -> None:
    election, actor, people = prepared(30, 50, 50, 40)
    committee.remove_place(election_id=election.id, person_id=people[3].id, actor=actor, now=NOW)
    rows = session.scalars(
        select(CommitteePlace)
        .where(CommitteePlace.election_id == election.id)
        .order_by(CommitteePlace.position)
    ).all()
    assert [(row.position, row.person.name) for row in rows] == [(1, "委员1"), (2, "委员2"), (3, "委员0")]
    with pytest.raises(AlreadyDone):
        committee.add_place(election_id=election.id, person_id=people[0].id, votes=9, actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        (4, "election.committee.size"),
        (6, "election.committee.odd"),
        (8, "election.committee.odd"),
        (10, "election.committee.size"),
    ],
)
def test_committee_of_a_wrong_size_or_an_even_number_is_refused(
    session: Session, size: int, rule: str
) -> None:
    election, actor, people = prepared(*range(90, 79, -1))
    with pytest.raises(RuleRefused) as refused:
        form(election, actor, people, size)
    assert refused.value.verdict.rule.id == rule
    assert election.presiding_id is None


def test_near_relatives_are_not_formed_into_one_committee(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40)
    make_kin(people[1], people[4])
    with pytest.raises(RuleRefused) as refused:
        form(election, actor, people)
    assert refused.value.verdict.rule.id == "posts.election_committee"
    # Lawful once the one with fewer votes is off the list: the sixth is a member then.
    committee.remove_place(election_id=election.id, person_id=people[4].id, actor=actor, now=NOW)
    form(election, actor, people)
    assert list(sitting(session, election.id)) == ["委员0", "委员1", "委员2", "委员3", "委员5"]


def test_forming_founds_the_body_and_begins_terms(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40)
    form(election, actor, people)
    body = session.get_one(Body, election.presiding_id)
    assert (body.kind, body.name) == (BodyKind.ELECTION_COMMITTEE, "居民选举委员会")
    terms = session.execute(
        select(Person.name, Post.title, Term.appointed)
        .join(Term, Term.person_id == Person.id)
        .join(Post, Post.id == Term.post_id)
        .where(Post.body_id == body.id)
    ).all()
    assert {(name, title) for name, title, _ in terms} == {
        ("委员0", "主任"),
        ("委员1", "副主任"),
        ("委员2", "委员"),
        ("委员3", "委员"),
        ("委员4", "委员"),
    }
    assert {appointed for *_, appointed in terms} == {Appointed.ELECTED}
    assert Role.ELECTION_OFFICER in roles_held(session, person_id=people[4].id, day=TODAY)
    assert Role.ELECTION_OFFICER not in roles_held(session, person_id=people[5].id, day=TODAY)
    done = session.scalars(select(Step.milestone).where(Step.done_at.is_not(None))).all()
    assert done == ["committee_formed"]
    with pytest.raises(AlreadyDone):
        form(election, actor_of(people[0], Role.ELECTION_OFFICER), people)


def test_body_of_an_earlier_election_is_taken_over_and_its_terms_end(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50)
    community = session.get_one(Community, election.community_id)
    former = make_officer(community, Role.ELECTION_OFFICER)
    form(election, actor, people)
    bodies = session.scalars(select(Body).where(Body.kind == BodyKind.ELECTION_COMMITTEE)).all()
    assert [body.id for body in bodies] == [election.presiding_id]
    assert Role.ELECTION_OFFICER not in roles_held(session, person_id=former.id, day=TODAY)
    assert Role.ELECTION_OFFICER in roles_held(session, person_id=people[0].id, day=TODAY)


def test_second_election_at_once_has_a_committee_of_its_own(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50)
    form(election, actor, people)
    community = session.get_one(Community, election.community_id)
    other = make_election(community, stage=Stage.COMMITTEE)
    others = [make_person(community) for _ in range(5)]
    for person in others:
        committee.add_place(election_id=other.id, person_id=person.id, votes=10, actor=actor, now=NOW)
    form(other, actor, others)
    assert other.presiding_id not in (None, election.presiding_id)
    assert Role.ELECTION_OFFICER in roles_held(session, person_id=people[0].id, day=TODAY)


@pytest.mark.parametrize(
    ("size", "director", "deputies", "reason"),
    [
        (7, 0, [1], "too_few"),
        (0, 0, [1], "too_few"),
        (5, 5, [1], "director"),
        (5, 0, [0], "deputies"),
        (5, 0, [5], "deputies"),
    ],
)
def test_posts_go_to_members(
    session: Session, size: int, director: int, deputies: list[int], reason: str
) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40)
    with pytest.raises(Invalid) as refused:
        committee.form_committee(
            election_id=election.id,
            size=size,
            director_id=people[director].id,
            deputy_ids=[people[one].id for one in deputies],
            actor=actor,
            now=NOW,
        )
    assert refused.value.reason == reason


def nominate(election: Election, nominee: Person) -> list[uuid.UUID]:
    make_nomination(election, "主任", nominee)
    with transaction() as session:
        locked = session.get_one(Election, election.id)
        return committee.leave_if_nominated(session, locked, nominee.id, None, LATER)


def test_member_who_is_nominated_leaves_and_the_next_follows_art_15(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40)
    form(election, actor, people)
    assert nominate(election, people[0]) == [people[0].id]
    # The director's post falls empty, and the next in the order of votes takes it.
    assert sitting(session, election.id) == {
        "委员1": PostKind.DEPUTY_DIRECTOR,
        "委员2": PostKind.MEMBER,
        "委员3": PostKind.MEMBER,
        "委员4": PostKind.MEMBER,
        "委员5": PostKind.DIRECTOR,
    }
    today = LATER.date()
    assert Role.ELECTION_OFFICER not in roles_held(session, person_id=people[0].id, day=today)
    assert Role.ELECTION_OFFICER in roles_held(session, person_id=people[5].id, day=today)


def test_member_whose_relative_is_nominated_leaves_and_a_nominee_is_passed_over_art_15(
    session: Session,
) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40, 30)
    form(election, actor, people)
    brother = make_person(session.get_one(Community, election.community_id))
    make_kin(people[2], brother)
    make_candidate(election, "委员", people[5])
    assert nominate(election, brother) == [people[2].id]
    assert "委员6" in sitting(session, election.id)
    place = session.scalars(select(CommitteePlace).where(CommitteePlace.person_id == people[2].id)).one()
    assert place.left_ground is LeftGround.RELATIVE_NOMINATED


def test_nobody_leaves_for_a_stranger(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50)
    form(election, actor, people)
    stranger = make_person(session.get_one(Community, election.community_id))
    assert nominate(election, stranger) == []
    assert len(sitting(session, election.id)) == 5


def test_place_that_nobody_follows_on_is_chosen_anew(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50)
    officer = form(election, actor, people)
    committee.resign(election_id=election.id, person_id=people[3].id, actor=officer, now=LATER)
    assert len(sitting(session, election.id)) == 4
    chosen = make_person(session.get_one(Community, election.community_id), name="补选委员")
    committee.add_place(election_id=election.id, person_id=chosen.id, votes=12, actor=officer, now=LATER)
    assert sitting(session, election.id)["补选委员"] is PostKind.MEMBER
    with pytest.raises(AlreadyDone):
        committee.resign(election_id=election.id, person_id=people[3].id, actor=officer, now=LATER)


@pytest.mark.parametrize(("meetings", "has_left"), [("x", False), ("xx", True), ("x.x", False)])
def test_two_meetings_missed_running_end_the_place(session: Session, meetings: str, has_left: bool) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, 40)
    officer = form(election, actor, people)
    gone: list[uuid.UUID] = []
    for sign in meetings:
        gone += committee.record_meeting(
            election_id=election.id,
            absent=[people[4].id] if sign == "x" else [],
            actor=officer,
            now=LATER,
        )
    assert (gone == [people[4].id]) is has_left
    assert ("委员5" in sitting(session, election.id)) is has_left


def test_old_committee_no_longer_changes_the_committee_it_formed_art_15(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50)
    form(election, actor, people)
    with pytest.raises(NotEligible):
        committee.resign(election_id=election.id, person_id=people[0].id, actor=actor, now=LATER)
    with pytest.raises(TransitionNotAllowed):
        committee.remove_place(
            election_id=election.id,
            person_id=people[0].id,
            actor=actor_of(people[0], Role.ELECTION_OFFICER),
            now=LATER,
        )


def test_committee_is_formed_at_its_stage(session: Session) -> None:
    election, actor, people = prepared(90, 80, 70, 60, 50, stage=Stage.PLANNED)
    with pytest.raises(TransitionNotAllowed):
        form(election, actor, people)


def test_who_moved_away_is_not_chosen(session: Session) -> None:
    election, actor, _people = prepared()
    gone = make_person(session.get_one(Community, election.community_id), left_on=date(2026, 1, 1))
    with pytest.raises(Invalid) as refused:
        committee.add_place(election_id=election.id, person_id=gone.id, votes=1, actor=actor, now=NOW)
    assert refused.value.reason == "has_left"
