"""Counting the boxes: two people count apart, differences are mended, and both sign what agrees."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.polls.models import BoxCount, PaperIssue, Poll, Station
from civicforum.polls.queries.relatives import list_on_paper
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxFault, BoxSheet, check_box
from civicforum.polls.services.stations import find_station, is_candidate
from civicforum.polls.services.steps import lock_for_the_door, record_poll

HANDS = (1, 2)


def enter_count(
    *, station_id: uuid.UUID, sheet: BoxSheet, more_found: bool = False, actor: Actor, now: datetime
) -> int:
    """Enter, or correct, what the actor counted in a box; returns the hand, 1 or 2.

    Both signatures are taken back by it. All boxes are opened together: not before the poll has stopped and
    every offline list is in (DOMAIN.md B23).

    Args:
        more_found: that the box was counted again, and really holds more papers than were handed out.

    Raises NotFound, NotEligible (no officer of the count, or a candidate; in an election or recall a near
    relative of one too), TransitionNotAllowed (not yet, signed, or counted by two others), Invalid where the
    sheet cannot be (`check_box`).
    """
    with transaction() as session:
        poll, station = _lock_to_count(session, station_id=station_id, actor=actor)
        _check_counter(session, poll, session.get_one(Person, actor.person_id))
        _check(session, poll, station, sheet, more_found=more_found)
        counts = _counts_of(session, station)
        own = next((count for count in counts if count.entered_by_id == actor.person_id), None)
        if own is None:
            own = _new_count(station, counts, actor)
            session.add(own)
        for count in counts:
            count.signed_at = None
        own.found, own.invalid = sheet.found, sheet.invalid
        own.counts, own.texts = list(sheet.counts), [dict(pool) for pool in sheet.texts]
        own.grounds, own.entered_at = dict(sheet.grounds), now
        payload = {"station": station.name, "hand": own.hand}
        record_poll(session, poll, actor=actor, action="enter_count", payload=payload, now=now)
        return own.hand


def sign_station(*, station_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Sign the count of a box that both entered alike. Returns whether both have signed: then it is fixed.

    Raises NotFound, NotEligible (not one of the two who counted), TransitionNotAllowed (they differ, or one
    is missing), AlreadyDone.
    """
    with transaction() as session:
        poll, station = _lock_to_count(session, station_id=station_id, actor=actor)
        counts = _counts_of(session, station)
        own = next((count for count in counts if count.entered_by_id == actor.person_id), None)
        if own is None:
            raise NotEligible(actor.person_id)
        if len(counts) < len(HANDS) or sheet_of(counts[0]) != sheet_of(counts[1]):
            raise TransitionNotAllowed("counts differ")
        if own.signed_at is not None:
            raise AlreadyDone(station_id)
        own.signed_at = now
        is_signed = all(count.signed_at for count in counts)
        if is_signed:
            station.first_signer_id, station.second_signer_id = (count.entered_by_id for count in counts)
            station.signed_at = now
        payload = {"station": station.name, "hand": own.hand, "both": is_signed}
        record_poll(session, poll, actor=actor, action="sign_count", payload=payload, now=now)
        return is_signed


def sheet_of(count: BoxCount) -> BoxSheet:
    """Return a count as the rules take it; two are equal when every number is."""
    return BoxSheet(
        found=count.found,
        invalid=count.invalid,
        counts=tuple(count.counts),
        texts=tuple(dict(pool) for pool in count.texts),
        grounds=dict(count.grounds),
    )


def may_count_now(session: Session, poll: Poll) -> bool:
    """Tell whether boxes may be opened: the poll has stopped, and every offline list is in."""
    awaited = select(Station.id).where(
        Station.poll_id == poll.id, Station.is_offline, Station.list_entered_at.is_(None)
    )
    return poll.state is PollState.CLOSED and session.scalar(awaited.limit(1)) is None


def _lock_to_count(session: Session, *, station_id: uuid.UUID, actor: Actor) -> tuple[Poll, Station]:
    station = find_station(session, station_id=station_id, actor=actor)
    poll = lock_for_the_door(session, poll_id=station.poll_id, actor=actor)
    session.refresh(station)
    if station.signed_at is not None or not may_count_now(session, poll):
        raise TransitionNotAllowed(poll.state)
    return poll, station


def _check_counter(session: Session, poll: Poll, person: Person) -> None:
    """Refuse candidates, and in an election or recall near relatives by the register (DOMAIN.md B24)."""
    if is_candidate(poll, person.name):
        raise NotEligible(person.id)
    if poll.is_statutory and list_on_paper(session, poll, [person]):
        raise NotEligible(person.id)


def _check(session: Session, poll: Poll, station: Station, sheet: BoxSheet, *, more_found: bool) -> None:
    contests = poll.contests
    issued = select(func.count()).select_from(PaperIssue).where(PaperIssue.station_id == station.id)
    for wrong in check_box(contests, sheet, issued=session.scalar(issued) or 0):
        if wrong.fault is not BoxFault.MORE_FOUND or not more_found:
            raise Invalid(wrong.fault, wrong.where)


def _counts_of(session: Session, station: Station) -> Sequence[BoxCount]:
    return session.scalars(
        select(BoxCount)
        .where(BoxCount.station_id == station.id)
        .order_by(BoxCount.hand)
        .execution_options(populate_existing=True)
    ).all()


def _new_count(station: Station, counts: Sequence[BoxCount], actor: Actor) -> BoxCount:
    free = [hand for hand in HANDS if hand not in {count.hand for count in counts}]
    if not free:
        raise TransitionNotAllowed("counted by two")
    return BoxCount(
        community_id=station.community_id,
        poll_id=station.poll_id,
        station_id=station.id,
        hand=free[0],
        entered_by_id=actor.person_id,
    )
