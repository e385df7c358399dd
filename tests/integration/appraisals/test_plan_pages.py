"""The pages of planning and posting: each works as a plain form, and says beside the field what is wrong."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import Cycle, DutyReport
from civicforum.appraisals.rules import CycleState
from civicforum.database import db
from civicforum.meetings.rules import MeetingForm
from civicforum.meetings.services.demands import make_demand
from civicforum.rulebook.days import day_of, day_starts
from tests.factories import sign_in
from tests.support.appraisals import (
    CLERK,
    SUPERVISOR,
    Town,
    cycle_of,
    make_town,
    plan_halfyear,
    posted_halfyear,
    roll_of_residents,
    subject_ids,
)
from tests.support.days import right_now, today
from tests.support.statements import count_statements


def in_a_month() -> date:
    return today() + timedelta(days=30)


@pytest.fixture
def town(client: FlaskClient) -> Town:
    with client.application.app_context():
        return make_town(representatives=3, held_on=in_a_month())


def made(client: FlaskClient, make: Callable[[], uuid.UUID]) -> uuid.UUID:
    with client.application.app_context():
        return make()


def fields_of(page: TestResponse) -> dict[str, Any]:
    """Return what a browser would send back of the form on a page, untouched."""
    text = page.get_data(as_text=True)
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or (('type="checkbox"' in tag or 'type="radio"' in tag) and "checked" not in tag):
            continue
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body)
        first = re.search(r'<option value="([^"]*)"', body)
        found[name] = [chosen[1] if chosen else first[1] if first else ""]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S):
        found[name] = [body.strip()]
    return found


def send(client: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open a form and send it back with some fields changed; None takes a field out."""
    fields = fields_of(client.get(address)) | changes
    return client.post(address, data={name: value for name, value in fields.items() if value is not None})


def test_the_wizard_leads_from_the_kind_to_the_posted_plan(client: FlaskClient, town: Town) -> None:
    sign_in(client, SUPERVISOR)
    first = send(client, "/appraisals/new", kind="duty_reports", held_on=in_a_month().isoformat())
    assert first.status_code == 303
    address = first.location
    for page in ("subjects", "scales", "raters", "days"):
        assert address.endswith(f"/plan/{page}")
        answer = send(client, address)
        assert answer.status_code == 303, answer.text
        address = answer.location
    check = client.get(address)
    assert "关于" in check.text
    assert "30 ≥ 10" in check.text
    assert "3 ≥ 3" in check.text
    posted = send(client, address)
    assert posted.status_code == 303
    page = client.get(posted.location)
    assert "林国安（书记）" in page.text
    with client.application.app_context():
        assert db.session.scalars(select(Cycle.state)).one() is CycleState.POSTED
        assert len(db.session.scalars(select(DutyReport.id)).all()) == 3


def test_a_plan_for_nine_days_ahead_is_refused_with_the_sum(client: FlaskClient, town: Town) -> None:
    sign_in(client, SUPERVISOR)
    nine = (today() + timedelta(days=9)).isoformat()
    first = send(client, "/appraisals/new", kind="providers", held_on=nine)
    cycle_id = first.location.split("/")[2]
    answer = send(client, f"/appraisals/{cycle_id}/plan/check")
    assert answer.status_code == 422
    assert "公布" in answer.text


def test_weights_that_do_not_sum_to_one_are_said_beside_the_field_and_nothing_is_lost(
    client: FlaskClient, town: Town
) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    address = f"/appraisals/{cycle_id}/plan/raters"
    answer = send(
        client,
        address,
        weight_0="3/10",
        group_1="街道",
        basis_1="outside",
        weight_1="10%",
        document_1="街道评议表",
        group_2="居民评议",
        weight_2="1/2",
    )
    assert answer.status_code == 422
    assert "30% + 10% + 50% = 90%" in answer.text
    assert 'value="居民评议"' in answer.text
    good = send(
        client,
        address,
        weight_0="3/10",
        group_1="街道",
        basis_1="outside",
        weight_1="10%",
        document_1="街道评议表",
        group_2="居民评议",
        weight_2="6/10",
    )
    assert good.status_code == 303
    assert good.location.endswith("/plan/raters/3/roll")


def test_what_is_wrong_in_one_group_is_said_beside_its_own_field(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    answer = send(
        client,
        f"/appraisals/{cycle_id}/plan/raters",
        weight_0="1/2",
        group_1="居民评议团",
        weight_1="1/2",
        least_1="0",
        panel_1="y",
        closes_on_1=today().isoformat(),
    )
    assert answer.status_code == 422
    for field in ("least_1", "size_1", "closes_on_1"):
        assert f'id="{field}-error"' in answer.text


def test_the_roll_of_a_group_is_chosen_with_its_number_shown(client: FlaskClient, town: Town) -> None:
    cycle_id = made(
        client,
        lambda: plan_halfyear(
            town, now=right_now(), meeting_id=None, groups=(roll_of_residents(draw={}, closes_at=None),)
        ),
    )
    sign_in(client, SUPERVISOR)
    address = f"/appraisals/{cycle_id}/plan/raters/1/roll"
    assert "by=capacities" in client.get(address).text
    wrong = client.post(f"{address}?by=capacities", data={})
    assert wrong.status_code == 422
    shown = client.post(f"{address}?by=capacities", data={"capacities": ["hukou"], "preview": "1"})
    assert shown.status_code == 200
    saved = client.post(f"{address}?by=capacities", data={"capacities": ["hukou"]})
    assert saved.status_code == 303
    with client.application.app_context():
        assert cycle_of(cycle_id).groups[0].draw["capacities"] == ["hukou"]
    assert client.get(f"/appraisals/{cycle_id}/plan/raters/9/roll").status_code == 404


def test_a_scale_is_changed_and_a_wrong_one_is_said_beside_its_field(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    address = f"/appraisals/{cycle_id}/plan/scales"
    assert send(client, address, points_0_1="100").status_code == 422
    assert send(client, address, level_0_4="不了解", points_0_1="85/2", points_0_2="30").status_code == 303
    with client.application.app_context():
        scale = cycle_of(cycle_id).scales[0]
        assert scale.levels[-1] == "不了解"
        assert scale.points == ["100", "85/2", "30", "0", ""]


def test_names_are_changed_people_left_out_and_others_added(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    address = f"/appraisals/{cycle_id}/plan/subjects"
    wrong = send(client, address, others="查无此人")
    assert wrong.status_code == 422
    assert "查无此人" in wrong.text
    good = send(client, address, name_0="林国安（社区书记）", pick_1=None, others="周正")
    assert good.status_code == 403  # Nobody plans a cycle in which they are graded.
    good = send(client, address, name_0="林国安（社区书记）", pick_1=None, others="代表1")
    assert good.status_code == 303
    with client.application.app_context():
        assert [one.name for one in cycle_of(cycle_id).subjects] == [
            "林国安（社区书记）",
            "陈伯龙（主任）",
            "代表1",
        ]


def test_days_and_the_demand_are_entered_with_their_rules(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    address = f"/appraisals/{cycle_id}/plan/days"
    reached = (in_a_month() - timedelta(days=20)).isoformat()
    few = {"demanded": "y", "by": "voters", "signatures": "99", "of": "1000", "reached_on": reached}
    refused = send(client, address, **few)
    assert refused.status_code == 422
    assert "99 &lt; 1/10" in refused.text or "99 < 1/10" in refused.text
    assert send(client, address, **few | {"signatures": "100"}).status_code == 303
    assert send(client, address, held_on=(in_a_month() + timedelta(days=1)).isoformat()).status_code == 422
    with client.application.app_context():
        demand = cycle_of(cycle_id).demand
        assert demand is not None
        assert (demand["signatures"], demand["of"]) == (100, 1000)


def test_a_draft_is_seen_by_the_supervision_committee_alone(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    assert client.get(f"/appraisals/{cycle_id}").status_code == 404
    sign_in(client, CLERK)
    assert client.get(f"/appraisals/{cycle_id}").status_code == 404
    sign_in(client, SUPERVISOR)
    assert client.get(f"/appraisals/{cycle_id}").status_code == 200


def test_a_draft_is_dropped_with_its_ground(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    assert send(client, f"/appraisals/{cycle_id}/void", ground="").status_code == 422
    assert send(client, f"/appraisals/{cycle_id}/void", ground="重新拟定").status_code == 303
    assert str(cycle_id) not in client.get("/appraisals/").text


def test_the_list_shows_what_runs_with_its_next_date_and_what_the_half_year_lacks(
    client: FlaskClient, town: Town
) -> None:
    assert client.get("/appraisals/").text.count('class="late"') == 6
    cycle_id = made(client, lambda: posted_halfyear(town, now=right_now()))
    page = client.get("/appraisals/").text
    assert f"/appraisals/{cycle_id}" in page
    assert f"/appraisals/{cycle_id}/reports" in page
    other_kind = client.get("/appraisals/?kind=station").text
    assert f'href="/appraisals/{cycle_id}"' not in other_kind


def test_the_list_takes_a_bounded_number_of_statements(client: FlaskClient, town: Town) -> None:
    made(client, lambda: posted_halfyear(town, now=right_now()))
    with count_statements() as few:
        client.get("/appraisals/")
    for _ in range(3):
        made(client, lambda: posted_halfyear(town, now=right_now()))
    with count_statements() as many:
        client.get("/appraisals/")
    assert many.total <= few.total


def test_a_report_is_handed_in_checked_returned_and_published(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: posted_halfyear(town, now=right_now()))
    subject_id = made(client, lambda: subject_ids(cycle_id)[0])
    sign_in(client, "secretary")
    assert send(client, f"/appraisals/reports/{subject_id}/hand-in", text="").status_code == 422
    assert send(client, f"/appraisals/reports/{subject_id}/hand-in", text="上半年工作。").status_code == 303
    sign_in(client, SUPERVISOR)
    check = f"/appraisals/reports/{subject_id}/check"
    assert send(client, check, result="return", note="").status_code == 422
    assert send(client, check, result="return", note="缺少数据").status_code == 303
    sign_in(client, "secretary")
    assert "缺少数据" in client.get(f"/appraisals/{cycle_id}/reports").text
    assert send(client, f"/appraisals/reports/{subject_id}/hand-in", text="补充了数据。").status_code == 303
    sign_in(client, "member1")
    assert "补充了数据" not in client.get(f"/appraisals/{cycle_id}/reports").text
    sign_in(client, SUPERVISOR)
    assert send(client, check, result="accept", note="").status_code == 303
    client.post("/sign-out")
    assert "补充了数据" in client.get(f"/appraisals/{cycle_id}/reports").text


def test_nobody_hands_in_somebody_elses_report(client: FlaskClient, town: Town) -> None:
    cycle_id = made(client, lambda: posted_halfyear(town, now=right_now()))
    subject_id = made(client, lambda: subject_ids(cycle_id)[0])
    sign_in(client, "director")
    assert client.get(f"/appraisals/reports/{subject_id}/hand-in").status_code == 403
    assert client.post(f"/appraisals/reports/{subject_id}/hand-in", data={"text": "x"}).status_code == 403


def test_the_clerk_enters_a_report_with_its_file_from_paper(client: FlaskClient, town: Town) -> None:
    earlier = right_now() - timedelta(days=2)
    cycle_id = made(client, lambda: posted_halfyear(town, now=earlier))
    subject_id = made(client, lambda: subject_ids(cycle_id)[1])
    sign_in(client, CLERK)
    address = f"/appraisals/reports/{subject_id}/enter"
    too_early = (day_of(earlier) - timedelta(days=1)).isoformat()
    assert send(client, address, text="纸质述职报告", came_on=too_early).status_code == 422
    file = (io.BytesIO(b"%PDF-1.4 report"), "述职报告.pdf")
    assert send(client, address, file=file, came_on=day_of(earlier).isoformat()).status_code == 303
    assert client.get(f"/appraisals/reports/{subject_id}/file").status_code == 200
    client.post("/sign-out")
    assert client.get(f"/appraisals/reports/{subject_id}/file").status_code == 404
    with client.application.app_context():
        report = db.session.scalars(select(DutyReport).where(DutyReport.subject_id == subject_id)).one()
        assert report.first_submitted_at is not None
        assert report.first_submitted_at < day_starts(today())


def test_a_plan_takes_over_a_demand_that_has_enough_signatures(client: FlaskClient, town: Town) -> None:
    signer = Actor(town.representatives[0], town.community_id)
    demand_id = made(
        client,
        lambda: make_demand(
            form=MeetingForm.APPRAISAL,
            title="评议站长",
            reason="账目未公布",
            for_household=False,
            actor=signer,
            now=right_now(),
        ),
    )
    cycle_id = made(client, lambda: plan_halfyear(town, now=right_now()))
    sign_in(client, SUPERVISOR)
    page = client.get(f"/appraisals/{cycle_id}/plan/days")
    assert "评议站长" in page.text
    assert "demanded" not in fields_of(page)
    taken = fields_of(client.get(f"/appraisals/{cycle_id}/plan/days?demand={demand_id}"))
    assert (taken["by"], taken["signatures"], taken["of"]) == (["representatives"], ["1"], ["3"])
    assert taken["demand_text"] == ["账目未公布"]
    assert "demanded" in taken
