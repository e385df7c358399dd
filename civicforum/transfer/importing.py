"""Bringing a community in: all of it in one transaction, checked before it is committed, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, Table, select, text, update
from sqlalchemy.orm import Session

from civicforum.people.models import Person, Region
from civicforum.records.models import JournalHead
from civicforum.records.queries import verify_journal
from civicforum.transfer.archive import Archive, FileRefused, Manifest, fingerprint
from civicforum.transfer.errors import ImportRefused
from civicforum.transfer.guards import guards_set_aside
from civicforum.transfer.reading import Preview, preview_import, read_rows
from civicforum.transfer.tables import COMMUNITY, REGIONS, late_keys, travelling_tables

Row = dict[str, Any]
# Told of tables written and tables in all.
Progress = Callable[[int, int], None]
# Any number: two imports take turns.
IMPORT_LOCK = 7_202_612


def import_community(engine: Engine, archive: Archive, *, identity_key: str, report: Progress) -> Preview:
    """Write the community of an export into a database without it; return what will differ.

    Raises ImportRefused or FileRefused; then nothing is written.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": IMPORT_LOCK})
        preview = preview_import(connection, archive, identity_key=identity_key)
        if preview.problems:
            raise ImportRefused(preview.problems)
        keeps_hashes = archive.manifest.identity_key == fingerprint(identity_key)
        with _refused_as_words():
            _Writer(connection, archive, keeps_hashes).write(report)
        _check_written(connection, archive.manifest)
    return preview


class _Writer:
    """One import; `late` holds references to rows that are written later."""

    def __init__(self, connection: Connection, archive: Archive, keeps_hashes: bool) -> None:
        self.connection, self.archive, self.keeps_hashes = connection, archive, keeps_hashes
        self.files = {file.name: file for file in archive.manifest.tables}
        self.late: list[tuple[Table, str, str, Any]] = []
        self.regions: dict[str, str] = {}

    def write(self, report: Progress) -> None:
        tables = travelling_tables()
        with guards_set_aside(self.connection):
            for done, table in enumerate(tables):
                report(done, len(tables))
                rows = read_rows(self.archive, self.files[table.name], table)
                if table.name == REGIONS:
                    self._merge_regions(list(rows))
                else:
                    self._copy(table, rows)
            for table, column, row_id, value in self.late:
                statement = update(table).where(table.c.id == uuid.UUID(row_id))
                self.connection.execute(statement.values({column: uuid.UUID(value)}))
        report(len(tables), len(tables))

    def _merge_regions(self, rows: list[Row]) -> None:
        """Use the city, district and subdistrict that are here by their names; add those that are not."""
        above: str | None = None
        for row in _from_above(rows):
            parent = self.regions.get(above) if above else None
            self.regions[row["id"]] = _region(self.connection, row, parent)
            above = row["id"]

    def _copy(self, table: Table, rows: Iterator[Row]) -> None:
        names = [column.name for column in table.columns]
        # Names of our own tables and columns: those of the file were only compared with them.
        columns = ", ".join(f'"{name}"' for name in names)
        late = [key.parent.name for key in late_keys(table)]
        cursor = cast(psycopg.Cursor[Any], self.connection.connection.cursor())
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN'.encode()) as copy:
            for row in rows:
                self._adapt(table, row, late)
                copy.write_row([row[name] for name in names])

    def _adapt(self, table: Table, row: Row, late: list[str]) -> None:
        for column in late:
            if row[column] is not None:
                self.late.append((table, column, row["id"], row[column]))
                row[column] = None
        if table.name == COMMUNITY:
            if row["subdistrict_id"] not in self.regions:
                raise FileRefused("The subdistrict of the community is not in the file.")
            row["subdistrict_id"] = self.regions[row["subdistrict_id"]]
        if table.name == Person.__tablename__ and not self.keeps_hashes:
            row["identity_hash"] = None


def _from_above(rows: list[Row]) -> Iterator[Row]:
    """Yield regions from the city down. Raises FileRefused unless they are one line."""
    parent: str | None = None
    for _each in rows:
        below = [row for row in rows if row["parent_id"] == parent]
        if len(below) != 1:
            raise FileRefused("The regions are not one line from a city to a subdistrict.")
        parent = below[0]["id"]
        yield below[0]


def _region(connection: Connection, row: Row, parent: str | None) -> str:
    parent_id = uuid.UUID(parent) if parent else None
    found = connection.scalar(
        select(Region.id)
        .where(
            Region.kind == row["kind"],
            Region.name == row["name"],
            Region.parent_id.is_not_distinct_from(parent_id),
        )
        .order_by(Region.id)
        .limit(1)
    )
    if found is None:
        taken = connection.scalar(select(Region.id).where(Region.id == uuid.UUID(row["id"])))
        found = uuid.uuid4() if taken else uuid.UUID(row["id"])
        values = {"id": found, "kind": row["kind"], "name": row["name"], "parent_id": parent_id}
        connection.execute(Region.__table__.insert().values(values))  # type: ignore[attr-defined]
    return str(found)


@contextmanager
def _refused_as_words() -> Iterator[None]:
    """Turn what the database refuses into one sentence: a constraint that the rows of the file break."""
    try:
        yield
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
        where = (error.diag.context or "").splitlines()[:1]
        told = ". ".join([f"The database refuses a row: {error.diag.message_primary}", *where])
        raise ImportRefused([told + "."]) from error


def _check_written(connection: Connection, manifest: Manifest) -> None:
    """Refuse what no single row shows: a journal that does not hold, or rows tied to another community's."""
    with Session(bind=connection, join_transaction_mode="rollback_only") as session:
        _entries, found = verify_journal(session, community_id=manifest.community)
        head = session.get_one(JournalHead, manifest.community)
        if found is not None:
            raise ImportRefused([f"The journal does not hold: entry {found.sequence} {found.reason}."])
        if (head.sequence, head.hash) != (manifest.head_sequence, manifest.head_hash):
            raise ImportRefused(["The journal does not end where the manifest says."])
    for child in travelling_tables():
        _check_inside(connection, child, manifest.community)


def _check_inside(connection: Connection, child: Table, community_id: uuid.UUID) -> None:
    """Refuse rows that refer to another community's: foreign keys alone would let them through."""
    checks = [
        # Names of our own tables and columns.
        f"(SELECT '{key.parent.name}' FROM \"{child.name}\" AS child "  # noqa: S608
        f'JOIN "{key.column.table.name}" AS parent ON child."{key.parent.name}" = parent."{key.column.name}" '
        "WHERE child.community_id = :here AND parent.community_id <> :here LIMIT 1)"
        for key in sorted(child.foreign_keys, key=lambda key: key.parent.name)
        if "community_id" in child.c and "community_id" in key.column.table.c
    ]
    if not checks:
        return
    outside = connection.scalar(text(" UNION ALL ".join(checks)), {"here": community_id})
    if outside is not None:
        raise ImportRefused([f"A row of {child.name} refers by {outside} to a row of another community."])
