"""The least rows that are valid, for tests. They want an app context; keep ids, not rows.

They commit, unless told that the caller will.

with app.app_context():
    community = make_community()
    clerk_id = make_officer(community, Role.CLERK, login="clerk").id
sign_in(client, "clerk")
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, repeat
from typing import Any, TypeVar

from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.accounts.models import Account, SignInSession
from civicforum.accounts.rules import Actor
from civicforum.accounts.services import create_account, set_password
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.people.models import Capacity, Community, Grid, Group, Household, Person, Region
from civicforum.people.rules import CapacityKind, RegionKind, Sex
from civicforum.records.services import open_journal

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "a long enough password"

R = TypeVar("R")
_serial = count(1)

# The body and the post whose holder has the role.
POST_OF_ROLE: dict[Role, tuple[BodyKind, PostKind]] = {
    Role.REPRESENTATIVE: (BodyKind.REPRESENTATIVE_ASSEMBLY, PostKind.REPRESENTATIVE),
    Role.PARTY: (BodyKind.PARTY_COMMITTEE, PostKind.SECRETARY),
    Role.COMMITTEE: (BodyKind.RESIDENTS_COMMITTEE, PostKind.DIRECTOR),
    Role.ELECTION_OFFICER: (BodyKind.ELECTION_COMMITTEE, PostKind.DIRECTOR),
    Role.SUPERVISOR: (BodyKind.SUPERVISION_COMMITTEE, PostKind.DIRECTOR),
    Role.STATION_HEAD: (BodyKind.SERVICE_STATION, PostKind.STATION_HEAD),
    Role.CLERK: (BodyKind.SERVICE_STATION, PostKind.CLERK),
    Role.ADMIN: (BodyKind.PLATFORM_OFFICE, PostKind.ADMINISTRATOR),
}


def make_community(
    *, name: str = "青松里社区", profile: str = "national-2026", is_demonstration: bool = False
) -> Community:
    """Make a community with its regions, one grid, one residents' group and an open journal."""
    city = Region(kind=RegionKind.CITY, name="临江市")
    district = Region(kind=RegionKind.DISTRICT, name="东湖区", parent=city)
    subdistrict = Region(kind=RegionKind.SUBDISTRICT, name="松河街道", parent=district)
    community = Community(
        name=name,
        subdistrict=subdistrict,
        profile=profile,
        is_demonstration=is_demonstration,
        created_at=NOW - timedelta(days=365),
    )
    db.session.add(community)
    db.session.flush()
    db.session.add_all(
        [
            Grid(community_id=community.id, code="01", name="第一网格"),
            Group(community_id=community.id, name="第一居民小组"),
        ]
    )
    open_journal(db.session(), community_id=community.id)
    return _committed(community)


def make_household(community: Community, *, address: str = "", grid: Grid | None = None) -> Household:
    return _committed(_add_household(community, address=address, grid=grid))


def _add_household(community: Community, *, address: str = "", grid: Grid | None = None) -> Household:
    serial = next(_serial)
    grid_id, group_id = _first_places(community.id)
    household = Household(
        id=uuid.uuid4(),
        community_id=community.id,
        number=f"H{serial:05}",
        address=address or f"{serial}号楼1单元101室",
        grid_id=grid.id if grid else grid_id,
        group_id=group_id,
    )
    db.session.add(household)
    return household


@cache
def _first_places(community_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the ids of a community's first grid and first group, which no test changes."""
    grids = select(Grid.id).where(Grid.community_id == community_id).order_by(Grid.code)
    groups = select(Group.id).where(Group.community_id == community_id).order_by(Group.name)
    return db.session.scalars(grids.limit(1)).one(), db.session.scalars(groups.limit(1)).one()


def make_person(
    community: Community,
    *,
    name: str = "",
    number: str = "",
    born_on: date = date(1970, 5, 17),
    sex: Sex = Sex.FEMALE,
    phone: str = "",
    household: Household | None = None,
    capacities: Iterable[CapacityKind] = (CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE),
    left_on: date | None = None,
    commit: bool = True,
) -> Person:
    """Make a resident: an adult registered and living here, in a household of her own."""
    serial = next(_serial)
    person = Person(
        community_id=community.id,
        number=number or f"{serial:06}",
        name=name or f"居民{serial}",
        sex=sex,
        born_on=born_on,
        phone=phone,
        household_id=(household or _add_household(community)).id,
        left_on=left_on,
    )
    db.session.add(person)
    person.capacities = [
        Capacity(community_id=community.id, kind=kind, since=date(2010, 1, 1)) for kind in capacities
    ]
    return _kept(person, commit)


def make_people(
    community: Community,
    names: Iterable[str],
    *,
    households: Iterable[Household | None] = repeat(None),
    **given: Any,
) -> list[Person]:
    """Make residents of these names, "" for any, in one commit; `given` is what `make_person` takes.

    They live in these households in turn, or each in one of their own.
    """
    return _committed(
        [
            make_person(community, name=name, household=household, commit=False, **given)
            for name, household in zip(names, households, strict=False)
        ]
    )


def make_body(community: Community, kind: BodyKind, *, name: str = "", commit: bool = True) -> Body:
    """Make a body without posts."""
    body = Body(
        community_id=community.id,
        kind=kind,
        name=name or f"{kind.value} {next(_serial)}",
        founded_on=date(2021, 1, 1),
    )
    db.session.add(body)
    return _kept(body, commit)


def make_post(body: Body, kind: PostKind, *, title: str = "", seats: int = 99, commit: bool = True) -> Post:
    post = Post(
        community_id=body.community_id,
        body=body,
        kind=kind,
        title=title or f"{kind.value} {next(_serial)}",
        seats=seats,
    )
    db.session.add(post)
    return _kept(post, commit)


def make_term(
    person: Person,
    post: Post,
    *,
    since: date = date(2024, 1, 1),
    until: date = date(2099, 12, 31),
    ended_on: date | None = None,
    commit: bool = True,
) -> Term:
    """Give somebody a post; by default for longer than any test's clock runs."""
    term = Term(
        community_id=person.community_id,
        post=post,
        person=person,
        appointed=Appointed.ELECTED,
        since=since,
        until=until,
        ended_on=ended_on,
        end_reason="任期提前结束" if ended_on else "",
    )
    db.session.add(term)
    return _kept(term, commit)


def make_account(person: Person, *, login: str = "", password: str | None = None) -> Account:
    """Make an account; without a password unless one is given, because hashing takes its time."""
    account = create_account(
        db.session(), person=person, login=login or f"login{next(_serial)}", password=password, now=NOW
    )
    return _committed(account)


def make_officer(
    community: Community, role: Role, *, login: str = "", password: str | None = None, name: str = ""
) -> Person:
    """Make somebody who holds `role` today, with an account. A community has one body of each kind."""
    # All in one commit: thousands of officers are made in a run.
    post = None if role is Role.RESIDENT else _post(community, *POST_OF_ROLE[role])
    person = make_person(community, name=name, commit=False)
    if post is not None:
        make_term(person, post, commit=False)
    account = Account(
        community_id=community.id,
        person=person,
        login=login or f"login{next(_serial)}",
        password_hash=None,
        created_at=NOW,
    )
    if password is not None:
        set_password(account, password=password)
    db.session.add(account)
    return _committed(person)


def actor_of(person: Person, *roles: Role) -> Actor:
    """Return the actor for `person` under `roles`, every one of whom is a resident too."""
    return Actor(
        person_id=person.id, community_id=person.community_id, roles=frozenset({Role.RESIDENT, *roles})
    )


def sign_in(client: FlaskClient, login: str) -> uuid.UUID:
    """Sign the client in without going through the page, and return the id of the sign-in session."""
    now = datetime.now(UTC)
    with client.application.app_context():
        account = db.session.scalars(select(Account).where(Account.login == login)).one()
        row = SignInSession(
            account_id=account.id, started_at=now, seen_at=now, expires_at=now + timedelta(hours=1)
        )
        db.session.add(row)
        db.session.commit()
        session_id = row.id
    with client.session_transaction() as cookie:
        cookie["_user_id"] = str(session_id)
        cookie["_fresh"] = True
    return session_id


def _post(community: Community, body_kind: BodyKind, post_kind: PostKind) -> Post:
    body = db.session.scalars(
        select(Body).where(Body.community_id == community.id, Body.kind == body_kind).order_by(Body.name)
    ).first()
    if body is None:
        return make_post(make_body(community, body_kind, commit=False), post_kind, commit=False)
    found = db.session.scalars(
        select(Post)
        .where(Post.body_id == body.id, Post.kind == post_kind)
        .order_by(Post.position, Post.title)
    ).first()
    return found or make_post(body, post_kind, commit=False)


def _kept(row: R, commit: bool) -> R:
    return _committed(row) if commit else row


def _committed(made: R) -> R:
    """Commit, and keep in memory what was loaded: to read it again costs more than to write it."""
    session = db.session()
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True
    return made
