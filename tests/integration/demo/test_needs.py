"""What waits for the people of the demonstration."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from civicforum.database import db
from civicforum.inbox.queries_needs import FEATURES, list_needs
from tests.support.demonstration import NOW
from tests.support.needs import list_actors, list_of_each

DAY = timedelta(days=1)
# What nobody waits for here: meetings/test_minutes.py and inbox/test_needs.py have it.
ELSEWHERE = {
    "civicforum.meetings.queries.minutes.list_minutes_to_sign",
    "civicforum.appraisals.queries.needs_results.list_needs",
}
DAYS = (-60, -8, 0, 1, 15)


@pytest.mark.parametrize("days", DAYS)
def test_what_waits_is_what_each_feature_says_whoever_asks(loaded: Flask, days: int) -> None:
    now = NOW + days * DAY
    with loaded.test_request_context():
        session = db.session()
        for actor in list_actors(session, now):
            assert list_needs(session, actor, now) == list_of_each(session, actor, now), actor


def test_nearly_every_feature_asked_in_one_statement_has_something_for_somebody(loaded: Flask) -> None:
    """Otherwise the comparison above would say little."""
    with loaded.test_request_context():
        session = db.session()
        asked = [(NOW + days * DAY, list_actors(session, NOW + days * DAY)) for days in DAYS]
        silent = {
            f"{feature.list_needs.__module__}.{feature.list_needs.__name__}"
            for feature in FEATURES
            if (feature.may_need or feature.parts_of)
            and not any(feature.list_needs(session, actor, now) for now, actors in asked for actor in actors)
        }
    assert silent == ELSEWHERE
