"""Elections for tests: the least rows that are valid. They commit and want an app context.

with app.app_context():
    election = make_election(make_community())                  # planned, all voters, 1 + 1 + 3 seats
    officers = seat_committee(election)                         # five people who preside
    first = make_round(election, people=make_voters(election, 40))
    candidate = make_candidate(election, "主任", person, state=CandidateState.FORMAL)
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import func, insert, select

from civicforum import rulebook
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.database import db
from civicforum.elections.calendar import Milestone, plan
from civicforum.elections.models import (
    Candidate,
    CommitteePlace,
    Election,
    Nomination,
    NominationSigner,
    Registration,
    Round,
    Seat,
    Step,
    Winner,
)
from civicforum.elections.rules import (
    BODY_OF,
    CandidateState,
    ElectionKind,
    NominationRoute,
    NominationState,
    RegistrationState,
    RoundKind,
    Way,
)
from civicforum.people.models import Community, Group, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.rules import PollState, Preset
from civicforum.rulebook import SHANGHAI
from tests.factories import NOW, make_body, make_household, make_people, make_post
from tests.support.statements import gather_statistics

# A Sunday, forty-one days after NOW: every date of the calendar is still ahead.
DAY = date(2026, 4, 12)
# Post, title and seats of a residents' committee of five.
FIVE_SEATS: tuple[tuple[PostKind, str, int], ...] = (
    (PostKind.DIRECTOR, "主任", 1),
    (PostKind.DEPUTY_DIRECTOR, "副主任", 1),
    (PostKind.MEMBER, "委员", 3),
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an hour of a day in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def make_election(
    community: Community,
    *,
    kind: ElectionKind = ElectionKind.COMMITTEE,
    way: Way = Way.VOTERS,
    day: date = DAY,
    seats: Sequence[tuple[PostKind, str, int]] = FIVE_SEATS,
    body: Body | None = None,
    by_proxy: bool = False,
    **terms: Any,
) -> Election:
    """Make an election with its seats and its calendar; `terms` are columns, such as stage or place."""
    book = rulebook.load(community.profile)
    body = body or make_body(community, BODY_OF.get(kind, BodyKind.RESIDENTS_COMMITTEE))
    values: dict[str, Any] = {
        "title": "青松里社区居民委员会换届选举",
        "profile": book.name,
        "profile_version": book.version,
        "opens_at": at(day, 8),
        "closes_at": at(day, 18),
        "place": "社区党群服务中心一楼大厅",
        "created_at": NOW,
        **terms,
    }
    election = Election(community_id=community.id, kind=kind, way=way, body=body, by_proxy=by_proxy, **values)
    election.seats = [
        Seat(
            community_id=community.id,
            post=make_post(body, post, title=title, seats=number),
            title=title,
            seats=number,
            position=position,
        )
        for position, (post, title, number) in enumerate(seats, 1)
    ]
    election.steps = [
        Step(community_id=community.id, milestone=milestone, planned_on=planned)
        for milestone, planned in plan(day, way, by_proxy=by_proxy).items()
    ]
    db.session.add(election)
    db.session.commit()
    return election


def do_steps(election: Election, *milestones: Milestone, at: datetime | None = None, note: str = "") -> None:
    """Write that these dates have come: at `at`, or on the day that was planned."""
    for step in election.steps:
        if step.milestone in milestones:
            planned = datetime.combine(step.planned_on, time(9), SHANGHAI)
            step.done_at, step.note = at or planned, note
    db.session.commit()


def seat_committee(
    election: Election,
    *,
    names: Sequence[str] = ("林国安", "陈秀英", "王志明", "张桂兰", "刘建平"),
    name: str = "居民选举委员会",
) -> list[Person]:
    """Form the election committee of these people, in the order of their votes; one more would follow on.

    `name` is that of the body: a community with two elections has two.
    """
    community = db.session.get_one(Community, election.community_id)
    body = make_body(community, BodyKind.ELECTION_COMMITTEE, name=name)
    kinds = [PostKind.DIRECTOR, PostKind.DEPUTY_DIRECTOR] + [PostKind.MEMBER] * len(names)
    titles = {PostKind.DIRECTOR: "主任", PostKind.DEPUTY_DIRECTOR: "副主任", PostKind.MEMBER: "委员"}
    posts = {
        kind: make_post(body, kind, title=f"选举委员会{title}", seats=9) for kind, title in titles.items()
    }
    *people, next_in_line = make_people(community, [*names, ""])
    for position, (person, kind) in enumerate(zip(people, kinds, strict=False), 1):
        db.session.add(_place(election, person, position, kind))
        db.session.add(_officer_term(person, posts[kind]))
    db.session.add(_place(election, next_in_line, len(people) + 1, None))
    election.presiding = body
    db.session.commit()
    return people


def make_voters(
    election: Election, number: int, *, groups: Sequence[str] = ("第一居民小组",), bulk: bool = False
) -> list[Person]:
    """Make residents who can stand on the roll, spread over residents' groups in turn.

    With `bulk` five thousand of them take a moment; they have neither capacities nor accounts.
    """
    community = db.session.get_one(Community, election.community_id)
    households = [make_household(community, address=f"{group}一号楼") for group in groups]
    for household, name in zip(households, groups, strict=True):
        household.group = _group(community, name)
    db.session.commit()
    if not bulk:
        return make_people(community, [""] * number, households=cycle(households))
    db.session.execute(insert(Person), [_row(community, households, n) for n in range(number)])
    gather_statistics()
    return list(
        db.session.scalars(
            select(Person)
            .where(Person.household_id.in_([household.id for household in households]))
            .order_by(Person.number)
        )
    )


def make_registration(election: Election, person: Person, **terms: Any) -> Registration:
    """Make a statement of taking part, by somebody with hukou here, registered."""
    values: dict[str, Any] = {
        "ground": CapacityKind.HUKOU,
        "declared": True,
        "state": RegistrationState.REGISTERED,
        "filed_at": NOW,
        **terms,
    }
    row = Registration(
        community_id=election.community_id, election_id=election.id, person_id=person.id, **values
    )
    db.session.add(row)
    db.session.commit()
    return row


def seat_of(election: Election, title: str) -> Seat:
    """Return a seat by the title of its post."""
    return next(seat for seat in election.seats if seat.title == title)


def make_nomination(
    election: Election, title: str, person: Person, *, signers: Iterable[Person] = (), **terms: Any
) -> Nomination:
    """Put somebody forward: by the joint signers, or by the party organisation where there are none."""
    signing = list(signers)
    values: dict[str, Any] = {
        "route": NominationRoute.JOINT if signing else NominationRoute.PARTY,
        "state": NominationState.FILED,
        "filed_at": NOW,
        "filed_by_id": signing[0].id if signing else None,
        **terms,
    }
    row = Nomination(
        community_id=election.community_id,
        election_id=election.id,
        seat_id=seat_of(election, title).id,
        person_id=person.id,
        **values,
    )
    row.signers = [
        NominationSigner(community_id=election.community_id, person_id=one.id, signed_at=NOW)
        for one in signing
    ]
    db.session.add(row)
    db.session.commit()
    return row


def make_candidate(election: Election, title: str, person: Person, **terms: Any) -> Candidate:
    """Make a candidate for the seat with this title; preliminary, unless `state` says otherwise."""
    values: dict[str, Any] = {"state": CandidateState.PRELIMINARY, "accepted_at": NOW, **terms}
    row = Candidate(
        community_id=election.community_id,
        election_id=election.id,
        seat_id=seat_of(election, title).id,
        person_id=person.id,
        **values,
    )
    db.session.add(row)
    db.session.commit()
    return row


def make_round(
    election: Election,
    *,
    people: Sequence[Person] = (),
    kind: RoundKind = RoundKind.FIRST,
    poll_state: PollState = PollState.ROLL_POSTED,
    decided_at: datetime | None = None,
    paper: Sequence[Mapping[str, Any]] = (),
    **poll_terms: Any,
) -> Round:
    """Make the next round with a statutory poll on paper, and these people on its roll."""
    poll = _poll(election, poll_state, poll_terms)
    db.session.add(poll)
    db.session.flush()
    if people:
        db.session.execute(insert(RollEntry), _entries(poll, people))
    number = db.session.scalar(
        select(func.count()).select_from(Round).where(Round.election_id == election.id)
    )
    row = Round(
        community_id=election.community_id,
        election_id=election.id,
        number=(number or 0) + 1,
        kind=kind,
        poll_id=poll.id,
        paper=[dict(part) for part in paper],
        created_at=NOW,
        decided_at=decided_at,
    )
    db.session.add(row)
    db.session.commit()
    return row


def make_winner(round_: Round, candidate: Candidate, votes: int, **terms: Any) -> Winner:
    """Make somebody elected to the seat they stood for."""
    row = Winner(
        community_id=candidate.community_id,
        election_id=candidate.election_id,
        round_id=round_.id,
        seat_id=candidate.seat_id,
        person_id=candidate.person_id,
        votes=votes,
        **terms,
    )
    db.session.add(row)
    db.session.commit()
    return row


def _place(election: Election, person: Person, position: int, post: PostKind | None) -> CommitteePlace:
    return CommitteePlace(
        community_id=election.community_id,
        election_id=election.id,
        person_id=person.id,
        position=position,
        votes=100 - position,
        post=post,
        joined_at=NOW if post else None,
    )


def _officer_term(person: Person, post: Post) -> Term:
    return Term(
        community_id=person.community_id,
        post=post,
        person=person,
        appointed=Appointed.ELECTED,
        since=date(2024, 1, 1),
        until=date(2099, 12, 31),
    )


def _group(community: Community, name: str) -> Group:
    found = db.session.scalars(
        select(Group).where(Group.community_id == community.id, Group.name == name)
    ).one_or_none()
    return found or Group(community_id=community.id, name=name)


def _row(community: Community, households: Sequence[Household], number: int) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "community_id": community.id,
        "number": f"{households[0].number}-{number}",
        "name": f"居民{number}",
        "sex": Sex.FEMALE if number % 2 else Sex.MALE,
        "born_on": date(1970, 5, 17),
        "phone": "",
        "household_id": households[number % len(households)].id,
    }


def _poll(election: Election, state: PollState, terms: Mapping[str, Any]) -> Poll:
    has_opened = state not in (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY, PollState.VOID)
    posted = None if state is PollState.DRAFT else election.opens_at - timedelta(days=28)
    values: dict[str, Any] = {
        "title": election.title,
        "question": "",
        "preset": Preset.POLL,
        "state": state,
        "is_statutory": True,
        "by_screen": False,
        "by_paper": True,
        "by_proxy": election.by_proxy,
        "objection_days": 5,
        "opens_at": election.opens_at,
        "closes_at": election.closes_at,
        "created_at": NOW,
        "roll_posted_at": posted,
        "opened_at": election.opens_at if has_opened else None,
        **terms,
    }
    return Poll(
        community_id=election.community_id,
        subject_kind="election",
        subject_id=election.id,
        profile=election.profile,
        profile_version=election.profile_version,
        **values,
    )


def _entries(poll: Poll, people: Sequence[Person]) -> list[dict[str, Any]]:
    groups = {
        row.id: row.name
        for row in db.session.execute(
            select(Household.id, Group.name).join(Group, Household.group_id == Group.id)
        )
    }
    return [
        {
            "id": uuid.uuid4(),
            "community_id": poll.community_id,
            "poll_id": poll.id,
            "person_id": person.id,
            "position": position,
            "ground": "capacity.hukou",
            "name": person.name,
            "group_name": groups[person.household_id],
        }
        for position, person in enumerate(people, 1)
    ]
