"""Residents' grades, poor ones that come back, and the closing."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.matters import services
from civicforum.matters.models import Grade, GradeRound, Matter, Task
from civicforum.matters.queries.appraising import get_grades
from civicforum.matters.rules import GradeLevel, Stage
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_person
from tests.integration.matters.carrying import (
    DAY,
    Place,
    finish,
    grade,
    make_done,
    make_matter_at,
    make_place,
    more_residents,
)

AFTER = NOW + 16 * DAY


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(residents=6)


def matter_of(matter_id: uuid.UUID) -> Matter:
    return db.session.get_one(Matter, matter_id)


def test_grade_counts_once_and_may_be_changed(place: Place) -> None:
    matter_id = make_done(place)
    grade(place.residents[:1], matter_id, GradeLevel.DISSATISFIED)
    grade(place.residents[:1], matter_id, GradeLevel.SATISFIED, now=NOW + DAY)
    assert db.session.scalars(select(Grade.level)).all() == [GradeLevel.SATISFIED]


def test_minors_and_people_who_left_do_not_grade(place: Place) -> None:
    matter_id = make_done(place)
    community = db.session.get_one(Community, place.community_id)
    # Eighteen tomorrow; and gone since yesterday.
    minor = actor_of(make_person(community, born_on=date(2008, 3, 3)))
    gone = actor_of(make_person(community, left_on=TODAY - DAY))
    for actor in (minor, gone):
        with pytest.raises(NotEligible):
            grade([actor], matter_id, GradeLevel.SATISFIED)
    grade([minor], matter_id, GradeLevel.SATISFIED, now=NOW + DAY)


def test_grade_is_taken_until_the_last_instant_and_refused_before_the_sweep_comes_by(place: Place) -> None:
    matter_id = make_done(place)
    closes_at = db.session.scalars(select(GradeRound.closes_at)).one()
    grade(place.residents[:1], matter_id, GradeLevel.SATISFIED, now=closes_at)
    with pytest.raises(TransitionNotAllowed):
        grade(
            place.residents[1:2],
            matter_id,
            GradeLevel.SATISFIED,
            now=day_ends(TODAY + 15 * DAY) + DAY / 86400,
        )


def test_running_round_shows_only_how_many_took_part(place: Place, session: Session) -> None:
    matter_id = make_done(place)
    grade(place.residents, matter_id, GradeLevel.DISSATISFIED)
    [line] = get_grades(session, matter=matter_of(matter_id), actor=place.residents[0], now=NOW).rounds
    assert (line.cast, line.counts, line.comments) == (6, [], [])


def test_good_grade_leads_on_with_its_arithmetic(place: Place, session: Session) -> None:
    matter_id = make_done(place)
    grade(place.residents[:4], matter_id, GradeLevel.SATISFIED)
    grade(place.residents[4:], matter_id, GradeLevel.DISSATISFIED)
    services.sweep_clocks(now=AFTER)
    assert matter_of(matter_id).stage is Stage.APPRAISED
    grading = db.session.scalars(select(GradeRound)).one()
    assert (grading.is_poor, grading.arithmetic) == (False, "2 ≤ 1/3 × 6 = 2")
    # Six residents and five officers, all adults.
    assert grading.entitled == 11
    [line] = get_grades(session, matter=matter_of(matter_id), actor=None, now=AFTER).rounds
    assert dict(line.counts)[GradeLevel.DISSATISFIED] == 2


def test_nobody_grading_leads_on_too(place: Place) -> None:
    matter_id = make_done(place)
    services.sweep_clocks(now=AFTER)
    assert matter_of(matter_id).stage is Stage.APPRAISED
    assert db.session.scalars(select(GradeRound.is_poor)).one() is False


def test_few_grades_are_shown_and_recorded_as_a_total_only(place: Place, session: Session) -> None:
    matter_id = make_done(place)
    services.cast_grade(
        matter_id=matter_id, actor=place.residents[0], level=GradeLevel.SATISFIED, comment="很好", now=NOW
    )
    grade(place.residents[1:4], matter_id, GradeLevel.SATISFIED)
    services.sweep_clocks(now=AFTER)
    [line] = get_grades(session, matter=matter_of(matter_id), actor=None, now=AFTER).rounds
    assert (line.cast, line.counts, line.comments) == (4, [], [])
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.graded_well")).one()
    assert entry.actor_id is None
    assert entry.payload["cast"] == 4
    assert "counts" not in entry.payload
    assert "arithmetic" not in entry.payload


def test_journal_says_nothing_public_of_who_graded(place: Place) -> None:
    matter_id = make_done(place)
    grade(place.residents, matter_id, GradeLevel.SATISFIED)
    entries = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.grade")).all()
    assert len(entries) == 6
    assert not any(entry.is_public for entry in entries)
    assert not any("level" in entry.payload for entry in entries)


def test_poor_grade_opens_rework_twice_before_the_matter_closes(place: Place) -> None:
    matter_id = make_done(place)
    now = NOW
    for round_number in (1, 2):
        grade(place.residents[:3], matter_id, GradeLevel.DISSATISFIED, now=now)
        grade(place.residents[3:], matter_id, GradeLevel.SATISFIED, now=now)
        now += 16 * DAY
        services.sweep_clocks(now=now)
        matter = matter_of(matter_id)
        assert matter.stage is Stage.CARRYING_OUT
        rework = db.session.scalars(
            select(Task).where(Task.matter_id == matter_id, Task.is_rework).order_by(Task.position.desc())
        ).first()
        assert rework is not None
        assert rework.body_id == place.station_id
        assert rework.position == round_number + 1
        # matter.plan: fifteen days from the end of the round.
        assert rework.due_on == TODAY + (16 * round_number + 15) * DAY
        assert matter.due_at == day_ends(rework.due_on)
        with pytest.raises(TransitionNotAllowed):
            services.close_matter(matter_id=matter_id, actor=place.actors[Role.COMMITTEE], text="完", now=now)
        finish(place, matter_id, now=now)
    grade(place.residents, matter_id, GradeLevel.FAIRLY_SATISFIED, now=now)
    now += 16 * DAY
    services.sweep_clocks(now=now)
    services.close_matter(
        matter_id=matter_id, actor=place.actors[Role.COMMITTEE], text="坡道投入使用", now=now
    )
    matter = matter_of(matter_id)
    assert (matter.stage, matter.closing_text, matter.closed_at) == (Stage.CLOSED, "坡道投入使用", now)
    rounds = db.session.scalars(select(GradeRound).order_by(GradeRound.number)).all()
    assert [(grading.number, grading.is_poor) for grading in rounds] == [(1, True), (2, True), (3, False)]


def test_dont_know_stays_in_the_denominator(place: Place) -> None:
    matter_id = make_done(place)
    grade(place.residents[:2], matter_id, GradeLevel.DISSATISFIED)
    grade(place.residents[2:5], matter_id, GradeLevel.SATISFIED)
    grade(place.residents[5:], matter_id, GradeLevel.DONT_KNOW)
    services.sweep_clocks(now=AFTER)
    # 2 of 6; without the one who does not know it would be 2 of 5, which is more than a third.
    assert matter_of(matter_id).stage is Stage.APPRAISED


def test_turnout_counts_adults_of_the_day_the_round_closed(place: Place) -> None:
    community = db.session.get_one(Community, place.community_id)
    make_person(community, born_on=date(2012, 1, 1))
    make_person(community, left_on=TODAY)
    more_residents(place, 1)
    make_done(place)
    services.sweep_clocks(now=AFTER)
    assert db.session.scalars(select(GradeRound.entitled)).one() == 12


def test_only_the_committee_closes(place: Place) -> None:
    matter_id = make_matter_at(place, Stage.APPRAISED)
    with pytest.raises(NotEligible):
        services.close_matter(matter_id=matter_id, actor=place.actors[Role.PARTY], text="完", now=NOW)
