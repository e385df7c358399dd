"""Public lists of deliberation: the councils, what was coordinated, and what has to be deliberated on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.bodies.queries import BodyLine, get_body, list_bodies
from civicforum.bodies.rules import BodyKind
from civicforum.matters.rules import Category
from civicforum.meetings.models import AgendaItem, Attendance, ChairTurn, Duty, Meeting, Procedure
from civicforum.meetings.queries.procedures import list_versions
from civicforum.meetings.rules import MeetingForm, MeetingState, ParticipantClass, Seat
from civicforum.paging import Page, paginate
from civicforum.rows import get_row

# Bodies that deliberate; assemblies have their own pages, and offices do not meet.
COUNCILS = (
    BodyKind.DELIBERATION_COUNCIL,
    BodyKind.MEDIATION_COMMITTEE,
    BodyKind.RESIDENTS_GROUP,
    BodyKind.SUBCOMMITTEE,
)


@dataclass(frozen=True)
class CouncilLine:
    """A council of the register with how many sessions it has held."""

    line: BodyLine
    sessions: int


@dataclass(frozen=True)
class CouncilPage:
    """A council: its members, the rules it has adopted, its turns in the chair, its sessions."""

    line: BodyLine
    versions: Sequence[Procedure]
    turns: Sequence[ChairTurn]
    sessions: Page[Meeting]


def list_councils(session: Session, *, community_id: uuid.UUID, day: date) -> list[CouncilLine]:
    """Return the bodies that deliberate, councils first, with the number of their sessions."""
    counted = select(Meeting.body_id, func.count()).where(
        Meeting.community_id == community_id, Meeting.state == MeetingState.CLOSED
    )
    held = dict(session.execute(counted.group_by(Meeting.body_id)).all())
    lines = [
        line
        for line in list_bodies(session, community_id=community_id, day=day)
        if line.body.kind in COUNCILS or held.get(line.body.id)
    ]
    lines.sort(key=lambda line: line.body.kind is not BodyKind.DELIBERATION_COUNCIL)
    return [CouncilLine(line, held.get(line.body.id, 0)) for line in lines]


def get_council(
    session: Session, *, body_id: uuid.UUID, community_id: uuid.UUID, day: date, number: int
) -> CouncilPage:
    """Return a council with a page of its sessions, the latest first. Raises NotFound."""
    line = get_body(session, body_id=body_id, community_id=community_id, day=day)
    sessions = (
        select(Meeting)
        .options(selectinload(Meeting.agenda))
        .where(Meeting.body_id == body_id, Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.starts_at.desc(), Meeting.id)
    )
    turns = select(ChairTurn).where(ChairTurn.body_id == body_id).order_by(ChairTurn.position)
    return CouncilPage(
        line=line,
        versions=list_versions(session, community_id=community_id, body_id=body_id),
        turns=session.scalars(turns).all(),
        sessions=paginate(session, sessions, number=number),
    )


def list_coordinated(
    session: Session, *, community_id: uuid.UUID, number: int
) -> tuple[Page[AgendaItem], dict[uuid.UUID, dict[ParticipantClass, int]]]:
    """Return a page of items of parties' meetings, the latest first, and how many of each side came.

    Sides and not names: who quarrels with whom is nobody else's business.
    """
    page = paginate(
        session,
        select(AgendaItem)
        .join(Meeting, AgendaItem.meeting_id == Meeting.id)
        .options(joinedload(AgendaItem.meeting), joinedload(AgendaItem.matter))
        .where(
            Meeting.community_id == community_id,
            Meeting.form == MeetingForm.COORDINATION,
            Meeting.state != MeetingState.CANCELLED,
        )
        .order_by(Meeting.starts_at.desc(), AgendaItem.position),
        number=number,
    )
    sides: dict[uuid.UUID, dict[ParticipantClass, int]] = {}
    rows = session.execute(
        select(Attendance.meeting_id, Attendance.participant_class, func.count())
        .where(
            Attendance.meeting_id.in_([item.meeting_id for item in page.items]),
            Attendance.seat != Seat.OBSERVER,
        )
        .group_by(Attendance.meeting_id, Attendance.participant_class)
        .order_by(Attendance.participant_class)
    )
    for meeting_id, kind, count in rows:
        sides.setdefault(meeting_id, {})[kind] = count
    return page, sides


def list_duties(session: Session, *, community_id: uuid.UUID) -> Sequence[Duty]:
    """Return the catalogue of what has to be deliberated on, by title."""
    return session.scalars(
        select(Duty).where(Duty.community_id == community_id, Duty.ended_on.is_(None)).order_by(Duty.title)
    ).all()


def get_duty(session: Session, *, duty_id: uuid.UUID, community_id: uuid.UUID) -> Duty:
    """Return a subject of the catalogue, in force or not. Raises NotFound."""
    return get_row(session, Duty, duty_id, community_id=community_id)


def list_duties_of(
    session: Session, *, community_id: uuid.UUID, categories: Sequence[Category]
) -> Sequence[Duty]:
    """Return the duties that matters of these categories are reminded of."""
    return session.scalars(
        select(Duty)
        .where(Duty.community_id == community_id, Duty.ended_on.is_(None), Duty.category.in_(categories))
        .order_by(Duty.title)
    ).all()
