"""The demonstration community on a temporary database, for pictures and measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from civicforum import create_app, demo, embedded
from civicforum.config import Settings
from civicforum.database import db
from civicforum.garbage import collect_rarely
from civicforum.preparing import prepare_database


@contextmanager
def running(instance: Path, *, durable: bool = False) -> Iterator[Flask]:
    """Yield the application on an embedded database that holds the demonstration.

    Args:
        durable: whether the database survives a power cut, as in use.
    """
    # As each process of the web server does.
    collect_rarely()
    settings = Settings(
        instance=instance,
        database_url=embedded.start(instance, durable=durable),
        secret_key="of the bench",  # noqa: S106
        identity_key="of the bench",
        secure_cookies=False,
    )
    app = create_app(settings)
    prepare_database(app)
    with app.app_context():
        demo.load(now=datetime.now(UTC))
    yield app
    with app.app_context():
        db.engine.dispose()
    embedded.stop(instance)
