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
ELSEWHERE = {"civicforum.meetings.queries.minutes", "civicforum.appraisals.queries.needs_results"}


@pytest.mark.parametrize("days", [-60, -8, 0, 1, 15])
def test_what_waits_is_what_each_feature_says_whoever_asks(loaded: Flask, days: int) -> None:
    now = NOW + days * DAY
    with loaded.test_request_context():
        session = db.session()
        for actor in list_actors(session, now):
            assert list_needs(session, actor, now) == list_of_each(session, actor, now), actor


def test_nearly_every_feature_behind_the_gate_has_something_for_somebody(loaded: Flask) -> None:
    """Otherwise the comparison above would say little."""
    with loaded.test_request_context():
        session = db.session()
        actors = list_actors(session, NOW)
        silent = {
            feature.list_needs.__module__
            for feature in FEATURES
            if feature.may_need and not any(feature.list_needs(session, actor, NOW) for actor in actors)
        }
    assert silent == ELSEWHERE
