"""Writing a whole community into a file, table by table, from one moment."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, LargeBinary, Select, Table, false, select, text
from sqlalchemy.orm import Session

from civicforum import __version__
from civicforum.errors import NotFound
from civicforum.people.models import Community, Region
from civicforum.records.models import JournalHead
from civicforum.transfer.archive import FORMAT, MANIFEST, VERSION, Manifest, TableFile, fingerprint, path_of
from civicforum.transfer.tables import COMMUNITY, REGIONS, order_columns, travelling_tables
from civicforum.transfer.values import selected, to_plain

# Rows held at once; those with pictures and papers are a thousand times as large.
BATCH, LARGE_BATCH = 500, 8
Progress = Callable[[int, int, int], None]


class Written(NamedTuple):
    """What came of an export: the SHA-256 of its manifest, and how many rows it holds."""

    manifest_hash: str
    rows: int


def write_community(
    engine: Engine,
    file: IO[bytes],
    *,
    community_id: uuid.UUID,
    identity_key: str,
    now: datetime,
    report: Progress,
) -> Written:
    """Write everything of a community into `file`, as it was at one moment, in bounded memory.

    `report` is called with tables done, tables in all, and rows written. Raises NotFound.
    """
    tables = travelling_tables()
    with (
        engine.connect() as plain,
        zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        head = _head(connection, community_id)
        regions, written = _regions(connection, community_id), list[TableFile]()
        for done, table in enumerate(tables):
            report(done, len(tables), sum(each.rows for each in written))
            condition = _belongs(table, community_id, regions)
            written.append(_write_table(connection, archive, table, condition))
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            revision=revision_of(connection),
            made_at=now.isoformat(),
            made_with=__version__,
            community_id=str(community_id),
            identity_key=fingerprint(identity_key),
            tables=written,
            **head,
        )
        content = manifest.to_bytes()
        archive.writestr(MANIFEST, content)
    report(len(tables), len(tables), manifest.row_count)
    return Written(hashlib.sha256(content).hexdigest(), manifest.row_count)


def revision_of(connection: Connection) -> str:
    """Return the revision of the database's schema."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def count_rows(session: Session, *, community_id: uuid.UUID) -> dict[str, int]:
    """Return how many rows of each table belong to a community, regions left aside."""
    counts = {}
    for table in travelling_tables():
        if table.name != REGIONS:
            rows = select(table).where(_belongs(table, community_id, [])).subquery()
            counts[table.name] = session.scalar(select(text("count(*)")).select_from(rows)) or 0
    return counts


def _head(connection: Connection, community_id: uuid.UUID) -> dict[str, Any]:
    row = connection.execute(
        select(Community.name, JournalHead.sequence, JournalHead.hash)
        .join(JournalHead, JournalHead.community_id == Community.id)
        .where(Community.id == community_id)
    ).one_or_none()
    if row is None:
        raise NotFound(community_id)
    return {"community_name": row.name, "head_sequence": row.sequence, "head_hash": row.hash}


def _regions(connection: Connection, community_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the subdistrict, the district and the city of a community."""
    found: list[uuid.UUID] = []
    above = connection.scalar(select(Community.subdistrict_id).where(Community.id == community_id))
    while above is not None and above not in found:
        found.append(above)
        above = connection.scalar(select(Region.parent_id).where(Region.id == above))
    return found


def _belongs(table: Table, community_id: uuid.UUID, regions: list[uuid.UUID]) -> ColumnElement[bool]:
    if table.name == REGIONS:
        return table.c.id.in_(regions) if regions else false()
    return table.c.id == community_id if table.name == COMMUNITY else table.c.community_id == community_id


def _write_table(
    connection: Connection, archive: zipfile.ZipFile, table: Table, condition: ColumnElement[bool]
) -> TableFile:
    columns, digest, rows = list(table.columns), hashlib.sha256(), 0
    statement: Select[Any] = (
        select(*(selected(column) for column in columns)).where(condition).order_by(*order_columns(table))
    )
    is_large = any(isinstance(column.type, LargeBinary) for column in columns)
    streamed = statement.execution_options(yield_per=LARGE_BATCH if is_large else BATCH)
    # A member may turn out larger than four gigabytes.
    with archive.open(path_of(table.name), "w", force_zip64=True) as member:
        for row in connection.execute(streamed):
            values = {
                column.name: to_plain(column, value) for column, value in zip(columns, row, strict=True)
            }
            line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            member.write(line)
            rows += 1
    return TableFile(table.name, rows, digest.hexdigest())
