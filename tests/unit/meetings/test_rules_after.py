"""After a meeting: who signs, who is named, what an agreed item needs, when a quorum was lost."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible
from civicforum.meetings.minutes_text import numeral
from civicforum.meetings.rules import MeetingForm, MeetingState, Outcome, ParticipantClass, Seat, Signer
from civicforum.meetings.rules_after import (
    Turn,
    check_follow_up,
    check_run_after,
    is_left_open,
    is_named,
    may_correct,
    minutes_due_at,
    presence_turns,
    signs_as,
)

CHAIR, CLERK, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))
COMMUNITY = uuid.UUID(int=9)
TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BOOK = rulebook.load("national-2026")


def actor(person_id: uuid.UUID, *roles: Role, assisted_by: uuid.UUID | None = None) -> Actor:
    return Actor(person_id, COMMUNITY, frozenset(roles or (Role.RESIDENT,)), assisted_by)


def test_chair_and_clerk_sign_as_what_they_are_and_nobody_as_both() -> None:
    assert signs_as(actor(CHAIR), chair_id=CHAIR, clerk_id=CLERK) == {Signer.CHAIR}
    assert signs_as(actor(CLERK), chair_id=CHAIR, clerk_id=CLERK) == {Signer.CLERK}
    assert signs_as(actor(OTHER, Role.COMMITTEE, Role.CLERK), chair_id=CHAIR, clerk_id=CLERK) == set()
    assert signs_as(actor(CHAIR, Role.COMMITTEE), chair_id=CHAIR, clerk_id=None) == {Signer.CHAIR}
    assert signs_as(actor(CHAIR), chair_id=CHAIR, clerk_id=CHAIR) == {Signer.CHAIR}


def test_who_stands_in_where_nobody_is_named() -> None:
    assert signs_as(actor(OTHER, Role.CLERK), chair_id=CHAIR, clerk_id=None) == {Signer.CLERK}
    assert signs_as(actor(OTHER, Role.COMMITTEE), chair_id=None, clerk_id=CLERK) == {Signer.CHAIR}
    assert signs_as(actor(OTHER), chair_id=None, clerk_id=None) == set()
    assert signs_as(actor(CHAIR, assisted_by=CLERK), chair_id=CHAIR, clerk_id=CLERK) == set()


@pytest.mark.parametrize(
    ("state", "roles", "may"),
    [
        (MeetingState.OPEN, (Role.COMMITTEE,), True),
        (MeetingState.OPEN, (Role.RESIDENT,), False),
        (MeetingState.CLOSED, (Role.COMMITTEE,), False),
        (MeetingState.CLOSED, (Role.CLERK,), True),
        (MeetingState.PLANNED, (Role.CLERK,), False),
    ],
)
def test_minutes_are_written_by_who_runs_it_and_corrected_by_who_signs(
    state: MeetingState, roles: tuple[Role, ...], may: bool
) -> None:
    assert may_correct(actor(OTHER, *roles), state, chair_id=CHAIR, clerk_id=CLERK) is may
    assert may_correct(actor(CHAIR), MeetingState.CLOSED, chair_id=CHAIR, clerk_id=CLERK)


def test_follow_ups_are_said_by_chair_clerk_and_committee() -> None:
    check_run_after(actor(CHAIR), chair_id=CHAIR, clerk_id=CLERK)
    check_run_after(actor(OTHER, Role.COMMITTEE), chair_id=CHAIR, clerk_id=CLERK)
    for nobody in (actor(OTHER), actor(CHAIR, assisted_by=CLERK)):
        with pytest.raises(NotEligible):
            check_run_after(nobody, chair_id=CHAIR, clerk_id=CLERK)


def test_minutes_are_due_at_the_end_of_the_fifth_day() -> None:
    closed = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
    assert minutes_due_at(BOOK, closed) == datetime(2026, 3, 7, 15, 59, 59, 999999, tzinfo=UTC)
    # A minute later it is the next day in Shanghai.
    assert minutes_due_at(BOOK, closed + timedelta(minutes=1)).day == 8


@pytest.mark.parametrize(
    ("form", "seat", "kind", "named"),
    [
        (MeetingForm.COUNCIL, Seat.MEMBER, ParticipantClass.RESIDENT, True),
        (MeetingForm.RESIDENTS_ASSEMBLY, Seat.MEMBER, ParticipantClass.RESIDENT, False),
        (MeetingForm.RESIDENTS_ASSEMBLY, Seat.MEMBER, ParticipantClass.COMMITTEE, True),
        (MeetingForm.HEARING, Seat.PARTICIPANT, ParticipantClass.RESIDENT, False),
        (MeetingForm.HEARING, Seat.PARTICIPANT, ParticipantClass.EXPERT, True),
        (MeetingForm.REPRESENTATIVE_ASSEMBLY, Seat.OBSERVER, ParticipantClass.RESIDENT, False),
    ],
)
def test_minutes_name_who_holds_a_post_and_no_private_resident(
    form: MeetingForm, seat: Seat, kind: ParticipantClass, named: bool
) -> None:
    assert is_named(form, seat, kind) is named


def test_an_agreed_item_needs_a_task_or_a_reason_and_a_matter_has_its_own() -> None:
    def left_open(outcome: Outcome | None, **said: object) -> bool:
        values: dict[str, object] = {"has_matter": False, "follow_ups": 0, "nothing_because": "", **said}
        return is_left_open(outcome, **values)  # type: ignore[arg-type]

    assert left_open(Outcome.AGREED)
    assert left_open(Outcome.AGREED_WITH_DISSENT)
    assert not left_open(Outcome.AGREED, has_matter=True)
    assert not left_open(Outcome.AGREED, follow_ups=1)
    assert not left_open(Outcome.AGREED, nothing_because="已当场解决")
    assert not left_open(Outcome.DROPPED)
    assert not left_open(None)


def test_a_follow_up_has_words_a_day_to_come_and_no_matter() -> None:
    today = date(2026, 3, 2)

    def reason(text: str, **values: object) -> str:
        given: dict[str, object] = {"due_on": today, "today": today, "has_matter": False, **values}
        with pytest.raises(Invalid) as refused:
            check_follow_up(text, **given)  # type: ignore[arg-type]
        return refused.value.reason

    assert check_follow_up(" 修灯 ", due_on=today, today=today, has_matter=False) == "修灯"
    assert reason(" ") == "text"
    assert reason("修灯", due_on=today - timedelta(days=1)) == "due_past"
    assert reason("修灯", has_matter=True) == "has_matter"


def minute(number: int) -> datetime:
    return TEN + timedelta(minutes=number)


def test_quorum_lost_and_regained_is_told_with_the_number_then_present() -> None:
    stays = [
        (minute(-5), None),
        (minute(-5), minute(10)),
        (minute(-5), None),
        (minute(20), None),
        (minute(30), minute(30)),
    ]
    turns = presence_turns(stays, least=3, opened_at=TEN, until=minute(60))
    assert turns == [Turn(minute(10), 2, is_reached=False), Turn(minute(20), 3, is_reached=True)]


def test_who_goes_as_another_comes_in_the_same_moment_loses_no_quorum() -> None:
    stays = [(minute(-5), minute(10)), (minute(10), None), (minute(-5), None)]
    assert presence_turns(stays, least=2, opened_at=TEN, until=minute(60)) == []


def test_what_happens_after_the_end_is_no_turn() -> None:
    assert presence_turns([(minute(-5), minute(61))], least=1, opened_at=TEN, until=minute(60)) == []
    assert presence_turns([(minute(-5), minute(60))], least=1, opened_at=TEN, until=minute(60)) == [
        Turn(minute(60), 0, is_reached=False)
    ]


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_numerals_as_chinese_writes_them(number: int, said: str) -> None:
    assert numeral(number) == said
