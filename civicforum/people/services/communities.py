"""Writing a community and its parts: regions, grids, groups, households."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.models import Community, Grid, Group, Household, Region
from civicforum.people.rules import RegionKind
from civicforum.people.services.steps import check_may_write, get_own_person, lock_register
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
        check_may_write(actor, community_id, Role.ADMIN)
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
        check_may_write(actor, actor.community_id, Role.ADMIN)
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
        check_may_write(actor, community_id, Role.ADMIN)
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
        check_may_write(actor, community_id, Role.ADMIN, Role.CLERK)
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


# Steps that use cases share. They take the session and commit nothing.


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
