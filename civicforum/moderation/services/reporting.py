"""Reporting a text: once for each person and text, and one case whoever reports it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.moderation.models import ContentReport, ReportCase
from civicforum.moderation.registry import Thing, adapter_of
from civicforum.moderation.rules import LONGEST_NOTE, CaseState, Kind, Reason, check_reason, may_read
from civicforum.moderation.services.steps import CASE, lock_case, record_moderation, require_resident


def report(
    *, kind: Kind, subject_id: uuid.UUID, reason: Reason, note: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Report a text that may break the rules; return its case.

    Raises NotFound, NotEligible (one's own, or left the community), AlreadyDone (reported by the same person,
    or hidden), Invalid.
    """
    check_reason(kind, reason)
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid("long", "note")
    with transaction() as session:
        require_resident(session, actor, now)
        thing = adapter_of(kind).find(session, subject_id=subject_id, community_id=actor.community_id)
        if not may_read(actor, is_public=thing.is_public):
            raise NotFound(subject_id)
        if thing.author_id == actor.person_id:
            raise NotEligible(actor.person_id)
        if thing.is_hidden:
            raise AlreadyDone(subject_id)
        case = _lock_or_open(session, thing, actor.community_id, now)
        mine = exists().where(ContentReport.case_id == case.id, ContentReport.person_id == actor.person_id)
        if session.scalar(select(mine)):
            raise AlreadyDone(subject_id)
        session.add(
            ContentReport(
                community_id=case.community_id,
                case_id=case.id,
                person_id=actor.person_id,
                entered_by_id=actor.assisted_by,
                reason=reason,
                note=note.strip(),
                at=now,
            )
        )
        case.count += 1
        if case.state is not CaseState.OPEN:
            case.state, case.opened_at = CaseState.OPEN, now
            case.settled_at, case.settled_by_id, case.note = None, None, ""
        session.flush()
        # Nobody is named: not even those who keep the journal learn who reported.
        record_moderation(
            session,
            community_id=case.community_id,
            kind=CASE,
            subject_id=case.id,
            action="report",
            actor=None,
            payload={"kind": kind.value, "count": case.count},
            now=now,
            is_public=False,
        )
        return case.id


def _lock_or_open(session: Session, thing: Thing, community_id: uuid.UUID, now: datetime) -> ReportCase:
    """Return the one case of a thing, locked; of two first reports at once the second waits for it."""
    session.execute(
        insert(ReportCase)
        .values(
            id=uuid.uuid4(),
            community_id=community_id,
            kind=thing.kind,
            subject_id=thing.id,
            state=CaseState.OPEN,
            opened_at=now,
            count=0,
            note="",
        )
        .on_conflict_do_nothing()
    )
    case = lock_case(session, kind=thing.kind, subject_id=thing.id)
    if case is None:
        raise NotFound(thing.id)
    return case
