"""What is noted down of a hearing: reports, why one was not given, questions and answers."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.appraisals.forms_of_rating import Hearing
from civicforum.appraisals.models import HearingQuestion
from civicforum.appraisals.services import hearing
from civicforum.appraisals.services.rating import stands
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Person
from tests.factories import actor_of
from tests.support.appraisals import make_town, subject_ids
from tests.support.rating import HOUR, Hall, hand_in, make_hall, open_hall, subject_at

ASKED = "电梯何时修好？"
pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def hall() -> Hall:
    hall = make_hall(representatives=3, hears=False)
    hand_in(hall, but=[2])
    return hall


def ask(
    hall: Hall, question_id: uuid.UUID, question: str = "电梯何时修好？", answer: str = "下月底前。"
) -> None:
    hearing.note_question(
        subject_id=subject_ids(hall.cycle_id)[0],
        question_id=question_id,
        question=question,
        answer=answer,
        actor=hall.town.clerk,
        now=HOUR,
    )


def test_each_report_is_awaited_heard_or_missing(hall: Hall) -> None:
    assert [stands(subject_at(hall, at)) for at in range(3)] == [
        Hearing.AWAITED,
        Hearing.AWAITED,
        Hearing.MISSING,
    ]
    first, second, third = subject_ids(hall.cycle_id)
    hearing.note_report(subject_id=first, text="汇报了半年工作。", actor=hall.town.clerk, now=HOUR)
    hearing.note_absence(subject_id=second, reason="外出培训", actor=hall.town.supervisor, now=HOUR)
    # Who handed in nothing may still speak.
    hearing.note_report(subject_id=third, text="口头汇报。", actor=hall.town.clerk, now=HOUR)
    assert [stands(subject_at(hall, at)) for at in range(3)] == [
        Hearing.HEARD,
        Hearing.NOT_GIVEN,
        Hearing.HEARD,
    ]
    assert subject_at(hall, 0).heard_at == HOUR


def test_somebody_who_comes_after_all_is_heard_and_one_who_left_is_not(hall: Hall) -> None:
    first = subject_ids(hall.cycle_id)[0]
    hearing.note_absence(subject_id=first, reason="外出培训", actor=hall.town.clerk, now=HOUR)
    hearing.note_report(subject_id=first, text="赶到后汇报。", actor=hall.town.clerk, now=HOUR)
    assert subject_at(hall, 0).unheard_reason == ""
    hearing.note_absence(subject_id=first, reason="记错了人", actor=hall.town.clerk, now=HOUR)
    assert (subject_at(hall, 0).heard_at, subject_at(hall, 0).heard_text) == (None, "")


def test_questions_are_kept_in_order_with_their_answers_and_without_who_asked(
    session: Session, hall: Hall
) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    ask(hall, first)
    ask(hall, second, "台账在哪里看？", "公开栏。")
    with pytest.raises(AlreadyDone):
        ask(hall, second)
    hearing.change_question(
        question_id=first,
        question="电梯何时修好？",
        answer="本月底前。",
        actor=hall.town.supervisor,
        now=HOUR,
    )
    noted = session.scalars(select(HearingQuestion).order_by(HearingQuestion.position)).all()
    assert [(one.position, one.answer) for one in noted] == [(1, "本月底前。"), (2, "公开栏。")]
    assert {one.noted_by_id for one in noted} == {hall.town.clerk.person_id}


def test_neither_an_outsider_nor_whoever_is_graded_writes_down_what_was_said(
    session: Session, hall: Hall
) -> None:
    first = subject_ids(hall.cycle_id)[0]
    graded = actor_of(session.get_one(Person, hall.town.station_head_id), Role.CLERK)
    for actor in (hall.voter(0), graded):
        with pytest.raises(NotEligible):
            hearing.note_report(subject_id=first, text="汇报", actor=actor, now=HOUR)
    stranger = make_town(suffix="2").clerk
    with pytest.raises(NotFound):
        hearing.note_report(subject_id=first, text="汇报", actor=stranger, now=HOUR)


@pytest.mark.parametrize(("text", "reason"), [("  ", "missing"), ("字" * 4001, "long")])
def test_a_note_has_words_and_not_too_many(hall: Hall, text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hearing.note_report(
            subject_id=subject_ids(hall.cycle_id)[0], text=text, actor=hall.town.clerk, now=HOUR
        )
    assert (refusal.value.reason, refusal.value.field) == (reason, "text")


def test_once_forms_are_out_nothing_heard_is_written_anew(hall: Hall) -> None:
    for subject_id in subject_ids(hall.cycle_id):
        hearing.note_report(subject_id=subject_id, text="汇报", actor=hall.town.clerk, now=HOUR)
    open_hall(hall)
    with pytest.raises(TransitionNotAllowed):
        ask(hall, uuid.uuid4())
