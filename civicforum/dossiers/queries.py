"""The dossier of one decision, gathered from what everybody can read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import Dossier, Link, Part
from civicforum.dossiers.gathering import (
    appraisals,
    elections,
    findings,
    journal,
    matters,
    meetings,
    notices,
    polls,
)
from civicforum.dossiers.scopes import Kind, Scope, find_scope
from civicforum.dossiers.texts import KINDS, left_out
from civicforum.notices.texts import item_name

Gather = Callable[[Session, Scope, datetime], Part]
_HEARD = (
    meetings.attendance_part,
    polls.texts_part,
    polls.tally_part,
    polls.ballots_part,
    meetings.minutes_part,
)
_SEEN = (findings.findings_part, notices.queries_part)
# The parts of each kind of dossier, in the order in which they are read.
PARTS: dict[Kind, tuple[Gather, ...]] = {
    Kind.MATTER: (
        matters.raised_part,
        matters.reviews_part,
        notices.notices_part,
        *_HEARD,
        matters.tasks_part,
        findings.findings_part,
        matters.queries_part,
        notices.queries_part,
        matters.grades_part,
    ),
    Kind.MEETING: (notices.notices_part, *_HEARD, *_SEEN),
    Kind.POLL: (notices.notices_part, *_HEARD, *_SEEN),
    Kind.ELECTION: (
        elections.election_part,
        notices.notices_part,
        polls.texts_part,
        polls.tally_part,
        polls.ballots_part,
        elections.winners_part,
        *_SEEN,
    ),
    Kind.APPRAISAL: (
        appraisals.plan_part,
        notices.notices_part,
        appraisals.reports_part,
        meetings.attendance_part,
        appraisals.grades_part,
        polls.ballots_part,
        meetings.minutes_part,
        *_SEEN,
    ),
    Kind.NOTICE: (notices.notices_part, *_SEEN),
    Kind.DISCLOSURE_DUE: (notices.notices_part, *_SEEN),
}
# The page of each subject: endpoint and the name of its argument.
PAGES = {
    Kind.MATTER: ("matters.show", "matter_id"),
    Kind.MEETING: ("meetings.show", "meeting_id"),
    Kind.POLL: ("polls.show", "poll_id"),
    Kind.ELECTION: ("elections.show", "election_id"),
    Kind.APPRAISAL: ("appraisals.show", "cycle_id"),
    Kind.NOTICE: ("notices.show", "notice_id"),
}


def get_dossier(
    session: Session, *, kind: str, subject_id: uuid.UUID, community_id: uuid.UUID, now: datetime
) -> Dossier:
    """Return all that is public about one decision, in the language in force.

    The number of statements grows with its meetings, votes and notices, and with nothing else.
    Raises NotFound for what is not public, of another community, or of an unknown kind.
    """
    scope = find_scope(session, kind=kind, subject_id=subject_id, community_id=community_id)
    parts = [gather(session, scope, now) for gather in (*PARTS[scope.kind], journal.journal_part)]
    return Dossier(
        kind=scope.kind.value,
        id=scope.id,
        title=item_name(scope.due.item) if scope.due else scope.title,
        what=str(KINDS[scope.kind]),
        community=scope.community.name,
        community_id=scope.community.id,
        parts=tuple(parts),
        left_out=tuple(map(str, left_out())),
        subjects=scope.journal_subjects,
        link=_page_of(scope),
    )


def _page_of(scope: Scope) -> Link | None:
    if scope.kind not in PAGES:
        return None
    endpoint, argument = PAGES[scope.kind]
    return Link(_("To its page"), endpoint, {argument: str(scope.id)})
