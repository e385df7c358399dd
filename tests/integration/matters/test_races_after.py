"""Two at once after the decision, on real commits: one result, and no error that is a bug."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Grade, GradeRound, Task
from civicforum.matters.rules import GradeLevel, Stage
from civicforum.records.queries import verify_journal
from tests.factories import NOW
from tests.integration.matters.carrying import DAY, add_task, make_done, make_matter_at, make_place
from tests.support.races import at_once, numbered

TWICE = ["TransitionNotAllowed", "done"]


def test_one_resident_grading_on_two_devices_counts_once(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = make_done(place)

    def cast(index: int) -> None:
        level = (GradeLevel.SATISFIED, GradeLevel.DISSATISFIED)[index % 2]
        services.cast_grade(matter_id=matter_id, actor=place.residents[0], level=level, comment="", now=NOW)

    assert at_once(committed, numbered(4, cast)) == ["done"] * 4
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(Grade)) == 1


def test_many_residents_grading_at_once_all_count(committed: Flask) -> None:
    with committed.app_context():
        place = make_place(residents=8)
        matter_id = make_done(place)

    def cast(index: int) -> None:
        services.cast_grade(
            matter_id=matter_id, actor=place.residents[index], level=GradeLevel.SATISFIED, comment="", now=NOW
        )

    assert at_once(committed, numbered(8, cast)) == ["done"] * 8
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(Grade)) == 8
        assert verify_journal(db.session(), community_id=place.community_id)[1] is None


def test_query_answered_by_two_at_once_has_one_answer(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = make_matter_at(place, Stage.CARRYING_OUT)
        query_id = services.ask(matter_id=matter_id, actor=place.residents[1], text="何时完工？", now=NOW)
    officers = [place.actors[Role.PARTY], place.actors[Role.STATION_HEAD]]

    def reply(index: int) -> None:
        services.answer(query_id=query_id, actor=officers[index], text=f"答复{index}", now=NOW)

    assert at_once(committed, numbered(2, reply)) == ["AlreadyDone", "done"]


def test_first_tasks_added_at_once_get_places_of_their_own(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = make_matter_at(place, Stage.DECIDED)
    assert at_once(committed, numbered(3, lambda _: add_task(place, matter_id))) == ["done"] * 3
    with committed.app_context():
        assert sorted(db.session.scalars(select(Task.position)).all()) == [1, 2, 3]


def test_matter_reported_done_twice_at_once_opens_one_round(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = make_matter_at(place, Stage.DECIDED)
        task_id = add_task(place, matter_id)
        committee = place.actors[Role.COMMITTEE]
        services.report_progress(task_id=task_id, actor=committee, progress=100, text="完成", now=NOW)

    def finish(_: int) -> None:
        services.report_done(matter_id=matter_id, actor=committee, text="完成", now=NOW)

    assert at_once(committed, numbered(2, finish)) == TWICE
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(GradeRound)) == 1


def test_matter_closed_twice_at_once_is_closed_once(committed: Flask) -> None:
    with committed.app_context():
        place = make_place()
        matter_id = make_done(place)
        services.sweep_clocks(now=NOW + 16 * DAY)

    def close(_: int) -> None:
        services.close_matter(
            matter_id=matter_id, actor=place.actors[Role.COMMITTEE], text="完", now=NOW + 17 * DAY
        )

    assert at_once(committed, numbered(2, close)) == TWICE
