"""Acts of the same moment, with real commits: nobody is registered, and nobody signs, twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.elections.models import Election, NominationSigner, Registration
from civicforum.elections.rules import Stage, Way
from civicforum.elections.services import nominating, registering
from civicforum.elections.services.registering import Said
from civicforum.people.rules import CapacityKind
from tests.factories import NOW, actor_of, make_community, make_household, make_person
from tests.support.elections import make_election, make_nomination, make_round, make_voters
from tests.support.races import at_once

SAID = Said(CapacityKind.HUKOU, is_declared=True)


def count(app: Flask, kind: type[Registration | NominationSigner]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_double_tap_registers_once(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        election_id = make_election(community, stage=Stage.REGISTRATION).id
        actor = actor_of(make_person(community))
    acts = [register(election_id, actor)] * 5
    assert at_once(committed, acts) == ["AlreadyDone"] * 4 + ["done"]
    assert count(committed, Registration) == 1


def test_two_of_one_household_who_register_at_once_do_not_both_stand_for_it(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        election_id = make_election(community, stage=Stage.REGISTRATION, way=Way.HOUSEHOLDS).id
        home = make_household(community)
        actors = [actor_of(make_person(community, household=home)) for _ in range(2)]
    acts = [register(election_id, actor) for actor in actors]
    assert at_once(committed, acts) == ["RuleRefused", "done"]
    assert count(committed, Registration) == 1


def register(election_id: uuid.UUID, actor: Actor) -> Callable[[], object]:
    return lambda: registering.register(election_id=election_id, said=SAID, actor=actor, now=NOW)


def test_a_double_tap_signs_once_and_only_as_many_people_as_seats(committed: Flask) -> None:
    with committed.app_context():
        election = make_election(make_community(), stage=Stage.NOMINATION)
        voters = make_voters(election, 4)
        make_round(election, people=voters)
        election = db.session.get_one(Election, election.id)
        ids = [make_nomination(election, "主任", nominee, signers=[voters[0]]).id for nominee in voters[2:]]
        election_id, actor = election.id, actor_of(voters[1])

    def sign(nomination_id: uuid.UUID) -> Callable[[], object]:
        return lambda: nominating.sign_nomination(
            election_id=election_id, nomination_id=nomination_id, actor=actor, now=NOW
        )

    # One director is elected: of two nominations the voter signs one, and that one once.
    ended = at_once(committed, [sign(ids[0]), sign(ids[0]), sign(ids[1]), sign(ids[1])])
    assert ended == ["AlreadyDone", "RuleRefused", "RuleRefused", "done"]
    assert count(committed, NominationSigner) == 3
