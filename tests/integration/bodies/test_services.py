from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies import services
from civicforum.bodies.errors import MustBeElected, NoSeatLeft, PairForbidden
from civicforum.bodies.models import Body, Term
from civicforum.bodies.queries import get_body, list_bodies, list_other_terms
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Community, Person
from civicforum.people.rules import KinshipKind
from civicforum.people.services import record_kinship
from civicforum.records.models import JournalEntry
from tests.factories import (
    NOW,
    TODAY,
    actor_of,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
)

_B = BodyKind


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def admin(community: Community) -> Actor:
    return actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)


def post_of(
    community: Community, kind: BodyKind, post: PostKind = PostKind.MEMBER, seats: int = 9
) -> uuid.UUID:
    return make_post(make_body(community, kind), post, seats=seats).id


def give(
    post_id: uuid.UUID,
    person: Person,
    actor: Actor,
    *,
    appointed: Appointed = Appointed.ELECTED,
    since: date = TODAY,
    until: date | None = None,
) -> uuid.UUID:
    return services.appoint(
        post_id=post_id,
        person_id=person.id,
        appointed=appointed,
        since=since,
        until=until,
        actor=actor,
        now=NOW,
    )


def test_post_is_given_for_a_full_term_and_journalled(
    session: Session, community: Community, admin: Actor
) -> None:
    person = make_person(community, name="王当选")
    term_id = give(post_of(community, _B.RESIDENTS_COMMITTEE), person, admin)
    assert session.get_one(Term, term_id).until == date(2031, 3, 1)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.action, entry.is_public, entry.payload["name"]) == ("body.appoint", True, "王当选")


@pytest.mark.parametrize("appointed", [Appointed.APPOINTED, Appointed.EX_OFFICIO])
def test_elected_committee_is_never_filled_by_appointment(
    community: Community, admin: Actor, appointed: Appointed
) -> None:
    post_id = post_of(community, _B.RESIDENTS_COMMITTEE, PostKind.DIRECTOR)
    with pytest.raises(MustBeElected) as refused:
        give(post_id, make_person(community), admin, appointed=appointed)
    assert refused.value.verdict.rule.id == "posts.elected_only"
    give(post_of(community, _B.SERVICE_STATION), make_person(community), admin, appointed=appointed)


def test_member_of_the_committee_is_barred_from_supervising_it(community: Community, admin: Actor) -> None:
    person = make_person(community)
    give(post_of(community, _B.RESIDENTS_COMMITTEE), person, admin)
    give(post_of(community, _B.PARTY_COMMITTEE), person, admin)
    with pytest.raises(PairForbidden) as refused:
        give(post_of(community, _B.SUPERVISION_COMMITTEE), person, admin)
    assert (refused.value.verdict.rule.article_short, refused.value.conflict.kinship) == ("art 36", None)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (_B.RESIDENTS_COMMITTEE, _B.RESIDENTS_COMMITTEE),
        (_B.RESIDENTS_COMMITTEE, _B.SUPERVISION_COMMITTEE),
        (_B.SUPERVISION_COMMITTEE, _B.RESIDENTS_COMMITTEE),
        (_B.ELECTION_COMMITTEE, _B.ELECTION_COMMITTEE),
    ],
)
def test_near_relatives_avoid_each_other(
    community: Community, admin: Actor, held: BodyKind, wanted: BodyKind
) -> None:
    person, relative = make_person(community), make_person(community, name="李亲属")
    record_kinship(
        person_id=person.id, relative_id=relative.id, kind=KinshipKind.SIBLING, actor=admin, now=NOW
    )
    first = post_of(community, held)
    give(first, relative, admin)
    with pytest.raises(PairForbidden) as refused:
        give(first if held is wanted else post_of(community, wanted), person, admin)
    conflict = refused.value.conflict
    assert (conflict.holding.person_name, conflict.kinship) == ("李亲属", KinshipKind.SIBLING)


def test_what_ended_before_bars_nothing(community: Community, admin: Actor) -> None:
    person = make_person(community)
    term_id = give(post_of(community, _B.RESIDENTS_COMMITTEE), person, admin, since=date(2024, 1, 1))
    services.end_term(term_id=term_id, on=date(2026, 3, 1), reason="辞职", actor=admin, now=NOW)
    term_id = give(post_of(community, _B.SUPERVISION_COMMITTEE), person, admin)
    assert db.session.get_one(Term, term_id).person_id == person.id


def test_local_profile_bars_the_co_operative(session: Session) -> None:
    for profile, is_barred in (("national-2026", False), ("nanhai-sample", True)):
        community = make_community(name=profile, profile=profile)
        admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
        person = make_person(community)
        give(post_of(community, _B.RESIDENTS_COMMITTEE), person, admin)
        manager = post_of(community, _B.ECONOMIC_COOPERATIVE, PostKind.MANAGER)
        if is_barred:
            with pytest.raises(PairForbidden):
                give(manager, person, admin, appointed=Appointed.APPOINTED)
        else:
            give(manager, person, admin, appointed=Appointed.APPOINTED)


def test_seats_are_counted_in_the_time_asked_for(community: Community, admin: Actor) -> None:
    post_id = post_of(community, _B.SERVICE_STATION, seats=1)
    give(post_id, make_person(community), admin, since=date(2024, 1, 1), until=date(2026, 6, 30))
    with pytest.raises(NoSeatLeft) as refused:
        give(post_id, make_person(community), admin, since=date(2026, 6, 30))
    assert (refused.value.seats, refused.value.taken) == (1, 1)
    give(post_id, make_person(community), admin, since=date(2026, 7, 1))


def test_same_person_again_only_after_the_term(session: Session, community: Community, admin: Actor) -> None:
    person, post_id = make_person(community), post_of(community, _B.SERVICE_STATION)
    first = give(post_id, person, admin, since=date(2020, 1, 1), until=date(2025, 12, 31))
    with pytest.raises(AlreadyDone):
        give(post_id, person, admin, since=date(2025, 6, 1))
    give(post_id, person, admin)
    session.expire_all()
    ended = session.get_one(Term, first)
    assert (ended.ended_on, ended.end_reason) == (date(2025, 12, 31), services.EXPIRED)


def test_term_ends_once_within_its_days_and_with_a_reason(community: Community, admin: Actor) -> None:
    term_id = give(post_of(community, _B.SERVICE_STATION), make_person(community), admin)

    def end(on: date, reason: str) -> None:
        services.end_term(term_id=term_id, on=on, reason=reason, actor=admin, now=NOW)

    for on, reason in ((TODAY, " "), (date(2026, 3, 1), "辞职"), (date(2031, 3, 2), "辞职")):
        with pytest.raises(Invalid):
            end(on, reason)
    end(date(2026, 5, 1), "辞职")
    with pytest.raises(AlreadyDone):
        end(date(2026, 5, 1), "辞职")


def test_person_who_moved_away_gets_no_post(community: Community, admin: Actor) -> None:
    person = make_person(community, left_on=date(2026, 1, 1))
    with pytest.raises(Invalid):
        give(post_of(community, _B.SERVICE_STATION), person, admin)


def test_only_an_administrator_of_the_community_fills_posts(community: Community, admin: Actor) -> None:
    post_id, person = post_of(community, _B.SERVICE_STATION), make_person(community)
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    with pytest.raises(NotEligible):
        give(post_id, person, clerk)
    other = make_community(name="别处社区")
    with pytest.raises(NotFound):
        give(post_id, person, actor_of(make_officer(other, Role.ADMIN), Role.ADMIN))
    with pytest.raises(NotFound):
        give(post_id, make_person(other), admin)


def test_body_is_founded_with_posts_and_dissolved_with_its_terms(
    session: Session, community: Community, admin: Actor
) -> None:
    def found(name: str) -> uuid.UUID:
        return services.found_body(
            community_id=community.id,
            kind=_B.MEDIATION_COMMITTEE,
            name=name,
            founded_on=TODAY,
            actor=admin,
            now=NOW,
        )

    body_id = found("人民调解委员会")
    with pytest.raises(AlreadyDone):
        found("人民调解委员会")

    def add(title: str, seats: int = 3) -> uuid.UUID:
        return services.add_post(
            body_id=body_id, kind=PostKind.MEMBER, title=title, seats=seats, actor=admin, now=NOW
        )

    with pytest.raises(Invalid):
        add("主任", seats=0)
    post_id = add("委员")
    with pytest.raises(AlreadyDone):
        add("委员")
    give(post_id, make_person(community), admin)
    give(post_id, make_person(community), admin, since=date(2026, 6, 1))
    line = get_body(session, body_id=body_id, community_id=community.id, day=TODAY)
    assert (line.taken, line.seats, line.posts[0].open_seats) == (1, 3, 2)
    services.dissolve_body(body_id=body_id, on=TODAY, reason="并入", actor=admin, now=NOW)
    session.expire_all()
    assert session.get_one(Body, body_id).dissolved_on == TODAY
    assert [term.ended_on for term in session.scalars(select(Term).order_by(Term.since))][-2:] == [
        TODAY,
        date(2026, 6, 1),
    ]
    assert list_other_terms(session, body_id=body_id, day=date(2026, 7, 1), number=1).total == 2
    assert all(each.body.id != body_id for each in list_bodies(session, community_id=community.id, day=TODAY))
    with pytest.raises(AlreadyDone):
        add("秘书")
