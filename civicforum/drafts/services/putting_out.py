"""A draft is put out, gets experts' opinions, and is closed with the text it became."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.drafts import documents
from civicforum.drafts.errors import CommentsUnanswered, StillOut
from civicforum.drafts.models import Draft, DraftAnswer, DraftComment, Opinion
from civicforum.drafts.rules import COMMENTS_RULE, Counts, DraftState, check_put_out, move, takes_comments
from civicforum.drafts.services.steps import lock_draft, post_document, record_draft, require_out
from civicforum.errors import Invalid, NotFound, RuleRefused
from civicforum.matters.models import Matter
from civicforum.meetings.models import AgendaItem
from civicforum.people.models import Community
from civicforum.rulebook.days import day_ends


def put_out_draft(
    *,
    title: str,
    text: str,
    until: date,
    actor: Actor,
    now: datetime,
    reason: str = "",
    item_id: uuid.UUID | None = None,
    matter_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Put a text out to every household for comment, until the end of a day. Returns the draft's id.

    Raises NotEligible, NotFound (item or matter), Invalid (no title or text), RuleRefused (too short a time).
    """
    check_put_out(actor)
    _require_words(title=title, text=text)
    with transaction() as session:
        profile = session.get_one(Community, actor.community_id).profile
        verdict = rulebook.load(profile).clock(COMMENTS_RULE).judge(now, day_ends(until))
        if not verdict.holds:
            raise RuleRefused(verdict)
        draft = Draft(
            community_id=actor.community_id,
            title=title.strip(),
            text=text.strip().replace("\r\n", "\n"),
            reason=reason.strip(),
            item_id=_of_community(session, AgendaItem, item_id, actor),
            matter_id=_of_community(session, Matter, matter_id, actor),
            put_out_at=now,
            put_out_by_id=actor.person_id,
            until=day_ends(until),
            profile=profile,
        )
        session.add(draft)
        session.flush()
        post_document(session, draft, documents.notice_of_draft(draft), actor=actor, now=now)
        payload = {"until": draft.until.isoformat(), "signs": len(draft.text)}
        record_draft(
            session, draft, actor=actor, action="put_out", payload=payload, reason=draft.reason, now=now
        )
        return draft.id


def add_opinion(
    *, draft_id: uuid.UUID, author: str, unit: str, text: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Attach what an expert wrote. Raises NotFound, NotEligible, TransitionNotAllowed, Invalid."""
    check_put_out(actor)
    _require_words(author=author, text=text)
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        require_out(draft)
        opinion = Opinion(
            community_id=draft.community_id,
            draft_id=draft.id,
            author=author.strip(),
            unit=unit.strip(),
            text=text.strip(),
            added_by_id=actor.person_id,
            added_at=now,
        )
        session.add(opinion)
        session.flush()
        payload = {"opinion_id": str(opinion.id), "author": opinion.author, "unit": opinion.unit}
        record_draft(session, draft, actor=actor, action="add_opinion", payload=payload, now=now)
        return opinion.id


def close_draft(*, draft_id: uuid.UUID, final_text: str, actor: Actor, now: datetime) -> None:
    """Say what the text became, once every comment has its answer; the result is posted.

    Raises NotFound, NotEligible, TransitionNotAllowed, StillOut, CommentsUnanswered, Invalid (no final text).
    """
    check_put_out(actor)
    _require_words(final_text=final_text)
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        state = move(draft.state, DraftState.CLOSED)
        if takes_comments(draft.state, until=draft.until, now=now):
            raise StillOut(draft.id)
        counts = count_handled(session, draft.id)
        if counts.waiting:
            raise CommentsUnanswered(counts.waiting)
        draft.state, draft.ended_at = state, now
        draft.final_text = final_text.strip().replace("\r\n", "\n")
        post_document(session, draft, documents.notice_of_result(draft, counts), actor=actor, now=now)
        payload = {"taken": counts.taken, "partly": counts.partly, "not_taken": counts.not_taken}
        record_draft(session, draft, actor=actor, action="close", payload=payload, now=now)


def withdraw_draft(*, draft_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take a draft back and say why, such as a wrong text; its comments stay to be read.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (no reason).
    """
    check_put_out(actor)
    _require_words(reason=reason)
    with transaction() as session:
        draft = lock_draft(session, draft_id=draft_id, actor=actor)
        draft.state, draft.ended_at = move(draft.state, DraftState.WITHDRAWN), now
        document = documents.notice_of_withdrawal(draft, reason=reason.strip())
        post_document(session, draft, document, actor=actor, now=now)
        record_draft(session, draft, actor=actor, action="withdraw", reason=reason.strip(), now=now)


def count_handled(session: Session, draft_id: uuid.UUID) -> Counts:
    """Return what became of the comments on a draft. One statement."""
    rows = session.execute(
        select(DraftAnswer.handling, func.count())
        .select_from(DraftComment)
        .outerjoin(DraftAnswer, DraftComment.answer_id == DraftAnswer.id)
        .where(DraftComment.draft_id == draft_id)
        .group_by(DraftAnswer.handling)
    ).all()
    return Counts.of([(handling, number) for handling, number in rows])


def _require_words(**fields: str) -> None:
    """Raise Invalid("empty") for the first field in which nothing is written."""
    for field, words in fields.items():
        if not words.strip():
            raise Invalid("empty", field)


def _of_community(
    session: Session, kind: type[AgendaItem] | type[Matter], row_id: uuid.UUID | None, actor: Actor
) -> uuid.UUID | None:
    if row_id is None:
        return None
    found = session.scalar(select(kind.id).where(kind.id == row_id, kind.community_id == actor.community_id))
    if found is None:
        raise NotFound(row_id)
    return found
