"""Every table is either taken along or left behind, and every column can be written and read."""

from __future__ import annotations

import pytest
from sqlalchemy import ARRAY, Table
from sqlalchemy.dialects.postgresql import JSONB

from civicforum.database import Base
from civicforum.transfer.tables import INCLUDED, LEFT_OUT, late_keys, travelling_tables
from civicforum.transfer.values import _READERS

TABLES = Base.metadata.tables


def test_each_table_is_in_exactly_one_of_the_lists() -> None:
    missing = sorted(set(TABLES) - INCLUDED - set(LEFT_OUT))
    assert not missing, (
        f"say in civicforum/transfer/tables.py whether these tables leave with a community: {missing}"
    )
    assert not INCLUDED & set(LEFT_OUT)
    assert not (INCLUDED | set(LEFT_OUT)) - set(TABLES)


def test_what_is_taken_along_refers_to_nothing_that_is_left_behind() -> None:
    torn = [
        f"{table.name}.{key.parent.name}"
        for table in travelling_tables()
        for key in table.foreign_keys
        if key.column.table.name in LEFT_OUT
    ]
    assert torn == []


def test_rows_that_travel_belong_to_their_community() -> None:
    assert {table.name for table in travelling_tables() if "community_id" not in table.c} == {
        "region",
        "community",
    }


def test_only_references_that_may_be_empty_are_written_late() -> None:
    late = {
        f"{table.name}.{key.parent.name}": key.parent.nullable
        for table in travelling_tables()
        for key in late_keys(table)
    }
    assert late == {"grid.worker_id": True}


@pytest.mark.parametrize("table", travelling_tables(), ids=lambda table: table.name)
def test_each_kind_of_column_can_be_read(table: Table) -> None:
    for column in table.columns:
        assert isinstance(column.type, JSONB | ARRAY) or type(column.type) in _READERS, column
