"""A town with everything a backup has to bring back, and backups of it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from PIL import Image
from sqlalchemy import text

from civicforum.backup import services, vault
from civicforum.backup.services import Made
from civicforum.backup.vault import SealingKey
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.records.photos import store_photo
from civicforum.records.services import record
from tests.factories import NOW, PASSWORD, actor_of, make_community, make_officer
from tests.support.polls import FOR, SealedPoll, make_poll
from tests.support.town import Town

PASSPHRASE = "PE4W-V636-M045-JEV1"
KEY = vault.new_key(PASSPHRASE)
VOTERS = 40


@dataclass(frozen=True)
class Filled:
    """An application on a community with a journal, an open vote, a matter and a picture."""

    app: Flask
    community_id: uuid.UUID
    poll: SealedPoll

    @property
    def settings(self) -> Settings:
        settings: Settings = self.app.config["CIVICFORUM"]
        return settings

    def cast(self, voter: int) -> None:
        """Put a ballot of this voter on the board, as the page does."""
        ballot = self.poll.seal(voter, [FOR])
        cast_sealed_ballot(
            poll_id=self.poll.id,
            entry_id=self.poll.entries[voter],
            ballot=ballot,
            actor=self.poll.actor(voter),
            settings=self.settings,
            now=NOW,
        )

    def note(self) -> None:
        """Write an entry into the journal."""
        with transaction() as session:
            record(
                session,
                community_id=self.community_id,
                actor=None,
                action="matter.draft",
                subject_kind="matter",
                subject_id=uuid.uuid4(),
                payload={"份数": 1},
                now=datetime.now(UTC),
            )

    def back_up(
        self, folder: Path, *, key: SealingKey | None = KEY, keep_days: int = 30, now: datetime | None = None
    ) -> Made:
        with self.app.app_context():
            return services.make_backup(
                engine=db.engine,
                settings=self.settings,
                folder=folder,
                key=key,
                keep_days=keep_days,
                now=now or datetime.now(UTC),
                environment={
                    "CIVICFORUM_SMTP_URL": "smtp://mail",
                    "CIVICFORUM_SECRET_KEY": "apart",
                    "HOME": "/",
                },
            )

    @contextmanager
    def being_used(self) -> Iterator[None]:
        """Cast ballots and write journal entries until the block ends; some are there when it begins."""
        begun, enough = Event(), Event()

        def write() -> None:
            with self.app.app_context():
                for voter in range(1, VOTERS):
                    self.cast(voter)
                    self.note()
                    begun.set()
                    if enough.is_set():
                        return

        writer = Thread(target=write)
        writer.start()
        begun.wait(20)
        try:
            yield
        finally:
            enough.set()
            writer.join()


def fill(app: Flask) -> Filled:
    """Fill an empty database."""
    town = Town(app, "")
    with app.app_context():
        community = town.community
        poll = make_poll(community, voters=VOTERS)
        admin = make_officer(community, Role.ADMIN, login="admin", password=PASSWORD)
        picture = io.BytesIO()
        Image.linear_gradient("L").save(picture, "PNG")
        with transaction() as session:
            store_photo(
                session,
                community_id=community.id,
                data=picture.getvalue(),
                description="路灯",
                uploaded_by=actor_of(admin).person_id,
                now=NOW,
            )
        make_community(name="邻居社区")
        filled = Filled(app, community.id, poll)
        filled.cast(0)
        filled.note()
    author = town.resident("提案人")
    town.matter(author, title="三号楼的灯", seconds=1)
    return filled


def rows_of(app: Flask) -> dict[str, list[str]]:
    """Return every row of every table as text, in an order of its own."""
    with app.app_context(), db.engine.connect() as connection:
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return {
            name: sorted(connection.scalars(text(f'SELECT t::text FROM "{name}" t')).all()) for name in names
        }
