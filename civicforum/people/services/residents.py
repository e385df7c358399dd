"""Writing the people of a community: who they are, in which capacity they belong here, who is related."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.identity import IdentityInvalid, read_identity
from civicforum.people.models import Capacity, Household, Kinship, Person
from civicforum.people.queries import kin_of
from civicforum.people.rules import CapacityKind, KinshipKind, Sex
from civicforum.people.services.steps import check_may_write, get_own_person, lock_register
from civicforum.records.services import record
from civicforum.rows import get_row, lock_row


def register_person(
    *,
    community_id: uuid.UUID,
    number: str,
    name: str,
    sex: Sex,
    born_on: date,
    household_id: uuid.UUID,
    phone: str = "",
    identity_number: str = "",
    capacities: frozenset[CapacityKind] = frozenset(),
    since: date | None = None,
    actor: Actor | None,
    now: datetime,
) -> uuid.UUID:
    """Enter one person, with the capacities held since `since` (the day of entry when None).

    Raises NotFound (household), AlreadyDone (number taken), Invalid (identity number wrong or known).
    """
    with transaction() as session:
        check_may_write(actor, community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, community_id)
        person = make_person(
            session,
            community_id=community_id,
            number=number,
            name=name,
            sex=sex,
            born_on=born_on,
            household_id=household_id,
            phone=phone,
            identity_number=identity_number,
        )
        first_day = since or now.astimezone(rulebook.SHANGHAI).date()
        for kind in sorted(capacities):
            session.add(Capacity(community_id=community_id, person_id=person.id, kind=kind, since=first_day))
        _record_person(session, "person.register", person, actor, now, {"capacities": sorted(capacities)})
        return person.id


def record_capacity(
    *, person_id: uuid.UUID, kind: CapacityKind, since: date, actor: Actor, now: datetime
) -> uuid.UUID:
    """Record that a person belongs here in this capacity from `since` on.

    Raises NotFound, AlreadyDone (held already), Invalid (before birth).
    """
    with transaction() as session:
        check_may_write(actor, actor.community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, actor.community_id)
        person = get_own_person(session, person_id, actor.community_id)
        if since < person.born_on:
            raise Invalid("before_birth", "since")
        held = session.scalars(
            select(Capacity).where(Capacity.person_id == person.id, Capacity.kind == kind)
        ).all()
        if any(each.until is None or each.until >= since for each in held):
            raise AlreadyDone(kind)
        capacity = Capacity(
            id=uuid.uuid4(), community_id=person.community_id, person_id=person.id, kind=kind, since=since
        )
        session.add(capacity)
        payload = {"kind": kind.value, "since": since.isoformat()}
        _record_person(session, "person.record_capacity", person, actor, now, payload)
        return capacity.id


def end_capacity(*, capacity_id: uuid.UUID, on: date, actor: Actor, now: datetime) -> None:
    """Let a capacity end; `on` is its last day. Raises NotFound, AlreadyDone, Invalid (before it began)."""
    with transaction() as session:
        check_may_write(actor, actor.community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, actor.community_id)
        capacity = lock_row(session, Capacity, capacity_id, community_id=actor.community_id)
        if capacity.until is not None:
            raise AlreadyDone(capacity_id)
        if on < capacity.since:
            raise Invalid("before_since", "on")
        capacity.until = on
        person = get_own_person(session, capacity.person_id, actor.community_id)
        payload = {"kind": capacity.kind.value, "until": on.isoformat()}
        _record_person(session, "person.end_capacity", person, actor, now, payload)


def record_kinship(
    *, person_id: uuid.UUID, relative_id: uuid.UUID, kind: KinshipKind, actor: Actor | None, now: datetime
) -> uuid.UUID:
    """Record two near relatives, once for the pair whichever is named first.

    Raises NotFound, Invalid (one and the same person), AlreadyDone.
    """
    if person_id == relative_id:
        raise Invalid("same_person", "relative")
    with transaction() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound(person_id)
        check_may_write(actor, person.community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, person.community_id)
        relative = get_own_person(session, relative_id, person.community_id)
        if relative.id in kin_of(session, person_id=person.id):
            raise AlreadyDone(relative_id)
        kinship = Kinship(
            id=uuid.uuid4(),
            community_id=person.community_id,
            person_id=person.id,
            relative_id=relative.id,
            kind=kind,
        )
        session.add(kinship)
        payload = {"relative_id": str(relative.id), "kind": kind.value}
        _record_person(session, "person.record_kinship", person, actor, now, payload)
        return kinship.id


# Steps that use cases share. They take the session and commit nothing.


def make_person(
    session: Session,
    *,
    community_id: uuid.UUID,
    number: str,
    name: str,
    sex: Sex,
    born_on: date,
    household_id: uuid.UUID,
    phone: str = "",
    identity_number: str = "",
) -> Person:
    """Add a person without capacities; of the identity number only its keyed hash is kept.

    Raises NotFound (household), AlreadyDone (number taken), Invalid (identity number wrong or known).
    """
    household = get_row(session, Household, household_id, community_id=community_id)
    if session.scalar(select(Person.id).where(Person.community_id == community_id, Person.number == number)):
        raise AlreadyDone(number)
    person = Person(
        id=uuid.uuid4(),
        community_id=community_id,
        number=number,
        name=name,
        sex=sex,
        born_on=born_on,
        phone=phone,
        identity_hash=_new_identity(session, community_id, identity_number) if identity_number else None,
        household_id=household.id,
    )
    session.add(person)
    session.flush()
    return person


def identity_key() -> str:
    """Return this installation's key for the hashes of identity numbers."""
    key: str = current_app.config["CIVICFORUM"].identity_key
    return key


def _new_identity(session: Session, community_id: uuid.UUID, number: str) -> str:
    try:
        identity = read_identity(number, key=identity_key())
    except IdentityInvalid as error:
        raise Invalid("identity_invalid", "identity_number") from error
    known = select(Person.id).where(
        Person.community_id == community_id, Person.identity_hash == identity.hash
    )
    if session.scalar(known):
        raise Invalid("identity_known", "identity_number")
    return identity.hash


def _record_person(
    session: Session,
    action: str,
    person: Person,
    actor: Actor | None,
    now: datetime,
    payload: dict[str, Any],
) -> None:
    record(
        session,
        community_id=person.community_id,
        actor=actor,
        action=action,
        subject_kind="person",
        subject_id=person.id,
        subject_title=person.number,
        payload=payload,
        now=now,
        is_public=False,
    )
