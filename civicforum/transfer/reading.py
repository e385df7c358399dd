"""Reading an export without writing: is every row what this version and this database can take?"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlalchemy import Connection, Table, func, select

from civicforum.accounts.models import Account
from civicforum.people.models import Community
from civicforum.transfer.archive import Archive, FileRefused, TableFile, fingerprint
from civicforum.transfer.exporting import revision_of
from civicforum.transfer.tables import COMMUNITY, REGIONS, travelling_tables
from civicforum.transfer.values import BadValue, from_plain

PROBLEMS_MOST = 50
# A city, a district and a subdistrict.
REGIONS_MOST = 8
LOGINS_AT_ONCE = 500


class BadRow(ValueError):
    """A line that is not a row of its table."""


class Enough(Exception):
    """As many problems as anybody reads at once."""


@dataclass
class Preview:
    """What an import would do, or why it cannot be: sentences in English that name file and line."""

    problems: list[str] = field(default_factory=list)
    # Things that will differ from the community that left.
    notes: list[str] = field(default_factory=list)

    def object_to(self, problem: str) -> None:
        self.problems.append(problem)
        if len(self.problems) >= PROBLEMS_MOST:
            self.problems.append("There are more; these come first.")
            raise Enough


def preview_import(connection: Connection, archive: Archive, *, identity_key: str) -> Preview:
    """Return what importing would do. Nothing is written. Raises FileRefused for a damaged file."""
    preview, manifest = Preview(), archive.manifest
    try:
        _check_place(connection, archive, preview)
        known = {table.name: table for table in travelling_tables()}
        _check_tables(archive, known, preview)
        if preview.problems:
            return preview
        for file in manifest.tables:
            _check_rows(connection, archive, known[file.name], file, preview)
    except Enough:
        pass
    if manifest.identity_key != fingerprint(identity_key):
        preview.notes.append(_OTHER_KEY)
    return preview


def read_row(table: Table, line: bytes, community_id: uuid.UUID) -> dict[str, Any]:
    """Return a line's values as COPY writes them, by column. Raises BadRow."""
    try:
        given = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRow("this is no JSON object") from error
    if not isinstance(given, dict):
        raise BadRow("this is no JSON object")
    names = {column.name for column in table.columns}
    if unknown := sorted(set(given) - names):
        raise BadRow(f"there is no column {unknown[0]!r}")
    if missing := sorted(names - set(given)):
        raise BadRow(f"the column {missing[0]!r} is missing")
    row = {column.name: _value(column, given[column.name]) for column in table.columns}
    own = row["id"] if table.name == COMMUNITY else row.get("community_id")
    if table.name != REGIONS and own != str(community_id):
        raise BadRow("this row belongs to another community")
    return row


def read_rows(archive: Archive, file: TableFile, table: Table) -> Iterator[dict[str, Any]]:
    """Yield a table's rows. Raises FileRefused, which names the line."""
    for number, line in enumerate(archive.lines(file), start=1):
        try:
            yield read_row(table, line, archive.manifest.community)
        except BadRow as error:
            raise FileRefused(f"{file.path}, line {number}: {error}.") from error


def _value(column: Any, value: Any) -> Any:
    try:
        return from_plain(column, value)
    except (BadValue, RecursionError) as error:
        raise BadRow(f"{column.name} should be {error}") from error


def _check_place(connection: Connection, archive: Archive, preview: Preview) -> None:
    manifest, here = archive.manifest, revision_of(connection)
    if manifest.revision != here:
        preview.object_to(
            f"The file has the schema {manifest.revision}, made with civicforum {manifest.made_with}; this "
            f"database has {here}. Import it with that version into an empty database, then install this "
            "one: it brings the database up to date."
        )
    if connection.scalar(select(Community.id).where(Community.id == manifest.community)):
        preview.object_to("This database already holds the community.")
    if connection.scalar(select(func.count()).where(Community.is_demonstration)):
        preview.object_to("This database holds the demonstration, and no other community stands beside it.")


def _check_tables(archive: Archive, known: dict[str, Table], preview: Preview) -> None:
    given = [file.name for file in archive.manifest.tables]
    for name in given:
        if name not in known:
            preview.object_to(f"This version knows no table {name!r} in an export.")
    preview.problems += [f"The table {name} is missing." for name in known if name not in given]
    for file in archive.manifest.tables:
        if file.name in (COMMUNITY, "journal_head") and file.rows != 1:
            preview.object_to(f"{file.path} should have one row and has {file.rows}.")
        if file.name == REGIONS and not 1 <= file.rows <= REGIONS_MOST:
            preview.object_to(f"{file.path} should name the city, the district and the subdistrict.")


def _check_rows(
    connection: Connection, archive: Archive, table: Table, file: TableFile, preview: Preview
) -> None:
    logins: dict[str, int] = {}
    for number, line in enumerate(archive.lines(file), start=1):
        try:
            row = read_row(table, line, archive.manifest.community)
        except BadRow as error:
            preview.object_to(f"{file.path}, line {number}: {error}.")
            continue
        if table.name == Account.__tablename__:
            logins[row["login"]] = number
    for login in _taken(connection, list(logins)):
        preview.object_to(f"{file.path}, line {logins[login]}: somebody here already signs in as {login!r}.")


def _taken(connection: Connection, logins: list[str]) -> Iterator[str]:
    """Yield the logins that somebody of another community here has: one login, one account."""
    for start in range(0, len(logins), LOGINS_AT_ONCE):
        part = logins[start : start + LOGINS_AT_ONCE]
        yield from connection.scalars(select(Account.login).where(Account.login.in_(part)))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_OTHER_KEY = (
    "This server hashes identity numbers with another key: people come without the hash of theirs, and a "
    "number entered here finds nobody until it is entered anew. Printed slips of the service station that "
    "were not used yet open nothing here: print new ones. To keep both, give this server the identity_key of "
    "the old one (in its secrets.toml) before the import."
)
