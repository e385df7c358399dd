"""Steps that the use cases of departments share. They take the session and commit nothing.

Rows are locked in one order: department, opinion, and last the journal.
"""

from __future__ import annotations

import uuid
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.departments.models import Department, DepartmentOpinion
from civicforum.errors import NotFound
from civicforum.records.services import Entry, Subject, record_about


def lock_department(session: Session, *, department_id: uuid.UUID, actor: Actor) -> Department:
    """Return the department, locked until the commit. Raises NotFound, also for another community's."""
    department = session.get(Department, department_id, with_for_update=True, populate_existing=True)
    if department is None or department.community_id != actor.community_id:
        raise NotFound(department_id)
    return department


def lock_opinion(session: Session, *, opinion_id: uuid.UUID, actor: Actor) -> DepartmentOpinion:
    """Return the opinion, locked until the commit. Raises NotFound, also for another community's."""
    opinion = session.get(DepartmentOpinion, opinion_id, with_for_update=True, populate_existing=True)
    if opinion is None or opinion.community_id != actor.community_id:
        raise NotFound(opinion_id)
    return opinion


def record_department(
    session: Session, department: Department, *, action: str, **entry: Unpack[Entry]
) -> None:
    """Write the journal entry "department.<action>": the last step of a use case."""
    subject = Subject(department.community_id, "department", department.id, department.name)
    record_about(session, subject, action=f"department.{action}", **entry)
