"""The supervision committee's review of a draft, and the committee's answer to what it objects to (E4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible, require_text
from civicforum.notices.models import DraftObjection, NoticeDraft
from civicforum.notices.rules import DraftState, may_draft, may_review, move
from civicforum.notices.services.checking import check_numbers
from civicforum.notices.services.drafts import begin_review
from civicforum.notices.services.posting import require_words
from civicforum.notices.services.steps import lock_own, record_notice_draft
from civicforum.people.queries import rules_in
from civicforum.rows import get_row

ANSWER_RULE = "disclosure.objection_answered"
LONGEST_OBJECTION = 2000


def clear_draft(*, draft_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say that there is no objection. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        _require_reviewer(actor, draft)
        draft.state = move(draft.state, DraftState.REVIEWED)
        draft.reviewed_at, draft.reviewed_by_id = now, actor.person_id
        record_notice_draft(session, draft, action="clear", actor=actor, payload={}, now=now)


def object_to_draft(*, draft_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Object to a draft; the committee has some days to answer. Returns the objection's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid.
    """
    text = require_text(text, most=LONGEST_OBJECTION)
    with transaction() as session:
        draft = lock_own(session, NoticeDraft, draft_id, actor)
        _require_reviewer(actor, draft)
        draft.state = move(draft.state, DraftState.OBJECTED)
        draft.review_due_at = None
        objection = DraftObjection(
            community_id=draft.community_id,
            draft_id=draft.id,
            text=text,
            person_id=actor.person_id,
            at=now,
            due_at=rules_in(session, draft.community_id).clock(ANSWER_RULE).deadline(now),
        )
        session.add(objection)
        session.flush()
        payload = {"due_at": objection.due_at.isoformat()}
        record_notice_draft(session, draft, action="object", actor=actor, payload=payload, now=now)
        return objection.id


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the committee says to an objection; `title` and `text` count where it changes the draft."""

    is_taken: bool
    answer: str
    title: str
    text: str


def answer_objection(*, objection_id: uuid.UUID, given: Answer, actor: Actor, now: datetime) -> None:
    """Change the text as an objection asks, or say why not; the supervision committee then sees it again.

    Raises NotFound, NotEligible, AlreadyDone, TransitionNotAllowed, Invalid, PersonalData.
    """
    if not may_draft(actor):
        raise NotEligible(actor.person_id)
    words = require_text(given.answer, most=LONGEST_OBJECTION, field="answer")
    with transaction() as session:
        # The draft's lock is what counts: an objection moves only with it.
        objection = get_row(session, DraftObjection, objection_id, community_id=actor.community_id)
        draft = lock_own(session, NoticeDraft, objection.draft_id, actor)
        session.refresh(objection)
        if objection.answered_at is not None:
            raise AlreadyDone(objection.id)
        draft.state = move(draft.state, DraftState.IN_REVIEW)
        if given.is_taken:
            title, text = require_words(given.title, given.text)
            check_numbers(session, community_id=draft.community_id, title=title, text=text)
            draft.title, draft.text, draft.changed_at = title, text, now
        objection.answer, objection.is_taken = words, given.is_taken
        objection.answered_at, objection.answered_by_id = now, actor.person_id
        begin_review(session, draft, now)
        payload = {"is_taken": given.is_taken, "in_time": now <= objection.due_at}
        record_notice_draft(session, draft, action="answer", actor=actor, payload=payload, now=now)


def _require_reviewer(actor: Actor, draft: NoticeDraft) -> None:
    """Refuse whoever is not of the supervision committee, or wrote the draft in an earlier post."""
    if not may_review(actor) or actor.person_id == draft.drafted_by_id:
        raise NotEligible(actor.person_id)
