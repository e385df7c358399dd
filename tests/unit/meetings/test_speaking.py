"""Whose turn it is: the rules of procedure of DOMAIN.md C9, worked by hand."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.meetings.floor import FloorFault, FloorRefused, FloorRules, Stance
from civicforum.meetings.rules import Seat
from civicforum.meetings.speaking import Asking, Request, Turn, check_ask, check_give, queue, seconds_left

RULES = FloorRules(speech_seconds=120, speeches_each=2)
START = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
PEOPLE = {name: uuid.uuid4() for name in "abcdef"}


def asked(name: str, stance: Stance, minute: int = 0) -> Request:
    return Request(uuid.uuid4(), PEOPLE[name], stance, START + timedelta(minutes=minute), name)


def spoke(name: str, stance: Stance) -> Turn:
    return Turn(PEOPLE[name], stance)


def order(waiting: list[Request], turns: list[Turn], rules: FloorRules = RULES) -> str:
    return "".join(one.number for one in queue(waiting, turns, rules))


def asking(**changes: object) -> Asking:
    usual: dict[str, object] = {
        "stance": Stance.FOR,
        "seat": Seat.MEMBER,
        "is_presiding": False,
        "is_waiting": False,
        "turns": 0,
        "has_text": True,
    }
    return Asking(**(usual | changes))  # type: ignore[arg-type]


def refused(rules: FloorRules = RULES, **changes: object) -> FloorFault | None:
    try:
        check_ask(asking(**changes), rules)
    except FloorRefused as refusal:
        return refusal.fault
    return None


@pytest.mark.law("C9", "council.speech_times")
def test_who_has_not_spoken_goes_before_who_asked_earlier() -> None:
    waiting = [asked("a", Stance.NEUTRAL, 0), asked("b", Stance.NEUTRAL, 5)]
    assert order(waiting, [spoke("a", Stance.NEUTRAL)]) == "ba"


@pytest.mark.law("C9", "council.speech_times")
def test_sides_alternate_and_a_question_holds_its_place() -> None:
    waiting = [
        asked("a", Stance.FOR, 0),
        asked("b", Stance.FOR, 1),
        asked("c", Stance.AGAINST, 2),
        asked("d", Stance.NEUTRAL, 3),
    ]
    # a is first; then not b, of the same side, but c; after c's side b comes, who asked before d.
    assert order(waiting, []) == "acbd"
    # After somebody for it: c; then a, who asked first; then not b, of the same side, but the question of d.
    assert order(waiting, [spoke("e", Stance.FOR)]) == "cadb"


def test_a_question_does_not_change_which_side_is_next() -> None:
    waiting = [asked("a", Stance.FOR, 0), asked("b", Stance.AGAINST, 1)]
    assert order(waiting, [spoke("e", Stance.FOR), spoke("f", Stance.NEUTRAL)]) == "ba"


def test_without_these_rules_who_asked_first_speaks_first() -> None:
    plain = FloorRules(120, 2, first_speakers_first=False, sides_alternate=False)
    waiting = [asked("a", Stance.FOR, 0), asked("b", Stance.FOR, 1), asked("c", Stance.AGAINST, 2)]
    assert order(waiting, [spoke("a", Stance.FOR)], plain) == "abc"


def test_two_who_asked_at_one_instant_stand_by_their_number() -> None:
    assert order([asked("b", Stance.FOR), asked("a", Stance.FOR)], []) == "ab"


@pytest.mark.law("C9", "council.speech_times")
@pytest.mark.parametrize(("turns", "fault"), [(1, None), (2, FloorFault.TOO_OFTEN)])
def test_nobody_speaks_more_often_than_the_sessions_rules_say(turns: int, fault: FloorFault | None) -> None:
    assert refused(turns=turns) is fault


def test_the_numbers_are_the_sessions() -> None:
    assert refused(FloorRules(180, 3), turns=2) is None
    assert refused(FloorRules(180, 3), turns=3) is FloorFault.TOO_OFTEN


@pytest.mark.law("C9", "council.motion_repeated")
def test_without_a_motion_nobody_speaks() -> None:
    assert refused(has_text=False) is FloorFault.NO_MOTION
    assert refused(FloorRules(120, 2, motion_first=False), has_text=False) is None


def test_who_presides_asks_and_takes_no_side() -> None:
    assert refused(is_presiding=True, stance=Stance.FOR) is FloorFault.PRESIDING
    assert refused(is_presiding=True, stance=Stance.AGAINST) is FloorFault.PRESIDING
    assert refused(is_presiding=True, stance=Stance.NEUTRAL) is None


@pytest.mark.law("B40", "assembly.representatives.residents_may_speak")
def test_observers_speak_where_the_rules_let_them() -> None:
    assert refused(seat=Seat.OBSERVER) is None
    assert (
        refused(FloorRules(120, 2, observers_speak=False), seat=Seat.OBSERVER) is FloorFault.OBSERVERS_SILENT
    )


def test_one_request_at_a_time_and_none_after_the_debate() -> None:
    assert refused(is_waiting=True) is FloorFault.ASKED_ALREADY
    assert refused(is_debate_over=True) is FloorFault.DEBATE_ENDED


def test_a_turn_out_of_order_needs_a_reason() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    check_give([first, second], first, reason="")
    check_give([first, second], second, reason="消防人员要先离开")
    with pytest.raises(FloorRefused):
        check_give([first, second], second, reason="  ")


@pytest.mark.law("C9", "council.speech_minutes")
@pytest.mark.parametrize(("after", "left"), [(0, 120), (119, 1), (120, 0), (130, -10)])
def test_time_is_shown_and_nobody_is_cut_off(after: int, left: int) -> None:
    now = START + timedelta(seconds=after)
    assert seconds_left(allowed=RULES.speech_seconds, started_at=START, now=now) == left
