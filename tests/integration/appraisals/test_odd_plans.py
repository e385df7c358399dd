"""Days no calendar of ours has and numbers no column takes: refused beside their fields, and no bug."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from civicforum.rulebook.days import day_of
from tests.factories import sign_in
from tests.integration.appraisals.test_plan_pages import send
from tests.support.appraisals import SUPERVISOR, make_town, plan_halfyear, roll_of_residents

IN_A_MONTH = day_of(datetime.now(UTC)) + timedelta(days=30)
DEMANDED = {"demanded": "y", "signatures": "3", "of": "3", "reached_on": IN_A_MONTH.isoformat()}
PANEL = {"panel_0": "y", "size_0": "60", "ordinary_0": "50"}
FIRST, LAST, HUGE = "0001-01-01", "9999-12-31", "999999999999999999999999"


@pytest.fixture
def cycle_id(client: FlaskClient) -> uuid.UUID:
    with client.application.app_context():
        town = make_town(representatives=3, held_on=IN_A_MONTH)
        made = plan_halfyear(town, now=datetime.now(UTC), groups=(roll_of_residents(closes_at=None),))
    sign_in(client, SUPERVISOR)
    return made


def test_what_is_not_odd_is_taken(client: FlaskClient, cycle_id: uuid.UUID) -> None:
    assert send(client, f"/appraisals/{cycle_id}/plan/days", **DEMANDED).status_code == 303
    assert send(client, f"/appraisals/{cycle_id}/plan/raters", **PANEL).status_code == 303


@pytest.mark.parametrize("day", [FIRST, LAST])
@pytest.mark.parametrize("field", ["held_on", "period_from", "reports_due_on", "reached_on"])
def test_a_day_far_away_is_refused(client: FlaskClient, cycle_id: uuid.UUID, field: str, day: str) -> None:
    changes = DEMANDED | {field: day}
    assert send(client, f"/appraisals/{cycle_id}/plan/days", **changes).status_code == 422


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_cycle_begins_on_no_day_far_away(client: FlaskClient, cycle_id: uuid.UUID, day: str) -> None:
    assert send(client, "/appraisals/new", kind="members", held_on=day).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"), [("least_0", HUGE), ("size_0", HUGE), ("closes_on_0", FIRST), ("closes_on_0", LAST)]
)
def test_a_group_has_no_number_or_day_that_nothing_keeps(
    client: FlaskClient, cycle_id: uuid.UUID, field: str, value: str
) -> None:
    changes = PANEL | {field: value}
    assert send(client, f"/appraisals/{cycle_id}/plan/raters", **changes).status_code == 422


@pytest.mark.parametrize("field", ["least", "rank_least", "signatures", "of"])
def test_no_number_is_larger_than_a_column(client: FlaskClient, cycle_id: uuid.UUID, field: str) -> None:
    changes = DEMANDED | {field: HUGE}
    assert send(client, f"/appraisals/{cycle_id}/plan/days", **changes).status_code == 422
