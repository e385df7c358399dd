"""The clocks: at exact instants in Asia/Shanghai, twice, with two workers, and after a crash."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import sweeps
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import GradeRound, Matter, Query, Task
from civicforum.matters.rules import Stage
from civicforum.matters.services import SweepResult, clocks
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from tests.factories import NOW, TODAY
from tests.integration.matters.carrying import DAY, Place, add_task, make_done, make_matter_at, make_place

# The last instant of 5 March in Shanghai, and the first of 6 March.
MIDNIGHT = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
LAST = MIDNIGHT - timedelta(microseconds=1)


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def count_entries(action: str) -> int:
    return db.session.scalar(select(func.count()).where(JournalEntry.action == action)) or 0


def test_matter_is_overdue_from_midnight_in_shanghai(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.IN_REVIEW, due_at=LAST)
    assert services.sweep_clocks(now=LAST) == SweepResult()
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(matters_overdue=1)
    assert db.session.get_one(Matter, matter_id).overdue_at == MIDNIGHT
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.overdue")).one()
    assert (entry.actor_id, entry.is_public, entry.payload) == (None, True, {"stage": "in_review"})


def test_task_is_overdue_from_midnight_in_shanghai(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    task_id = add_task(place, matter_id, due_on=TODAY + 3 * DAY)
    add_task(place, matter_id, due_on=TODAY + 30 * DAY)
    assert services.sweep_clocks(now=LAST) == SweepResult()
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(tasks_overdue=1)
    assert db.session.get_one(Task, task_id).overdue_at == MIDNIGHT


def test_query_is_overdue_from_midnight_in_shanghai(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DELIBERATING)
    query_id = services.ask(matter_id=matter_id, actor=place.residents[1], text="何时？", now=NOW - 2 * DAY)
    assert services.sweep_clocks(now=LAST) == SweepResult()
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(queries_overdue=1)
    assert db.session.get_one(Query, query_id).overdue_at == MIDNIGHT


def test_round_ends_after_its_last_instant_and_the_matter_is_never_late_for_it(place: Place) -> None:
    matter_id = make_done(place)
    closes_at = db.session.scalars(select(GradeRound.closes_at)).one()
    assert services.sweep_clocks(now=closes_at) == SweepResult()
    assert services.sweep_clocks(now=closes_at + timedelta(microseconds=1)) == SweepResult(rounds_ended=1)
    assert db.session.get_one(Matter, matter_id).overdue_at is None


def test_second_sweep_does_nothing(place: Place) -> None:
    make_matter_at(place, Stage.TO_DECIDE, due_at=LAST)
    make_done(place)
    services.ask(
        matter_id=make_matter_at(place, Stage.CLOSED), actor=place.residents[0], text="何时？", now=NOW
    )
    later = NOW + 40 * DAY
    first = services.sweep_clocks(now=later)
    assert (first.rounds_ended, first.matters_overdue, first.queries_overdue, first.failed) == (1, 1, 1, 0)
    # The round that ended set a new deadline, which a sweep ten days on finds passed.
    assert services.sweep_clocks(now=later) == SweepResult()


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN])
def test_what_has_ended_is_not_flagged(place: Place, stage: Stage) -> None:
    make_matter_at(place, stage, due_at=LAST)
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult()


def test_done_task_and_answered_query_are_not_flagged(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    task_id = add_task(place, matter_id, due_on=TODAY)
    services.report_progress(
        task_id=task_id, actor=place.actors[Role.COMMITTEE], progress=100, text="完成", now=NOW
    )
    query_id = services.ask(matter_id=matter_id, actor=place.residents[1], text="何时？", now=NOW)
    services.answer(query_id=query_id, actor=place.actors[Role.COMMITTEE], text="已完成", now=NOW)
    result = services.sweep_clocks(now=NOW + 30 * DAY)
    assert (result.tasks_overdue, result.queries_overdue) == (0, 0)


def test_one_matter_that_fails_leaves_the_others_swept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted(make_matter_at(place, Stage.IN_REVIEW, due_at=LAST) for _ in range(3))
    sweep = clocks._sweep_matter

    def crash(session: Session, *, matter_id: uuid.UUID, now: datetime) -> SweepResult:
        swept = sweep(session, matter_id=matter_id, now=now)
        if matter_id == ids[1]:
            raise RuntimeError("the power went out")
        return swept

    with monkeypatch.context() as patched:
        patched.setattr(clocks, "_sweep_matter", crash)
        assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(matters_overdue=2, failed=1)
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(matters_overdue=1)
    assert count_entries("matter.overdue") == 3


def test_batches_reach_every_matter(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 2)
    for _ in range(5):
        make_matter_at(place, Stage.IN_REVIEW, due_at=LAST)
    assert services.sweep_clocks(now=MIDNIGHT) == SweepResult(matters_overdue=5)


def test_several_sweeps_at_once_do_everything_once(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        for _ in range(12):
            make_matter_at(place, Stage.IN_REVIEW, due_at=LAST)
        for _ in range(4):
            make_done(place)
    start = Barrier(4)
    later = NOW + 16 * DAY

    def sweep(_: int) -> SweepResult:
        with committed.app_context():
            start.wait()
            return services.sweep_clocks(now=later)

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(sweep, range(4)))
    with committed.app_context():
        # A matter that two wanted at once may be left by both to the next sweep.
        results.append(services.sweep_clocks(now=later))
        assert sum(results, SweepResult()) == SweepResult(rounds_ended=4, matters_overdue=12)
        assert count_entries("matter.overdue") == 12
        assert count_entries("matter.graded_well") == 4
        assert verify_journal(db.session(), community_id=place.community_id)[1] is None
