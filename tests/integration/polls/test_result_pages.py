"""The pages from the stop to the certified result."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.polls.models import BoardLine, Poll, ResultObjection
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards, counting
from civicforum.sealed import Answer
from tests.factories import make_account, make_community, make_officer, make_person, sign_in
from tests.support.polls import AGAINST, FOR, make_poll
from tests.support.results import AFTER, cast, hand_out, make_station, officer, sign, stop, sweep
from tests.support.statements import count_statements

MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯", majority_rule="recall.majority")
NAMES = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("=甲", "乙"),
    marking=Marking.EACH,
    most=1,
    seats=1,
    write_ins=1,
    majority_rule="election.elected",
)
GRADE = QuestionSpec(QuestionKind.GRADE, "评议", options=("主任",), levels=("称职", "不称职"))
RANK = QuestionSpec(QuestionKind.RANKING, "选址", options=("甲地", "乙地", "丙地"), depth=3, method="irv")


@pytest.fixture
def english(client: FlaskClient) -> FlaskClient:
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    return client


def make_counted(app: Flask, *, papers: int = 6, votes: int = 7) -> uuid.UUID:
    """Count a poll of every kind of question, on screen and on paper; return its id."""
    with app.app_context():
        community = db.session.scalars(select(Community)).one_or_none()
        if community is None:
            community = make_community()
            make_officer(community, Role.ELECTION_OFFICER, login="runner")
            make_account(make_person(community), login="resident")
        counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
        poll = make_poll(
            community, questions=[MOTION, NAMES, GRADE, RANK], voters=votes + papers, by_paper=True
        )
        for voter in range(votes):
            one = [FOR if voter % 3 else AGAINST, Answer(names=("丁一" if voter % 2 else "丁壹",))]
            cast(poll, voter, [*one, Answer(levels={0: 0}), Answer(order=(voter % 3, (voter + 1) % 3))])
        big, small = make_station(poll), make_station(poll, name="二号楼")
        for voter in range(votes, votes + papers):
            hand_out(poll, voter, big, counters[0])
        stop(poll)
        sweep()
        counts = [papers, 0, papers, 0, 0, 0, 0, papers, 0]
        sign(big, counters, found=papers, counts=counts, texts=[{}, {"01": papers}])
        sign(small, counters, found=0, counts=[0] * 9, texts=[{}, {}])
        runner = officer(community)
        counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
        return poll.id


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(answer.text.split())


def test_everybody_reads_what_came_out_before_any_figure(app: Flask, english: FlaskClient) -> None:
    poll_id = make_counted(app)
    page = text_of(english, f"/polls/{poll_id}/result")
    # 4 of 7 on screen and all 6 papers: 10 of 13.
    assert page.index("Adopted") < page.index("Who took part") < page.index("10 &gt; 1/2 × 13 = 6.5")
    assert "7 + 6 = " in page
    assert "Nothing is chosen yet" in page  # 6 of 13 is not more than half
    assert "主任: 称职" in page
    assert "Counted twice, with one outcome." in page
    assert page.count('class="tally"') >= 1
    assert "Smaller stations together" in page


def test_a_handful_on_one_way_is_shown_only_together(app: Flask, english: FlaskClient) -> None:
    poll_id = make_counted(app, papers=3)
    page = text_of(english, f"/polls/{poll_id}/result")
    assert "7 + 3" not in page
    rows = list(csv.reader(io.StringIO(english.get(f"/polls/{poll_id}/result.csv").text)))
    assert {row[3] for row in rows[1:]} == {""}


def test_the_table_holds_every_figure_and_no_formula(app: Flask, english: FlaskClient) -> None:
    poll_id = make_counted(app)
    answer = english.get(f"/polls/{poll_id}/result.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert ["是否加装电梯", "", "For", "4", "6", "10"] in rows
    assert ["选举委员", "'=甲", "For", "0", "6", "6"] in rows
    assert ["选址", "甲地 > 乙地", "This order", "3", "6", "9"] in rows


def test_the_page_makes_few_statements_however_many_voted(app: Flask, client: FlaskClient) -> None:
    found = []
    for votes in (5, 9):
        poll_id = make_counted(app, votes=votes)
        with count_statements() as counted:
            text_of(client, f"/polls/{poll_id}/result")
        found.append(counted.total)
    assert found[0] == found[1] <= 30


def test_before_the_count_there_is_no_result(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        poll_id = make_poll(make_community()).id
    for path in ("result", "result.csv", "result/objections"):
        assert client.get(f"/polls/{poll_id}/{path}").status_code == 404


def test_an_objection_is_filed_answered_and_read_without_its_name(app: Flask, english: FlaskClient) -> None:
    poll_id = make_counted(app)
    sign_in(english, "resident")
    path = f"/polls/{poll_id}/result/object"
    assert "election" in text_of(english, path) or "four discussions" in text_of(english, path)
    assert english.post(path, data={"text": ""}).status_code == 422
    assert english.post(path, data={"text": "少算了一张"}).status_code == 303
    with app.app_context():
        objection = db.session.query(ResultObjection).one()
        objection_id, name = objection.id, objection.filed_by.name
    public = text_of(english, f"/polls/{poll_id}/result/objections")
    assert "少算了一张" in public
    assert name not in public.split("<main")[1]
    answer = f"/polls/{poll_id}/result/objections/{objection_id}"
    assert english.get(answer).status_code == 403
    sign_in(english, "runner")
    assert name in text_of(english, answer)
    refused = english.post(f"/polls/{poll_id}/certify", follow_redirects=True)
    assert "Certify" in refused.text
    assert state_of(app, poll_id) is PollState.COUNTED
    assert english.post(answer, data={"text": ""}).status_code == 422
    assert english.post(answer, data={"text": "重新核对，无误"}).status_code == 303
    assert "重新核对" in text_of(english, f"/polls/{poll_id}/result/objections")
    assert english.post(f"/polls/{poll_id}/certify").status_code == 303
    assert state_of(app, poll_id) is PollState.CERTIFIED


def state_of(app: Flask, poll_id: uuid.UUID) -> PollState:
    with app.app_context():
        return db.session.get_one(Poll, poll_id, populate_existing=True).state


def test_a_certified_result_that_proves_unlawful_is_void_and_says_so_above_its_figures(
    app: Flask, english: FlaskClient
) -> None:
    poll_id = make_counted(app)
    path = f"/polls/{poll_id}"
    sign_in(english, "runner")
    assert english.post(f"{path}/certify").status_code == 303
    assert f"{path}/void" in text_of(english, f"{path}/manage")
    assert "article 22" in text_of(english, f"{path}/void")
    assert english.post(f"{path}/void", data={"ground": "查明有贿选"}).status_code == 303
    assert state_of(app, poll_id) is PollState.VOID
    shown = text_of(english, f"{path}/result")
    warning = shown.index("This vote is void and does not count.")
    assert warning < shown.index("Reason: 查明有贿选") < shown.index("<s>Adopted</s> (void)")
    assert shown.index("<s>Adopted</s>") < shown.index("Who took part")
    assert 'class="outcome' not in text_of(english, path)
    assert f"{path}/void" not in text_of(english, f"{path}/manage")
    with app.app_context():
        # The record of the box keeps what was opened, and ends with a note.
        assert boards.replay(db.session(), poll_id).head != bytes(32)
        last = db.session.scalars(
            select(BoardLine.kind).where(BoardLine.poll_id == poll_id).order_by(BoardLine.number.desc())
        ).first()
    assert last == "note"


def test_two_spellings_are_put_together_on_a_page(app: Flask, english: FlaskClient) -> None:
    poll_id = make_counted(app)
    sign_in(english, "runner")
    path = f"/polls/{poll_id}/result/merge"
    text_of(english, path)
    wrong = {"spelling": "1:丁壹", "name": "1:丁壹", "reason": "同一人"}
    assert english.post(path, data=wrong).status_code == 422
    assert english.post(path, data=wrong | {"name": ""}).status_code == 422
    assert english.post(path, data=wrong | {"name": "1:丁一"}).status_code == 303
    assert "is counted as “丁一”" in text_of(english, f"/polls/{poll_id}/result")


def test_the_officer_closes_the_box_and_counts(app: Flask, english: FlaskClient) -> None:
    with app.app_context():
        community = make_community()
        make_officer(community, Role.ELECTION_OFFICER, login="runner")
        poll = make_poll(community, questions=[MOTION], voters=6, by_screen=False, by_paper=True)
        poll_id = poll.id
        counters = [officer(community, Role.CLERK), officer(community, Role.COMMITTEE)]
        station = make_station(poll)
        hand_out(poll, 0, station, counters[0])
        stop(poll)
    sign_in(english, "runner")
    assert "Close the ballot box" in text_of(english, f"/polls/{poll_id}/seal-count")
    assert english.post(f"/polls/{poll_id}/seal-count").status_code == 303
    assert "The box was closed on" in text_of(english, f"/polls/{poll_id}/seal-count")
    assert "still awaited" in text_of(english, f"/polls/{poll_id}/count")
    english.post(f"/polls/{poll_id}/count")
    assert state_of(app, poll_id) is PollState.CLOSED
    with app.app_context():
        sign(db.session.merge(station), counters, found=1, counts=[1, 0])
    assert "Count and publish" in text_of(english, f"/polls/{poll_id}/count")
    assert english.post(f"/polls/{poll_id}/count").location == f"/polls/{poll_id}/result"
    assert state_of(app, poll_id) is PollState.COUNTED


def test_too_few_ballots_keep_the_box_shut_and_the_page_says_what_can_be_done(
    app: Flask, english: FlaskClient
) -> None:
    with app.app_context():
        community = make_community()
        make_officer(community, Role.ELECTION_OFFICER, login="runner")
        poll = make_poll(community, questions=[MOTION], voters=6, least=3, by_paper=True)
        poll_id = poll.id
        make_station(poll)
        stop(poll)
    sign_in(english, "runner")
    page = text_of(english, f"/polls/{poll_id}/seal-count")
    assert "0 &lt; 3" in page
    assert f"/polls/{poll_id}/void" in page
    english.post(f"/polls/{poll_id}/seal-count")
    assert state_of(app, poll_id) is PollState.CLOSED
    alone = f"/polls/{poll_id}/count-paper-alone"
    assert english.post(alone, data={"reason": ""}).status_code == 422
    assert english.post(alone, data={"reason": "无人上网投票"}).status_code == 303
    assert "The box was closed on" in text_of(english, f"/polls/{poll_id}/seal-count")
