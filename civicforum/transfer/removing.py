"""Taking a community out of a database, after it has left with a file that holds all of it."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from civicforum.accounts.models import Account, SignInFailure
from civicforum.database import Base
from civicforum.errors import NotFound
from civicforum.people.models import Community, Region
from civicforum.polls import keyring
from civicforum.polls.models import Poll
from civicforum.records.models import JournalHead
from civicforum.transfer.archive import Archive
from civicforum.transfer.blockers import polls_in_the_way
from civicforum.transfer.errors import PollsInTheWay, RemovalRefused
from civicforum.transfer.exporting import count_rows
from civicforum.transfer.guards import guards_set_aside
from civicforum.transfer.tables import COMMUNITY, OF_SERVER, REGIONS, late_keys

FAILURES = SignInFailure.__tablename__


def remove_community(engine: Engine, archive: Archive, *, community_id: uuid.UUID, instance: Path) -> int:
    """Remove every row of a community whose export is `archive`, and the keys of its votes; return how many.

    Raises NotFound, RemovalRefused (the file is of another community or of another day, or damaged) and
    PollsInTheWay. Nothing is removed unless all is.
    """
    with engine.begin() as connection:
        with Session(bind=connection, join_transaction_mode="rollback_only") as session:
            _check_is_all(session, archive, community_id)
            if waiting := polls_in_the_way(session, community_id=community_id, instance=instance):
                raise PollsInTheWay([poll.title for poll in waiting])
            polls = session.scalars(select(Poll.id).where(Poll.community_id == community_id)).all()
        with guards_set_aside(connection):
            removed = _remove_rows(connection, community_id)
    for poll_id in polls:
        keyring.destroy_keys(instance, poll_id)
    return removed


def _check_is_all(session: Session, archive: Archive, community_id: uuid.UUID) -> None:
    """Raise unless the file is whole and holds what the community is now."""
    head = session.get(JournalHead, community_id, with_for_update=True)
    if head is None:
        raise NotFound(community_id)
    manifest = archive.manifest
    if manifest.community != community_id:
        raise RemovalRefused(f"The file is the export of {manifest.community_name}, not of this community.")
    counts = {file.name: file.rows for file in manifest.tables if file.name != REGIONS}
    is_now = (head.sequence, head.hash) == (manifest.head_sequence, manifest.head_hash)
    if not is_now or counts != count_rows(session, community_id=community_id):
        raise RemovalRefused("The community went on after this export: export it again.")
    for file in manifest.tables:
        for _line in archive.lines(file):
            pass


def _remove_rows(connection: Connection, community_id: uuid.UUID) -> int:
    removed = 0
    for table in Base.metadata.sorted_tables:
        for key in late_keys(table):
            here = table.c.community_id == community_id
            connection.execute(update(table).where(here).values({key.parent.name: None}))
    subdistrict = connection.scalar(select(Community.subdistrict_id).where(Community.id == community_id))
    # Failed attempts first: whose they are is told by the login, which goes with the account.
    for table in [Base.metadata.tables[FAILURES], *reversed(Base.metadata.sorted_tables)]:
        removed += _remove_from(connection, table, community_id)
    _remove_regions(connection, subdistrict)
    return removed


def _remove_from(connection: Connection, table: Table, community_id: uuid.UUID) -> int:
    if table.name in OF_SERVER:
        return 0
    return connection.execute(delete(table).where(_is_of(table, community_id))).rowcount


def _is_of(table: Table, community_id: uuid.UUID) -> ColumnElement[bool]:
    """Return what tells the rows of a community; those without its key hang on rows that have it."""
    if table.name == COMMUNITY:
        return table.c.id == community_id
    if "community_id" in table.c:
        return table.c.community_id == community_id
    if table.name == FAILURES:
        logins = select(Account.login).where(Account.community_id == community_id)
        return table.c.login.in_(logins)
    key = next(key for key in sorted(table.foreign_keys, key=str) if "community_id" in key.column.table.c)
    owner = key.column.table
    return table.c[key.parent.name].in_(select(owner.c.id).where(owner.c.community_id == community_id))


def _remove_regions(connection: Connection, region_id: uuid.UUID | None) -> None:
    """Remove the subdistrict and what is above it, as far as nobody else is there."""
    below = aliased(Region)
    while region_id is not None:
        above = connection.scalar(select(Region.parent_id).where(Region.id == region_id))
        unused = ~exists().where(Community.subdistrict_id == Region.id)
        alone = ~exists().where(below.parent_id == Region.id)
        gone = connection.execute(delete(Region).where(Region.id == region_id, unused, alone)).rowcount
        region_id = above if gone else None
