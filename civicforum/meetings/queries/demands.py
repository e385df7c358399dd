"""Demands for an assembly or an appraisal, each with its count of today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.appraisals.law import judge_after_demand
from civicforum.matters.queries.demands import count_adults_here, list_adults_among, representatives
from civicforum.meetings.models import AssemblyDemand, DemandSignature, Meeting
from civicforum.meetings.preparation import DemandFigures, Signers, judge_demand
from civicforum.meetings.rules import DEMANDED, MeetingForm
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.people.queries import count_households
from civicforum.rows import get_row
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class DemandPage:
    """A demand with its count; `has_signed`: the visitor has.

    `held`: whether the assembly named for a demanded appraisal is soon enough; None where none is asked.
    """

    demand: AssemblyDemand
    figures: DemandFigures
    signatures: int
    has_signed: bool
    held: Verdict | None

    def is_late(self, now: datetime) -> bool:
        """Tell whether the assembly should have been called, or the appraisal held, by now."""
        demand = self.demand
        return demand.meeting_id is None and demand.due_at is not None and now > demand.due_at


def count_signers(session: Session, *, demand: AssemblyDemand, now: datetime) -> DemandFigures:
    """Judge a demand by who signed it until `now`."""
    signers = get_signers(session, demand=demand, now=now)
    return judge_demand(rulebook.load(demand.profile), demand.form, signers)


def get_signers(session: Session, *, demand: AssemblyDemand, now: datetime) -> Signers:
    """Return how many signed until `now`, and of how many, by who lived here then."""
    day, community_id = day_of(now), demand.community_id
    signed = (DemandSignature.demand_id == demand.id, DemandSignature.at <= now)
    signers = list(session.scalars(select(DemandSignature.person_id).where(*signed)))
    adults = list_adults_among(session, community_id=community_id, person_ids=signers, day=day)
    holders = representatives(session, community_id=community_id, day=day)
    households = session.scalar(
        select(func.count(func.distinct(Person.household_id)))
        .join(DemandSignature, DemandSignature.person_id == Person.id)
        .where(*signed, DemandSignature.for_household, Person.id.in_(adults))
    )
    return Signers(
        adults=len(adults),
        all_adults=count_adults_here(session, community_id=community_id, day=day),
        households=households or 0,
        all_households=count_households(session, community_id=community_id),
        representatives=len(holders & set(signers)),
        all_representatives=len(holders),
    )


def get_demand(
    session: Session,
    *,
    demand_id: uuid.UUID,
    community_id: uuid.UUID,
    person_id: uuid.UUID | None,
    now: datetime,
) -> DemandPage:
    """Return a demand as this visitor sees it. Raises NotFound."""
    demand = get_row(session, AssemblyDemand, demand_id, community_id=community_id)
    signers = set(
        session.scalars(select(DemandSignature.person_id).where(DemandSignature.demand_id == demand.id))
    )
    figures = count_signers(session, demand=demand, now=now)
    return DemandPage(demand, figures, len(signers), person_id in signers, _judge_day(session, demand))


def _judge_day(session: Session, demand: AssemblyDemand) -> Verdict | None:
    if demand.form is not MeetingForm.APPRAISAL or demand.meeting_id is None or demand.reached_at is None:
        return None
    meeting = session.get_one(Meeting, demand.meeting_id)
    return judge_after_demand(rulebook.load(demand.profile), demand.reached_at, meeting.starts_at)


def list_demands(session: Session, *, community_id: uuid.UUID, number: int) -> Page[AssemblyDemand]:
    """Return one page of the demands: what waits for its call first, the earliest deadline first."""
    statement = (
        select(AssemblyDemand)
        .where(AssemblyDemand.community_id == community_id)
        .order_by(
            AssemblyDemand.meeting_id.is_not(None),
            AssemblyDemand.due_at.asc().nulls_last(),
            AssemblyDemand.made_at.desc(),
            AssemblyDemand.id,
        )
    )
    return paginate(session, statement, number=number)


def list_to_call(
    session: Session, *, community_id: uuid.UUID, forms: Collection[MeetingForm] = DEMANDED
) -> Sequence[AssemblyDemand]:
    """Return the demands with enough signatures that name no assembly yet, the earliest deadline first."""
    return session.scalars(
        select(AssemblyDemand)
        .where(
            AssemblyDemand.community_id == community_id,
            AssemblyDemand.form.in_(forms),
            AssemblyDemand.reached_at.is_not(None),
            AssemblyDemand.meeting_id.is_(None),
        )
        .order_by(AssemblyDemand.due_at, AssemblyDemand.id)
    ).all()
