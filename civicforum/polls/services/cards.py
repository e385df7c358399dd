"""Voting cards: the public half of codes that the committee's browser made, and a lost card replaced."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.polls.cards import MOST_AT_ONCE, CardFault, CardReason, making_fault, replacing_fault
from civicforum.polls.errors import CardsRefused
from civicforum.polls.models import CredentialLink, PaperIssue, Poll, RollEntry
from civicforum.polls.services import boards
from civicforum.polls.services.steps import lock_to_run, record_poll
from civicforum.sealed import Refused, Why
from civicforum.sealed.group import parse_point

FAULT_OF_VOID: dict[Why | None, CardFault] = {
    Why.PAPER: CardFault.PAPER_ISSUED,
    Why.STRUCK_OFF: CardFault.STRUCK_OFF,
}


def register_credentials(
    *, poll_id: uuid.UUID, credentials: Mapping[uuid.UUID, bytes], actor: Actor, now: datetime
) -> int:
    """Link public credentials to entries of the roll, all of them or none; return how many are still missing.

    The same credential sent again for the same entry changes nothing. The journal tells when the last came.
    Raises NotFound, NotEligible, CardsRefused.
    """
    with transaction() as session:
        poll = lock_to_run(session, poll_id=poll_id, actor=actor)
        _require_making(session, poll)
        _require(len(credentials) <= MOST_AT_ONCE, CardFault.TOO_MANY)
        _require(all(map(_is_credential, credentials.values())), CardFault.NOT_A_CREDENTIAL)
        new = _new_links(session, poll, credentials)
        if new:
            session.execute(insert(CredentialLink), new)
        session.flush()
        missing = _count_missing(session, poll)
        if new and not missing:
            record_poll(session, poll, actor=actor, action="make_cards", now=now)
        return missing


def discard_credentials(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """Take back every credential before the board names it, so that all cards are made anew; return how many.

    Raises NotFound, NotEligible, CardsRefused.
    """
    with transaction() as session:
        poll = lock_to_run(session, poll_id=poll_id, actor=actor)
        _require_making(session, poll)
        links = delete(CredentialLink).where(CredentialLink.poll_id == poll.id)
        discarded = len(session.scalars(links.returning(CredentialLink.roll_entry_id)).all())
        if discarded:
            payload = {"cards": discarded}
            record_poll(session, poll, actor=actor, action="discard_cards", payload=payload, now=now)
        return discarded


def reissue_card(
    *,
    poll_id: uuid.UUID,
    entry_id: uuid.UUID,
    public: bytes,
    reason: CardReason,
    actor: Actor,
    now: datetime,
) -> None:
    """Void a voter's credential and put a new one in its place, in one transaction.

    A ballot cast with the old card does not count any more. The same credential sent again changes nothing.
    The journal does not name the voter: with the voids on the board it would tell whose credential is whose.
    Raises NotFound, NotEligible, CardsRefused.
    """
    with transaction() as session:
        poll = lock_to_run(session, poll_id=poll_id, actor=actor)
        _require_replacing(session, poll, now=now)
        link = _link_of(session, poll, entry_id)
        if link.public == public:
            return
        _require(_is_credential(public), CardFault.NOT_A_CREDENTIAL)
        _replace_on_board(session, poll, old=link.public, new=public)
        link.public = public
        record_poll(session, poll, actor=actor, action="reissue_card", reason=reason.value, now=now)


def _replace_on_board(session: Session, poll: Poll, *, old: bytes, new: bytes) -> None:
    try:
        boards.append(session, poll=poll, line=sealed.void_line(old, Why.REISSUED), credential=old)
        boards.append(session, poll=poll, line=sealed.enroll_line(new, old), credential=new, replaces=old)
    except Refused as refusal:
        void = boards.read_standing(session, poll.id, old).void
        raise CardsRefused(FAULT_OF_VOID.get(void, CardFault.TWICE)) from refusal
    except ValueError as closed:
        raise CardsRefused(CardFault.NOT_IN_TIME) from closed


def _require(holds: bool, fault: CardFault) -> None:
    if not holds:
        raise CardsRefused(fault)


def _require_making(session: Session, poll: Poll) -> None:
    fault = making_fault(
        poll.preset,
        poll.state,
        by_screen=poll.by_screen,
        is_frozen=poll.roll_frozen_at is not None,
        is_founded=boards.phase_of(session, poll.id) is not None,
    )
    if fault:
        raise CardsRefused(fault)


def _require_replacing(session: Session, poll: Poll, *, now: datetime) -> None:
    fault = replacing_fault(
        poll.preset,
        poll.state,
        by_screen=poll.by_screen,
        is_founded=boards.phase_of(session, poll.id) is not None,
        is_past_close=poll.closes_at is not None and now >= poll.closes_at,
    )
    if fault:
        raise CardsRefused(fault)


def _is_credential(public: bytes) -> bool:
    try:
        parse_point(public)
    except Refused:
        return False
    return True


def _new_links(
    session: Session, poll: Poll, credentials: Mapping[uuid.UUID, bytes]
) -> Sequence[dict[str, object]]:
    """Return the rows of entries that have none, or refuse."""
    rows = session.execute(
        select(RollEntry.id, RollEntry.struck_off_at, CredentialLink.public)
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.id.in_(credentials))
    ).all()
    _require(len(rows) == len(credentials), CardFault.NOT_ON_ROLL)
    _require(all(row.struck_off_at is None for row in rows), CardFault.STRUCK_OFF)
    _require(all(row.public in (None, credentials[row.id]) for row in rows), CardFault.MADE_BEFORE)
    new = {row.id: credentials[row.id] for row in rows if row.public is None}
    taken = select(exists().where(CredentialLink.poll_id == poll.id, CredentialLink.public.in_(new.values())))
    is_unique = len(set(credentials.values())) == len(credentials) and not session.scalar(taken)
    _require(is_unique, CardFault.TWICE)
    key = {"poll_id": poll.id, "community_id": poll.community_id}
    return [{"roll_entry_id": entry_id, "public": public, **key} for entry_id, public in new.items()]


def _count_missing(session: Session, poll: Poll) -> int:
    entries = session.scalars(
        select(RollEntry.id)
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .where(
            RollEntry.poll_id == poll.id,
            RollEntry.struck_off_at.is_(None),
            CredentialLink.roll_entry_id.is_(None),
        )
    )
    return len(entries.all())


def _link_of(session: Session, poll: Poll, entry_id: uuid.UUID) -> CredentialLink:
    row = session.execute(
        select(RollEntry.struck_off_at, CredentialLink, PaperIssue.id.label("paper_id"))
        .outerjoin(CredentialLink, CredentialLink.roll_entry_id == RollEntry.id)
        .outerjoin(PaperIssue, PaperIssue.roll_entry_id == RollEntry.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.id == entry_id)
    ).one_or_none()
    _require(row is not None, CardFault.NOT_ON_ROLL)
    assert row is not None  # noqa: S101
    _require(row.struck_off_at is None, CardFault.STRUCK_OFF)
    _require(row.paper_id is None, CardFault.PAPER_ISSUED)
    _require(row.CredentialLink is not None, CardFault.NO_CARD)
    link: CredentialLink = row.CredentialLink
    return link
