"""Pages of a selection: planning and posting it, refusals beside their field, and what others may read."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Person
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import Stage
from civicforum.rulebook.days import day_of
from tests.factories import make_community, make_officer, make_person, sign_in

YEAR = day_of(datetime.now(UTC)).year
PLAN = {
    "year": str(YEAR),
    "title": "后备干部评选",
    "criteria": "在本社区工作满一年。",
    "places": "1",
    "appraisal_weight": "0.4",
    "exam_weight": "0.6",
    "exam_least": "60",
}


@pytest.fixture
def numbers(app: Flask, database: None) -> list[str]:
    """Two residents' roll numbers, in a community with a secretary."""
    with app.app_context():
        community = make_community()
        make_officer(community, Role.PARTY, login="secretary")
        make_officer(community, Role.RESIDENT, login="first", name="甲某")
        make_person(community, name="乙某")
        return list(
            db.session.scalars(
                select(Person.number).where(Person.name.in_(["甲某", "乙某"])).order_by(Person.name.desc())
            )
        )


def post_selection(client: FlaskClient) -> str:
    """Plan and post a selection by its pages; return its address."""
    sign_in(client, "secretary")
    address: str = client.post("/reserve/new", data=PLAN).location
    assert client.post(f"{address}/post").status_code == 303
    return address


def recommend(client: FlaskClient, address: str, number: str) -> int:
    answer = client.post(
        f"{address}/recommend",
        data={"person": number, "recommended_by": "党支部", "recommendation": "扎实"},
    )
    return answer.status_code


def test_a_plan_that_cannot_be_counted_is_shown_again_with_its_fault(
    client: FlaskClient, numbers: list[str]
) -> None:
    sign_in(client, "secretary")
    wrong = client.post("/reserve/new", data={**PLAN, "exam_weight": "0.5"})
    assert wrong.status_code == 422
    assert 'href="#exam_weight"' in wrong.text
    assert "在本社区工作满一年。" in wrong.text
    address = post_selection(client)
    second = client.post("/reserve/new", data=PLAN)
    assert (second.status_code, "2 &gt; 1" in second.text) == (422, True)
    assert client.get(f"{address}/change").status_code == 409
    assert client.get(f"{address}/decide").status_code == 409


def test_a_draft_is_nobody_elses_and_a_posted_selection_is_public(
    client: FlaskClient, numbers: list[str]
) -> None:
    sign_in(client, "secretary")
    address: str = client.post("/reserve/new", data=PLAN).location
    visitor = client.application.test_client()
    assert visitor.get(address).status_code == 404
    assert "后备干部评选" not in visitor.get("/reserve").text
    client.post(f"{address}/post")
    assert "在本社区工作满一年。" in visitor.get(address).text
    assert "后备干部评选" in visitor.get("/reserve").text


def test_candidates_are_named_to_nobody_but_themselves_and_the_party_committee(
    client: FlaskClient, numbers: list[str]
) -> None:
    address = post_selection(client)
    assert [recommend(client, address, number) for number in (*numbers, "没有此人")] == [303, 303, 422]
    assert recommend(client, address, numbers[0]) == 422
    both = client.get(address).text
    assert "甲某" in both
    assert "乙某" in both
    assert "甲某" not in client.application.test_client().get(address).text
    sign_in(client, "first")
    own = client.get(address).text
    assert "乙某" not in own
    assert "党支部" in own


def test_the_choice_with_a_tie_asks_for_a_written_decision(
    app: Flask, client: FlaskClient, numbers: list[str]
) -> None:
    address = post_selection(client)
    for number in numbers:
        recommend(client, address, number)
    reach(app, address, Stage.EXAM, appraisal_points="80")
    ids = candidate_ids(app)
    typed = {f"points-{ids[0]}": "88", f"points-{ids[1]}": "八十"}
    wrong = client.post(f"{address}/exam", data=typed)
    assert (wrong.status_code, f'href="#points-{ids[1]}"' in wrong.text) == (422, True)
    assert 'value="88"' in wrong.text
    assert client.post(f"{address}/finish-exam", follow_redirects=True).status_code == 200
    client.post(f"{address}/exam", data={**typed, f"points-{ids[1]}": "88"})
    client.post(f"{address}/finish-exam")
    for candidate_id in ids:
        inspected = client.post(
            f"{address}/candidates/{candidate_id}/inspect", data={"text": "良好", "passed": "yes"}
        )
        assert inspected.status_code == 303
    client.post(f"{address}/finish-inspection")
    assert "0.4 × 80 + 0.6 × 88 = 84.8" in client.get(f"{address}/decide").text
    undecided = client.post(f"{address}/decide")
    assert (undecided.status_code, "tie_decision" in undecided.text) == (422, True)
    decided = client.post(f"{address}/decide", data={"tie_decision": "all", "tie_reason": "岗位有空缺"})
    assert decided.status_code == 303
    result = client.application.test_client().get(address).text
    assert result.count("0.4 × 80 + 0.6 × 88 = 84.8") == 2
    assert "岗位有空缺" in result
    assert client.get(f"{address}/void").status_code == 409


def reach(app: Flask, address: str, stage: Stage, **results: str) -> None:
    """Bring the selection to a stage with these results of everybody, past the pages of appraisals."""
    selection_id = uuid.UUID(address.rpartition("/")[2])
    with app.app_context():
        db.session.execute(update(Selection).where(Selection.id == selection_id).values(stage=stage))
        db.session.execute(update(ReserveCandidate).values(**results))
        db.session.commit()


def candidate_ids(app: Flask) -> list[uuid.UUID]:
    with app.app_context():
        return list(db.session.scalars(select(ReserveCandidate.id).order_by(ReserveCandidate.position)))
