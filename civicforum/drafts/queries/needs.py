"""What waits for somebody in drafts: to comment, and to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft, DraftComment
from civicforum.drafts.rules import ANSWERS_RULE, PUT_OUT_BY, DraftState
from civicforum.drafts.services.steps import rules_of
from civicforum.inbox.rules import Need, NeedKind

MOST = 10


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the drafts on which the actor has not commented, and for the committee those it has to close.

    One statement, two for the committee.
    """
    has_commented = exists().where(
        DraftComment.draft_id == Draft.id, DraftComment.author_id == actor.person_id
    )
    out = select(Draft).where(Draft.community_id == actor.community_id, Draft.state == DraftState.OUT)
    drafts = session.scalars(
        out.where(Draft.until >= now, ~has_commented).order_by(Draft.until, Draft.id).limit(MOST)
    )
    needs = [
        Need(NeedKind.COMMENT, draft.title, "drafts.show", {"draft_id": draft.id}, due_at=draft.until)
        for draft in drafts
    ]
    if actor.assisted_by is None and actor.has(*PUT_OUT_BY):
        over = session.scalars(out.where(Draft.until < now).order_by(Draft.until, Draft.id).limit(MOST))
        needs += [
            Need(
                NeedKind.ANSWER_COMMENTS,
                draft.title,
                "drafts.show",
                {"draft_id": draft.id},
                due_at=rules_of(draft).clock(ANSWERS_RULE).deadline(draft.until),
            )
            for draft in over
        ]
    return needs
