"""The triggers that keep certified results and findings as they are, set aside in one transaction.

They refuse changes while a community lives. Only leaving removes such rows, and only coming back writes a
result that is already certified. The owner of the tables may set triggers aside; no superuser is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from civicforum.database import Base

GUARDED = text(
    """
    SELECT DISTINCT pg_class.relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND pg_class.relname = ANY(:tables)
    AND pg_class.relnamespace = current_schema()::regnamespace ORDER BY 1
    """
)


@contextmanager
def guards_set_aside(connection: Connection) -> Iterator[None]:
    """Set the triggers of our tables aside until the block ends; a rollback puts them back as well.

    Nobody else writes to these tables meanwhile: the tables stay locked until the transaction ends.
    """
    guarded = connection.scalars(GUARDED, {"tables": list(Base.metadata.tables)}).all()
    for table in guarded:
        connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
    yield
    for table in guarded:
        connection.execute(text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'))
