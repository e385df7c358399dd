"""The grading: polls for the groups of raters, forms given out in the hall, and their count at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.errors_of_rating import NobodyToGrade, NotPrepared, ReportsNotHeard
from civicforum.appraisals.forms_of_rating import (
    Graded,
    Hearing,
    ScaleOfForm,
    hearing_of,
    introduction_of_form,
    questions_of,
    roll_opens_at,
    title_of_form,
)
from civicforum.appraisals.models import AppraisalSubject, Cycle, RaterGroup
from civicforum.appraisals.rules import CycleState, RaterBasis, move
from civicforum.appraisals.services.hearing import require_open_meeting
from civicforum.appraisals.services.steps import lock_to_lead, record_cycle, require_state, rules_of
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.meetings import attendance
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm
from civicforum.people.models import Person
from civicforum.polls.electorates import draw_from_json
from civicforum.polls.models import Poll
from civicforum.polls.queries.grading import count_returned, judge_returned
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.rules_roll import objection_period
from civicforum.polls.services import for_appraisals
from civicforum.polls.services.for_appraisals import Forms
from civicforum.polls.services.halls import Voter, count_here, end_voting, open_here
from civicforum.polls.services.steps import lock_poll, record_poll
from civicforum.polls.terms import first_terms
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_of, day_starts


@dataclass(frozen=True)
class Quorum:
    """How many of the assembly are in the room, of how many, and whether that is enough."""

    present: int
    members: int
    verdict: Verdict


class Ended(StrEnum):
    """What came of ending the grading in the hall."""

    COUNTED = "counted"
    # Two people count the papers first.
    AWAITS_PAPER = "awaits_paper"
    # Too few forms: nothing is opened.
    TOO_FEW = "too_few"


def prepare_rating(*, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Make the polls of a posted cycle: rolls are drawn and posted, so that there is time to object.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted), AlreadyDone, and as `make_polls`.
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        require_state(cycle, CycleState.POSTED)
        made = make_polls(session, cycle, actor=actor, now=now)
        if not made:
            raise AlreadyDone(cycle_id)
        payload = {"groups": made}
        record_cycle(session, cycle, action="prepare_rating", actor=actor, payload=payload, now=now)


def make_polls(session: Session, cycle: Cycle, *, actor: Actor, now: datetime) -> list[str]:
    """Make the polls that a locked cycle still lacks; return the names of their groups.

    Raises NobodyToGrade, Invalid (a TermsFault, such as too few days for objections, or a DrawFault),
    RuleRefused.
    """
    lacking = [group for group in cycle.groups if group.basis is not RaterBasis.OUTSIDE and _lacks(group)]
    for group in lacking:
        if group.basis is RaterBasis.PRESENT:
            poll = for_appraisals.make_hearing(
                session, forms_of(cycle, group), book=rules_of(cycle), actor=actor, now=now
            )
        else:
            poll = _make_roll(session, cycle, group, actor=actor, now=now)
        group.poll = poll
    session.flush()
    return [group.name for group in lacking]


def forms_of(cycle: Cycle, group: RaterGroup) -> Forms:
    """Return the form of a group."""
    graded = graded_in(cycle)
    return Forms(
        cycle_id=cycle.id,
        title=title_of_form(cycle.title, group.name),
        introduction=introduction_of_form(cycle.introduction, graded),
        specs=questions_of(scales_of(cycle), graded),
        least=group.least,
        barred=cycle.people,
    )


def graded_in(cycle: Cycle) -> list[Graded]:
    """Return who is graded, in the order of the form."""
    return [Graded(one.id, one.name, one.scale_id) for one in cycle.subjects]


def scales_of(cycle: Cycle) -> list[ScaleOfForm]:
    """Return the scales of a cycle, in the order of the form."""
    return [ScaleOfForm(one.id, one.title, tuple(one.levels)) for one in cycle.scales]


def open_rating(
    *, cycle_id: uuid.UUID, by_paper: bool, actor: Actor, settings: Settings, now: datetime
) -> None:
    """Let those present grade: reports are heard, and enough of the assembly are in the room.

    A cycle without an assembly begins with the day of its plan. Whoever opens chairs it.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted, no open meeting, or too early),
    NotPrepared, ReportsNotHeard, NobodyToGrade, RuleRefused (no quorum; carries the article and the sum).
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        state = move(cycle.state, CycleState.RATING)
        book = rules_of(cycle)
        require(law.judge_chair(book, actor.has(Role.SUPERVISOR)))
        _check_prepared(cycle)
        group = hall_of(cycle)
        payload: dict[str, object] = {"by_paper": by_paper}
        if group is not None:
            payload |= _open_hall(
                session, cycle, group, by_paper=by_paper, actor=actor, settings=settings, now=now
            )
        elif now < day_starts(cycle.held_on):
            raise TransitionNotAllowed(cycle.held_on, state)
        cycle.state, cycle.opened_at, cycle.chaired_by_id = state, now, actor.person_id
        record_cycle(session, cycle, action="open_rating", actor=actor, payload=payload, now=now)


def end_rating(*, cycle_id: uuid.UUID, actor: Actor, settings: Settings, now: datetime) -> Ended:
    """Take no more forms in the hall, and count them; called again once two people have counted the papers.

    Where papers were handed out and too few of them came back, nothing is opened: Ended.TOO_FEW.

    Raises NotFound, NotEligible, TransitionNotAllowed (no hall grades), StepBlocked (few of one way would be
    told apart, or another group still grades), KeysMissing.
    """
    with transaction() as session:
        cycle, poll = _lock_hall(session, cycle_id, actor)
        awaits_paper = end_voting(session, poll, actor=actor, now=now)
        forms = count_returned(session, poll).together
        is_told_apart = not judge_returned(session, poll).holds
        if forms < poll.least_together or is_told_apart:
            for_appraisals.leave_shut(session, poll, forms=forms, actor=actor, now=now)
            payload = {"forms": forms, "least": poll.least_together}
            record_cycle(session, cycle, action="end_rating", actor=actor, payload=payload, now=now)
            return Ended.TOO_FEW
    if awaits_paper:
        return Ended.AWAITS_PAPER
    with transaction() as session:
        cycle, poll = _lock_hall(session, cycle_id, actor)
        sheet = count_here(session, poll, actor=actor, settings=settings, now=now)
        payload = {"forms": sheet.counts["taking_part"]}
        record_cycle(session, cycle, action="end_rating", actor=actor, payload=payload, now=now)
    return Ended.COUNTED


def hall_of(cycle: Cycle) -> RaterGroup | None:
    """Return the group that grades in the room; None where no assembly does."""
    return next((one for one in cycle.groups if one.basis is RaterBasis.PRESENT), None)


def find_quorum(session: Session, cycle: Cycle, meeting: Meeting, *, now: datetime) -> Quorum:
    """Return how many of those who grade are in the room now, of how many (DOMAIN.md D4)."""
    grading = _list_grading(session, meeting, now=now)
    here = {one for one, _kind in attendance.list_present(session, meeting_id=meeting.id)}
    present = len(here & grading)
    return Quorum(present, len(grading), law.judge_quorum(rules_of(cycle), present, len(grading)))


def _list_grading(session: Session, meeting: Meeting, *, now: datetime) -> set[uuid.UUID]:
    """Return who grades in an assembly: in that of representatives they alone (DOMAIN.md row 0-03)."""
    members = attendance.list_members(session, meeting=meeting, day=day_of(meeting.opened_at or now))
    takes_all = meeting.form is not MeetingForm.REPRESENTATIVE_ASSEMBLY
    return {one.person.id for one in members if takes_all or one.is_representative}


def list_awaited(cycle: Cycle) -> list[AppraisalSubject]:
    """Return whose report was handed in and is neither heard nor noted as not given."""
    return [one for one in cycle.subjects if one.needs_report and stands(one) is Hearing.AWAITED]


def stands(subject: AppraisalSubject) -> Hearing:
    """Return how the report of a subject stands."""
    report = subject.report
    return hearing_of(
        is_submitted=report is not None and report.first_submitted_at is not None,
        is_heard=subject.heard_at is not None,
        unheard_reason=subject.unheard_reason,
    )


def _open_hall(
    session: Session,
    cycle: Cycle,
    group: RaterGroup,
    *,
    by_paper: bool,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> dict[str, object]:
    meeting = require_open_meeting(session, cycle)
    awaited = list_awaited(cycle)
    if awaited:
        raise ReportsNotHeard([one.name for one in awaited])
    quorum = find_quorum(session, cycle, meeting, now=now)
    require(quorum.verdict)
    make_polls(session, cycle, actor=actor, now=now)
    assert group.poll_id is not None  # noqa: S101
    poll = lock_poll(session, poll_id=group.poll_id, community_id=cycle.community_id)
    grading = _list_grading(session, meeting, now=now).difference(cycle.people)
    voters = _voters(session, meeting, grading)
    if not voters:
        raise NobodyToGrade(group.name)
    poll.by_paper, poll.members = by_paper, len(voters)
    open_here(session, poll, voters, place=meeting.place, settings=settings, now=now)
    cycle.quorum = {
        "present": quorum.present,
        "members": quorum.members,
        "rule": quorum.verdict.rule.id,
        "article": quorum.verdict.rule.article,
        "arithmetic": quorum.verdict.arithmetic,
    }
    payload: dict[str, object] = {"quorum": quorum.verdict.arithmetic, "raters": len(voters)}
    record_poll(session, poll, actor=actor, action="open", payload=payload, now=now)
    return payload


def _voters(session: Session, meeting: Meeting, grading: Collection[uuid.UUID]) -> list[Voter]:
    present = [one for one in attendance.list_present(session, meeting_id=meeting.id) if one[0] in grading]
    people = [person_id for person_id, _kind in present]
    names = {
        row.id: row.name
        for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    return [Voter(person_id, names[person_id], f"present.{kind.value}") for person_id, kind in present]


def _lacks(group: RaterGroup) -> bool:
    return group.poll is None or group.poll.state is PollState.VOID


def _check_prepared(cycle: Cycle) -> None:
    missing = [one.name for one in cycle.groups if one.basis is RaterBasis.ROLL and _lacks(one)]
    if missing:
        raise NotPrepared(missing)


def _make_roll(session: Session, cycle: Cycle, group: RaterGroup, *, actor: Actor, now: datetime) -> Poll:
    if group.closes_at is None:
        raise Invalid("no_times", "closes_at")
    book = rules_of(cycle)
    try:
        return for_appraisals.make_roll(
            session,
            forms_of(cycle, group),
            draw=draw_from_json(group.draw),
            opens_at=_opens_at(book, cycle, group.closes_at, now),
            closes_at=group.closes_at,
            book=book,
            actor=actor,
            now=now,
        )
    except Invalid as refusal:
        if refusal.reason == "nobody":
            raise NobodyToGrade(group.name) from refusal
        raise


def _opens_at(book: Rulebook, cycle: Cycle, closes_at: datetime, now: datetime) -> datetime:
    days = first_terms(book, preset=Preset.POLL, is_statutory=False).objection_days
    period = objection_period(book, posted_at=now, is_statutory=False, objection_days=days)
    return roll_opens_at(
        held_at=day_starts(cycle.held_on), closes_at=closes_at, objections_end=period.ends_at
    )


def _lock_hall(session: Session, cycle_id: uuid.UUID, actor: Actor) -> tuple[Cycle, Poll]:
    cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
    require_state(cycle, CycleState.RATING)
    group = hall_of(cycle)
    if group is None or group.poll_id is None:
        raise NotFound(cycle_id)
    poll = lock_poll(session, poll_id=group.poll_id, community_id=cycle.community_id)
    if poll.state not in (PollState.OPEN, PollState.CLOSED):
        raise TransitionNotAllowed(poll.state, "end_rating")
    return cycle, poll
