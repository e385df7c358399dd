"""Reads for making voting cards and replacing one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.polls.models import Board, CredentialLink, RollEntry, Station


@dataclass(frozen=True)
class Progress:
    """How far the cards of a poll are. `entries` are those on the roll who are not struck off."""

    entries: int
    made: int
    is_founded: bool

    @property
    def missing(self) -> int:
        return self.entries - self.made


@dataclass(frozen=True)
class Holder:
    """Somebody on the roll who gets a card, or has one."""

    id: uuid.UUID
    position: int
    name: str
    group: str
    has_card: bool
    has_paper: bool


def get_progress(session: Session, poll_id: uuid.UUID) -> Progress:
    """Return how many are on the roll, and for how many of them there is a credential."""
    entries, made = session.execute(
        select(func.count(RollEntry.id), func.count(CredentialLink.roll_entry_id))
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    ).one()
    board = session.scalar(select(Board.poll_id).where(Board.poll_id == poll_id))
    return Progress(entries, made, board is not None)


def list_holders(session: Session, poll_id: uuid.UUID) -> list[Holder]:
    """Return everybody who gets a card, in the order of the roll."""
    entries = session.scalars(
        select(RollEntry)
        .options(joinedload(RollEntry.link), joinedload(RollEntry.paper))
        .where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
        .order_by(RollEntry.position)
    )
    return [_holder(entry) for entry in entries]


def find_holders(session: Session, poll_id: uuid.UUID, *, wanted: str, number: int) -> Page[Holder]:
    """Return a page of those on the roll whose name, group or number is like `wanted`."""
    statement = (
        select(RollEntry)
        .options(joinedload(RollEntry.link), joinedload(RollEntry.paper))
        .where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
        .order_by(RollEntry.position)
    )
    if wanted:
        in_name = RollEntry.name.contains(wanted, autoescape=True)
        in_group = RollEntry.group_name.contains(wanted, autoescape=True)
        statement = statement.where(or_(in_name, in_group, cast(RollEntry.position, String) == wanted))
    return paginate(session, statement, number=number).map(_holder)


def get_holder(session: Session, poll_id: uuid.UUID, entry_id: uuid.UUID) -> Holder:
    """Return one entry of the roll that is in force. Raises NotFound."""
    entry = session.get(RollEntry, entry_id)
    if entry is None or entry.poll_id != poll_id or entry.struck_off_at is not None:
        raise NotFound(entry_id)
    return _holder(entry)


def list_stations(session: Session, poll_id: uuid.UUID) -> Sequence[Station]:
    """Return where voters may go instead, by name."""
    return session.scalars(select(Station).where(Station.poll_id == poll_id).order_by(Station.name)).all()


def _holder(entry: RollEntry) -> Holder:
    return Holder(
        id=entry.id,
        position=entry.position,
        name=entry.name,
        group=entry.group_name,
        has_card=entry.link is not None,
        has_paper=entry.paper is not None,
    )
