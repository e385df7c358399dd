"""Appraisals for tests: a community with the people of a cycle, and cycles in any early state.

They go by the use cases, commit and want an app context; keep ids, not rows.

with app.app_context():
    town = make_town()                                   # NOW is 2 March, the assembly meets on 1 April
    cycle_id = plan_halfyear(town)                       # a draft: three reports, one group in the assembly
    post(town, cycle_id)                                 # reports due 25 March
    cycle_id = post(town, plan_kind(town, CycleKind.MEMBERS))
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select

from civicforum import rulebook
from civicforum.accounts.models import Account
from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.plans import GroupPlan, Plan
from civicforum.appraisals.queries.offers import begin_plan
from civicforum.appraisals.rules import CycleKind, RaterBasis
from civicforum.appraisals.services.planning import plan_cycle
from civicforum.appraisals.services.posting import post_plan
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import Held, MeetingForm, MeetingState
from civicforum.people.models import Capacity, Community, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.electorates import Basis, Draw, draw_as_json
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_household,
    make_post,
)

# Thirty days after NOW.
HELD_ON = date(2026, 4, 1)
SINCE, UNTIL = date(2024, 1, 1), date(2099, 12, 31)
SUPERVISOR, CLERK = "supervisor", "clerk"


@dataclass(frozen=True)
class Town:
    """Ids of a community and of the people of a cycle. All but the representatives have accounts.

    `members`: the elected committee, the director first.
    """

    community_id: uuid.UUID
    supervisor: Actor
    clerk: Actor
    secretary_id: uuid.UUID
    station_head_id: uuid.UUID
    members: tuple[uuid.UUID, ...]
    representatives: tuple[uuid.UUID, ...]
    meeting_id: uuid.UUID
    assembly_id: uuid.UUID

    @property
    def director_id(self) -> uuid.UUID:
        return self.members[0]


def make_town(*, representatives: int = 6, held_on: date = HELD_ON, suffix: str = "") -> Town:
    """Make a community with its bodies, their people, and a planned session of the assembly.

    Logins: supervisor, clerk, secretary, head, director, member1, member2; each with `suffix`.
    """
    community = make_community()
    household = make_household(community)

    def seat(kind: BodyKind, name: str, *posts: tuple[PostKind, str, tuple[str, ...]]) -> list[Person]:
        body = Body(community_id=community.id, kind=kind, name=name, founded_on=date(2021, 1, 1))
        people = []
        for place, (post_kind, title, held_by) in enumerate(posts):
            post = Post(
                community_id=community.id, body=body, kind=post_kind, title=title, seats=9, position=place
            )
            people += [_hold(post, household, *one.split(), suffix=suffix) for one in held_by]
        db.session.add(body)
        return people

    party = seat(BodyKind.PARTY_COMMITTEE, "社区党委", (PostKind.SECRETARY, "书记", ("林国安 secretary",)))
    station = seat(
        BodyKind.SERVICE_STATION,
        "社区服务站",
        (PostKind.STATION_HEAD, "站长", ("刘建平 head",)),
        (PostKind.CLERK, "办事员", (f"赵敏 {CLERK}",)),
    )
    members = seat(
        BodyKind.RESIDENTS_COMMITTEE,
        "社区居民委员会",
        (PostKind.DIRECTOR, "主任", ("陈伯龙 director",)),
        (PostKind.MEMBER, "委员", ("张桂兰 member1", "王志明 member2")),
    )
    watching = seat(
        BodyKind.SUPERVISION_COMMITTEE, "居务监督委员会", (PostKind.DIRECTOR, "主任", (f"周正 {SUPERVISOR}",))
    )
    assembly = make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY, name="居民代表会议")
    return Town(
        community_id=community.id,
        supervisor=actor_of(watching[0], Role.SUPERVISOR),
        clerk=actor_of(station[1], Role.CLERK),
        secretary_id=party[0].id,
        station_head_id=station[0].id,
        members=tuple(one.id for one in members),
        representatives=_representatives(community, assembly, household.id, representatives),
        meeting_id=make_assembly(community, assembly.id, held_on),
        assembly_id=assembly.id,
    )


def make_assembly(community: Community, body_id: uuid.UUID, day: date) -> uuid.UUID:
    """Plan a session of the representative assembly at half past two."""
    book = rulebook.load(community.profile)
    meeting = Meeting(
        community_id=community.id,
        form=MeetingForm.REPRESENTATIVE_ASSEMBLY,
        body_id=body_id,
        title="居民代表会议",
        place="社区活动中心",
        held=Held.ROOM,
        starts_at=datetime.combine(day, time(14, 30), SHANGHAI),
        noticed_at=NOW,
        state=MeetingState.PLANNED,
        profile=book.name,
        profile_version=book.version,
    )
    db.session.add(meeting)
    db.session.commit()
    return meeting.id


def usual_plan(town: Town, kind: CycleKind, *, now: datetime = NOW, **changes: Any) -> Plan:
    """Return the preset of a kind, in the town's assembly where it has a day; `changes` are of the plan."""
    community = db.session.get_one(Community, town.community_id)
    book = rulebook.load(community.profile)
    held_on = _day_of_meeting(town)
    plan = begin_plan(
        db.session(), book, community_id=community.id, kind=kind, today=day_of(now), held_on=held_on
    )
    if not any(group.basis is RaterBasis.PRESENT for group in plan.groups):
        closes_at = datetime.combine(plan.held_on, time(18), SHANGHAI) + timedelta(days=5)
        plan = replace(plan, groups=tuple(replace(one, closes_at=closes_at) for one in plan.groups))
    return replace(plan, **changes)


def plan_kind(town: Town, kind: CycleKind, *, now: datetime = NOW, **changes: Any) -> uuid.UUID:
    """Plan a cycle from its preset and return its id; a draft."""
    cycle_id = uuid.uuid4()
    plan = usual_plan(town, kind, now=now, **changes)
    plan_cycle(cycle_id=cycle_id, plan=plan, actor=town.supervisor, now=now)
    return cycle_id


def plan_halfyear(town: Town, *, now: datetime = NOW, **changes: Any) -> uuid.UUID:
    """Plan the half-yearly reports of secretary, station head and director; a draft."""
    return plan_kind(town, CycleKind.DUTY_REPORTS, now=now, **changes)


def post(town: Town, cycle_id: uuid.UUID, *, now: datetime = NOW) -> uuid.UUID:
    """Post the plan and return the cycle's id."""
    post_plan(cycle_id=cycle_id, actor=town.supervisor, now=now)
    return cycle_id


def posted_halfyear(town: Town, *, now: datetime = NOW, **changes: Any) -> uuid.UUID:
    """Plan and post the half-yearly reports."""
    return post(town, plan_halfyear(town, now=now, **changes), now=now)


def roll_of_residents(weight: Fraction = Fraction(1), **terms: Any) -> GroupPlan:
    """Return a group of all residents, whose box closes five days after the assembly."""
    draw = Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE))
    values: dict[str, Any] = {
        "name": "居民",
        "basis": RaterBasis.ROLL,
        "draw": draw_as_json(draw),
        "closes_at": datetime.combine(HELD_ON, time(18), SHANGHAI) + timedelta(days=5),
        **terms,
    }
    return GroupPlan(weight=weight, **values)


def three_groups(**terms: Any) -> tuple[GroupPlan, ...]:
    """Return the published scheme 30% street, 10% colleagues, 60% residents (DOMAIN.md D5).

    `terms` are of the two rolls, such as closes_at.
    """
    colleagues = roll_of_residents(Fraction(1, 10), name="同事", **terms)
    street = GroupPlan(
        name="街道", basis=RaterBasis.OUTSIDE, weight=Fraction(3, 10), document="街道评议表（盖章）"
    )
    return street, colleagues, roll_of_residents(Fraction(3, 5), **terms)


def cycle_of(cycle_id: uuid.UUID) -> Cycle:
    """Return the row, read anew."""
    db.session.expire_all()
    return db.session.get_one(Cycle, cycle_id)


def subject_ids(cycle_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the ids of a cycle's subjects in the order of the form."""
    return list(
        db.session.scalars(
            select(AppraisalSubject.id)
            .where(AppraisalSubject.cycle_id == cycle_id)
            .order_by(AppraisalSubject.position)
        )
    )


def _hold(post: Post, household: Household, name: str, login: str, *, suffix: str) -> Person:
    """Give somebody new a post and an account. Members of the committee are elected, others appointed."""
    is_elected = post.body.kind is BodyKind.RESIDENTS_COMMITTEE
    community_id = household.community_id
    person = Person(
        id=uuid.uuid4(),
        community_id=community_id,
        number=f"C-{login}",
        name=name,
        sex=Sex.FEMALE,
        born_on=date(1970, 5, 17),
        phone="",
        household_id=household.id,
    )
    person.capacities = [Capacity(community_id=community_id, kind=CapacityKind.HUKOU, since=date(2010, 1, 1))]
    appointed = Appointed.ELECTED if is_elected else Appointed.APPOINTED
    term = Term(
        community_id=community_id, post=post, person=person, appointed=appointed, since=SINCE, until=UNTIL
    )
    account = Account(
        community_id=community_id, person=person, login=f"{login}{suffix}", password_hash=None, created_at=NOW
    )
    db.session.add_all([term, account])
    return person


def _representatives(
    community: Community, assembly: Body, household_id: uuid.UUID, number: int
) -> tuple[uuid.UUID, ...]:
    """Make them in two statements: a hundred take a moment. They have neither capacities nor accounts."""
    post = make_post(assembly, PostKind.REPRESENTATIVE, title="居民代表", seats=max(number, 1))
    ids: Sequence[uuid.UUID] = [uuid.uuid4() for _ in range(number)]
    if not ids:
        return ()
    db.session.execute(insert(Person), [_row(community, household_id, one, at) for at, one in enumerate(ids)])
    terms = [
        {
            "id": uuid.uuid4(),
            "community_id": community.id,
            "post_id": post.id,
            "person_id": one,
            "appointed": Appointed.ELECTED,
            "since": SINCE,
            "until": UNTIL,
        }
        for one in ids
    ]
    db.session.execute(insert(Term), terms)
    db.session.commit()
    return tuple(ids)


def _row(community: Community, household_id: uuid.UUID, person_id: uuid.UUID, at: int) -> dict[str, Any]:
    return {
        "id": person_id,
        "community_id": community.id,
        "number": f"D{at:05}",
        "name": f"代表{at + 1}",
        "sex": Sex.FEMALE,
        "phone": "",
        "born_on": date(1970, 5, 17),
        "household_id": household_id,
    }


def _day_of_meeting(town: Town) -> date:
    return day_of(db.session.get_one(Meeting, town.meeting_id).starts_at)
