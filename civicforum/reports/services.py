"""Writing about reports: the authority's key, the sealed report, the answer, the day's count.

A report is written by nobody in particular: its transaction holds no person, no journal entry and no hour.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack

from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Community
from civicforum.records.services import Entry, Subject, record_about
from civicforum.reports import boxes, contents, queries, rules
from civicforum.reports.models import Report, ReportKey, ReportVisit
from civicforum.rulebook.days import day_of
from civicforum.sealed import base32

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Authority:
    """Who opens the reports, as everybody reads it, and the public key they gave."""

    name: str
    phone: str
    address: str
    public: bytes


def enter_key(*, authority: Authority, actor: Actor, now: datetime, reason: str = "") -> uuid.UUID:
    """Enter the key of an authority in place of the one before, as an administrator, for everybody to see.

    Not the election committee, which is what reports are often about. An administrator could enter a key of
    their own: therefore the fingerprint is public and the authority compares it (docs/adr/0012).

    Raises NotEligible, Invalid ("public": no usable key, or one that stood here before; "reason": there is a
    key, and nobody says why it is replaced).
    """
    if not actor.has(Role.ADMIN) or actor.assisted_by is not None:
        raise NotEligible(actor.person_id)
    try:
        boxes.seal(b"", authority.public)
    except boxes.UnusableKey as error:
        raise Invalid("unusable", "public") from error
    with transaction() as session:
        # Two at once would both find the same key to replace.
        session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
        before = queries.find_live_key(session, actor.community_id)
        if before is not None and not reason:
            raise Invalid("no reason", "reason")
        if queries.find_key_by_public(session, actor.community_id, authority.public):
            raise Invalid("known", "public")
        if before is not None:
            before.retired_at = now
            session.flush()
        key = ReportKey(
            community_id=actor.community_id,
            authority=authority.name,
            phone=authority.phone,
            address=authority.address,
            public=authority.public,
            entered_at=now,
            entered_by_id=actor.person_id,
        )
        session.add(key)
        session.flush()
        payload = {"fingerprint": boxes.fingerprint(key.public), "phone": key.phone, "address": key.address}
        if before is not None:
            payload["before"] = boxes.fingerprint(before.public)
        action = "enter" if before is None else "replace"
        _record(session, key, action=action, actor=actor, now=now, payload=payload, reason=reason)
        return key.id


def begin_visit(*, visit_id: uuid.UUID, key_id: uuid.UUID, now: datetime) -> None:
    """Let the holder of a key in, whose test is passed. Raises NotFound, AlreadyDone (this test was used)."""
    with transaction() as session:
        key = session.get(ReportKey, key_id, with_for_update={"key_share": True}, populate_existing=True)
        if key is None:
            raise NotFound(key_id)
        if session.get(ReportVisit, visit_id) is not None:
            raise AlreadyDone(visit_id)
        session.add(
            ReportVisit(
                id=visit_id, community_id=key.community_id, key_id=key.id, ends_at=now + rules.VISIT_LASTS
            )
        )
        if key.proved_at is None:
            key.proved_at = now
            payload = {"fingerprint": boxes.fingerprint(key.public)}
            _record(session, key, action="prove", actor=None, now=now, payload=payload)


def end_visit(*, visit_id: uuid.UUID, now: datetime) -> None:
    """End a visit now. The row stays while its test could be used again."""
    with transaction() as session:
        session.execute(update(ReportVisit).where(ReportVisit.id == visit_id).values(ends_at=now))


def file_report(
    *, report_id: uuid.UUID, key_id: uuid.UUID, salt: bytes, reply: bytes, sealed: bytes, now: datetime
) -> str:
    """Keep a sealed report; return its number.

    `report_id` comes with the form, so that a form sent twice is kept once.

    Raises NotFound, Invalid ("replaced": this key takes no reports now; "malformed"; "too many today"),
    AlreadyDone (kept before).
    """
    lengths = (len(salt), len(reply))
    if len(sealed) not in contents.SEALED_SIZES or lengths != (boxes.SALT_BYTES, boxes.KEY_BYTES):
        raise Invalid("malformed")
    today = day_of(now)
    with transaction() as session:
        key = session.get(ReportKey, key_id)
        if key is None:
            raise NotFound(key_id)
        if key.retired_at is not None or key.proved_at is None:
            raise Invalid("replaced")
        if session.get(Report, report_id) is not None:
            raise AlreadyDone(report_id)
        if queries.count_of_day(session, key.community_id, today) >= rules.MOST_A_DAY:
            raise Invalid("too many today")
        number = base32.spell(secrets.token_bytes(rules.NUMBER_BYTES), rules.NUMBER_CHARACTERS)
        session.add(
            Report(
                id=report_id,
                community_id=key.community_id,
                key_id=key.id,
                number=number,
                received_on=today,
                salt=salt,
                reply=reply,
                sealed=sealed,
            )
        )
        try:
            session.flush()
        except IntegrityError as error:
            raise AlreadyDone(report_id) from error
        return number


def answer_report(*, visit_id: uuid.UUID, number: str, answer: bytes, now: datetime) -> None:
    """Keep the authority's sealed answer, once.

    Raises NotEligible (no visit, or it is over), NotFound, AlreadyDone, Invalid ("malformed", "answer").
    """
    if len(answer) not in contents.BOXED_SIZES:
        raise Invalid("malformed", "answer")
    with transaction() as session:
        visit = queries.get_visit(session, visit_id, now)
        report = session.scalars(
            select(Report)
            .where(Report.key_id == visit.key_id, Report.number == number)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if report is None:
            raise NotFound(number)
        if report.answered_on is not None:
            raise AlreadyDone(number)
        report.answer, report.answered_on = answer, day_of(now)


def sweep(*, now: datetime) -> int:
    """Count the days that are over, forget old visits, clean the tables; return how many days."""
    today, done = day_of(now), 0
    with transaction() as session:
        # A test works for minutes, so that its visit need not be remembered longer than that after its end.
        session.execute(delete(ReportVisit).where(ReportVisit.ends_at < now - rules.TEST_LASTS))
        waiting = queries.list_uncounted(session, today)
    for community_id, key_id, received_on in waiting:
        done += _count_day(community_id, key_id, received_on, now=now)
    if done:
        _clean_tables()
    return done


def _count_day(community_id: uuid.UUID, key_id: uuid.UUID, received_on: date, *, now: datetime) -> int:
    """Write into the journal how many reports came on a day and their digest, and write their rows anew.

    Afterwards the rows bear the number of this one transaction, and lie in the order of their random ids:
    neither tells when in the day each came. The entry shows later whether a report was removed or changed.
    """
    with transaction() as session:
        key = session.get_one(ReportKey, key_id)
        reports = session.scalars(
            select(Report)
            .where(Report.key_id == key_id, Report.received_on == received_on, ~Report.is_counted)
            .order_by(Report.id)
            .with_for_update()
        ).all()
        if not reports:
            return 0
        payload = {
            "day": received_on.isoformat(),
            "came": len(reports),
            "numbers": sorted(report.number for report in reports),
            "digest": digest_of([report.sealed for report in reports]),
        }
        for report in reports:
            session.execute(_WRITE_ANEW, {"id": report.id})
        _record(session, key, action="count_day", actor=None, now=now, payload=payload)
        return 1


# A value joined to nothing is stored anew; the row alone would keep the old one where long values lie.
_WRITE_ANEW = text("UPDATE report SET sealed = sealed || ''::bytea, is_counted = true WHERE id = :id")


def digest_of(sealed: Sequence[bytes]) -> str:
    """Return the digest of the sealed reports of a day, whatever their order."""
    digests = sorted(hashlib.sha256(one).digest() for one in sealed)
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _clean_tables() -> None:
    """Remove what was written anew from the files; outside transactions, on a connection of its own."""
    bind: Engine | Connection = db.engine
    try:
        with bind.engine.connect() as connection:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            own.execute(text("VACUUM report"))
    except SQLAlchemyError:
        logger.exception("the table of reports could not be cleaned")


def _record(session: Session, key: ReportKey, *, action: str, **entry: Unpack[Entry]) -> None:
    subject = Subject(key.community_id, "report_key", key.id, key.authority)
    record_about(session, subject, action=f"report_key.{action}", **entry)
