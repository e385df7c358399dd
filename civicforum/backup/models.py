"""What backups were made, for the pages and checks that say how old the last one is."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicforum.database import Base, Instant, Row


class Backup(Row, Base):
    """One whole backup of this database; the id is that in its manifest.

    In the database, for the machine that makes backups need not be the one that serves the page about them.
    """

    __tablename__ = "backup"
    __table_args__ = (
        CheckConstraint("finished_at >= made_at", name="order_of_instants"),
        CheckConstraint("size >= 0", name="size"),
    )

    # The instant whose rows it holds.
    made_at: Mapped[Instant] = mapped_column(index=True)
    finished_at: Mapped[Instant]
    machine: Mapped[str] = mapped_column(String(255))
    folder: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    # Whether the keys of this installation and of its votes are in it, sealed.
    has_secrets: Mapped[bool]
    # When every file was last read and had its hash.
    checked_at: Mapped[Instant | None]
    # When it was last restored on trial, and everything in it verified.
    tried_at: Mapped[Instant | None]
