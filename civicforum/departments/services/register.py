"""The register of who works in the community, which the residents' committee keeps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.departments.models import Department
from civicforum.departments.rules import DepartmentKind, check_dates, check_keep
from civicforum.departments.services.steps import lock_department, record_department
from civicforum.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the register says of a department. `until`: the last day with work here; None while it works."""

    kind: DepartmentKind
    name: str
    duty: str
    phone: str = ""
    since: date
    until: date | None = None

    def values(self) -> dict[str, Any]:
        """Return the columns. Raises Invalid: nothing written, or a last day before the first."""
        for field in ("name", "duty"):
            if not getattr(self, field).strip():
                raise Invalid("empty", field)
        check_dates(self.since, self.until)
        return {
            "kind": self.kind,
            "name": self.name.strip(),
            "duty": self.duty.strip(),
            "phone": self.phone.strip(),
            "since": self.since,
            "until": self.until,
        }


def add_department(*, given: Given, actor: Actor, now: datetime) -> uuid.UUID:
    """Enter a department or a firm that works here. Returns its id. Raises NotEligible, Invalid."""
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        department = Department(community_id=actor.community_id, **values)
        session.add(department)
        _flush_name(session)
        record_department(session, department, actor=actor, action="add", payload=_said(department), now=now)
        return department.id


def change_department(*, department_id: uuid.UUID, given: Given, actor: Actor, now: datetime) -> None:
    """Change what the register says, end the work here, or begin it anew.

    Raises NotFound, NotEligible, Invalid.
    """
    check_keep(actor)
    values = given.values()
    with transaction() as session:
        department = lock_department(session, department_id=department_id, actor=actor)
        before = _said(department)
        was_over, is_over = department.until is not None, given.until is not None
        action = "change" if was_over == is_over else "end" if is_over else "resume"
        for column, value in values.items():
            setattr(department, column, value)
        _flush_name(session)
        payload = {"before": before, "after": _said(department)}
        record_department(session, department, actor=actor, action=action, payload=payload, now=now)


def _flush_name(session: Session) -> None:
    """Write the row. Raises Invalid where the community has another of this name."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid("taken", "name") from error


def _said(department: Department) -> dict[str, Any]:
    return {
        "kind": department.kind.value,
        "name": department.name,
        "duty": department.duty,
        "phone": department.phone,
        "since": department.since.isoformat(),
        "until": department.until.isoformat() if department.until else None,
    }
