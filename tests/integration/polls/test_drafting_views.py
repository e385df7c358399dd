"""The list of polls, the pages of a draft, and the ballot paper."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.polls.models import Poll, Question
from civicforum.polls.questions import Marking, QuestionKind
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.rulebook.days import day_of
from tests.factories import make_account, make_community, make_officer, make_person, sign_in
from tests.support.polls import FOR, YES_NO, make_poll, question_row
from tests.support.polls import settings_now as _settings
from tests.support.statements import count_statements

KEY = re.compile(r'name="key"[^>]*value="([0-9a-f-]{36})"')
LOGINS = {
    "election": Role.ELECTION_OFFICER,
    "committee": Role.COMMITTEE,
    "clerk": Role.CLERK,
    "supervisor": Role.SUPERVISOR,
}


@dataclass
class Place:
    community_id: uuid.UUID
    resident_id: uuid.UUID


@pytest.fixture
def place(app: Flask, client: FlaskClient) -> Place:
    """A community whose officers and one resident can sign in."""
    with app.app_context():
        community = make_community()
        for login, role in LOGINS.items():
            make_officer(community, role, login=login)
        resident = make_person(community, name="王秀英")
        make_account(resident, login="resident")
        made = Place(community.id, resident.id)
    client.get("/language/en")
    return made


def make_draft(place: Place, **terms: object) -> uuid.UUID:
    """Make a draft with one question, in an app context."""
    community = db.session.get_one(Community, place.community_id)
    poll = Poll(
        community_id=community.id,
        title="加装电梯表决",
        question="",
        profile=community.profile,
        profile_version="1",
        created_at=datetime.now(UTC),
        **{"preset": Preset.POLL, **terms},
    )
    poll.questions = [question_row(community, YES_NO, 1)]
    db.session.add(poll)
    db.session.commit()
    return poll.id


def day(days: int) -> str:
    return (day_of(datetime.now(UTC)) + timedelta(days=days)).isoformat()


def terms_form(**changed: object) -> dict[str, object]:
    return {
        "opens_on": day(30),
        "opens_at": "08:00",
        "closes_on": day(31),
        "closes_at": "18:00",
        "channels": ["screen"],
        "quorum_rule": "none",
        "revote": "y",
        "least": "5",
        "objection_days": "3",
        "keep_days": "30",
        **changed,
    }


def test_an_officer_drafts_a_poll_page_by_page(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "committee")
    page = client.get("/polls/new").text
    key = KEY.search(page)
    assert key
    subject = {"key": key[1], "title": "加装电梯表决", "occasion": "ordinary", "preset": "poll"}
    answer = client.post("/polls/new", data=subject)
    assert (answer.status_code, answer.location) == (303, f"/polls/{key[1]}/terms")
    # The same page sent again leads to the same poll.
    assert client.post("/polls/new", data=subject).location == f"/polls/{key[1]}/terms"
    answer = client.post(f"/polls/{key[1]}/terms", data=terms_form(channels=["screen", "paper"]))
    assert (answer.status_code, answer.location) == (303, f"/polls/{key[1]}/questions")
    for kind in QuestionKind:
        path = f"/polls/{key[1]}/questions/new/{kind}"
        new = KEY.search(client.get(path).text)
        assert new
        answer = client.post(path, data={"key": new[1], **QUESTIONS[kind]})
        assert answer.status_code == 303, answer.text
    with app.app_context():
        poll = db.session.get_one(Poll, uuid.UUID(key[1]))
        assert (poll.by_paper, poll.state, poll.least) == (True, PollState.DRAFT, 5)
        assert poll.opens_at is not None
        assert poll.opens_at.hour == 0  # 08:00 in Shanghai
        motion, selection, grade, ranking = poll.questions
        assert (motion.kind, motion.majority_rule) == (QuestionKind.MOTION, "assembly.residents.majority")
        assert (selection.options, selection.marking) == (["张三", "李四 1号楼"], Marking.EACH)
        assert (selection.seats, selection.most, selection.write_ins) == (2, 2, 1)
        assert grade.levels == ["满意", "基本满意", "不满意"]
        assert (ranking.depth, ranking.method) == (3, "schulze")
    for path in ("questions", "preview"):
        page = client.get(f"/polls/{key[1]}/{path}").text
        assert all(words in page for words in ("张三", "基本满意", "丙"))


QUESTIONS: dict[QuestionKind, dict[str, str]] = {
    QuestionKind.MOTION: {"title": "是否加装", "majority_rule": "assembly.residents.majority"},
    QuestionKind.SELECTION: {
        "title": "选两人",
        # As a column pasted from a spreadsheet comes in.
        "options": "张三\r\n\r\n 李四\t1号楼 \r\n",
        "marking": "each",
        "seats": "2",
        "write_ins": "1",
        "majority_rule": "none",
    },
    QuestionKind.GRADE: {"title": "评议", "options": "主任\n书记", "scale": "satisfied"},
    QuestionKind.RANKING: {"title": "排序", "options": "甲\n乙\n丙", "method": "schulze", "seats": "1"},
}


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("motion", {"title": ""}, "Write the question."),
        ("selection", {"options": "同名\n同名"}, "Two lines are the same."),
        ("selection", {"most": "9"}, "no more than there are to choose from"),
        ("selection", {"marking": "ticks"}, "Names are written in only where"),
        ("selection", {"seats": "两"}, "Enter a whole number."),
        ("grade", {"scale": "own", "levels": "好"}, "A scale has at least two grades."),
        ("ranking", {"method": "irv", "seats": "2"}, "Instant run-off chooses one."),
    ],
)
def test_a_refused_question_is_shown_again_with_all_that_was_typed(
    app: Flask, client: FlaskClient, place: Place, kind: str, changed: dict[str, str], words: str
) -> None:
    with app.app_context():
        poll_id = make_draft(place)
    sign_in(client, "committee")
    filled = {"key": str(uuid.uuid4()), "text": "请看附件", **QUESTIONS[QuestionKind(kind)], **changed}
    answer = client.post(f"/polls/{poll_id}/questions/new/{kind}", data=filled)
    assert answer.status_code == 422
    assert words in answer.text
    assert "govuk-error-summary" in answer.text
    assert "请看附件" in answer.text
    assert filled["key"] in answer.text
    for line in filled.get("options", "").split():
        assert line in answer.text
    with app.app_context():
        assert len(db.session.scalars(select(Question).where(Question.poll_id == poll_id)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "words", "field"),
    [
        ({"channels": []}, "Choose at least one way of voting", "channels"),
        ({"opens_on": day(-1)}, "Voting has to begin in the future.", "opens_on"),
        ({"closes_on": day(29)}, "Voting has to end after it begins.", "closes_on"),
        ({"opens_on": "春天"}, "Enter a date, as in", "opens_on"),
        ({"objection_days": "40"}, "after the days for objections", "opens_on"),
        ({"keep_days": "0"}, "Enter a number of days up to 365.", "keep_days"),
    ],
)
def test_refused_terms_are_shown_again_with_all_that_was_typed(
    app: Flask, client: FlaskClient, place: Place, changed: dict[str, object], words: str, field: str
) -> None:
    with app.app_context():
        poll_id = make_draft(place)
    sign_in(client, "committee")
    answer = client.post(f"/polls/{poll_id}/terms", data=terms_form(least="7", **changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert 'value="7"' in answer.text
    assert str(changed.get("opens_on", day(30))) in answer.text


def test_the_law_refuses_beside_the_field_with_its_article(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        poll_id = make_draft(
            place,
            preset=Preset.SEALED,
            is_statutory=True,
            by_screen=False,
            by_paper=True,
            trustees=3,
            threshold=2,
        )
    sign_in(client, "election")
    sealed = {
        "trustees": "3",
        "threshold": "2",
        "quorum_rule": "election.validity.voters",
        "objection_days": "5",
    }
    path = f"/polls/{poll_id}/terms"
    online = client.post(path, data=terms_form(**sealed))
    assert online.status_code == 422
    assert "nobody casts a ballot online" in online.text
    early = client.post(path, data=terms_form(**{**sealed, "channels": ["paper"], "opens_on": day(19)}))
    assert early.status_code == 422
    assert "Committees, art 17" in early.text
    assert "= 19 &lt; 20" in early.text
    assert client.post(path, data=terms_form(**{**sealed, "channels": ["paper"]})).status_code == 303
    named = {"title": "换届", "occasion": "statutory", "preset": "open", "key": str(uuid.uuid4())}
    answer = client.post("/polls/new", data=named)
    assert answer.status_code == 422
    assert "Committees, art 19" in answer.text


def test_the_residents_committee_is_not_offered_an_election(client: FlaskClient, place: Place) -> None:
    sign_in(client, "committee")
    assert "An election or a recall" not in client.get("/polls/new").text
    data = {"title": "换届", "occasion": "statutory", "preset": "sealed", "key": str(uuid.uuid4())}
    assert client.post("/polls/new", data=data).status_code == 422


@pytest.mark.parametrize("state", PollState)
@pytest.mark.parametrize("login", ["", "resident", *LOGINS])
def test_who_reaches_which_page_of_a_draft_in_which_state(
    app: Flask, client: FlaskClient, place: Place, login: str, state: PollState
) -> None:
    with app.app_context():
        poll_id = make_draft(
            place,
            state=state,
            opened_at=datetime.now(UTC),
            void_ground="作废" if state is PollState.VOID else "",
        )
        question_id = db.session.scalars(select(Question.id).where(Question.poll_id == poll_id)).one()
    if login:
        sign_in(client, login)
    refused = {"": 302, "election": 409, "committee": 409}.get(login, 403)
    runs = login in ("election", "committee") and state is PollState.DRAFT
    for page in ("edit", "terms", "questions", "questions/new/grade", f"questions/{question_id}"):
        assert client.get(f"/polls/{poll_id}/{page}").status_code == (200 if runs else refused), page
    hidden = state is PollState.DRAFT and login in ("", "resident")
    assert client.get(f"/polls/{poll_id}/preview").status_code == (404 if hidden else 200)
    answer = client.post(f"/polls/{poll_id}/questions/{question_id}/remove")
    assert answer.status_code == (303 if runs else refused)


def test_the_ballot_paper_says_what_is_missing_before_the_roll(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        poll_id = make_draft(place)
    sign_in(client, "committee")
    path = f"/polls/{poll_id}/questions"
    assert "Before the roll can be posted: Enter day and time." in client.get(path).text
    client.post(f"/polls/{poll_id}/terms", data=terms_form())
    assert "Before the roll can be posted" not in client.get(path).text


def test_odd_addresses_of_questions_are_not_found(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        poll_id = make_draft(place)
    sign_in(client, "committee")
    assert client.get(f"/polls/{poll_id}/questions/new/essay").status_code == 404
    assert client.get(f"/polls/{poll_id}/questions/{uuid.uuid4()}").status_code == 404
    assert client.post(f"/polls/{poll_id}/questions/{uuid.uuid4()}/move").status_code == 400
    motion = {**QUESTIONS[QuestionKind.MOTION], "key": "no id"}
    assert client.post(f"/polls/{poll_id}/questions/new/motion", data=motion).status_code == 400


def test_the_list_of_a_new_community_says_that_it_is_empty(client: FlaskClient, place: Place) -> None:
    page = client.get("/polls/").text
    assert "No vote is open at the moment" in page
    assert "No vote has ended yet" in page
    assert "New vote" not in page
    sign_in(client, "committee")
    assert "New vote" in client.get("/polls/").text


def test_the_list_says_how_the_visitor_stands_with_each_open_poll(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        community = db.session.get_one(Community, place.community_id)
        people = [make_person(community), make_person(community)]
        for person, login in zip(people, ("voted", "waits"), strict=True):
            make_account(person, login=login)
        poll = make_poll(community, people=people, closes_at=datetime.now(UTC) + timedelta(days=1))
        cast_sealed_ballot(
            poll_id=poll.id,
            entry_id=poll.entries[0],
            ballot=poll.seal(0, [FOR]),
            actor=poll.actor(0),
            settings=_settings(),
            now=datetime.now(UTC),
        )
    said = {
        "voted": "You have voted, and can still change it",
        "waits": "You can vote",
        "resident": "You are not on the roll",
    }
    assert not any(words in client.get("/polls/").text for words in said.values())
    for login, words in said.items():
        sign_in(client, login)
        page = client.get("/polls/").text
        assert words in page
        assert "until" in page


def test_drafts_are_listed_to_officers_alone(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        make_draft(place)
    assert "加装电梯表决" not in client.get("/polls/").text
    for login in ("resident", *LOGINS):
        sign_in(client, login)
        assert ("加装电梯表决" in client.get("/polls/").text) == (login != "resident"), login


def test_a_long_list_is_paged_and_takes_no_more_statements(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    def add(number: int) -> None:
        with app.app_context():
            for at in range(number):
                closed = datetime.now(UTC) - timedelta(days=at)
                make_draft(place, state=PollState.CERTIFIED, opened_at=closed, closed_at=closed)
                make_draft(place, state=PollState.OPEN, opened_at=closed)

    add(2)
    sign_in(client, "committee")
    client.get("/polls/")
    with count_statements() as few:
        client.get("/polls/")
    add(23)
    with count_statements() as many:
        page = client.get("/polls/").text
    assert many.total == few.total
    assert page.count("card__title") == 40
    assert client.get("/polls/?over=2&open=9").text.count("card__title") == 10


def test_the_paper_has_a_seal_and_no_number_only_where_paper_is_voted_on(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        ids = [make_draft(place, by_paper=by_paper, state=PollState.READY) for by_paper in (True, False)]
    pages = [client.get(f"/polls/{poll_id}/preview").text for poll_id in ids]
    assert ["ballot-paper__seal" in page for page in pages] == [True, False]
    assert "Mark either for or against." in pages[0]
    # Each paper is like every other: nothing on it names the poll's id, or counts.
    for poll_id, page in zip(ids, pages, strict=True):
        article = page[page.index("<article") : page.index("</article>")]
        assert str(poll_id) not in article
