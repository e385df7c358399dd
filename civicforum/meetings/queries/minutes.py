"""Reads of minutes: the page of one, and whose signatures are waited for."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, has_rows, values_of
from civicforum.meetings.models import Meeting, MinutesSignature
from civicforum.meetings.queries.showing import get_meeting
from civicforum.meetings.rules import RUNNERS, MeetingState, Signer
from civicforum.meetings.rules_after import may_correct, may_enter_paper, minutes_due_at, signs_as
from civicforum.meetings.services.steps import rules_of
from civicforum.records.rules import hash_of_text
from civicforum.rulebook import Rule

MOST = 20


@dataclass(frozen=True)
class Change:
    """A line that the minutes have and the draft from the records has not, or the other way round."""

    is_added: bool
    text: str


@dataclass(frozen=True)
class MinutesPage:
    """`signs`: as what the viewer can sign now. `on_paper`: whose signature on paper the viewer can enter."""

    meeting: Meeting
    text_hash: str
    signatures: dict[Signer, MinutesSignature]
    changes: Sequence[Change]
    due_at: datetime | None
    due_rule: Rule
    may_read: bool
    may_correct: bool
    signs: Sequence[Signer]
    on_paper: Sequence[Signer]

    @property
    def is_posted(self) -> bool:
        return self.meeting.minutes_posted_at is not None


def get_minutes(
    session: Session, *, meeting_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None
) -> MinutesPage:
    """Return the minutes of a meeting, with what the viewer can do. Raises NotFound.

    Everybody reads them once they are posted; before that, who corrects them, and the supervision committee.
    """
    meeting = get_meeting(session, meeting_id=meeting_id, community_id=community_id)
    book = rules_of(meeting)
    signatures = list_signatures(session, meeting_id=meeting.id)
    is_posted = meeting.minutes_posted_at is not None
    waits = meeting.state is MeetingState.CLOSED and not is_posted
    corrects = actor is not None and may_correct(
        actor, meeting.state, chair_id=meeting.answering_id, clerk_id=meeting.clerk_id
    )
    return MinutesPage(
        meeting=meeting,
        text_hash=hash_of_text(meeting.minutes),
        signatures=signatures,
        changes=list_changes(meeting.minutes_draft, meeting.minutes),
        due_at=minutes_due_at(book, meeting.closed_at) if meeting.closed_at else None,
        due_rule=book.clock("council.minutes"),
        may_read=is_posted or corrects or (actor is not None and actor.has(Role.COMMITTEE, Role.SUPERVISOR)),
        may_correct=corrects and not is_posted,
        signs=_open_for(actor, meeting, signatures) if waits and actor else [],
        on_paper=_on_paper(actor, meeting, signatures) if waits and actor else [],
    )


def list_signatures(session: Session, *, meeting_id: uuid.UUID) -> dict[Signer, MinutesSignature]:
    """Return who signed the minutes as what."""
    rows = session.scalars(
        select(MinutesSignature)
        .options(joinedload(MinutesSignature.person))
        .where(MinutesSignature.meeting_id == meeting_id)
    )
    return {row.signer: row for row in rows}


def list_changes(draft: str, text: str) -> list[Change]:
    """Return the lines in which minutes differ from what the records say, in the order of the minutes."""
    if not draft:
        return []
    compared = difflib.ndiff(draft.splitlines(), text.splitlines(), linejunk=None, charjunk=None)
    return [Change(line[0] == "+", line[2:]) for line in compared if line[0] in "+-" and line[2:].strip()]


def list_minutes_to_sign(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the minutes that wait for the actor's signature, the longest waiting first. Two statements."""
    meetings = session.scalars(_unposted(), values_of(actor, now)).all()
    mine = [
        meeting
        for meeting in meetings
        if signs_as(actor, chair_id=meeting.chair_id, clerk_id=meeting.clerk_id)
    ]
    if not mine:
        return []
    signed = _signed(session, [meeting.id for meeting in mine])
    return [
        Need(
            NeedKind.SIGN_MINUTES,
            meeting.title,
            "meetings.minutes",
            {"meeting_id": meeting.id},
            due_at=minutes_due_at(rules_of(meeting), meeting.closed_at) if meeting.closed_at else None,
        )
        for meeting in mine
        if _still_signs(actor, meeting, signed.get(meeting.id, {}))
    ]


def may_need_minutes(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition that minutes may wait for such an actor's signature; None where none ever do."""
    if actor.assisted_by is not None:
        return None
    signs = [Meeting.chair_id == ME, Meeting.clerk_id == ME]
    if actor.has(Role.COMMITTEE):
        signs.append(Meeting.chair_id.is_(None))
    if actor.has(*RUNNERS):
        signs.append(Meeting.clerk_id.is_(None))
    has_signed = exists().where(MinutesSignature.meeting_id == Meeting.id, MinutesSignature.person_id == ME)
    return has_rows(_unposted().where(or_(*signs), ~has_signed))


@cache
def _unposted() -> Select[Meeting]:
    return (
        select(Meeting)
        .where(
            Meeting.community_id == HERE,
            Meeting.state == MeetingState.CLOSED,
            Meeting.minutes_posted_at.is_(None),
        )
        .order_by(Meeting.closed_at, Meeting.id)
        .limit(MOST)
    )


def _signed(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[Signer, uuid.UUID]]:
    found: dict[uuid.UUID, dict[Signer, uuid.UUID]] = {}
    for meeting_id, signer, person_id in session.execute(
        select(MinutesSignature.meeting_id, MinutesSignature.signer, MinutesSignature.person_id).where(
            MinutesSignature.meeting_id.in_(ids)
        )
    ):
        found.setdefault(meeting_id, {})[signer] = person_id
    return found


def _still_signs(actor: Actor, meeting: Meeting, signed: dict[Signer, uuid.UUID]) -> bool:
    open_for = signs_as(actor, chair_id=meeting.chair_id, clerk_id=meeting.clerk_id) - signed.keys()
    return bool(open_for) and actor.person_id not in signed.values()


def _open_for(actor: Actor, meeting: Meeting, signed: dict[Signer, MinutesSignature]) -> list[Signer]:
    if actor.person_id in {row.person_id for row in signed.values()}:
        return []
    return sorted(signs_as(actor, chair_id=meeting.chair_id, clerk_id=meeting.clerk_id) - signed.keys())


def _on_paper(actor: Actor, meeting: Meeting, signed: dict[Signer, MinutesSignature]) -> list[Signer]:
    if not may_enter_paper(actor, clerk_id=meeting.clerk_id):
        return []
    named = {Signer.CHAIR: meeting.chair_id, Signer.CLERK: meeting.clerk_id}
    return [
        signer for signer in Signer if signer not in signed and named[signer] not in (None, actor.person_id)
    ]
