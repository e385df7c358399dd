"""Recalls run by the product's own services, up to a certified vote."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Term
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections.models import Recall
from civicforum.elections.rules import Way
from civicforum.elections.services import recall_votes
from civicforum.elections.services import recalls as services
from civicforum.elections.services.recalls import Demand
from civicforum.people.models import Community, Person
from civicforum.polls.services import rolls as poll_rolls
from tests.factories import NOW, actor_of, make_body, make_people, make_person, make_post, make_term
from tests.support.elections import at
from tests.support.polls import settings_now
from tests.support.rounds import add_station, hold

# Twenty-five days after NOW: the roll stands for its twenty days, and the thirty of a recall are not over.
VOTING_DAY = date(2026, 3, 27)


def make_member(community: Community, *, name: str = "王志明", body: Body | None = None) -> Term:
    """Make a member of the residents' committee, who stands on no roll."""
    body = body or make_body(community, BodyKind.RESIDENTS_COMMITTEE, name="居民委员会")
    post = make_post(body, PostKind.MEMBER, title=f"委员{name}", seats=1)
    return make_term(make_person(community, name=name, capacities=()), post)


def make_residents(community: Community, number: int) -> list[Person]:
    """Make so many residents who are entitled to vote, each in a household of their own."""
    return make_people(community, [f"选民{at_}" for at_ in range(1, number + 1)])


def officers(community: Community) -> list[Actor]:
    """Return two election officers, who stand on no roll."""
    people = make_people(community, ("林国安", "陈秀英"), capacities=())
    return [actor_of(one, Role.ELECTION_OFFICER) for one in people]


def demand(
    term: Term,
    person: Person,
    *,
    way: Way | None = Way.VOTERS,
    now: datetime = NOW,
    new_facts: str = "",
) -> uuid.UUID:
    asked = Demand(term.id, "三次无故缺席居民委员会会议", new_facts=new_facts, way=way)
    return services.demand_recall(demand=asked, actor=actor_of(person), now=now)


def recall_of(recall_id: uuid.UUID) -> Recall:
    db.session.expire_all()
    return db.session.get_one(Recall, recall_id)


def complete(term: Term, signers: Sequence[Person], *, way: Way = Way.VOTERS) -> uuid.UUID:
    """Begin a demand that these people sign, the first of them with it."""
    recall_id = demand(term, signers[0], way=way)
    for person in signers[1:]:
        services.sign_recall(recall_id=recall_id, actor=actor_of(person), now=NOW)
    return recall_id


def put(
    recall_id: uuid.UUID, officer: Actor, *, day: date = VOTING_DAY, hearing: str = "3月1日会上听取了申辩"
) -> uuid.UUID:
    return recall_votes.put_to_vote(
        recall_id=recall_id,
        opens_at=at(day, 8),
        closes_at=at(day, 18),
        hearing=hearing,
        actor=officer,
        now=NOW,
    )


def vote(
    recall_id: uuid.UUID, counters: Sequence[Actor], *, in_favour: int, against: int, invalid: int = 0
) -> None:
    """Hold the vote on paper: so many for and against, so many papers invalid."""
    row = recall_of(recall_id)
    poll_id, title = row.poll_id, row.title
    assert poll_id is not None
    add_station(poll_id, counters[0], now=NOW)
    frozen = at(VOTING_DAY - timedelta(days=2), 9)
    poll_rolls.freeze_roll(poll_id=poll_id, actor=counters[0], settings=settings_now(), now=frozen)
    voters = in_favour + against + invalid
    hold(poll_id, {title: {"赞成": in_favour, "反对": against}}, counters, voters=voters, invalid=invalid)
