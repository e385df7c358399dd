"""The demand over a refusal: enough residents or representatives bring a declined matter to the assembly.

Articles 26 and 28: an assembly must be called when a tenth of the adult residents, or a fifth of the
representatives, ask for it. So a refusal by the committee is not the last word.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible
from civicforum.matters.models import Demand, Matter
from civicforum.matters.queries.demands import (
    DemandFigures,
    count_demands,
    list_entitled,
    representatives,
)
from civicforum.matters.rules import Act, Channel, check
from civicforum.matters.services.people import channel_of, find_people, take_signers
from civicforum.matters.services.steps import advance, lock_matter
from civicforum.people.models import Person
from civicforum.records.services import record
from civicforum.rulebook.days import day_of


def demand_assembly(*, matter_id: uuid.UUID, actor: Actor, now: datetime) -> DemandFigures:
    """Demand, once, that a declined matter be put to the assembly.

    Raises NotEligible (a minor, or somebody who does not live here), AlreadyDone, TransitionNotAllowed.
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.DEMAND, matter.stage, actor.roles)
        day = day_of(now)
        if not list_entitled(
            session, community_id=matter.community_id, person_ids=[actor.person_id], day=day
        ):
            raise NotEligible("neither an adult resident nor a representative")
        if actor.person_id in _demanders(session, matter):
            raise AlreadyDone("demand")
        row = _demand(session, matter, actor.person_id, channel_of(actor), day, now)
        session.add(row)
        return _count_and_record(session, matter, actor, "matter.demand", row.id, now)


def enter_paper_demands(
    *, matter_id: uuid.UUID, actor: Actor, lines: Sequence[str], now: datetime
) -> DemandFigures:
    """Enter the signatures of a paper demand, one roll number or name a line; all of them or none.

    Raises LinesRefused, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.ENTER_PAPER_DEMANDS, matter.stage, actor.roles)
        day = day_of(now)
        people = _signers(session, matter, lines, day)
        rows = [_demand(session, matter, person.id, Channel.PAPER, day, now) for person in people]
        session.add_all(rows)
        return _count_and_record(session, matter, actor, "matter.enter_paper_demands", rows[0].id, now)


def _signers(session: Session, matter: Matter, lines: Sequence[str], day: date) -> list[Person]:
    found, refused = find_people(session, community_id=matter.community_id, lines=lines, day=day)
    entitled = list_entitled(
        session,
        community_id=matter.community_id,
        person_ids=[person.id for _, _, person in found],
        day=day,
    )
    return take_signers(found, refused, already=_demanders(session, matter), entitled=entitled)


def _demanders(session: Session, matter: Matter) -> set[uuid.UUID]:
    return set(session.scalars(select(Demand.person_id).where(Demand.matter_id == matter.id)))


def _demand(
    session: Session, matter: Matter, person_id: uuid.UUID, channel: Channel, day: date, now: datetime
) -> Demand:
    return Demand(
        id=uuid.uuid4(),
        community_id=matter.community_id,
        matter_id=matter.id,
        person_id=person_id,
        as_representative=person_id in representatives(session, community_id=matter.community_id, day=day),
        channel=channel,
        at=now,
    )


def _count_and_record(
    session: Session, matter: Matter, actor: Actor, action: str, row_id: uuid.UUID, now: datetime
) -> DemandFigures:
    """Count against today's residents and representatives, and move the matter on when either is enough."""
    session.flush()
    figures = count_demands(session, matter=matter, now=now)
    payload: dict[str, object] = {
        "residents": figures.by_residents.arithmetic,
        "representatives": figures.by_representatives.arithmetic,
        "matter_id": str(matter.id),
    }
    if figures.is_enough:
        payload |= advance(session, matter=matter, act=Act.ENOUGH_DEMANDS, now=now)
    record(
        session,
        community_id=matter.community_id,
        actor=actor,
        action=action,
        subject_kind="matter" if figures.is_enough else "demand",
        subject_id=matter.id if figures.is_enough else row_id,
        subject_title=matter.title,
        payload=payload,
        now=now,
    )
    return figures
