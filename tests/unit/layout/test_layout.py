from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from civicforum.layout import days_until

NOON_IN_SHANGHAI = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "days"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), 0),  # 23:59 the same day in Shanghai
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), 1),  # midnight there, still the 22nd in UTC
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), -1),
        (datetime(2026, 12, 1, 15, 59, tzinfo=UTC), 9),
    ],
)
def test_days_are_counted_by_the_calendar_of_the_community(due: datetime, days: int) -> None:
    app = Flask(__name__)
    Babel(app, default_timezone="Asia/Shanghai")
    with app.test_request_context():
        assert days_until(due, NOON_IN_SHANGHAI) == days
