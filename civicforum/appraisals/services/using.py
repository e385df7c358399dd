"""Every use of a certified result is an export that is written down (DOMAIN.md row 0-04)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import ResultUse
from civicforum.appraisals.result_sheets import sheet_hash, sheet_of_use
from civicforum.appraisals.rules import CycleState, UsePurpose
from civicforum.appraisals.services.steps import lock_cycle, record_cycle, require_state
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound

# Who hands out results on behalf of the community.
GIVERS = (Role.SUPERVISOR, Role.COMMITTEE, Role.PARTY, Role.CLERK)
LONGEST_ORGAN, LONGEST_DOCUMENT, LONGEST_NOTE = 120, 200, 500


@dataclass(frozen=True, kw_only=True)
class Use:
    """What a result is handed out for: to which organ, under which document."""

    purpose: UsePurpose
    organ: str
    document: str = ""
    note: str = ""


def export_result(
    *, cycle_id: uuid.UUID, subject_id: uuid.UUID, use: Use, actor: Actor, now: datetime
) -> uuid.UUID:
    """Hand out the certified result of one subject for a use, and return the id of the use.

    Raises NotFound, NotEligible (no post for it, or the subject itself), TransitionNotAllowed (not
    certified), Invalid (the field's name).
    """
    with transaction() as session:
        cycle = lock_cycle(session, cycle_id=cycle_id, community_id=actor.community_id)
        subject = next((one for one in cycle.subjects if one.id == subject_id), None)
        if subject is None:
            raise NotFound(subject_id)
        if not actor.has(*GIVERS) or actor.assisted_by or subject.person_id == actor.person_id:
            raise NotEligible(actor.person_id)
        require_state(cycle, CycleState.CERTIFIED)
        use = _checked(use)
        row = ResultUse(
            id=uuid.uuid4(),
            community_id=cycle.community_id,
            subject_id=subject.id,
            purpose=use.purpose,
            organ=use.organ,
            document=use.document,
            note=use.note,
            made_by_id=actor.person_id,
            made_at=now,
        )
        row.sheet_hash = sheet_hash(
            sheet_of_use(cycle.result or {}, subject.id, sheet_sha256=cycle.result_hash, use=use_of(row))
        )
        session.add(row)
        payload = {
            "use": str(row.id),
            "subject": str(subject.id),
            "purpose": use.purpose.value,
            "organ": use.organ,
            "sha256": row.sheet_hash,
        }
        record_cycle(session, cycle, action="use_result", actor=actor, payload=payload, now=now)
        return row.id


def use_of(row: ResultUse) -> dict[str, str]:
    """Return a use as its sheet names it."""
    return {
        "id": str(row.id),
        "purpose": row.purpose.value,
        "organ": row.organ,
        "document": row.document,
        "made_at": row.made_at.astimezone(UTC).isoformat(),
    }


def _checked(use: Use) -> Use:
    cleaned = Use(
        purpose=use.purpose, organ=use.organ.strip(), document=use.document.strip(), note=use.note.strip()
    )
    if not 0 < len(cleaned.organ) <= LONGEST_ORGAN:
        raise Invalid("organ", "organ")
    if len(cleaned.document) > LONGEST_DOCUMENT:
        raise Invalid("document", "document")
    if len(cleaned.note) > LONGEST_NOTE:
        raise Invalid("note", "note")
    return cleaned
