"""What the station does, and how to reach it."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.models import Community
from civicforum.ratings.models import ServiceItem, StationCard
from civicforum.ratings.rules import GROUP_OF_CLASS, ServiceClass
from civicforum.ratings.services.steps import check_manage, record_station
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Card:
    """How to reach the station; see StationCard."""

    address: str
    hours: str
    phone: str
    complaints_phone: str = ""


def add_item(
    *, service_class: ServiceClass, name: str, unit: str = "", actor: Actor, now: datetime
) -> uuid.UUID:
    """Add something the station does; without a unit it goes to the group of its class.

    Raises NotEligible, Invalid ("known", field "name").
    """
    check_manage(actor)
    with transaction() as session:
        item = ServiceItem(
            community_id=actor.community_id,
            service_class=service_class,
            name=name,
            unit=unit or GROUP_OF_CLASS[service_class],
        )
        session.add(item)
        try:
            session.flush()
        except IntegrityError as error:
            raise Invalid("known", "name") from error
        payload = {"class": service_class.value, "unit": item.unit}
        record_station(
            session, actor.community_id, name, action="add_item", actor=actor, now=now, payload=payload
        )
        return item.id


def end_item(*, item_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take an item off the list; its ratings stay. Raises NotEligible, NotFound, AlreadyDone."""
    check_manage(actor)
    with transaction() as session:
        item = session.get(ServiceItem, item_id, with_for_update=True)
        if item is None or item.community_id != actor.community_id:
            raise NotFound(item_id)
        if item.ended_on is not None:
            raise AlreadyDone(item_id)
        item.ended_on = day_of(now)
        record_station(session, actor.community_id, item.name, action="end_item", actor=actor, now=now)


def write_card(*, card: Card, actor: Actor, now: datetime) -> None:
    """Say where the station is, when it is open and whom to call. Raises NotEligible."""
    check_manage(actor)
    with transaction() as session:
        # Two first ones at once would both add a row.
        session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
        kept = session.scalar(select(StationCard).where(StationCard.community_id == actor.community_id))
        if kept is None:
            kept = StationCard(community_id=actor.community_id)
            session.add(kept)
        for name, value in asdict(card).items():
            setattr(kept, name, value)
        record_station(
            session, actor.community_id, "", action="write_card", actor=actor, now=now, payload=asdict(card)
        )
