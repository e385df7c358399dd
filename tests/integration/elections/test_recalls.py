"""Recalls: who demands one, from how many signatures on, defence, vote, outcome, and the bar after it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections.models import Recall, RecallSigner
from civicforum.elections.nominations import SignatureProblem
from civicforum.elections.recalls import RecallNoticeKind, RecallState
from civicforum.elections.rules import Way
from civicforum.elections.services import recall_votes
from civicforum.elections.services import recalls as services
from civicforum.elections.services.recall_notices import issue_recall_notice
from civicforum.elections.services.recall_votes import RECALLED
from civicforum.elections.services.recalls import Demand
from civicforum.elections.services.signatures import SignaturesRefused
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.matters.rules import LineProblem
from civicforum.people.models import Community, Person
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.questions import QuestionKind
from civicforum.polls.rules import PollState
from civicforum.polls.services import states
from civicforum.records.models import JournalEntry
from tests.factories import (
    NOW,
    actor_of,
    make_body,
    make_community,
    make_household,
    make_person,
    make_post,
    make_term,
)
from tests.support.elections import at
from tests.support.races import at_once
from tests.support.recalls import (
    VOTING_DAY,
    complete,
    demand,
    make_member,
    make_residents,
    officers,
    put,
    recall_of,
    vote,
)


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def term(community: Community) -> Term:
    return make_member(community)


@pytest.fixture
def residents(community: Community) -> list[Person]:
    """Twenty-one residents who are entitled: a tenth of them is 2.1, so that three have to sign."""
    return make_residents(community, 21)


@pytest.fixture
def counters(community: Community) -> list[Actor]:
    return officers(community)


def test_art_20_two_of_twenty_one_voters_are_below_a_tenth(term: Term, residents: list[Person]) -> None:
    row = recall_of(complete(term, residents[:2]))
    assert (row.signed, row.on_roll, row.state) == (2, 21, RecallState.DEMANDED)


def test_art_20_three_of_twenty_one_voters_are_above_a_tenth(term: Term, residents: list[Person]) -> None:
    row = recall_of(complete(term, residents[:3]))
    assert (row.signed, row.state, row.complete_at) == (3, RecallState.COMPLETE, NOW)


def test_art_20_a_tenth_of_the_voters_is_enough(community: Community, term: Term) -> None:
    assert recall_of(complete(term, make_residents(community, 20)[:2])).state is RecallState.COMPLETE


def test_art_20_of_households_one_of_each_counts(community: Community, term: Term) -> None:
    home = make_household(community)
    eldest = make_person(community, household=home, born_on=date(1950, 1, 1))
    younger = make_person(community, household=home)
    others = make_residents(community, 10)
    with pytest.raises(Invalid, match="not_entitled"):
        demand(term, younger, way=Way.HOUSEHOLDS)
    row = recall_of(demand(term, eldest, way=Way.HOUSEHOLDS))
    assert (row.signed, row.on_roll, row.state) == (1, 11, RecallState.DEMANDED)
    services.sign_recall(recall_id=row.id, actor=actor_of(others[0]), now=NOW)
    assert recall_of(row.id).state is RecallState.COMPLETE


@pytest.mark.parametrize(
    ("number", "signers", "state"),
    [(7, 2, RecallState.DEMANDED), (6, 2, RecallState.COMPLETE), (7, 3, RecallState.COMPLETE)],
)
def test_art_20_a_third_of_the_representatives(
    community: Community, term: Term, number: int, signers: int, state: RecallState
) -> None:
    assembly = make_body(community, BodyKind.REPRESENTATIVE_ASSEMBLY)
    post = make_post(assembly, PostKind.REPRESENTATIVE)
    people = make_residents(community, number)
    for person in people:
        make_term(person, post)
    assert recall_of(complete(term, people[:signers], way=Way.REPRESENTATIVES)).state is state


def test_who_is_not_entitled_neither_demands_nor_signs(
    community: Community, term: Term, residents: list[Person]
) -> None:
    owner = make_person(community, capacities=())
    with pytest.raises(Invalid, match="not_entitled"):
        demand(term, owner)
    recall_id = demand(term, residents[0])
    with pytest.raises(Invalid, match="not_entitled"):
        services.sign_recall(recall_id=recall_id, actor=actor_of(owner), now=NOW)


def test_a_post_of_another_kind_of_body_is_not_recalled_here(
    community: Community, residents: list[Person]
) -> None:
    station = make_body(community, BodyKind.SERVICE_STATION)
    clerk = make_term(make_person(community), make_post(station, PostKind.CLERK))
    with pytest.raises(NotFound):
        demand(clerk, residents[0])


def test_a_demand_gives_its_reasons_and_the_way(term: Term, residents: list[Person]) -> None:
    actor = actor_of(residents[0])
    with pytest.raises(Invalid, match="reasons"):
        services.demand_recall(demand=Demand(term.id, " ", way=Way.VOTERS), actor=actor, now=NOW)
    with pytest.raises(Invalid, match="way"):
        demand(term, residents[0], way=None)


def test_one_demand_at_a_time(term: Term, residents: list[Person]) -> None:
    demand(term, residents[0])
    with pytest.raises(AlreadyDone):
        demand(term, residents[1])


def test_nobody_signs_twice_and_nothing_is_signed_that_is_complete(
    term: Term, residents: list[Person]
) -> None:
    recall_id = complete(term, residents[:2])
    with pytest.raises(AlreadyDone):
        services.sign_recall(recall_id=recall_id, actor=actor_of(residents[0]), now=NOW)
    services.sign_recall(recall_id=recall_id, actor=actor_of(residents[2]), now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.sign_recall(recall_id=recall_id, actor=actor_of(residents[3]), now=NOW)


def test_signatures_of_a_paper_are_entered_all_or_none(
    community: Community, term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    recall_id = demand(term, residents[0])
    make_person(community, name="周无权", capacities=())
    lines = ["选民2", "选民1", "周无权", "无此人"]
    with pytest.raises(SignaturesRefused) as refused:
        services.enter_signatures(recall_id=recall_id, lines=lines, actor=counters[0], now=NOW)
    assert [(line.number, line.problem) for line in refused.value.lines] == [
        (2, LineProblem.ALREADY),
        (3, SignatureProblem.NOT_ON_ROLL),
        (4, LineProblem.NOT_FOUND),
    ]
    assert recall_of(recall_id).signed == 1
    lines = ["选民2", "选民3"]
    assert services.enter_signatures(recall_id=recall_id, lines=lines, actor=counters[0], now=NOW) == 2
    assert recall_of(recall_id).state is RecallState.COMPLETE


def test_only_officers_enter_paper_and_put_to_the_vote(term: Term, residents: list[Person]) -> None:
    recall_id = complete(term, residents[:2])
    committee = actor_of(residents[5], Role.COMMITTEE)
    with pytest.raises(NotEligible):
        services.enter_signatures(recall_id=recall_id, lines=["选民9"], actor=committee, now=NOW)
    with pytest.raises(NotEligible):
        put(recall_id, committee)


def test_nobody_presides_over_their_own_recall(
    term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    recall_id = demand(term, residents[0])
    member = actor_of(term.person, Role.ELECTION_OFFICER)
    with pytest.raises(NotEligible):
        services.enter_signatures(recall_id=recall_id, lines=["选民9"], actor=member, now=NOW)
    services.enter_signatures(recall_id=recall_id, lines=["选民2", "选民3"], actor=counters[0], now=NOW)
    with pytest.raises(NotEligible):
        put(recall_id, member)
    with pytest.raises(NotEligible):
        issue_recall_notice(recall_id=recall_id, kind=RecallNoticeKind.DEMAND, actor=member, now=NOW)
    put(recall_id, counters[0])
    with pytest.raises(NotEligible):
        recall_votes.decide_recall(recall_id=recall_id, actor=member, now=NOW)


def test_art_20_the_member_alone_writes_the_defence(term: Term, residents: list[Person]) -> None:
    recall_id = demand(term, residents[0])
    with pytest.raises(NotEligible):
        services.defend(recall_id=recall_id, text="情况不实", actor=actor_of(residents[0]), now=NOW)
    services.defend(recall_id=recall_id, text="情况不实", actor=actor_of(term.person), now=NOW)
    assert recall_of(recall_id).defence == "情况不实"


def test_art_20_no_vote_before_the_member_was_heard(
    term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    recall_id = complete(term, residents[:3])
    with pytest.raises(RuleRefused) as refused:
        put(recall_id, counters[0], hearing="")
    assert refused.value.verdict.rule.id == "recall.defence"
    assert recall_of(recall_id).state is RecallState.COMPLETE
    services.defend(recall_id=recall_id, text="情况不实", actor=actor_of(term.person), now=NOW)
    put(recall_id, counters[0], hearing="")
    assert recall_of(recall_id).state is RecallState.VOTING


def test_a_demand_that_is_not_complete_is_not_put_to_the_vote(
    term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    with pytest.raises(TransitionNotAllowed):
        put(complete(term, residents[:2]), counters[0])


def test_the_vote_is_a_statutory_motion_with_a_posted_roll(
    term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    poll = db.session.get_one(Poll, put(complete(term, residents[:3]), counters[0]))
    assert poll.stands_alone
    assert poll.recall_id is not None
    assert (poll.is_statutory, poll.by_screen, poll.by_paper) == (True, False, True)
    assert (poll.state, poll.quorum_rule) == (PollState.ROLL_POSTED, "recall.validity.voters")
    assert [(one.kind, one.majority_rule) for one in poll.questions] == [
        (QuestionKind.MOTION, "recall.majority")
    ]
    on_roll = select(func.count()).select_from(RollEntry).where(RollEntry.poll_id == poll.id)
    assert db.session.scalar(on_roll) == 21


@pytest.mark.parametrize(
    ("days", "rule"),
    [(19, "roll.posting"), (20, None), (30, None), (31, "recall.vote")],
)
def test_the_vote_is_twenty_days_after_the_posting_and_within_thirty_of_the_demand(
    term: Term, residents: list[Person], counters: list[Actor], days: int, rule: str | None
) -> None:
    recall_id = complete(term, residents[:3])
    day = NOW.date() + timedelta(days=days)
    if rule is None:
        put(recall_id, counters[0], day=day)
    else:
        with pytest.raises(RuleRefused) as refused:
            put(recall_id, counters[0], day=day)
        assert refused.value.verdict.rule.id == rule


@pytest.mark.parametrize(
    ("in_favour", "against", "invalid", "state"),
    [
        # Eleven of twenty-one take part, more than half; six of eleven agree, more than half of them.
        (6, 5, 0, RecallState.CARRIED),
        # Ten of twenty-one are not more than half.
        (10, 0, 0, RecallState.FAILED),
        # Six of twelve are not more than half.
        (6, 6, 0, RecallState.FAILED),
        # Invalid papers take part: six of eleven, and six of twelve.
        (6, 4, 1, RecallState.CARRIED),
        (6, 5, 1, RecallState.FAILED),
    ],
)
def test_art_20_more_than_half_take_part_and_more_than_half_of_them_agree(
    term: Term,
    residents: list[Person],
    counters: list[Actor],
    in_favour: int,
    against: int,
    invalid: int,
    state: RecallState,
) -> None:
    recall_id = complete(term, residents[:3])
    put(recall_id, counters[0])
    vote(recall_id, counters, in_favour=in_favour, against=against, invalid=invalid)
    now = at(VOTING_DAY, 20)
    assert recall_votes.decide_recall(recall_id=recall_id, actor=counters[0], now=now) is state
    ended = db.session.get_one(Term, recall_of(recall_id).term_id)
    if state is RecallState.CARRIED:
        assert (ended.ended_on, ended.end_reason) == (VOTING_DAY, RECALLED)
    else:
        assert ended.ended_on is None
    with pytest.raises(TransitionNotAllowed):
        recall_votes.decide_recall(recall_id=recall_id, actor=counters[0], now=now)


def test_nothing_is_taken_over_before_the_result_is_certified(
    term: Term, residents: list[Person], counters: list[Actor]
) -> None:
    recall_id = complete(term, residents[:3])
    put(recall_id, counters[0])
    with pytest.raises(TransitionNotAllowed):
        recall_votes.decide_recall(recall_id=recall_id, actor=counters[0], now=NOW)


def test_a_vote_that_is_void_is_put_again(term: Term, residents: list[Person], counters: list[Actor]) -> None:
    recall_id = complete(term, residents[:3])
    poll_id = put(recall_id, counters[0])
    with pytest.raises(TransitionNotAllowed):
        put(recall_id, counters[0])
    states.void_poll(poll_id=poll_id, ground="选票印错", actor=counters[0], now=NOW)
    assert put(recall_id, counters[0]) != poll_id


@pytest.mark.parametrize(("last", "is_barred"), [(date(2027, 3, 27), True), (date(2027, 3, 28), False)])
def test_the_same_facts_are_barred_for_a_year_after_a_recall_failed(
    term: Term, residents: list[Person], counters: list[Actor], last: date, is_barred: bool
) -> None:
    recall_id = complete(term, residents[:3])
    put(recall_id, counters[0])
    vote(recall_id, counters, in_favour=5, against=10)
    recall_votes.decide_recall(recall_id=recall_id, actor=counters[0], now=at(VOTING_DAY, 20))
    if is_barred:
        with pytest.raises(RuleRefused) as refused:
            demand(term, residents[0], now=at(last, 9))
        assert refused.value.verdict.rule.id == "recall.barred"
        assert demand(term, residents[0], now=at(last, 9), new_facts="四月又挪用了公益金")
    else:
        assert demand(term, residents[0], now=at(last, 9))


def test_the_journal_names_no_signer_in_public(term: Term, residents: list[Person]) -> None:
    complete(term, residents[:2])
    entries = db.session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    assert [(entry.action, entry.is_public) for entry in entries] == [
        ("recall.demand", True),
        ("recall.sign", False),
    ]


def test_two_who_begin_at_once_and_a_double_tap_make_one_demand_and_one_signature(
    committed: Flask,
) -> None:
    with committed.app_context():
        community = make_community()
        term, people = make_member(community), make_residents(community, 40)
        actors, term_id = [actor_of(person) for person in people[:3]], term.id
    asked = Demand(term_id, "三次无故缺席居民委员会会议", way=Way.VOTERS)

    def begin(actor: Actor) -> Callable[[], object]:
        return lambda: services.demand_recall(demand=asked, actor=actor, now=NOW)

    assert at_once(committed, [begin(actor) for actor in actors[:2]]) == ["AlreadyDone", "done"]
    with committed.app_context():
        recall_id: uuid.UUID = db.session.scalars(select(Recall.id)).one()
    sign = {"recall_id": recall_id, "actor": actors[2], "now": NOW}
    assert at_once(committed, [lambda: services.sign_recall(**sign)] * 3) == [
        "AlreadyDone",
        "AlreadyDone",
        "done",
    ]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(RecallSigner)) == 2
