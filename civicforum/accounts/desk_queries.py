"""Reads of the help desk."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.models import Account, Assistance
from civicforum.accounts.rules import LOGIN_MOST, clean_login
from civicforum.errors import NotFound
from civicforum.matters.models import Matter
from civicforum.people.models import Person
from civicforum.records.models import JournalEntry

# More than anybody does in half an hour.
SLIP_LINES = 200


def get_account_of(session: Session, *, person_id: uuid.UUID) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id))


def suggest_login(session: Session, *, person: Person) -> str:
    """Return the roll number as a login, with a figure behind it when another community uses the same."""
    base = clean_login(person.number)[: LOGIN_MOST - 4]
    taken = set(
        session.scalars(
            select(Account.login).where(Account.login.startswith(base, autoescape=True)).limit(1000)
        )
    )
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def list_assistances(session: Session, *, clerk_id: uuid.UUID, limit: int = 20) -> Sequence[Assistance]:
    """Return whom a clerk helped, the latest first."""
    return session.scalars(
        select(Assistance)
        .options(joinedload(Assistance.person))
        .where(Assistance.clerk_id == clerk_id)
        .order_by(Assistance.started_at.desc(), Assistance.id)
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class SlipLine:
    """One act entered for somebody; `number` is that of the matter it was about, or ""."""

    entry: JournalEntry
    number: str


@dataclass(frozen=True)
class Slip:
    assistance: Assistance
    lines: list[SlipLine]


def get_slip(session: Session, *, assistance_id: uuid.UUID, community_id: uuid.UUID) -> Slip:
    """Return what a clerk entered for somebody in one assistance, in order. Raises NotFound."""
    row = session.scalar(
        select(Assistance)
        .options(joinedload(Assistance.person).joinedload(Person.household), joinedload(Assistance.clerk))
        .where(Assistance.id == assistance_id, Assistance.community_id == community_id)
    )
    if row is None:
        raise NotFound(assistance_id)
    entries = session.scalars(
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(
            JournalEntry.community_id == community_id,
            JournalEntry.actor_id == row.person_id,
            # A clerk helps one person at a time, so the time tells one assistance from another.
            JournalEntry.assisted_by_id == row.clerk_id,
            JournalEntry.at >= row.started_at,
            JournalEntry.at <= func.coalesce(row.ended_at, row.expires_at),
        )
        .order_by(JournalEntry.sequence)
        .limit(SLIP_LINES)
    ).all()
    about = {entry.subject_id for entry in entries if entry.subject_kind == "matter"}
    found = session.execute(select(Matter.id, Matter.number).where(Matter.id.in_(about))).all()
    numbers = {matter_id: number or "" for matter_id, number in found}
    return Slip(row, [SlipLine(entry, numbers.get(entry.subject_id, "")) for entry in entries])
