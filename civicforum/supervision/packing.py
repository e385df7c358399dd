"""The package of a referral: its letter, every finding and question it rests on with photos, and the dossier
of everything that was found anything about.

It is frozen when the referral is written, and `civicforum verify` checks it.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.dossiers.packages import Origin, journal_files, write_package
from civicforum.dossiers.services import pack
from civicforum.errors import NotFound
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry, JournalHead
from civicforum.records.rules import HASHED
from civicforum.supervision.archive import (
    Record,
    finding_record,
    lines,
    matter_finding_record,
    question_record,
    read_chain,
)
from civicforum.supervision.letters import letter_of
from civicforum.supervision.models import Referral, ReferralBasis

PACKAGE_KIND = "referral"


def pack_referral(
    session: Session, referral: Referral, basis: Sequence[ReferralBasis], *, now: datetime
) -> bytes:
    """Return the package of a referral as a zip."""
    community = session.get_one(Community, referral.community_id)
    head = session.get_one(JournalHead, referral.community_id)
    # Others go on writing: what comes after the head that the package names is not in it.
    last = head.sequence
    entries = list(_entries(session, referral.community_id, _subjects(basis), last))
    first = entries[0]["sequence"] if entries else last
    chain = read_chain(session, community_id=referral.community_id, first=first, last=last)
    files = [
        ("letter.txt", letter_of(referral, community).encode()),
        *_records(basis, now),
        *_photos(basis),
        *_dossiers(session, referral.community_id, basis, now),
        *journal_files(entries, chain),
    ]
    origin = Origin(
        kind=PACKAGE_KIND,
        community_id=str(community.id),
        community=community.name,
        subject_kind="supervision_referral",
        subject_id=str(referral.id),
        subject=f"{referral.number} {referral.office}",
        made_at=now,
        head_sequence=head.sequence,
        head_hash=head.hash,
    )
    with tempfile.TemporaryFile() as target:
        write_package(target, files, origin=origin)
        target.seek(0)
        return target.read()


def _records(basis: Sequence[ReferralBasis], now: datetime) -> Iterator[tuple[str, bytes]]:
    findings = [finding_record(one.finding) for one in basis if one.finding]
    findings += [matter_finding_record(one.matter_finding) for one in basis if one.matter_finding]
    questions = [question_record(one.question, now) for one in basis if one.question]
    yield "records/findings.jsonl", lines(findings)
    yield "records/questions.jsonl", lines(questions)


def _photos(basis: Sequence[ReferralBasis]) -> Iterator[tuple[str, bytes]]:
    for one in basis:
        for photo in one.finding.photos if one.finding else []:
            number = one.finding.number if one.finding else ""
            yield f"photos/{number}-{photo.position}.jpg", photo.photo.content


def _dossiers(
    session: Session, community_id: uuid.UUID, basis: Sequence[ReferralBasis], now: datetime
) -> Iterator[tuple[str, bytes]]:
    """Yield the dossier of each subject once; archives of sealed votes are had where its manifest says."""
    found = [(one.finding.subject_kind.value, one.finding.subject_id) for one in basis if one.finding]
    found += [("matter", one.matter_finding.matter_id) for one in basis if one.matter_finding]
    for number, (kind, key) in enumerate(dict.fromkeys(found), start=1):
        # What is no longer public has no dossier; the finding about it stands in the package all the same.
        with suppress(NotFound):
            dossier = pack(
                session,
                subject_kind=kind,
                subject_id=key,
                community_id=community_id,
                now=now,
                with_ballots=False,
            )
            yield f"dossiers/{number}-{kind}.zip", dossier


def _subjects(basis: Sequence[ReferralBasis]) -> set[uuid.UUID]:
    ids: set[uuid.UUID] = set()
    for one in basis:
        if one.finding:
            ids.add(one.finding.subject_id)
        if one.matter_finding:
            ids.add(one.matter_finding.matter_id)
        if one.question:
            ids.add(one.question.id)
    return ids


def _entries(
    session: Session, community_id: uuid.UUID, subjects: set[uuid.UUID], last: int
) -> Iterator[Record]:
    """Yield the public entries about what the referral rests on, up to number `last`, in order."""
    columns = [getattr(JournalEntry, name) for name in (*HASHED, "hash")]
    rows = session.execute(
        select(*columns)
        .where(
            JournalEntry.community_id == community_id,
            JournalEntry.subject_id.in_(subjects),
            JournalEntry.sequence <= last,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence)
    )
    for row in rows:
        yield dict(row._mapping)
