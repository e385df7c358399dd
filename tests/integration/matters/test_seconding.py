"""Seconding on the screen and on paper, and what the last one needed brings about."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, NotEligible, TransitionNotAllowed
from civicforum.matters import services
from civicforum.matters.models import Matter, Second
from civicforum.matters.rules import Channel, LineProblem, Stage
from civicforum.matters.services.people import LinesRefused
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from civicforum.rulebook import load
from tests.factories import NOW, make_person
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import raised, seconded, stage_of


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(residents=8)


def test_the_fifth_second_takes_the_matter_to_review_with_its_deadline(
    place: Place, session: Session
) -> None:
    matter_id = raised(place)
    results = [
        services.second_matter(matter_id=matter_id, actor=actor, now=NOW) for actor in place.residents[1:6]
    ]
    assert [result.went_to_review for result in results] == [False, False, False, False, True]
    matter = session.get_one(Matter, matter_id)
    assert (matter.stage, matter.seconded_at) == (Stage.SECONDED, NOW)
    assert matter.due_at == load(matter.profile).clock("matter.study").deadline(NOW)


def test_only_the_step_itself_is_on_the_path_of_the_matter(place: Place, session: Session) -> None:
    matter_id = seconded(place)
    steps = session.scalars(
        select(JournalEntry).where(
            JournalEntry.subject_id == matter_id, JournalEntry.action == "matter.second"
        )
    ).all()
    assert [(step.payload["from"], step.payload["to"], step.payload["count"]) for step in steps] == [
        ("raised", "seconded", 5)
    ]


def test_a_second_after_the_number_is_reached_still_counts_and_moves_nothing(
    place: Place, session: Session
) -> None:
    matter_id = seconded(place)
    result = services.second_matter(matter_id=matter_id, actor=place.residents[6], now=NOW)
    assert (result.count, result.went_to_review) == (6, False)
    assert stage_of(matter_id) is Stage.SECONDED


def test_nobody_seconds_twice_nor_the_own_matter(place: Place, session: Session) -> None:
    matter_id = raised(place)
    services.second_matter(matter_id=matter_id, actor=place.residents[1], now=NOW)
    with pytest.raises(AlreadyDone):
        services.second_matter(matter_id=matter_id, actor=place.residents[1], now=NOW)
    with pytest.raises(NotEligible):
        services.second_matter(matter_id=matter_id, actor=place.residents[0], now=NOW)


def test_a_withdrawn_matter_is_seconded_no_more(place: Place, session: Session) -> None:
    matter_id = raised(place)
    services.withdraw_matter(matter_id=matter_id, actor=place.residents[0], reason="已修好", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.second_matter(matter_id=matter_id, actor=place.residents[1], now=NOW)


def test_paper_signatures_count_by_roll_number_or_name(place: Place, session: Session) -> None:
    community = session.get_one(Community, place.community_id)
    make_person(community, name="欧阳明", number="P-17")
    make_person(community, name="司徒静", number="P-18")
    matter_id = raised(place)
    for actor in place.residents[1:4]:
        services.second_matter(matter_id=matter_id, actor=actor, now=NOW)
    result = services.enter_paper_seconds(
        matter_id=matter_id, actor=place.actors[Role.CLERK], lines=["P-17", "", " 司徒静 "], now=NOW
    )
    assert result.went_to_review
    paper = session.scalars(select(Second).where(Second.channel == Channel.PAPER)).all()
    assert {row.entered_by_id for row in paper} == {place.actors[Role.CLERK].person_id}
    assert len(paper) == 2


def test_a_wrong_line_is_named_and_nothing_of_the_list_is_written(place: Place, session: Session) -> None:
    community = session.get_one(Community, place.community_id)
    for number in ("A-1", "A-2"):
        make_person(community, name="王芳", number=number)
    make_person(community, name="已搬走", number="A-3", left_on=date(2025, 1, 1))
    good = make_person(community, name="签名人", number="A-4")
    author = session.get_one(Person, place.residents[0].person_id)
    matter_id = raised(place)
    services.second_matter(matter_id=matter_id, actor=place.residents[1], now=NOW)
    signed = session.get_one(Person, place.residents[1].person_id)
    lines = ["签名人", "查无此人", "王芳", "A-3", "A-4", author.number, signed.number]
    with pytest.raises(LinesRefused) as refused:
        services.enter_paper_seconds(
            matter_id=matter_id, actor=place.actors[Role.CLERK], lines=lines, now=NOW
        )
    assert [(line.number, line.problem) for line in refused.value.lines] == [
        (2, LineProblem.NOT_FOUND),
        (3, LineProblem.AMBIGUOUS),
        (4, LineProblem.LEFT),
        (5, LineProblem.REPEATED),
        (6, LineProblem.IS_AUTHOR),
        (7, LineProblem.ALREADY),
    ]
    assert not session.scalars(select(Second).where(Second.person_id == good.id)).all()
