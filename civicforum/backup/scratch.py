"""Trying a backup: all of it into a temporary database of its own, which nobody else sees."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from civicforum import create_app, embedded
from civicforum.backup import places
from civicforum.backup.manifest import Manifest
from civicforum.backup.restoring import restore
from civicforum.backup.verifying import Say
from civicforum.config import Settings


def try_backup(folder: Path, read: Manifest, *, processes: int, say: Say) -> None:
    """Restore a backup on trial and verify everything in it. Raises BackupRefused, DoesNotHold."""
    places.check_room(Path(tempfile.gettempdir()), read.database_size)
    with _scratch() as app:
        restore(app, folder, read, processes=processes, say=say)


@contextmanager
def _scratch() -> Iterator[Flask]:
    """Yield the application on a database that is removed at the end."""
    instance = Path(tempfile.mkdtemp(prefix="civicforum-trial-"))
    try:
        settings = Settings(
            instance=instance,
            database_url=embedded.start(instance, durable=False),
            secret_key=secrets.token_hex(),
            identity_key=secrets.token_hex(),
            secure_cookies=False,
        )
        yield create_app(settings)
    finally:
        embedded.stop(instance)
        shutil.rmtree(instance, ignore_errors=True)
