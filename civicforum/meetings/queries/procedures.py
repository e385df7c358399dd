"""The register of the rules of procedure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.bodies.models import Body
from civicforum.meetings.differences import Part, compare
from civicforum.meetings.models import Procedure
from civicforum.rows import get_row


@dataclass(frozen=True)
class Book:
    """The versions that one body, or with None the whole community, has adopted, the latest first."""

    body: Body | None
    versions: Sequence[Procedure]
    in_force: Procedure | None


@dataclass(frozen=True)
class ProcedurePage:
    """A version with the one before it, and what changed between the two; nothing for the first."""

    procedure: Procedure
    before: Procedure | None
    parts: list[Part]
    is_in_force: bool


def list_books(session: Session, *, community_id: uuid.UUID, day: date) -> list[Book]:
    """Return the rules of procedure of the community, then those of bodies by name. One statement."""
    rows = session.scalars(
        select(Procedure)
        .options(joinedload(Procedure.body))
        .where(Procedure.community_id == community_id)
        .order_by(Procedure.number.desc())
    ).all()
    of_body: dict[uuid.UUID | None, list[Procedure]] = {}
    for row in rows:
        of_body.setdefault(row.body_id, []).append(row)
    books = [Book(versions[0].body, versions, _in_force(versions, day)) for versions in of_body.values()]
    return sorted(books, key=lambda book: (book.body is not None, book.body.name if book.body else ""))


def list_versions(
    session: Session, *, community_id: uuid.UUID, body_id: uuid.UUID | None
) -> Sequence[Procedure]:
    """Return the versions of one body, or of the community, the latest first."""
    return session.scalars(
        select(Procedure)
        .where(Procedure.community_id == community_id, Procedure.body_id.is_not_distinct_from(body_id))
        .order_by(Procedure.number.desc())
    ).all()


def get_procedure(
    session: Session, *, procedure_id: uuid.UUID, community_id: uuid.UUID, day: date
) -> ProcedurePage:
    """Return a version beside the one it replaced. Raises NotFound."""
    row = get_row(
        session, Procedure, procedure_id, community_id=community_id, options=[joinedload(Procedure.body)]
    )
    versions = list_versions(session, community_id=community_id, body_id=row.body_id)
    before = next((one for one in versions if one.number == row.number - 1), None)
    return ProcedurePage(
        procedure=row,
        before=before,
        parts=compare(before.text, row.text) if before else [],
        is_in_force=_in_force(versions, day) is row,
    )


def _in_force(versions: Sequence[Procedure], day: date) -> Procedure | None:
    return next((row for row in versions if row.in_force_from <= day), None)
