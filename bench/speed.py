"""How pages behave as a community grows: `make bench`.

Each row compares the same work on a small and on a large amount of data in one run, so that the machine's own
speed cancels out. A row fails when the large one takes more times as long than its bound allows.
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from bench.demonstration import running
from civicforum.database import db
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Category, Stage
from civicforum.matters.text import tokens
from civicforum.people.models import Community, Person

ROUNDS = 15
MANY_MATTERS, MANY_COMMENTS = 5_000, 5_000


@dataclass(frozen=True)
class Row:
    """One comparison: `times` is the large median as a multiple of the small one."""

    what: str
    small_ms: float
    large_ms: float
    bound: Fraction

    @property
    def times(self) -> float:
        return self.large_ms / self.small_ms

    @property
    def holds(self) -> bool:
        return self.times <= self.bound


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, running(Path(folder)) as app:
        rows = compare(app)
    print(f"{'':46} {'small':>9} {'large':>9} {'times':>6} {'bound':>6}")
    for row in rows:
        figures = f"{row.small_ms:6.1f} ms {row.large_ms:6.1f} ms {row.times:6.2f} {float(row.bound):6.2f}"
        print(f"{row.what:46} {figures}{'' if row.holds else '  too slow'}")
    if not all(row.holds for row in rows):
        sys.exit(1)


def compare(app: Flask) -> list[Row]:
    """Measure the demonstration as it is, let it grow, and measure again."""
    client = app.test_client()
    with app.app_context():
        matter_id = db.session.scalars(select(Matter.id).where(Matter.stage == Stage.IN_REVIEW)).first()
    pages = {
        f"list of matters, {MANY_MATTERS} more of them": ("/matters", Fraction(4)),
        "search for two words in them": ("/matters?q=路灯 老人", Fraction(6)),
        "home page of a visitor": ("/", Fraction(4)),
        f"a matter, with {MANY_COMMENTS} more comments": (f"/matters/{matter_id}", Fraction(2)),
        "last page of its comments": (f"/matters/{matter_id}?comments=999", Fraction(3)),
    }
    small = {what: _median(lambda path=path: client.get(path)) for what, (path, _) in pages.items()}
    with app.app_context():
        grow(matter_id)
    large = {what: _median(lambda path=path: client.get(path)) for what, (path, _) in pages.items()}
    return [Row(what, small[what], large[what], bound) for what, (_, bound) in pages.items()]


def grow(matter_id: uuid.UUID | None) -> None:
    """Add many closed matters to the community, and many comments to one matter."""
    session = db.session()
    community = session.scalars(select(Community)).one()
    people = session.scalars(select(Person.id).order_by(Person.number).limit(500)).all()
    start = datetime(2020, 1, 1, tzinfo=UTC)
    matters: list[dict[str, Any]] = []
    for number in range(MANY_MATTERS):
        at = start + timedelta(hours=number)
        title = f"第{number % 97}号楼前的路灯和长椅，第{number}次"
        matters.append(
            {
                "id": uuid.uuid4(),
                "community_id": community.id,
                "number": f"B-{number:05}",
                "title": title,
                "body": "老人晚上走路看不清，请修一修。" * 5,
                "category": Category.FACILITIES,
                "stage": Stage.CLOSED,
                "stage_since": at,
                "author_id": people[number % len(people)],
                "profile": community.profile,
                "created_at": at,
                "raised_at": at,
                "tokens": tokens(title),
            }
        )
    comments = [
        {
            "id": uuid.uuid4(),
            "community_id": community.id,
            "matter_id": matter_id,
            "author_id": people[number % len(people)],
            "text": "我也这样想。" * 8,
            "at": start + timedelta(minutes=number),
        }
        for number in range(MANY_COMMENTS)
    ]
    session.execute(insert(Matter), matters)
    session.execute(insert(Comment), comments)
    session.commit()
    session.connection().exec_driver_sql("ANALYZE")
    session.commit()


def _median(work: Callable[[], Any]) -> float:
    """Return the median time of the work in milliseconds, after one round that is not counted."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
