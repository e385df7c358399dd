"""A city's installation: which tables are spread over servers, and the statements that widen their keys.

Usage: python -m tools.city tables   the table list of docs/operate/city.md, written into that page
       python -m tools.city keys     SQL that makes `community_id` a part of every key (adr 0018), to stdout
       python -m tools.city spread   SQL that hands the tables to Citus, to stdout

All of it follows from the models. tests/integration/ops/test_distribution.py runs the second on a database.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from sqlalchemy import Constraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, DropIndex

import civicforum.models  # noqa: F401
from civicforum.config import ROOT
from civicforum.database import Base

PAGE = ROOT / "docs" / "operate" / "city.md"
BEGIN, END = "<!-- tables: python -m tools.city tables -->", "<!-- end of tables -->"
SPREAD_BY = "community_id"
DIALECT = postgresql.dialect()
PREPARER = DIALECT.identifier_preparer

# Copied to every server: few rows, seldom written, and every other table refers to them.
REFERENCE: dict[str, str] = {
    "region": "cities, districts and subdistricts: above every community",
    "community": "one row for each community, which every other row refers to",
}
# On the first server alone.
LOCAL: dict[str, str] = {
    "account": "the directory of sign-in: a name is looked up before anybody knows the community",
    "sign_in_session": "a cookie holds the number of a session and no community",
    "sign_in_failure": "attempts against the whole site, by name and by address",
    "one_time_code": "belongs to an account",
    "half_sign_in": "belongs to an account",
    "authenticator_app": "belongs to an account",
    "passkey": "belongs to an account",
    "recovery_code": "belongs to an account",
    "assistance": "belongs to a session: which clerk acts for whom on which device",
    "outbox_message": "a queue: whoever sends takes what is next, of every community (SKIP LOCKED)",
    "outbox_item": "belongs to the queue of messages",
    "backup": "what was backed up is the whole installation",
}
# In no model of ours.
FOREIGN: dict[str, str] = {
    "procrastinate_*": "the queue of jobs: workers take what is next, of every community",
    "alembic_version": "the state of the schema",
}


def spread_tables() -> list[Table]:
    """Return the tables that are spread by community, those first that others refer to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in REFERENCE | LOCAL]


def is_spread(table: Table) -> bool:
    return table.name not in REFERENCE and table.name not in LOCAL


def references(table: Table) -> list[ForeignKeyConstraint]:
    """Return the foreign keys of a table, in an order that is the same in every run."""
    return sorted(table.foreign_key_constraints, key=lambda key: key.column_keys)


def crossing(table: Table) -> Iterator[ForeignKeyConstraint]:
    """Yield foreign keys between what is spread and what is local: Citus has none, they are given up."""
    for key in references(table):
        other = key.referred_table
        if other.name not in REFERENCE and is_spread(table) != is_spread(other):
            yield key


def key_statements() -> list[str]:
    """Return the statements that widen keys: references go first and come back last."""
    dropped, changed, added = [], [], []
    for table in Base.metadata.sorted_tables:
        dropped += [_drop(key) for key in crossing(table)]
        if not is_spread(table):
            continue
        kept = [key for key in references(table) if is_between_spread(key)]
        dropped += [_drop(key) for key in kept]
        changed += list(_wider_keys(table))
        added += [_wider_reference(key) for key in kept]
    return dropped + changed + added


def is_between_spread(key: ForeignKeyConstraint) -> bool:
    return is_spread(key.table) and is_spread(key.referred_table)


def spread_statements() -> list[str]:
    """Return the statements for Citus, after the keys are wide."""
    statements = [f"SELECT create_reference_table('{name}');" for name in ("region", "community")]
    first, *others = [table.name for table in spread_tables()]
    statements.append(f"SELECT create_distributed_table('{first}', '{SPREAD_BY}', shard_count => 64);")
    for name in others:
        statements.append(
            f"SELECT create_distributed_table('{name}', '{SPREAD_BY}', colocate_with => '{first}');"
        )
    return statements


def table_list() -> str:
    """Return the list as Markdown."""
    spread = " ".join(f"`{table.name}`" for table in sorted(spread_tables(), key=lambda one: one.name))
    rows = [f"| `{name}` | reference | {why} |" for name, why in REFERENCE.items()]
    rows += [f"| `{name}` | local | {why} |" for name, why in (LOCAL | FOREIGN).items()]
    given_up = [
        f"`{table.name}.{key.column_keys[0]}` → `{key.referred_table.name}`"
        for table in Base.metadata.sorted_tables
        for key in crossing(table)
    ]
    return "\n".join(
        [
            "| table | kind | why |",
            "| --- | --- | --- |",
            *rows,
            f"| {len(spread_tables())} others, below | spread, in one group | rows of one community |",
            "",
            f"Spread: {spread}.",
            "",
            f"References given up, because Citus has none between these kinds: {'; '.join(given_up)}.",
        ]
    )


def _wider_keys(table: Table) -> Iterator[str]:
    for key in sorted(table.constraints, key=_name):
        if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and SPREAD_BY not in key.columns:
            kind = "PRIMARY KEY" if isinstance(key, PrimaryKeyConstraint) else "UNIQUE"
            yield _drop(key)
            yield f"{_alter(table)} ADD CONSTRAINT {_name(key)} {kind} ({_columns(key.columns.keys())});"
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        if index.unique and SPREAD_BY not in index.columns:
            yield f"{_sql(DropIndex(index))}"
            yield _sql(CreateIndex(index)).replace(" (", f" ({SPREAD_BY}, ", 1)


def _wider_reference(key: ForeignKeyConstraint) -> str:
    there = [element.column.name for element in key.elements]
    rule = f" ON DELETE {key.ondelete}" if key.ondelete else ""
    return (
        f"{_alter(key.table)} ADD CONSTRAINT {_name(key)} FOREIGN KEY ({_columns(key.column_keys)}) "
        f"REFERENCES {_quoted(key.referred_table.name)} ({_columns(there)}){rule};"
    )


def _drop(constraint: Constraint) -> str:
    return f"{_alter(constraint.table)} DROP CONSTRAINT {_name(constraint)};"


def _alter(table: Table) -> str:
    return f"ALTER TABLE {_quoted(table.name)}"


def _name(constraint: Constraint) -> str:
    return str(PREPARER.format_constraint(constraint))


def _columns(names: Sequence[str]) -> str:
    """Return the columns of a wider key."""
    return ", ".join(_quoted(name) for name in (SPREAD_BY, *(name for name in names if name != SPREAD_BY)))


def _quoted(name: str) -> str:
    return str(PREPARER.quote(name))


def _sql(item: CreateIndex | DropIndex) -> str:
    return " ".join(str(item.compile(dialect=DIALECT)).split()) + ";"


def write_page() -> None:
    """Put the table list into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table_list()}\n{END}{after}", encoding="utf-8")


def main(command: str) -> None:
    if command == "tables":
        write_page()
    else:
        statements = {"keys": key_statements, "spread": spread_statements}[command]()
        sys.stdout.write("\n".join(["BEGIN;", *statements, "COMMIT;", ""]))


if __name__ == "__main__":
    main(sys.argv[1])
