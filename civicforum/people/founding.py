"""The first hour of a community: itself, its standard bodies, and somebody who may administer it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.services import create_account
from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.bodies.services import begin_term, make_body, make_post
from civicforum.database import transaction
from civicforum.errors import CivicForumError
from civicforum.notices.services import found_catalogue
from civicforum.people.models import Capacity, Community, Grid, Group, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.people.services import make_community, make_household, make_person
from civicforum.records.services import record
from civicforum.rulebook.days import day_of


class DemonstrationHere(CivicForumError):
    """The database holds the demonstration; invented residents must never stand beside real ones."""


@dataclass(frozen=True)
class BodyPlan:
    """A body as it begins: its name follows the community's, its posts are title and number of seats."""

    kind: BodyKind
    name: str
    duty: str
    posts: tuple[tuple[PostKind, str, int], ...]


# Sizes lie within the rulebook's; the election committee has an odd number of members.
STANDARD_BODIES = (
    BodyPlan(
        BodyKind.PARTY_COMMITTEE,
        "党委",
        "领导本社区的各类组织和各项工作，研究讨论重大事项。",
        (
            (PostKind.SECRETARY, "书记", 1),
            (PostKind.DEPUTY_SECRETARY, "副书记", 3),
            (PostKind.MEMBER, "委员", 5),
        ),
    ),
    BodyPlan(
        BodyKind.RESIDENTS_COMMITTEE,
        "居民委员会",
        "办理本社区居民的公共事务和公益事业，组织居民议事协商。",
        (
            (PostKind.DIRECTOR, "主任", 1),
            (PostKind.DEPUTY_DIRECTOR, "副主任", 2),
            (PostKind.MEMBER, "委员", 4),
        ),
    ),
    BodyPlan(
        BodyKind.SERVICE_STATION,
        "服务站",
        "承接政府公共服务，为居民办事，与居民委员会互不隶属。",
        (
            (PostKind.STATION_HEAD, "站长", 1),
            (PostKind.CLERK, "窗口工作人员", 6),
            (PostKind.GRID_WORKER, "网格员", 20),
        ),
    ),
    BodyPlan(
        BodyKind.REPRESENTATIVE_ASSEMBLY,
        "居民代表会议",
        "讨论决定涉及居民利益的重要事项，听取并评议工作报告。",
        ((PostKind.REPRESENTATIVE, "居民代表", 60),),
    ),
    BodyPlan(
        BodyKind.SUPERVISION_COMMITTEE,
        "居务监督委员会",
        "监督居务公开、决策程序和经费使用。",
        ((PostKind.DIRECTOR, "主任", 1), (PostKind.MEMBER, "委员", 4)),
    ),
    BodyPlan(
        BodyKind.ELECTION_COMMITTEE,
        "居民选举委员会",
        "主持居民委员会的选举。",
        ((PostKind.DIRECTOR, "主任", 1), (PostKind.MEMBER, "委员", 6)),
    ),
)
PLATFORM_OFFICE = BodyPlan(
    BodyKind.PLATFORM_OFFICE,
    "议事平台管理办公室",
    "维护居民名册、组织机构和平台设置，不参与任何表决。",
    ((PostKind.ADMINISTRATOR, "管理员", 3),),
)


@dataclass(frozen=True)
class Place:
    city: str
    district: str
    subdistrict: str
    community: str
    profile: str
    grid: str
    group: str


@dataclass(frozen=True)
class Administrator:
    """The first person of a community, and what they sign in with."""

    number: str
    name: str
    sex: Sex
    born_on: date
    phone: str
    household: str
    address: str
    login: str
    password: str


def found_community(*, place: Place, administrator: Administrator, now: datetime) -> uuid.UUID:
    """Make a community with one grid and group, its standard bodies and its first administrator.

    Returns its id. Raises Invalid (profile, login or password), AlreadyDone (the subdistrict has this
    community) and DemonstrationHere, whereupon nothing is written.
    """
    with transaction() as session:
        if session.scalar(select(Community.id).where(Community.is_demonstration).limit(1)):
            raise DemonstrationHere
        community = make_community(
            session,
            city=place.city,
            district=place.district,
            subdistrict=place.subdistrict,
            name=place.community,
            profile=place.profile,
            now=now,
        )
        today = day_of(now)
        person = _first_person(session, community, place, administrator, today)
        create_account(
            session, person=person, login=administrator.login, password=administrator.password, now=now
        )
        for plan in STANDARD_BODIES:
            _found(session, community, plan, today)
        office, posts = _found(session, community, PLATFORM_OFFICE, today)
        found_catalogue(session, community=community, today=today)
        begin_term(
            session,
            body=office,
            post=posts[0],
            person_id=person.id,
            appointed=Appointed.APPOINTED,
            since=today,
            until=None,
        )
        record(
            session,
            community_id=community.id,
            actor=None,
            action="community.create",
            subject_kind="community",
            subject_id=community.id,
            subject_title=community.name,
            payload={
                "profile": place.profile,
                "bodies": len(STANDARD_BODIES) + 1,
                "administrator": person.name,
            },
            now=now,
        )
        return community.id


def _first_person(
    session: Session, community: Community, place: Place, administrator: Administrator, today: date
) -> Person:
    grid = Grid(id=uuid.uuid4(), community_id=community.id, code="01", name=place.grid)
    group = Group(id=uuid.uuid4(), community_id=community.id, name=place.group)
    session.add_all([grid, group])
    session.flush()
    household = make_household(
        session,
        community_id=community.id,
        number=administrator.household,
        address=administrator.address,
        grid_id=grid.id,
        group_id=group.id,
    )
    person = make_person(
        session,
        community_id=community.id,
        number=administrator.number,
        name=administrator.name,
        sex=administrator.sex,
        born_on=administrator.born_on,
        household_id=household.id,
        phone=administrator.phone,
    )
    session.add(
        Capacity(
            community_id=community.id,
            person_id=person.id,
            kind=CapacityKind.COMMUNITY_WORKER,
            since=today,
        )
    )
    session.flush()
    return person


def _found(session: Session, community: Community, plan: BodyPlan, today: date) -> tuple[Body, list[Post]]:
    body = make_body(
        session,
        community_id=community.id,
        kind=plan.kind,
        name=f"{community.name}{plan.name}",
        duty=plan.duty,
        founded_on=today,
    )
    posts = [
        make_post(session, body=body, kind=kind, title=title, seats=seats)
        for kind, title, seats in plan.posts
    ]
    return body, posts
