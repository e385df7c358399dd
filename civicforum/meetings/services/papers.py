"""Papers to an item of an agenda: a text or a file, an expert's written opinion among them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound
from civicforum.meetings.models import Meeting, Paper
from civicforum.meetings.papers import read_paper
from civicforum.meetings.rules import MeetingState, check_run
from civicforum.meetings.services.steps import lock_item, record_meeting, require_state
from civicforum.notices.pii import has_identity_number

MOST_PAPERS = 20
TAKES_PAPERS = (MeetingState.PLANNED, MeetingState.OPEN)


@dataclass(frozen=True)
class NewPaper:
    """A paper: words, or the bytes of a file whatever its name says it is, and never both."""

    title: str
    author: str = ""
    text: str = ""
    data: bytes = b""
    is_expert_opinion: bool = False


def add_paper(*, item_id: uuid.UUID, paper: NewPaper, actor: Actor, now: datetime) -> uuid.UUID:
    """Add a paper to an item before or in the session, and return its meeting.

    Raises NotFound, NotEligible, TransitionNotAllowed (the session is over), Invalid: nothing in it or both,
    an expert's opinion that names nobody, too many papers, or a file that is refused (PaperProblem).
    """
    with transaction() as session:
        meeting, item = lock_item(session, item_id=item_id, actor=actor)
        _check(meeting, actor=actor)
        if bool(paper.text) is bool(paper.data):
            raise Invalid("text_or_file", "text")
        if has_identity_number(f"{paper.title}\n{paper.author}\n{paper.text}"):
            raise Invalid("identity", "text")
        if paper.is_expert_opinion and not paper.author:
            raise Invalid("author", "author")
        number = select(func.count()).where(Paper.item_id == item.id)
        if (session.scalar(number) or 0) >= MOST_PAPERS:
            raise Invalid("too_many", "title")
        row = Paper(
            community_id=item.community_id,
            item_id=item.id,
            title=paper.title,
            author=paper.author,
            text=paper.text,
            is_expert_opinion=paper.is_expert_opinion,
            added_by_id=actor.person_id,
            added_at=now,
        )
        if paper.data:
            file = read_paper(paper.data)
            row.media_type, row.content = file.media_type, file.content
        session.add(row)
        session.flush()
        _record(session, meeting, row, "add_paper", actor=actor, now=now)
        return meeting.id


def remove_paper(*, paper_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take back a paper before the session opens, and return its meeting.

    Raises NotFound, NotEligible, TransitionNotAllowed: what lay before a session stays with it.
    """
    with transaction() as session:
        item_id = session.scalar(select(Paper.item_id).where(Paper.id == paper_id))
        if item_id is None:
            raise NotFound(paper_id)
        meeting, _ = lock_item(session, item_id=item_id, actor=actor)
        _check(meeting, actor=actor)
        require_state(meeting, MeetingState.PLANNED)
        # Read behind the lock: of two who press at once the second one finds nothing.
        found = session.get(Paper, paper_id)
        if found is None:
            raise NotFound(paper_id)
        session.delete(found)
        _record(session, meeting, found, "remove_paper", actor=actor, now=now)
        return meeting.id


def _check(meeting: Meeting, *, actor: Actor) -> None:
    check_run(actor, chair_id=meeting.answering_id)
    require_state(meeting, *TAKES_PAPERS)


def _record(
    session: Session, meeting: Meeting, paper: Paper, action: str, *, actor: Actor, now: datetime
) -> None:
    payload = {"paper": paper.title, "is_expert_opinion": paper.is_expert_opinion}
    record_meeting(session, meeting, actor=actor, action=action, payload=payload, now=now)
