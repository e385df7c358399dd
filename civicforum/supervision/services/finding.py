"""Filing what was found. Nothing changes or removes it: a mistake is corrected by another finding."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.matters.rules import FindingKind
from civicforum.notices.services.checking import check_numbers
from civicforum.records.photos import store_photo
from civicforum.records.rules import hash_of_text
from civicforum.records.services import Subject
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import FindingPhoto, SupervisionFinding
from civicforum.supervision.rules import MOST_PHOTOS, SubjectKind, check_supervisor, require_words
from civicforum.supervision.services.steps import next_number, record_act
from civicforum.supervision.subjects import About, check_unconcerned, get_about


@dataclass(frozen=True)
class Found:
    """What somebody found: about what, of what kind, in which words, with which photos.

    `corrects_id` names an earlier finding about the same subject that was wrong.
    """

    subject_kind: SubjectKind
    subject_id: uuid.UUID
    kind: FindingKind
    text: str
    photos: Sequence[tuple[bytes, str]] = ()
    corrects_id: uuid.UUID | None = None


def file_finding(*, found: Found, actor: Actor, now: datetime) -> uuid.UUID:
    """File a finding, public at once. Returns its id.

    Raises NotFound, NotEligible, Invalid ("missing", "long", "concerned", "corrects", "photos"),
    PersonalData, PhotoRefused, AlreadyDone (the same words of the same person about the same subject).
    """
    check_supervisor(actor)
    text = require_words(found.text)
    if len(found.photos) > MOST_PHOTOS:
        raise Invalid("photos", "photos")
    with transaction() as session:
        about = get_about(
            session, kind=found.subject_kind, subject_id=found.subject_id, community_id=actor.community_id
        )
        check_unconcerned(about, actor.person_id)
        check_numbers(session, community_id=actor.community_id, text=text)
        # Under the lock of its number: two clicks at once file it once.
        number = next_number(session, SupervisionFinding, community_id=actor.community_id, now=now)
        corrected = _corrected(session, found, about)
        _require_new(session, about, actor, text)
        finding = SupervisionFinding(
            community_id=actor.community_id,
            number=number,
            subject_kind=about.kind,
            subject_id=about.id,
            subject_title=about.title,
            kind=found.kind,
            text=text,
            text_sha256=hash_of_text(text),
            corrects_id=corrected.id if corrected else None,
            person_id=actor.person_id,
            post=post_text(session, person_id=actor.person_id, day=day_of(now)),
            at=now,
        )
        session.add(finding)
        session.flush()
        hashes = _keep_photos(session, finding, found.photos, now)
        _record(session, finding, about, hashes, corrected, actor=actor, now=now)
        return finding.id


def _corrected(session: Session, found: Found, about: About) -> SupervisionFinding | None:
    if found.corrects_id is None:
        return None
    earlier = session.get(SupervisionFinding, found.corrects_id)
    if earlier is None:
        raise NotFound(found.corrects_id)
    if (earlier.subject_kind, earlier.subject_id) != (about.kind, about.id):
        raise Invalid("corrects", "corrects_id")
    return earlier


def _require_new(session: Session, about: About, actor: Actor, text: str) -> None:
    same = session.scalar(
        select(SupervisionFinding.id).where(
            SupervisionFinding.subject_kind == about.kind,
            SupervisionFinding.subject_id == about.id,
            SupervisionFinding.person_id == actor.person_id,
            SupervisionFinding.text_sha256 == hash_of_text(text),
        )
    )
    if same is not None:
        raise AlreadyDone(same)


def _keep_photos(
    session: Session, finding: SupervisionFinding, photos: Sequence[tuple[bytes, str]], now: datetime
) -> list[str]:
    hashes = []
    for position, (data, description) in enumerate(photos, start=1):
        photo = store_photo(
            session,
            community_id=finding.community_id,
            data=data,
            description=description,
            uploaded_by=finding.person_id,
            now=now,
        )
        session.add(
            FindingPhoto(
                community_id=finding.community_id,
                finding_id=finding.id,
                photo_id=photo.id,
                position=position,
            )
        )
        hashes.append(photo.sha256)
    return hashes


def _record(
    session: Session,
    finding: SupervisionFinding,
    about: About,
    photos: list[str],
    corrected: SupervisionFinding | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    payload: dict[str, object] = {
        "finding_id": str(finding.id),
        "number": finding.number,
        "kind": finding.kind.value,
        # Ties words and pictures to the hash chain: changed in the database, they no longer match.
        "text_sha256": finding.text_sha256,
        "photos_sha256": photos,
    }
    if corrected is not None:
        payload["corrects"] = corrected.number
    subject = Subject(finding.community_id, about.kind.value, about.id, about.title)
    record_act(session, subject, action="find", actor=actor, payload=payload, now=now)
