"""Reads of the hearing and of the grading, for the page on which they happen."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.forms_of_rating import Hearing
from civicforum.appraisals.models import AppraisalSubject, Cycle, HearingQuestion, OutsideCount, RaterGroup
from civicforum.appraisals.rules import CycleState, RaterBasis, may_lead
from civicforum.appraisals.services.collecting import is_finished
from civicforum.appraisals.services.hearing import may_note
from civicforum.appraisals.services.outside import HANDS, agreed
from civicforum.appraisals.services.rating import Quorum, find_quorum, hall_of, list_awaited, stands
from civicforum.errors import NotFound
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.people.models import Person
from civicforum.polls.blockers import Blocker
from civicforum.polls.models import Poll
from civicforum.polls.queries.blockers import list_next_blockers
from civicforum.polls.queries.grading import Returned, count_returned, list_small_ways
from civicforum.polls.rules import PollState
from civicforum.rows import get_row


@dataclass(frozen=True)
class HeardLine:
    """A report that is due, with what was noted of it."""

    subject: AppraisalSubject
    hearing: Hearing
    questions: Sequence[HearingQuestion]


@dataclass(frozen=True)
class GroupLine:
    """A group of raters and where it stands; `returned` is told to whoever leads, while it grades."""

    group: RaterGroup
    is_finished: bool
    entered: int = 0
    is_agreed: bool = False
    returned: Returned | None = None
    blockers: Sequence[Blocker] = ()

    @property
    def poll(self) -> Poll | None:
        """Return its poll, where it has one that counts."""
        return self.group.poll


@dataclass(frozen=True)
class RatingPage:
    """The hearing and the grading of a cycle, as one visitor sees them."""

    cycle: Cycle
    lines: Sequence[HeardLine]
    groups: Sequence[GroupLine]
    hall: GroupLine | None
    meeting: Meeting | None
    quorum: Quorum | None
    awaited: Sequence[str]
    leads: bool
    notes: bool
    needs_rolls: bool

    @property
    def sits(self) -> bool:
        """Tell whether the assembly sits now."""
        return self.meeting is not None and self.meeting.state is MeetingState.OPEN

    @property
    def may_note_now(self) -> bool:
        """Tell whether the visitor writes down what is said."""
        return self.notes and self.sits and self.cycle.state is CycleState.POSTED

    @property
    def all_finished(self) -> bool:
        """Tell whether every group has finished, so that the grades can be counted."""
        return self.cycle.state is CycleState.RATING and all(one.is_finished for one in self.groups)


def get_rating(session: Session, cycle: Cycle, actor: Actor | None, *, now: datetime) -> RatingPage:
    """Return the page of a cycle that was read with its subjects, groups and meeting."""
    questions = _questions(session, cycle)
    leads = actor is not None and may_lead(actor, cycle.people)
    groups = [_group_line(session, cycle, group, leads=leads, now=now) for group in cycle.groups]
    hall = hall_of(cycle)
    meeting = cycle.meeting if hall is not None else None
    sits = meeting is not None and meeting.state is MeetingState.OPEN and cycle.state is CycleState.POSTED
    return RatingPage(
        cycle=cycle,
        lines=[
            HeardLine(one, stands(one), questions.get(one.id, ()))
            for one in cycle.subjects
            if one.needs_report
        ],
        groups=groups,
        hall=next((one for one in groups if one.group is hall), None),
        meeting=meeting,
        quorum=find_quorum(session, cycle, meeting, now=now) if sits and meeting is not None else None,
        awaited=[one.name for one in list_awaited(cycle)],
        leads=leads,
        notes=actor is not None and may_note(actor, cycle),
        needs_rolls=cycle.state is CycleState.POSTED
        and any(one.group.basis is RaterBasis.ROLL and one.poll is None for one in groups),
    )


def get_subject(session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID) -> AppraisalSubject:
    """Return a subject of a cycle of the community. Raises NotFound."""
    return get_row(session, AppraisalSubject, subject_id, community_id=community_id)


def get_question(session: Session, *, question_id: uuid.UUID, community_id: uuid.UUID) -> HearingQuestion:
    """Return a question that was noted. Raises NotFound."""
    return get_row(session, HearingQuestion, question_id, community_id=community_id)


def get_outside(session: Session, *, group_id: uuid.UUID, community_id: uuid.UUID) -> RaterGroup:
    """Return a group that an organ outside is, with what was entered of its sheet. Raises NotFound."""
    group = session.scalars(
        select(RaterGroup)
        .options(selectinload(RaterGroup.outside_counts), selectinload(RaterGroup.cycle))
        .where(RaterGroup.id == group_id, RaterGroup.community_id == community_id)
    ).one_or_none()
    if group is None or group.basis is not RaterBasis.OUTSIDE:
        raise NotFound(group_id)
    return group


def names_of_hands(session: Session, counts: Sequence[OutsideCount]) -> list[str]:
    """Return who entered a sheet, in the order of the hands."""
    people = [one.entered_by_id for one in counts]
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {row.id: row.name for row in rows}
    return [names[one] for one in people]


def _reporting(cycle: Cycle) -> list[AppraisalSubject]:
    return [one for one in cycle.subjects if one.needs_report]


def _questions(session: Session, cycle: Cycle) -> dict[uuid.UUID, list[HearingQuestion]]:
    found: dict[uuid.UUID, list[HearingQuestion]] = defaultdict(list)
    rows = session.scalars(
        select(HearingQuestion)
        .where(HearingQuestion.subject_id.in_([one.id for one in cycle.subjects]))
        .order_by(HearingQuestion.subject_id, HearingQuestion.position)
    )
    for row in rows:
        found[row.subject_id].append(row)
    return found


def _group_line(
    session: Session, cycle: Cycle, group: RaterGroup, *, leads: bool, now: datetime
) -> GroupLine:
    finished, poll = is_finished(session, cycle, group), group.poll
    if group.basis is RaterBasis.OUTSIDE:
        entered = min(len(group.outside_counts), len(HANDS))
        return GroupLine(group, finished, entered, agreed(group.outside_counts) is not None)
    if poll is None or not leads or poll.state not in (PollState.OPEN, PollState.CLOSED):
        return GroupLine(group, finished)
    return GroupLine(
        group,
        finished,
        returned=count_returned(session, poll),
        blockers=_blockers(session, poll, now=now),
    )


def _blockers(session: Session, poll: Poll, *, now: datetime) -> list[Blocker]:
    """Return what stands against the next step: of a hall the chair ends the grading, whatever its hour."""
    if poll.state is PollState.OPEN and not poll.stands_alone:
        return list_small_ways(session, poll)
    return [one for one in list_next_blockers(session, poll, now=now) if one.kind != "still_open"]
