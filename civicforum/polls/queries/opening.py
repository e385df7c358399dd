"""Reads of an opening: what the trustees have done on the board, its lines for them, and what came out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.polls.models import Board, BoardLine
from civicforum.polls.services.boards import manifest_of
from civicforum.sealed import Contest, ContestCount, Phase

# So many lines at once: of the largest ballots, some megabytes.
LINES_AT_ONCE = 500
# A trustee's number in its line; no other field is called `i`, and no base64 holds a quote.
_NUMBER = re.compile(r'"i":(\d+)')


@dataclass(frozen=True)
class Opening:
    """How far an opening is.

    Attributes:
        head: after the close line: what the notice board shows, before anything is opened; None before.
        number: of that close line.
        counted: ballots that count.
        has_texts: whether names or rankings were written, which the trustees shuffle first.
        mixers, sharers: numbers of the trustees, in the order in which they came.
        end: the head after the last line.
    """

    head: bytes | None
    number: int
    counted: int
    has_texts: bool
    mixers: tuple[int, ...]
    sharers: tuple[int, ...]
    lines: int
    end: bytes
    is_open: bool


def get_opening(session: Session, poll_id: uuid.UUID) -> Opening | None:
    """Return how far the opening of a poll is; None without a board."""
    end = session.execute(
        select(Board.phase, Board.lines, Board.head).where(Board.poll_id == poll_id)
    ).one_or_none()
    if end is None:
        return None
    close, mixers, sharers = None, [], []
    for line in _after_the_close(session, poll_id):
        match line.kind:
            case "close":
                close = line
            case "shuffle":
                mixers.append(_number_of(session, poll_id, line.number, line.head))
            case "share":
                sharers.append(_number_of(session, poll_id, line.number, line.head))
    return Opening(
        head=close.head if close else None,
        number=close.number if close else 0,
        counted=_counted(session, poll_id, close.number) if close else 0,
        has_texts=manifest_of(session, poll_id).race.texts > 0,
        mixers=tuple(mixers),
        sharers=tuple(sharers),
        lines=end.lines,
        end=end.head,
        is_open=end.phase is Phase.OPENED,
    )


def list_result(session: Session, poll_id: uuid.UUID) -> list[tuple[Contest, ContestCount]] | None:
    """Return each question with what its sealed ballots say; None before the box is open."""
    raw = session.scalar(
        select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.kind == "result")
    )
    if raw is None:
        return None
    contests = manifest_of(session, poll_id).contests
    counts = sealed.counts_of(contests, sealed.read_line(raw.encode()))
    return list(zip(contests, counts, strict=True))


def list_some_lines(session: Session, poll_id: uuid.UUID, *, after: int) -> Sequence[str]:
    """Return the raw lines that come after this number, at most LINES_AT_ONCE of them."""
    return session.scalars(
        select(BoardLine.raw)
        .where(BoardLine.poll_id == poll_id, BoardLine.number > after)
        .order_by(BoardLine.number)
        .limit(LINES_AT_ONCE)
    ).all()


def find_line(session: Session, poll_id: uuid.UUID, kind: str, line: bytes) -> int | None:
    """Return the number of a line of this kind with exactly these bytes."""
    return session.scalar(
        select(BoardLine.number).where(
            BoardLine.poll_id == poll_id, BoardLine.kind == kind, BoardLine.raw == line.decode()
        )
    )


@dataclass(frozen=True)
class _Line:
    number: int
    kind: str
    head: bytes


def _after_the_close(session: Session, poll_id: uuid.UUID) -> list[_Line]:
    rows = session.execute(
        select(BoardLine.number, BoardLine.kind, BoardLine.head)
        .where(BoardLine.poll_id == poll_id, BoardLine.kind.in_(("close", "shuffle", "share")))
        .order_by(BoardLine.number)
    )
    return [_Line(*row) for row in rows]


def _counted(session: Session, poll_id: uuid.UUID, number: int) -> int:
    raw = session.scalars(
        select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.number == number)
    ).one()
    counted: int = sealed.read_line(raw.encode())["counted"]
    return counted


def _number_of(session: Session, poll_id: uuid.UUID, number: int, head: bytes) -> int:
    """Return whose line it is. A shuffle can be megabytes long, and pages ask again every second."""
    known = _numbers.get(head)
    if known is None:
        raw = session.scalars(
            select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.number == number)
        ).one()
        found = _NUMBER.search(raw)
        assert found is not None  # noqa: S101
        if len(_numbers) >= MOST_REMEMBERED:
            _numbers.clear()
        known = _numbers[head] = int(found.group(1))
    return known


MOST_REMEMBERED = 1000
# By the head after the line, which names it and everything before it.
_numbers: dict[bytes, int] = {}
