"""A board resumed at its head from a few credentials answers as the whole board does."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import pytest

from civicforum.sealed import (
    Board,
    Check,
    Phase,
    Refused,
    Standing,
    Why,
    ballot_line,
    close_line,
    enroll_line,
    note_line,
    resume,
    stop_line,
    void_line,
)
from civicforum.sealed.group import Point, times_base
from tests.support.sealed_election import ONE_QUESTION, Election

MARKS = [1, 0, 0, 0, 0]
# Voters of the election below.
VOTED, PAPER, REISSUED, REPLACED, FRESH = range(5)
STRANGER = times_base(7)


@pytest.fixture(scope="module")
def casting() -> Election:
    """An election under way, with a voter in every standing."""
    election = Election(ONE_QUESTION, voters=5, seed="resumed")
    election.cast(VOTED, MARKS)
    election.cast(PAPER, MARKS)
    election.void(PAPER)
    election.void(REISSUED, Why.REISSUED)
    election.void(REPLACED, Why.REISSUED)
    election.put(enroll_line(times_base(9), election.credentials[REPLACED]))
    return election


def resumed(board: Board, credentials: Sequence[Point]) -> Board:
    """Return the board as a server takes it up: its head, and what it knows of these credentials."""
    standings = {
        one: replace(board.electorate.standings[one])
        for one in credentials
        if one in board.electorate.standings
    }
    return resume(board.manifest, phase=board.phase, lines=board.lines, head=board.head, standings=standings)


def answer(board: Board, line: bytes) -> tuple[bytes, Phase, int] | tuple[Check, str]:
    """Return where the line leads, or the check and the detail that refuse it."""
    try:
        return board.take(line), board.phase, board.lines
    except Refused as refused:
        return refused.check, refused.detail


def answers_alike(whole: Board, line: bytes, credentials: Sequence[Point]) -> bool:
    """Tell whether the resumed board answers as the whole one, and keeps what the whole one keeps."""
    copy, short = deepcopy(whole), resumed(whole, credentials)
    is_same = answer(copy, line) == answer(short, line)
    kept = copy.electorate.standings
    return is_same and all(kept.get(one) == short.electorate.standings.get(one) for one in credentials)


@pytest.mark.parametrize("voter", range(5))
@pytest.mark.parametrize("sequence", [0, 1, 2])
def test_ballots_get_the_same_answer(casting: Election, voter: int, sequence: int) -> None:
    line = ballot_line(casting.sealed(voter, MARKS, sequence))
    assert answers_alike(casting.board, line, [casting.credentials[voter]])


@pytest.mark.parametrize("voter", range(5))
@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("is_stopped", [False, True])
def test_voids_get_the_same_answer(casting: Election, voter: int, why: Why, is_stopped: bool) -> None:
    whole = deepcopy(casting.board)
    if is_stopped:
        whole.take(stop_line())
    credential = casting.credentials[voter]
    assert answers_alike(whole, void_line(credential, why), [credential])


@pytest.mark.parametrize("voter", range(5))
@pytest.mark.parametrize("new", [STRANGER, times_base(9)])
def test_enrolments_get_the_same_answer(casting: Election, voter: int, new: Point) -> None:
    replaced = casting.credentials[voter]
    assert answers_alike(casting.board, enroll_line(new, replaced), [new, replaced])


def test_strangers_are_refused_alike(casting: Election) -> None:
    for line in (void_line(STRANGER, Why.PAPER), enroll_line(times_base(11), STRANGER)):
        assert answers_alike(casting.board, line, [STRANGER])
        assert answer(resumed(casting.board, [STRANGER]), line)[0] in (Check.VOID, Check.ENROLL)


@pytest.mark.parametrize("line", [note_line("午间公布"), stop_line(), b"{}", b'{"type":"share"}'])
def test_other_lines_get_the_same_answer(casting: Election, line: bytes) -> None:
    assert answers_alike(casting.board, line, [])


def test_the_answers_that_are_compared_are_not_all_refusals(casting: Election) -> None:
    """Or the tests above would hold of a board that refuses everything."""
    board = resumed(casting.board, [casting.credentials[FRESH]])
    head = casting.board.head
    assert board.take(ballot_line(casting.sealed(FRESH, MARKS))) == board.head != head
    assert board.lines == casting.board.lines + 1
    assert board.electorate.standings[casting.credentials[FRESH]] == Standing(1, 0)
    board.take(stop_line())
    assert board.phase is Phase.STOPPED


def test_a_resumed_board_is_never_closed(casting: Election) -> None:
    """It does not know the ballots: a close that states the true number is not one it can check."""
    board = resumed(casting.board, casting.credentials)
    board.take(stop_line())
    with pytest.raises(Refused) as refused:
        board.take(close_line(len(casting.board.electorate.ballots)))
    assert refused.value.check is Check.CLOSE_COUNTED


@pytest.mark.parametrize("phase", [one for one in Phase if one not in (Phase.CASTING, Phase.STOPPED)])
def test_a_board_is_not_resumed_before_casting_nor_after_the_close(casting: Election, phase: Phase) -> None:
    board = casting.board
    with pytest.raises(ValueError, match=phase):
        resume(board.manifest, phase=phase, lines=board.lines, head=board.head, standings={})
