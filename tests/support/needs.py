"""What waits for people, found by asking every feature, without the one statement of the home page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Role
from civicforum.inbox.queries_needs import FEATURES
from civicforum.inbox.rules import Need, in_order
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of


def list_actors(session: Session, now: datetime) -> list[Actor]:
    """Return everybody with an account, under their posts; a resident also as one whom a clerk helps."""
    people = session.scalars(select(Person).join(Account, Account.person_id == Person.id)).all()
    actors = [
        Actor(
            person.id,
            person.community_id,
            roles_held(session, person_id=person.id, day=day_of(now)) | {Role.RESIDENT},
        )
        for person in people
    ]
    helped = [replace(actor, roles=frozenset({Role.RESIDENT}), assisted_by=people[0].id) for actor in actors]
    return actors + helped


def list_of_each(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what every feature says that waits for somebody, each asked directly."""
    return in_order(need for feature in FEATURES for need in feature.list_needs(session, actor, now))
