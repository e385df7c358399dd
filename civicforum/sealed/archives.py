"""Verifying a whole archive: the lines of a board in a file, one after the other.

Ballots depend on nothing but their race, so several processes check their proofs ahead of the board.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.pool import AsyncResult
from pathlib import Path
from typing import NamedTuple

from .ballots import verify_ballot
from .board import Board, Phase
from .checks import Check, Refused
from .contests import Contest
from .fields import data
from .lines import Record, read_line
from .manifest import race_of
from .races import Race

Progress = Callable[[int, int], None]
Ahead = Iterator[tuple[bytes, Refused | None]]
LINES_AT_ONCE = 32
_BALLOT = b'{"ballot":"'
_MAY_GO_ON_IN = (Phase.CASTING, Phase.STOPPED)
_BREAK_IT = (Check.CLOSE_COUNTED, Check.CLOSE_LEAST)


class Failure(NamedTuple):
    """What did not hold, and in which line; no line for the archive as a whole."""

    check: Check
    line: int | None
    detail: str


@dataclass
class Report:
    """What a verification found.

    Attributes:
        head: of all lines that were read.
        accepted: how many lines of each type.
        failures: in the order of the lines.
        is_broken: whether a line was refused that all later ones rest on; those were not looked at.
        contests: the questions, if a manifest was accepted.
        result: what the election came to, if a result was accepted.
    """

    head: bytes = b""
    lines: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    is_broken: bool = False
    contests: tuple[Contest, ...] = ()
    result: Record | None = None

    @property
    def holds(self) -> bool:
        """Tell whether every check holds."""
        return not self.failures

    def state_of(self, check: Check) -> bool | None:
        """Return whether a check holds; None when there was nothing to look at."""
        if any(failure.check is check for failure in self.failures):
            return False
        was_reached = (
            not check.lines or "any" in check.lines or any(self.accepted[kind] for kind in check.lines)
        )
        return True if was_reached else None


def verify_archive(
    path: Path, head: bytes | None = None, progress: Progress | None = None, processes: int = 1
) -> Report:
    """Check everything in an archive that can be checked, and return what was found.

    Args:
        head: the announced head, if one is known.
        progress: called with the bytes done and the bytes in all.
        processes: how many check ballots. More than one are forked: call from a process without threads.
    """
    report, board = Report(), Board()
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        for raw, refused in _checked_ahead(board, _lines(file), processes):
            _take(board, raw, refused, report)
            done += len(raw) + 1
            if progress:
                progress(min(done, size), size)
    report.head, report.lines, report.result = board.head, board.lines, board.result
    report.contests = board.manifest.contests if len(board.founding) == 3 else ()
    _finish(board, head, report)
    return report


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    return (raw.removesuffix(b"\n") for raw in file)


def _take(board: Board, raw: bytes, refused: Refused | None, report: Report) -> None:
    """Enter a line, or note why not; go on over it for the head's sake."""
    if report.is_broken:
        board.skip(raw)
        return
    try:
        # The board says itself why it refuses: another of its checks may come before the proofs.
        board.take(raw, proofs=refused is not None or not raw.startswith(_BALLOT))
        report.accepted[str(read_line(raw)["type"])] += 1
    except Refused as error:
        report.failures.append(Failure(error.check, board.lines + 1, error.detail))
        report.is_broken = board.phase not in _MAY_GO_ON_IN or error.check in _BREAK_IT
        board.skip(raw)


def _finish(board: Board, head: bytes | None, report: Report) -> None:
    try:
        board.check_complete()
    except Refused as error:
        report.failures.append(Failure(error.check, None, error.detail))
    if head not in (None, board.head):
        report.failures.append(Failure(Check.HEAD, None, f"the head of this archive is {board.head.hex()}"))


def _checked_ahead(board: Board, lines: Iterator[bytes], processes: int) -> Ahead:
    """Yield every line, with why its ballot's proofs do not hold, if it is a ballot and they do not."""
    yield from ((raw, None) for raw in islice(lines, 3))
    if board.phase is not Phase.CASTING:
        yield from ((raw, None) for raw in lines)
    elif processes == 1:
        yield from ((raw, check_ballot_line(board.manifest.race, raw)) for raw in lines)
    else:
        yield from _in_pool(board.founding[2], lines, processes)


def _in_pool(manifest: bytes, lines: Iterator[bytes], processes: int) -> Ahead:
    """Keep the processes a few batches ahead of the board, and no more: memory stays flat."""
    under_way: deque[tuple[list[bytes], AsyncResult[list[Refused | None]]]] = deque()
    with multiprocessing.get_context("fork").Pool(processes, _begin, (manifest,)) as pool:
        while batch := list(islice(lines, LINES_AT_ONCE)):
            under_way.append((batch, pool.apply_async(_check_batch, (batch,))))
            if len(under_way) > 3 * processes:
                raws, found = under_way.popleft()
                yield from zip(raws, found.get(), strict=True)
        for raws, found in under_way:
            yield from zip(raws, found.get(), strict=True)


def check_ballot_line(race: Race, raw: bytes) -> Refused | None:
    """Return why the proofs of a ballot line do not hold; None if they do, or if it is no ballot line."""
    if not raw.startswith(_BALLOT):
        return None
    try:
        verify_ballot(race, data(read_line(raw)["ballot"]))
    except Refused as refused:
        return refused
    return None


_race: Race | None = None


def _begin(manifest: bytes) -> None:
    global _race
    _race = race_of(manifest)


def _check_batch(batch: list[bytes]) -> list[Refused | None]:
    assert _race is not None  # noqa: S101
    return [check_ballot_line(_race, raw) for raw in batch]


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
