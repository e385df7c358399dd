"""The database: whether it answers, keeps what it was given, and has the schema of this version."""

from __future__ import annotations

import os

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from civicforum.config import ROOT
from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status

OLDEST_VERSION = 140000
# The job worker has four, PostgreSQL keeps three for its administrator, and each web process listens on one.
BESIDE_POOLS = 7


@check("database.answers")
def answers(around: Surroundings) -> Finding:
    status = Status.GOOD if around.connection is not None else Status.BAD
    return found(
        "database.answers",
        status,
        _l("The database does not answer: %(why)s") if status else _l("The database answers."),
        _l(
            "Start it, or mend CIVICFORUM_DATABASE_URL; of the embedded one, postgres/log in the "
            "instance folder says why."
        ),
        why=around.failure,
    )


@check("database.version", asks_database=True)
def version(around: Surroundings) -> Finding:
    number = int(_setting(around, "server_version_num"))
    return found(
        "database.version",
        Status.BAD if number < OLDEST_VERSION else Status.GOOD,
        _l("PostgreSQL is version %(version)s."),
        _l("Move to PostgreSQL 14 or newer: older ones get no repairs any more."),
        version=_setting(around, "server_version"),
    )


@check("database.durable", asks_database=True)
def durable(around: Surroundings) -> Finding:
    names = ("fsync", "full_page_writes", "synchronous_commit")
    off = [name for name in names if _setting(around, name) == "off"]
    return found(
        "database.durable",
        Status.BAD if off else Status.GOOD,
        _l("PostgreSQL may lose what it has acknowledged at a power cut: %(names)s off.")
        if off
        else _l("What PostgreSQL acknowledges survives a power cut."),
        _l("Set them to on in postgresql.conf and reload: a ballot that was acknowledged may not vanish."),
        names=", ".join(off),
    )


@check("database.connections", asks_database=True)
def connections(around: Surroundings) -> Finding:
    settings, most = around.settings, int(_setting(around, "max_connections"))
    processes = min(4, max(2, os.cpu_count() or 2))
    needed = processes * (settings.pool_size + settings.pool_overflow + 1) + BESIDE_POOLS
    too_few = needed > most and not settings.pgbouncer
    return found(
        "database.connections",
        Status.LOOK if too_few else Status.GOOD,
        _l("PostgreSQL gives %(most)s connections; this machine may want %(needed)s."),
        _l(
            "Raise max_connections, lower CIVICFORUM_POOL_SIZE or CIVICFORUM_POOL_OVERFLOW, or put a "
            "PgBouncer between."
        ),
        most=most,
        needed=needed,
    )


@check("database.schema", asks_database=True)
def schema(around: Surroundings) -> Finding:
    assert around.connection is not None  # noqa: S101
    if is_schema_current(around.connection):
        return good("database.schema", _l("The database has the schema of this version."))
    return found(
        "database.schema",
        Status.BAD,
        _l("The database does not have the schema of this version."),
        _l(
            "Run civicforum migrate after a backup; if the database is newer than the program, "
            "install the newer program."
        ),
    )


def is_schema_current(connection: Connection) -> bool:
    """Tell whether the database is at the migration that this version ends with."""
    heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == known_heads()


def known_heads() -> set[str]:
    """Return the migrations that this version ends with."""
    return set(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def _setting(around: Surroundings, name: str) -> str:
    assert around.connection is not None  # noqa: S101
    return str(around.connection.scalar(text("SELECT current_setting(:name)"), {"name": name}))
