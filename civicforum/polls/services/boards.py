"""Appending to the board of a poll, inside the transaction of whoever has something to append."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.errors import NotFound
from civicforum.polls.models import Board, BoardLine, Credential, Poll
from civicforum.sealed import Manifest, Phase, Standing

FOUNDING_LINES = 3
BALLOT = "ballot"


class OnBoard(Protocol):
    """A poll as far as its board is concerned: models.Poll is one."""

    @property
    def id(self) -> Any: ...

    @property
    def community_id(self) -> Any: ...


class Appended(NamedTuple):
    """The line's number, from 1, and the head after it."""

    number: int
    head: bytes


def found_board(session: Session, *, poll: Poll, founding: Sequence[bytes]) -> sealed.Board:
    """Write the ceremony, roll and manifest lines, and a row for each credential of the roll.

    Raises sealed.Refused where the lines do not make a board.
    """
    board = sealed.Board()
    heads = [board.take(line) for line in founding]
    end = {"phase": board.phase, "lines": board.lines, "head": board.head}
    session.execute(insert(Board).values(poll_id=poll.id, community_id=poll.community_id, **end))
    numbered = enumerate(zip(founding, heads, strict=True), 1)
    lines = [_line_values(poll, taken_at(line, Appended(number, head))) for number, (line, head) in numbered]
    session.execute(_NEW_LINES, lines)
    rows = [
        {"poll_id": poll.id, "community_id": poll.community_id, "public": bytes(public)}
        for public in sorted(board.electorate.standings)
    ]
    session.execute(insert(Credential), rows)
    return board


def manifest_of(session: Session, poll_id: uuid.UUID) -> Manifest:
    """Return the manifest of a poll's board, which never changes. Raises NotFound without a board.

    Not for the transaction that founds the board: what is read is remembered by this process.
    """
    known = _manifests.get(poll_id)
    if known is None:
        raw = session.scalar(
            select(BoardLine.raw).where(BoardLine.poll_id == poll_id, BoardLine.number == FOUNDING_LINES)
        )
        if raw is None:
            raise NotFound(poll_id)
        if len(_manifests) >= MOST_REMEMBERED:
            _manifests.clear()
        known = _manifests[poll_id] = sealed.parse_manifest(raw.encode())
    return known


MOST_REMEMBERED = 200
_manifests: dict[uuid.UUID, Manifest] = {}


def lock_board(session: Session, poll_id: uuid.UUID, credentials: Iterable[bytes] = ()) -> sealed.Board:
    """Return the board at its head, locked until the commit; it knows these credentials alone.

    Raises NotFound without a board, ValueError before casting begins or after the close.
    """
    return resume_at(session, poll_id, lock_end(session, poll_id), credentials)


class End(NamedTuple):
    """Where a board has come to."""

    phase: Phase
    lines: int
    head: bytes


def lock_end(session: Session, poll_id: uuid.UUID) -> End:
    """Return the end of a board, locked until the commit. Raises NotFound without a board."""
    row = session.connection().execute(_END, {"poll_id": poll_id}).one_or_none()
    if row is None:
        raise NotFound(poll_id)
    return End(*row)


def resume_at(session: Session, poll_id: uuid.UUID, end: End, credentials: Iterable[bytes]) -> sealed.Board:
    """Return the board at its locked end. Raises ValueError before casting begins or after the close."""
    # A statement after the lock: it has to see what the one before us on the lock has written.
    rows = session.connection().execute(_STANDINGS, {"poll_id": poll_id, "known": list(credentials)})
    standings = {row.public: Standing(1, row.sequence, row.void, row.is_replaced) for row in rows}
    return sealed.resume(manifest_of(session, poll_id), **end._asdict(), standings=standings)


# Built once: of casting a ballot, building and reading statements would be the dearest part after the proofs.
_END = (
    select(Board.phase, Board.lines, Board.head)
    .where(Board.poll_id == bindparam("poll_id"))
    .with_for_update()
)
_STANDINGS = select(Credential.public, Credential.sequence, Credential.void, Credential.is_replaced).where(
    Credential.poll_id == bindparam("poll_id"),
    Credential.public == any_(bindparam("known", type_=ARRAY(LargeBinary))),
)


def read_standing(session: Session, poll_id: uuid.UUID, public: bytes) -> Standing:
    """Return how things stand with a credential. Raises NotFound for one that is not on the board."""
    row = session.execute(
        select(Credential.sequence, Credential.void, Credential.is_replaced).where(
            Credential.poll_id == poll_id, Credential.public == public
        )
    ).one_or_none()
    if row is None:
        raise NotFound(poll_id)
    return Standing(1, row.sequence, row.void, row.is_replaced)


def find_ballot(session: Session, poll_id: uuid.UUID, tracker: bytes) -> Appended | None:
    """Return where a ballot stands on the board, by its tracker."""
    row = session.execute(
        select(BoardLine.number, BoardLine.head).where(
            BoardLine.poll_id == poll_id, BoardLine.tracker == tracker
        )
    ).one_or_none()
    return Appended(*row) if row else None


def append(
    session: Session,
    *,
    poll: OnBoard,
    line: bytes,
    credential: bytes | None = None,
    replaces: bytes | None = None,
) -> Appended:
    """Append a ballot, void, enrolment, note or the stop. Raises sealed.Refused, NotFound, ValueError.

    Args:
        credential: whose ballot, void or enrolment it is; an enrolment also names what it `replaces`.
    """
    known = [one for one in (credential, replaces) if one is not None]
    board = lock_board(session, poll.id, known)
    return append_to(session, board, poll=poll, line=line, known=known, proofs=False)


def append_to(
    session: Session,
    board: sealed.Board,
    *,
    poll: OnBoard,
    line: bytes,
    known: Sequence[bytes] = (),
    proofs: bool = True,
) -> Appended:
    """Append to a board that was locked before. Raises sealed.Refused.

    Args:
        known: the credentials that the line is about, on a board that `lock_board` returned.
        proofs: False for a line whose proofs were checked before, or that has none.
    """
    head = board.take(line, proofs=proofs)
    taken = taken_at(line, Appended(board.lines, head))
    keep(session, board, poll=poll, taken=[taken], known=known)
    return taken.at


class Taken(NamedTuple):
    """A line that a board has accepted, where it stands, its type, and of a ballot the tracker."""

    line: bytes
    at: Appended
    kind: str
    tracker: bytes | None = None


def taken_at(line: bytes, at: Appended) -> Taken:
    """Return a line that was accepted there, whatever it is."""
    record = sealed.read_line(line)
    if record["type"] != BALLOT:
        return Taken(line, at, record["type"])
    return Taken(line, at, BALLOT, sealed.tracker_of(sealed.from_base64(record["ballot"])))


def keep(
    session: Session,
    board: sealed.Board,
    *,
    poll: OnBoard,
    taken: Sequence[Taken],
    known: Collection[bytes] = (),
) -> None:
    """Write lines that the locked board has accepted, its new end, and how its `known` credentials stand."""
    connection = session.connection()
    connection.execute(_NEW_LINES, [_line_values(poll, one) for one in taken])
    end = {"new_phase": board.phase, "new_lines": board.lines, "new_head": board.head}
    connection.execute(_NEW_END, {"of_poll": poll.id, **end})
    if known:
        connection.execute(_NEW_STANDINGS, [_standing_values(poll, board, public) for public in known])


_NEW_LINES = insert(BoardLine)
_NEW_END = (
    update(Board)
    .where(Board.poll_id == bindparam("of_poll"))
    .values({name: bindparam(f"new_{name}") for name in ("phase", "lines", "head")})
)
_NEW_STANDING = insert(Credential)
_STANDING = ("sequence", "void", "is_replaced")
# Of a credential that was enrolled just now there is no row yet.
_NEW_STANDINGS = _NEW_STANDING.on_conflict_do_update(
    constraint="pk_credential", set_={name: _NEW_STANDING.excluded[name] for name in _STANDING}
)


def list_lines(session: Session, poll_id: uuid.UUID, *, after: int = 0) -> Sequence[bytes]:
    """Return the raw lines after this number, in order."""
    rows = session.scalars(
        select(BoardLine.raw)
        .where(BoardLine.poll_id == poll_id, BoardLine.number > after)
        .order_by(BoardLine.number)
    )
    return [raw.encode() for raw in rows]


def replay(session: Session, poll_id: uuid.UUID) -> sealed.Board:
    """Return the whole board from its lines; proofs of ballots and shuffles were checked when they came."""
    board = sealed.Board()
    for line in list_lines(session, poll_id):
        board.take(line, proofs=False)
    return board


def lock_and_replay(session: Session, poll_id: uuid.UUID) -> sealed.Board:
    """Lock the board until the commit and return it whole, for the close and whatever comes after it.

    Raises NotFound without a board.
    """
    found = session.scalar(select(Board.poll_id).where(Board.poll_id == poll_id).with_for_update())
    if found is None:
        raise NotFound(poll_id)
    return replay(session, poll_id)


def phase_of(session: Session, poll_id: uuid.UUID) -> Phase | None:
    """Return how far the board has come; None without a board."""
    return session.scalar(select(Board.phase).where(Board.poll_id == poll_id))


def _line_values(poll: OnBoard, taken: Taken) -> dict[str, Any]:
    return {
        "poll_id": poll.id,
        "number": taken.at.number,
        "community_id": poll.community_id,
        "kind": taken.kind,
        "raw": taken.line.decode(),
        "head": taken.at.head,
        "tracker": taken.tracker,
    }


def _standing_values(poll: OnBoard, board: sealed.Board, public: bytes) -> dict[str, Any]:
    standing = board.electorate.standings[public]
    key = {"poll_id": poll.id, "community_id": poll.community_id, "public": public}
    return {**key, **{name: getattr(standing, name) for name in _STANDING}}
