"""Demands for an assembly (arts 26, 28) or an appraisal: signed by phone or on paper, counted, answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.matters.queries.demands import list_adults_among, representatives
from civicforum.matters.rules import Channel, LineProblem
from civicforum.matters.services.people import LinesRefused, RefusedLine, channel_of, find_people
from civicforum.meetings.models import AssemblyDemand, DemandSignature, Meeting
from civicforum.meetings.preparation import DemandFigures, demand_deadline
from civicforum.meetings.queries.demands import count_signers
from civicforum.meetings.rules import (
    DEMANDED,
    MeetingForm,
    MeetingState,
    answers_demand,
    may_answer_demand,
)
from civicforum.meetings.services.steps import lock_meeting
from civicforum.people.models import Person
from civicforum.people.queries import rules_in
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def make_demand(
    *,
    form: MeetingForm,
    title: str,
    reason: str,
    for_household: bool,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Demand an assembly or an appraisal, as its first signer.

    Raises NotEligible: neither an adult resident nor a representative; for the representative assembly only
    representatives. Invalid where `form` cannot be demanded.
    """
    with transaction() as session:
        if form not in DEMANDED:
            raise Invalid("form", "kind")
        book = rules_in(session, actor.community_id)
        demand = AssemblyDemand(
            id=uuid.uuid4(),
            community_id=actor.community_id,
            form=form,
            title=title,
            reason=reason,
            profile=book.name,
            made_by_id=actor.person_id,
            made_at=now,
        )
        session.add(demand)
        session.flush()
        _sign(session, demand, actor.person_id, for_household, actor=actor, now=now)
        _settle(session, demand, "make", actor=actor, now=now)
        return demand.id


def sign_demand(*, demand_id: uuid.UUID, for_household: bool, actor: Actor, now: datetime) -> DemandFigures:
    """Sign a demand once. Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (it is called)."""
    with transaction() as session:
        demand = _lock(session, demand_id, actor=actor)
        if actor.person_id in _signed(session, demand):
            raise AlreadyDone("demand")
        _sign(session, demand, actor.person_id, for_household, actor=actor, now=now)
        return _settle(session, demand, "sign", actor=actor, now=now)


def enter_paper_signatures(
    *,
    demand_id: uuid.UUID,
    lines: Sequence[str],
    for_households: bool,
    actor: Actor,
    now: datetime,
) -> DemandFigures:
    """Enter signatures from paper, one name or roll number a line; all of them or none.

    Raises NotFound, NotEligible (not the help desk), LinesRefused, TransitionNotAllowed.
    """
    with transaction() as session:
        if not actor.has(Role.CLERK):
            raise NotEligible(actor.person_id)
        demand = _lock(session, demand_id, actor=actor)
        for_households = for_households and _counts_households(demand)
        for person in _signers(session, demand, lines, for_households, now=now):
            session.add(
                _signature(
                    demand, person.id, for_households, Channel.PAPER, entered_by=actor.person_id, now=now
                )
            )
        return _settle(session, demand, "enter_paper", actor=actor, now=now)


def answer_demand(*, demand_id: uuid.UUID, meeting_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Name the assembly that was called for a demand, or at which the appraisal is held.

    Raises NotFound, NotEligible, TransitionNotAllowed (named before), Invalid (another form, or called off).
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        demand = _lock(session, demand_id, actor=actor)
        if not may_answer_demand(actor, demand.form):
            raise NotEligible(actor.person_id)
        if not _answers(meeting, demand):
            raise Invalid("meeting", "meeting")
        demand.meeting_id = meeting.id
        _record(session, demand, "answer", {"meeting_id": str(meeting.id)}, actor=actor, now=now)


def _answers(meeting: Meeting, demand: AssemblyDemand) -> bool:
    return (
        answers_demand(meeting.form, demand.form)
        and meeting.state is not MeetingState.CANCELLED
        and meeting.noticed_at >= demand.made_at
    )


def _lock(session: Session, demand_id: uuid.UUID, *, actor: Actor) -> AssemblyDemand:
    demand = lock_row(session, AssemblyDemand, demand_id, community_id=actor.community_id)
    if demand.meeting_id is not None:
        raise TransitionNotAllowed("called", "demand")
    return demand


def _signed(session: Session, demand: AssemblyDemand) -> set[uuid.UUID]:
    return set(
        session.scalars(select(DemandSignature.person_id).where(DemandSignature.demand_id == demand.id))
    )


def _sign(
    session: Session,
    demand: AssemblyDemand,
    person_id: uuid.UUID,
    for_household: bool,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if person_id not in _entitled(session, demand, [person_id], day_of(now)):
        raise NotEligible("neither an adult resident nor a representative")
    for_household = for_household and _counts_households(demand)
    if for_household and session.get_one(Person, person_id).household_id in _households(session, demand):
        raise Invalid("household", "for_household")
    session.add(
        _signature(demand, person_id, for_household, channel_of(actor), entered_by=actor.assisted_by, now=now)
    )


def _signers(
    session: Session, demand: AssemblyDemand, lines: Sequence[str], for_households: bool, *, now: datetime
) -> list[Person]:
    found, refused = find_people(session, community_id=demand.community_id, lines=lines, day=day_of(now))
    entitled = _entitled(session, demand, [person.id for _, _, person in found], day_of(now))
    signed = _signed(session, demand)
    households = _households(session, demand) if for_households else set()
    for number, text, person in found:
        if person.id in signed or (for_households and person.household_id in households):
            refused.append(RefusedLine(number, text, LineProblem.ALREADY))
        elif person.id not in entitled:
            refused.append(RefusedLine(number, text, LineProblem.NOT_ENTITLED))
        elif for_households:
            households.add(person.household_id)
    if refused:
        raise LinesRefused(sorted(refused, key=lambda line: line.number))
    return [person for _, _, person in found]


def _entitled(
    session: Session, demand: AssemblyDemand, person_ids: Sequence[uuid.UUID], day: date
) -> set[uuid.UUID]:
    holders = representatives(session, community_id=demand.community_id, day=day) & set(person_ids)
    if demand.form is MeetingForm.REPRESENTATIVE_ASSEMBLY:
        return holders
    return holders | list_adults_among(
        session, community_id=demand.community_id, person_ids=person_ids, day=day
    )


def _counts_households(demand: AssemblyDemand) -> bool:
    """Tell whether one adult can sign for a household: for the residents' assembly alone (art 26)."""
    return demand.form is MeetingForm.RESIDENTS_ASSEMBLY


def _households(session: Session, demand: AssemblyDemand) -> set[uuid.UUID]:
    """Return the households for which somebody has signed."""
    return set(
        session.scalars(
            select(Person.household_id)
            .join(DemandSignature, DemandSignature.person_id == Person.id)
            .where(DemandSignature.demand_id == demand.id, DemandSignature.for_household)
        )
    )


def _signature(
    demand: AssemblyDemand,
    person_id: uuid.UUID,
    for_household: bool,
    channel: Channel,
    *,
    entered_by: uuid.UUID | None,
    now: datetime,
) -> DemandSignature:
    return DemandSignature(
        community_id=demand.community_id,
        demand_id=demand.id,
        person_id=person_id,
        for_household=for_household,
        channel=channel,
        entered_by_id=entered_by,
        at=now,
    )


def _settle(
    session: Session, demand: AssemblyDemand, verb: str, *, actor: Actor, now: datetime
) -> DemandFigures:
    """Count against today's residents; with enough of them the clock for the call starts, once."""
    session.flush()
    figures = count_signers(session, demand=demand, now=now)
    if figures.is_enough and demand.reached_at is None:
        demand.reached_at = now
        demand.due_at = demand_deadline(rulebook.load(demand.profile), demand.form, now)
    payload = {verdict.rule.id: verdict.arithmetic for verdict in figures.verdicts}
    _record(session, demand, verb, payload, actor=actor, now=now)
    return figures


def _record(
    session: Session,
    demand: AssemblyDemand,
    verb: str,
    payload: dict[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    subject = Subject(demand.community_id, "assembly_demand", demand.id, demand.title)
    is_appraisal = demand.form is MeetingForm.APPRAISAL
    action = f"appraisal_demand.{verb}" if is_appraisal else f"assembly_demand.{verb}"
    record_about(session, subject, action=action, actor=actor, payload=payload, now=now)
