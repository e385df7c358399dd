"""Findings, queries and answers, and the supervision committee's list."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.matters import services
from civicforum.matters.models import Finding, Query
from civicforum.matters.queries.watching import Watch, count_watched, list_queries, list_watched
from civicforum.matters.rules import FindingKind, Stage
from civicforum.records.models import JournalEntry
from tests.factories import NOW, TODAY
from tests.integration.matters.carrying import DAY, Place, add_task, make_matter_at, make_place


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def test_finding_is_kept_with_its_post_and_tied_to_the_journal(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.DECIDED)
    task_id = add_task(place, matter_id)
    services.file_finding(
        matter_id=matter_id,
        actor=place.actors[Role.SUPERVISOR],
        kind=FindingKind.PROBLEM,
        text="未见三家比价记录",
        task_id=task_id,
        now=NOW,
    )
    finding = db.session.scalars(select(Finding)).one()
    assert (finding.task_id, finding.kind) == (task_id, FindingKind.PROBLEM)
    assert "supervision_committee" in finding.post
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.file_finding")).one()
    assert entry.payload["text_sha256"] == hashlib.sha256("未见三家比价记录".encode()).hexdigest()


@pytest.mark.parametrize("change", ["UPDATE finding SET text = '一切正常'", "DELETE FROM finding"])
def test_database_refuses_to_change_or_remove_a_finding(place: Place, session: Session, change: str) -> None:
    services.file_finding(
        matter_id=make_matter_at(place, Stage.DECIDED),
        actor=place.actors[Role.SUPERVISOR],
        kind=FindingKind.PROBLEM,
        text="票据缺失",
        now=NOW,
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(change))
    assert session.scalars(select(Finding.text)).one() == "票据缺失"


def test_finding_about_a_task_of_another_matter_is_refused(place: Place) -> None:
    task_id = add_task(place, make_matter_at(place, Stage.DECIDED))
    with pytest.raises(Invalid):
        services.file_finding(
            matter_id=make_matter_at(place, Stage.DECIDED),
            actor=place.actors[Role.SUPERVISOR],
            kind=FindingKind.REMARK,
            text="……",
            task_id=task_id,
            now=NOW,
        )


def test_nobody_else_files_a_finding(place: Place) -> None:
    with pytest.raises(NotEligible):
        services.file_finding(
            matter_id=make_matter_at(place, Stage.DECIDED),
            actor=place.actors[Role.COMMITTEE],
            kind=FindingKind.IN_ORDER,
            text="一切正常",
            now=NOW,
        )


def test_query_is_due_at_the_end_of_the_fifth_day(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    query_id = services.ask(matter_id=matter_id, actor=place.residents[1], text="何时完工？", now=NOW)
    # Asked on 2 March in Shanghai, so the last instant of 7 March there.
    assert db.session.get_one(Query, query_id).due_at == datetime(2026, 3, 7, 15, 59, 59, 999999, tzinfo=UTC)


def test_draft_is_not_found_by_somebody_who_asks(place: Place) -> None:
    with pytest.raises(NotFound):
        services.ask(
            matter_id=make_matter_at(place, Stage.DRAFT), actor=place.residents[1], text="何时完工？", now=NOW
        )


def test_same_query_is_not_put_twice_while_it_waits(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    asker, station = place.residents[1], place.actors[Role.STATION_HEAD]
    query_id = services.ask(matter_id=matter_id, actor=asker, text="何时完工？", now=NOW)
    with pytest.raises(AlreadyDone):
        services.ask(matter_id=matter_id, actor=asker, text="何时完工？", now=NOW)
    services.answer(query_id=query_id, actor=station, text="三月底", now=NOW)
    services.ask(matter_id=matter_id, actor=asker, text="何时完工？", now=NOW)


def test_query_is_answered_once_under_name_and_post(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    query_id = services.ask(matter_id=matter_id, actor=place.residents[1], text="何时完工？", now=NOW)
    services.answer(query_id=query_id, actor=place.actors[Role.STATION_HEAD], text="三月底", now=NOW + DAY)
    with pytest.raises(AlreadyDone):
        services.answer(query_id=query_id, actor=place.actors[Role.PARTY], text="四月", now=NOW + DAY)
    query = db.session.get_one(Query, query_id)
    assert (query.answer, query.answered_by_id) == ("三月底", place.actors[Role.STATION_HEAD].person_id)
    assert "station_head" in query.answered_post


def test_queries_that_wait_come_first_and_are_overdue_without_a_sweep(place: Place, session: Session) -> None:
    matter_id = make_matter_at(place, Stage.CARRYING_OUT)
    asker = place.residents[1]
    first = services.ask(matter_id=matter_id, actor=asker, text="第一问", now=NOW)
    services.answer(query_id=first, actor=place.actors[Role.COMMITTEE], text="答", now=NOW)
    services.ask(matter_id=matter_id, actor=asker, text="第二问", now=NOW)
    services.ask(matter_id=matter_id, actor=asker, text="第三问", now=NOW + 3 * DAY)
    page = list_queries(session, matter_id=matter_id, number=1, per_page=5, now=NOW + 6 * DAY)
    found = [(line.query.text, line.is_overdue) for line in page.items]
    assert found == [("第二问", True), ("第三问", False), ("第一问", False)]


def test_supervision_sees_what_is_late_unanswered_and_found(place: Place, session: Session) -> None:
    late = make_matter_at(place, Stage.DECIDED)
    add_task(place, late, due_on=TODAY + DAY)
    asked = make_matter_at(place, Stage.DELIBERATING)
    services.ask(matter_id=asked, actor=place.residents[1], text="为什么不选方案二？", now=NOW)
    found = make_matter_at(place, Stage.APPRAISED)
    services.file_finding(
        matter_id=found,
        actor=place.actors[Role.SUPERVISOR],
        kind=FindingKind.PROBLEM,
        text="票据缺失",
        now=NOW,
    )
    now = NOW + 10 * DAY
    shown = {
        watch: {
            line.matter.id
            for line in list_watched(
                session, community_id=place.community_id, watch=watch, number=1, now=now
            ).items
        }
        for watch in Watch
    }
    assert shown == {
        Watch.ALL: {late, asked, found},
        Watch.LATE: {late},
        Watch.UNANSWERED: {asked},
        Watch.PROBLEMS: {found},
        Watch.UNCHECKED: {late},
    }
    figures = count_watched(session, community_id=place.community_id, now=now)
    assert figures == {watch: len(ids) for watch, ids in shown.items()}
    [line] = list_watched(
        session, community_id=place.community_id, watch=Watch.UNANSWERED, number=1, now=now
    ).items
    assert (line.unanswered, line.queries_overdue) == (1, 1)
