"""The pages of results: who sees what and when, with every figure in the page."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.appraisals.models import AppraisalObjection, ResultUse
from civicforum.appraisals.result_sheets import sheet_hash
from civicforum.appraisals.rules import CycleState
from civicforum.database import db
from tests.factories import sign_in
from tests.support.appraisal_results import (
    count_by_hand,
    make_certified,
    make_counted,
    start_rating,
)
from tests.support.appraisals import cycle_of, make_town, posted_halfyear, three_groups
from tests.support.statements import count_statements


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_nobody_sees_a_figure_before_the_count(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town()
        cycle_id = posted_halfyear(town)
        start_rating(cycle_id, town)
    assert "还没有结果" in page(client, f"/appraisals/{cycle_id}/results")
    page(client, f"/appraisals/{cycle_id}/results.json", 404)
    sign_in(client, "supervisor")
    assert f"/appraisals/{cycle_id}/results/count" in page(client, f"/appraisals/{cycle_id}/results")


def test_counting_names_the_groups_that_have_not_finished(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town()
        cycle_id = posted_halfyear(town)
        start_rating(cycle_id, town)
    sign_in(client, "supervisor")
    answer = client.post(f"/appraisals/{cycle_id}/results/count")
    assert answer.status_code == 422
    assert "居民代表" in answer.get_data(as_text=True)
    with client.application.app_context():
        assert cycle_of(cycle_id).state is CycleState.RATING


def test_counted_result_is_read_out_and_said_to_be_uncertified(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
    seen = page(client, f"/appraisals/{made.cycle_id}/results")
    assert "尚未确认" in seen
    for said in (
        "优秀",
        "92.31",
        "1 × 1200/13 = 1200/13 ≈ 92.31",
        "(9 × 100 + 3 × 80 + 1 × 60 + 0 × 0) ÷ 13",
    ):
        assert said in seen
    # Forms, share, and the letter of the grade in the bar: nothing is told by colour alone.
    assert ">A 9</text>" in seen
    assert "64.3%" in seen
    assert "应评20人，收回14份，70%" in seen


def test_the_way_from_the_count_to_the_notice_board(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
    url = f"/appraisals/{made.cycle_id}/results"
    sign_in(client, "supervisor")
    assert client.post(f"{url}/certify").status_code == 422
    sign_in(client, "second")
    assert client.post(f"{url}/certify").status_code == 303
    assert client.post(f"{url}/post").status_code == 303
    assert client.post(f"{url}/post").status_code == 422
    sheet = json.loads(page(client, f"{url}.json"))
    assert sheet_hash(sheet["sheet"]) == sheet["sha256"]
    assert sheet["sha256"] in page(client, url)


def test_void_cycle_shows_its_ground_and_no_figure(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
        cycle = cycle_of(made.cycle_id)
        cycle.state, cycle.void_ground = CycleState.VOID, "漏计两张"
        db.session.commit()
    seen = page(client, f"/appraisals/{made.cycle_id}/results")
    assert "漏计两张" in seen
    assert "92.31" not in seen
    page(client, f"/appraisals/{made.cycle_id}/subjects/{made.subjects[0]}/use", 302)


def test_groups_too_small_to_be_shown_are_named_without_figures(client: FlaskClient) -> None:
    with client.application.app_context():
        town = make_town()
        cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None, is_sample=True)
        count_by_hand(
            town,
            cycle_id,
            {"街道": (), "同事": ((7, 1, 1, 0),) * 3, "居民": ((5, 5, 0, 0),) * 3},
        )
    seen = page(client, f"/appraisals/{cycle_id}/results")
    assert "街道" in seen
    assert "没有加权得分" in seen
    # Five of ten are 18.7 to 81.3 percent of all, by the exact interval.
    assert "18.7%至81.3%之间" in seen


def test_ranking_shows_method_raters_and_places(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted(rows=((9, 3, 1, 0), (9, 3, 1, 0), (1, 2, 3, 7)))
    seen = page(client, f"/appraisals/{made.cycle_id}/results")
    table = seen[seen.index('id="ranking-1"') :]
    assert [table.count(f'data-label="名次">{place}<') for place in (1, 2, 3)] == [2, 0, 1]


def test_statements_do_not_grow_with_the_subjects(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_certified()
    page(client, f"/appraisals/{made.cycle_id}/results")
    with count_statements() as counted:
        page(client, f"/appraisals/{made.cycle_id}/results")
    assert counted.total <= 14


def test_history_has_every_certified_result_and_a_picture(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_certified()
    seen = page(client, f"/appraisals/{made.cycle_id}/subjects/{made.subjects[0]}/history")
    assert 'id="history"' in seen
    assert "92.31" in seen


def test_history_is_empty_before_anything_is_certified(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
    seen = page(client, f"/appraisals/{made.cycle_id}/subjects/{made.subjects[0]}/history")
    assert "92.31" not in seen


def test_resident_objects_and_the_answer_is_published_without_a_name(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_counted()
    sign_in(client, "clerk")
    url = f"/appraisals/{made.cycle_id}"
    assert client.post(f"{url}/object", data={"text": " "}).status_code == 422
    filed = client.post(f"{url}/object", data={"text": "漏了一张", "subject": str(made.subjects[0])})
    assert filed.status_code == 303
    with client.application.app_context():
        objection_id = db.session.scalars(select(AppraisalObjection.id)).one()
    page(client, f"{url}/objections/{objection_id}", 403)
    sign_in(client, "second")
    assert "赵敏" in page(client, f"{url}/objections/{objection_id}")
    assert client.post(f"{url}/objections/{objection_id}", data={"text": "相符"}).status_code == 422
    done = client.post(f"{url}/objections/{objection_id}", data={"text": "数目相符", "ruling": "rejected"})
    assert done.status_code == 303
    seen = page(client.application.test_client(), f"{url}/objections")
    assert "漏了一张" in seen
    assert "数目相符" in seen
    assert "赵敏" not in seen


def test_use_is_listed_for_all_and_read_by_officers_and_the_subject(client: FlaskClient) -> None:
    with client.application.app_context():
        made = make_certified()
    url = f"/appraisals/{made.cycle_id}"
    sign_in(client, "second")
    form = {"purpose": "assessment", "organ": "", "document": "", "note": "内部备注"}
    assert client.post(f"{url}/subjects/{made.subjects[0]}/use", data=form).status_code == 422
    done = client.post(f"{url}/subjects/{made.subjects[0]}/use", data={**form, "organ": "松河街道党工委"})
    assert done.status_code == 303
    with client.application.app_context():
        use = db.session.scalars(select(ResultUse)).one()
        use_url, digest = f"{url}/uses/{use.id}", use.sheet_hash
    everybody = client.application.test_client()
    listed = page(everybody, f"{url}/uses")
    assert "松河街道党工委" in listed
    assert "内部备注" not in listed
    page(everybody, use_url, 302)
    for login in ("second", "secretary"):
        sign_in(client, login)
        assert digest in page(client, use_url)
    kept = json.loads(page(client, f"{use_url}.json"))
    assert sheet_hash(kept["sheet"]) == digest == kept["sha256"]
    sign_in(client, "head")
    page(client, use_url, 403)


@pytest.mark.parametrize("tail", ["results", "objections", "uses"])
def test_unknown_cycle_has_no_pages(client: FlaskClient, tail: str) -> None:
    with client.application.app_context():
        made = make_town()
    page(client, f"/appraisals/{made.meeting_id}/{tail}", 404)
