"""A small election from its roll to the handover, on paper, with a further round for a seat left empty."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from civicforum.bodies.models import Term
from civicforum.bodies.rules import PostKind, Role
from civicforum.database import db
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election, HandoverItem, Step, Winner
from civicforum.elections.queries.rounds import get_election, standing_of
from civicforum.elections.rules import CandidateState, RoundKind, Stage, WinnerState
from civicforum.elections.services import handover, next_rounds, papers, results, rolls, stages, winners
from civicforum.errors import RuleRefused, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.polls.errors import OpeningBlocked, RollHindered
from civicforum.polls.models import Poll, RollCorrection, RollEntry
from civicforum.polls.rules import PollState
from civicforum.polls.services import correcting, states
from civicforum.polls.services import rolls as poll_rolls
from civicforum.rulebook.days import day_of
from tests.factories import actor_of, make_community, make_person, make_term
from tests.support.elections import (
    DAY,
    at,
    make_candidate,
    make_election,
    make_registration,
    make_voters,
    seat_committee,
)
from tests.support.polls import settings_now
from tests.support.rounds import add_station, hold, latest

POSTED = at(DAY - timedelta(days=28), 9)
LISTED = at(DAY - timedelta(days=6), 9)
AFTER = at(DAY, 20)
AGAIN = DAY + timedelta(days=7)
SEATS = ((PostKind.DIRECTOR, "主任", 1), (PostKind.MEMBER, "委员", 2))


def stage(election: Election, to: Stage) -> None:
    election.stage = to
    db.session.commit()


def go_to(election_id: uuid.UUID, to: Stage) -> None:
    """Let the election stand at a stage whose other work is no matter here."""
    stage(db.session.get_one(Election, election_id), to)


def test_a_whole_small_election(session: object) -> None:
    community = make_community()
    election = make_election(community, seats=SEATS, stage=Stage.ROLL)
    officers = [actor_of(person, Role.ELECTION_OFFICER) for person in seat_committee(election)]
    officer, counters = officers[0], officers[:2]
    voters = make_voters(election, 41)
    for person in voters:
        make_registration(election, person)
    people = {name: make_person(community, name=name) for name in ("甲", "乙", "丙", "丁", "戊")}
    former = make_term(voters[0], election.seats[0].post)
    election_id, former_id = election.id, former.id

    # The roll: posted without a paper, and not frozen before there is one.
    assert rolls.make_roll(election_id=election_id, actor=officer, now=POSTED) == 41
    rolls.post_roll(election_id=election_id, actor=officer, now=POSTED)
    first_id = latest(election_id).poll_id
    with pytest.raises(RollHindered) as hindered:
        poll_rolls.freeze_roll(poll_id=first_id, actor=officer, settings=settings_now(), now=LISTED)
    assert [one.kind for one in hindered.value.hindrances] == ["no_paper"]
    with pytest.raises(OpeningBlocked) as blocked:
        states.open_poll(poll_id=first_id, actor=officer, settings=settings_now(), now=at(DAY, 8))
    assert "paper_not_set" in [one.kind for one in blocked.value.blockers]

    # The paper: of the final list.
    go_to(election_id, Stage.CANDIDATES)
    for position, (name, title) in enumerate(
        (("甲", "主任"), ("乙", "主任"), ("丙", "委员"), ("丁", "委员"), ("戊", "委员")), 1
    ):
        make_candidate(election, title, people[name], state=CandidateState.FORMAL, position=position)
    papers.set_paper(election_id=election_id, actor=officer, now=LISTED)
    add_station(first_id, officer, now=LISTED)
    poll_rolls.freeze_roll(poll_id=first_id, actor=officer, settings=settings_now(), now=LISTED)
    assert db.session.get_one(Poll, first_id).state is PollState.READY
    entry = db.session.scalars(select(RollEntry.id).where(RollEntry.poll_id == first_id)).first()
    assert entry is not None
    correcting.strike_off(
        poll_id=first_id, entry_id=entry, reason="已迁出", decision="1", actor=officer, now=LISTED
    )

    # Election day: 25 of 40 vote, one paper is invalid; 13 of 25 elect.
    votes = {"主任": {"甲": 20, "乙": 4}, "委员": {"丙": 15, "丁": 12, "戊": 11}}
    hold(first_id, votes, counters, voters=25, invalid=1)
    go_to(election_id, Stage.COUNT)
    results.take_over(election_id=election_id, written={}, actor=officer, now=AFTER)
    assert _elected(election_id) == {("主任", "甲", 20), ("委员", "丙", 15)}
    standing = standing_of(db.session(), db.session.get_one(Election, election_id))
    assert standing.following is not None
    assert standing.following.kind is RoundKind.FURTHER
    assert [len(part.people) for part in standing.following.asked] == [2]
    # Two of five seats would be too few to stop at, and nothing is announced while a seat is open.
    with pytest.raises(RuleRefused) as refused:
        winners.announce(election_id=election_id, actor=officer, now=AFTER)
    assert refused.value.verdict.rule.id == "election.further_round.may_stop_at"

    # A further round within thirty days, on the roll as it was posted.
    times = {"opens_at": at(AGAIN, 8), "closes_at": at(AGAIN, 18)}
    late = {"opens_at": at(DAY + timedelta(days=31), 8), "closes_at": at(DAY + timedelta(days=31), 18)}
    call = {"election_id": election_id, "actor": officer, "settings": settings_now(), "now": AFTER}
    with pytest.raises(RuleRefused) as refused:
        next_rounds.next_round(**late, **call)
    assert refused.value.verdict.rule.id == "election.further_round.within"
    next_rounds.next_round(**times, **call)
    second = latest(election_id)
    second_id = second.poll_id
    assert second.kind is RoundKind.FURTHER
    assert _roll(second_id) == _roll(first_id)
    again = db.session.get_one(Poll, second_id)
    assert (again.state, again.members, again.roll_posted_at) == (PollState.READY, 40, POSTED)
    assert [(one.title, one.seats, one.options) for one in again.questions] == [("委员", 1, ["丁", "戊"])]
    assert db.session.get_one(Election, election_id).stage is Stage.CANDIDATES
    # Corrections stay possible, and are of this round alone.
    newcomer = make_person(community)
    correcting.add_to_roll(
        poll_id=second_id, person_id=newcomer.id, reason="补正", decision="2", actor=officer, now=AFTER
    )
    assert db.session.scalars(select(RollCorrection.poll_id)).all() == [first_id, second_id]

    # 21 of 41 vote: 7 of 21 would do, and more votes win.
    hold(second_id, {"委员": {"丁": 7, "戊": 6}}, counters, voters=21)
    go_to(election_id, Stage.COUNT)
    results.take_over(election_id=election_id, written={}, actor=officer, now=at(AGAIN, 20))
    assert _elected(election_id) == {("主任", "甲", 20), ("委员", "丙", 15), ("委员", "丁", 7)}
    with pytest.raises(TransitionNotAllowed):
        next_rounds.next_round(**times, **call)

    # Announced, certified, filed, handed over.
    evening = at(AGAIN, 20)
    winners.announce(election_id=election_id, actor=officer, now=evening)
    assert stages.advance(election_id=election_id, actor=officer, now=evening) is Stage.RESULT
    for number, winner in enumerate(_winners(election_id), 1):
        winners.certify_winner(
            winner_id=winner.id,
            election_id=election_id,
            certificate=f"2026-{number}",
            certified_on=AGAIN,
            actor=officer,
            now=evening,
        )
    winners.file_result(election_id=election_id, note="松街备〔2026〕3号", actor=officer, now=evening)
    assert stages.advance(election_id=election_id, actor=officer, now=evening) is Stage.HANDOVER
    begin = {"election_id": election_id, "actor": officer, "now": evening}
    assert handover.begin_terms(since=AGAIN + timedelta(days=1), **begin) == 3
    for item_id in db.session.scalars(select(HandoverItem.id)).all():
        handover.tick_item(item_id=item_id, note="当面清点", **begin)
    assert stages.advance(**begin) is Stage.CLOSED
    assert db.session.get_one(Term, former_id).ended_on == AGAIN
    terms = db.session.scalars(select(Term).join(Winner, Winner.term_id == Term.id)).all()
    assert {term.person_id for term in terms} == {people[name].id for name in "甲丙丁"}
    assert {term.since for term in terms} == {AGAIN + timedelta(days=1)}
    done = {
        step.milestone: day_of(step.done_at)
        for step in db.session.scalars(select(Step).where(Step.election_id == election_id))
        if step.done_at
    }
    assert done[Milestone.ROLL_POSTED] == DAY - timedelta(days=28)
    assert {done[one] for one in (Milestone.RESULT_ANNOUNCED, Milestone.HANDED_OVER)} == {AGAIN}
    whole = get_election(db.session(), election_id=election_id, community_id=officer.community_id)
    assert whole.closed_at is not None


def _winners(election_id: uuid.UUID) -> list[Winner]:
    rows = select(Winner).where(Winner.election_id == election_id, Winner.state == WinnerState.ELECTED)
    return list(db.session.scalars(rows))


def _elected(election_id: uuid.UUID) -> set[tuple[str, str, int]]:
    return {
        (winner.seat.title, db.session.get_one(Person, winner.person_id).name, winner.votes)
        for winner in _winners(election_id)
    }


def _roll(poll_id: uuid.UUID) -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(
            RollEntry.position,
            RollEntry.person_id,
            RollEntry.ground,
            RollEntry.name,
            RollEntry.group_name,
            RollEntry.struck_off_at,
        )
        .where(RollEntry.poll_id == poll_id)
        .order_by(RollEntry.position)
    )
    return [tuple(row) for row in rows]
