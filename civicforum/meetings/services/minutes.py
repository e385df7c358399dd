"""The minutes of a meeting: drafted from its records, corrected by hand, signed by two, and posted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.meetings import documents_after
from civicforum.meetings.errors import MinutesChanged
from civicforum.meetings.happened import read_whole
from civicforum.meetings.minutes_text import compose
from civicforum.meetings.models import Meeting, MinutesSignature
from civicforum.meetings.rules import MeetingState, Signer
from civicforum.meetings.rules_after import may_correct, may_enter_paper, signs_as
from civicforum.meetings.services.steps import lock_meeting, post_document, record_meeting, require_state
from civicforum.notices.pii import has_identity_number
from civicforum.people.models import Person
from civicforum.records.rules import hash_of_text


def draft_of(session: Session, meeting: Meeting, *, closed_at: datetime | None) -> str:
    """Compose the minutes from what the records say at this moment."""
    return compose(read_whole(session, meeting, closed_at=closed_at))


def fix_draft(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """Keep what the records say at the closing; minutes that nobody wrote begin with it."""
    session.flush()
    meeting.minutes_draft = draft_of(session, meeting, closed_at=now)
    meeting.minutes = meeting.minutes or meeting.minutes_draft


def write_minutes(*, meeting_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> list[Signer]:
    """Write the minutes while the meeting runs, or correct them until both have signed.

    A correction takes away the signature that is there already; returns whose. Raises NotFound, NotEligible,
    TransitionNotAllowed (not begun, or signed by both), Invalid (empty, or with an identity number).
    """
    words = text.strip().replace("\r\n", "\n")
    if not words:
        raise Invalid("empty", "text")
    if has_identity_number(words):
        raise Invalid("identity_number", "text")
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.OPEN, MeetingState.CLOSED)
        _require_not_posted(meeting)
        if not may_correct(actor, meeting.state, chair_id=meeting.answering_id, clerk_id=meeting.clerk_id):
            raise NotEligible(actor.person_id)
        before = hash_of_text(meeting.minutes)
        if before == hash_of_text(words):
            return []
        meeting.minutes = words
        removed = _take_signatures_away(session, meeting)
        is_over = meeting.state is MeetingState.CLOSED
        payload: dict[str, object] = {"signs": len(words), "before": before, "after": hash_of_text(words)}
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="correct_minutes" if is_over else "write_minutes",
            payload={**payload, **({"unsigned": [signer.value for signer in removed]} if removed else {})},
            now=now,
            is_public=is_over,
        )
        return removed


def sign_minutes(
    *,
    meeting_id: uuid.UUID,
    signer: Signer,
    text_hash: str,
    actor: Actor,
    paper_file: str | None = None,
    now: datetime,
) -> bool:
    """Sign the minutes one has read, as chair or as clerk; the second signature posts them.

    `text_hash` is that of the text on the page that was read. `paper_file`: the number of the file that keeps
    the paper with the signature, for somebody who signs by hand; the clerk enters it. Returns whether the
    minutes are posted. Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone, MinutesChanged
    (somebody corrected them meanwhile), Invalid (no number of the file, nobody is named to sign, or there is
    an identity number in the text).
    """
    with transaction() as session:
        meeting = lock_meeting(session, meeting_id=meeting_id, actor=actor)
        require_state(meeting, MeetingState.CLOSED)
        _require_not_posted(meeting)
        person_id = _signing(meeting, signer, actor=actor, paper_file=paper_file)
        if text_hash != hash_of_text(meeting.minutes):
            raise MinutesChanged(meeting.id)
        others = _signatures(session, meeting)
        _check_first_of_both(signer, person_id, others)
        if has_identity_number(meeting.minutes):
            # A draft has what was said and written in the meeting, and nobody has corrected it yet.
            raise Invalid("identity_number", "text")
        _add_signature(
            session, meeting, signer, person_id=person_id, paper_file=paper_file, actor=actor, now=now
        )
        is_whole = len(others) + 1 == len(Signer)
        if is_whole:
            _post(session, meeting, actor=actor, now=now)
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="sign_minutes_on_paper" if paper_file is not None else "sign_minutes",
            payload={"signer": signer.value, "hash": text_hash, "posted": is_whole},
            now=now,
        )
        return is_whole


def _signing(meeting: Meeting, signer: Signer, *, actor: Actor, paper_file: str | None) -> uuid.UUID:
    """Return whose signature it is."""
    if paper_file is None:
        if signer not in signs_as(actor, chair_id=meeting.chair_id, clerk_id=meeting.clerk_id):
            raise NotEligible(actor.person_id)
        return actor.person_id
    if not may_enter_paper(actor, clerk_id=meeting.clerk_id):
        raise NotEligible(actor.person_id)
    if not paper_file.strip():
        raise Invalid("paper_file", "paper_file")
    person_id = meeting.chair_id if signer is Signer.CHAIR else meeting.clerk_id
    if person_id is None:
        raise Invalid("nobody", "paper_file")
    return person_id


def _check_first_of_both(
    signer: Signer, person_id: uuid.UUID, others: Mapping[Signer, MinutesSignature]
) -> None:
    """Refuse a second signature as the same, or by the same person: two people answer for the minutes."""
    if signer in others:
        raise AlreadyDone(signer)
    if person_id in {kept.person_id for kept in others.values()}:
        raise NotEligible(person_id)


def _add_signature(
    session: Session,
    meeting: Meeting,
    signer: Signer,
    *,
    person_id: uuid.UUID,
    paper_file: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    session.add(
        MinutesSignature(
            community_id=meeting.community_id,
            meeting_id=meeting.id,
            signer=signer,
            person_id=person_id,
            text_hash=hash_of_text(meeting.minutes),
            signed_at=now,
            paper_file=(paper_file or "").strip(),
            entered_by_id=actor.person_id if paper_file is not None else None,
        )
    )
    session.flush()


def _require_not_posted(meeting: Meeting) -> None:
    if meeting.minutes_posted_at is not None:
        raise TransitionNotAllowed("posted", "minutes")


def _signatures(session: Session, meeting: Meeting) -> dict[Signer, MinutesSignature]:
    kept = session.scalars(select(MinutesSignature).where(MinutesSignature.meeting_id == meeting.id))
    return {signature.signer: signature for signature in kept}


def _take_signatures_away(session: Session, meeting: Meeting) -> list[Signer]:
    removed = sorted(_signatures(session, meeting))
    session.execute(delete(MinutesSignature).where(MinutesSignature.meeting_id == meeting.id))
    return removed


def _post(session: Session, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    meeting.minutes_posted_at = now
    signed = [
        (signature.signer, session.get_one(Person, signature.person_id).name, signature)
        for signature in _signatures(session, meeting).values()
    ]
    post_document(session, meeting, documents_after.notice_of_minutes(meeting, signed), actor=actor, now=now)
