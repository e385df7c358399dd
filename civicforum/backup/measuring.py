"""What a database holds, as figures: rows and digest of each table, the ends of journals and boards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text

Report = Callable[[int, int], None]
# Rows as text have to read the same on every server.
_AS_TEXT = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
_TABLES = """
    SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
_JOURNALS = """
    SELECT community.id, community.name, head.sequence, head.hash,
        (SELECT max(at) FROM journal_entry WHERE community_id = community.id)
    FROM community JOIN journal_head head ON head.community_id = community.id
    ORDER BY community.id
"""
_BOARDS = "SELECT poll_id, lines, encode(head, 'hex') FROM board ORDER BY poll_id"


@dataclass(frozen=True)
class Table:
    """How many rows, and the exclusive or of their MD5 sums: equal for equal rows in any order.

    It is there to find what was lost or altered by mistake; against malice stand the chains in the rows.
    """

    rows: int
    digest: str


@dataclass(frozen=True)
class Journal:
    """Where a community's journal ends. `last_at` is None while it has no entry; an instant in ISO, UTC."""

    name: str
    number: int
    hash: str
    last_at: str | None


@dataclass(frozen=True)
class Board:
    """Where the board of a vote ends."""

    lines: int
    head: str


@dataclass(frozen=True)
class Content:
    """What a database held at one moment, by table name, community id and poll id."""

    revision: str
    tables: dict[str, Table]
    journals: dict[str, Journal]
    boards: dict[str, Board]


def measure(connection: Connection, report: Report | None = None) -> Content:
    """Return what the database holds as the connection's transaction sees it."""
    for setting in _AS_TEXT:
        connection.execute(text(setting))
    found = connection.execute(text(_TABLES)).all()
    tables: dict[str, Table] = {}
    for done, (name, columns) in enumerate(found, 1):
        tables[name] = _measure_table(connection, name, columns)
        if report:
            report(done, len(found))
    journals = {
        str(row[0]): Journal(row[1], row[2], row[3], row[4].isoformat() if row[4] else None)
        for row in connection.execute(text(_JOURNALS))
    }
    boards = {str(row[0]): Board(row[1], row[2]) for row in connection.execute(text(_BOARDS))}
    return Content(revision_of(connection), tables, journals, boards)


def revision_of(connection: Connection) -> str:
    """Return the migration the schema is at."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def differences(expected: Content, found: Content) -> list[str]:
    """Return a line for everything in which a database is not what it was expected to be."""
    lines = [f"the schema is at {found.revision}"] if found.revision != expected.revision else []
    for name in sorted(expected.tables.keys() | found.tables.keys()):
        was, now = expected.tables.get(name), found.tables.get(name)
        if was is None or now is None:
            lines.append(f"table {name} is {'missing' if now is None else 'not of the backup'}")
        elif was.rows != now.rows:
            lines.append(f"table {name} has {now.rows} rows, not {was.rows}")
        elif was.digest != now.digest:
            lines.append(f"table {name} has other rows")
    lines += [
        f"the journal of {journal.name} does not end with entry {journal.number}"
        for community, journal in expected.journals.items()
        if found.journals.get(community) != journal
    ]
    lines += [
        f"the board of poll {poll} does not end with line {board.lines}"
        for poll, board in expected.boards.items()
        if found.boards.get(poll) != board
    ]
    return lines


def _measure_table(connection: Connection, name: str, columns: str) -> Table:
    # Names from the catalogue, quoted by it; columns by name, for migrations of different ages order them
    # differently.
    each = f"('x' || md5(ROW({columns})::text))::bit(128)"
    query = f'SELECT count(*), coalesce(bit_xor({each}), 0::bit(128))::text FROM public."{name}"'  # noqa: S608
    rows, bits = connection.execute(text(query.replace(":", "\\:"))).one()
    return Table(rows, f"{int(bits, 2):032x}")
