"""From the first signature to the answer of a candidate, on the pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import PostKind, Role
from civicforum.database import db
from civicforum.elections.models import Candidate, CandidateQuestion, Election, Nomination
from civicforum.elections.rules import CandidateState, Disqualification, NominationState, Stage
from civicforum.people.models import Community, Person
from tests.factories import make_account, make_community, make_officer, make_person, sign_in
from tests.support.elections import make_candidate, make_election, make_round, seat_of

NOT_ASKED = {f"{ground}_source": "街道纪工委" for ground in Disqualification}
CLEAR = {**NOT_ASKED, **{ground.value: "clear" for ground in Disqualification}}
CHECKED = {ground.value: {"applies": False, "source": "街道纪工委"} for ground in Disqualification}


@dataclass(frozen=True)
class Case:
    """An election of one director with twelve voters on the roll, the first three with accounts."""

    election_id: uuid.UUID
    seat_id: uuid.UUID
    voters: tuple[uuid.UUID, ...]
    numbers: tuple[str, ...]

    def url(self, page: str) -> str:
        return f"/elections/{self.election_id}/{page}"


@pytest.fixture
def case(app: Flask, database: None) -> Case:
    # Pages ask the real clock, so the election is three weeks from now.
    with app.app_context():
        day = (datetime.now(UTC) + timedelta(days=21)).date()
        community = make_community()
        election = make_election(
            community, stage=Stage.NOMINATION, day=day, seats=((PostKind.DIRECTOR, "主任", 1),)
        )
        voters = [make_person(community, name=name) for name in ("李强", "周敏", "吴磊")]
        for voter, login in zip(voters, ("li", "zhou", "wu"), strict=True):
            make_account(voter, login=login)
        voters += [make_person(community) for _ in range(9)]
        make_round(election, people=voters)
        make_officer(community, Role.ELECTION_OFFICER, login="officer")
        return Case(
            election.id,
            seat_of(election, "主任").id,
            tuple(voter.id for voter in voters),
            tuple(voter.number for voter in voters),
        )


def english(client: FlaskClient, login: str) -> FlaskClient:
    sign_in(client, login)
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def text_of(client: FlaskClient, url: str) -> str:
    return client.get(url).get_data(as_text=True)


def only(app: Flask, kind: type[Any]) -> Any:
    with app.app_context():
        return db.session.scalars(select(kind)).one()


def set_stage(app: Flask, case: Case, stage: Stage, **columns: Any) -> None:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        election.stage = stage
        for name, value in columns.items():
            setattr(election, name, value)
        db.session.commit()


def stand(app: Flask, case: Case, voter: int, **terms: Any) -> uuid.UUID:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        person = db.session.get_one(Person, case.voters[voter])
        return make_candidate(election, "主任", person, checks=CHECKED, **terms).id


def test_a_voter_nominates_others_sign_the_nominee_agrees_and_the_committee_accepts(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    english(client, "li")
    found = client.post(case.url("nominate"), data={"search": "q", "q": "吴磊", "seat": str(case.seat_id)})
    assert str(case.voters[2]) in found.get_data(as_text=True)
    client.post(
        case.url("nominate"),
        data={"seat": str(case.seat_id), "person": str(case.voters[2]), "reason": "热心"},
    )
    nomination: Nomination = only(app, Nomination)
    page = case.url(f"nominations/{nomination.id}/sign")
    english(client, "zhou")
    client.post(page)
    assert "2 &lt; 10" in text_of(client, page)
    english(client, "wu")
    assert "You were nominated" in text_of(client, case.url("nominate"))
    client.post(case.url(f"nominations/{nomination.id}/consent"))
    english(client, "officer")
    paper = case.url(f"nominations/{nomination.id}/signatures")
    refused = client.post(paper, data={"lines": f"{case.numbers[3]}\n{case.numbers[2]}"})
    assert refused.status_code == 422
    assert "nobody nominates themselves" in refused.get_data(as_text=True)
    client.post(paper, data={"lines": "\n".join(case.numbers[3:10])})
    decide = case.url(f"nominations/{nomination.id}")
    assert "9 &lt; 10" in client.post(decide, data={"decision": "accept"}).get_data(as_text=True)
    client.post(paper, data={"lines": case.numbers[10]})
    assert client.post(decide, data={"decision": "accept"}).status_code == 303
    assert only(app, Candidate).person_id == case.voters[2]
    assert "Accepted" in text_of(client, case.url("nominations"))


def test_the_paper_of_the_party_organisation_is_entered_with_its_number(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    english(client, "officer")
    data = {"route": "party", "seat": str(case.seat_id), "person": str(case.voters[0])}
    answer = client.post(case.url("nominations/enter"), data=data)
    assert answer.status_code == 422
    assert 'href="#paper"' in answer.get_data(as_text=True)
    client.post(case.url("nominations/enter"), data={**data, "paper": "青社党〔2026〕3 号"})
    assert only(app, Nomination).reason == "青社党〔2026〕3 号"


def test_who_is_not_on_the_roll_is_told_so(app: Flask, client: FlaskClient, case: Case) -> None:
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        make_account(make_person(db.session.get_one(Community, election.community_id)), login="stranger")
    english(client, "stranger")
    assert "You are not on it." in text_of(client, case.url("nominate"))


def test_the_checks_are_answered_with_their_source_and_one_yes_refuses(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    set_stage(app, case, Stage.REVIEW)
    first, second = stand(app, case, 0), stand(app, case, 1)
    english(client, "officer")
    page = case.url(f"candidates/{first}/review")
    assert client.post(page, data=NOT_ASKED).status_code == 422
    client.post(page, data=CLEAR)
    client.post(case.url(f"candidates/{second}/review"), data={**CLEAR, "sentenced": "applies"})
    with app.app_context():
        assert db.session.get_one(Candidate, first).state is CandidateState.PRELIMINARY
        assert db.session.get_one(Candidate, second).state is CandidateState.REFUSED
    review = text_of(client, case.url("review"))
    assert "punished for a crime" in review
    assert "街道纪工委" in review
    english(client, "zhou")
    assert "Reason: punished for a crime" in text_of(client, case.url("nominate"))


def test_the_formal_list_is_numbered_and_posted(app: Flask, client: FlaskClient, case: Case) -> None:
    set_stage(app, case, Stage.CANDIDATES)
    first, second = stand(app, case, 0), stand(app, case, 1)
    english(client, "officer")
    page = case.url("formal-list")
    wrong = client.post(page, data={f"place-{first}": "1", f"place-{second}": "1"})
    assert wrong.status_code == 422
    assert "from 1, each number once" in wrong.get_data(as_text=True)
    assert client.post(page, data={f"place-{first}": "2", f"place-{second}": "1"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Candidate, second).position == 1
    shown = client.application.test_client().get(case.url("candidates")).get_data(as_text=True)
    assert shown.index("周敏") < shown.index("李强")


def test_equal_candidates_and_seats_are_refused_with_the_article(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    set_stage(app, case, Stage.CANDIDATES)
    first = stand(app, case, 0)
    english(client, "officer")
    answer = client.post(case.url("formal-list"), data={f"place-{first}": "1"})
    assert answer.status_code == 422
    assert "1 − 1 = 0; 0 &lt; 1" in answer.get_data(as_text=True)


def test_a_voter_asks_and_the_candidate_answers(app: Flask, client: FlaskClient, case: Case) -> None:
    set_stage(app, case, Stage.CANDIDATES)
    candidate = stand(app, case, 0, state=CandidateState.FORMAL, position=1)
    page = case.url(f"candidates/{candidate}")
    english(client, "zhou")
    assert client.post(f"{page}/questions", data={"text": ""}).status_code == 422
    client.post(f"{page}/questions", data={"text": "电梯什么时候修？"})
    question: CandidateQuestion = only(app, CandidateQuestion)
    english(client, "li")
    client.post(f"{page}/questions/{question.id}/answer", data={"text": "下月开居民会议商量。"})
    client.post(f"{page}/edit", data={"statement": "我是退休教师。"})
    visitor = client.application.test_client().get(page).get_data(as_text=True)
    for words in ("电梯什么时候修？", "下月开居民会议商量。", "我是退休教师。"):
        assert words in visitor


def test_on_election_day_only_the_names_are_shown(app: Flask, client: FlaskClient, case: Case) -> None:
    set_stage(app, case, Stage.CANDIDATES)
    candidate = stand(app, case, 0, state=CandidateState.FORMAL, position=1, statement="我要修电梯")
    assert "我要修电梯" in text_of(client, case.url("candidates"))
    with app.app_context():
        election = db.session.get_one(Election, case.election_id)
        now = datetime.now(UTC)
        for row in (election, election.rounds[0].poll):
            row.opens_at, row.closes_at = now - timedelta(minutes=1), now + timedelta(minutes=1)
        db.session.commit()
    for page in ("candidates", f"candidates/{candidate}"):
        shown = text_of(client, case.url(page))
        assert "李强" in shown
        assert "我要修电梯" not in shown


def test_nobody_is_shown_as_a_candidate_while_people_nominate(
    app: Flask, client: FlaskClient, case: Case
) -> None:
    candidate = stand(app, case, 0)
    assert "李强" not in text_of(client, case.url("candidates"))
    assert client.get(case.url(f"candidates/{candidate}")).status_code == 404


def test_a_nominee_declines(app: Flask, client: FlaskClient, case: Case) -> None:
    english(client, "li")
    client.post(case.url("nominate"), data={"seat": str(case.seat_id), "person": str(case.voters[2])})
    nomination: Nomination = only(app, Nomination)
    english(client, "wu")
    client.post(case.url(f"nominations/{nomination.id}/withdraw"), data={"reason": ""})
    assert only(app, Nomination).state is NominationState.WITHDRAWN
