"""Complaints to the subdistrict office that disclosure is late or not true (art 35), and what became of them.

Who complains is protected: the name and the words stand in the row alone, for the author, the supervision
committee and the office; the journal, the lists and the residents' committee never have them.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.dossiers.services import pack
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    TransitionNotAllowed,
    require_text,
)
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.notices.models import Complaint, DisclosureDue, Notice, NoticeQuery
from civicforum.notices.rules import ComplaintGround, ComplaintOutcome
from civicforum.notices.rules_asking import (
    ENTERS_OUTCOME,
    HANDS_OVER,
    LONGEST_COMPLAINT,
    MOST_OPEN_COMPLAINTS,
    REMEDIES,
    QueryState,
    check_answer,
    check_ground,
    office_name,
    state_of,
)
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.rows import get_row, lock_row
from civicforum.rulebook.days import SHANGHAI


@dataclass(frozen=True)
class About:
    """What a complaint is about: a notice, something that was due, or a query about a notice."""

    notice: Notice | None = None
    due: DisclosureDue | None = None
    query: NoticeQuery | None = None

    @property
    def notice_id(self) -> uuid.UUID | None:
        return self.notice.id if self.notice else None

    @property
    def subject(self) -> tuple[str, uuid.UUID]:
        """Return kind and id of the dossier that is attached."""
        if self.due is not None:
            return "disclosure_due", self.due.id
        assert self.notice is not None  # noqa: S101 - find_about found one of the two
        return "notice", self.notice.id


def find_about(
    session: Session,
    *,
    community_id: uuid.UUID,
    notice_id: uuid.UUID | None = None,
    due_id: uuid.UUID | None = None,
    query_id: uuid.UUID | None = None,
) -> About:
    """Return what a complaint is to be about; exactly one id is given.

    Raises NotFound, also for another community's and for a hidden query.
    """
    if query_id is not None:
        query = session.get(NoticeQuery, query_id)
        if query is None or query.community_id != community_id or query.hidden_at is not None:
            raise NotFound(query_id)
        return About(notice=query.notice, query=query)
    if due_id is not None:
        due = get_row(session, DisclosureDue, due_id, community_id=community_id)
        return About(notice=due.notice, due=due)
    notice = session.get(Notice, notice_id) if notice_id is not None else None
    if notice is None or notice.community_id != community_id:
        raise NotFound(notice_id)
    return About(notice=notice)


def grounds_of(about: About) -> tuple[ComplaintGround, ...]:
    """Return on which grounds one can complain about this."""
    if about.query is not None:
        return (ComplaintGround.UNANSWERED,)
    if about.due is not None:
        return (ComplaintGround.LATE,)
    return (ComplaintGround.FALSE, ComplaintGround.LATE)


def file_complaint(
    *,
    ground: ComplaintGround,
    text: str,
    notice_id: uuid.UUID | None = None,
    due_id: uuid.UUID | None = None,
    query_id: uuid.UUID | None = None,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """File a complaint with the dossier of what it is about, as it is now. Returns its id.

    Raises NotFound, NotEligible (left the community), AlreadyDone (the same one waits for the office),
    Invalid (another ground, not late, no words, too many at once).
    """
    words = require_text(text, most=LONGEST_COMPLAINT)
    with transaction() as session:
        community = _lock_community(session, actor.community_id)
        about = find_about(
            session, community_id=community.id, notice_id=notice_id, due_id=due_id, query_id=query_id
        )
        get_resident(session, actor=actor, now=now)
        _require_ground(about, ground, now)
        _require_room(session, about, ground, actor)
        kind, subject_id = about.subject
        package = pack(session, subject_kind=kind, subject_id=subject_id, community_id=community.id, now=now)
        complaint = Complaint(
            community_id=community.id,
            number=_next_number(session, community.id, now),
            ground=ground,
            notice_id=about.notice_id,
            due_id=due_id,
            query_id=query_id,
            text=words,
            author_id=actor.person_id,
            channel=channel_of(actor),
            office=office_name(community.subdistrict.name),
            filed_at=now,
            package=package,
            package_sha256=hashlib.sha256(package).hexdigest(),
        )
        session.add(complaint)
        session.flush()
        payload = {"ground": ground.value, kind: str(subject_id), "package_sha256": complaint.package_sha256}
        _record(session, complaint, "file", actor=None, payload=payload, now=now)
        return complaint.id


def hand_over(*, complaint_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Record that the signed letter went to the office. Raises NotFound, NotEligible, AlreadyDone."""
    _require_role(actor, *HANDS_OVER)
    with transaction() as session:
        complaint = _lock(session, complaint_id, actor=actor)
        if complaint.handed_over_at is not None:
            raise AlreadyDone(complaint_id)
        complaint.handed_over_at, complaint.handed_over_by_id = now, actor.person_id
        _record(session, complaint, "hand_over", actor=actor, payload={}, now=now)


def enter_outcome(
    *, complaint_id: uuid.UUID, outcome: ComplaintOutcome, answer: str, actor: Actor, now: datetime
) -> None:
    """Enter what the office found, as its letter has it.

    Raises NotFound, NotEligible (not the supervision committee), TransitionNotAllowed (not handed over),
    AlreadyDone, Invalid.
    """
    _require_role(actor, *ENTERS_OUTCOME)
    words = check_answer(answer, field="answer")
    with transaction() as session:
        complaint = _lock(session, complaint_id, actor=actor)
        if complaint.outcome is not None:
            raise AlreadyDone(complaint_id)
        if complaint.handed_over_at is None:
            raise TransitionNotAllowed("filed", "answer")
        complaint.outcome, complaint.answered_at = outcome, now
        complaint.answer, complaint.answer_entered_by_id = words, actor.person_id
        payload = {"outcome": outcome.value}
        _record(session, complaint, "answer", actor=actor, payload=payload, now=now)


def enter_remedy(*, complaint_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Say what the committee did after the office ordered it to correct or to post.

    Raises NotFound, NotEligible, TransitionNotAllowed (nothing was ordered), AlreadyDone, Invalid.
    """
    _require_role(actor, *REMEDIES)
    words = check_answer(text)
    with transaction() as session:
        complaint = _lock(session, complaint_id, actor=actor)
        if complaint.remedied_at is not None:
            raise AlreadyDone(complaint_id)
        if complaint.outcome is not ComplaintOutcome.ORDERED:
            raise TransitionNotAllowed(complaint.outcome or "unanswered", "remedy")
        complaint.remedy, complaint.remedied_at = words, now
        complaint.remedied_by_id = actor.person_id
        _record(session, complaint, "remedy", actor=actor, payload={}, now=now)


def _require_role(actor: Actor, *roles: Role) -> None:
    if not actor.holds(*roles):
        raise NotEligible(actor.person_id)


def _lock(session: Session, complaint_id: uuid.UUID, *, actor: Actor) -> Complaint:
    return lock_row(session, Complaint, complaint_id, community_id=actor.community_id)


def _lock_community(session: Session, community_id: uuid.UUID) -> Community:
    """Return the community, locked so that complaints are numbered one after the other.

    Weaker than FOR UPDATE: rows that refer to the community do not wait for it.
    """
    return session.get_one(
        Community, community_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _require_ground(about: About, ground: ComplaintGround, now: datetime) -> None:
    if ground not in grounds_of(about):
        raise Invalid("ground", "ground")
    if about.query is not None:
        query = about.query
        if state_of(due_at=query.due_at, hidden_at=query.hidden_at) is not QueryState.WAITING:
            raise Invalid("not late", "ground")
        check_ground(ground, due_at=query.due_at, met_at=None, now=now)
    elif about.due is not None:
        met_at = about.due.notice.posted_at if about.due.notice else None
        check_ground(ground, due_at=about.due.due_at, met_at=met_at, now=now)


def _require_room(session: Session, about: About, ground: ComplaintGround, actor: Actor) -> None:
    """Raise where the actor's same complaint waits for the office, or enough of theirs do."""
    waiting = session.execute(
        select(Complaint.ground, Complaint.notice_id, Complaint.due_id, Complaint.query_id).where(
            Complaint.author_id == actor.person_id, Complaint.answered_at.is_(None)
        )
    ).all()
    due_id = about.due.id if about.due else None
    query_id = about.query.id if about.query else None
    if (ground, about.notice_id, due_id, query_id) in [tuple(row) for row in waiting]:
        raise AlreadyDone("complaint")
    if len(waiting) >= MOST_OPEN_COMPLAINTS:
        raise Invalid("too many complaints", None)


def _next_number(session: Session, community_id: uuid.UUID, now: datetime) -> str:
    """Return the next number of the year in Shanghai, as in T2026-001, without gap or repetition.

    The community's row is locked; a filing that fails gives its number back.
    """
    year = f"T{now.astimezone(SHANGHAI).year}"
    last = session.scalar(
        select(func.max(cast(func.split_part(Complaint.number, "-", 2), Integer))).where(
            Complaint.community_id == community_id, Complaint.number.startswith(f"{year}-")
        )
    )
    return f"{year}-{(last or 0) + 1:03d}"


def _record(
    session: Session,
    complaint: Complaint,
    verb: str,
    *,
    actor: Actor | None,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    subject = Subject(complaint.community_id, "complaint", complaint.id, complaint.number)
    record_about(session, subject, action=f"complaint.{verb}", actor=actor, payload=payload, now=now)
