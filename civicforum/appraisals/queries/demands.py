"""Demands for an appraisal that have enough signatures, as a plan takes them over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.appraisals import law
from civicforum.appraisals.plans import Demand, Demander
from civicforum.meetings.models import AssemblyDemand
from civicforum.meetings.preparation import Signers
from civicforum.meetings.queries.demands import get_signers, list_to_call
from civicforum.meetings.rules import MeetingForm
from civicforum.rulebook.days import day_of


@dataclass(frozen=True, kw_only=True)
class ReachedDemand:
    """A demand that has to be met: until when, and what a plan says of it."""

    id: uuid.UUID
    title: str
    reached_at: datetime
    due_at: datetime
    demand: Demand


def reached_appraisal_demands(session: Session, community_id: uuid.UUID) -> list[ReachedDemand]:
    """Return the demands with enough signatures that name no assembly yet, the earliest deadline first."""
    demands = list_to_call(session, community_id=community_id, forms=[MeetingForm.APPRAISAL])
    return [_as_reached(session, demand) for demand in demands]


def _as_reached(session: Session, demand: AssemblyDemand) -> ReachedDemand:
    """Take the numbers of the moment at which there were enough: who moves away later undoes nothing."""
    if demand.reached_at is None or demand.due_at is None:
        raise ValueError(f"{demand.id} has too few signatures")
    signers = get_signers(session, demand=demand, now=demand.reached_at)
    is_of_voters = _by_voters(demand, signers)
    return ReachedDemand(
        id=demand.id,
        title=demand.title,
        reached_at=demand.reached_at,
        due_at=demand.due_at,
        demand=Demand(
            by=Demander.VOTERS if is_of_voters else Demander.REPRESENTATIVES,
            reached_on=day_of(demand.reached_at),
            signatures=signers.adults if is_of_voters else signers.representatives,
            of=signers.all_adults if is_of_voters else signers.all_representatives,
            text=demand.reason,
        ),
    )


def _by_voters(demand: AssemblyDemand, signers: Signers) -> bool:
    book = rulebook.load(demand.profile)
    return law.judge_demand(book, signers.adults, voters=signers.all_adults).holds
