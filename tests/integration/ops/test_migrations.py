"""The schema that the migrations build is the one the models describe, to the last CHECK."""

from __future__ import annotations

from collections.abc import Callable

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from civicforum.database import db

SHAPES = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def shape(engine: sa.Engine, kind: str) -> set[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(SHAPES[kind])
        return {tuple(row) for row in rows if not row[0].startswith(("procrastinate_", "alembic_"))}


@pytest.fixture(scope="module")
def from_models(make_database: Callable[[str], str]) -> sa.Engine:
    engine = sa.create_engine(make_database("template0"), poolclass=sa.NullPool)
    db.metadata.create_all(engine)
    return engine


@pytest.mark.parametrize("kind", SHAPES)
def test_migrations_build_what_the_models_describe(app: Flask, from_models: sa.Engine, kind: str) -> None:
    with app.app_context():
        migrated = shape(db.engine, kind)
    described = shape(from_models, kind)
    assert migrated - described == set()
    assert described - migrated == set()


def test_schema_can_be_taken_down_and_built_again(committed: Flask) -> None:
    with committed.app_context():
        flask_migrate.downgrade(revision="base")
        with db.engine.connect() as connection:
            left = connection.exec_driver_sql(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).scalars()
            assert set(left) == {"alembic_version"}
        flask_migrate.upgrade()
