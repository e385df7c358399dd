"""Run migrations on the application's database. Revisions import no model, so that old ones keep running."""

from __future__ import annotations

from alembic import context
from flask import current_app

import civicforum.models  # noqa: F401
from civicforum.database import db, direct_engine

# A migration that waits for a lock makes everybody else wait behind it.
LOCK_TIMEOUT = "10s"


def is_ours(_object: object, name: str | None, kind: str, reflected: bool, _compared_to: object) -> bool:
    """Leave out the tables and indexes of the job queue, which come from its own package."""
    return not (kind == "table" and reflected and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    # Past a pooler: the limit belongs to the session, and would be left behind in one that others use next.
    with direct_engine(current_app).connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=is_ours,
            **{**current_app.extensions["migrate"].configure_args, "render_as_batch": False},
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: set CIVICFORUM_DATABASE_URL, or use the embedded one.")
run()
