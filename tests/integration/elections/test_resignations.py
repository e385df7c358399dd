"""Resignations, posts that end by themselves, what becomes of a recall, and the by-election that follows."""

from __future__ import annotations

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections import recalls as law
from civicforum.elections.models import Departure
from civicforum.elections.queries.recalls import list_vacancies
from civicforum.elections.recalls import DepartureState, EndGround, RecallState
from civicforum.elections.services import recall_votes, resigning
from civicforum.elections.services.resigning import Decided
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.notices.models import Notice
from civicforum.people.models import Community
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.rulebook import load
from civicforum.rulebook.days import day_of
from tests.factories import (
    NOW,
    TODAY,
    actor_of,
    make_account,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    make_term,
    sign_in,
)
from tests.support.elections import at
from tests.support.recalls import (
    VOTING_DAY,
    complete,
    make_member,
    make_residents,
    officers,
    put,
    recall_of,
    vote,
)

ASSEMBLY = BodyKind.REPRESENTATIVE_ASSEMBLY
PASSED = Decided(is_passed=True, assembly=ASSEMBLY, on=TODAY, paper="青居代〔2026〕3号")


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def term(community: Community) -> Term:
    return make_member(community)


@pytest.fixture
def officer(community: Community) -> Actor:
    return officers(community)[0]


def resign(term: Term) -> Departure:
    departure_id = resigning.file_resignation(
        term_id=term.id, reason="健康原因", actor=actor_of(term.person), now=NOW
    )
    return db.session.get_one(Departure, departure_id)


def decide(row: Departure, officer: Actor, decided: Decided = PASSED, now: datetime = NOW) -> None:
    resigning.decide_resignation(departure_id=row.id, decided=decided, actor=officer, now=now)


def ended(term: Term) -> tuple[date | None, str]:
    db.session.expire_all()
    return term.ended_on, term.end_reason


def test_art_21_a_resignation_ends_nothing_before_an_assembly_passed_it(term: Term, officer: Actor) -> None:
    row = resign(term)
    assert ended(term) == (None, "")
    decide(row, officer)
    assert ended(term) == (TODAY, "辞职获得通过")
    assert (row.state, row.paper) == (DepartureState.PASSED, "青居代〔2026〕3号")
    with pytest.raises(AlreadyDone):
        decide(row, officer)


def test_a_resignation_that_is_not_passed_leaves_the_post(term: Term, officer: Actor) -> None:
    row = resign(term)
    decide(row, officer, Decided(is_passed=False, assembly=ASSEMBLY, on=TODAY, paper="4号"))
    assert ended(term) == (None, "")
    assert row.state is DepartureState.REFUSED
    # It may be handed in again.
    assert resign(term).state is DepartureState.FILED


def test_only_the_member_resigns_and_once(community: Community, term: Term) -> None:
    with pytest.raises(NotEligible):
        resigning.file_resignation(
            term_id=term.id, reason="健康原因", actor=actor_of(make_person(community)), now=NOW
        )
    with pytest.raises(Invalid, match="reason"):
        resigning.file_resignation(term_id=term.id, reason=" ", actor=actor_of(term.person), now=NOW)
    resign(term)
    with pytest.raises(AlreadyDone):
        resign(term)


def test_nobody_decides_on_their_own_post_and_no_resident_on_any(community: Community, term: Term) -> None:
    row = resign(term)
    for actor in (actor_of(term.person, Role.COMMITTEE), actor_of(make_person(community))):
        with pytest.raises(NotEligible):
            decide(row, actor)


@pytest.mark.parametrize(
    ("decided", "field"),
    [
        (Decided(is_passed=True, assembly=ASSEMBLY, on=TODAY - timedelta(days=1), paper="3号"), "on"),
        (Decided(is_passed=True, assembly=ASSEMBLY, on=TODAY + timedelta(days=1), paper="3号"), "on"),
        (Decided(is_passed=True, assembly=ASSEMBLY, on=TODAY, paper=" "), "paper"),
        (Decided(is_passed=True, assembly=BodyKind.PARTY_COMMITTEE, on=TODAY, paper="3号"), "assembly"),
    ],
)
def test_a_decision_names_assembly_day_and_paper(
    term: Term, officer: Actor, decided: Decided, field: str
) -> None:
    with pytest.raises(Invalid, match=field):
        decide(resign(term), officer, decided)
    assert ended(term) == (None, "")


def test_art_23_a_sentence_ends_the_post_by_itself_and_what_was_handed_in(term: Term, officer: Actor) -> None:
    row = resign(term)
    on = TODAY - timedelta(days=3)
    end = {"term_id": term.id, "on": on, "paper": "（2026）刑初12号", "actor": officer, "now": NOW}
    for ground in (EndGround.RESIGNED, EndGround.TWO_STRIKES):
        with pytest.raises(Invalid, match="ground"):
            resigning.record_end(ground=ground, **end)
    resigning.record_end(ground=EndGround.SENTENCED, **end)
    assert ended(term) == (on, "被判处刑罚，职务自行终止")
    assert row.state is DepartureState.LAPSED
    with pytest.raises(NotFound):
        resigning.record_end(ground=EndGround.SENTENCED, **end)


def test_an_end_is_announced_once_on_the_notice_board(term: Term, officer: Actor) -> None:
    row = resign(term)
    with pytest.raises(TransitionNotAllowed):
        resigning.announce(departure_id=row.id, actor=officer, now=NOW)
    decide(row, officer)
    resigning.announce(departure_id=row.id, actor=officer, now=NOW)
    assert db.session.scalars(select(Notice.text)).one() == (
        "王志明辞去居民委员会委员王志明职务，经居民代表会议于2026年3月2日通过（青居代〔2026〕3号），"
        "其职务自该日起终止。特此公告。"
    )
    with pytest.raises(AlreadyDone):
        resigning.announce(departure_id=row.id, actor=officer, now=NOW)


def test_a_resignation_passed_before_the_vote_ends_the_recall(
    community: Community, term: Term, officer: Actor
) -> None:
    recall_id = complete(term, make_residents(community, 21)[:3])
    poll_id = put(recall_id, officer)
    decide(resign(term), officer)
    row = recall_of(recall_id)
    assert (row.state, row.decision) == (RecallState.ENDED, "辞职获得通过")
    assert db.session.get_one(Poll, poll_id).state is PollState.VOID


def test_a_demand_without_a_vote_ends_with_the_post(community: Community, term: Term, officer: Actor) -> None:
    recall_id = complete(term, make_residents(community, 21)[:2])
    resigning.record_end(
        term_id=term.id, ground=EndGround.INCAPABLE, on=TODAY, paper="1号", actor=officer, now=NOW
    )
    assert recall_of(recall_id).state is RecallState.ENDED


def test_a_resignation_passed_after_the_vote_does_not_end_the_recall(
    community: Community, term: Term
) -> None:
    counters = officers(community)
    recall_id = complete(term, make_residents(community, 21)[:3])
    put(recall_id, counters[0])
    row = resign(term)
    vote(recall_id, counters, in_favour=11, against=0)
    now = at(VOTING_DAY, 20)
    late = Decided(is_passed=True, assembly=ASSEMBLY, on=VOTING_DAY, paper="3号")
    decide(row, counters[0], late, now)
    assert recall_of(recall_id).state is RecallState.VOTING
    state = recall_votes.decide_recall(recall_id=recall_id, actor=counters[0], now=now)
    assert state is RecallState.CARRIED
    assert ended(term) == (VOTING_DAY, "辞职获得通过")


@pytest.mark.parametrize(("members", "holds"), [(4, True), (3, False)])
def test_fewer_than_three_members_left_ask_for_a_by_election(
    community: Community, officer: Actor, members: int, holds: bool
) -> None:
    body = make_body(community, BodyKind.RESIDENTS_COMMITTEE)
    post = make_post(body, PostKind.MEMBER, seats=members)
    terms = [make_term(make_person(community), post) for _ in range(members)]
    assert list_vacancies(db.session(), community_id=community.id, day=TODAY) == []
    decide(resign(terms[0]), officer)
    [vacancy] = list_vacancies(db.session(), community_id=community.id, day=TODAY)
    assert (vacancy.left, vacancy.empty, vacancy.since) == (members - 1, 1, TODAY)
    assert law.judge_left(load(community.profile), vacancy.left).holds is holds


def english(client: FlaskClient, login: str) -> FlaskClient:
    sign_in(client, login)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def test_from_the_resignation_on_the_page_to_the_plan_of_a_by_election(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        community = make_community()
        term = make_member(community)
        make_account(term.person, login="member")
        make_account(make_person(community), login="resident")
        make_officer(community, Role.ELECTION_OFFICER, login="officer")
        term_id, body_id = term.id, term.post.body_id
    url = f"/elections/posts/{term_id}/resign"
    english(client, "resident")
    assert client.get(url).status_code == 403
    english(client, "member")
    assert url in client.get("/elections/recalls").text
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert "handed in" in client.post(url, data={"reason": "健康原因"}, follow_redirects=True).text
    assert "handed in already" in client.post(url, data={"reason": "健康原因"}, follow_redirects=True).text

    english(client, "officer")
    with app.app_context():
        departure_id = db.session.scalars(select(Departure.id)).one()
    page = f"/elections/resignations/{departure_id}"
    assert page in client.get("/elections/resignations").text
    assert client.post(f"{page}/announce").status_code == 422
    today = day_of(datetime.now(UTC))
    form = {
        "assembly": ASSEMBLY.value,
        "decision": "passed",
        "on": str(today + timedelta(days=1)),
        "paper": "3号",
    }
    refused = client.post(page, data=form)
    assert refused.status_code == 422
    assert "no later than today" in refused.text
    form["on"] = str(today)
    done = client.post(page, data=form, follow_redirects=True).text
    assert "The decision is recorded." in done
    # Nobody is left until the day is over: whose last day is today does not count any more.
    assert "there has to be a by-election" in done
    assert "0 &lt; 3" in done
    assert "It is announced" in client.post(f"{page}/announce", follow_redirects=True).text
    plan = client.get(f"/elections/new?vacant={body_id}").text
    assert 'value="by_election" checked' in plan
    assert re.search(r"<h1[^>]*>Plan a by-election</h1>", plan)
    assert "for the rest of the term" in plan


def test_an_officer_records_that_a_post_ended_by_itself(
    app: Flask, client: FlaskClient, database: None
) -> None:
    with app.app_context():
        community = make_community()
        term_id = make_member(community).id
        make_officer(community, Role.ELECTION_OFFICER, login="officer")
    english(client, "officer")
    url = f"/elections/posts/{term_id}/end"
    assert url in client.get("/elections/resignations").text
    assert client.post(url, data={"ground": "sentenced"}).status_code == 422
    form = {"ground": "sentenced", "on": str(day_of(datetime.now(UTC))), "paper": "（2026）刑初12号"}
    page = client.post(url, data=form, follow_redirects=True).text
    assert "It is recorded that the post has ended." in page
    assert "Sentenced for a crime" in page


def test_of_two_officers_who_decide_at_once_one_is_told_that_it_is_done(committed: Flask) -> None:
    with committed.app_context():
        community = make_community()
        row = resign(make_member(community))
        departure_id, actors = row.id, officers(community)
    barrier, refused = threading.Barrier(2), list[AlreadyDone]()

    def run(actor: Actor) -> None:
        with committed.app_context():
            barrier.wait()
            try:
                resigning.decide_resignation(departure_id=departure_id, decided=PASSED, actor=actor, now=NOW)
            except AlreadyDone as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with committed.app_context():
        assert db.session.scalars(select(Term.ended_on)).one() == TODAY
