"""Steps that the use cases of departments share. They take the session and commit nothing.

Rows are locked in one order: department, opinion, and last the journal.
"""

from __future__ import annotations

import uuid
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.departments.models import Department, DepartmentOpinion
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row


def lock_department(session: Session, *, department_id: uuid.UUID, actor: Actor) -> Department:
    """Return the department, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, Department, department_id, community_id=actor.community_id)


def lock_opinion(session: Session, *, opinion_id: uuid.UUID, actor: Actor) -> DepartmentOpinion:
    """Return the opinion, locked until the commit. Raises NotFound, also for another community's."""
    return lock_row(session, DepartmentOpinion, opinion_id, community_id=actor.community_id)


def record_department(
    session: Session, department: Department, *, action: str, **entry: Unpack[Entry]
) -> None:
    """Write the journal entry "department.<action>": the last step of a use case."""
    subject = Subject(department.community_id, "department", department.id, department.name)
    record_about(session, subject, action=f"department.{action}", **entry)
