"""A voter who will be away asks another on the phone, by the rules of the desk; both see where it stands."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.people.models import Community, Person
from civicforum.polls.errors import BallotRefused
from civicforum.polls.models import Mandate, MandateRequest, Poll, RollEntry
from civicforum.polls.queries.needs import list_needs
from civicforum.polls.queries.standing import PlaceState, list_own_places
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import MandateAnswer, PollFault, PollState
from civicforum.polls.services.casting import standing_of
from civicforum.polls.services.proxies import add_mandate
from civicforum.polls.services.proxy_requests import Wish, answer_request, ask_for_proxy, take_back
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_account, make_community, make_officer, make_person, sign_in
from tests.support.polls import SealedPoll, make_poll
from tests.support.rolls import OPENS

ELECTION = QuestionSpec(QuestionKind.SELECTION, "选主任", options=("王芳", "李强"), most=1)
NAMES = ["王芳", "张伟", "赵敏", "钱进", "孙丽", "周涛"]
TERMS: dict[str, Any] = {
    "by_paper": True,
    "by_proxy": True,
    "state": PollState.READY,
    "opened_at": None,
    "opens_at": OPENS,
    "closes_at": OPENS + timedelta(hours=10),
}


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def poll(community: Community) -> SealedPoll:
    people = [make_person(community, name=name) for name in NAMES]
    return make_poll(community, people=people, questions=(ELECTION,), **TERMS)


def voter(session: Session, poll: SealedPoll, at: int) -> Actor:
    return actor_of(session.get_one(Person, session.get_one(RollEntry, poll.entries[at]).person_id))


def ask(
    session: Session, poll: SealedPoll, principal: int, holder: int, *, now: datetime = NOW, **wish: Any
) -> uuid.UUID:
    away = {"away_from": date(2026, 3, 25), "away_until": date(2026, 4, 3)}
    return ask_for_proxy(
        poll_id=poll.id,
        wish=Wish(**{"holder_id": poll.entries[holder], "reason": "外出务工", **away, **wish}),
        actor=voter(session, poll, principal),
        now=now,
    )


def answer(
    session: Session,
    poll: SealedPoll,
    holder: int,
    request_id: uuid.UUID,
    *,
    accepts: bool = True,
    now: datetime = NOW,
) -> None:
    actor = voter(session, poll, holder)
    answer_request(poll_id=poll.id, request_id=request_id, accepts=accepts, actor=actor, now=now)


def standing_mandates(session: Session, poll: SealedPoll) -> list[tuple[str, str]]:
    session.expire_all()
    rows = select(Mandate).where(Mandate.poll_id == poll.id, Mandate.withdrawn_at.is_(None))
    return [(one.principal.name, one.holder.name) for one in session.scalars(rows)]


@pytest.mark.law("B21", "proxy.in_writing")
def test_a_proxy_stands_once_the_other_accepts(session: Session, poll: SealedPoll) -> None:
    request_id = ask(session, poll, 2, 1)
    assert standing_mandates(session, poll) == []
    answer(session, poll, 1, request_id)
    assert standing_mandates(session, poll) == [("赵敏", "张伟")]
    request = session.get_one(MandateRequest, request_id)
    assert (request.answer, request.mandate_id is not None) == (MandateAnswer.ACCEPTED, True)
    public = select(JournalEntry.action).where(JournalEntry.is_public, JournalEntry.action.contains("proxy"))
    assert list(session.scalars(public)) == ["poll.accept_proxy"]


@pytest.mark.law("B21", "proxy.per_holder")
def test_the_fourth_is_refused_even_where_three_were_accepted_after_it_was_asked(
    session: Session, poll: SealedPoll
) -> None:
    asked = [ask(session, poll, principal, 1) for principal in (2, 3, 4, 5)]
    for request_id in asked[:3]:
        answer(session, poll, 1, request_id)
    with pytest.raises(RuleRefused) as refused:
        answer(session, poll, 1, asked[3])
    assert (refused.value.verdict.rule.id, refused.value.verdict.arithmetic) == ("proxy.per_holder", "4 > 3")
    answer(session, poll, 1, asked[3], accepts=False)
    assert len(standing_mandates(session, poll)) == 3


@pytest.mark.law("B21", "proxy.candidates")
def test_no_candidate_is_asked(session: Session, poll: SealedPoll) -> None:
    with pytest.raises(RuleRefused) as refused:
        ask(session, poll, 2, 0)
    assert refused.value.verdict.rule.id == "proxy.candidates"


@pytest.mark.law("B21", "proxy.away_only")
@pytest.mark.parametrize(
    ("away_from", "away_until", "arithmetic"),
    [
        (date(2026, 4, 2), date(2026, 4, 9), "2026-04-02 > 2026-04-01; 2026-04-09 ≥ 2026-04-01"),
        (date(2026, 3, 2), date(2026, 3, 31), "2026-03-02 ≤ 2026-04-01; 2026-03-31 < 2026-04-01"),
        (date(2026, 4, 1), date(2026, 4, 1), ""),
    ],
)
def test_who_is_there_while_people_vote_gives_no_proxy(
    session: Session, poll: SealedPoll, away_from: date, away_until: date, arithmetic: str
) -> None:
    if not arithmetic:
        assert ask(session, poll, 2, 1, away_from=away_from, away_until=away_until)
        return
    with pytest.raises(RuleRefused) as refused:
        ask(session, poll, 2, 1, away_from=away_from, away_until=away_until)
    verdict = refused.value.verdict
    assert (verdict.rule.id, verdict.arithmetic) == ("proxy.away_only", arithmetic)


@pytest.mark.law("B21", "proxy.apply")
def test_it_is_asked_and_accepted_three_days_before(session: Session, poll: SealedPoll) -> None:
    late = OPENS - timedelta(days=2)
    with pytest.raises(RuleRefused) as refused:
        ask(session, poll, 3, 1, now=late)
    assert refused.value.verdict.rule.id == "proxy.apply"
    asked = ask(session, poll, 2, 1, now=OPENS - timedelta(days=3))
    with pytest.raises(RuleRefused):
        answer(session, poll, 1, asked, now=late)
    answer(session, poll, 1, asked, now=OPENS - timedelta(days=3))


def test_one_is_asked_at_a_time_and_only_who_is_asked_answers(session: Session, poll: SealedPoll) -> None:
    asked = ask(session, poll, 2, 1)
    with pytest.raises(Invalid, match="has_request"):
        ask(session, poll, 2, 3)
    with pytest.raises(NotEligible):
        answer(session, poll, 3, asked)
    answer(session, poll, 1, asked, accepts=False)
    with pytest.raises(Invalid, match="not_asked"):
        answer(session, poll, 1, asked)
    assert ask(session, poll, 2, 3)


def test_the_desk_settles_what_was_asked(session: Session, community: Community, poll: SealedPoll) -> None:
    asked = ask(session, poll, 2, 1)
    clerk = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    sides: dict[str, Any] = {"principal_id": poll.entries[2], "holder_id": poll.entries[3]}
    paper: dict[str, Any] = {"reason": "住院", "written_on": NOW.date(), "actor": clerk, "now": NOW}
    add_mandate(poll_id=poll.id, **sides, **paper)
    assert session.get_one(MandateRequest, asked, populate_existing=True).answer is MandateAnswer.SETTLED
    assert standing_mandates(session, poll) == [("赵敏", "钱进")]


def test_it_is_taken_back_until_the_voting_opens(session: Session, poll: SealedPoll) -> None:
    principal = voter(session, poll, 2)
    with pytest.raises(AlreadyDone):
        take_back(poll_id=poll.id, actor=principal, now=NOW)
    ask(session, poll, 2, 1)
    take_back(poll_id=poll.id, actor=principal, now=NOW)
    answer(session, poll, 1, ask(session, poll, 2, 1))
    take_back(poll_id=poll.id, actor=principal, now=NOW)
    assert standing_mandates(session, poll) == []
    answer(session, poll, 1, ask(session, poll, 2, 1))
    row = session.get_one(Poll, poll.id)
    row.state, row.opened_at = PollState.OPEN, OPENS
    session.commit()
    with pytest.raises(TransitionNotAllowed):
        take_back(poll_id=poll.id, actor=principal, now=OPENS)


def test_while_a_proxy_stands_its_holder_votes_online_and_its_giver_does_not(
    session: Session, poll: SealedPoll
) -> None:
    answer(session, poll, 1, ask(session, poll, 2, 1))
    row = session.get_one(Poll, poll.id)
    row.state, row.opened_at = PollState.OPEN, OPENS
    session.commit()
    giver, holder, later = voter(session, poll, 2), voter(session, poll, 1), OPENS + timedelta(hours=1)
    where: dict[str, Any] = {"poll_id": poll.id, "entry_id": poll.entries[2], "now": later}
    with pytest.raises(BallotRefused) as refused:
        standing_of(actor=giver, **where)
    assert refused.value.fault is PollFault.PROXY_STANDS
    assert standing_of(actor=holder, **where)[1].sequence == -1
    own = list_own_places(session, row, person_id=giver.person_id, now=later)
    assert [place.state for place in own] == [PlaceState.GAVE_PROXY]
    assert list_needs(session, giver, later) == []


def test_who_is_asked_finds_it_on_the_home_page(session: Session, poll: SealedPoll) -> None:
    asked = ask(session, poll, 2, 1)
    holder = voter(session, poll, 1)
    assert [need.kind for need in list_needs(session, holder, NOW)] == [NeedKind.BE_PROXY]
    answer(session, poll, 1, asked)
    assert list_needs(session, holder, NOW) == []


def test_both_sides_use_their_own_pages(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        community = make_community()
        people = [make_person(community, name=name) for name in NAMES]
        poll = make_poll(community, people=people, questions=(ELECTION,), **TERMS)
        # The pages ask for the time: this poll opens three weeks from now.
        row = db.session.get_one(Poll, poll.id)
        now = datetime.now(OPENS.tzinfo)
        row.opens_at, row.closes_at = now + timedelta(days=21), now + timedelta(days=21, hours=10)
        day = (now + timedelta(days=20)).date()
        for at, login in ((2, "zhaomin"), (1, "zhangwei")):
            make_account(db.session.merge(people[at]), login=login)
        db.session.commit()
    page = f"/polls/{poll.id}/proxy"
    sign_in(client, "zhaomin")
    found = client.post(page, data={"to": "王芳", "search": "to", "reason": "外出务工"}).text
    assert 'value="外出务工"' in found
    typed = {
        "to": "王芳",
        "holder": str(poll.entries[0]),
        "reason": "外出务工",
        "away_from": day.isoformat(),
        "away_until": (day + timedelta(days=5)).isoformat(),
        "confirms": "y",
    }
    refused = client.post(page, data=typed)
    assert refused.status_code == 422
    assert 'id="holder-error"' in refused.text
    assert rulebook.load("national-2026").rule("proxy.candidates").remedy("en") in refused.text
    assert client.post(page, data={**typed, "holder": str(poll.entries[1]), "to": "张伟"}).status_code == 303
    waiting = client.get(page).text
    assert "You have asked somebody" in waiting
    form = waiting.split('/form"')[0].rsplit('href="', 1)[1] + "/form"
    paper = client.get(form).text
    assert "委托人赵敏" in paper
    assert "书面委托张伟" in paper
    sign_in(client, "zhangwei")
    assert "赵敏 asks you to vote for them" in client.get(page).text
    assert client.post(form.replace("/form", "/answer"), data={"answer": "accept"}).status_code == 303
    assert "You vote for" in client.get(page).text
    assert "张伟" in client.get(f"/polls/{poll.id}/mandates").text
