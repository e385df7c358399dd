"""Reads of proxies as a voter sees them: the own one, what others ask, and the written form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.polls.models import Mandate, MandateRequest, Poll, RollEntry


def find_own_entry(session: Session, *, poll_id: uuid.UUID, person_id: uuid.UUID) -> RollEntry | None:
    """Return somebody's entry on the roll; None for whoever is not on it, or was struck off."""
    return session.scalar(
        select(RollEntry).where(
            RollEntry.poll_id == poll_id, RollEntry.person_id == person_id, RollEntry.struck_off_at.is_(None)
        )
    )


def find_open_request(session: Session, *, principal_id: uuid.UUID) -> MandateRequest | None:
    """Return what an entry of the roll asks of another, not answered yet."""
    return session.scalar(
        _requests().where(MandateRequest.principal_id == principal_id, MandateRequest.answer.is_(None))
    )


def find_mandate_of(session: Session, *, principal_id: uuid.UUID) -> Mandate | None:
    """Return the proxy that an entry of the roll has given."""
    return session.scalar(
        select(Mandate)
        .options(joinedload(Mandate.principal), joinedload(Mandate.holder))
        .where(Mandate.principal_id == principal_id, Mandate.withdrawn_at.is_(None))
    )


def get_request(session: Session, *, request_id: uuid.UUID, poll_id: uuid.UUID) -> MandateRequest:
    """Return a request with both sides. Raises NotFound."""
    request = session.scalar(
        _requests().where(MandateRequest.id == request_id, MandateRequest.poll_id == poll_id)
    )
    if request is None:
        raise NotFound(request_id)
    return request


@dataclass(frozen=True)
class OwnProxy:
    """Where a voter stands with proxies.

    Attributes:
        entry: the own entry; None for whoever is not on the roll.
        given: the proxy that stands; asked: what is not answered yet, or was declined last.
        waiting: what others ask; held: for whom the voter votes.
    """

    entry: RollEntry | None
    given: Mandate | None = None
    asked: MandateRequest | None = None
    waiting: Sequence[MandateRequest] = ()
    held: Sequence[Mandate] = ()


def get_own(session: Session, *, poll: Poll, person_id: uuid.UUID) -> OwnProxy:
    """Return where a voter stands with proxies; five statements."""
    entry = find_own_entry(session, poll_id=poll.id, person_id=person_id)
    if entry is None:
        return OwnProxy(None)
    asked = session.scalar(
        _requests()
        .where(MandateRequest.principal_id == entry.id)
        .order_by(MandateRequest.asked_at.desc(), MandateRequest.id)
        .limit(1)
    )
    waiting = _requests().where(MandateRequest.holder_id == entry.id, MandateRequest.answer.is_(None))
    held = (
        select(Mandate)
        .options(joinedload(Mandate.principal))
        .where(Mandate.holder_id == entry.id, Mandate.withdrawn_at.is_(None))
        .order_by(Mandate.entered_at, Mandate.id)
    )
    return OwnProxy(
        entry,
        given=find_mandate_of(session, principal_id=entry.id),
        asked=asked,
        waiting=session.scalars(waiting.order_by(MandateRequest.asked_at, MandateRequest.id)).all(),
        held=session.scalars(held).all(),
    )


def _requests() -> Select[MandateRequest]:
    return select(MandateRequest).options(
        joinedload(MandateRequest.principal), joinedload(MandateRequest.holder)
    )
