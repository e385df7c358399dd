"""What becomes of those elected, up to the announcement, the certificates and the handover."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.errors import PairForbidden
from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.elections.models import HandoverItem, Winner
from civicforum.elections.queries.results import get_winners
from civicforum.elections.rules import ElectionKind, RoundKind, Stage, WinnerState
from civicforum.elections.services import handover, winners
from civicforum.errors import AlreadyDone, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import KinshipKind, Sex
from tests.factories import make_body, make_community, make_person, make_post, make_term
from tests.support.elections import DAY, at
from tests.support.rounds import Running, latest, make_running

NAMES = {"主任": ("甲", "乙"), "委员": ("丙", "丁", "戊")}
EVENING = at(DAY, 20)


@pytest.fixture
def running(session: Session) -> Running:
    """Return an election in which 甲, 丙 and 丁 are elected, the last two with 9 and 8 votes."""
    running = make_running(make_community(), NAMES)
    running.vote({"主任": {"甲": 8, "乙": 4}, "委员": {"丙": 9, "丁": 8, "戊": 4}}, voters=12)
    running.take_over()
    return running


def make_kin(session: Session, running: Running, one: str, other: str) -> None:
    first, second = running.people[one], running.people[other]
    row = Kinship(
        community_id=running.community_id, person_id=first, relative_id=second, kind=KinshipKind.SPOUSE
    )
    session.add(row)
    session.commit()


def winner_of(session: Session, running: Running, name: str) -> Winner:
    return session.scalars(select(Winner).where(Winner.person_id == running.people[name])).one()


def let_go(
    session: Session,
    running: Running,
    name: str,
    state: WinnerState,
    *,
    ground: str = "书面申请",
    now: datetime = EVENING,
) -> None:
    winners.let_go(
        winner_id=winner_of(session, running, name).id,
        election_id=running.election_id,
        state=state,
        ground=ground,
        actor=running.officer,
        now=now,
    )


def announce(running: Running) -> None:
    winners.announce(election_id=running.election_id, actor=running.officer, now=EVENING)


def test_of_near_relatives_the_highest_post_stays_and_the_other_yields(
    session: Session, running: Running
) -> None:
    make_kin(session, running, "甲", "丙")
    (found,) = get_winners(session, running.election).yielding
    assert (found.person_id, found.relative_id) == (running.people["丙"], running.people["甲"])
    with pytest.raises(RuleRefused) as refused:
        announce(running)
    assert refused.value.verdict.rule.id == "election.relatives_highest_stays"
    with pytest.raises(RuleRefused):
        let_go(session, running, "甲", WinnerState.YIELDED)
    with pytest.raises(Invalid, match="not_kin"):
        let_go(session, running, "丁", WinnerState.YIELDED)
    let_go(session, running, "丙", WinnerState.YIELDED)
    assert get_winners(session, running.election).yielding == []
    following = running.standing.following
    assert following is not None
    # The seat is open again; who yielded is not voted on.
    assert following.kind is RoundKind.FURTHER
    assert following.asked[0].people == (running.people["戊"],)
    # One for one seat is no choice: somebody has to be nominated in addition.
    with pytest.raises(RuleRefused) as refused:
        running.vote_again()
    assert refused.value.verdict.rule.id == "election.excess"
    with pytest.raises(Invalid, match="stands"):
        running.vote_again(added=running.number_of("丙"))
    running.vote_again(added=running.number_of("乙"))
    assert latest(running.election_id).poll.questions[0].options == ["戊", "乙"]


def test_of_equal_posts_the_one_with_more_votes_stays(session: Session, running: Running) -> None:
    make_kin(session, running, "丁", "丙")
    (found,) = get_winners(session, running.election).yielding
    assert (found.person_id, found.verdict.arithmetic) == (running.people["丁"], "8 < 9")


@pytest.mark.parametrize(("women", "holds"), [(0, False), (1, True), (2, True)])
def test_article_8_at_least_one_woman_is_elected(
    session: Session, running: Running, women: int, holds: bool
) -> None:
    for number, name in enumerate("甲丙丁"):
        person = session.get_one(Person, running.people[name])
        person.sex = Sex.FEMALE if number < women else Sex.MALE
    session.commit()
    verdict = get_winners(session, running.election).women
    assert verdict is not None
    assert (verdict.holds, verdict.rule.id) == (holds, "committee.women")


def test_who_declines_leaves_the_seat_open_and_says_why(session: Session, running: Running) -> None:
    with pytest.raises(Invalid, match="ground"):
        let_go(session, running, "丁", WinnerState.DECLINED, ground=" ")
    let_go(session, running, "丁", WinnerState.DECLINED)
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9)}
    with pytest.raises(AlreadyDone):
        let_go(session, running, "丁", WinnerState.DECLINED)
    # Two are elected, and three would be needed for a seat to stay empty.
    with pytest.raises(RuleRefused) as refused:
        announce(running)
    assert refused.value.verdict.rule.id == "election.further_round.may_stop_at"


def test_a_seat_that_falls_open_after_the_announcement_is_voted_on_again(
    session: Session, running: Running
) -> None:
    announce(running)
    running.go_to(Stage.RESULT)
    let_go(session, running, "丁", WinnerState.DECLINED)
    running.vote_again(added=running.number_of("乙"))
    assert running.election.stage is Stage.CANDIDATES
    running.vote({"委员": {"戊": 7, "乙": 4}}, voters=12)
    running.take_over()
    assert running.elected() == {("主任", "甲", 8), ("委员", "丙", 9), ("委员", "戊", 7)}


def test_who_stands_for_one_post_is_not_nominated_in_addition_for_another(session: Session) -> None:
    running = make_running(make_community(), NAMES)
    running.vote({"主任": {"甲": 6, "乙": 4}, "委员": {"丙": 9, "丁": 8, "戊": 4}}, voters=12)
    running.take_over()
    let_go(session, running, "丁", WinnerState.DECLINED)
    following = running.standing.following
    assert following is not None
    assert [part.lacks_candidates for part in following.asked] == [False, True]
    with pytest.raises(Invalid, match="stands"):
        running.vote_again(added=running.number_of("乙"))


@pytest.mark.parametrize(("elected", "may_stop"), [(2, False), (3, True), (4, True)])
def test_seats_may_stay_empty_once_three_are_elected(session: Session, elected: int, may_stop: bool) -> None:
    seats = ((PostKind.MEMBER, "委员", 5),)
    names = ("甲", "乙", "丙", "丁", "戊", "己")
    running = make_running(make_community(), {"委员": names}, seats=seats)
    running.vote({"委员": {name: 8 if at < elected else 2 for at, name in enumerate(names)}}, voters=12)
    running.take_over()
    if may_stop:
        announce(running)
        return
    with pytest.raises(RuleRefused):
        announce(running)


def test_nothing_is_announced_while_people_are_level(session: Session) -> None:
    running = make_running(make_community(), NAMES)
    running.vote({"主任": {"甲": 8}, "委员": {"丙": 9, "丁": 7, "戊": 7}}, voters=12)
    running.take_over()
    with pytest.raises(TransitionNotAllowed):
        announce(running)


def test_an_announcement_is_written_once_and_makes_the_list_of_the_handover(
    session: Session, running: Running
) -> None:
    announce(running)
    assert len(session.scalars(select(HandoverItem)).all()) == len(winners.ITEMS)
    with pytest.raises(AlreadyDone):
        announce(running)


def test_nothing_is_announced_from_a_sheet_that_was_changed_after_it_was_taken_over(
    session: Session, running: Running
) -> None:
    sheet = latest(running.election_id).poll.result
    assert sheet is not None
    director, members = sheet.questions
    # As when two spellings are put together: one more for 丙.
    lines = [_with_more(line) if line["name"] == "丙" else line for line in members["lines"]]
    sheet.questions = [director, {**members, "lines": lines}]
    session.commit()
    with pytest.raises(Invalid, match="stale"):
        announce(running)
    running.take_over()
    announce(running)
    assert ("委员", "丙", 10) in running.elected()


def _with_more(line: dict[str, Any]) -> dict[str, Any]:
    figures = line["figures"]
    in_favour, *others = figures["together"]
    return {**line, "figures": {**figures, "together": [in_favour + 1, *others]}}


def test_certificates_are_of_those_who_keep_their_seat_and_of_no_later_day(
    session: Session, running: Running
) -> None:
    def certify(name: str, day: date) -> None:
        winners.certify_winner(
            winner_id=winner_of(session, running, name).id,
            election_id=running.election_id,
            certificate="2026-1",
            certified_on=day,
            actor=running.officer,
            now=EVENING,
        )

    with pytest.raises(TransitionNotAllowed):
        certify("甲", DAY)
    announce(running)
    running.go_to(Stage.RESULT)
    certify("甲", DAY)
    with pytest.raises(Invalid, match="certified_on"):
        certify("丙", DAY + timedelta(days=1))
    let_go(session, running, "丁", WinnerState.DECLINED)
    with pytest.raises(TransitionNotAllowed):
        certify("丁", DAY)


def begin(running: Running, since: date = DAY + timedelta(days=1)) -> int:
    return handover.begin_terms(
        election_id=running.election_id, since=since, actor=running.officer, now=EVENING
    )


def terms_of(session: Session, person_id: uuid.UUID) -> list[Term]:
    return list(session.scalars(select(Term).where(Term.person_id == person_id).order_by(Term.since)))


def test_a_holder_who_is_elected_again_has_two_terms_one_after_the_other(
    session: Session, running: Running
) -> None:
    post = running.election.seats[0].post
    make_term(session.get_one(Person, running.people["甲"]), post, since=date(2021, 4, 1))
    running.go_to(Stage.HANDOVER)
    assert begin(running) == 3
    before, after = terms_of(session, running.people["甲"])
    assert (before.ended_on, after.since) == (DAY, DAY + timedelta(days=1))
    assert after.until == date(2031, 4, 12)
    with pytest.raises(AlreadyDone):
        begin(running)


def test_a_by_election_leaves_the_others_in_their_posts_and_is_for_the_rest_of_the_term(
    session: Session,
) -> None:
    community = make_community()
    body = make_body(community, BodyKind.RESIDENTS_COMMITTEE)
    others = make_post(body, PostKind.DEPUTY_DIRECTOR, seats=1)
    staying = make_term(make_person(community), others, since=date(2024, 1, 1), until=date(2028, 12, 31))
    staying_id = staying.id
    running = make_running(
        community,
        {"委员": ("甲", "乙")},
        seats=((PostKind.MEMBER, "委员", 1),),
        kind=ElectionKind.BY_ELECTION,
        body=body,
    )
    running.vote({"委员": {"甲": 8}}, voters=12)
    running.take_over()
    running.go_to(Stage.HANDOVER)
    assert begin(running) == 1
    assert session.get_one(Term, staying_id).ended_on is None
    assert terms_of(session, running.people["甲"])[0].until == date(2028, 12, 31)


@pytest.mark.parametrize(("sitting", "may_stop"), [(1, False), (2, True)])
def test_a_by_election_may_leave_a_seat_empty_once_three_are_on_the_committee(
    session: Session, sitting: int, may_stop: bool
) -> None:
    community = make_community()
    body = make_body(community, BodyKind.RESIDENTS_COMMITTEE)
    others = make_post(body, PostKind.DEPUTY_DIRECTOR, seats=2)
    for _ in range(sitting):
        make_term(make_person(community), others, since=date(2024, 1, 1), until=date(2028, 12, 31))
    running = make_running(
        community,
        {"委员": ("甲", "乙", "丙")},
        seats=((PostKind.MEMBER, "委员", 2),),
        kind=ElectionKind.BY_ELECTION,
        body=body,
    )
    running.vote({"委员": {"甲": 8, "乙": 2, "丙": 2}}, voters=12)
    running.take_over()
    verdict = get_winners(session, running.election).may_stop
    assert verdict.arithmetic == f"1 + {sitting} = {1 + sitting}; {1 + sitting} {'≥' if may_stop else '<'} 3"
    if may_stop:
        announce(running)
        return
    with pytest.raises(RuleRefused):
        announce(running)


def test_who_sits_on_the_supervision_committee_does_not_begin_a_term(
    session: Session, running: Running
) -> None:
    community = session.get_one(Community, running.community_id)
    post = make_post(make_body(community, BodyKind.SUPERVISION_COMMITTEE), PostKind.MEMBER)
    make_term(session.get_one(Person, running.people["丁"]), post)
    running.go_to(Stage.HANDOVER)
    with pytest.raises(PairForbidden) as refused:
        begin(running)
    assert refused.value.verdict.rule.id == "posts.supervision"
    assert terms_of(session, running.people["甲"]) == []


def test_an_election_by_bribery_is_void_for_that_person_and_ends_the_term(
    session: Session, running: Running
) -> None:
    running.go_to(Stage.HANDOVER)
    begin(running)
    running.go_to(Stage.CLOSED)
    months_later = at(DAY + timedelta(days=90), 9)
    with pytest.raises(TransitionNotAllowed):
        let_go(session, running, "丙", WinnerState.DECLINED, now=months_later)
    let_go(session, running, "丙", WinnerState.VOID, ground="以财物拉票", now=months_later)
    (term,) = terms_of(session, running.people["丙"])
    assert (term.ended_on, term.end_reason) == (DAY + timedelta(days=90), "以财物拉票")
    assert running.elected() == {("主任", "甲", 8), ("委员", "丁", 8)}


def test_things_are_handed_over_one_by_one_and_more_can_be_listed(session: Session, running: Running) -> None:
    run = {"election_id": running.election_id, "actor": running.officer, "now": EVENING}
    with pytest.raises(TransitionNotAllowed):
        handover.add_item(title="活动室钥匙", **run)
    announce(running)
    handover.add_item(title="活动室钥匙", **run)
    item = session.scalars(select(HandoverItem).order_by(HandoverItem.position.desc())).first()
    assert item is not None
    handover.tick_item(item_id=item.id, note="三把", **run)
    assert (item.note, item.done_by_id) == ("三把", running.officer.person_id)
    with pytest.raises(AlreadyDone):
        handover.tick_item(item_id=item.id, note="", **run)
