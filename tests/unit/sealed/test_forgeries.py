"""Every line that a forger may try, made anew, so that each lie is hashed as the code hashes now."""

from __future__ import annotations

from functools import cache

import pytest

from civicforum.sealed import Board, Check, Refused
from tests.support.sealed_election import Election, whole_election
from tests.support.sealed_forgeries import Forgery, forgeries

FORGERIES = forgeries(whole_election())


@cache
def board_after(lines: int) -> Board:
    """Return a board that a test may use again: what is refused changes nothing."""
    return Election.replayed(whole_election().lines[:lines])[0]


@pytest.mark.parametrize("forgery", FORGERIES, ids=[forgery.name for forgery in FORGERIES])
def test_a_forged_line_is_refused_by_the_check_that_is_meant(forgery: Forgery) -> None:
    board = board_after(forgery.after)
    before = board.head, board.lines, board.phase
    with pytest.raises(Refused) as refused:
        board.take(forgery.line)
    assert refused.value.check == forgery.check
    assert (board.head, board.lines, board.phase) == before


def test_every_check_of_a_line_refuses_some_forgery() -> None:
    """The lower bound is for another election, the last ones are not of a line."""
    elsewhere = {Check.CLOSE_LEAST, Check.COMPLETE, Check.HEAD, Check.RECEIPT, Check.AUDIT}
    assert {forgery.check for forgery in FORGERIES} == set(Check) - elsewhere
