"""Demands that a further item be disclosed: signed by phone or on paper, counted, put into the catalogue.

Local rules let a tenth of the residents or a fifth of the representatives demand it (DOMAIN.md E4).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.rules import BodyKind, Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, TransitionNotAllowed
from civicforum.matters.queries.demands import DemandFigures, list_entitled, representatives
from civicforum.matters.rules import Channel
from civicforum.matters.services.people import channel_of, find_people, take_signers
from civicforum.notices.calendar import due_at
from civicforum.notices.models import DisclosureDue, DisclosureItem, ItemDemand, ItemDemandSignature
from civicforum.notices.queries.demanding import count_item_signers
from civicforum.notices.rules import ItemSource, NoticeCategory, Rhythm
from civicforum.notices.rules_asking import (
    LONGEST_REASON,
    DemandState,
    check_words,
    demand_state,
)
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


def demand_item(
    *, title: str, reason: str, category: NoticeCategory, rhythm: Rhythm, actor: Actor, now: datetime
) -> uuid.UUID:
    """Demand that something be posted, as the first signer. Returns the demand's id.

    Raises NotEligible (neither an adult who lives here nor a representative), Invalid.
    """
    title = check_words(title, most=200, field="title")
    reason = check_words(reason, most=LONGEST_REASON, field="reason")
    with transaction() as session:
        demand = ItemDemand(
            id=uuid.uuid4(),
            community_id=actor.community_id,
            title=title,
            reason=reason,
            category=category,
            rhythm=rhythm,
            profile=session.get_one(Community, actor.community_id).profile,
            made_by_id=actor.person_id,
            made_at=now,
        )
        session.add(demand)
        session.flush()
        _sign(session, demand, actor=actor, now=now)
        _settle(session, demand, "make", actor=actor, now=now)
        return demand.id


def sign_item_demand(*, demand_id: uuid.UUID, actor: Actor, now: datetime) -> DemandFigures:
    """Sign a demand once. Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed (it is over)."""
    with transaction() as session:
        demand = _lock(session, demand_id, actor=actor, act="sign")
        if actor.person_id in _signed(session, demand):
            raise AlreadyDone("demand")
        _sign(session, demand, actor=actor, now=now)
        return _settle(session, demand, "sign", actor=actor, now=now)


def enter_paper_signatures(
    *, demand_id: uuid.UUID, lines: Sequence[str], actor: Actor, now: datetime
) -> DemandFigures:
    """Enter signatures from paper, one name or roll number a line; all of them or none.

    Raises NotFound, NotEligible (not the help desk), LinesRefused, Invalid, TransitionNotAllowed.
    """
    if not actor.holds(Role.CLERK):
        raise NotEligible(actor.person_id)
    with transaction() as session:
        demand = _lock(session, demand_id, actor=actor, act="sign")
        community_id, day = demand.community_id, day_of(now)
        found, refused = find_people(session, community_id=community_id, lines=lines, day=day)
        ids = [person.id for _, _, person in found]
        entitled = list_entitled(session, community_id=community_id, person_ids=ids, day=day)
        people = take_signers(found, refused, already=_signed(session, demand), entitled=entitled)
        _add(session, demand, [person.id for person in people], Channel.PAPER, actor.person_id, now)
        return _settle(session, demand, "enter_paper", actor=actor, now=now)


def withdraw_item_demand(*, demand_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take back one's own demand before it is reached.

    Raises NotFound, NotEligible (another's), TransitionNotAllowed (reached, or taken back before).
    """
    with transaction() as session:
        demand = _lock(session, demand_id, actor=actor, act="withdraw")
        if demand.made_by_id != actor.person_id:
            raise NotEligible(actor.person_id)
        demand.withdrawn_at = now
        _record(session, demand, "withdraw", {}, actor=actor, now=now)


def _lock(session: Session, demand_id: uuid.UUID, *, actor: Actor, act: str) -> ItemDemand:
    demand = lock_row(session, ItemDemand, demand_id, community_id=actor.community_id)
    state = demand_state(reached_at=demand.reached_at, withdrawn_at=demand.withdrawn_at)
    if state is not DemandState.COLLECTING:
        raise TransitionNotAllowed(state, act)
    return demand


def _signed(session: Session, demand: ItemDemand) -> set[uuid.UUID]:
    return set(
        session.scalars(
            select(ItemDemandSignature.person_id).where(ItemDemandSignature.demand_id == demand.id)
        )
    )


def _sign(session: Session, demand: ItemDemand, *, actor: Actor, now: datetime) -> None:
    person_ids = [actor.person_id]
    if not list_entitled(session, community_id=demand.community_id, person_ids=person_ids, day=day_of(now)):
        raise NotEligible("neither an adult resident nor a representative")
    _add(session, demand, person_ids, channel_of(actor), actor.assisted_by, now)


def _add(
    session: Session,
    demand: ItemDemand,
    person_ids: Sequence[uuid.UUID],
    channel: Channel,
    entered_by: uuid.UUID | None,
    now: datetime,
) -> None:
    holders = representatives(session, community_id=demand.community_id, day=day_of(now))
    session.add_all(
        ItemDemandSignature(
            community_id=demand.community_id,
            demand_id=demand.id,
            person_id=person_id,
            as_representative=person_id in holders,
            channel=channel,
            entered_by_id=entered_by,
            at=now,
        )
        for person_id in person_ids
    )


def _settle(session: Session, demand: ItemDemand, verb: str, *, actor: Actor, now: datetime) -> DemandFigures:
    """Count against today's residents; with enough of them the item joins the catalogue, once."""
    session.flush()
    figures = count_item_signers(session, demand=demand, now=now)
    payload: dict[str, Any] = {
        "residents": figures.by_residents.arithmetic,
        "representatives": figures.by_representatives.arithmetic,
    }
    if figures.is_enough:
        # Both at once: a CHECK ties the instant to the item.
        demand.item_id, demand.reached_at = _enter_item(session, demand, now), now
        payload["item_id"] = str(demand.item_id)
    _record(session, demand, verb, payload, actor=actor, now=now)
    return figures


def _enter_item(session: Session, demand: ItemDemand, now: datetime) -> uuid.UUID:
    """Enter the item; one without a rhythm is first due like anything that came about today."""
    item = DisclosureItem(
        id=uuid.uuid4(),
        community_id=demand.community_id,
        code=f"demanded-{demand.id.hex[:12]}",
        name=demand.title,
        category=demand.category,
        rhythm=demand.rhythm,
        source=ItemSource.DEMANDED,
        body_id=_committee_id(session, demand.community_id),
        since=day_of(now),
    )
    session.add(item)
    session.flush()
    if demand.rhythm is Rhythm.AD_HOC:
        day = day_of(now)
        session.add(
            DisclosureDue(
                community_id=demand.community_id,
                item_id=item.id,
                period_from=day,
                period_until=day,
                due_at=due_at(Rhythm.AD_HOC, day, rulebook.load(demand.profile)),
            )
        )
    return item.id


def _committee_id(session: Session, community_id: uuid.UUID) -> uuid.UUID | None:
    return session.scalar(
        select(Body.id)
        .where(
            Body.community_id == community_id,
            Body.kind == BodyKind.RESIDENTS_COMMITTEE,
            Body.dissolved_on.is_(None),
        )
        .order_by(Body.name)
        .limit(1)
    )


def _record(
    session: Session,
    demand: ItemDemand,
    verb: str,
    payload: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    subject = Subject(demand.community_id, "item_demand", demand.id, demand.title)
    record_about(session, subject, action=f"item_demand.{verb}", actor=actor, payload=payload, now=now)
