"""Two administrators at once, on real commits."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.bodies.services import appoint
from civicforum.database import db
from civicforum.errors import CivicForumError
from civicforum.people.rules import KinshipKind
from civicforum.people.services import record_kinship
from civicforum.records.queries import verify_journal
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


def appoint_at_once(app: Flask, wanted: list[tuple[uuid.UUID, uuid.UUID]], actor: Actor) -> list[str]:
    """Give each post to its person, all at the same moment, and return how each attempt ended."""
    start = Barrier(len(wanted))

    def run(pair: tuple[uuid.UUID, uuid.UUID]) -> str:
        with app.app_context():
            start.wait()
            try:
                appoint(
                    post_id=pair[0],
                    person_id=pair[1],
                    appointed=Appointed.ELECTED,
                    since=TODAY,
                    actor=actor,
                    now=NOW,
                )
            except CivicForumError as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(wanted)) as threads:
        return sorted(threads.map(run, wanted))


def test_last_seat_goes_to_one_of_those_named_at_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
        post_id = make_post(make_body(community, BodyKind.SUPERVISION_COMMITTEE), PostKind.MEMBER, seats=1).id
        people = [make_person(community).id for _ in range(4)]
    ends = appoint_at_once(committed, [(post_id, person_id) for person_id in people], admin)
    assert ends == ["NoSeatLeft"] * 3 + ["done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count(Term.id)).where(Term.post_id == post_id)) == 1
        assert verify_journal(db.session(), community_id=admin.community_id)[1] is None


def test_two_relatives_named_at_once_for_two_bodies_do_not_both_get_in(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
        first, second = make_person(community).id, make_person(community).id
        record_kinship(person_id=first, relative_id=second, kind=KinshipKind.SPOUSE, actor=admin, now=NOW)
        committee = make_post(make_body(community, BodyKind.RESIDENTS_COMMITTEE), PostKind.MEMBER).id
        supervision = make_post(make_body(community, BodyKind.SUPERVISION_COMMITTEE), PostKind.MEMBER).id
    ends = appoint_at_once(committed, [(committee, first), (supervision, second)], admin)
    assert ends == ["PairForbidden", "done"]
