"""What somebody prepares a session with: the agenda by the clock, papers, versions, what each vote needs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.meetings import attendance
from civicforum.meetings.differences import Part, compare
from civicforum.meetings.floor import FloorRules
from civicforum.meetings.forms_of_session import Balance
from civicforum.meetings.models import AgendaItem, Invitation, Meeting, Paper, Procedure, TextVersion
from civicforum.meetings.preparation import timetable
from civicforum.meetings.queries.invitations import Stake, balance_of, find_own, list_stakes
from civicforum.meetings.rules import (
    ASSEMBLIES,
    MAJORITY_RULE,
    QUORUM_RULE,
    MeetingForm,
    judge_notice,
    may_run,
)
from civicforum.meetings.services.procedures import floor_rules_of, in_force
from civicforum.meetings.services.steps import rules_of
from civicforum.rulebook import Threshold, Verdict
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class PreparedItem:
    """An item with the clock time at which it is expected, and its papers: experts' opinions apart."""

    item: AgendaItem
    expected_at: datetime
    papers: Sequence[Paper]
    opinions: Sequence[Paper]
    stakes: Sequence[Stake]
    versions: int


@dataclass(frozen=True)
class Preparation:
    """`days_left` counts whole calendar days; `quorum_least` and the thresholds are an assembly's."""

    meeting: Meeting
    items: list[PreparedItem]
    own: Invitation | None
    is_invited: bool
    may_edit: bool
    days_left: int
    notice: Verdict
    balance: Balance
    due: int
    quorum: Threshold | None
    majority: Threshold | None
    procedure: Procedure | None
    limits: FloorRules

    @property
    def minutes(self) -> int:
        """Return how long all items are planned to take."""
        return sum(line.item.minutes for line in self.items)


@dataclass(frozen=True)
class VersionsPage:
    """Two versions of an item's text, what changed from the one to the other, and all there are."""

    item: AgendaItem
    versions: Sequence[TextVersion]
    older: TextVersion | None
    newer: TextVersion | None
    parts: list[Part]
    opinions: Sequence[Paper]


def get_preparation(
    session: Session, *, meeting_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None, now: datetime
) -> Preparation:
    """Return what a meeting is prepared with, for this visitor. Raises NotFound."""
    meeting = session.get(
        Meeting,
        meeting_id,
        options=[
            joinedload(Meeting.body),
            joinedload(Meeting.chair),
            selectinload(Meeting.agenda).options(
                selectinload(AgendaItem.papers),
                selectinload(AgendaItem.versions),
                joinedload(AgendaItem.matter),
            ),
        ],
    )
    if meeting is None or meeting.community_id != community_id:
        raise NotFound(meeting_id)
    day = day_of(max(now, meeting.starts_at))
    book, members = rules_of(meeting), attendance.list_members(session, meeting=meeting, day=day)
    own = find_own(session, meeting_id=meeting.id, person_id=actor.person_id) if actor else None
    is_assembly = meeting.form in ASSEMBLIES
    procedure = meeting.procedure or in_force(session, meeting, day_of(meeting.starts_at))
    return Preparation(
        meeting=meeting,
        items=_items(meeting, list_stakes(session, meeting_id=meeting.id)),
        balance=balance_of(session, meeting=meeting, members=members),
        own=own,
        is_invited=actor is not None
        and (
            own is not None
            or meeting.form is MeetingForm.RESIDENTS_ASSEMBLY
            or any(member.person.id == actor.person_id for member in members)
        ),
        may_edit=actor is not None and may_run(actor, chair_id=meeting.answering_id),
        days_left=(day_of(meeting.starts_at) - day_of(now)).days,
        notice=judge_notice(book, meeting.form, posted_at=meeting.noticed_at, starts_at=meeting.starts_at),
        due=meeting.members_due
        if meeting.members_due is not None
        else attendance.count_due(session, meeting=meeting, members=members, day=day),
        quorum=book.threshold(QUORUM_RULE[meeting.form]) if is_assembly else None,
        majority=book.threshold(MAJORITY_RULE[meeting.form]) if is_assembly else None,
        procedure=procedure,
        limits=FloorRules(**meeting.floor_rules) if meeting.floor_rules else floor_rules_of(book, procedure),
    )


def get_versions(
    session: Session,
    *,
    item_id: uuid.UUID,
    community_id: uuid.UUID,
    older: int | None,
    newer: int | None,
) -> VersionsPage:
    """Return two versions of an item's text; without numbers the last and the one before it.

    Raises NotFound, also for a number that there is not.
    """
    item = session.get(
        AgendaItem,
        item_id,
        options=[
            joinedload(AgendaItem.meeting),
            selectinload(AgendaItem.versions),
            selectinload(AgendaItem.papers),
        ],
    )
    if item is None or item.community_id != community_id:
        raise NotFound(item_id)
    numbered = {version.number: version for version in item.versions}
    last = max(numbered, default=0)
    newer = last if newer is None else newer
    older = max(newer - 1, 1) if older is None else older
    if numbered and not {older, newer} <= numbered.keys():
        raise NotFound(item_id)
    old, new = numbered.get(older), numbered.get(newer)
    return VersionsPage(
        item=item,
        versions=item.versions,
        older=old,
        newer=new,
        parts=compare(old.text, new.text) if old and new else [],
        opinions=[paper for paper in item.papers if paper.is_expert_opinion],
    )


def get_paper(session: Session, *, paper_id: uuid.UUID, community_id: uuid.UUID) -> Paper:
    """Return a paper with its file. Raises NotFound."""
    paper = session.scalars(
        select(Paper)
        .options(undefer(Paper.content))
        .where(Paper.id == paper_id, Paper.community_id == community_id)
    ).one_or_none()
    if paper is None:
        raise NotFound(paper_id)
    return paper


def _items(meeting: Meeting, stakes: Mapping[uuid.UUID, Sequence[Stake]]) -> list[PreparedItem]:
    times = timetable(meeting.starts_at, [item.minutes for item in meeting.agenda])
    return [
        PreparedItem(
            item=item,
            expected_at=at,
            papers=[paper for paper in item.papers if not paper.is_expert_opinion],
            opinions=[paper for paper in item.papers if paper.is_expert_opinion],
            stakes=stakes.get(item.id, ()),
            versions=len(item.versions),
        )
        for item, at in zip(meeting.agenda, times, strict=True)
    ]
