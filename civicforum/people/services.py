"""Writing communities, their parts and the people in them, one function per use case.

`actor` None is the operator at the command line, who holds the whole database anyway. What is entered about a
person is no business of the public register: those entries are not public and carry the roll number only.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.identity import IdentityInvalid, read_identity
from civicforum.people.models import Capacity, Community, Grid, Group, Household, Kinship, Person, Region
from civicforum.people.queries import kin_of
from civicforum.people.rules import CapacityKind, KinshipKind, RegionKind, Sex
from civicforum.records.services import open_journal, record


def create_community(
    *,
    city: str,
    district: str,
    subdistrict: str,
    name: str,
    profile: str,
    now: datetime,
    is_demonstration: bool = False,
) -> uuid.UUID:
    """Make a community with an empty journal and return its id; regions of these names are used again.

    Raises Invalid (no such profile), AlreadyDone (the subdistrict has a community of this name).
    """
    with transaction() as session:
        community = make_community(
            session,
            city=city,
            district=district,
            subdistrict=subdistrict,
            name=name,
            profile=profile,
            now=now,
            is_demonstration=is_demonstration,
        )
        record(
            session,
            community_id=community.id,
            actor=None,
            action="community.create",
            subject_kind="community",
            subject_id=community.id,
            subject_title=name,
            payload={"profile": profile},
            now=now,
        )
        return community.id


def add_grid(
    *, community_id: uuid.UUID, code: str, name: str, actor: Actor | None, now: datetime
) -> uuid.UUID:
    """Add a grid. Raises AlreadyDone when its code or name is taken: lists name grids by either."""
    with transaction() as session:
        _check_may_write(actor, community_id, Role.ADMIN)
        lock_register(session, community_id)
        same = or_(Grid.code.in_([code, name]), Grid.name.in_([code, name]))
        if session.scalar(select(Grid.id).where(Grid.community_id == community_id, same).limit(1)):
            raise AlreadyDone(code)
        grid = Grid(id=uuid.uuid4(), community_id=community_id, code=code, name=name)
        session.add(grid)
        _record_part(session, "grid.add", "grid", grid.id, name, community_id, actor, now)
        return grid.id


def name_grid_worker(*, grid_id: uuid.UUID, person_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Make a person answer for a grid. Raises NotFound, NotEligible."""
    with transaction() as session:
        _check_may_write(actor, actor.community_id, Role.ADMIN)
        lock_register(session, actor.community_id)
        grid = session.get(Grid, grid_id, with_for_update=True)
        if grid is None or grid.community_id != actor.community_id:
            raise NotFound(grid_id)
        person = get_own_person(session, person_id, actor.community_id)
        grid.worker_id = person.id
        record(
            session,
            community_id=actor.community_id,
            actor=actor,
            action="grid.name_worker",
            subject_kind="grid",
            subject_id=grid.id,
            subject_title=grid.name,
            payload={"person_id": str(person.id), "name": person.name},
            now=now,
        )


def add_group(*, community_id: uuid.UUID, name: str, actor: Actor | None, now: datetime) -> uuid.UUID:
    """Add a residents' group. Raises AlreadyDone when its name is taken."""
    with transaction() as session:
        _check_may_write(actor, community_id, Role.ADMIN)
        lock_register(session, community_id)
        if session.scalar(select(Group.id).where(Group.community_id == community_id, Group.name == name)):
            raise AlreadyDone(name)
        group = Group(id=uuid.uuid4(), community_id=community_id, name=name)
        session.add(group)
        _record_part(session, "group.add", "group", group.id, name, community_id, actor, now)
        return group.id


def add_household(
    *,
    community_id: uuid.UUID,
    number: str,
    address: str,
    grid_id: uuid.UUID,
    group_id: uuid.UUID,
    actor: Actor | None,
    now: datetime,
) -> uuid.UUID:
    """Add a household to a grid and a group. Raises NotFound, AlreadyDone when its number is taken."""
    with transaction() as session:
        _check_may_write(actor, community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, community_id)
        household = make_household(
            session,
            community_id=community_id,
            number=number,
            address=address,
            grid_id=grid_id,
            group_id=group_id,
        )
        record(
            session,
            community_id=community_id,
            actor=actor,
            action="household.add",
            subject_kind="household",
            subject_id=household.id,
            subject_title=number,
            now=now,
            is_public=False,
        )
        return household.id


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
        _check_may_write(actor, community_id, Role.ADMIN, Role.CLERK)
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
        _check_may_write(actor, actor.community_id, Role.ADMIN, Role.CLERK)
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
        _check_may_write(actor, actor.community_id, Role.ADMIN, Role.CLERK)
        lock_register(session, actor.community_id)
        capacity = session.get(Capacity, capacity_id, with_for_update=True, populate_existing=True)
        if capacity is None or capacity.community_id != actor.community_id:
            raise NotFound(capacity_id)
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
        _check_may_write(actor, person.community_id, Role.ADMIN, Role.CLERK)
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


def lock_register(session: Session, community_id: uuid.UUID) -> Community:
    """Lock what is known of a community's people and posts until the commit; return the community.

    One lock for all of it: a forbidden pair of posts, or of relatives, lies in two rows that two people may
    write at once. Rows that merely point at the community are not held up. Raises NotFound.
    """
    community = session.scalar(
        select(Community)
        .where(Community.id == community_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if community is None:
        raise NotFound(community_id)
    return community


def make_community(
    session: Session,
    *,
    city: str,
    district: str,
    subdistrict: str,
    name: str,
    profile: str,
    now: datetime,
    is_demonstration: bool = False,
) -> Community:
    """Add a community with an empty journal, under regions that are made where there are none of these names.

    Raises Invalid (no such profile), AlreadyDone (the subdistrict has a community of this name).
    """
    if profile not in rulebook.profiles():
        raise Invalid("unknown_profile", "profile")
    parent: Region | None = None
    for kind, region in (
        (RegionKind.CITY, city),
        (RegionKind.DISTRICT, district),
        (RegionKind.SUBDISTRICT, subdistrict),
    ):
        parent = _region(session, kind, region, parent)
    assert parent is not None  # noqa: S101
    if session.scalar(
        select(Community.id).where(Community.subdistrict_id == parent.id, Community.name == name)
    ):
        raise AlreadyDone(name)
    community = Community(
        id=uuid.uuid4(),
        name=name,
        subdistrict_id=parent.id,
        profile=profile,
        is_demonstration=is_demonstration,
        created_at=now,
    )
    session.add(community)
    session.flush()
    open_journal(session, community_id=community.id)
    return community


def make_household(
    session: Session,
    *,
    community_id: uuid.UUID,
    number: str,
    address: str,
    grid_id: uuid.UUID,
    group_id: uuid.UUID,
) -> Household:
    """Add a household. Raises NotFound (grid or group of another community), AlreadyDone (number taken)."""
    grid, group = session.get(Grid, grid_id), session.get(Group, group_id)
    if grid is None or grid.community_id != community_id:
        raise NotFound(grid_id)
    if group is None or group.community_id != community_id:
        raise NotFound(group_id)
    taken = select(Household.id).where(Household.community_id == community_id, Household.number == number)
    if session.scalar(taken):
        raise AlreadyDone(number)
    household = Household(
        id=uuid.uuid4(),
        community_id=community_id,
        number=number,
        address=address,
        grid_id=grid.id,
        group_id=group.id,
    )
    session.add(household)
    session.flush()
    return household


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
    household = session.get(Household, household_id)
    if household is None or household.community_id != community_id:
        raise NotFound(household_id)
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


def get_own_person(session: Session, person_id: uuid.UUID, community_id: uuid.UUID) -> Person:
    """Return a person of this community. Raises NotFound, also for somebody of another one."""
    person = session.get(Person, person_id)
    if person is None or person.community_id != community_id:
        raise NotFound(person_id)
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


def _region(session: Session, kind: RegionKind, name: str, parent: Region | None) -> Region:
    parent_id = parent.id if parent else None
    found = session.scalar(
        select(Region).where(Region.kind == kind, Region.name == name, Region.parent_id == parent_id)
    )
    if found is not None:
        return found
    region = Region(id=uuid.uuid4(), kind=kind, name=name, parent_id=parent_id)
    session.add(region)
    session.flush()
    return region


def _check_may_write(actor: Actor | None, community_id: uuid.UUID, *allowed: Role) -> None:
    if actor is not None and (actor.community_id != community_id or not actor.has(*allowed)):
        raise NotEligible(actor.person_id)


def _record_part(
    session: Session,
    action: str,
    kind: str,
    part_id: uuid.UUID,
    name: str,
    community_id: uuid.UUID,
    actor: Actor | None,
    now: datetime,
) -> None:
    record(
        session,
        community_id=community_id,
        actor=actor,
        action=action,
        subject_kind=kind,
        subject_id=part_id,
        subject_title=name,
        now=now,
    )


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
