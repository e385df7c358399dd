"""The blueprint of the supervision committee's desk, and what it puts on the pages of others."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from flask import Blueprint

from civicforum.database import db
from civicforum.meetings.models import Meeting
from civicforum.supervision.models import Sitting, SupervisionFinding
from civicforum.supervision.queries import list_findings
from civicforum.supervision.queries.records import list_sittings
from civicforum.supervision.rules import may_be_sat_in

bp = Blueprint("supervision", __name__, url_prefix="/supervision")


@bp.app_context_processor
def pieces() -> dict[str, Callable[..., object]]:
    """Return what the pages of notices, meetings, votes, elections and appraisals show of the committee."""
    return {"findings_about": _findings, "sittings_of": _sittings, "is_sat_in_on": _is_sat_in_on}


def _findings(subject_kind: str, subject_id: uuid.UUID) -> Sequence[SupervisionFinding]:
    return list_findings(db.session(), subject_kind=subject_kind, subject_id=subject_id)


def _sittings(meeting: Meeting) -> Sequence[Sitting]:
    return list_sittings(db.session(), meeting_id=meeting.id) if _is_sat_in_on(meeting) else []


def _is_sat_in_on(meeting: Meeting) -> bool:
    return may_be_sat_in(meeting.form, meeting.body.kind if meeting.body else None)
