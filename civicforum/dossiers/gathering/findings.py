"""Findings of the supervision committee, about a matter and about anything else that a dossier covers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import Block, Hash, Part, Picture, Said, Section, Words
from civicforum.dossiers.scopes import Scope
from civicforum.matters.models import Finding
from civicforum.matters.queries.watching import list_findings as list_findings_of_matter
from civicforum.matters.texts_after import FINDINGS
from civicforum.supervision.models import SupervisionFinding
from civicforum.supervision.queries import list_findings
from civicforum.supervision.rules import SubjectKind


def findings_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what the supervision committee found, oldest first."""
    blocks: list[Block] = []
    pictures: list[Picture] = []
    if scope.matter is not None:
        of_matter = list_findings_of_matter(session, matter_id=scope.matter.id)
        blocks += [_of_matter(finding) for finding in reversed(of_matter)]
    for kind, subject_id in _with_findings(session, scope.subjects):
        for finding in list_findings(session, subject_kind=kind, subject_id=subject_id):
            blocks += _finding(finding)
            pictures += [
                Picture(one.photo.id, one.photo.sha256, one.photo.description) for one in finding.photos
            ]
    title = _("Findings of the supervision committee")
    absent = _("The supervision committee has filed no finding about it.")
    return Part(Section("findings", title, tuple(blocks), absent), pictures=tuple(pictures))


def _with_findings(
    session: Session, subjects: Sequence[tuple[str, uuid.UUID]]
) -> list[tuple[str, uuid.UUID]]:
    """Return those of the subjects that there are findings about: most of them have none."""
    known = [(kind, subject_id) for kind, subject_id in subjects if kind in list(SubjectKind)]
    about = tuple_(SupervisionFinding.subject_kind, SupervisionFinding.subject_id)
    rows = session.execute(
        select(SupervisionFinding.subject_kind, SupervisionFinding.subject_id)
        .where(about.in_(known))
        .distinct()
    )
    found = {(kind.value, subject_id) for kind, subject_id in rows}
    return [one for one in known if one in found]


def _of_matter(finding: Finding) -> Said:
    about = finding.task.title if finding.task else ""
    who = (str(FINDINGS[finding.kind]), about, finding.person.name, finding.post)
    return Said(" · ".join(filter(None, who)), finding.text, finding.at)


def _finding(finding: SupervisionFinding) -> list[Block]:
    who = (
        finding.number,
        str(FINDINGS[finding.kind]),
        finding.subject_title,
        finding.person.name,
        finding.post,
    )
    blocks: list[Block] = [Said(" · ".join(filter(None, who)), finding.text, finding.at)]
    blocks.append(Hash(_("Check value of the finding (SHA-256)"), finding.text_sha256))
    if finding.corrects is not None:
        blocks.append(Words(_("It corrects finding %(number)s.", number=finding.corrects.number)))
    return blocks
