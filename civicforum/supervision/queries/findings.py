"""Reads of findings about anything but a matter."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.errors import NotFound
from civicforum.matters.rules import FindingKind
from civicforum.paging import Page, paginate
from civicforum.supervision.models import FindingPhoto, SupervisionFinding
from civicforum.supervision.rules import SubjectKind


def list_findings(
    session: Session, *, subject_kind: str, subject_id: uuid.UUID
) -> Sequence[SupervisionFinding]:
    """Return the findings about one subject, oldest first, with who found what, photos and corrections.

    A kind of subject that findings of this table know nothing of has none.
    """
    if subject_kind not in set(SubjectKind):
        return []
    return session.scalars(
        _whole()
        .where(
            SupervisionFinding.subject_kind == SubjectKind(subject_kind),
            SupervisionFinding.subject_id == subject_id,
        )
        .order_by(SupervisionFinding.at, SupervisionFinding.id)
    ).all()


def list_all_findings(
    session: Session,
    *,
    community_id: uuid.UUID,
    kind: FindingKind | None = None,
    subject_kind: SubjectKind | None = None,
    number: int,
) -> Page[SupervisionFinding]:
    """Return a page of a community's findings, the latest first."""
    statement = _whole().where(SupervisionFinding.community_id == community_id)
    if kind is not None:
        statement = statement.where(SupervisionFinding.kind == kind)
    if subject_kind is not None:
        statement = statement.where(SupervisionFinding.subject_kind == subject_kind)
    statement = statement.order_by(SupervisionFinding.at.desc(), SupervisionFinding.id)
    return paginate(session, statement, number=number)


def get_finding(session: Session, *, finding_id: uuid.UUID, community_id: uuid.UUID) -> SupervisionFinding:
    """Return one finding with all that belongs to it. Raises NotFound, also for another community's."""
    finding = session.scalars(
        _whole().where(SupervisionFinding.id == finding_id, SupervisionFinding.community_id == community_id)
    ).one_or_none()
    if finding is None:
        raise NotFound(finding_id)
    return finding


def _whole() -> Select[SupervisionFinding]:
    return select(SupervisionFinding).options(
        joinedload(SupervisionFinding.person),
        joinedload(SupervisionFinding.corrects),
        selectinload(SupervisionFinding.corrections),
        selectinload(SupervisionFinding.photos).joinedload(FindingPhoto.photo),
    )
