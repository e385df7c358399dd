"""A board's state before the close, kept by its head, so that a server that starts again need not replay all
lines.

A snapshot is the server's own memory and is trusted like its database. A verifier never takes one.
"""

from __future__ import annotations

from typing import Any

from .board import Board, Phase
from .electorate import Standing, Why
from .lines import from_base64, read_line, write_line

_KEPT_IN = (Phase.CASTING, Phase.STOPPED)


def write_snapshot(board: Board) -> bytes:
    """Return the state of a board on which ballots or voids may still come; raise ValueError for another."""
    if board.phase not in _KEPT_IN:
        raise ValueError(f"the board is {board.phase}")
    electorate = board.electorate
    standings = [
        [credential, standing.weight, standing.sequence, standing.void, standing.is_replaced]
        for credential, standing in electorate.standings.items()
    ]
    return write_line(
        {
            "head": board.head,
            "lines": board.lines,
            "phase": board.phase,
            "founding": [raw.decode() for raw in board.founding],
            "standings": standings,
            "ballots": list(electorate.ballots.items()),
        }
    )


def read_snapshot(snapshot: bytes, head: bytes) -> Board:
    """Return the board; raise ValueError when the snapshot is of another head."""
    record = read_line(snapshot)
    if from_base64(record["head"]) != head:
        raise ValueError("the snapshot is of another head")
    board = Board()
    for raw in record["founding"]:
        board.take(raw.encode(), proofs=False)
    board.electorate.standings = {from_base64(row[0]): _standing(*row[1:]) for row in record["standings"]}
    board.electorate.ballots = {
        from_base64(voter): from_base64(ballot) for voter, ballot in record["ballots"]
    }
    board.head, board.lines, board.phase = head, record["lines"], Phase(record["phase"])
    return board


def _standing(weight: int, sequence: int, void: Any, is_replaced: bool) -> Standing:
    return Standing(weight, sequence, Why(void) if void else None, is_replaced)
