"""A board taken up again at its head, from what a server keeps of it, without replaying its lines.

What a server keeps is its own memory and is trusted like its database. A verifier never resumes.
"""

from __future__ import annotations

from collections.abc import Mapping

from .board import Board, Phase
from .electorate import Electorate, Standing
from .group import Point
from .manifest import Manifest

RESUMED_IN = (Phase.CASTING, Phase.STOPPED)


def resume(
    manifest: Manifest, *, phase: Phase, lines: int, head: bytes, standings: Mapping[Point, Standing]
) -> Board:
    """Return a board that takes ballots, voids, enrolments, notes and the stop of these credentials.

    It knows no other credential and none of the ballots cast before, so it cannot be closed.
    Raises ValueError before casting begins and after the close.
    """
    if phase not in RESUMED_IN:
        raise ValueError(f"the board is {phase}")
    board = Board()
    board.manifest, board.electorate = manifest, Electorate([], None)
    board.electorate.standings = dict(standings)
    board.phase, board.lines, board.head = phase, lines, head
    return board
