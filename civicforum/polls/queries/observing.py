"""What observers see of a board: digests and heads while voting goes on, the lines after the stop."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Session

from civicforum.errors import NotFound
from civicforum.polls.models import Board, BoardLine, Poll
from civicforum.sealed import Phase

AT_ONCE = 500
SHOWN = 50
BEFORE_THE_STOP = frozenset({Phase.CEREMONY, Phase.ROLL, Phase.MANIFEST, Phase.CASTING})
# Lines of which there is one, and whose heads are announced.
MILESTONES = ("manifest", "stop", "close", "result")


@dataclass(frozen=True)
class Seen:
    """A line as an observer sees it: its number from 1, its digest, and the head after it."""

    number: int
    digest: bytes
    head: bytes


@dataclass(frozen=True)
class BoardEnd:
    """Where a board ends at this moment."""

    lines: int
    head: bytes
    phase: Phase

    @property
    def is_public(self) -> bool:
        """Tell whether the lines themselves may be read: not before the stop."""
        return self.phase not in BEFORE_THE_STOP


def get_poll_with_board(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a poll of the community whose ballots are sealed. Raises NotFound."""
    poll = session.get(Poll, poll_id)
    if poll is None or poll.community_id != community_id or not poll.has_board:
        raise NotFound(poll_id)
    return poll


def find_end(session: Session, poll_id: uuid.UUID) -> BoardEnd | None:
    """Return the end of a poll's board, or None before it is founded."""
    row = session.execute(
        select(Board.lines, Board.head, Board.phase).where(Board.poll_id == poll_id)
    ).one_or_none()
    return BoardEnd(*row) if row else None


def list_seen(session: Session, poll_id: uuid.UUID, *, after: int, limit: int = AT_ONCE) -> list[Seen]:
    """Return the lines after this number, in order."""
    rows = session.execute(_seen(poll_id).where(BoardLine.number > after).limit(limit))
    return [Seen(row.number, row.digest, row.head) for row in rows]


def list_last(session: Session, poll_id: uuid.UUID, *, lines: int) -> list[Seen]:
    """Return the last lines of a board that has so many, newest first."""
    return list_seen(session, poll_id, after=max(0, lines - SHOWN), limit=SHOWN)[::-1]


def list_milestones(session: Session, poll_id: uuid.UUID) -> list[tuple[str, Seen]]:
    """Return the lines whose heads are announced, each with its type."""
    rows = session.execute(_seen(poll_id).add_columns(BoardLine.kind).where(BoardLine.kind.in_(MILESTONES)))
    return [(row.kind, Seen(row.number, row.digest, row.head)) for row in rows]


def iterate_digests(session: Session, poll_id: uuid.UUID, *, lines: int) -> Iterator[bytes]:
    """Yield the digests of the first `lines` lines joined, 32 bytes each, some hundred at a time."""
    for after in range(0, lines, AT_ONCE):
        seen = list_seen(session, poll_id, after=after, limit=min(AT_ONCE, lines - after))
        yield b"".join(one.digest for one in seen)


def iterate_archive(session: Session, poll_id: uuid.UUID, *, lines: int) -> Iterator[bytes]:
    """Yield the first `lines` lines as they were accepted, each with a line feed, some hundred at a time."""
    for after in range(0, lines, AT_ONCE):
        raws = session.scalars(
            select(BoardLine.raw)
            .where(BoardLine.poll_id == poll_id, BoardLine.number > after, BoardLine.number <= lines)
            .order_by(BoardLine.number)
            .limit(AT_ONCE)
        )
        yield b"".join(raw.encode() + b"\n" for raw in raws)


def bytes_of_archive(session: Session, poll_id: uuid.UUID, *, lines: int) -> int:
    """Return how long the archive of the first `lines` lines is."""
    length = func.sum(func.octet_length(BoardLine.raw) + 1)
    where = (BoardLine.poll_id == poll_id, BoardLine.number <= lines)
    return int(session.scalar(select(length).where(*where)) or 0)


def _seen(poll_id: uuid.UUID) -> Select[int, bytes, bytes]:
    return (
        select(BoardLine.number, digest_in_database(BoardLine.raw).label("digest"), BoardLine.head)
        .where(BoardLine.poll_id == poll_id)
        .order_by(BoardLine.number)
    )


def digest_in_database(raw: SQLColumnExpression[str]) -> ColumnElement[bytes]:
    """Return `sealed.line_digest` of a column, computed by PostgreSQL: bodies stay where they are."""
    tag = b"sealed-v1/line"
    body = func.convert_to(raw, literal("UTF8", String))
    parts = literal(len(tag).to_bytes(4) + tag, BYTEA).concat(func.int4send(func.length(body)))
    return type_coerce(func.substring(func.sha512(parts.concat(body)), 1, 32), BYTEA)


def rows_of(seen: Sequence[Seen]) -> list[dict[str, int | str]]:
    """Return lines as the page's script takes them."""
    return [{"line": one.number, "digest": one.digest.hex(), "head": one.head.hex()} for one in seen]
