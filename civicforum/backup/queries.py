"""Reads of the backups that were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.backup.models import Backup


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that could be read back.

    Attributes:
        made_at: the instant whose rows it holds.
        machine, folder: where it was written.
        size: bytes of all its files.
        has_secrets: False when it lacks the keys, without which nobody signs in by identity number and open
            votes cannot be counted.
        checked_at: when its files were last read and had their hashes.
        tried_at: when any backup was last restored on trial and verified whole; None if never.
    """

    made_at: datetime
    machine: str
    folder: str
    size: int
    has_secrets: bool
    checked_at: datetime
    tried_at: datetime | None


def last_backup(session: Session) -> LastBackup | None:
    """Return the newest backup whose files were read back with their hashes, or None if there is none."""
    row = session.execute(
        select(
            Backup.made_at,
            Backup.machine,
            Backup.folder,
            Backup.size,
            Backup.has_secrets,
            Backup.checked_at,
            select(func.max(Backup.tried_at)).scalar_subquery().label("tried_at"),
        )
        .where(Backup.checked_at.is_not(None))
        .order_by(Backup.made_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LastBackup(**row._mapping)
