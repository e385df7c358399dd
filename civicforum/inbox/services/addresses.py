"""The addresses of somebody: entered, confirmed by a code that was sent there, removed."""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor, clean_code, code_hash
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound
from civicforum.inbox.models import Contact, OutboxMessage
from civicforum.inbox.rules_told import (
    CODE_ATTEMPTS,
    CODE_DIGITS,
    CODE_LASTS,
    Channel,
    MessageState,
    clean_address,
)
from civicforum.inbox.services.writing import SEND
from civicforum.jobs import defer
from civicforum.people.models import Person
from civicforum.records.services import record


def set_address(
    *, actor: Actor, channel: Channel, address: str, sends: bool, key: str, now: datetime
) -> None:
    """Enter an address, and send a code there that confirms it; whatever was there before counts no more.

    Args:
        sends: whether the channel really sends; where it only writes to the log, no code would arrive.
        key: what codes are hashed with.

    Raises Invalid "address".
    """
    cleaned = clean_address(channel, address)
    with transaction() as session:
        row = _lock(session, actor, channel)
        if row is None:
            row = Contact(community_id=actor.community_id, person_id=actor.person_id, channel=channel)
            row.id = uuid.uuid4()
            session.add(row)
        row.address, row.added_at, row.attempts = cleaned, now, 0
        row.verified_at, row.code_hash, row.code_expires_at = (None if sends else now), None, None
        if sends:
            _send_code(session, row, key=key, now=now)
        _record(session, actor, "contact.set", channel, now)


def confirm_address(*, actor: Actor, channel: Channel, code: str, key: str, now: datetime) -> None:
    """Confirm an address by the code that was sent there.

    Raises NotFound (no address waits), Invalid "code" (it is wrong), "over" (too old, or tried too often).
    """
    with transaction() as session:
        row = _lock(session, actor, channel)
        if row is None or row.code_hash is None or row.code_expires_at is None:
            raise NotFound(channel)
        if row.code_expires_at <= now or row.attempts >= CODE_ATTEMPTS:
            raise Invalid("over", "code")
        row.attempts += 1
        given = code_hash(clean_code(code), account_id=row.id, key=key)
        is_right = hmac.compare_digest(given, row.code_hash)
        if is_right:
            row.verified_at, row.code_hash, row.code_expires_at = now, None, None
            _record(session, actor, "contact.confirm", channel, now)
    # Outside, so that the attempt is counted.
    if not is_right:
        raise Invalid("code", "code")


def remove_address(*, actor: Actor, channel: Channel, now: datetime) -> None:
    """Forget an address; messages that wait for it are dropped when their turn comes. Raises NotFound."""
    with transaction() as session:
        row = _lock(session, actor, channel)
        if row is None:
            raise NotFound(channel)
        session.execute(delete(Contact).where(Contact.id == row.id))
        _record(session, actor, "contact.remove", channel, now)


def _lock(session: Session, actor: Actor, channel: Channel) -> Contact | None:
    # The person's row, so that two requests at once do not both find no address.
    session.get_one(Person, actor.person_id, with_for_update=True)
    return session.scalars(
        select(Contact)
        .where(Contact.person_id == actor.person_id, Contact.channel == channel)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _send_code(session: Session, row: Contact, *, key: str, now: datetime) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row.code_hash = code_hash(code, account_id=row.id, key=key)
    row.code_expires_at = now + CODE_LASTS
    # A code that was asked for before and still waits is of no use any more.
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.person_id == row.person_id,
            OutboxMessage.channel == row.channel,
            OutboxMessage.state == MessageState.WAITING,
            OutboxMessage.text != "",
        )
        .values(state=MessageState.DROPPED, text="", last_error="another code")
    )
    with force_locale("zh_Hans"):
        subject = _("Your code to confirm this address")
        text = _("Your code is %(code)s. Enter it within two hours where you gave this address.", code=code)
    session.add(
        OutboxMessage(
            community_id=row.community_id,
            person_id=row.person_id,
            channel=row.channel,
            is_urgent=True,
            subject=subject,
            text=text,
            state=MessageState.WAITING,
            created_at=now,
            not_before=now,
        )
    )
    defer(session, SEND)


def _record(session: Session, actor: Actor, action: str, channel: Channel, now: datetime) -> None:
    record(
        session,
        community_id=actor.community_id,
        actor=actor,
        action=action,
        subject_kind="person",
        subject_id=actor.person_id,
        payload={"channel": channel.value},
        now=now,
        is_public=False,
    )
