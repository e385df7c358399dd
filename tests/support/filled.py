"""A community with something on every page, votes and elections too, and another one beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from civicforum.bodies.models import Body
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.rules import Stage
from civicforum.people.models import Community, Person
from civicforum.polls.rules import PollState
from tests.browser.scenes import fill
from tests.factories import POST_OF_ROLE, make_body, make_post, make_term
from tests.support import elections, recalls, rolls
from tests.support.election_records import make_records
from tests.support.keyholders import make_key_poll
from tests.support.paper import make_hall, make_mandate
from tests.support.reports import make_holder, send
from tests.support.sealed_polls import make_carded_poll
from tests.support.town import Neighbour, Town

DAY = timedelta(days=1)
People = dict[Role, Neighbour]


@dataclass(frozen=True)
class Filled:
    """The two communities: in each a resident, and somebody who holds every post there is."""

    town: Town
    community_id: uuid.UUID
    resident: Neighbour
    everybody: Neighbour
    other_id: uuid.UUID
    other_resident: Neighbour
    other_everybody: Neighbour


def make_filled(app: Flask) -> Filled:
    """Fill a community as the test of every page does, add votes and elections, and found another one."""
    town = Town(app, "http://localhost")
    people = fill(town)
    now = datetime.now(UTC)
    with app.app_context():
        _hold_votes(town.community, people, now)
        _hold_elections(town.community, people, now)
        holder = make_holder(town.community, now=now)
        send(holder, now=now)
    other = Town(app, "http://localhost")
    with app.app_context():
        db.session.get_one(Community, other.community_id).name = "白杨里社区"
        db.session.commit()
    return Filled(
        town,
        town.community_id,
        people[Role.RESIDENT],
        with_posts(town, "全岗", POST_OF_ROLE),
        other.community_id,
        other.resident("邻居"),
        with_posts(other, "邻居全岗", POST_OF_ROLE),
    )


def with_posts(town: Town, name: str, roles: Iterable[Role]) -> Neighbour:
    """Return somebody new who holds the posts that carry these roles."""
    found = town.resident(name)
    with town.app.app_context():
        person, bodies = db.session.get_one(Person, found.id), select(Body)
        for kind, post in (POST_OF_ROLE[role] for role in roles):
            own = db.session.scalars(bodies.where(Body.community_id == town.community_id, Body.kind == kind))
            body = own.first() or make_body(town.community, kind)
            make_term(person, make_post(body, post))
    return found


def _hold_votes(community: Community, people: People, now: datetime) -> None:
    """One poll on screen and paper is open, a sealed one too; one waits for its key, one is a draft."""
    voters = [db.session.get_one(Person, people[role].id) for role in Role]
    hours = {"opens_at": now - DAY, "opened_at": now - DAY, "closes_at": now + 3 * DAY}
    hall = make_hall(community, people=voters, **hours)
    make_mandate(hall, principal=1, holder=0)
    make_carded_poll(community, people=voters, now=now, **hours)
    officer = people[Role.ELECTION_OFFICER].actor
    soon = {"opens_at": now + 10 * DAY, "closes_at": now + 13 * DAY}
    make_key_poll(community, officer, people=voters, **soon).start(now)
    make_key_poll(community, officer, people=voters, **soon)
    posted = rolls.make_draft(
        community, title="名单公布的表决", opens_at=now + 9 * DAY, closes_at=now + 12 * DAY
    )
    rolls.post(posted, officer, now=now)
    rolls.make_draft(community, title="起草中的表决", opens_at=now + 30 * DAY, closes_at=now + 33 * DAY)


def _hold_elections(community: Community, people: People, now: datetime) -> None:
    """One election is over with every record; in another people are nominated; a recall is demanded."""
    make_records(community)
    resident = db.session.get_one(Person, people[Role.RESIDENT].id)
    election = elections.make_election(
        community, title="监督委员会补选", stage=Stage.NOMINATION, day=(now + 21 * DAY).date(), by_proxy=True
    )
    elections.seat_committee(
        election, name="补选的选举委员会", names=("顾一", "顾二", "顾三", "顾四", "顾五")
    )
    voters = elections.make_voters(election, 12)
    elections.make_round(election, people=[resident, *voters], poll_state=PollState.ROLL_POSTED)
    elections.make_nomination(election, "主任", voters[0], signers=voters[1:4])
    elections.make_candidate(election, "委员", voters[5])
    elections.make_registration(election, resident)
    member = recalls.make_member(community, name="罗免")
    recalls.demand(member, resident, now=now)
