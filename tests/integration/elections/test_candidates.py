"""Meeting the candidates: statements, pictures, questions and answers, and the silence of election day."""

from __future__ import annotations

import io
import uuid
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.elections.models import Candidate, CandidateQuestion, Election
from civicforum.elections.nominations import NominationFault
from civicforum.elections.queries import candidates as queries
from civicforum.elections.rules import CandidateState, Stage
from civicforum.elections.services import candidates as services
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community, Person
from civicforum.records.models import Photo
from civicforum.records.photos import PhotoRefused
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.elections import make_candidate, make_election, make_round, make_voters


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def election(community: Community) -> Election:
    return make_election(community, stage=Stage.CANDIDATES)


@pytest.fixture
def voter(election: Election) -> Person:
    """Somebody on the posted roll."""
    people = make_voters(election, 2)
    make_round(election, people=people)
    return people[0]


@pytest.fixture
def candidate(community: Community, election: Election) -> Candidate:
    return make_candidate(
        election, "主任", make_person(community), state=CandidateState.FORMAL, position=1, formal_at=NOW
    )


def own(candidate: Candidate) -> Actor:
    return Actor(person_id=candidate.person_id, community_id=candidate.community_id)


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (80, 100), "teal").save(target, "JPEG")
    return target.getvalue()


def edit(
    candidate: Candidate,
    actor: Actor,
    *,
    photo: bytes | None = None,
    without_photo: bool = False,
    now: datetime = NOW,
) -> None:
    services.edit_candidate(
        election_id=candidate.election_id,
        candidate_id=candidate.id,
        statement="我在青松里住了二十年。",
        photo=photo,
        without_photo=without_photo,
        actor=actor,
        now=now,
    )


def ask(
    candidate: Candidate, actor: Actor, text: str = "怎么解决停车？", *, now: datetime = NOW
) -> uuid.UUID:
    return services.ask_candidate(
        election_id=candidate.election_id, candidate_id=candidate.id, text=text, actor=actor, now=now
    )


def answer(candidate: Candidate, question_id: uuid.UUID, actor: Actor, *, now: datetime = NOW) -> None:
    services.answer_question(
        election_id=candidate.election_id,
        candidate_id=candidate.id,
        question_id=question_id,
        text="先和业委会商量。",
        actor=actor,
        now=now,
    )


def test_a_candidate_writes_the_statement_and_changes_the_picture(
    session: Session, candidate: Candidate
) -> None:
    edit(candidate, own(candidate), photo=picture())
    first = candidate.photo_id
    edit(candidate, own(candidate), photo=picture())
    assert candidate.statement == "我在青松里住了二十年。"
    assert candidate.photo_id not in (None, first)
    edit(candidate, own(candidate), without_photo=True)
    assert candidate.photo_id is None
    assert session.scalar(select(func.count()).select_from(Photo)) == 0
    with pytest.raises(PhotoRefused):
        edit(candidate, own(candidate), photo=b"no picture")


def test_an_officer_writes_it_for_the_candidate_and_nobody_else_does(
    community: Community, candidate: Candidate
) -> None:
    edit(candidate, actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER))
    with pytest.raises(NotEligible):
        edit(candidate, actor_of(make_person(community)))


def test_a_voter_asks_and_the_candidate_answers_once(
    session: Session, community: Community, candidate: Candidate, voter: Person
) -> None:
    question_id = ask(candidate, actor_of(voter))
    with pytest.raises(AlreadyDone):
        ask(candidate, actor_of(voter))
    with pytest.raises(NotEligible):
        answer(candidate, question_id, actor_of(voter))
    answer(candidate, question_id, own(candidate))
    assert session.get_one(CandidateQuestion, question_id).answer == "先和业委会商量。"
    with pytest.raises(AlreadyDone):
        answer(candidate, question_id, own(candidate))
    counted = queries.count_questions(session, election_id=candidate.election_id)
    assert counted[candidate.id] == queries.Asked(1, 1)


def test_who_is_not_on_the_roll_does_not_ask(
    community: Community, candidate: Candidate, voter: Person
) -> None:
    with pytest.raises(Invalid, match=NominationFault.NOT_ON_ROLL):
        ask(candidate, actor_of(make_person(community)))


def test_one_voter_does_not_fill_the_page_with_questions(candidate: Candidate, voter: Person) -> None:
    for number in range(services.MOST_WAITING):
        ask(candidate, actor_of(voter), f"第{number}个问题")
    with pytest.raises(Invalid, match=NominationFault.TOO_MANY_WAIT):
        ask(candidate, actor_of(voter), "还有一个问题")


def test_candidates_of_the_formal_list_alone_are_asked(
    community: Community, election: Election, voter: Person
) -> None:
    preliminary = make_candidate(election, "委员", make_person(community))
    with pytest.raises(TransitionNotAllowed):
        ask(preliminary, actor_of(voter))


@pytest.mark.parametrize(("days", "is_allowed"), [(1, True), (0, False)])
def test_all_presentation_stops_on_election_day(
    session: Session, candidate: Candidate, voter: Person, days: int, is_allowed: bool
) -> None:
    question_id = ask(candidate, actor_of(voter))
    # Eight in the morning of election day, or of the day before.
    now = candidate.election.opens_at - timedelta(days=days)
    assert services.presentation(session, candidate.election, now=now).holds is is_allowed
    if is_allowed:
        edit(candidate, own(candidate), now=now)
        ask(candidate, actor_of(voter), "另一个问题", now=now)
        answer(candidate, question_id, own(candidate), now=now)
        return
    with pytest.raises(RuleRefused) as refused:
        edit(candidate, own(candidate), now=now)
    assert refused.value.verdict.rule.id == "election.campaign_on_election_day"
    with pytest.raises(RuleRefused):
        ask(candidate, actor_of(voter), "另一个问题", now=now)
    with pytest.raises(RuleRefused):
        answer(candidate, question_id, own(candidate), now=now)


def test_candidates_stand_in_the_order_of_the_paper_and_before_that_of_their_names(
    session: Session, community: Community, election: Election
) -> None:
    names = ("张伟", "陈静", "李强")
    people = [make_person(community, name=name) for name in names]
    rows = [make_candidate(election, "委员", person) for person in people]
    members = queries.list_by_seat(session, election=election)[2]
    assert [one.person.name for one in members.candidates] == ["陈静", "李强", "张伟"]
    for row, position in zip(rows, (2, 3, 1), strict=True):
        row.position = position
    session.commit()
    members = queries.list_by_seat(session, election=election)[2]
    assert [one.person.name for one in members.candidates] == ["李强", "张伟", "陈静"]
