"""What is moved and settled in which order (DOMAIN.md C9)."""

from __future__ import annotations

import uuid
from itertools import product

import pytest

from civicforum.errors import TransitionNotAllowed
from civicforum.meetings.floor import FloorFault, FloorRefused, FloorRules, MotionKind, MotionState
from civicforum.meetings.motions import (
    NEXT_STATES,
    Known,
    Moved,
    check_move,
    check_put,
    first_state,
    in_hand,
    move,
    normal,
    on_the_table,
)

K, S = MotionKind, MotionState
TEXT = "充电棚费用不超过8万元。"


def motion(
    number: int, kind: K = K.AMENDMENT, state: S = S.OPEN, *, text: str = "", parent: Known | None = None
) -> Known:
    return Known(uuid.uuid4(), number, kind, state, text or f"第{number}稿", parent.id if parent else None)


def refused(
    moved: Moved, *motions: Known, text: str = TEXT, settled: tuple[str, ...] = ()
) -> FloorFault | None:
    try:
        check_move(moved, item_text=text, motions=motions, settled=settled)
    except FloorRefused as refusal:
        return refusal.fault
    return None


def not_put(what: Known | None, *motions: Known) -> FloorFault | None:
    try:
        check_put(what, motions)
    except FloorRefused as refusal:
        return refusal.fault
    return None


AMENDMENT = Moved(K.AMENDMENT, "充电棚费用不超过9万元。")


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    for state, to in product(S, S):
        if to in NEXT_STATES.get(state, set()):
            assert move(state, to) is to
        else:
            with pytest.raises(TransitionNotAllowed):
                move(state, to)


def test_an_item_without_a_text_gets_one_and_one_with_a_text_is_amended() -> None:
    main = Moved(K.MAIN, TEXT)
    assert refused(main, text="") is None
    assert refused(main) is FloorFault.HAS_TEXT
    assert refused(AMENDMENT, text="") is FloorFault.NO_MOTION
    assert refused(Moved(K.MAIN, " "), text="") is FloorFault.NO_TEXT
    assert refused(main, motion(1, K.MAIN, S.MOVED), text="") is FloorFault.ONE_AT_A_TIME


def test_an_amendment_changes_something() -> None:
    assert refused(AMENDMENT) is None
    assert refused(Moved(K.AMENDMENT, " 充电棚费用不超过 8万元。\n")) is FloorFault.NOTHING_CHANGED


def test_one_matter_at_a_time_and_one_level_deep() -> None:
    first = motion(1)
    assert refused(AMENDMENT, first) is FloorFault.ONE_AT_A_TIME
    of_it = Moved(K.AMENDMENT, "又一稿", first)
    assert refused(of_it, first) is None
    second = motion(2, parent=first)
    assert refused(of_it, first, second) is FloorFault.ONE_AT_A_TIME
    assert refused(Moved(K.AMENDMENT, "第三层", second), first, second) is FloorFault.TOO_DEEP


@pytest.mark.law("C9", "council.motion_repeated")
def test_what_was_voted_on_is_not_moved_again_however_it_is_spaced() -> None:
    assert refused(AMENDMENT, settled=("充电棚费用不超过９万元。",)) is FloorFault.REPEATED
    assert refused(AMENDMENT, settled=("充电棚费用不超过10万元。",)) is None


def test_the_end_of_the_debate_leaves_nothing_to_move_but_putting_it_off() -> None:
    ended = motion(1, K.END_DEBATE, S.ADOPTED)
    assert refused(AMENDMENT, ended) is FloorFault.DEBATE_ENDED
    assert refused(Moved(K.POSTPONE), ended) is None
    assert refused(AMENDMENT, motion(1, K.END_DEBATE, S.DEFEATED)) is None
    assert refused(Moved(K.END_DEBATE), text="") is FloorFault.NO_MOTION


@pytest.mark.law("C9", "council.motion_repeated")
def test_the_latest_amendment_is_voted_on_first_and_the_item_last() -> None:
    first = motion(1)
    of_it = motion(2, parent=first)
    assert in_hand([first, of_it]) is of_it
    assert not_put(None, first, of_it) is FloorFault.SETTLE_FIRST
    assert not_put(first, first, of_it) is FloorFault.NOT_ITS_TURN
    assert not_put(of_it, first, of_it) is None
    settled = motion(2, state=S.DEFEATED, parent=first)
    assert not_put(first, first, settled) is None
    assert not_put(None, settled) is None


def test_what_ends_or_puts_off_the_debate_is_voted_on_at_once() -> None:
    first, end = motion(1), motion(2, K.END_DEBATE)
    assert not_put(end, first, end) is None
    assert not_put(first, first, end) is FloorFault.NOT_ITS_TURN
    assert refused(AMENDMENT, end) is FloorFault.ONE_AT_A_TIME


def test_without_a_seconder_nothing_is_talked_about_or_voted_on() -> None:
    moved = motion(1, state=S.MOVED)
    assert first_state(FloorRules(120, 2)) is S.MOVED
    assert first_state(FloorRules(120, 2, needs_seconder=False)) is S.OPEN
    assert on_the_table([moved]) is None
    assert not_put(moved, moved) is FloorFault.NOT_SECONDED
    assert not_put(None, motion(1, K.MAIN, S.MOVED)) is FloorFault.NOT_SECONDED


def test_an_amendment_on_the_table_is_what_is_talked_about() -> None:
    main, first = motion(1, K.MAIN), motion(2)
    assert on_the_table([main]) is None
    assert on_the_table([main, first, motion(3, K.END_DEBATE)]) is first


def test_texts_are_compared_without_spaces_and_forms_of_signs() -> None:
    assert normal("费用 ８万元\nABC") == "费用8万元abc"
