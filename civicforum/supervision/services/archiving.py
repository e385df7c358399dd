"""The committee's own copy of the archive: asked for, made by a job with its progress, and never changed."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.dossiers.packages import Origin, journal_files, write_package
from civicforum.errors import AlreadyDone, Invalid
from civicforum.jobs import defer
from civicforum.people.models import Community
from civicforum.records.models import JournalHead
from civicforum.rulebook.days import day_of
from civicforum.supervision.archive import SECTIONS, path_of, read_chain, read_entries, read_section
from civicforum.supervision.models import ArchiveCopy
from civicforum.supervision.rules import CopyState, Period, check_supervisor
from civicforum.supervision.services.steps import about_copy, record_act

MAKE_TASK = "supervision.make_copy"
PACKAGE_KIND = "archive"
# Each kind of record is a step, and so are the journal and the writing.
STEPS = len(SECTIONS) + 2
LONGEST_DAYS = 366
logger = logging.getLogger(__name__)


def ask_for_copy(*, period: Period, actor: Actor, now: datetime) -> uuid.UUID:
    """Have a copy of a period made; a job does it. Returns its id.

    Raises NotEligible, Invalid ("order", "future", "long"), AlreadyDone (one is being made).
    """
    check_supervisor(actor)
    _check_period(period, now)
    with transaction() as session:
        # Two clicks at once: the second waits here, and finds what the first asked for.
        session.execute(
            select(Community.id).where(Community.id == actor.community_id).with_for_update(key_share=True)
        )
        waiting = session.scalar(
            select(ArchiveCopy.id).where(
                ArchiveCopy.community_id == actor.community_id,
                ArchiveCopy.state.in_((CopyState.WAITING, CopyState.MAKING)),
            )
        )
        if waiting is not None:
            raise AlreadyDone(waiting)
        copy = ArchiveCopy(
            community_id=actor.community_id,
            period_from=period.first,
            period_until=period.last,
            asked_by_id=actor.person_id,
            asked_at=now,
            total=STEPS,
        )
        session.add(copy)
        session.flush()
        defer(session, MAKE_TASK, copy_id=str(copy.id))
        record_act(session, about_copy(copy), action="ask_copy", actor=actor, now=now)
        return copy.id


def make_copy(*, copy_id: uuid.UUID, now: datetime) -> None:
    """Make a copy that was asked for, step by step; what fails is said on the page, and tried again."""
    try:
        sections = [(name, _step(copy_id, name, number)) for number, name in enumerate(SECTIONS)]
        if any(content is None for _, content in sections):
            return
        _finish(copy_id, [(path_of(name), content or b"") for name, content in sections], now)
    except Exception:
        logger.exception("the copy %s of an archive could not be made", copy_id)
        with transaction() as session:
            copy = session.get_one(ArchiveCopy, copy_id, with_for_update=True, populate_existing=True)
            if copy.state is not CopyState.READY:
                copy.state = CopyState.FAILED
        raise


def _step(copy_id: uuid.UUID, name: str, done: int) -> bytes | None:
    """Read one kind of record, and say how far the copy is; None for a copy that is ready."""
    with transaction() as session:
        copy = session.get_one(ArchiveCopy, copy_id, with_for_update=True, populate_existing=True)
        if copy.state is CopyState.READY:
            return None
        copy.state, copy.done, copy.total = CopyState.MAKING, done, STEPS
        period = Period(copy.period_from, copy.period_until)
        return read_section(session, name, community_id=copy.community_id, period=period)


def _finish(copy_id: uuid.UUID, files: list[tuple[str, bytes]], now: datetime) -> None:
    with transaction() as session:
        copy = session.get_one(ArchiveCopy, copy_id, with_for_update=True, populate_existing=True)
        if copy.state is CopyState.READY:
            return
        head = session.get_one(JournalHead, copy.community_id)
        content = _package(session, copy, files, head, now)
        copy.head_sequence, copy.head_hash = head.sequence, head.hash
        copy.content, copy.size = content, len(content)
        copy.sha256 = hashlib.sha256(content).hexdigest()
        copy.done, copy.state, copy.finished_at = copy.total, CopyState.READY, now
        payload = {
            "sha256": copy.sha256,
            "size": copy.size,
            "head": head.hash,
            "head_sequence": head.sequence,
        }
        record_act(session, about_copy(copy), action="make_copy", actor=None, payload=payload, now=now)


def _package(
    session: Session, copy: ArchiveCopy, files: list[tuple[str, bytes]], head: JournalHead, now: datetime
) -> bytes:
    period = Period(copy.period_from, copy.period_until)
    # Others go on writing: what comes after the head that the copy names is not in it.
    last = head.sequence
    entries = list(read_entries(session, community_id=copy.community_id, period=period, last=last))
    copy.entries = len(entries)
    first = entries[0]["sequence"] if entries else last
    chain = read_chain(session, community_id=copy.community_id, first=first, last=last)
    community = session.get_one(Community, copy.community_id)
    origin = Origin(
        kind=PACKAGE_KIND,
        community_id=str(community.id),
        community=community.name,
        subject_kind="period",
        subject_id=str(copy.id),
        subject=f"{copy.period_from.isoformat()} – {copy.period_until.isoformat()}",
        made_at=now,
        head_sequence=head.sequence,
        head_hash=head.hash,
    )
    with tempfile.TemporaryFile() as target:
        write_package(target, [*files, *journal_files(entries, chain)], origin=origin)
        target.seek(0)
        return target.read()


def _check_period(period: Period, now: datetime) -> None:
    if period.last < period.first:
        raise Invalid("order", "period_until")
    if period.last > day_of(now):
        raise Invalid("future", "period_until")
    if (period.last - period.first).days >= LONGEST_DAYS:
        raise Invalid("long", "period_until")
