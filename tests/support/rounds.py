"""Rounds of an election on paper, run by the product's own services up to the certified count."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import PostKind, Role
from civicforum.database import db
from civicforum.elections.models import Election, Registration, Round, Winner
from civicforum.elections.queries.rounds import Standing, standing_of
from civicforum.elections.rules import CandidateState, RegistrationState, Stage, WinnerState
from civicforum.elections.services import next_rounds, papers, rolls
from civicforum.elections.services import results as round_results
from civicforum.people.models import Community, Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.models import PaperIssue, Poll, RollEntry, Station
from civicforum.polls.questions import MOTION_OPTIONS, Marking, QuestionKind
from civicforum.polls.rules import StationKind, VoteChannel
from civicforum.polls.rules_paper import BoxSheet, write_in_marks
from civicforum.polls.services import box_counts, counting, results, sealing, states, stations
from civicforum.polls.services import rolls as poll_rolls
from civicforum.polls.services.stations import StationPlan
from tests.factories import NOW, actor_of, make_people
from tests.support.elections import (
    DAY,
    at,
    make_candidate,
    make_election,
    make_voters,
    seat_committee,
)
from tests.support.polls import settings_now

# Votes for each name, by the title of the question: ("for", "against") of listed people, or written in.
Votes = Mapping[str, Mapping[str, int]]


def latest(election_id: uuid.UUID) -> Round:
    """Return the last round."""
    rounds = select(Round).where(Round.election_id == election_id).order_by(Round.number.desc())
    return db.session.scalars(rounds.limit(1)).one()


def add_station(poll_id: uuid.UUID, officer: Actor, *, now: datetime) -> None:
    plan = StationPlan("社区活动室", StationKind.HALL, supervisors=("孙一", "李二"))
    stations.add_station(poll_id=poll_id, plan=plan, actor=officer, now=now)


def hold(
    poll_id: uuid.UUID, votes: Votes, counters: Sequence[Actor], *, voters: int, invalid: int = 0
) -> None:
    """Open the poll at its hour, hand out `voters` papers, and count these votes of them."""
    officer = counters[0]
    poll = db.session.get_one(Poll, poll_id)
    opens_at, closes_at = poll.opens_at, poll.closes_at
    assert opens_at is not None
    assert closes_at is not None
    states.open_poll(poll_id=poll_id, actor=officer, settings=settings_now(), now=opens_at)
    station_id = db.session.scalars(select(Station.id).where(Station.poll_id == poll_id)).one()
    hand_out(poll_id, station_id, officer, voters=voters)
    states.stop_poll(poll_id=poll_id, actor=officer, now=closes_at)
    sheet = sheet_of(poll_id, votes, found=voters, invalid=invalid)
    for actor in counters:
        box_counts.enter_count(station_id=station_id, sheet=sheet, actor=actor, now=closes_at)
    for actor in counters:
        box_counts.sign_station(station_id=station_id, actor=actor, now=closes_at)
    sealing.seal_count(poll_id=poll_id, actor=officer, now=closes_at)
    counting.count_poll(poll_id=poll_id, actor=officer, now=closes_at)
    results.certify(poll_id=poll_id, actor=officer, now=closes_at)


def sheet_of(poll_id: uuid.UUID, votes: Votes, *, found: int, invalid: int = 0) -> BoxSheet:
    """Return the sheet of one box: for each listed name how many were for it, nobody against anybody.

    Of a motion, how many were for it and against it, by the two words of the paper.
    """
    poll = db.session.get_one(Poll, poll_id)
    counts: list[int] = []
    texts: list[dict[str, int]] = []
    for question, contest in zip(poll.questions, poll.contests, strict=True):
        own = dict(votes[question.title])
        if question.kind is QuestionKind.MOTION:
            counts += [own.get(name, 0) for name in MOTION_OPTIONS]
            continue
        assert question.marking is Marking.EACH
        counts += [own.pop(name, 0) for name in question.options] + [0] * len(question.options)
        counts += write_in_marks(contest, own, found - invalid)
        if contest.texts:
            texts.append(own)
    grounds = {"blank": invalid} if invalid else {}
    return BoxSheet(found=found, invalid=invalid, counts=tuple(counts), texts=tuple(texts), grounds=grounds)


def hand_out(poll_id: uuid.UUID, station_id: uuid.UUID, officer: Actor, *, voters: int) -> None:
    """Hand papers to the first so many of the roll, as the desk does one by one."""
    rows = [
        {
            "community_id": officer.community_id,
            "poll_id": poll_id,
            "roll_entry_id": entry_id,
            "station_id": station_id,
            "channel": VoteChannel.HALL,
            "issued_by_id": officer.person_id,
        }
        for entry_id in _on_roll(poll_id)[:voters]
    ]
    db.session.execute(insert(PaperIssue), rows)
    db.session.commit()


def _on_roll(poll_id: uuid.UUID) -> list[uuid.UUID]:
    entries = select(RollEntry.id).where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    return list(db.session.scalars(entries.order_by(RollEntry.position)))


@dataclass
class Running:
    """An election whose first round is ready, and who runs it. Ids and actors, no rows."""

    election_id: uuid.UUID
    community_id: uuid.UUID
    counters: Sequence[Actor]
    people: dict[str, uuid.UUID]
    day: date

    @property
    def officer(self) -> Actor:
        return self.counters[0]

    @property
    def election(self) -> Election:
        return db.session.get_one(Election, self.election_id)

    def go_to(self, stage: Stage) -> None:
        """Let the election stand at a stage whose other work is no matter here."""
        self.election.stage = stage
        db.session.commit()

    def vote(self, votes: Votes, *, voters: int, invalid: int = 0) -> None:
        """Hold the last round and let its result wait to be taken over."""
        hold(latest(self.election_id).poll_id, votes, self.counters, voters=voters, invalid=invalid)
        self.go_to(Stage.COUNT)

    def take_over(self, **written: int | None) -> None:
        """Take the result over; `written` are names written in for the first post, with their numbers."""
        named = {f"0:{name}": number for name, number in written.items()}
        round_results.take_over(
            election_id=self.election_id, written=named, actor=self.officer, now=at(self.day, 20)
        )

    def number_of(self, name: str) -> int:
        """Return somebody's number on the roll."""
        poll_id = latest(self.election_id).poll_id
        found = select(RollEntry.position).where(
            RollEntry.poll_id == poll_id, RollEntry.person_id == self.people[name]
        )
        return db.session.scalars(found).one()

    def vote_again(self, *, after: int = 7, added: int = 0) -> None:
        """Call the round that the last one asks for, so many days later; `added` is a number on the roll."""
        following = self.standing.following
        seats = {part.seat_id: [added] for part in following.asked} if following and added else {}
        day = self.day + timedelta(days=after)
        next_rounds.next_round(
            election_id=self.election_id,
            opens_at=at(day, 8),
            closes_at=at(day, 18),
            added=seats,
            actor=self.officer,
            settings=settings_now(),
            now=at(self.day, 21),
        )

    @property
    def standing(self) -> Standing:
        return standing_of(db.session(), self.election)

    def elected(self) -> set[tuple[str, str, int]]:
        """Return (post, name, votes) of everybody who is elected and keeps the seat."""
        rows = db.session.scalars(
            select(Winner).where(Winner.election_id == self.election_id, Winner.state == WinnerState.ELECTED)
        )
        return {(one.seat.title, one.person.name, one.votes) for one in rows}


Seats = Sequence[tuple[PostKind, str, int]]
TWO_POSTS: Seats = ((PostKind.DIRECTOR, "主任", 1), (PostKind.MEMBER, "委员", 2))


def make_running(
    community: Community,
    candidates: Mapping[str, Sequence[str]],
    *,
    seats: Seats = TWO_POSTS,
    voters: int = 20,
    day: date = DAY,
    **terms: Any,
) -> Running:
    """Make an election whose first round is ready: a posted roll, a paper with these names, a station.

    The candidates are among the voters.
    """
    election = make_election(community, seats=seats, stage=Stage.ROLL, day=day, **terms)
    officers = seat_committee(election)[:2]
    counters = [actor_of(person, Role.ELECTION_OFFICER) for person in officers]
    names = dict.fromkeys(name for own in candidates.values() for name in own)
    people = dict(zip(names, make_people(community, names), strict=True))
    _register(election, [*people.values(), *make_voters(election, voters - len(people), bulk=True)])
    ids = {name: person.id for name, person in people.items()}
    running = Running(election.id, community.id, counters, ids, day)
    posted, listed = at(day - timedelta(days=28), 9), at(day - timedelta(days=6), 9)
    run = {"election_id": running.election_id, "actor": running.officer}
    rolls.make_roll(**run, now=posted)
    rolls.post_roll(**run, now=posted)
    running.go_to(Stage.CANDIDATES)
    for title, names in candidates.items():
        for position, name in enumerate(names, 1):
            state = CandidateState.FORMAL
            make_candidate(running.election, title, people[name], state=state, position=position)
    papers.set_paper(**run, now=listed)
    poll_id = latest(running.election_id).poll_id
    add_station(poll_id, running.officer, now=listed)
    poll_rolls.freeze_roll(poll_id=poll_id, actor=running.officer, settings=settings_now(), now=listed)
    return running


def _register(election: Election, people: Sequence[Person]) -> None:
    rows = [
        {
            "community_id": election.community_id,
            "election_id": election.id,
            "person_id": person.id,
            "ground": CapacityKind.HUKOU,
            "declared": True,
            "state": RegistrationState.REGISTERED,
            "filed_at": NOW,
        }
        for person in people
    ]
    db.session.execute(insert(Registration), rows)
    db.session.commit()
