"""A candidate steps down after the formal list: the paper follows, or nominations are taken once more."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Election, Step
from civicforum.elections.rules import CandidateState, Stage
from civicforum.elections.services.planning import void_election
from civicforum.elections.services.stepping_down import step_down
from civicforum.errors import NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.records.models import JournalEntry
from tests.factories import NOW, make_community, make_officer, sign_in
from tests.support.elections import do_steps
from tests.support.rounds import Running, latest, make_running

NAMES = {"主任": ("陈一", "林二", "黄三"), "委员": ("何四", "高五", "罗六")}


@pytest.fixture
def running(session: Session) -> Running:
    found = make_running(make_community(), NAMES)
    do_steps(found.election, Milestone.NOMINATION_CLOSES, Milestone.FORMAL_LIST)
    return found


def candidate(session: Session, running: Running, name: str) -> Candidate:
    own = select(Candidate).where(Candidate.person_id == running.people[name])
    return session.scalars(own.execution_options(populate_existing=True)).one()


def let_go(session: Session, running: Running, name: str, actor: Actor, *, reopens: bool = False) -> Stage:
    return step_down(
        election_id=running.election_id,
        candidate_id=candidate(session, running, name).id,
        reason="工作调动",
        reopens=reopens,
        actor=actor,
        now=NOW,
    )


def names_on_paper(session: Session, running: Running) -> list[list[str]]:
    session.expire_all()
    return [one.options for one in session.get_one(Poll, latest(running.election_id).poll_id).questions]


def actions(session: Session, *which: str) -> list[str]:
    found = select(JournalEntry.action).where(JournalEntry.action.in_(which)).order_by(JournalEntry.sequence)
    return list(session.scalars(found))


@pytest.mark.law("B8", "election.excess")
def test_with_more_candidates_than_seats_left_the_name_comes_off_list_and_paper(
    session: Session, running: Running
) -> None:
    himself = Actor(person_id=running.people["陈一"], community_id=running.community_id)
    assert let_go(session, running, "陈一", himself) is Stage.CANDIDATES
    assert names_on_paper(session, running) == [["林二", "黄三"], ["何四", "高五", "罗六"]]
    assert [candidate(session, running, name).position for name in ("林二", "黄三")] == [1, 2]
    gone = candidate(session, running, "陈一")
    assert (gone.state, gone.decision) == (CandidateState.WITHDRAWN, "工作调动")
    assert actions(session, "election.step_down", "election.set_paper") == [
        "election.set_paper",
        "election.step_down",
    ]


@pytest.mark.law("B8", "election.excess")
def test_with_as_many_left_as_seats_nobody_steps_down_unless_nominations_are_taken_again(
    session: Session, running: Running
) -> None:
    herself = Actor(person_id=running.people["何四"], community_id=running.community_id)
    # 3 candidates for 2 seats: 2 would be left. She cannot send the election back, its committee can.
    for actor, reopens in ((herself, False), (herself, True), (running.officer, False)):
        with pytest.raises(RuleRefused) as refused:
            let_go(session, running, "何四", actor, reopens=reopens)
        assert refused.value.verdict.rule.id == "election.excess"
        assert refused.value.verdict.arithmetic.startswith("2 − 2 = 0")
    assert let_go(session, running, "何四", running.officer, reopens=True) is Stage.NOMINATION
    session.expire_all()
    assert running.election.stage is Stage.NOMINATION
    left = candidate(session, running, "高五")
    assert (left.state, left.position, left.formal_at) == (CandidateState.PRELIMINARY, 0, None)
    assert names_on_paper(session, running) == []
    steps = select(Step).where(Step.election_id == running.election_id, Step.done_at.is_not(None))
    assert {step.milestone for step in session.scalars(steps)}.isdisjoint(
        {Milestone.NOMINATION_CLOSES, Milestone.FORMAL_LIST}
    )


def test_nobody_steps_down_for_another_or_while_people_vote(session: Session, running: Running) -> None:
    resident = Actor(person_id=running.people["林二"], community_id=running.community_id)
    with pytest.raises(NotEligible):
        let_go(session, running, "陈一", resident)
    poll = session.get_one(Poll, latest(running.election_id).poll_id)
    poll.state, poll.opened_at = PollState.OPEN, poll.opens_at
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        let_go(session, running, "陈一", running.officer)


def test_the_page_says_what_follows_before_anybody_steps_down(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        community = make_community()
        found = make_running(community, NAMES)
        make_officer(community, Role.ELECTION_OFFICER, name="宋选举", login="election_officer")
        session = Session.object_session(found.election)
        assert session is not None
        own = {name: candidate(session, found, name).id for name in ("陈一", "何四")}
        election_id = found.election_id
    sign_in(client, "election_officer")
    page = f"/elections/{election_id}/candidates/{{}}/withdraw".format
    assert "The corrected list is issued as a notice" in client.get(page(own["陈一"])).text
    text = client.post(page(own["何四"]), data={"reason": "身体原因"}).text
    assert "2 − 2 = 0" in text
    assert "Take the election back to nomination" in text
    answer = client.post(page(own["何四"]), data={"reason": "身体原因", "reopens": "y"})
    assert answer.location == f"/elections/{election_id}/manage"


def test_a_void_election_takes_its_uncertified_polls_with_it_in_one_entry(
    session: Session, running: Running
) -> None:
    poll_id = latest(running.election_id).poll_id
    election: Election = running.election
    void_election(election_id=election.id, ground="伪造选票", actor=running.officer, now=NOW)
    session.expire_all()
    poll = session.get_one(Poll, poll_id)
    assert (poll.state, poll.void_ground) == (PollState.VOID, "伪造选票")
    assert actions(session, "election.void", "poll.void") == ["election.void"]
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "election.void")).one()
    assert entry.payload["polls"] == [str(poll_id)]


def test_a_certified_poll_of_a_void_election_stays_what_it_was(session: Session, running: Running) -> None:
    poll = session.get_one(Poll, latest(running.election_id).poll_id)
    poll.state, poll.opened_at = PollState.CERTIFIED, poll.opens_at
    session.commit()
    void_election(election_id=running.election_id, ground="伪造选票", actor=running.officer, now=NOW)
    session.expire_all()
    assert session.get_one(Poll, poll.id).state is PollState.CERTIFIED
