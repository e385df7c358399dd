"""What a copy of the archive holds (art 39): the public records of a period, one line of JSON each.

A record is what does not change once it is public, so that a copy and today's database can be compared. What
names nobody on a page names nobody here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.appraisals.models import Cycle
from civicforum.dossiers.packages import plain
from civicforum.matters.models import Finding
from civicforum.meetings.models import Meeting
from civicforum.meetings.models.after import MinutesSignature
from civicforum.notices.models import Notice
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.rules import APPRAISALS, PollState, Preset
from civicforum.records.models import JournalEntry
from civicforum.records.rules import HASHED, hash_of_text
from civicforum.rulebook.days import day_starts
from civicforum.supervision.models import BodyQuestion, Referral, SupervisionFinding, SupervisionReport
from civicforum.supervision.rules import Period, ReportState

Record = dict[str, Any]
Reader = Callable[[Session, uuid.UUID, datetime, datetime], Iterator[Record]]


def read_section(session: Session, name: str, *, community_id: uuid.UUID, period: Period) -> bytes:
    """Return the records of one kind in a period as JSON Lines, in an order that never changes."""
    since, until = bounds(period)
    return lines(SECTIONS[name](session, community_id, since, until))


def lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return records as JSON Lines, keys in order."""
    written = (
        json.dumps(
            {key: _plain(value) for key, value in one.items()},
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        for one in records
    )
    return "".join(f"{line}\n" for line in written).encode()


def bounds(period: Period) -> tuple[datetime, datetime]:
    """Return the first instant of a period and the first one after it."""
    return day_starts(period.first), day_starts(period.last + timedelta(days=1))


def read_entries(session: Session, *, community_id: uuid.UUID, period: Period, last: int) -> Iterator[Record]:
    """Yield the public entries of the journal in a period up to number `last`, whole, in order."""
    since, until = bounds(period)
    columns = [getattr(JournalEntry, name) for name in (*HASHED, "hash")]
    rows = session.execute(
        select(*columns)
        .where(
            JournalEntry.community_id == community_id,
            JournalEntry.at >= since,
            JournalEntry.at < until,
            JournalEntry.sequence <= last,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        yield dict(row._mapping)


def read_chain(
    session: Session, *, community_id: uuid.UUID, first: int, last: int
) -> Iterator[tuple[int, str]]:
    """Yield number and hash of every entry from `first` to `last`, those of private entries among them."""
    rows = session.execute(
        select(JournalEntry.sequence, JournalEntry.hash)
        .where(JournalEntry.community_id == community_id, JournalEntry.sequence.between(first, last))
        .order_by(JournalEntry.sequence)
        .execution_options(yield_per=5000)
    )
    for row in rows:
        yield row.sequence, row.hash


def _notices(session: Session, community_id: uuid.UUID, since: datetime, until: datetime) -> Iterator[Record]:
    for row in session.scalars(
        select(Notice)
        .where(Notice.community_id == community_id, Notice.posted_at >= since, Notice.posted_at < until)
        .options(joinedload(Notice.posted_by))
        .order_by(Notice.posted_at, Notice.id)
    ):
        yield {
            "id": row.id,
            "at": row.posted_at,
            "title": row.title,
            "text": row.text,
            "category": row.category.value,
            "until": row.until,
            "posted_by": row.posted_by.name if row.posted_by else "",
        }


def _resolutions(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Record]:
    final_at = func.coalesce(Poll.certified_at, ResultSheet.made_at)
    rows = session.execute(
        select(ResultSheet, Poll)
        .join(Poll, Poll.id == ResultSheet.poll_id)
        .where(
            Poll.community_id == community_id,
            # Grades are posted by their appraisal; a sealed vote's result is final when it is certified.
            Poll.subject_kind.not_in(APPRAISALS),
            or_(Poll.preset == Preset.OPEN, Poll.state == PollState.CERTIFIED),
            final_at >= since,
            final_at < until,
        )
        .order_by(final_at, ResultSheet.id)
    )
    for sheet, poll in rows:
        yield {
            "id": poll.id,
            "at": poll.certified_at or sheet.made_at,
            "title": poll.title,
            "text": poll.question,
            "counts": sheet.counts,
            "verdicts": sheet.verdicts,
            "questions": sheet.questions,
            "is_adopted": sheet.is_adopted,
            "counted_from_sha256": sheet.counted_from_hash,
        }


def _minutes(session: Session, community_id: uuid.UUID, since: datetime, until: datetime) -> Iterator[Record]:
    signatures = _signatures(session, community_id, since, until)
    for row in session.scalars(
        select(Meeting)
        .where(
            Meeting.community_id == community_id,
            Meeting.minutes_posted_at >= since,
            Meeting.minutes_posted_at < until,
        )
        .order_by(Meeting.minutes_posted_at, Meeting.id)
    ):
        yield {
            "id": row.id,
            "at": row.minutes_posted_at,
            "title": row.title,
            "text": row.minutes,
            "text_sha256": hash_of_text(row.minutes),
            "signed_sha256": signatures.get(row.id, []),
        }


def _signatures(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    for meeting_id, digest in session.execute(
        select(MinutesSignature.meeting_id, MinutesSignature.text_hash)
        .join(Meeting, Meeting.id == MinutesSignature.meeting_id)
        .where(
            Meeting.community_id == community_id,
            Meeting.minutes_posted_at >= since,
            Meeting.minutes_posted_at < until,
        )
        .order_by(MinutesSignature.signer)
    ):
        found.setdefault(meeting_id, []).append(digest)
    return found


def _appraisals(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Record]:
    for row in session.scalars(
        select(Cycle)
        .where(Cycle.community_id == community_id, Cycle.certified_at >= since, Cycle.certified_at < until)
        .order_by(Cycle.certified_at, Cycle.id)
    ):
        yield {"id": row.id, "at": row.certified_at, "title": row.title, "result_sha256": row.result_hash}


def _findings(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Record]:
    for row in session.scalars(
        select(SupervisionFinding)
        .where(
            SupervisionFinding.community_id == community_id,
            SupervisionFinding.at >= since,
            SupervisionFinding.at < until,
        )
        .options(joinedload(SupervisionFinding.person))
        .order_by(SupervisionFinding.at, SupervisionFinding.id)
    ):
        yield finding_record(row)
    for matter_finding in session.scalars(
        select(Finding)
        .where(Finding.community_id == community_id, Finding.at >= since, Finding.at < until)
        .options(joinedload(Finding.person))
        .order_by(Finding.at, Finding.id)
    ):
        yield matter_finding_record(matter_finding)


def finding_record(row: SupervisionFinding) -> Record:
    """Return a finding as a record."""
    return {
        "id": row.id,
        "at": row.at,
        "number": row.number,
        "title": row.subject_title,
        "subject": [row.subject_kind.value, str(row.subject_id)],
        "kind": row.kind.value,
        "text": row.text,
        "text_sha256": row.text_sha256,
        "corrects": str(row.corrects_id) if row.corrects_id else None,
        "by": row.person.name,
        "post": row.post,
    }


def matter_finding_record(row: Finding) -> Record:
    """Return a finding about a matter as a record."""
    return {
        "id": row.id,
        "at": row.at,
        "subject": ["matter", str(row.matter_id)],
        "kind": row.kind.value,
        "text": row.text,
        "text_sha256": hash_of_text(row.text),
        "by": row.person.name,
        "post": row.post,
    }


def _questions(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Record]:
    for row in session.scalars(
        select(BodyQuestion)
        .where(
            BodyQuestion.community_id == community_id,
            BodyQuestion.asked_at >= since,
            BodyQuestion.asked_at < until,
        )
        .options(selectinload(BodyQuestion.entries))
        .order_by(BodyQuestion.asked_at, BodyQuestion.id)
    ):
        # Without what came after the period, so that a later look at the same period finds the same.
        yield question_record(row, until)


def question_record(row: BodyQuestion, until: datetime) -> Record:
    """Return a question with its thread before an instant as a record."""
    return {
        "id": row.id,
        "at": row.asked_at,
        "number": row.number,
        "title": row.title,
        "body": row.body_name,
        "entries": [
            {"kind": one.kind.value, "at": plain(one.at), "text": one.text, "post": one.post}
            for one in row.entries
            if one.at < until
        ],
    }


def _referrals(
    session: Session, community_id: uuid.UUID, since: datetime, until: datetime
) -> Iterator[Record]:
    for row in session.scalars(
        select(Referral)
        .where(
            Referral.community_id == community_id, Referral.written_at >= since, Referral.written_at < until
        )
        .order_by(Referral.written_at, Referral.id)
    ):
        yield {
            "id": row.id,
            "at": row.written_at,
            "number": row.number,
            "office": row.office,
            "ground": row.ground.value,
            "package_sha256": row.package_sha256,
        }


def _reports(session: Session, community_id: uuid.UUID, since: datetime, until: datetime) -> Iterator[Record]:
    for row in session.scalars(
        select(SupervisionReport)
        .where(
            SupervisionReport.community_id == community_id,
            SupervisionReport.state == ReportState.POSTED,
            SupervisionReport.posted_at >= since,
            SupervisionReport.posted_at < until,
        )
        .order_by(SupervisionReport.posted_at)
    ):
        yield {
            "id": row.id,
            "at": row.posted_at,
            "period": [row.period_from.isoformat(), row.period_until.isoformat()],
            "figures": row.figures,
            "text": row.conclusions,
            "text_sha256": row.text_sha256,
        }


# The file of each kind of record in a package: records/<name>.jsonl.
SECTIONS: dict[str, Reader] = {
    "notices": _notices,
    "resolutions": _resolutions,
    "minutes": _minutes,
    "appraisals": _appraisals,
    "findings": _findings,
    "questions": _questions,
    "referrals": _referrals,
    "reports": _reports,
}


def path_of(name: str) -> str:
    """Return where the records of a kind stand in a package."""
    return f"records/{name}.jsonl"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else plain(value)
