"""The register of deputies who keep in touch here, and of their liaison days."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, Unpack

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.departments.rules import check_dates
from civicforum.errors import Invalid, require_text
from civicforum.notices.services.checking import check_numbers
from civicforum.records.services import Entry, Subject, record_about
from civicforum.registers.models_deputies import Deputy, LiaisonDay
from civicforum.registers.rules_deputies import DeputyKind, DeputyLevel, check_hours, check_keep
from civicforum.rows import lock_row


@dataclass(frozen=True, kw_only=True)
class DeputyGiven:
    """What the register says of a deputy. `until`: the last day of the mandate here; None while it runs."""

    name: str
    kind: DeputyKind
    level: DeputyLevel
    place: str
    since: date
    until: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns. Raises Invalid."""
        check_dates(self.since, self.until)
        name = require_text(self.name, most=80, field="name")
        return asdict(self) | {"name": name, "place": require_text(self.place, most=200, field="place")}


@dataclass(frozen=True, kw_only=True)
class DayGiven:
    """When and where a deputy receives residents."""

    day: date
    begins: time
    ends: time
    place: str

    def values(self) -> dict[str, Any]:
        """Return the columns. Raises Invalid."""
        check_hours(self.begins, self.ends)
        return asdict(self) | {"place": require_text(self.place, most=200, field="place")}


def add_deputy(*, given: DeputyGiven, actor: Actor, now: datetime) -> uuid.UUID:
    """Enter a deputy. Returns the id. Raises NotEligible, Invalid, PersonalData."""
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        check_numbers(session, community_id=actor.community_id, place=values["place"])
        deputy = Deputy(community_id=actor.community_id, **values)
        session.add(deputy)
        _flush(session, "name")
        record_deputy(session, deputy, action="add", actor=actor, payload=_said(values), now=now)
        return deputy.id


def change_deputy(*, deputy_id: uuid.UUID, given: DeputyGiven, actor: Actor, now: datetime) -> None:
    """Change what the register says, or end the mandate. Raises NotFound, NotEligible, Invalid."""
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        deputy = lock_deputy(session, deputy_id=deputy_id, actor=actor)
        check_numbers(session, community_id=actor.community_id, place=values["place"])
        before = _set(deputy, values)
        _flush(session, "name")
        payload = {"before": before, "after": _said(values)}
        record_deputy(session, deputy, action="change", actor=actor, payload=payload, now=now)


def add_liaison_day(*, deputy_id: uuid.UUID, given: DayGiven, actor: Actor, now: datetime) -> uuid.UUID:
    """Announce when a deputy receives residents. Returns the id. Raises NotFound, NotEligible, Invalid."""
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        deputy = lock_deputy(session, deputy_id=deputy_id, actor=actor)
        check_numbers(session, community_id=actor.community_id, place=values["place"])
        day = LiaisonDay(community_id=deputy.community_id, deputy_id=deputy.id, **values)
        session.add(day)
        _flush(session, "begins")
        record_deputy(session, deputy, action="add_day", actor=actor, payload=_said(values), now=now)
        return day.id


def change_liaison_day(*, day_id: uuid.UUID, given: DayGiven, actor: Actor, now: datetime) -> None:
    """Move a liaison day to another time or place. Raises NotFound, NotEligible, Invalid."""
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        day = lock_row(session, LiaisonDay, day_id, community_id=actor.community_id)
        check_numbers(session, community_id=actor.community_id, place=values["place"])
        before = _set(day, values)
        _flush(session, "begins")
        payload = {"before": before, "after": _said(values)}
        record_deputy(session, day.deputy, action="change_day", actor=actor, payload=payload, now=now)


def lock_deputy(session: Session, *, deputy_id: uuid.UUID, actor: Actor) -> Deputy:
    """Return the deputy, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, Deputy, deputy_id, community_id=actor.community_id)


def record_deputy(session: Session, deputy: Deputy, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "deputy.<action>": the last step of a use case."""
    subject = Subject(deputy.community_id, "deputy", deputy.id, deputy.name)
    record_about(session, subject, action=f"deputy.{action}", **entry)


def _set(row: Deputy | LiaisonDay, values: dict[str, Any]) -> dict[str, Any]:
    """Put the values into the row and return what it said before, as the journal keeps it."""
    before = _said({name: getattr(row, name) for name in values})
    for name, value in values.items():
        setattr(row, name, value)
    return before


def _flush(session: Session, field: str) -> None:
    """Write the row. Raises Invalid where the same stands in the register already."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("taken", field) from error


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in values.items()}
